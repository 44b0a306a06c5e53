"""Carries a reading from the child to its parent as JSON, and believes none of its shape.

The child has met a stranger's file. What it sends is taken apart field by field against the
dataclasses, and anything that does not fit is nonsense.
"""

import base64
import binascii
import json
import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from insurance.reading.facts import Reading

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LONGEST_TEXT: Final = 400_000
_MOST_ITEMS: Final = 5_000
_LARGEST_NUMBER: Final = 2**62


class Nonsense(ValueError):
    """What came from the child is no reading."""


def encoded(reading: Reading) -> bytes:
    """A reading as bytes of JSON."""
    return json.dumps(_plain(reading)).encode("ascii")


def decoded(answer: bytes) -> Reading:
    """The reading in an answer.

    Raises:
        Nonsense: the answer is anything else.
    """
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    reading = _built(Reading, value)
    if not isinstance(reading, Reading) or not all(p.startswith(_PNG) for p in reading.pages):
        raise Nonsense("not a reading")
    return reading


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def _built(wanted: Any, value: Any) -> Any:
    """A value of the wanted type; raises `Nonsense` when it cannot be one."""
    origin = get_origin(wanted)
    if origin in {types.UnionType, Union}:
        return _built_optional(wanted, value)
    if origin in {tuple, frozenset}:
        return origin(_built(get_args(wanted)[0], item) for item in _listed(value))
    if is_dataclass(origin or wanted):
        return _built_dataclass(wanted, value)
    return _built_simple(wanted, value)


def _built_optional(wanted: Any, value: Any) -> Any:
    if value is None:
        return None
    (kind,) = (each for each in get_args(wanted) if each is not type(None))
    return _built(kind, value)


def _built_dataclass(wanted: Any, value: Any) -> Any:
    shape = get_origin(wanted) or wanted
    hints = get_type_hints(shape)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise Nonsense(f"not a {shape.__name__}")
    arguments = get_args(wanted)
    return shape(
        **{
            name: _built(arguments[0] if isinstance(hint, TypeVar) else hint, value[name])
            for name, hint in hints.items()
        }
    )


def _built_simple(wanted: Any, value: Any) -> Any:
    try:
        return _SIMPLE[wanted](value) if wanted in _SIMPLE else _code(wanted, value)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Nonsense(f"not a {wanted.__name__}") from error


def _code(wanted: type[StrEnum], value: Any) -> StrEnum:
    return wanted(value)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST_ITEMS:
        raise Nonsense("not a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or "\x00" in value:
        raise Nonsense("not a text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > _LARGEST_NUMBER:
        raise Nonsense("not a number")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Nonsense("not a yes or no")
    return value


def _measure(value: Any) -> float:
    if type(value) not in {int, float}:
        raise Nonsense("not a measure")
    return float(value)


_SIMPLE: Final[dict[Any, Any]] = {
    str: _text,
    int: _whole,
    bool: _flag,
    float: _measure,
    date: lambda value: date.fromisoformat(_text(value)),
    bytes: lambda value: base64.b64decode(_text_of_any_length(value), validate=True),
}


def _text_of_any_length(value: Any) -> str:
    if not isinstance(value, str):
        raise Nonsense("not a text")
    return value
