"""Pages of PDFs: turned ones, pictures, ink, fields, and words however they were set."""

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from insurance.reading.facts import Limits, Reading
from insurance.reading.ink import ink_probe
from insurance.reading.parsing import read_bytes
from insurance.reading.pdf_form import words_of
from tests.insurance.certificates.american import SOUND
from tests.insurance.certificates.collection import write


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(SOUND, tmp_path_factory.mktemp("pages")).read_bytes()


def turned(content: bytes, degrees: int) -> bytes:
    """The same page with its content lying on its side, and the page turned back."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    page = writer.pages[0]
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    places = {90: (height, 0.0), 180: (width, height), 270: (0.0, width)}
    move = pypdf.Transformation().rotate(degrees).translate(*places[degrees])
    page.add_transformation(move)
    if degrees != 180:
        page.mediabox = pypdf.generic.RectangleObject((0, 0, height, width))
        page.cropbox = page.mediabox
    page.rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def said(reading: Reading) -> Reading:
    return replace(reading, pages=(), seconds=0)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_reads_like_an_upright_one(sound: bytes, degrees: int) -> None:
    """Scanners and printers turn pages; a person sees them upright, and so does the reader."""
    assert said(read_bytes(turned(sound, degrees))) == said(read_bytes(sound))


def test_a_picture_is_a_png_of_bounded_size(sound: bytes) -> None:
    (picture,) = read_bytes(sound).pages
    image = Image.open(io.BytesIO(picture))

    assert (image.format, image.mode) == ("PNG", "L")
    assert image.width <= 1000
    assert image.height <= 1400


def test_colours_are_kept_where_there_are_any() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 100))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 200, 100, fill=1)
    canvas.save()

    (picture,) = read_bytes(out.getvalue()).pages

    assert Image.open(io.BytesIO(picture)).getpixel((100, 50)) == (255, 0, 0)


def test_only_the_first_pages_are_drawn_and_read() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(5):
        canvas.drawString(100, 500, f"Page {number} of a certificate with several long pages")
        canvas.showPage()
    canvas.save()

    reading = read_bytes(out.getvalue(), limits=Limits(pages_drawn=2, pages_read=4))

    assert (reading.page_count, len(reading.pages)) == (5, 2)
    assert "Page 3" in reading.text
    assert "Page 4" not in reading.text


def test_a_tiny_page_is_not_blown_up() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(100, 50))
    canvas.drawString(5, 20, "small")
    canvas.save()

    (picture,) = read_bytes(out.getvalue()).pages

    assert Image.open(io.BytesIO(picture)).size == (200, 100)


def test_letters_set_one_by_one_are_words() -> None:
    """Some software places every letter by itself."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Courier", 10)
    for place, letter in enumerate("Policy number: CGL-100 of a general policy for products"):
        canvas.drawString(50 + 6 * place, 700, letter)
    canvas.save()

    assert read_bytes(out.getvalue()).text == (
        "Policy number: CGL-100 of a general policy for products"
    )


def test_ink_is_seen_and_rules_and_specks_are_not() -> None:
    picture = Image.new("RGB", (200, 100), "white")
    for x in range(200):
        picture.putpixel((x, 20), (0, 0, 0))
    for y in range(100):
        picture.putpixel((100, y), (0, 0, 0))
    picture.putpixel((150, 60), (0, 0, 0))
    probe = ink_probe(picture, width=100, height=50)
    empty = probe(0, 0, 100, 50)
    for place in range(20):
        picture.putpixel((20 + place, 50 + place), (0, 0, 60))
    signed = ink_probe(picture, width=100, height=50)

    assert (empty, signed(0, 0, 100, 50), signed(60, 0, 100, 50)) == (False, True, False)
    assert signed(120, 60, 130, 70) is False


def test_a_field_s_lines_stand_in_its_box() -> None:
    words = list(words_of(("Two words\nbelow", (10, 10, 110, 40)), upright=lambda *box: box))

    assert [(word.text, word.x0, word.top) for word in words] == [
        ("Two", 12.0, 10),
        ("words", 30.0, 10),
        ("below", 12.0, 20.0),
    ]


def with_fields(*fields: DictionaryObject) -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(600, 800)
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(field) for field in fields])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject()})
    writer.root_object[NameObject("/AcroForm")] = form
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field(kind: str, **entries: object) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject(kind),
            NameObject("/Rect"): ArrayObject(FloatObject(n) for n in (50, 700, 350, 720)),
            **{NameObject(f"/{name}"): value for name, value in entries.items()},
        }
    )


TEXT = "Policy number: CGL-100 for general liability insurance"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ([field("/Tx", V=TextStringObject(TEXT))], TEXT),
        ([field("/Ch", V=TextStringObject(TEXT))], TEXT),
        ([field("/Btn", AS=NameObject("/Yes"))], "X"),
        ([field("/Btn", AS=NameObject("/Off"))], ""),
        ([field("/Tx", Parent=DictionaryObject({NameObject("/V"): TextStringObject(TEXT)}))], TEXT),
        ([field("/Tx", V=TextStringObject(TEXT), Rect=ArrayObject())], ""),
        ([field("/Tx", V=NameObject("/Odd"))], "/Odd"),
        ([field("/Tx", V=FloatObject(7))], ""),
        ([field("/Tx", V=TextStringObject("a\x00b\u202ec"))], "a b c"),
    ],
)
def test_fields_are_read_where_they_stand(fields: list[DictionaryObject], text: str) -> None:
    assert read_bytes(with_fields(*fields)).text == text


def test_a_digital_signature_signs() -> None:
    signature = field("/Sig", V=DictionaryObject({NameObject("/Filter"): NameObject("/X")}))
    text = field("/Tx", V=TextStringObject(TEXT))

    assert read_bytes(with_fields(text, signature)).signed is True
    assert read_bytes(with_fields(text, field("/Sig"))).signed is None


def test_the_command_writes_every_certificate_for_people_to_look_at(tmp_path: Path) -> None:
    """`python -m tests.insurance.certificates DIR`; here the one drawing that needs all parts."""
    path = write(replace(SOUND, slug="paper", is_scan=True), tmp_path)

    assert [it.name for it in tmp_path.iterdir()] == ["paper.pdf"]
    assert read_bytes(path.read_bytes()).is_scan is True
