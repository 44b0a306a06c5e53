"""Where one field's text comes from in a row: columns, constants, tables of words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_CUT = "…"


@dataclass(frozen=True, slots=True)
class Source:
    """One field's entry in a map (docs/imports.md lists the keys).

    `values` and `means_empty` are matched without regard to case and to spaces around; `words`
    are looked for inside the text, first match wins.
    """

    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    separator: str = " "
    constant: str | None = None
    formats: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    words: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    when_empty: str = ""
    means_empty: frozenset[str] = frozenset()
    cut_to: int | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every text that the map itself, not the file, may put into the field."""
        given = (self.constant, self.otherwise, self.when_empty or None)
        tables = (*self.values.values(), *(value for _, value in self.words))
        return tuple(text for text in given if text is not None) + tables

    def original(self, cells: Mapping[str, str]) -> str:
        """The file's own text for this field, as a report quotes it."""
        if len(self.columns) == 1:
            return cells[self.columns[0]]
        return self.separator.join(t for c in self.columns if (t := cells[c].strip()))

    def text(self, cells: Mapping[str, str]) -> str | None:
        """The text to read, empty when there is none, or None when no table lists it."""
        if self.constant is not None:
            return self.constant
        given = self._joined(cells)
        if not given or given.casefold() in self.means_empty:
            return self.when_empty
        translated = self._translated(given)
        if translated is None or self.cut_to is None or len(translated) <= self.cut_to:
            return translated
        return translated[: self.cut_to - len(_CUT)] + _CUT

    def _joined(self, cells: Mapping[str, str]) -> str:
        if not self.labels:
            return self.original(cells).strip()
        parts = zip(self.labels, self.columns, strict=True)
        named = ((label, cells[column].strip()) for label, column in parts)
        return self.separator.join(
            f"{label}: {text}" if label else text for label, text in named if text
        )

    def _translated(self, given: str) -> str | None:
        if self.words:
            folded = given.casefold()
            found = (value for word, value in self.words if word in folded)
            return next(found, self.otherwise)
        if self.values:
            return self.values.get(given.casefold(), self.otherwise)
        return given
