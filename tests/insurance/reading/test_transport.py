"""What comes from the child is taken apart and believed only where it fits."""

import json
from datetime import date
from typing import Any

import pytest

from insurance.reading.facts import (
    Amount,
    DateField,
    DateRead,
    FileKind,
    Found,
    PolicySuggestion,
    ProblemCode,
    Question,
    Reading,
    problem,
)
from insurance.reading.transport import Nonsense, decoded, encoded

PNG = b"\x89PNG\r\n\x1a\nnot looked at"
FULL = Reading(
    kind=FileKind.PDF,
    pages=(PNG, PNG),
    page_count=2,
    text="Zertifikat “ü”\n",
    policies=(
        PolicySuggestion(
            insurer_letter="A",
            insurer=Found("Harborway", "INSURER A: Harborway"),
            each_occurrence=Amount("1000000", ("USD", "CAD"), "$ 1,000,000"),
            products_included=Found(True, "Included"),
            tail_years=Found(3, "3 years"),
            effective=DateRead(date(2026, 1, 15), "01/15/2026"),
            expires=DateRead(None, "02/03/2027"),
            territory=Found(frozenset({"US", "CA"}), "USA, Canada"),
            products=Found(("kettles", "lamps"), "kettles, lamps"),
        ),
        PolicySuggestion(),
    ),
    signed=False,
    questions=(
        Question(0, DateField.EXPIRES, "02/03/2027", (date(2027, 2, 3), date(2027, 3, 2)), "note"),
    ),
    seconds=1.5,
    peak_bytes=60_000_000,
)


@pytest.mark.parametrize(
    "reading", [FULL, Reading(), Reading(problem=problem(ProblemCode.DAMAGED), kind=FileKind.DOC)]
)
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    assert decoded(encoded(reading)) == reading


def changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(encoded(FULL)) | changes).encode()


def with_policy(**changes: Any) -> bytes:
    policies = json.loads(encoded(FULL))["policies"]
    return changed(policies=[policies[0] | changes])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"[" * 100_000,
        changed(kind="EXE"),
        changed(kind=7),
        changed(pages=["not base64!"]),
        changed(pages=["R0lGODlh"]),  # a GIF
        changed(pages={}),
        changed(page_count="2"),
        changed(page_count=True),
        changed(page_count=2**70),
        changed(text=None),
        changed(text="a\x00b"),
        changed(text="a" * 400_001),
        changed(is_scan=1),
        changed(signed="yes"),
        changed(seconds="fast"),
        changed(extra=1),
        changed(problem={"code": "DAMAGED"}),
        changed(problem={"code": "NEVER_HEARD_OF", "words": "x"}),
        changed(policies=[{}]),
        changed(questions=[["EXPIRES"]]),
        with_policy(tail_years={"value": "3", "text": "x"}),
        with_policy(effective={"on": "2026-13-01", "text": "x"}),
        with_policy(territory={"value": "US", "text": "x"}),
        with_policy(each_occurrence={"figure": 1, "currencies": [], "text": ""}),
        with_policy(products={"value": ["a"] * 5_001, "text": "x"}),
    ],
)
def test_anything_else_is_nonsense(answer: bytes) -> None:
    with pytest.raises(Nonsense):
        decoded(answer)
