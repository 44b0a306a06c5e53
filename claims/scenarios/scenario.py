"""A scenario, understood: who sells what, what happens when, and what must be true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens; `values` has every key, read, with defaults filled in.

    `where` is its place in the file, for messages.
    """

    at: datetime
    do: str
    values: Values
    where: str

    @property
    def claim(self) -> str | None:
        """The file's own id of the claim, or None."""
        name: str | None = self.values["claim"]
        return name


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of a claim, or of a seller, at a moment."""

    at: datetime
    claim: str | None
    seller: str | None
    expected: Values
    where: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file, understood: every value read, every id known."""

    path: Path
    name: str
    market: str
    sellers: tuple[Values, ...]
    monthly_sales: tuple[Values, ...]
    policies: tuple[Values, ...]
    orders: tuple[Values, ...]
    events: tuple[Event, ...]
    checks: tuple[Check, ...]
