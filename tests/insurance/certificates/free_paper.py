"""Draws certificates without a form, and pages that are only pictures."""

import io
from pathlib import Path

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.insurance.certificates.drawing import Drawing

# A4 in points.
WIDTH, HEIGHT = 595, 842


def draw_free(drawing: Drawing, path: Path) -> None:
    """Write labels and values in two columns, as insurers do without a form."""
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(60, HEIGHT - 70, drawing.title)
    canvas.setFont("Helvetica", 9.5)
    top = 110
    for label, value in drawing.values:
        canvas.drawString(60, HEIGHT - top, label)
        for line in value.split("\n"):
            canvas.drawString(230 if label else 60, HEIGHT - top, line)
            top += 13
        top += 7
    if drawing.signature == "drawn":
        canvas.setLineWidth(1.2)
        canvas.bezier(
            235, HEIGHT - top, 260, HEIGHT - top + 42, 285, HEIGHT - top - 5, 330, HEIGHT - top + 30
        )
    canvas.save()


def make_scan(source: Path, path: Path) -> None:
    """Turn a PDF into what a scanner makes of its paper: pictures, no text."""
    document = pypdfium2.PdfDocument(source)
    first = document[0]
    width, height = first.get_size()
    picture = first.render(scale=130 / 72).to_pil().convert("L")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    document.close()
    canvas = Canvas(str(path), pagesize=(width, height), invariant=True)
    canvas.drawImage(ImageReader(io.BytesIO(out.getvalue())), 0, 0, width, height)
    canvas.save()
