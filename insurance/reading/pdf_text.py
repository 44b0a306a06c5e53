"""The words of a PDF's pages with their places, and pictures of the pages, by PDFium.

PDFium is native code that meets a stranger's bytes: only ever called in the reader's own process.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

from insurance.reading.facts import Limits, ProblemCode
from insurance.reading.ink import ink_probe
from insurance.reading.page import Page, Word, lines_of
from insurance.reading.pdf_form import Field, Upright, words_of
from insurance.reading.refusal import FileNotRead

# More characters than this on one page is no certificate.
_MOST_CHARACTERS = 40_000
# Two hundred inches, the most that PDF's own standard allows a page (ISO 32000, annex C).
_LARGEST_SIDE = 14_400
# Small pages are not blown up beyond what the eye needs.
_LARGEST_SCALE = 2.0
_GAP_IN_WORD = 0.5
_LAST_CODE_POINT = 0x10FFFF
_QUARTER = 90


@dataclass(frozen=True, slots=True)
class Drawn:
    """What PDFium made of a PDF: pages of words, and pictures of the first of them."""

    pages: tuple[Page, ...]
    pictures: tuple[bytes, ...]


def open_pdf(content: bytes) -> pypdfium2.PdfDocument:
    """The document, opened without a password.

    Raises:
        FileNotRead: ENCRYPTED or DAMAGED.
    """
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        # PDFium's own words may be those of an earlier failure, so the file itself is asked.
        code = ProblemCode.ENCRYPTED if b"/Encrypt" in content else ProblemCode.DAMAGED
        raise FileNotRead(code) from error


def draw_pages(
    document: pypdfium2.PdfDocument, *, filled: dict[int, list[Field]], limits: Limits
) -> Drawn:
    """The pages' words and pictures. `filled` are its form fields, by page.

    Raises:
        FileNotRead: DAMAGED, when a page cannot be opened; TOO_BIG_TO_READ, when it is vast.
    """
    pages, pictures = [], []
    for number in range(len(document)):
        page = _open_page(document, number)
        picture = _picture(page, limits=limits) if number < limits.pages_drawn else None
        if picture is not None:
            pictures.append(_png(picture))
        if number < limits.pages_read:
            pages.append(_read_page(page, filled=filled.get(number, []), picture=picture))
        else:
            width, height = page.get_size()
            pages.append(Page(width, height, ()))
        page.close()
    return Drawn(tuple(pages), tuple(pictures))


def _open_page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise FileNotRead(ProblemCode.DAMAGED) from error
    if max(page.get_size()) > _LARGEST_SIDE:
        raise FileNotRead(ProblemCode.TOO_BIG_TO_READ)
    return page


def _read_page(
    page: pypdfium2.PdfPage, *, filled: list[Field], picture: Image.Image | None
) -> Page:
    width, height = page.get_size()
    probe = None if picture is None else ink_probe(picture, width=width, height=height)
    upright = _upright_on(page)
    typed = [word for field in filled for word in words_of(field, upright=upright)]
    return Page(width, height, lines_of([*_words(page, upright), *typed]), probe)


def _words(page: pypdfium2.PdfPage, upright: Upright) -> Iterator[Word]:
    """The page's words, split where letters stand apart."""
    text_page = page.get_textpage()
    word: list[Word] = []
    for index in range(min(text_page.count_chars(), _MOST_CHARACTERS)):
        letter = _letter(text_page, index, upright)
        if word and (letter is None or _stands_apart(word[-1], letter)):
            yield _joined(word)
            word = []
        if letter is not None:
            word.append(letter)
    if word:
        yield _joined(word)
    text_page.close()


def _letter(text_page: pypdfium2.PdfTextPage, index: int, upright: Upright) -> Word | None:
    """One letter in its box; None for spaces and what cannot be seen."""
    code = raw.FPDFText_GetUnicode(text_page, index)
    text = chr(code) if code <= _LAST_CODE_POINT else ""
    if not text.strip() or not text.isprintable():
        return None
    box = upright(*text_page.get_charbox(index, loose=True))
    return Word(text, *box) if box[3] > box[1] else None


def _stands_apart(last: Word, letter: Word) -> bool:
    height = min(last.height, letter.height)
    is_beside = -height < letter.x0 - last.x1 < _GAP_IN_WORD * height
    return not is_beside or abs(letter.level - last.level) > height / 2


def _joined(letters: list[Word]) -> Word:
    return Word(
        "".join(letter.text for letter in letters),
        min(letter.x0 for letter in letters),
        min(letter.top for letter in letters),
        max(letter.x1 for letter in letters),
        max(letter.bottom for letter in letters),
    )


def _upright_on(page: pypdfium2.PdfPage) -> Upright:
    """From a box in the file (left, bottom, right, top, upwards) to the box that a person sees."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()

    def upright(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if turn == _QUARTER:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if turn == 2 * _QUARTER:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if turn == 3 * _QUARTER:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0

    return upright


def _picture(page: pypdfium2.PdfPage, *, limits: Limits) -> Image.Image:
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(limits.picture_width / width, limits.picture_height / height, _LARGEST_SCALE)
    bitmap = page.render(scale=scale)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return picture


def _png(picture: Image.Image) -> bytes:
    """The picture without loss; one without colour takes a third of the room in grey."""
    red, green, blue = picture.split()
    has_colour = any(ImageChops.difference(red, other).getbbox() for other in (green, blue))
    out = io.BytesIO()
    (picture if has_colour else red).save(out, "PNG")
    return out.getvalue()
