"""The seller says what its certificate states: policies are written, and checked on every line."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from insurance.accelerator.waiting import waiting_policy
from insurance.certificates.refusals import ConfirmationRefused
from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import write_letter
from insurance.models import Certificate, CertificateFile, FileState, Policy, Review
from insurance.operations import submit_policy
from sellers.models import Seller

# Rows of an ACORD-like certificate; more on one file are somebody's mistake [D].
MOST_POLICIES = 8
_OPEN = (FileState.READ, FileState.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedPolicy:
    """What a seller confirmed of one policy: the fields of `Policy`, money in minor units."""

    number: str
    insurer: str
    rating: str
    kind: str
    basis: str
    tail_years: int
    each_occurrence_minor: int | None
    aggregate_minor: int | None
    deductible_minor: int | None
    products_completed_operations: bool
    bodily_injury: bool
    additional_insured: str
    certificate_holder_only: bool
    named_insured: str
    territory: list[str]
    cancellation_notice_days: int | None
    is_signed: bool
    effective_on: date | None
    expires_on: date | None
    dates_text: str
    products: list[str] | None


def keep_draft(*, file: CertificateFile, draft: Mapping[str, Any]) -> int:
    """Keep what the seller typed until it is sent; the number of this draft.

    Raises:
        ConfirmationRefused: the file is not one that can be confirmed.
    """
    kept = CertificateFile.objects.filter(pk=file.pk, state__in=_OPEN)
    if not kept.update(draft=dict(draft), draft_number=F("draft_number") + 1):
        raise ConfirmationRefused(f"“{file.name}” cannot be sent as it stands now.")
    file.refresh_from_db(fields=["draft", "draft_number"])
    return file.draft_number


@transaction.atomic
def confirm_certificate(
    *,
    file: CertificateFile,
    draft_number: int,
    policies: Sequence[ConfirmedPolicy],
    at: datetime,
    by: User,
) -> list[Certificate]:
    """Send a file as proof, with what its seller confirmed of each policy on it.

    Every policy is written, or its row updated (`pghistory` keeps what it said before), and
    checked on every line. Without defects it waits for operations; with any, the seller is
    written all of them. The draft that was sent is gone, so sending a form twice sends once.

    Raises:
        ConfirmationRefused: somebody sent or changed this draft meanwhile, or there is no policy.
    """
    if not 1 <= len(policies) <= MOST_POLICIES:
        raise ConfirmationRefused(f"Send one policy at least and {MOST_POLICIES} at most.")
    # Two files of one seller may show the same policy: one is written after the other.
    Seller.objects.select_for_update(no_key=True).get(pk=file.seller_id)
    _send(file, draft_number, at=at, by=by)
    certificates = [_submit(file, policy, at=at, by=by) for policy in policies]
    _replace_earlier(file)
    _write_defects(file, certificates, at=at)
    return certificates


def _send(file: CertificateFile, draft_number: int, *, at: datetime, by: User) -> None:
    mine = CertificateFile.objects.filter(
        pk=file.pk, state__in=_OPEN, draft_number=draft_number, draft__isnull=False
    )
    sent = mine.update(
        state=FileState.CONFIRMED,
        confirmed=F("draft"),
        draft=None,
        confirmed_at=at,
        confirmed_by=by,
    )
    if not sent:
        raise ConfirmationRefused(
            f"“{file.name}” was sent or changed meanwhile. Nothing was sent now: see how it stands."
        )
    file.refresh_from_db()


def _submit(
    file: CertificateFile, confirmed: ConfirmedPolicy, *, at: datetime, by: User
) -> Certificate:
    policy = _policy_row(file, confirmed)
    for name, value in asdict(confirmed).items():
        setattr(policy, name, value)
    policy.save()
    certificate = submit_policy(policy=policy, at=at, by_user=by.pk, review=Review.PENDING)
    certificate.file = file
    certificate.save(update_fields=["file"])
    return certificate


def _policy_row(file: CertificateFile, confirmed: ConfirmedPolicy) -> Policy:
    """The same number and start is the same policy, and so is one whose start was unclear."""
    same_start = Q(effective_on=confirmed.effective_on) | Q(effective_on__isnull=True)
    known = Policy.objects.select_for_update().filter(
        same_start,
        seller_id=file.seller_id,
        marketplace_id=file.marketplace_id,
        number=confirmed.number,
    )
    return (
        known.order_by(F("effective_on").asc(nulls_last=True)).first()
        # The policy of an accepted quote waits for exactly this.
        or waiting_policy(file.seller_id, file.marketplace_id, insurer=confirmed.insurer)
        or Policy(seller=file.seller, marketplace=file.marketplace, is_made_up=file.is_made_up)
    )


def _replace_earlier(file: CertificateFile) -> None:
    """The file that this one corrects is history now; what it proved or asked stays as it is."""
    if file.replaces_id is not None:
        CertificateFile.objects.filter(pk=file.replaces_id, state=FileState.CONFIRMED).update(
            state=FileState.SUPERSEDED
        )


def _write_defects(
    file: CertificateFile, certificates: Sequence[Certificate], *, at: datetime
) -> None:
    defective = [certificate for certificate in certificates if certificate.defect_codes]
    if defective:
        write_letter(
            kind=InsuranceLetterKind.CERTIFICATE_REFUSED,
            key=f"certificate-file/{file.pk}/defects/{file.draft_number}",
            seller=file.seller,
            marketplace=file.marketplace,
            facts={"policies": [defects_in_letter(one) for one in defective]},
            at=at,
        )


def defects_in_letter(certificate: Certificate) -> dict[str, Any]:
    """A policy and all its defects, as letters list them."""
    return {
        "policy": str(certificate.policy),
        "defects": [
            {
                "found": defect["found"],
                "needed": defect["needed"],
                "words": defect["words_for_broker"],
            }
            for defect in certificate.all_defects
        ],
    }
