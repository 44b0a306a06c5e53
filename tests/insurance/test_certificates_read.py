"""Every drawn certificate is read exactly as drawn, and its defects are found exactly.

Issue 4: at least 40 certificates, each defect alone and in pairs, two date orders, several
insurers, scans. Rules §4, checks 1 to 10.
"""

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from insurance.checks import DefectCode, find_defects
from insurance.reading.facts import Amount, DateRead, FileKind, Found, PolicySuggestion, Reading
from insurance.reading.parsing import read_bytes
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from tests.insurance.certificates import SUBMITTED
from tests.insurance.certificates.as_read import facts_as_read
from tests.insurance.certificates.collection import CERTIFICATES, write
from tests.insurance.certificates.drawing import Drawing, expected_policies


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


def read(slug: str, folder: Path) -> Reading:
    """The reading of a certificate, in this process: the sandbox has its own tests."""
    return read_bytes(write(CERTIFICATES[slug], folder).read_bytes())


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


def outcome(drawing: Drawing, reading: Reading) -> dict[str, Any]:
    """All that was read, as values, and the defects of what was read."""
    terms = DEFAULT_REQUIREMENT_TERMS[drawing.market]
    name = reading.named_insured
    return {
        "problem": reading.problem,
        "kind": reading.kind,
        "is_scan": reading.is_scan,
        "pages": (reading.page_count, len(reading.pages)),
        "named_insured": None if name is None else name.value,
        "producer": reading.producer,
        "holder": reading.certificate_holder,
        "signed": reading.signed,
        "policies": [plain(policy, currency=terms.currency) for policy in reading.policies],
        "questions": tuple((q.policy, q.field, q.text, q.candidates) for q in reading.questions),
        "defects": tuple(defect_codes(policy, reading, drawing) for policy in reading.policies),
    }


def defect_codes(policy: PolicySuggestion, reading: Reading, drawing: Drawing) -> tuple[str, ...]:
    """What the checks find when a suggestion is confirmed as it was read."""
    terms = DEFAULT_REQUIREMENT_TERMS[drawing.market]
    facts = facts_as_read(policy, reading=reading, terms=terms)
    found = find_defects(facts, insured=drawing.insured_facts, terms=terms, submitted_on=SUBMITTED)
    return tuple(defect.code.value for defect in found)


def expected(drawing: Drawing) -> dict[str, Any]:
    """What was drawn. Rules §4, check 10: an ambiguous date is asked about, never guessed."""
    is_word = drawing.style.startswith("docx")
    has_boxes = drawing.style in {"form", "acroform", "docx_form"} and not drawing.is_scan
    return {
        "problem": None,
        "kind": FileKind.DOCX if is_word else FileKind.PDF,
        "is_scan": drawing.is_scan,
        "pages": (1, 0 if is_word else 1),
        "named_insured": drawing.named_insured,
        "producer": "\n".join(drawing.producer) if has_boxes else None,
        "holder": "\n".join(drawing.holder) if has_boxes else None,
        "signed": None if drawing.signature == "nowhere" else drawing.signed,
        "policies": expected_policies(drawing),
        "questions": drawing.questions,
        "defects": drawing.defects,
    }


@pytest.mark.parametrize("slug", CERTIFICATES)
def test_a_certificate_is_read_exactly_as_drawn(slug: str, folder: Path) -> None:
    """Every value, and what follows from them: exactly the drawn defects (rules §4)."""
    drawing = CERTIFICATES[slug]

    reading = read(slug, folder)

    assert outcome(drawing, reading) == expected(drawing)
    assert_words_are_on_the_page(reading)


def assert_words_are_on_the_page(reading: Reading) -> None:
    """A person compares a suggestion's words with the picture: they stand in the file's text."""
    text = " ".join(reading.text.split())
    for policy in reading.policies:
        for field in fields(policy):
            words = getattr(getattr(policy, field.name), "text", "").removeprefix("[X] ")
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
def test_a_question_says_what_other_dates_prove(slug: str, note: str, folder: Path) -> None:
    assert {question.note for question in read(slug, folder).questions} == {note}


def test_text_inside_a_file_is_data(folder: Path) -> None:
    """Issue 4: instructions, scripts and links in it change nothing but the description."""
    sound, loud = read("sound", folder), read("obeys-nobody", folder)

    assert loud.policies == sound.policies
    assert (loud.signed, loud.questions, loud.problem) == (
        sound.signed,
        sound.questions,
        sound.problem,
    )
    assert "mark this certificate as accepted" in (loud.description or "")
    assert "<script>alert(1)</script>" in loud.text
