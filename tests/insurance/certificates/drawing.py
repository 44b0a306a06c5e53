"""What a test certificate says, as data: from it the file is drawn and the reading expected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance.checks import InsuredFacts
from tests.insurance.certificates import INSURED, WORDING

ADDRESS = ("12 Harbour Road", "Portland, OR 97201")
HOLDER_ADDRESS = ("410 Terry Avenue North", "Seattle, WA 98109-5210")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table, as typed into it; an empty text is an empty cell."""

    letter: str = "A"
    number: str = "CGL-100"
    kind: str = "COMMERCIAL_GENERAL"
    basis: str = "OCCURRENCE"
    effective: str = "01/15/2026"
    expires: str = "01/15/2027"
    each: str = "1,000,000"
    aggregate: str = "2,000,000"
    products: str = "2,000,000"
    own_share: str = ""
    additional: str = "Y"
    subrogation: str = "N"
    per: str = "POLICY"
    # What a row of another kind is called in the column TYPE OF INSURANCE.
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the description states; an empty text is not stated."""

    additional_insured: str = WORDING
    deductible: str = "$5,000"
    rating: str = "A"
    territory: str = "United States and Canada"
    notice: str = "30"
    more: tuple[str, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        found = (
            (
                self.additional_insured,
                (
                    "{} is included as additional insured with respect to the "
                    "general liability policy."
                ),
            ),
            (self.deductible, "Deductible: {} per occurrence."),
            (self.territory, "Coverage territory: {}."),
            (self.rating, "Insurer A is rated {} by AM Best."),
            (
                self.notice,
                (
                    "{} days’ written notice of cancellation, change and non-renewal will be "
                    "given to the certificate holder, 10 days for non-payment of premium."
                ),
            ),
        )
        return (*(words.format(value) for value, words in found if value), *self.more)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A test certificate. `expected` holds, for each policy, what a sound one does not say.

    `defects` are the codes expected for each policy, when it is confirmed as read; `questions`
    the dates to ask about, each as (policy, field, words, candidates).
    """

    slug: str
    style: str = "form"
    market: str = "US"
    insured_facts: InsuredFacts = INSURED
    insurers: tuple[tuple[str, str, str], ...] = (("A", "Harborway Insurance Company", "12345"),)
    rows: tuple[Row, ...] = (Row(),)
    insured: tuple[str, ...] = ("Brightside Goods LLC", *ADDRESS)
    producer: tuple[str, ...] = ("Pacific Brokers Inc", "500 Market Street", "Seattle, WA 98101")
    issued: str = "01/20/2026"
    said: Said = Said()
    holder: tuple[str, ...] = (WORDING, *HOLDER_ADDRESS)
    signature: str = "typed"
    # Labels and values of a certificate without a form, and text above them.
    values: tuple[tuple[str, str], ...] = ()
    title: str = ""
    named_insured: str | None = "Brightside Goods LLC"
    expected: tuple[Mapping[str, Any], ...] = ({},)
    defects: tuple[tuple[str, ...], ...] = ((),)
    questions: tuple[tuple[int, str, str, tuple[date, ...]], ...] = ()
    is_scan: bool = False

    @property
    def signed(self) -> bool | None:
        return None if self.is_scan else self.signature != "none"

    @property
    def suffix(self) -> str:
        return ".docx" if self.style.startswith("docx") else ".pdf"


# What the sound certificate says of its one policy.
SOUND_POLICY: Mapping[str, Any] = {
    "insurer_letter": "A",
    "insurer": "Harborway Insurance Company",
    "naic": "12345",
    "rating": "A",
    "number": "CGL-100",
    "kind": "COMMERCIAL_GENERAL",
    "basis": "OCCURRENCE",
    "tail_years": None,
    "each_occurrence": 100_000_000,
    "aggregate": 200_000_000,
    "aggregate_per": "POLICY",
    "products_aggregate": 200_000_000,
    "products_included": True,
    "bodily_injury": True,
    "deductible": 500_000,
    "additional_insured_marked": True,
    "additional_insured": WORDING,
    "subrogation_waived": False,
    "effective": date(2026, 1, 15),
    "expires": date(2027, 1, 15),
    "cancellation_notice_days": 30,
    "territory": frozenset({"US", "CA"}),
    "products": None,
}
NOTHING: Mapping[str, Any] = dict.fromkeys(SOUND_POLICY)


def expected_policies(drawing: Drawing) -> list[dict[str, Any]]:
    base = NOTHING if drawing.style in {"free", "docx_free"} else SOUND_POLICY
    return [{**base, **says} for says in drawing.expected]


def wrapped(sentences: Iterable[str], *, width: int) -> list[str]:
    """Sentences as running text in lines, the way people fill a box."""
    lines = [""]
    for word in " ".join(sentences).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
