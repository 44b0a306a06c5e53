"""Draws certificates that are laid out like the American form: our own drawing of such a form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from reportlab.pdfgen.canvas import Canvas

from tests.insurance.certificates.drawing import Drawing, Row, wrapped

WIDTH, HEIGHT = 612, 792
LEFT, RIGHT = 24, 588
# Column edges of the table: letter, type, additional, subrogation, number, dates, limits.
EDGES = (24, 42, 190, 212, 234, 342, 392, 442, 588)
TABLE_TOP = 262
LINE = 12


class Ink:
    """Fills the form by printing."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def write(self, text: str, x: float, top: float, *, width: float = 100) -> None:  # noqa: ARG002
        """Print a text; `width` is the room that a field for it may take."""
        self.canvas.setFont("Helvetica", 8)
        self.canvas.drawString(x, HEIGHT - top - 8, text)

    def tick(self, x: float, top: float, *, on: bool) -> None:
        self.canvas.rect(x, HEIGHT - top - 8.5, 8, 8)
        if on:
            self.write("X", x + 1.3, top)


class Fields(Ink):
    """Fills the form through form fields, as brokers' software does."""

    count = 0

    def write(self, text: str, x: float, top: float, *, width: float = 100) -> None:
        if text:
            self.count += 1
            self.canvas.acroForm.textfield(
                name=f"field{self.count}",
                value=text.replace("’", "'"),
                x=x - 2,
                y=HEIGHT - top - 10,
                width=width,
                height=11,
                fontSize=8,
                borderWidth=0,
                fieldFlags="",
            )

    def tick(self, x: float, top: float, *, on: bool) -> None:
        self.count += 1
        self.canvas.acroForm.checkbox(
            name=f"box{self.count}", checked=on, x=x, y=HEIGHT - top - 8.5, size=8
        )


def draw_form(drawing: Drawing, out: Path | BinaryIO) -> None:
    """Write a drawing as a PDF of one page."""
    canvas = Canvas(
        str(out) if isinstance(out, Path) else out, pagesize=(WIDTH, HEIGHT), invariant=True
    )
    pen = Fields(canvas) if drawing.style == "acroform" else Ink(canvas)
    _draw_head(canvas, pen, drawing)
    bottom = _draw_table(canvas, pen, drawing)
    _draw_foot(canvas, pen, drawing, top=bottom)
    canvas.save()


def _print(canvas: Canvas, text: str, x: float, top: float, *, size: float = 6) -> None:
    canvas.setFont("Helvetica-Bold" if size < 7 else "Helvetica", size)
    canvas.drawString(x, HEIGHT - top - size, text)


def _rule(canvas: Canvas, x0: float, top0: float, x1: float, top1: float) -> None:
    canvas.line(x0, HEIGHT - top0, x1, HEIGHT - top1)


def _draw_head(canvas: Canvas, pen: Ink, drawing: Drawing) -> None:
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(150, HEIGHT - 40, "CERTIFICATE OF LIABILITY INSURANCE")
    _print(canvas, "DATE (MM/DD/YYYY)", 510, 26)
    pen.write(drawing.issued, 515, 36, width=60)
    _print(
        canvas,
        "This certificate is issued for information only. It gives the certificate "
        "holder no rights and changes no policy named below.",
        LEFT + 2,
        60,
    )
    _print(
        canvas,
        "A holder who is to be an additional insured must be named so by the policy.",
        LEFT + 2,
        70,
    )
    _draw_parties(canvas, pen, drawing)
    _draw_insurers(canvas, pen, drawing)
    _print(canvas, "COVERAGES", LEFT + 2, 240, size=6.5)
    _print(canvas, "CERTIFICATE NUMBER:", 220, 240)
    _print(canvas, "REVISION NUMBER:", 420, 240)
    _print(
        canvas,
        "The policies listed below were issued to the insured named above for the policy "
        "period indicated.",
        LEFT + 2,
        250,
    )


def _draw_parties(canvas: Canvas, pen: Ink, drawing: Drawing) -> None:
    for label, lines, top in (
        ("PRODUCER", drawing.producer, 90),
        ("INSURED", drawing.insured, 165),
    ):
        _rule(canvas, LEFT, top - 2, 306, top - 2)
        _print(canvas, label, LEFT + 2, top)
        for number, line in enumerate(lines):
            pen.write(line, 40, top + 12 + LINE * number, width=250)
    _rule(canvas, 306, 88, 306, 236)


def _draw_insurers(canvas: Canvas, pen: Ink, drawing: Drawing) -> None:
    _print(canvas, "CONTACT NAME:", 308, 92)
    pen.write("Jo Miller", 370, 91)
    _print(canvas, "PHONE (A/C, No, Ext):", 308, 104)
    _print(canvas, "E-MAIL ADDRESS:", 308, 116)
    pen.write("jo@brokers.example", 370, 115)
    _print(canvas, "INSURER(S) AFFORDING COVERAGE", 370, 130)
    _print(canvas, "NAIC #", 555, 130)
    named = {letter: (name, naic) for letter, name, naic in drawing.insurers}
    for number, letter in enumerate("ABCDEF"):
        top = 142 + 15 * number
        name, naic = named.get(letter, ("", ""))
        _rule(canvas, 306, top - 3, RIGHT, top - 3)
        _print(canvas, f"INSURER {letter} :", 308, top + 1)
        pen.write(name, 350, top, width=180)
        pen.write(naic, 550, top, width=34)


def _draw_table(canvas: Canvas, pen: Ink, drawing: Drawing) -> float:
    headings = (
        ("INSR", "LTR"),
        ("", "TYPE OF INSURANCE"),
        ("ADDL", "INSD"),
        ("SUBR", "WVD"),
        ("", "POLICY NUMBER"),
        ("POLICY EFF", "(MM/DD/YYYY)"),
        ("POLICY EXP", "(MM/DD/YYYY)"),
        ("", "LIMITS"),
    )
    for column, (over, under) in enumerate(headings):
        middle = (EDGES[column] + EDGES[column + 1]) / 2
        canvas.setFont("Helvetica-Bold", 5.8)
        canvas.drawCentredString(middle, HEIGHT - TABLE_TOP - 8, over)
        canvas.drawCentredString(middle, HEIGHT - TABLE_TOP - 15, under)
    top = TABLE_TOP + 20.0
    for row in _with_empty_rows(drawing.rows):
        _rule(canvas, LEFT, top - 1, RIGHT, top - 1)
        draw = _BLOCKS[row.kind if row.kind in _BLOCKS else "OTHER"]
        top += draw(canvas, pen, row, top)
    for edge in EDGES:
        _rule(canvas, edge, TABLE_TOP, edge, top)
    _rule(canvas, LEFT, top, RIGHT, top)
    return top


def _with_empty_rows(rows: tuple[Row, ...]) -> list[Row]:
    """The form prints rows for cars and for umbrellas, whether they are filled or not."""
    empty = {
        kind: Row(
            kind=kind,
            letter="",
            number="",
            basis="",
            effective="",
            expires="",
            each="",
            aggregate="",
            products="",
            additional="",
            subrogation="",
            per="",
        )
        for kind in ("AUTOMOBILE", "UMBRELLA")
    }
    kinds = {"UMBRELLA" if row.kind == "EXCESS" else row.kind for row in rows}
    return [*rows, *(row for kind, row in empty.items() if kind not in kinds)]


def _draw_general(canvas: Canvas, pen: Ink, row: Row, top: float) -> float:
    _draw_cells(pen, row, top)
    x = EDGES[1] + 3
    pen.tick(x, top + 1, on=row.kind == "COMMERCIAL_GENERAL" and bool(row.number))
    _print(canvas, "COMMERCIAL GENERAL LIABILITY", x + 12, top + 3)
    _draw_basis(canvas, pen, row, x + 12, top + LINE)
    pen.tick(x, top + 3 * LINE, on=bool(row.own_share))
    pen.write(row.own_share, x + 12, top + 3 * LINE, width=120)
    _print(canvas, "GEN'L AGGREGATE LIMIT APPLIES PER:", x, top + 4 * LINE + 2)
    for place, label in enumerate(("POLICY", "PROJECT", "LOC")):
        pen.tick(x + 46 * place, top + 5 * LINE, on=row.per == label)
        _print(canvas, label, x + 46 * place + 11, top + 5 * LINE + 2)
    limits = (
        ("EACH OCCURRENCE", row.each),
        ("DAMAGE TO RENTED PREMISES", "100,000"),
        ("MED EXP (Any one person)", "5,000"),
        ("PERSONAL & ADV INJURY", row.each),
        ("GENERAL AGGREGATE", row.aggregate),
        ("PRODUCTS - COMP/OP AGG", row.products),
    )
    _draw_limits(canvas, pen, limits, top)
    return 6 * LINE + 3


def _draw_umbrella(canvas: Canvas, pen: Ink, row: Row, top: float) -> float:
    _draw_cells(pen, row, top)
    x = EDGES[1] + 3
    for line, (label, kind, basis, words) in enumerate(
        (
            ("UMBRELLA LIAB", "UMBRELLA", "OCCURRENCE", "OCCUR"),
            ("EXCESS LIAB", "EXCESS", "CLAIMS_MADE", "CLAIMS-MADE"),
        )
    ):
        pen.tick(x, top + LINE * line + 1, on=row.kind == kind and bool(row.number))
        _print(canvas, label, x + 12, top + LINE * line + 3)
        pen.tick(x + 75, top + LINE * line + 1, on=row.basis == basis)
        _print(canvas, words, x + 87, top + LINE * line + 3)
    pen.tick(x, top + 2 * LINE + 1, on=False)
    _print(canvas, "DED", x + 12, top + 2 * LINE + 3)
    pen.tick(x + 40, top + 2 * LINE + 1, on=bool(row.own_share))
    _print(canvas, "RETENTION $", x + 52, top + 2 * LINE + 3)
    pen.write(row.own_share, x + 98, top + 2 * LINE + 1, width=46)
    _draw_limits(canvas, pen, (("EACH OCCURRENCE", row.each), ("AGGREGATE", row.aggregate)), top)
    return 3 * LINE + 3


def _draw_cars(canvas: Canvas, pen: Ink, row: Row, top: float) -> float:
    _draw_cells(pen, row, top)
    x = EDGES[1] + 3
    _print(canvas, "AUTOMOBILE LIABILITY", x, top + 3)
    pen.tick(x, top + LINE, on=bool(row.number))
    _print(canvas, "ANY AUTO", x + 12, top + LINE + 2)
    _draw_limits(canvas, pen, (("COMBINED SINGLE LIMIT", row.each),), top)
    return 2 * LINE + 3


def _draw_other(canvas: Canvas, pen: Ink, row: Row, top: float) -> float:
    _draw_cells(pen, row, top)
    x = EDGES[1] + 3
    pen.write(row.title, x, top + 1, width=140)
    _draw_basis(canvas, pen, row, x, top + LINE)
    limits = [("EACH OCCURRENCE", row.each), ("AGGREGATE", row.aggregate)]
    if row.products:
        limits.append(("PRODUCTS - COMP/OP AGG", row.products))
    _draw_limits(canvas, pen, tuple(limits), top)
    return 3 * LINE + 3


def _draw_basis(canvas: Canvas, pen: Ink, row: Row, x: float, top: float) -> None:
    pen.tick(x, top + 1, on=row.basis == "CLAIMS_MADE")
    _print(canvas, "CLAIMS-MADE", x + 12, top + 3)
    pen.tick(x + 58, top + 1, on=row.basis == "OCCURRENCE")
    _print(canvas, "OCCUR", x + 70, top + 3)


def _draw_cells(pen: Ink, row: Row, top: float) -> None:
    cells = (
        row.letter,
        None,
        row.additional,
        row.subrogation,
        row.number,
        row.effective,
        row.expires,
    )
    for column, text in enumerate(cells):
        if text is not None:
            width = EDGES[column + 1] - EDGES[column] - 3
            pen.write(text, EDGES[column] + 3, top + 1, width=width)


def _draw_limits(canvas: Canvas, pen: Ink, limits: tuple[tuple[str, str], ...], top: float) -> None:
    for line, (label, amount) in enumerate(limits):
        _print(canvas, label, EDGES[7] + 2, top + LINE * line + 3, size=5)
        _print(canvas, "$", EDGES[7] + 86, top + LINE * line + 2)
        pen.write(amount, EDGES[7] + 92, top + LINE * line + 1, width=52)


_BLOCKS: dict[str, Callable[[Canvas, Any, Row, float], float]] = {
    "COMMERCIAL_GENERAL": _draw_general,
    "UMBRELLA": _draw_umbrella,
    "EXCESS": _draw_umbrella,
    "AUTOMOBILE": _draw_cars,
    "OTHER": _draw_other,
}


def _draw_foot(canvas: Canvas, pen: Ink, drawing: Drawing, *, top: float) -> None:
    _print(
        canvas,
        "DESCRIPTION OF OPERATIONS / LOCATIONS / VEHICLES (further remarks may be attached)",
        LEFT + 2,
        top + 3,
    )
    for number, line in enumerate(wrapped(drawing.said.sentences(), width=125)):
        pen.write(line, LEFT + 4, top + 14 + 11 * number, width=550)
    _rule(canvas, LEFT, 640, RIGHT, 640)
    _print(canvas, "CERTIFICATE HOLDER", LEFT + 2, 643, size=6.5)
    _print(canvas, "CANCELLATION", 308, 643, size=6.5)
    for number, line in enumerate(drawing.holder):
        pen.write(line, 40, 664 + LINE * number, width=250)
    _print(
        canvas, "If a policy above is cancelled, notice is given as that policy provides.", 308, 660
    )
    _rule(canvas, 306, 640, 306, 765)
    _rule(canvas, 306, 705, RIGHT, 705)
    _print(canvas, "AUTHORIZED REPRESENTATIVE", 308, 708)
    _sign(canvas, pen, drawing)
    _rule(canvas, LEFT, 765, RIGHT, 765)
    _print(canvas, "© Drawn for the tests of this product", LEFT + 2, 770)


def _sign(canvas: Canvas, pen: Ink, drawing: Drawing) -> None:
    if drawing.signature == "typed":
        pen.write("Jo Miller", 330, 728)
    elif drawing.signature == "drawn":
        canvas.setLineWidth(1.2)
        canvas.bezier(330, HEIGHT - 745, 345, HEIGHT - 715, 360, HEIGHT - 755, 380, HEIGHT - 728)
        canvas.bezier(380, HEIGHT - 728, 395, HEIGHT - 748, 410, HEIGHT - 722, 440, HEIGHT - 740)
        canvas.setLineWidth(1)
