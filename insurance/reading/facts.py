"""What reading a certificate's file gives: suggestions, and what is wrong with the file.

Source: programme rules §4, checks 1 to 10. Nothing here is trusted: a person confirms or corrects
every suggestion beside the page's picture. What the file does not say is None, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sellers.money import MINOR_DIGITS

_MEGABYTE: Final = 1024 * 1024


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    PDF = "PDF"
    DOC = "DOC"
    DOCX = "DOCX"


class ProblemCode(StrEnum):
    """Why a file was not read."""

    EMPTY = "EMPTY"
    WRONG_TYPE = "WRONG_TYPE"
    TOO_LARGE = "TOO_LARGE"
    ENCRYPTED = "ENCRYPTED"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    DAMAGED = "DAMAGED"
    ACTIVE_CONTENT = "ACTIVE_CONTENT"
    ZIP_BOMB = "ZIP_BOMB"
    TOO_SLOW = "TOO_SLOW"
    TOO_BIG_TO_READ = "TOO_BIG_TO_READ"
    NOT_READ = "NOT_READ"


class DateField(StrEnum):
    """Which date of a policy a question asks about."""

    EFFECTIVE = "EFFECTIVE"
    EXPIRES = "EXPIRES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may ask of this machine. Bytes, seconds, pages and pixels."""

    bytes: int = 20 * _MEGABYTE
    pages: int = 60
    pages_read: int = 12
    pages_drawn: int = 3
    picture_width: int = 1000
    picture_height: int = 1400
    seconds: float = 4.5
    cpu_seconds: int = 4
    memory_bytes: int = 300 * _MEGABYTE
    answer_bytes: int = 24 * _MEGABYTE


DEFAULT: Final = Limits()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file was not read, in words for the seller: what is wrong and what to do."""

    code: ProblemCode
    words: str


@dataclass(frozen=True, slots=True)
class Found[T]:
    """A value, and the words of the certificate it was read from."""

    value: T
    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read: `figure` in whole units (`1000000` or `1000.50`), and its words.

    `currencies` are those that the words can mean: `$` is USD, CAD or MXN; none when the words
    name no currency.
    """

    figure: str
    currencies: tuple[str, ...]
    text: str

    def minor(self, *, currency: str) -> int | None:
        """The amount in minor units of a currency; None when the words name another one."""
        whole, _, fraction = self.figure.partition(".")
        if not int(whole + fraction):
            return 0
        if self.currencies and currency not in self.currencies:
            return None
        decimals = MINOR_DIGITS[currency]
        if fraction.rstrip("0")[decimals:]:
            return None
        return int(whole + fraction[:decimals].ljust(decimals, "0"))


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date's words and the one day they mean; None when that has to be asked."""

    on: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A date that can be read in several ways (none: not at all), which the seller must answer.

    `policy` is the position in `Reading.policies`. `note` says what other dates of the same
    certificate prove about the order of day and month, when they do; it decides nothing.
    """

    policy: int
    field: DateField
    text: str
    candidates: tuple[date, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySuggestion:
    """What a certificate seems to say of one policy. None means *not found*.

    `kind` and `basis` use the codes of `PolicyFacts`; kinds that do not count (AUTOMOBILE,
    WORKERS_COMPENSATION, OTHER) are shown too, so that no row of the certificate is lost.
    `additional_insured_marked` is the ADDL INSD column; `additional_insured` the name found in
    the description. `aggregate` is the general one, `products_aggregate` that for products and
    completed operations. `territory` holds market codes, `EU` or `WORLDWIDE`.
    """

    insurer_letter: str | None = None
    insurer: Found[str] | None = None
    naic: str | None = None
    rating: Found[str] | None = None
    number: Found[str] | None = None
    kind: Found[str] | None = None
    basis: Found[str] | None = None
    tail_years: Found[int] | None = None
    each_occurrence: Amount | None = None
    aggregate: Amount | None = None
    aggregate_per: Found[str] | None = None
    products_aggregate: Amount | None = None
    products_included: Found[bool] | None = None
    bodily_injury: Found[bool] | None = None
    deductible: Amount | None = None
    additional_insured_marked: Found[bool] | None = None
    additional_insured: Found[str] | None = None
    subrogation_waived: Found[bool] | None = None
    effective: DateRead | None = None
    expires: DateRead | None = None
    cancellation_notice_days: Found[int] | None = None
    territory: Found[frozenset[str]] | None = None
    products: Found[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file is, shows and says.

    With a `problem` nothing else is filled but, where known, `kind` and `page_count`. `pages` are
    PNG pictures of the first pages; a Word file has none. `is_scan`: there is nothing to read as
    text, so a person fills in the form. `named_insured` is the name without its address;
    `certificate_holder` is the whole box. `signed` is None when no place for a signature was
    found. `peak_bytes` is the memory that reading took, when the reader lived to say so.
    """

    kind: FileKind | None = None
    problem: Problem | None = None
    pages: tuple[bytes, ...] = ()
    page_count: int | None = None
    text: str = ""
    is_scan: bool = False
    policies: tuple[PolicySuggestion, ...] = ()
    named_insured: Found[str] | None = None
    producer: str | None = None
    description: str | None = None
    certificate_holder: str | None = None
    signed: bool | None = None
    questions: tuple[Question, ...] = ()
    seconds: float = 0.0
    peak_bytes: int | None = None


_WORDS: Final[Mapping[ProblemCode, str]] = MappingProxyType(
    {
        ProblemCode.EMPTY: "This file is empty. Choose the certificate again and send it once "
        "more.",
        ProblemCode.WRONG_TYPE: "This file is not a PDF or Word document, whatever its name says. "
        "Send the certificate as a PDF, DOC or DOCX file.",
        ProblemCode.TOO_LARGE: "This file is too large. Send the certificate alone, without "
        "other documents, as a file of at most 20 MB.",
        ProblemCode.ENCRYPTED: "This file is locked with a password. Ask your broker for a copy "
        "without a password, or print it to a new PDF, and send that.",
        ProblemCode.TOO_MANY_PAGES: "This file has too many pages. Send only the certificate and "
        "its endorsements, at most 60 pages.",
        ProblemCode.DAMAGED: "This file is damaged or not complete. Open it to see whether it is "
        "whole, save it as a new PDF and send that.",
        ProblemCode.ACTIVE_CONTENT: "This file contains scripts, macros or attached files, which "
        "we do not accept. Print it to a new PDF and send that.",
        ProblemCode.ZIP_BOMB: "This file unpacks to far more than a certificate needs. Save the "
        "certificate as a new PDF and send that.",
        ProblemCode.TOO_SLOW: "This file takes too long to read. Print it to a new PDF and send "
        "that.",
        ProblemCode.TOO_BIG_TO_READ: "This file needs too much memory to read. Print it to a new "
        "PDF in normal paper size and send that.",
        ProblemCode.NOT_READ: "This file could not be read. Print it to a new PDF and send that.",
    }
)


def problem(code: ProblemCode) -> Problem:
    """The problem with a code, in its usual words."""
    return Problem(code, _WORDS[code])
