"""The figures of a version of terms as lines: name, value with its unit, how sure we are of it."""

from dataclasses import dataclass

from claims.figures import figure_name, figure_value, mark_words
from claims.models import TermsVersion
from claims.terms import DEFAULT, FIGURES


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure as the terms show it."""

    figure: str
    name: str
    value: str
    mark_words: str
    is_default: bool


def figure_lines(version: TermsVersion) -> list[FigureLine]:
    """Every figure of a version, in the order of the terms."""
    return [_line(version, figure) for figure in FIGURES if figure in version.figures]


def _line(version: TermsVersion, figure: str) -> FigureLine:
    return FigureLine(
        figure=figure,
        name=figure_name(figure),
        value=figure_value(figure, version.figures[figure], version.marketplace.currency),
        mark_words=mark_words(version.marks, figure),
        is_default=version.marks.get(figure, DEFAULT) == DEFAULT,
    )
