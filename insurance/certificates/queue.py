"""The review queue: what waits, how long, and how soon its seller is in trouble."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from insurance.certificates.proof_clocks import first_clocks
from insurance.certificates.queries import reviewed_by_day
from insurance.compliance import Compliance, ComplianceStatus, compliance_at
from insurance.models import Certificate, CertificateFile
from insurance.queries import facts_of_sellers, read_requirement_terms, terms_row

# What a seller's days count to (Compliance.days_left); else to the day on which proof is due.
_ENDS = {
    ComplianceStatus.PROVEN: "Cover ends",
    ComplianceStatus.EXPIRING: "Cover ends",
    ComplianceStatus.LAPSED: "Cover ended",
    ComplianceStatus.WAIVED: "Waiver ends",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A certificate that waits for operations."""

    certificate: Certificate
    compliance: Compliance
    proof_due_at: datetime | None
    promised_on: date
    is_late: bool
    today: date
    shared_with: tuple[str, ...]

    @property
    def ends_what(self) -> str:
        """What the seller's days count to."""
        return _ENDS.get(self.compliance.status, "Proof due")

    @property
    def ends_on(self) -> date | None:
        """The day to which the seller's days count; None when nothing is asked."""
        days = self.compliance.days_left
        return None if days is None else self.today + timedelta(days)


def describe(certificates: Sequence[Certificate], *, at: datetime) -> list[Waiting]:
    """Each with its seller's standing, its claims' clocks and warnings; few queries for all.

    The certificates come with `policy__seller`, `policy__marketplace`, `terms` and `file`.
    """
    standings = _standings(certificates, at=at)
    clocks = first_clocks({_key(one) for one in certificates})
    shared = _shared_files(certificates)
    return [
        Waiting(
            certificate=one,
            compliance=standings[_key(one)],
            proof_due_at=clocks.get(_key(one)),
            promised_on=(promised := reviewed_by_day(one)),
            is_late=_today(one, at) > promised,
            today=_today(one, at),
            shared_with=tuple(shared.get(one.pk, ())),
        )
        for one in certificates
    ]


def _key(certificate: Certificate) -> tuple[int, str]:
    return certificate.policy.seller_id, certificate.policy.marketplace_id


def _today(certificate: Certificate, at: datetime) -> date:
    return at.astimezone(certificate.policy.marketplace.zone).date()


def _standings(
    certificates: Iterable[Certificate], *, at: datetime
) -> dict[tuple[int, str], Compliance]:
    markets = {one.policy.marketplace_id: one.policy.marketplace for one in certificates}
    found = {}
    for code, market in markets.items():
        today = at.astimezone(market.zone).date()
        sellers = {_key(one)[0] for one in certificates if one.policy.marketplace_id == code}
        terms = read_requirement_terms(terms_row(code, on=today))
        for seller_id, facts in facts_of_sellers(sellers, code).items():
            found[seller_id, code] = compliance_at(today, facts=facts, terms=terms)
    return found


def _shared_files(certificates: Iterable[Certificate]) -> dict[int, list[str]]:
    """Other sellers who sent the very same bytes: a certificate insures one of them."""
    files = {one.pk: one.file for one in certificates if one.file is not None}
    same = CertificateFile.objects.filter(
        sha256__in={file.sha256 for file in files.values()}
    ).values_list("sha256", "seller_id", "seller__legal_name")
    names = sorted(set(same))
    return {
        pk: [name for sha, seller, name in names if sha == file.sha256 and seller != file.seller_id]
        for pk, file in files.items()
    }
