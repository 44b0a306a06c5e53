"""Reads a certificate's bytes, in whatever process it is called: `sandbox` calls it in a child.

Only tests and the child call this directly.
"""

import io
from dataclasses import replace

import pypdf
from pypdf.errors import LimitReachedError, PyPdfError

from insurance.reading.assembling import assemble
from insurance.reading.docx_archive import open_document
from insurance.reading.docx_text import page_of
from insurance.reading.facts import (
    DEFAULT,
    FileKind,
    Limits,
    ProblemCode,
    Reading,
    problem,
)
from insurance.reading.old_word import check_old_word
from insurance.reading.pdf_form import Field, filled_fields, is_signed_digitally
from insurance.reading.pdf_safety import check_pdf
from insurance.reading.pdf_text import draw_pages, open_pdf
from insurance.reading.refusal import FileNotRead
from insurance.reading.sniffing import sniff

_MEGABYTE = 1024 * 1024
# Without its end a PDF is cut off, and what can still be read of it is not the certificate.
_END = b"%%EOF"
_END_BYTES = 2048
# What one stream may unpack to, and how deep pages may be nested; no helper program is run.
_PDF_LIMITS = pypdf.Configuration(
    maximum_declared_stream_length=32 * _MEGABYTE,
    array_based_stream_maximum_output_length=16 * _MEGABYTE,
    zlib_maximum_output_length=16 * _MEGABYTE,
    lzw_maximum_output_length=16 * _MEGABYTE,
    run_length_maximum_output_length=16 * _MEGABYTE,
    jbig2_maximum_output_length=16 * _MEGABYTE,
    brotli_maximum_output_length=16 * _MEGABYTE,
    zlib_maximum_recovery_input_length=_MEGABYTE,
    page_tree_maximum_depth=40,
    page_tree_maximum_entries=5_000,
    form_fields_maximum_entries=5_000,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)
# What a parser of Python trips over when a file contradicts itself.
_CONFUSED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)


def read_bytes(content: bytes, *, limits: Limits = DEFAULT) -> Reading:
    """What a file's bytes say, or the problem with them.

    Raises:
        MemoryError: they need more than this process may have.
    """
    kind = None
    try:
        kind = _kind(content)
        return _READERS[kind](content, limits)
    except FileNotRead as refusal:
        known = None if refusal.code is ProblemCode.WRONG_TYPE else kind
        return Reading(kind=known, problem=problem(refusal.code))


def _kind(content: bytes) -> FileKind:
    if not content:
        raise FileNotRead(ProblemCode.EMPTY)
    kind = sniff(content)
    if kind is None:
        raise FileNotRead(ProblemCode.WRONG_TYPE)
    return kind


def _read_pdf(content: bytes, limits: Limits) -> Reading:
    if _END not in content[-_END_BYTES:]:
        raise FileNotRead(ProblemCode.DAMAGED)
    document = open_pdf(content)
    if len(document) > limits.pages:
        raise FileNotRead(ProblemCode.TOO_MANY_PAGES)
    if not len(document):
        raise FileNotRead(ProblemCode.DAMAGED)
    filled, signed = _inspect(content)
    if filled:
        document.init_forms()
    drawn = draw_pages(document, filled=filled, limits=limits)
    document.close()
    reading = assemble(drawn.pages, kind=FileKind.PDF, signed_digitally=signed)
    return replace(reading, pages=drawn.pictures)


def _inspect(content: bytes) -> tuple[dict[int, list[Field]], bool]:
    """A PDF's filled fields and whether it is signed, after a look at all of its objects."""
    try:
        with pypdf.apply_configuration(_PDF_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content))
            check_pdf(reader)
            return filled_fields(reader), is_signed_digitally(reader)
    except LimitReachedError as error:
        raise FileNotRead(ProblemCode.ZIP_BOMB) from error
    except (PyPdfError, *_CONFUSED) as error:
        raise FileNotRead(ProblemCode.DAMAGED) from error


def _read_docx(content: bytes, _limits: Limits) -> Reading:
    page = page_of(open_document(content))
    return assemble((page,), kind=FileKind.DOCX)


def _read_doc(content: bytes, _limits: Limits) -> Reading:
    """An old Word file is only checked: a person reads it and fills in the form."""
    check_old_word(content)
    return Reading(kind=FileKind.DOC)


_READERS = {
    FileKind.PDF: _read_pdf,
    FileKind.DOCX: _read_docx,
    FileKind.DOC: _read_doc,
}
