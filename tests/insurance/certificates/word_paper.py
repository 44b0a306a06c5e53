"""Writes Word files (DOCX) by hand: the parts that Word needs, and nothing else."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.insurance.certificates.drawing import Drawing, Row

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_INNER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)


def relationship(kind: str, target: str, *, is_external: bool = True) -> str:
    """One relationship of a document's part to something else."""
    mode = ' TargetMode="External"' if is_external else ""
    return (
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{target}"{mode}/>'
    )


def parts(body: str, *, relationships: str = "") -> dict[str, bytes]:
    """The parts of a document whose body is given as XML."""
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    )
    return {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELATIONSHIPS.encode(),
        "word/document.xml": document.encode(),
        "word/_rels/document.xml.rels": _INNER.format(relationships).encode(),
    }


def write_parts(path: Path, contents: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(rows: Iterable[Iterable[str]]) -> str:
    """A table whose cells hold lines of text."""
    body = "".join(
        "<w:tr>"
        + "".join(
            f"<w:tc>{''.join(paragraph(line) for line in cell.split('\n'))}</w:tc>" for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{body}</w:tbl>"


def draw_free_word(drawing: Drawing, path: Path) -> None:
    """Labels and values, some as paragraphs and some in a table."""
    half = len(drawing.values) // 2
    body = paragraph(drawing.title) + "".join(
        paragraph(line)
        for label, value in drawing.values[:half]
        for line in f"{label} {value}".strip().split("\n")
    )
    write_parts(path, parts(body + table(drawing.values[half:]) + paragraph("")))


def draw_form_word(drawing: Drawing, path: Path) -> None:
    """The American form as tables of a Word file."""
    insurers = [f"INSURER {letter} : {name} {naic}" for letter, name, naic in drawing.insurers]
    right = "\n".join(("INSURER(S) AFFORDING COVERAGE NAIC #", *insurers))
    left = "\n".join(("PRODUCER", *drawing.producer))
    insured = "\n".join(("INSURED", *drawing.insured))
    signature = "Jo Miller" if drawing.signature == "typed" else ""
    body = (
        paragraph("CERTIFICATE OF LIABILITY INSURANCE")
        + paragraph(f"DATE (MM/DD/YYYY) {drawing.issued}")
        + table([(left, right), (insured, "")])
        + paragraph("COVERAGES")
        + table([_HEADINGS, *(_cells(row) for row in drawing.rows)])
        + paragraph("DESCRIPTION OF OPERATIONS / LOCATIONS / VEHICLES")
        + "".join(paragraph(sentence) for sentence in drawing.said.sentences())
        + table(
            [
                ("CERTIFICATE HOLDER", "CANCELLATION"),
                ("\n".join(drawing.holder), f"AUTHORIZED REPRESENTATIVE\n{signature}"),
            ]
        )
    )
    write_parts(path, parts(body))


_HEADINGS = (
    "INSR LTR",
    "TYPE OF INSURANCE",
    "ADDL INSD",
    "SUBR WVD",
    "POLICY NUMBER",
    "POLICY EFF (MM/DD/YYYY)",
    "POLICY EXP (MM/DD/YYYY)",
    "LIMITS",
)


def _box(text: str, *, on: bool) -> str:
    return f"{'☒' if on else '☐'} {text}"


def _cells(row: Row) -> tuple[str, ...]:
    kind = "\n".join(
        (
            _box("COMMERCIAL GENERAL LIABILITY", on=row.kind == "COMMERCIAL_GENERAL"),
            (
                f"{_box('CLAIMS-MADE', on=row.basis == 'CLAIMS_MADE')} "
                f"{_box('OCCUR', on=row.basis == 'OCCURRENCE')}"
            ),
            "GEN'L AGGREGATE LIMIT APPLIES PER:",
            f"{_box('POLICY', on=row.per == 'POLICY')} {_box('PROJECT', on=row.per == 'PROJECT')}",
        )
    )
    limits = "\n".join(
        f"{label} $ {amount}"
        for label, amount in (
            ("EACH OCCURRENCE", row.each),
            ("GENERAL AGGREGATE", row.aggregate),
            ("PRODUCTS - COMP/OP AGG", row.products),
        )
    )
    return (
        row.letter,
        kind,
        row.additional,
        row.subrogation,
        row.number,
        row.effective,
        row.expires,
        limits,
    )
