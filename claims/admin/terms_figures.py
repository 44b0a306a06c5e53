"""The figures of terms in words: name, value with its unit, and how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.figures import NAMES, figure_name, figure_unit, figure_value
from claims.models import TermsVersion
from claims.terms import DEFAULT, FIGURES, MARK_WORDS

__all__ = ["NAMES", "FigureLine", "figure_lines", "figure_name", "figure_unit", "figure_value"]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure as the terms show it."""

    figure: str
    name: str
    value: str
    mark: str
    mark_words: str
    is_default: bool


def figure_lines(version: TermsVersion) -> list[FigureLine]:
    """Every figure of a version, in the order of the terms."""
    return [
        _line(figure, version.figures[figure], version.marks, version.marketplace.currency)
        for figure in FIGURES
        if figure in version.figures
    ]


def _line(figure: str, value: Any, marks: Mapping[str, str], currency: str) -> FigureLine:
    mark = marks.get(figure, DEFAULT)
    return FigureLine(
        figure=figure,
        name=figure_name(figure),
        value=figure_value(figure, value, currency),
        mark=mark,
        mark_words=MARK_WORDS[mark],
        is_default=mark == DEFAULT,
    )
