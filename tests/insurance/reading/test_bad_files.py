"""Files that must not be read, each refused with its reason (issue 4).

Read in this process, for speed; `test_sandbox` sends the worst through the real door, and there
every file meets the same limits.
"""

import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from insurance.reading.facts import FileKind, ProblemCode, Reading, problem
from insurance.reading.parsing import read_bytes
from tests.insurance.certificates import hostile
from tests.insurance.certificates.hostile import one_page, raw_pdf, stream
from tests.insurance.certificates.word_paper import (
    paragraph,
    parts,
    relationship,
    write_parts,
)

# Issue 4: a clear message within 5 seconds.
MOST_SECONDS = 5


def refused(content: bytes) -> ProblemCode | None:
    """The code of the problem, having seen that nothing else was filled in."""
    started = time.process_time()
    reading = read_bytes(content)
    assert time.process_time() - started < MOST_SECONDS
    if reading.problem is None:
        return None
    assert reading == Reading(kind=reading.kind, problem=problem(reading.problem.code))
    return reading.problem.code


def pdfs() -> Iterator[tuple[str, Callable[[], bytes], ProblemCode]]:
    for code, files in hostile.PDFS.items():
        if code is not ProblemCode.ZIP_BOMB:
            yield from ((name, make, code) for name, make in files.items())


def _short(value: object) -> str:
    """A name the same in every process: no addresses of functions, no whole files."""
    return value[:40] if isinstance(value, str) else "-"


@pytest.mark.parametrize(("name", "make", "code"), [*pdfs()], ids=_short)
def test_a_pdf_is_refused_with_its_reason(
    name: str, make: Callable[[], bytes], code: ProblemCode
) -> None:
    assert refused(make()) == code


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        (name, make, code)
        for code, files in hostile.WORD_FILES.items()
        for name, make in files.items()
    ],
    ids=_short,
)
def test_a_word_file_is_refused_with_its_reason(
    name: str, make: Callable[[Path], None], code: ProblemCode, tmp_path: Path
) -> None:
    path = tmp_path / name
    make(path)

    assert refused(path.read_bytes()) == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (name, content, code)
        for table in (hostile.OLD_WORD, hostile.OTHERS)
        for code, files in table.items()
        for name, content in files.items()
    ],
    ids=_short,
)
def test_other_files_are_refused_with_their_reason(
    name: str, content: bytes, code: ProblemCode
) -> None:
    assert refused(content) == code


def test_an_old_word_file_without_macros_goes_to_a_person() -> None:
    """Its text is not read: the form is filled in by hand."""
    reading = read_bytes(hostile.compound_file("WordDocument", "1Table", "\x05SummaryInformation"))

    assert reading == Reading(kind=FileKind.DOC)


def test_a_pdf_that_only_may_not_be_changed_is_read() -> None:
    """Brokers protect certificates against changes; that is no lock on reading."""
    reading = read_bytes(hostile.permissions_only())

    assert (reading.problem, len(reading.policies), len(reading.pages)) == (None, 1, 1)


def test_word_says_itself_which_part_is_the_document(tmp_path: Path) -> None:
    """Word's editor on the web calls it `document2.xml`; what is called otherwise is not read."""
    contents = parts(paragraph("not this one"))
    contents["word/document2.xml"] = parts(paragraph("The certificate"))["word/document.xml"]
    root = contents["_rels/.rels"]
    contents["_rels/.rels"] = root.replace(b"word/document.xml", b"/word/document2.xml")
    path = tmp_path / "a.docx"
    write_parts(path, contents)

    assert read_bytes(path.read_bytes()).text == "The certificate"


def test_harmless_parts_and_links_of_a_word_file_are_no_reason_to_refuse(tmp_path: Path) -> None:
    link = relationship("hyperlink", "https://broker.example")
    contents = parts(paragraph("The certificate"), relationships=link)
    contents["word/printerSettings/printerSettings1.bin"] = b"LPT1"
    contents["word/media/image1.png"] = b"not looked at"
    path = tmp_path / "a.docx"
    write_parts(path, contents)

    assert read_bytes(path.read_bytes()).problem is None


@pytest.mark.parametrize("place", [30, 48, 76])
def test_an_old_word_file_with_wild_pointers_is_refused(place: int) -> None:
    """The sector size, the directory, the first table: each pointing nowhere."""
    content = bytearray(hostile.compound_file("WordDocument"))
    content[place : place + 4] = b"\x77\x66\x55\x44"

    assert refused(bytes(content)) in {ProblemCode.DAMAGED, ProblemCode.TOO_BIG_TO_READ}


def test_a_link_is_text_and_no_action() -> None:
    """Links stand on nearly every certificate; nothing follows them."""
    link = (
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] "
        b"/A << /S /URI /URI (https://evil.example/?accept=1) >> >>"
    )

    assert refused(one_page(page=b"/Annots [5 0 R]", more=(link,))) is None


def test_opening_at_a_page_is_no_action() -> None:
    assert refused(one_page(catalogue=b"/OpenAction [3 0 R /Fit]")) is None


def test_what_cannot_be_reached_from_the_document_does_not_count() -> None:
    unreachable = b"<< /S /JavaScript /JS (1) >>"

    assert refused(one_page(more=(unreachable,))) is None


def test_a_broken_font_spoils_no_certificate() -> None:
    font = stream(b"not deflated", entries=b"/Filter /FlateDecode")

    assert refused(one_page(page=b"/Resources 5 0 R", more=(font,))) is None


def test_a_certificate_has_at_most_sixty_pages() -> None:
    sixty, more = read_bytes(hostile.many_pages(60)), read_bytes(hostile.many_pages(61))

    assert (sixty.problem, sixty.page_count, len(sixty.pages)) == (None, 60, 3)
    assert more.problem == problem(ProblemCode.TOO_MANY_PAGES)


def test_a_pdf_with_endless_objects_is_refused() -> None:
    """Each object is cheap; all together are not."""
    content = one_page(catalogue=b"/Chain [" + b"[] " * 40_100 + b"]")

    assert refused(content) == ProblemCode.TOO_BIG_TO_READ


def packed_pdf(catalogue: bytes) -> bytes:
    """A PDF whose catalogue is packed into an object stream, as modern writers do."""
    packed = b"1 0 " + catalogue
    objects = {
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        4: stream(packed, entries=b"/Type /ObjStm /N 1 /First 4"),
    }
    out, places = bytearray(b"%PDF-1.7\n"), [b"\x00\x00\x00\x00", b"\x02\x00\x04\x00"]
    for number, body in objects.items():
        places.append(struct.pack(">BHB", 1, len(out), 0))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    table = b"".join((*places, struct.pack(">BHB", 1, start, 0)))
    index = stream(table, entries=b"/Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R")
    return bytes(out) + b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (index, start)


def test_what_is_packed_into_object_streams_is_looked_at() -> None:
    plain = b"<< /Type /Catalog /Pages 2 0 R >>"
    acting = plain[:-2] + b"/OpenAction << /S /JavaScript /JS (1) >> >>"

    assert refused(packed_pdf(plain)) is None
    assert refused(packed_pdf(acting)) == ProblemCode.ACTIVE_CONTENT


def test_a_document_without_pages_is_damaged() -> None:
    empty = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")

    assert refused(empty) == ProblemCode.DAMAGED


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_says_what_is_wrong_and_what_to_do(code: ProblemCode) -> None:
    words = problem(code).words

    assert words.startswith("This file ")
    assert any(verb in words for verb in ("Send ", "send ", "Choose "))
    assert len(words) < 200
