"""All test certificates, and how each is written to a file."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.insurance.certificates.american import AMERICAN
from tests.insurance.certificates.drawing import Drawing
from tests.insurance.certificates.european import EUROPEAN
from tests.insurance.certificates.form_paper import draw_form
from tests.insurance.certificates.free_paper import draw_free, make_scan
from tests.insurance.certificates.several import SEVERAL
from tests.insurance.certificates.word_paper import draw_form_word, draw_free_word

CERTIFICATES: Mapping[str, Drawing] = {
    drawing.slug: drawing for drawing in (*AMERICAN, *SEVERAL, *EUROPEAN)
}
_WRITERS: Mapping[str, Callable[[Drawing, Path], None]] = {
    "form": draw_form,
    "acroform": draw_form,
    "free": draw_free,
    "docx_form": draw_form_word,
    "docx_free": draw_free_word,
}


def write(drawing: Drawing, folder: Path) -> Path:
    """Write one certificate into a folder, named by its slug."""
    path = folder / f"{drawing.slug}{drawing.suffix}"
    if not drawing.is_scan:
        _WRITERS[drawing.style](drawing, path)
        return path
    paper = folder / f"{drawing.slug}-paper.pdf"
    _WRITERS[drawing.style](drawing, paper)
    make_scan(paper, path)
    paper.unlink()
    return path
