"""Forms as other software fills them: marks of many kinds, older headings, several pages."""

from typing import Any

import pytest

from insurance.reading.assembling import assemble
from insurance.reading.facts import DateRead, FileKind, Found, PolicySuggestion, Reading
from insurance.reading.form import read_form
from tests.insurance.reading.typed import page_of

HEAD = """
PRODUCER                                    INSURER(S) AFFORDING COVERAGE       NAIC #
Pacific Brokers                             INSURER A : Harborway               12345
INSURED                                     INSURER B :
Brightside Goods LLC
COVERAGES
"""
COLUMNS = (0, 6, 38, 44, 50, 66, 78, 90)
HEADINGS = (
    ("INSR", "", "ADDL", "SUBR", "", "POLICY EFF", "POLICY EXP", ""),
    ("LTR", "TYPE OF INSURANCE", "INSD", "WVD", "POLICY NUMBER", "DATE", "DATE", "LIMITS"),
)
OLDER_HEADINGS = tuple(
    tuple("" if cell in {"SUBR", "WVD"} else cell for cell in row) for row in HEADINGS
)
UMBRELLA = (("", "UMBRELLA LIAB    OCCUR", "", "", "", "", "", "EACH OCCURRENCE   $"),)

type Rows = tuple[tuple[str, ...], ...]


def general(
    *,
    kind: str = "X",
    claims: str = " ",
    occurrence: str = "X",
    added: str = "Y",
    products: str = "2,000,000",
    waived: str = "N",
    expires: str = "2027-01-15",
) -> Rows:
    """A row of the table for general liability, as lines of cells."""
    return (
        (
            "A",
            f"{kind} COMMERCIAL GENERAL LIABILITY",
            added,
            waived,
            "CGL 100-26",
            "2026-01-15",
            expires,
            "EACH OCCURRENCE      $ 1,000,000",
        ),
        (
            "",
            f"{claims} CLAIMS-MADE   {occurrence} OCCUR",
            "",
            "",
            "",
            "",
            "",
            "GENERAL AGGREGATE    $ 2,000,000",
        ),
        ("", "", "", "", "", "", "", f"PRODUCTS - COMP/OP AGG  $ {products}"),
    )


def typed(rows: Rows) -> str:
    lines = []
    for row in rows:
        line = ""
        for place, cell in zip(COLUMNS, row, strict=True):
            line = line.ljust(place) + cell
        lines.append(line)
    return "\n".join(lines)


FOOT = """
DESCRIPTION OF OPERATIONS
{description}
CERTIFICATE HOLDER                          CANCELLATION
Amazon.com Services LLC                     {cancellation}
                                            AUTHORIZED REPRESENTATIVE
"""


def text_of(
    *, rows: Rows, headings: Rows = HEADINGS, description: str = "-", cancellation: str = "-"
) -> str:
    foot = FOOT.format(description=description, cancellation=cancellation)
    parts = (HEAD, typed(headings), typed(rows), foot)
    return "\n".join(part.strip("\n") for part in parts)


def form(rows: Rows | None = None, **rest: Any) -> Reading:
    text = text_of(rows=general() if rows is None else rows, **rest)
    return assemble((page_of(text),), kind=FileKind.PDF)


def policy(reading: Reading) -> PolicySuggestion:
    (only,) = reading.policies
    return only


@pytest.mark.parametrize("mark", ["X", "x", "[X]", "(x)", "✓", "✔", "☒", "☑", "■"])
def test_a_box_is_ticked_in_many_ways(mark: str) -> None:
    read = policy(form(general(kind=mark, occurrence=mark)))

    assert (read.kind and read.kind.value, read.basis and read.basis.value) == (
        "COMMERCIAL_GENERAL",
        "OCCURRENCE",
    )


@pytest.mark.parametrize("mark", [" ", "[ ]", "☐", "_"])
def test_a_box_that_is_not_ticked_says_nothing(mark: str) -> None:
    """Nothing is guessed: a printed label is no answer."""
    read = policy(form(general(kind=mark, claims=mark, occurrence=mark)))

    assert (read.kind, read.basis) == (None, None)


def test_two_ticks_where_one_is_meant_say_nothing() -> None:
    assert policy(form(general(claims="X", occurrence="X"))).basis is None


@pytest.mark.parametrize(
    ("filled", "marked"), [("Y", True), ("X", True), ("Yes", True), ("N", False), (" ", None)]
)
def test_the_column_of_additional_insureds(filled: str, marked: bool | None) -> None:
    found = policy(form(general(added=filled))).additional_insured_marked

    assert (found and found.value) == marked


def test_cells_are_read_by_their_column() -> None:
    read = policy(form())

    assert read.number == Found("CGL 100-26", "CGL 100-26")
    assert (read.effective and read.effective.text, read.expires and read.expires.text) == (
        "2026-01-15",
        "2027-01-15",
    )
    assert (read.insurer and read.insurer.value, read.naic) == ("Harborway", "12345")


@pytest.mark.parametrize(
    ("filled", "included"),
    [("2,000,000", True), ("Included", True), ("Excluded", False), ("0", False), (" ", None)],
)
def test_products_are_included_excluded_or_unknown(filled: str, included: bool | None) -> None:
    found = policy(form(general(products=filled))).products_included

    assert (found and found.value) == included


def test_a_row_nobody_filled_in_is_no_policy() -> None:
    assert len(form((*general(), *UMBRELLA)).policies) == 1


def test_a_form_without_the_column_for_waivers() -> None:
    """Older editions have one column less."""
    read = policy(form(general(waived=""), headings=OLDER_HEADINGS))

    assert (read.number and read.number.value, read.subrogation_waived) == ("CGL 100-26", None)


def test_older_forms_say_general_liability_twice() -> None:
    heading = ("", "GENERAL LIABILITY", *[""] * 6)

    assert len(form((heading, *general())).policies) == 1


def test_a_row_for_workers_does_not_end_the_table() -> None:
    """It refers to the description of operations below; rows may follow it."""
    workers = (
        ("B", "WORKERS COMPENSATION", "", "N", "WC 1", "2026-01-15", "2027-01-15", "E.L. $ 1,000"),
        ("", "AND EMPLOYERS' LIABILITY", *[""] * 6),
        ("", "If yes, describe under", *[""] * 6),
        ("", "DESCRIPTION OF OPERATIONS below", *[""] * 6),
    )
    last = (("C", "Products Liability", "Y", "", "PR 1", "2026-01-15", "2027-01-15", ""),)

    reading = form((*general(), *workers, *last), description="Deductible: $500.")

    assert [
        (one.kind and one.kind.value, one.number and one.number.value) for one in reading.policies
    ] == [
        ("COMMERCIAL_GENERAL", "CGL 100-26"),
        ("WORKERS_COMPENSATION", "WC 1"),
        ("PRODUCTS", "PR 1"),
    ]
    assert reading.description == "Deductible: $500."


@pytest.mark.parametrize("label", ["PROJECT", "PRO-JECT", "PRO-"])
def test_the_aggregate_may_apply_per_project(label: str) -> None:
    per = (("", f"POLICY    X {label}    LOC", *[""] * 6),)

    assert policy(form((*general(), *per))).aggregate_per == Found("PROJECT", "[X] PROJECT")


def test_whose_form_it_is_signs_nothing() -> None:
    signed = [
        assemble((page_of(text_of(rows=general()) + below),), kind=FileKind.PDF).signed
        for below in (
            "",
            "\n" + " " * 44 + "© Somebody. All rights reserved.",
            "\n" + " " * 44 + "Jo Miller",
        )
    ]

    assert signed == [False, False, True]


def test_notice_in_the_box_for_cancellation_is_read() -> None:
    read = policy(form(cancellation="30 days written notice of cancellation will be given"))

    assert read.cancellation_notice_days is not None
    assert read.cancellation_notice_days.value == 30


def test_remarks_on_further_pages_are_read_and_endorsements_are_not() -> None:
    first = page_of(text_of(rows=general()))
    remarks = page_of("ADDITIONAL REMARKS SCHEDULE\nCoverage territory: Canada.")
    legal = page_of(
        "ENDORSEMENT\nCoverage territory: the United States. Bodily injury is excluded."
    )

    reading = assemble((first, legal, remarks), kind=FileKind.PDF)
    read = policy(reading)

    assert reading.page_count == 3
    assert read.territory == Found(frozenset({"CA"}), "Canada")
    assert read.bodily_injury is not None
    assert read.bodily_injury.value is True


def test_a_statement_that_leaves_cover_out_counts_more_than_the_row() -> None:
    read = policy(form(description="Bodily injury is excluded. Products liability is excluded."))

    assert read.bodily_injury == Found(False, "Bodily injury is excluded.")
    assert read.products_included == Found(False, "Products liability is excluded.")


def test_a_date_that_is_no_date_is_kept_and_asked() -> None:
    reading = form(general(expires="Continuous"))

    assert policy(reading).expires == DateRead(None, "Continuous")
    assert [(q.field, q.text, q.candidates, q.note) for q in reading.questions] == [
        ("EXPIRES", "Continuous", (), "")
    ]


def test_a_page_without_the_table_is_no_form() -> None:
    assert read_form((page_of("TYPE OF INSURANCE: liability\nPolicy number: 1"),)) is None


def test_boxes_that_are_not_there_are_not_found() -> None:
    reading = assemble(
        (page_of("\n".join((typed(HEADINGS), typed(general())))),), kind=FileKind.PDF
    )

    assert len(reading.policies) == 1
    assert (
        reading.named_insured,
        reading.producer,
        reading.description,
        reading.certificate_holder,
        reading.signed,
        policy(reading).insurer,
    ) == (None, None, None, None, None, None)


def test_an_insurer_without_a_name_is_none() -> None:
    """Five letters are printed on every form; a number alone names nobody."""
    text = text_of(rows=general()).replace("Harborway  ", "           ")

    assert policy(assemble((page_of(text),), kind=FileKind.PDF)).insurer is None
