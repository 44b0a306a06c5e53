"""Every drawn certificate is read exactly as drawn, and its defects are found exactly.

Issue 4: at least 40 certificates, each defect alone and in pairs, two date orders, several
insurers, scans. Rules §4, checks 1 to 10.
"""

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from insurance.checks import DefectCode, find_defects
from insurance.reading.facts import Amount, DateRead, FileKind, Found, PolicySuggestion, Reading
from insurance.reading.parsing import read_bytes
from insurance.reading.suggested import facts_as_read
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from tests.insurance.certificates import SUBMITTED
from tests.insurance.certificates.collection import CERTIFICATES, write
from tests.insurance.certificates.drawing import Drawing, expected_policies

each_certificate = pytest.mark.parametrize("slug", CERTIFICATES)


@pytest.fixture(scope="session")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """Every certificate drawn and read once, in this process: the sandbox has its own tests."""
    folder = tmp_path_factory.mktemp("certificates")
    return {slug: read_bytes(write(it, folder).read_bytes()) for slug, it in CERTIFICATES.items()}


def plain(suggestion: PolicySuggestion, *, currency: str) -> dict[str, Any]:
    """A suggestion's values without the words they were read from."""
    return {
        field.name: bare(getattr(suggestion, field.name), currency=currency)
        for field in fields(suggestion)
    }


def bare(value: Any, *, currency: str) -> Any:
    if isinstance(value, Amount):
        return value.minor(currency=currency)
    if isinstance(value, DateRead):
        return value.on
    return value.value if isinstance(value, Found) else value


def currency_of(drawing: Drawing) -> str:
    return DEFAULT_REQUIREMENT_TERMS[drawing.market].currency


@each_certificate
def test_the_policies_are_read_as_drawn(slug: str, readings: dict[str, Reading]) -> None:
    drawing, reading = CERTIFICATES[slug], readings[slug]

    read = [plain(policy, currency=currency_of(drawing)) for policy in reading.policies]

    assert read == expected_policies(drawing)


@each_certificate
def test_the_boxes_are_read_as_drawn(slug: str, readings: dict[str, Reading]) -> None:
    drawing, reading = CERTIFICATES[slug], readings[slug]
    name = reading.named_insured
    is_word = drawing.style.startswith("docx")
    read = (
        reading.problem,
        reading.kind,
        reading.is_scan,
        reading.page_count,
        len(reading.pages),
        None if name is None else name.value,
    )

    assert read == (
        None,
        FileKind.DOCX if is_word else FileKind.PDF,
        drawing.is_scan,
        1,
        0 if is_word else 1,
        drawing.named_insured,
    )


@each_certificate
def test_the_form_s_other_boxes_are_read_as_drawn(slug: str, readings: dict[str, Reading]) -> None:
    drawing, reading = CERTIFICATES[slug], readings[slug]
    has_boxes = drawing.style in {"form", "acroform", "docx_form"} and not drawing.is_scan

    assert (reading.producer, reading.certificate_holder) == (
        ("\n".join(drawing.producer), "\n".join(drawing.holder)) if has_boxes else (None, None)
    )


@each_certificate
def test_a_signature_is_seen(slug: str, readings: dict[str, Reading]) -> None:
    drawing = CERTIFICATES[slug]

    assert readings[slug].signed is (None if drawing.signature == "nowhere" else drawing.signed)


@each_certificate
def test_ambiguous_dates_are_asked(slug: str, readings: dict[str, Reading]) -> None:
    """Rules §4, check 10: 02/03/2026 is asked about, never guessed."""
    asked = tuple((q.policy, q.field, q.text, q.candidates) for q in readings[slug].questions)

    assert asked == CERTIFICATES[slug].questions


@each_certificate
def test_exactly_the_drawn_defects_are_found(slug: str, readings: dict[str, Reading]) -> None:
    drawing, reading = CERTIFICATES[slug], readings[slug]
    terms = DEFAULT_REQUIREMENT_TERMS[drawing.market]
    found = tuple(
        tuple(
            defect.code.value
            for defect in find_defects(
                facts_as_read(policy, reading=reading, terms=terms),
                insured=drawing.insured_facts,
                terms=terms,
                submitted_on=SUBMITTED,
            )
        )
        for policy in reading.policies
    )

    assert found == drawing.defects


@each_certificate
def test_every_suggestion_says_where_it_was_read(slug: str, readings: dict[str, Reading]) -> None:
    """A person compares the words with the picture: they stand in the file's text."""
    reading = readings[slug]
    text = " ".join(reading.text.split())
    for policy in reading.policies:
        for field in fields(policy):
            found = getattr(policy, field.name)
            words = getattr(found, "text", "").removeprefix("[X] ")
            assert " ".join(words.split()) in text, field.name


def test_there_are_enough_certificates() -> None:
    """Issue 4: forty and more, each defect alone, and at least twelve pairs."""
    counts = Counter(len(codes) for it in CERTIFICATES.values() for codes in it.defects)
    alone = {codes[0] for it in CERTIFICATES.values() for codes in it.defects if len(codes) == 1}

    assert len(CERTIFICATES) >= 40
    assert alone == {code.value for code in DefectCode}
    assert counts[2] >= 12


@pytest.mark.parametrize(
    ("slug", "note"),
    [
        ("dates", "Elsewhere on this certificate the month comes first: 01/20/2026."),
        ("french", "Elsewhere on this certificate the day comes first: 20/01/2026."),
        ("until-cancelled", ""),
    ],
)
def test_a_question_says_what_other_dates_prove(
    slug: str, note: str, readings: dict[str, Reading]
) -> None:
    assert {question.note for question in readings[slug].questions} == {note}
