"""Certificates without a form: labels with values, as insurers outside America write them."""

import re
from typing import Final

from insurance.reading.amounts import Placed, find_amounts, read_nil_or_amount
from insurance.reading.certificate_dates import date_words, find_date
from insurance.reading.facts import Amount, DateRead, Found, PolicySuggestion
from insurance.reading.labels import Values, labelled_values, paragraphs
from insurance.reading.page import Line, Page
from insurance.reading.sheet import Sheet
from insurance.reading.statements import Statements
from insurance.reading.territory import read_territory

_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"umbrella", "UMBRELLA"),
        (r"excess liability|exzedent|deuxième ligne", "EXCESS"),
        (r"commercial general", "COMMERCIAL_GENERAL"),
        (
            r"products? liability|and products|produkthaftpflicht|produits|après livraison",
            "PRODUCTS",
        ),
        (
            (
                r"general liability|betriebshaftpflicht"
                r"|responsabilité civile (?:générale|exploitation)"
            ),
            "COMMERCIAL_GENERAL",
        ),
    )
)
_BASES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), basis)
    for pattern, basis in (
        (r"occurrence(?: basis)?|schadenereignis|fait dommageable", "OCCURRENCE"),
        (r"claims[- ]made|anspruchserhebung|réclamation", "CLAIMS_MADE"),
    )
)
_BASIS_SENTENCE: Final = re.compile(
    r"occurrence[- ]basis|claims[- ]made|schadenereignis|anspruchserhebung|fait dommageable"
    r"|base réclamation",
    re.IGNORECASE,
)
_PER_YEAR: Final = re.compile(
    r"aggregate|per (?:year|annum)|jahr|année|annuel|par an\b", re.IGNORECASE
)
_PER_LOSS: Final = re.compile(
    r"any one|each|per (?:occurrence|claim)|\bje\b|par sinistre|occurrence", re.IGNORECASE
)
_MULTIPLE: Final = re.compile(
    r"\b(\d|zweifach|doppelt|double)(?:\s?x|-fach| fois|\b)", re.IGNORECASE
)
_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
# Where a signature stands: right of its label, or on a line above it. In points.
_BESIDE: Final = 220.0
_ABOVE: Final = 22.0


def read_free_form(pages: tuple[Page, ...]) -> Sheet:
    """What the labels and sentences of a certificate say of its one policy."""
    values, places = labelled_values(pages)
    statements = "\n\n".join(paragraphs(page) for page in pages)
    policy = _policy(values)
    has_policy = policy != PolicySuggestion()
    return Sheet(
        policies=(policy,) if has_policy else (),
        insured=values.get("insured", ()),
        producer=values.get("producer", ()),
        holder=values.get("holder", ()),
        statements=statements,
        signed=_signed(values, places),
    )


def _policy(values: Values) -> PolicySuggestion:
    effective, expires = _period(values)
    each, aggregate = _limits(values)
    return PolicySuggestion(
        insurer=_found(values, "insurer"),
        rating=_rating(values),
        number=_found(values, "number"),
        kind=_kind(values),
        basis=_basis(" ".join(values.get("basis", ()))),
        each_occurrence=each,
        aggregate=aggregate,
        products_included=_products_by_kind(values),
        deductible=_deductible(values),
        additional_insured=_additional_insured(values),
        effective=effective,
        expires=expires,
        cancellation_notice_days=_notice(values),
        territory=_territory(values),
    )


def _found(values: Values, name: str) -> Found[str] | None:
    """A value's first line, without what stands in brackets."""
    lines = values.get(name)
    if not lines:
        return None
    return Found(_BRACKETS.sub("", lines[0]).strip(), " ".join(lines))


def _kind(values: Values) -> Found[str] | None:
    text = " ".join(values.get("kind", ()))
    if not text:
        return None
    kind = next((kind for pattern, kind in _KINDS if pattern.search(text)), "OTHER")
    return Found(kind, text)


def _basis(text: str) -> Found[str] | None:
    """The basis that a text names; None when it names both, or neither."""
    named = [basis for pattern, basis in _BASES if pattern.search(text)]
    return Found(named[0], text) if len(named) == 1 else None


def basis_in(sentences: tuple[str, ...]) -> Found[str] | None:
    """The basis that a sentence states: `cover is on an occurrence basis`."""
    stated = [sentence for sentence in sentences if _BASIS_SENTENCE.search(sentence)]
    return _basis(stated[0]) if len(stated) == 1 else None


def _products_by_kind(values: Values) -> Found[bool] | None:
    kind = _kind(values)
    return Found(True, kind.text) if kind is not None and kind.value == "PRODUCTS" else None


def _period(values: Values) -> tuple[DateRead | None, DateRead | None]:
    words = date_words(" ".join(values.get("period", ())))
    if len(words) == 2:  # noqa: PLR2004 a period has a start and an end
        return find_date(words[0]).read, find_date(words[1]).read
    return _day(values, "effective"), _day(values, "expires")


def _day(values: Values, name: str) -> DateRead | None:
    text = " ".join(values.get(name, ()))
    words = date_words(text)
    if words:
        return find_date(words[0]).read
    return DateRead(None, text) if text else None


def _limits(values: Values) -> tuple[Amount | None, Amount | None]:
    """Each-occurrence and aggregate limits: one text may state both, or one amount for both."""
    text = " ".join(values.get("limit", ()))
    each, aggregate = _split(text)
    own = " ".join(values.get("aggregate", ()))
    amounts = [_whole(placed, own) for placed in find_amounts(own)]
    return each, amounts[0] if len(amounts) == 1 else aggregate


def _split(text: str) -> tuple[Amount | None, Amount | None]:
    placed = list(find_amounts(text))
    if len(placed) == 1:
        amount = _whole(placed[0], text)
        for_year = (
            _PER_YEAR.search(text) is not None and _MULTIPLE.search(_rest(placed[0], text)) is None
        )
        for_loss = _PER_LOSS.search(text) is not None or not for_year
        return (amount if for_loss else None), (amount if for_year else None)
    if len(placed) != 2:  # noqa: PLR2004 one limit for each occurrence, one for the year
        return None, None
    first, second = placed
    between, behind = text[first.end : second.start], text[second.end :]
    in_order = _PER_YEAR.search(behind) or _PER_YEAR.search(between.rsplit("and", 1)[-1])
    return (_whole(first, text), _whole(second, text)) if in_order else (None, None)


def _rest(placed: Placed, text: str) -> str:
    return f"{text[: placed.start]} {text[placed.end :]}"


def _whole(placed: Placed, text: str) -> Amount:
    return Amount(placed.amount.figure, placed.amount.currencies, text)


def _deductible(values: Values) -> Amount | None:
    text = " ".join(values.get("deductible", ()))
    if not text:
        return None
    amount = read_nil_or_amount(text)
    return None if amount is None else Amount(amount.figure, amount.currencies, text)


def _additional_insured(values: Values) -> Found[str] | None:
    lines = values.get("additional", ())
    name = " ".join(lines).strip().rstrip(".")
    return Found(name, name) if name and name.lower() not in {"none", "nil", "keine"} else None


def _rating(values: Values) -> Found[str] | None:
    """The grade under its own label, or in brackets behind the insurer."""
    labelled = " ".join(values.get("rating", ()))
    found = Statements((f"Rating: {labelled}",)).rating()
    if found is None:
        return Statements(values.get("insurer", ())).rating()
    return Found(found.value, labelled)


def _notice(values: Values) -> Found[int] | None:
    text = " ".join(values.get("notice", ()))
    found = Statements((f"Notice of cancellation: {text}",)).cancellation_notice_days()
    return None if found is None else Found(found.value, text)


def _territory(values: Values) -> Found[frozenset[str]] | None:
    lines = values.get("territory", ())
    return read_territory(" ".join(lines).rstrip(".")) if lines else None


def _signed(values: Values, places: dict[str, tuple[Page, Line]]) -> bool | None:
    """Whether a name or a drawing stands beside the label of the signature, or above it."""
    if values.get("signature"):
        return True
    if "signature" not in places:
        return None
    page, label = places["signature"]
    if page.has_ink is None:
        return None
    # What is printed above belongs to another label.
    above = (line.bottom for line in page.lines if line.bottom <= label.top)
    top = max((label.top - _ABOVE, *above))
    return page.has_ink(label.x1 + 4, top, label.x1 + _BESIDE, label.bottom + 2)
