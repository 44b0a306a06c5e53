"""What a customer reports about one loss, as plain data."""

from dataclasses import dataclass
from datetime import date

from claims.models import Harm, Head, Medicare, Severity
from sellers.models import Order


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """One head of damage and what is claimed under it, in minor units."""

    head: Head
    claimed_minor: int


@dataclass(frozen=True, slots=True)
class ClaimantDetails:
    """The customer who reports."""

    name: str
    email: str
    born_on: date | None = None
    is_made_up: bool = False


@dataclass(frozen=True, slots=True)
class PayeeGiven:
    """Where the money would go, given with the report."""

    name: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a customer reports about one loss, and where the report came from."""

    order: Order
    incident_on: date
    harm: Harm
    severity: Severity
    lines: tuple[ClaimedLine, ...]
    claimant: ClaimantDetails
    is_represented: bool
    medicare: Medicare
    payee: PayeeGiven | None
    narrative: str
    external_source: str
    external_reference: str
    made_up_fields: tuple[str, ...]
