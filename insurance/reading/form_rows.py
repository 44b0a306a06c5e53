"""From a block of the table on forms like ACORD 25 to what it says of one policy."""

import re
from typing import Final

from insurance.reading.amounts import read_amount, read_nil_or_amount
from insurance.reading.certificate_dates import date_words, find_date
from insurance.reading.facts import Amount, DateRead, Found, PolicySuggestion
from insurance.reading.form_table import Block, ticked

_OCCURRENCE: Final = re.compile(r"\bOCCUR(?:RENCE)?\b", re.IGNORECASE)
_CLAIMS_MADE: Final = re.compile(r"\bCLAIMS[- ]MADE\b", re.IGNORECASE)
_APPLIES_PER: Final = (
    (re.compile(r"\bPOLICY\b"), "POLICY", "POLICY"),
    # The form has room for this word only in two lines.
    (re.compile(r"\bPRO(?:-?JECT\b|-$|- )"), "PROJECT", "PROJECT"),
    (re.compile(r"\bLOC\b"), "LOC", "LOCATION"),
)
# Boxes that say which of a block's kinds it is; a kind without a box is said by its heading.
_KIND_BOXES: Final = {
    "COMMERCIAL_GENERAL": (
        (re.compile(r"COMMERCIAL GENERAL LIABILITY", re.IGNORECASE), "COMMERCIAL_GENERAL"),
    ),
    "UMBRELLA": (
        (re.compile(r"UMBRELLA LIAB", re.IGNORECASE), "UMBRELLA"),
        (re.compile(r"EXCESS LIAB", re.IGNORECASE), "EXCESS"),
    ),
}
_EACH: Final = re.compile(r"^\W*EACH (?:OCCURRENCE|CLAIM)", re.IGNORECASE)
_AGGREGATE: Final = re.compile(r"^\W*(?:GENERAL )?AGGREGATE", re.IGNORECASE)
_PRODUCTS: Final = re.compile(r"^\W*PRODUCTS?\b.*?\bAGG(?:REGATE)?\b", re.IGNORECASE)
_SAID: Final = re.compile(r"\b(?:(INCL(?:UDED)?)|(EXCL(?:UDED)?|NONE|N/A))\b", re.IGNORECASE)
_OWN_SHARE: Final = re.compile(r"\b(?:DED(?:UCTIBLE)?|RETENTION|SIR)\b\W*", re.IGNORECASE)
_YES: Final = re.compile(r"^[XYxy✓✔☒☑✗✘]$|^(?:YES|Yes)$")
_NO: Final = re.compile(r"^(?:N|n|NO|No)$")
_LETTER: Final = re.compile(r"\b([A-F])\b")


def policy_in(block: Block) -> PolicySuggestion | None:
    """What a block says, or None when nothing was filled in: forms print rows for every kind."""
    letter = _LETTER.search(block.text("letter"))
    number = _number(block)
    if number is None and letter is None:
        return None
    return PolicySuggestion(
        insurer_letter=None if letter is None else letter[1],
        number=number,
        kind=_kind(block),
        basis=_basis(block),
        each_occurrence=_limit(block, _EACH),
        aggregate=_limit(block, _AGGREGATE),
        aggregate_per=_applies_per(block),
        products_aggregate=_limit(block, _PRODUCTS),
        products_included=_products_included(block),
        bodily_injury=_bodily_injury(block),
        deductible=_own_share(block),
        additional_insured_marked=_yes_or_no(block, "additional"),
        subrogation_waived=_yes_or_no(block, "subrogation"),
        effective=_day(block, "effective"),
        expires=_day(block, "expires"),
    )


def _number(block: Block) -> Found[str] | None:
    text = block.text("number").strip()
    return Found(text, text) if text else None


def _kind(block: Block) -> Found[str] | None:
    boxes = _KIND_BOXES.get(block.kind)
    if boxes is None:
        return Found(block.kind, block.cells["type"][0].text)
    marked = [
        Found(kind, f"[X] {label.pattern}")
        for label, kind in boxes
        if ticked(block.cells["type"], label)
    ]
    return marked[0] if len(marked) == 1 else None


def _basis(block: Block) -> Found[str] | None:
    """The basis whose box is ticked; None when none is, or both are."""
    lines = block.cells["type"]
    occurrence, claims_made = ticked(lines, _OCCURRENCE), ticked(lines, _CLAIMS_MADE)
    if bool(occurrence) == bool(claims_made):
        return None
    if occurrence:
        return Found("OCCURRENCE", "[X] OCCUR")
    return Found("CLAIMS_MADE", "[X] CLAIMS-MADE")


def _applies_per(block: Block) -> Found[str] | None:
    marked = [
        Found(code, f"[X] {words}")
        for label, words, code in _APPLIES_PER
        if ticked(block.cells["type"], label)
    ]
    return marked[0] if len(marked) == 1 else None


def _limit(block: Block, label: re.Pattern[str]) -> Amount | None:
    for line in block.cells.get("limits", ()):
        part = line.find(label)
        if part is None:
            continue
        behind = line.after(part)
        amount = None if behind is None else read_amount(behind.text.removeprefix("$ $"))
        if amount is not None:
            return Amount(amount.figure, amount.currencies, line.text)
    return None


def _products_included(block: Block) -> Found[bool] | None:
    """What the products line says: an amount or `Included`, or that they are excluded."""
    amount = _limit(block, _PRODUCTS)
    if amount is not None:
        return Found(amount.figure != "0", amount.text)
    for line in block.cells.get("limits", ()):
        said = _SAID.search(line.text) if line.find(_PRODUCTS) else None
        if said is not None:
            return Found(said[1] is not None, line.text)
    return None


def _bodily_injury(block: Block) -> Found[bool] | None:
    """A general liability row's each-occurrence limit is that for bodily injury and damage."""
    each = _limit(block, _EACH)
    if block.kind not in {"COMMERCIAL_GENERAL", "UMBRELLA", "PRODUCTS"} or each is None:
        return None
    return Found(True, each.text)


def _own_share(block: Block) -> Amount | None:
    for line in block.cells["type"]:
        match = _OWN_SHARE.search(line.text)
        behind = "" if match is None else line.text[match.end() :]
        if behind and (amount := read_nil_or_amount(behind)) is not None:
            return Amount(amount.figure, amount.currencies, line.text)
    return None


def _yes_or_no(block: Block, column: str) -> Found[bool] | None:
    text = block.text(column).strip()
    if _YES.match(text):
        return Found(True, text)
    return Found(False, text) if _NO.match(text) else None


def _day(block: Block, column: str) -> DateRead | None:
    text = block.text(column)
    words = date_words(text)
    if words:
        return find_date(words[0]).read
    return DateRead(None, text.strip()) if text.strip() else None
