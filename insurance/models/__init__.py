"""Who stands behind the seller: terms, providers, quotes, policies, certificates, requirement."""

from insurance.models.accelerator import AcceleratorTerms
from insurance.models.certificate import Certificate, Review
from insurance.models.certificate_file import CertificateFile, CertificatePage, FileState
from insurance.models.letter import InsuranceLetter, LetterReader
from insurance.models.policy import Policy, PolicyBasis, PolicyKind
from insurance.models.position import CompliancePosition, ComplianceReview, PositionChange
from insurance.models.provider import (
    Appetite,
    KnownInsurer,
    Provider,
    ProviderKind,
    ProviderStatus,
    SourceMark,
)
from insurance.models.quote import (
    ApplicationState,
    DeclineReason,
    InvitationState,
    Quote,
    QuoteApplication,
    QuoteInvitation,
    QuoteState,
)
from insurance.models.requirement import CoverRequest, CoverWaiver, SalesEntry
from insurance.models.restriction import RestrictionLevel, SellerRestriction
from insurance.models.terms import InsuranceTerms
from insurance.models.vetting import (
    ProviderDecision,
    ProviderMove,
    VettingCheck,
    VettingStep,
)

__all__ = [
    "AcceleratorTerms",
    "Appetite",
    "ApplicationState",
    "Certificate",
    "CertificateFile",
    "CertificatePage",
    "CompliancePosition",
    "ComplianceReview",
    "CoverRequest",
    "CoverWaiver",
    "DeclineReason",
    "FileState",
    "InsuranceLetter",
    "InsuranceTerms",
    "InvitationState",
    "KnownInsurer",
    "LetterReader",
    "Policy",
    "PolicyBasis",
    "PolicyKind",
    "PositionChange",
    "Provider",
    "ProviderDecision",
    "ProviderKind",
    "ProviderMove",
    "ProviderStatus",
    "Quote",
    "QuoteApplication",
    "QuoteInvitation",
    "QuoteState",
    "RestrictionLevel",
    "Review",
    "SalesEntry",
    "SellerRestriction",
    "SourceMark",
    "VettingCheck",
    "VettingStep",
]
