"""Certificates of the demo's made-up insurers, on paper of our own: a page and its picture."""

import io
from collections.abc import Iterable

import pypdfium2

WIDTH, HEIGHT = 612, 792
_MARGIN, _TOP, _LINE = 54, 720, 20
_LABEL_WIDTH = 190
_PICTURE_WIDTH = 1000


def draw_page(title: str, rows: Iterable[tuple[str, str]]) -> bytes:
    """A PDF of one page: a title, and a label with its words on each line."""
    drawn = [_text(_MARGIN, _TOP + 24, 15, "Bold", title)]
    for place, (label, words) in enumerate(rows):
        height = _TOP - _LINE * place
        drawn.append(_text(_MARGIN, height, 9, "Bold", label))
        drawn.append(_text(_MARGIN + _LABEL_WIDTH, height, 9, "Plain", words))
    return _pdf(b"\n".join(drawn))


def picture_of(page: bytes) -> bytes:
    """The PNG that the reader of certificates would draw of such a page."""
    document = pypdfium2.PdfDocument(page)
    picture = document[0].render(scale=_PICTURE_WIDTH / WIDTH).to_pil().convert("L")
    document.close()
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _text(x: int, y: int, size: int, font: str, words: str) -> bytes:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET".encode("cp1252", "replace")


def _pdf(content: bytes) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 6 0 R "
        b"/Resources << /Font << /Plain 4 0 R /Bold 5 0 R >> >> >>" % (WIDTH, HEIGHT),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )
