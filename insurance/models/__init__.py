"""Who stands behind the seller: terms, providers, policies, certificates, requirement."""

from insurance.models.certificate import Certificate, Review
from insurance.models.policy import Policy, PolicyBasis, PolicyKind
from insurance.models.provider import Provider, ProviderKind, ProviderStatus
from insurance.models.requirement import CoverRequest, CoverWaiver
from insurance.models.terms import InsuranceTerms

__all__ = [
    "Certificate",
    "CoverRequest",
    "CoverWaiver",
    "InsuranceTerms",
    "Policy",
    "PolicyBasis",
    "PolicyKind",
    "Provider",
    "ProviderKind",
    "ProviderStatus",
    "Review",
]
