"""Puts together what a certificate says: its table or labels, its sentences, its open dates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from insurance.reading.additional_insured import find_additional_insured
from insurance.reading.certificate_dates import find_date, order_note
from insurance.reading.facts import (
    DateField,
    FileKind,
    Found,
    PolicySuggestion,
    Question,
    Reading,
)
from insurance.reading.form import read_form
from insurance.reading.free_form import basis_in, read_free_form
from insurance.reading.page import Page
from insurance.reading.sheet import Sheet, name_in
from insurance.reading.statements import Statements, sentences_of

# Fewer letters than this on all pages are a picture with a stamp, not a text.
_FEWEST_LETTERS: Final = 40
_LONGEST_TEXT: Final = 200_000
_INSURER: Final = re.compile(r"\bInsurer ([A-F])\b", re.IGNORECASE)


def assemble(pages: tuple[Page, ...], *, kind: FileKind, signed_digitally: bool = False) -> Reading:
    """The reading of a document's pages, as suggestions."""
    text = "\n\n".join(page.text for page in pages)[:_LONGEST_TEXT]
    if sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS:
        return Reading(kind=kind, page_count=len(pages), text=text, is_scan=True)
    sheet = read_form(pages) or read_free_form(pages)
    policies = tuple(_completed(sheet))
    name = name_in(sheet.insured)
    return Reading(
        kind=kind,
        page_count=len(pages),
        text=text,
        policies=policies,
        named_insured=None if name is None else Found(name, "\n".join(sheet.insured)),
        producer=_box(sheet.producer),
        description=_box(sheet.description),
        certificate_holder=_box(sheet.holder),
        signed=True if signed_digitally else sheet.signed,
        questions=tuple(_questions(policies, text)),
    )


def _box(lines: tuple[str, ...]) -> str | None:
    return "\n".join(lines) or None


def _completed(sheet: Sheet) -> Iterator[PolicySuggestion]:
    """Each policy with what the sentences that speak of it add; its own row counts first."""
    sentences = sentences_of(sheet.statements)
    holder = name_in(sheet.holder)
    for policy in sheet.policies:
        of_it = tuple(s for s in sentences if _speaks_of(s, policy, sheet.policies))
        said = Statements(of_it)
        stated: dict[str, Any] = {
            "rating": said.rating(),
            "basis": basis_in(of_it),
            "tail_years": said.tail_years(),
            "products_included": said.products_included(),
            "deductible": said.deductible(),
            "additional_insured": find_additional_insured(of_it, holder_name=holder),
            "cancellation_notice_days": said.cancellation_notice_days(),
            "territory": said.territory(),
            "products": said.products(),
        }
        missing = {k: v for k, v in stated.items() if getattr(policy, k) is None}
        yield _without_left_out(replace(policy, **missing), said)


def _without_left_out(policy: PolicySuggestion, said: Statements) -> PolicySuggestion:
    """A sentence that leaves cover out counts more than a row that seems to have it."""
    injury, products = said.bodily_injury(), said.products_included()
    if injury is not None and (policy.bodily_injury is None or not injury.value):
        policy = replace(policy, bodily_injury=injury)
    if products is not None and not products.value:
        policy = replace(policy, products_included=products)
    return policy


def _speaks_of(
    sentence: str, policy: PolicySuggestion, policies: Iterable[PolicySuggestion]
) -> bool:
    """Whether a sentence is about this policy: not when it names only others."""
    letters = {match[1].upper() for match in _INSURER.finditer(sentence)}
    if letters:
        return policy.insurer_letter in letters
    named = {p.number.value for p in policies if p.number and p.number.value in sentence}
    return not named or (policy.number is not None and policy.number.value in named)


def _questions(policies: tuple[PolicySuggestion, ...], text: str) -> Iterator[Question]:
    fields = (DateField.EFFECTIVE, DateField.EXPIRES)
    open_dates = [
        (index, field, read.text)
        for index, policy in enumerate(policies)
        for field, read in zip(fields, (policy.effective, policy.expires), strict=True)
        if read is not None and read.on is None
    ]
    note = order_note(text, asked=[words for _, _, words in open_dates])
    for index, field, words in open_dates:
        candidates = find_date(words).candidates
        yield Question(index, field, words, candidates, note if len(candidates) > 1 else "")
