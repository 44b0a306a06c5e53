"""Words on a page: lines, groups of words, parts of lines, boxes."""

import re

import pytest

from insurance.reading.page import Line, Page, Word, lines_of
from insurance.reading.sheet import is_signed_below, name_in
from tests.insurance.certificates import WORDING
from tests.insurance.reading.typed import page_of


def word(text: str, x0: float, top: float, *, height: float = 10) -> Word:
    return Word(text, x0, top, x0 + 5 * len(text), top + height)


def test_words_come_in_reading_order_whatever_order_the_file_has() -> None:
    words = [word("below", 0, 20), word("right", 50, 1), word("left", 0, 0)]

    assert [line.text for line in lines_of(words)] == ["left right", "below"]


def test_a_small_word_stands_on_the_line_of_a_large_one() -> None:
    words = [word("Large", 0, 0, height=14), word("small", 60, 4, height=6)]

    assert [line.text for line in lines_of(words)] == ["Large small"]


def test_cells_stand_further_apart_than_words() -> None:
    (line,) = page_of("POLICY NUMBER    CGL 100").lines

    assert [run.text for run in line.runs()] == ["POLICY NUMBER", "CGL 100"]


def test_a_part_of_a_line_is_found_by_its_text() -> None:
    (line,) = page_of("INSURER A :   Harborway   12345").lines

    part = line.find(re.compile("INSURER A :"))

    assert part is not None
    assert part.text == "INSURER A :"
    rest = line.after(part)
    assert rest is not None
    assert rest.text == "Harborway 12345"
    assert line.after(rest) is None
    assert line.find(re.compile("INSURER B")) is None


def test_a_box_cuts_lines_at_its_edges() -> None:
    page = page_of("left    right\nleft2    right2\nbelow    it")

    box = page.box(left=0, top=0, right=35, bottom=26)

    assert [line.text for line in box] == ["left", "left2"]


def test_a_page_s_text_is_its_lines() -> None:
    assert page_of("one two\nthree").text == "one two\nthree"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ((), None),
        (("Brightside Goods LLC", "12 Harbour Road"), "Brightside Goods LLC"),
        (("Brightside Goods LLC DBA Bright Kettles", "12 Road"), "Brightside Goods LLC"),
        (("Brightside Goods LLC", "dba Bright Kettles", "12 Road"), "Brightside Goods LLC"),
        (("Jane Doe trading as Bright Kettles",), "Jane Doe"),
        (("3M Company", "3M Center"), "3M Company"),
        (("Amazon.com Services LLC and its affiliates and", "assignees", "410 Terry"), WORDING),
        (("Amazon.com Services LLC", "and its affiliates and assignees", "410 Terry"), WORDING),
        (("Smith, Jones &", "Sons Ltd", "1 Road"), "Smith, Jones & Sons Ltd"),
    ],
)
def test_a_name_ends_where_the_address_begins(lines: tuple[str, ...], name: str | None) -> None:
    assert name_in(lines) == name


def label_on(page: Page) -> Line:
    return page.lines[0]


def test_a_typed_name_below_the_label_signs() -> None:
    page = page_of("AUTHORIZED REPRESENTATIVE\nJo Miller")

    assert is_signed_below(page, label_on(page), right=300) is True


def test_figures_and_strokes_below_the_label_do_not_sign() -> None:
    page = page_of("AUTHORIZED REPRESENTATIVE\n_____ 123")

    assert is_signed_below(page, label_on(page), right=300) is False


def test_a_drawing_below_the_label_signs() -> None:
    typed = page_of("AUTHORIZED REPRESENTATIVE")
    inked = Page(typed.width, typed.height, typed.lines, lambda *_: True)

    assert is_signed_below(inked, label_on(inked), right=300) is True


def test_without_a_picture_nobody_knows() -> None:
    typed = page_of("AUTHORIZED REPRESENTATIVE")
    unseen = Page(typed.width, typed.height, typed.lines)

    assert is_signed_below(unseen, label_on(unseen), right=300) is None
