"""Maps: a TOML file that says which column of somebody's file is which field of ours.

docs/imports.md explains every key. A map is checked as a whole before the first row is read, so
that a slip in it is told once and not once per row.
"""

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sellers.imports.fields import Field, NotUnderstood
from sellers.imports.sources import Source

_TOP = frozenset({"imports", "name", "source", "file", "fields"})
_FILE = frozenset({"encoding", "delimiter", "skip_lines", "header_contains"})
_TEXTS = ("separator", "constant", "otherwise", "when_empty")
_SOURCE = frozenset(
    {"column", "columns", "labels", "formats", "values", "words", "means_empty", "cut_to", *_TEXTS}
)
LONGEST_SOURCE = 40


class MapNotUnderstood(ValueError):
    """A map contradicts itself or the importer; the message names the key."""


@dataclass(frozen=True, slots=True)
class FileShape:
    """How the file is written: its encoding, its delimiter, and where its header is."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    skip_lines: int = 0
    header_contains: str = ""


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A checked map: the shape of the file, and the source of each field."""

    name: str
    source: str
    shape: FileShape
    sources: Mapping[str, Source]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the map reads, each once, in the map's order."""
        named = (column for source in self.sources.values() for column in source.columns)
        return tuple(dict.fromkeys(named))

    def with_constant(self, name: str, value: str) -> "ImportMap":
        """The same map, in which a field that it does not mention is this constant."""
        given = {name: Source(constant=value), **self.sources}
        return ImportMap(self.name, self.source, self.shape, given)


def load_map(path: Path, *, imports: str, fields: Iterable[Field]) -> ImportMap:
    """Read the map for an importer ("claims", "sellers", …) that knows these fields.

    Raises `MapNotUnderstood`.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MapNotUnderstood(f"The map {path} cannot be read: {error}") from error
    return read_map(given, imports=imports, fields=fields)


def read_map(given: Mapping[str, Any], *, imports: str, fields: Iterable[Field]) -> ImportMap:
    """Check a map that was read from TOML; raises `MapNotUnderstood`."""
    known = {field.name: field for field in fields}
    _check_keys("the map", given, _TOP)
    if given.get("imports") != imports:
        raise MapNotUnderstood(f"This map is not for {imports}: write imports = “{imports}”.")
    _check_keys("[fields]", given.get("fields", {}), known)
    sources = {name: _source(name, entry) for name, entry in given.get("fields", {}).items()}
    for name, source in sources.items():
        _check_outcomes(known[name], source)
    return ImportMap(
        name=_text(given, "name", "the map"),
        source=_source_name(given),
        shape=_shape(given.get("file", {})),
        sources=sources,
    )


def _source_name(given: Mapping[str, Any]) -> str:
    source = _text(given, "source", "the map")
    if len(source) > LONGEST_SOURCE:
        raise MapNotUnderstood(f"source has at most {LONGEST_SOURCE} characters.")
    return source


def _shape(given: Mapping[str, Any]) -> FileShape:
    _check_keys("[file]", given, _FILE)
    shape = FileShape(**given)
    try:
        codecs.lookup(shape.encoding)
    except (LookupError, TypeError):
        raise MapNotUnderstood(f"[file] encoding “{shape.encoding}” is not known.") from None
    if not (isinstance(shape.delimiter, str) and len(shape.delimiter) == 1):
        raise MapNotUnderstood("[file] delimiter is one character.")
    if type(shape.skip_lines) is not int or shape.skip_lines < 0:
        raise MapNotUnderstood("[file] skip_lines is a number of lines, 0 or more.")
    if not isinstance(shape.header_contains, str):
        raise MapNotUnderstood("[file] header_contains is a text.")
    return shape


def _source(name: str, given: Any) -> Source:
    where = f"[fields.{name}]"
    if not isinstance(given, Mapping):
        raise MapNotUnderstood(f"{where} is a table: {name} = {{ column = “…” }}.")
    _check_keys(where, given, _SOURCE)
    columns = (given["column"],) if "column" in given else tuple(given.get("columns", ()))
    if ("constant" in given) == bool(columns):
        raise MapNotUnderstood(f"{where} has either a column, columns or a constant.")
    _check_texts(where, given, columns)
    labels = tuple(given.get("labels", ()))
    if labels and len(labels) != len(columns):
        raise MapNotUnderstood(f"{where} labels: one for each column (or “”).")
    return Source(
        columns=columns,
        labels=labels,
        formats=tuple(given.get("formats", ())),
        values={_folded(key): value for key, value in given.get("values", {}).items()},
        words=tuple((word.casefold(), value) for word, value in given.get("words", ())),
        means_empty=frozenset(map(_folded, given.get("means_empty", ()))),
        cut_to=_cut_to(where, given),
        **{key: given[key] for key in _TEXTS if key in given},
    )


def _check_texts(where: str, given: Mapping[str, Any], columns: tuple[Any, ...]) -> None:
    for key in _TEXTS:
        if not isinstance(given.get(key, ""), str):
            raise MapNotUnderstood(f"{where} {key} is a text: write it in quotes.")
    values, words = given.get("values", {}), given.get("words", [])
    if not isinstance(values, Mapping):
        raise MapNotUnderstood(f"{where} values is a table of their word → ours.")
    if not all(isinstance(pair, list) and len(pair) == len("ab") for pair in words):
        raise MapNotUnderstood(f"{where} words is a list of pairs: [“burn”, “FIRE”].")
    lists = (given.get(key, ()) for key in ("labels", "formats", "means_empty"))
    texts = chain(columns, values.values(), *words, *lists)
    if not all(isinstance(text, str) for text in texts):
        raise MapNotUnderstood(f"{where} has a value that is not a text: write it in quotes.")


def _cut_to(where: str, given: Mapping[str, Any]) -> int | None:
    longest = given.get("cut_to")
    if longest is None or (type(longest) is int and longest > 0):
        return longest
    raise MapNotUnderstood(f"{where} cut_to is a number of characters.")


def _check_outcomes(field: Field, source: Source) -> None:
    """Refuse constants and tables that the field could never accept."""
    for outcome in source.outcomes:
        try:
            field.read(outcome, source, {})
        except NotUnderstood as error:
            raise MapNotUnderstood(f"[fields.{field.name}] “{outcome}” {error}.") from None


def _check_keys(where: str, given: Any, known: Iterable[str]) -> None:
    if not isinstance(given, Mapping):
        raise MapNotUnderstood(f"{where} is a table.")
    if unknown := sorted(set(given) - set(known)):
        raise MapNotUnderstood(
            f"{where} does not know {', '.join(unknown)}; it knows {', '.join(sorted(known))}."
        )


def _text(given: Mapping[str, Any], key: str, where: str) -> str:
    text = given.get(key)
    if not (isinstance(text, str) and text):
        raise MapNotUnderstood(f"{where} has no {key}: write {key} = “…”.")
    return text


def _folded(text: str) -> str:
    return text.strip().casefold()
