"""What the sentences of a certificate state: deductible, rating, territory, notice, and the rest.

Sentences are searched for facts and do nothing else: whatever they ask for, nothing here acts.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from insurance.reading.amounts import find_amounts, read_nil_or_amount
from insurance.reading.facts import Amount, Found
from insurance.reading.territory import read_territory

_SENTENCE_END: Final = re.compile(
    r"(?<!\bInc\.)(?<!\bLtd\.)(?<!\bCo\.)(?<!\bCorp\.)(?<!\bNo\.)(?<!\bNr\.)(?<!\bA\.M\.)(?<=[.;!?])\s+"
    r"(?=[^\sa-zäöüéèà(])"
)
# A line that begins so starts a statement of its own, whatever the line before it ended with.
_LABELLED_LINE: Final = re.compile(r"^[A-ZÄÖÜÀÉÈ][^:.\n]{2,50}:(?!//)")
_DEDUCTIBLE: Final = re.compile(
    r"\b(?:deductible|self[- ]insured retention|selbstbehalt|selbstbeteiligung|franchise)\b",
    re.IGNORECASE,
)
_FILLER: Final = re.compile(
    r"^(?:\s|:|=|\(|\)|is\b|of\b|amount\b|per\b|each\b|any one\b|occurrence\b|claim\b|loss\b|je\b"
    r"|schadenfall\b|beträgt\b|par\b|sinistre\b|est\b|de\b)*",
    re.IGNORECASE,
)
_NEAR: Final = 60
_GRADE: Final = (
    r"(?P<grade>A\+\+|A\+|A[-−–]|AAA|AA[+−–-]?|A|B\+\+|B\+|BBB[+−–-]?|BB[+−–-]?|B-?|C\+?\+?|NR)"
)
_RATED: Final = re.compile(
    r"(?:\b[Rr]ated|\b[Rr]ating(?:\s+of)?\s*:?|A\.?M\.?\s+Best(?:\s+rating)?\s*:?"
    r"|\bS&P(?:\s+rating)?\s*:?"
    rf"|\bnoté[e]?)\s+(?:is\s+|of\s+)?[“\"]?{_GRADE}(?![\w+])"
)
_NOTICE: Final = re.compile(
    r"(?P<days>\d{1,3})\s*(?:\([\w ]+\)\s*)?(?:calendar\s+)?(?:days?|tagen?|jours)\b[’']?"
    r"(?=(?P<rest>[^.;]{0,120}))",
    re.IGNORECASE,
)
_OF_CANCELLATION: Final = re.compile(
    r"cancel|terminat|non-?renew|notice|kündigung|résiliation|préavis", re.IGNORECASE
)
_NON_PAYMENT: Final = re.compile(r"non-?\s?payment|nichtzahlung|non-?paiement", re.IGNORECASE)
_TAIL: Final = re.compile(
    r"(?:extended reporting(?: period)?|\btail\b|nachmeldefrist|nachhaftung|garantie subséquente)"
    r"\D{0,30}(?P<number>\d{1,2})[- ]?(?P<unit>years?|months?|jahren?|monaten?|ans|mois)",
    re.IGNORECASE,
)
_MONTHS_IN_YEAR: Final = 12
_TERRITORY: Final = re.compile(
    r"(?:coverage\s+|policy\s+)?territor(?:y|ies|ial (?:limits|scope))\s*(?:of the policy\s*)?"
    r"(?::|is|includes?|are)\s*(?P<places>[^;]+)",
    re.IGNORECASE,
)
_PRODUCTS: Final = re.compile(
    r"(?:covered products|products? covered|insured products|versicherte produkte|produits assurés)"
    r"\s*(?::|are|include)\s*(?P<names>[^;]+)",
    re.IGNORECASE,
)
_ALL_PRODUCTS: Final = re.compile(r"^(?:all|any|every|alle|tous|toutes)\b", re.IGNORECASE)
_BETWEEN_PRODUCTS: Final = re.compile(r",\s*(?:and\s+)?|\s+(?:and|und|et)\s+")
_PRODUCTS_COVER: Final = re.compile(
    r"products?\s*(?:/|-|–|and|&)?\s*(?:completed operations|liability|hazard|comp/op)"
    r"|produkthaftpflicht|responsabilité civile produits"
    r"|responsabilité (?:civile )?après livraison",
    re.IGNORECASE,
)
_BODILY_INJURY: Final = re.compile(
    r"bodily injury|personal injury to third|personenschäden|personen- und|dommages corporels",
    re.IGNORECASE,
)
_LEFT_OUT: Final = re.compile(
    r"\bexclud(?:ed|es|ing)\b|\bexclusion\b|\bnot (?:covered|included|insured)\b|\bwithout\b"
    r"|ausgeschlossen|nicht (?:mit)?versichert|\bexclus?\b|non (?:couverts?|garantis?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """The sentences that speak of one policy, and what they state. Nothing stated is None."""

    sentences: tuple[str, ...]

    def deductible(self) -> Amount | None:
        """The deductible; what stands behind its name, or else before it."""
        for sentence in self.sentences:
            for match in _DEDUCTIBLE.finditer(sentence):
                if (found := _beside(sentence, match)) is not None:
                    return found
        return None

    def rating(self) -> Found[str] | None:
        """The insurer's grade, with a hyphen for any minus."""
        for sentence in self.sentences:
            if match := _RATED.search(sentence):
                return Found(re.sub("[−–]", "-", match["grade"]), sentence)
        return None

    def cancellation_notice_days(self) -> Found[int] | None:
        """Days of notice of cancellation; the fewest when several are stated.

        Notice for unpaid premium, always shorter, does not count.
        """
        found = [
            Found(int(match["days"]), sentence)
            for sentence in self.sentences
            if _OF_CANCELLATION.search(sentence)
            for match in _NOTICE.finditer(sentence)
            if not _NON_PAYMENT.search(_first_clause(match["rest"]))
        ]
        return min(found, key=lambda notice: notice.value, default=None)

    def tail_years(self) -> Found[int] | None:
        """Whole years in which claims may still be made after the end of a claims-made policy."""
        for sentence in self.sentences:
            if match := _TAIL.search(sentence):
                in_months = match["unit"].lower().startswith("mo")
                number = int(match["number"])
                return Found(number // _MONTHS_IN_YEAR if in_months else number, sentence)
        return None

    def territory(self) -> Found[frozenset[str]] | None:
        """Where the policy holds."""
        for sentence in self.sentences:
            if match := _TERRITORY.search(sentence):
                return read_territory(match["places"].rstrip("."))
        return None

    def products(self) -> Found[tuple[str, ...]] | None:
        """The products named as covered; None when all are, or none is named."""
        for sentence in self.sentences:
            match = _PRODUCTS.search(sentence)
            if match and not _ALL_PRODUCTS.match(match["names"]):
                names = _BETWEEN_PRODUCTS.split(match["names"].strip().rstrip("."))
                return Found(tuple(name.strip() for name in names if name.strip()), sentence)
        return None

    def products_included(self) -> Found[bool] | None:
        """Whether products and completed operations are said to be included or excluded."""
        return self._included(_PRODUCTS_COVER)

    def bodily_injury(self) -> Found[bool] | None:
        """Whether bodily injury is said to be included or excluded."""
        return self._included(_BODILY_INJURY)

    def _included(self, cover: re.Pattern[str]) -> Found[bool] | None:
        for sentence in self.sentences:
            if cover.search(sentence):
                return Found(_LEFT_OUT.search(sentence) is None, sentence)
        return None


def sentences_of(text: str) -> tuple[str, ...]:
    """A text's sentences; lines are joined unless the next one has a label of its own."""
    parts: list[str] = []
    for line in text.splitlines():
        if parts and line.strip() and not _LABELLED_LINE.match(line.strip()):
            parts[-1] = f"{parts[-1]} {line.strip()}"
        else:
            parts.append(line.strip())
    sentences = (sentence.strip() for part in parts for sentence in _SENTENCE_END.split(part))
    return tuple(sentence for sentence in sentences if sentence)


def _beside(sentence: str, name: re.Match[str]) -> Amount | None:
    behind = sentence[name.end() :][:_NEAR]
    stated = _FILLER.sub("", behind)
    if (nil := read_nil_or_amount(stated)) is not None and nil.figure == "0":
        return Amount("0", (), sentence)
    before = list(find_amounts(sentence[: name.start()][-_NEAR:]))
    nearest = [*find_amounts(behind)][:1] or before[-1:]
    return replace(nearest[0].amount, text=sentence) if nearest else None


def _first_clause(rest: str) -> str:
    """Up to the next figure: `30 days' notice, 10 days for non-payment` are two clauses."""
    return re.split(r"\d|,|\(|except", rest, maxsplit=1)[0]
