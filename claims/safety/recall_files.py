"""The two shapes of published recalls: one JSON object with a list, or CSV with a header. Pure."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TextIO

_CSV_COLUMNS = frozenset(
    {
        "recall_number",
        "title",
        "description",
        "remedy",
        "manufacturer",
        "hazards",
        "recall_date",
        "url",
    }
)


class RecallsNotUnderstood(ValueError):
    """A file holds no recalls in a known shape. The message says where it fails."""


@dataclass(frozen=True, slots=True)
class PublishedRecall:
    """A recall as a file gives it; texts are empty where the file has none."""

    number: str
    recalled_on: date
    title: str
    product_name: str = ""
    manufacturer: str = ""
    description: str = ""
    hazard: str = ""
    remedy: str = ""
    units: str = ""
    url: str = ""
    upcs: tuple[str, ...] = ()


def read_recalls(file: TextIO) -> Iterator[PublishedRecall]:
    """The recalls of a file, in whichever of the two shapes it is.

    Raises:
        RecallsNotUnderstood: see there.
    """
    start = file.read(1)
    file.seek(0)
    yield from _from_json(file) if start == "{" else _from_csv(file)


def _from_json(file: TextIO) -> Iterator[PublishedRecall]:
    try:
        published = json.load(file)["recalls"]
    except (json.JSONDecodeError, KeyError) as error:
        raise RecallsNotUnderstood(f"This is not a JSON file of recalls: {error}.") from error
    for place, recall in enumerate(published, start=1):
        yield _one(f"recall {place}", recall, names=_JSON_NAMES)


def _from_csv(file: Iterable[str]) -> Iterator[PublishedRecall]:
    reader = csv.DictReader(file)
    missing = _CSV_COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise RecallsNotUnderstood(f"These columns are missing: {', '.join(sorted(missing))}.")
    for row in reader:
        yield _one(f"line {reader.line_num}", row, names=_CSV_NAMES)


# Field of `PublishedRecall` → key of the file.
_COMMON = {
    "title": "title",
    "description": "description",
    "remedy": "remedy",
    "url": "url",
}
_JSON_NAMES = _COMMON | {
    "number": "number",
    "recalled_on": "date",
    "product_name": "name",
    "hazard": "hazard",
    "units": "units",
}
_CSV_NAMES = _COMMON | {
    "number": "recall_number",
    "recalled_on": "recall_date",
    "manufacturer": "manufacturer",
    "hazard": "hazards",
}


def _one(where: str, given: Mapping[str, Any], *, names: Mapping[str, str]) -> PublishedRecall:
    texts = {field: str(given.get(key) or "").strip() for field, key in names.items()}
    if not texts["number"] or not texts["title"]:
        raise RecallsNotUnderstood(f"In {where}, the number or the title is missing.")
    try:
        recalled_on = date.fromisoformat(texts.pop("recalled_on"))
    except ValueError as error:
        raise RecallsNotUnderstood(f"In {where}, the date is not understood: {error}.") from error
    return PublishedRecall(recalled_on=recalled_on, upcs=tuple(given.get("upcs") or ()), **texts)
