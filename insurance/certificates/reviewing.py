"""Operations compare a certificate with its file: accepted it proves, refused it says why."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from insurance.certificates.confirming import defects_in_letter
from insurance.certificates.refusals import ReviewRefused
from insurance.checks import find_defects
from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import write_letter
from insurance.models import Certificate, Review
from insurance.operations import proof_listeners
from insurance.policy_facts import Defect, DefectCode
from insurance.queries import insured_facts, policy_facts, read_requirement_terms
from insurance.requirement.reviewing import look_again

# What a certificate states where a person found nothing stated: the checks then find the defect,
# and its words for the broker are theirs.
_ABSENT: Mapping[DefectCode, Mapping[str, Any]] = MappingProxyType(
    {
        DefectCode.KIND: {"kind": "OTHER"},
        DefectCode.BASIS: {"basis": ""},
        DefectCode.EACH_OCCURRENCE: {"each_occurrence_minor": None},
        DefectCode.AGGREGATE: {"aggregate_minor": None},
        DefectCode.PRODUCTS_COMPLETED_OPERATIONS: {"products_completed_operations": False},
        DefectCode.DEDUCTIBLE: {"deductible_minor": None},
        DefectCode.ADDITIONAL_INSURED: {"additional_insured": ""},
        DefectCode.CERTIFICATE_HOLDER_ONLY: {"certificate_holder_only": True},
        DefectCode.NAMED_INSURED: {"named_insured": ""},
        DefectCode.INSURER_RATING: {"rating": ""},
        DefectCode.TERRITORY: {"territory": frozenset()},
        DefectCode.CANCELLATION_NOTICE: {"cancellation_notice_days": None},
        DefectCode.SIGNATURE: {"signed": False},
        DefectCode.DATES: {"effective_on": None, "expires_on": None},
    }
)
# Every defect that a person can find on the paper; the days left to run are counted, not found.
FINDABLE = tuple(_ABSENT)
ON_THE_PAPER = "not so on the certificate, as our reviewer reads it"


@transaction.atomic
def review_certificate(
    *,
    certificate: Certificate,
    accept: bool,
    reason: str,
    defects: Iterable[DefectCode] = (),
    at: datetime,
    by: User,
) -> Certificate:
    """Accept a certificate as proof, or refuse it with a reason and what is wrong.

    Accepted, it proves from the moment it was submitted, however long the review took, and
    whoever waits for proof hears of it. Either way the seller is written.

    Raises:
        ReviewRefused: somebody decided it already, it has defects and waits for nobody, or a
            refusal gives no reason.
    """
    why = reason.strip()
    if not accept and not why:
        raise ReviewRefused("Say why the certificate is refused: the seller reads it.")
    found = [] if accept else [_defect_on_paper(certificate, code) for code in defects]
    _decide(certificate, accept=accept, reason=why, found=found, at=at, by=by)
    if accept:
        _write_accepted(certificate, at=at)
        policy = certificate.policy
        for listener in proof_listeners:
            listener(policy.seller_id, policy.marketplace_id, at)
    else:
        _write_refused(certificate, at=at)
    policy = certificate.policy
    occasion = f"a certificate was {'accepted' if accept else 'refused'}"
    look_again(policy.seller_id, policy.marketplace_id, at=at, occasion=occasion, by=by.pk)
    return certificate


def _decide(
    certificate: Certificate,
    *,
    accept: bool,
    reason: str,
    found: list[Defect],
    at: datetime,
    by: User,
) -> None:
    """Of two people who decide, the second is told so; nothing of theirs is written."""
    waiting = Certificate.objects.filter(pk=certificate.pk, review=Review.PENDING, defect_codes=[])
    decided = waiting.update(
        review=Review.ACCEPTED if accept else Review.REFUSED,
        review_reason=reason,
        review_defects=[dataclasses.asdict(defect) for defect in found],
        reviewed_at=at,
        reviewed_by=by,
    )
    if not decided:
        raise ReviewRefused(
            "This certificate does not wait for a review any more. Nothing was done now: look at "
            "how it stands."
        )
    certificate.refresh_from_db()


def _defect_on_paper(certificate: Certificate, code: DefectCode) -> Defect:
    """The defect that the checks would have found, had the seller confirmed what is there.

    Raises:
        ReviewRefused: it is not one that a person finds on the paper.
    """
    if code not in _ABSENT:
        raise ReviewRefused("The days left to run are counted by the checks.")
    found = find_defects(
        dataclasses.replace(policy_facts(certificate.policy), **_ABSENT[code]),
        insured=insured_facts(certificate.policy.seller),
        terms=read_requirement_terms(certificate.terms),
        submitted_on=certificate.submitted_at.astimezone(
            certificate.policy.marketplace.zone
        ).date(),
    )
    defect = next(one for one in found if one.code == code)
    return dataclasses.replace(defect, found=ON_THE_PAPER)


def _write_accepted(certificate: Certificate, *, at: datetime) -> None:
    ends = certificate.expires_on
    write_letter(
        kind=InsuranceLetterKind.CERTIFICATE_ACCEPTED,
        key=f"certificate/{certificate.pk}/accepted",
        seller=certificate.policy.seller,
        marketplace=certificate.policy.marketplace,
        facts={
            "policy": str(certificate.policy),
            "submitted_at": certificate.submitted_at.isoformat(),
            "effective_on": certificate.effective_on and certificate.effective_on.isoformat(),
            "last_on": ends and (ends - timedelta(days=1)).isoformat(),
        },
        at=at,
    )


def _write_refused(certificate: Certificate, *, at: datetime) -> None:
    write_letter(
        kind=InsuranceLetterKind.CERTIFICATE_REFUSED,
        key=f"certificate/{certificate.pk}/refused",
        seller=certificate.policy.seller,
        marketplace=certificate.policy.marketplace,
        facts={
            "policies": [defects_in_letter(certificate)],
            "reason": certificate.review_reason,
        },
        at=at,
    )
