"""Word files laid out as pages: what stands beside what, and what is not there."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from insurance.reading.docx_text import page_of
from insurance.reading.facts import ProblemCode
from insurance.reading.refusal import FileNotRead
from tests.insurance.certificates.word_paper import paragraph, table

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(body: str) -> Element:
    return fromstring(  # noqa: S314 written above
        f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    )


def text_of(body: str) -> str:
    return page_of(document(body)).text


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def test_paragraphs_stand_below_each_other() -> None:
    assert text_of(paragraph("One two") + paragraph("") + paragraph("three")) == "One two\nthree"


def test_cells_of_a_row_stand_beside_each_other_and_apart() -> None:
    page = page_of(document(table([("POLICY NUMBER", "LIMITS"), ("CGL 1\nCGL 2", "$1")])))

    assert page.text == "POLICY NUMBER LIMITS\nCGL 1 $1\nCGL 2"
    assert [run.text for run in page.lines[0].runs()] == ["POLICY NUMBER", "LIMITS"]
    first, second = page.lines[0].runs(), page.lines[1].runs()
    assert [part.x0 for part in first] == [part.x0 for part in second]


def test_a_cell_over_two_columns_ends_with_the_last_of_them() -> None:
    wide = (
        "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
        f"{paragraph('x' * 40)}</w:tc><w:tc>{paragraph('end')}</w:tc></w:tr>"
    )
    narrow = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("a", "b", "c"))
    page = page_of(document(f"<w:tbl>{wide}<w:tr>{narrow}</w:tr></w:tbl>"))
    (_, end), (_, _, last) = (line.runs() for line in page.lines)

    assert end.x0 == last.x0


def test_tabs_part_words_and_breaks_part_lines() -> None:
    body = run("<w:t>Label:</w:t><w:tab/><w:t>value</w:t><w:br/><w:t>next</w:t>")
    page = page_of(document(body))

    assert page.text == "Label: value\nnext"
    assert [part.text for part in page.lines[0].runs()] == ["Label:", "value"]


def test_content_controls_are_read() -> None:
    inner = f"<w:sdt><w:sdtContent>{paragraph('chosen')}</w:sdtContent></w:sdt>"

    assert text_of(paragraph("before") + inner) == "before\nchosen"


def test_deleted_text_is_not_there() -> None:
    body = "<w:p><w:del><w:r><w:delText>$5,000</w:delText></w:r></w:del></w:p>"

    assert text_of(body + paragraph("kept")) == "kept"


@pytest.mark.parametrize(
    ("inner", "mark"),
    [
        ("<w:checked/>", "☒"),
        ("<w:checked w:val='1'/>", "☒"),
        ("<w:checked w:val='0'/>", "☐"),
        ("<w:default w:val='1'/>", "☒"),
        ("", "☐"),
    ],
)
def test_tick_boxes_of_old_forms(inner: str, mark: str) -> None:
    body = run(f"<w:fldChar><w:ffData><w:checkBox>{inner}</w:checkBox></w:ffData></w:fldChar>")

    assert text_of(body) == mark


def test_a_picture_is_a_word_of_its_own() -> None:
    """It may be a signature: who looks at the page sees that something is there."""
    assert text_of(run("<w:drawing/>")) == "(picture)"


@pytest.mark.parametrize("code", ["DDE cmd", " DDEAUTO cmd", "INCLUDEPICTURE http://evil.example"])
def test_fields_that_fetch_or_run_are_refused(code: str) -> None:
    for field in (
        run(f"<w:instrText>{code}</w:instrText>"),
        f'<w:p><w:fldSimple w:instr="{code}"/></w:p>',
    ):
        with pytest.raises(FileNotRead) as refusal:
            page_of(document(field))
        assert refusal.value.code == ProblemCode.ACTIVE_CONTENT


def test_a_page_number_is_a_harmless_field() -> None:
    assert text_of(run("<w:instrText> PAGE </w:instrText><w:t>1</w:t>")) == "1"


def test_endless_text_is_refused() -> None:
    with pytest.raises(FileNotRead) as refusal:
        page_of(document(paragraph("a " * 60_100) + paragraph("end")))

    assert refusal.value.code == ProblemCode.TOO_BIG_TO_READ


def test_an_empty_document_is_an_empty_page() -> None:
    assert text_of("") == ""
