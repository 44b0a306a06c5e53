"""What an inspection is given, what it finds, and how it asks the database."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from claims.providers.base import ProviderBook

# How long something due may wait before it counts as forgotten.
LATE = timedelta(minutes=5)
# What is a report to read, not a list to load: of each question the first ones are enough.
MOST_FOUND = 100


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing that should hold and does not: which invariant, of what, and how."""

    invariant: str
    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.subject}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What a client was told is received: an answer, and the SHA-256 of each file with it.

    `reason` is the text as the form sent it, without blanks around it.
    """

    claim: str
    answer: str
    reason: str = ""
    files: tuple[str, ...] = ()


def read_acknowledgements(text: str) -> list[Acknowledgement]:
    """Acknowledgements written by a client, one JSON object a line.

    Raises:
        ValueError: a line is no acknowledgement.
    """
    found = []
    for number, line in enumerate(filter(None, text.splitlines()), start=1):
        try:
            fields = json.loads(line)
            files = tuple(fields.pop("files", ()))
            found.append(Acknowledgement(**fields, files=files))
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"Line {number} is no acknowledgement: {error}") from error
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is looked at, as of when, and against whose word.

    `digest_share` (n, of) reads only every n-th part of the files whole, all sizes always;
    `young` are seconds within which a file without a row may still be on its way in.
    """

    at: datetime
    book: ProviderBook | None = None
    acknowledged: Sequence[Acknowledgement] = ()
    delivered: Mapping[str, int] | None = None
    late: timedelta = LATE
    digest_share: tuple[int, int] = (0, 1)
    young: float = 3600.0


def ask(sql: str, parameters: Iterable[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The first rows that a question finds."""
    with connection.cursor() as cursor:
        bound = parameters if isinstance(parameters, Mapping) else list(parameters)
        cursor.execute(f"{sql} LIMIT {MOST_FOUND}", bound or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def find(
    invariant: str, words: str, sql: str, parameters: Iterable[Any] | Mapping[str, Any] = ()
) -> Iterator[Violation]:
    """A violation for each row: its first column is the subject, the others fill the words."""
    for subject, *rest in ask(sql, parameters):
        yield Violation(invariant, str(subject), words.format(*rest))
