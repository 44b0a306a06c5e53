"""How a provider is vetted: which checks stand, and what a decision needs. Pure.

Seven checks by people, each with its source; a check stands while it is young enough and what it
looked at is unchanged. A second person, who made none of them, decides. Nothing here happens by
itself but the flag that it is time to vet again.
Source: programme rules §5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from insurance.models.provider import ProviderStatus
from insurance.models.vetting import ProviderMove, VettingStep

# What each check looks at: once these differ from what was looked at, it stands no more.
LOOKS_AT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        VettingStep.LICENCES: ("legal_name", "countries", "licence_states", "licences_on"),
        VettingStep.RATING: ("rating", "rating_agency", "rated_on"),
        VettingStep.PAPER: ("legal_name", "paper_insurer", "naic_code"),
        VettingStep.CLAIMS_CONTACT: ("claims_contact",),
        VettingStep.QUOTE_CONTACT: ("quote_contact",),
        VettingStep.SANCTIONS: ("legal_name", "paper_insurer"),
        VettingStep.TERMS: ("legal_name",),
    }
)

_S = ProviderStatus
# Where each decision may be taken, and where it leads.
MOVES: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        ProviderMove.VET: (frozenset({_S.CANDIDATE, _S.VETTED, _S.SUSPENDED}), _S.VETTED),
        ProviderMove.SUSPEND: (frozenset({_S.VETTED}), _S.SUSPENDED),
        ProviderMove.RETIRE: (frozenset({_S.CANDIDATE, _S.VETTED, _S.SUSPENDED}), _S.RETIRED),
        ProviderMove.REOPEN: (frozenset({_S.SUSPENDED, _S.RETIRED}), _S.CANDIDATE),
    }
)
NEVER_CHECKED: Final = "Not checked yet"


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A check as it was made."""

    key: int
    step: str
    passed: bool
    checked_at: datetime
    checked_by: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepStanding:
    """Whether a step of vetting stands, by which check; `why_not` is empty when it does."""

    step: str
    check: CheckFacts | None
    why_not: str

    @property
    def stands(self) -> bool:
        """Whether the step is done and still good."""
        return not self.why_not


def looked_at(step: str, provider: Any) -> dict[str, Any]:
    """What a check of this step looks at, as plain JSON."""
    return {name: _plain(getattr(provider, name)) for name in LOOKS_AT[step]}


def standing_of(
    checks: Iterable[CheckFacts], *, provider: Any, at: datetime, good_for_days: int
) -> list[StepStanding]:
    """Every step of vetting, in order, with the latest check and why it does not stand."""
    latest = {check.step: check for check in sorted(checks, key=lambda one: one.checked_at)}
    oldest = at - timedelta(days=good_for_days)
    found = []
    for step in VettingStep.values:
        check = latest.get(step)
        now = looked_at(step, provider)
        found.append(StepStanding(step, check, _why_not(check, now, oldest, good_for_days)))
    return found


def why_not_vetted(standing: Iterable[StepStanding], *, by: int) -> str:
    """Why this person cannot vet a provider; empty when they can."""
    steps = list(standing)
    missing = [VettingStep(one.step).label for one in steps if not one.stands]
    if missing:
        return f"These steps do not stand: {', '.join(missing)}."
    if any(one.check and one.check.checked_by == by for one in steps):
        return "A second person decides: you made some of the checks yourself."
    return ""


def vet_again_tone(vet_again_by: date | None, *, on: date, notice_days: int) -> str:
    """The flag of a vetted provider: past, soon, or nothing."""
    if vet_again_by is None:
        return ""
    if vet_again_by < on:
        return "past"
    return "soon" if vet_again_by <= on + timedelta(days=notice_days) else ""


def _why_not(
    check: CheckFacts | None, now: Mapping[str, Any], oldest: datetime, good_for_days: int
) -> str:
    if check is None:
        return NEVER_CHECKED
    if not check.passed:
        return "The last check failed"
    if check.checked_at < oldest:
        return f"The last check is older than {good_for_days} days"
    if dict(check.facts) != dict(now):
        return "What was checked has changed since"
    return ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
