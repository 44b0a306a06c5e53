"""One claim of the demo as a story: who reported what, and what happened on which day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zlib import crc32

from claims.demo.people import Company
from claims.models import Claim, Harm, Medicare, Severity

SOURCE = "demo"
# Reports are spread over seven hours, so that no two stories run in step.
_SPREAD_MINUTES = 420


@dataclass(frozen=True, slots=True)
class Scene:
    """What an act works on: the claim as it stands, its moment, and who is there."""

    claim: Claim
    at: datetime
    company: Company


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does, so many days after the report.

    `after_letters`: what it does depends on whether the letters before it arrived.
    """

    day: float
    do: Callable[[Scene], object]
    after_letters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A claim from its report on.

    `days_ago` is when it was reported, `incident` how many days before that it happened;
    `claims` are amounts by head of damage, in lower case, as decimal strings in the market's
    currency. `pays_while_loading` False leaves the payment to the workers.
    """

    key: str
    product: str
    who: str
    days_ago: float
    tells: str
    harm: Harm
    claims: dict[str, str]
    acts: tuple[Act, ...] = ()
    incident: int = 4
    severity: Severity = Severity.NONE
    medicare: Medicare = Medicare.NO
    born_on: date | None = None
    is_represented: bool = False
    gives_payee: bool = True
    pays_while_loading: bool = True

    @property
    def number(self) -> int:
        """A number of this story's own, always the same."""
        return crc32(self.key.encode())

    def reported_at(self, now: datetime) -> datetime:
        """When it was reported, seen from `now`."""
        return now - timedelta(days=self.days_ago, minutes=self.number % _SPREAD_MINUTES)

    def birthday(self) -> date:
        """The claimant's birthday: given, or that of some adult."""
        return self.born_on or date(1946, 1, 1) + timedelta(days=self.number % 20_000)
