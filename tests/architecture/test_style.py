"""The house style, counted: short functions and files, plain names, nothing dead (style.md)."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.sources import ROOMS, ROOT, functions, length, modules

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 50
MEDIAN_LINES = 10
FORBIDDEN = re.compile(
    r"(?:^|_)(?:utils?|helpers?|managers?|ticket|handle_[a-z]+|process|data|info)(?:_|$)",
    re.IGNORECASE,
)
# Words of others: Django's own attribute and form names, and verbs of the domain.
OTHERS_NAMES = frozenset(
    {
        "handle",  # Django's name of a command's entry
        "cleaned_data",
        "receive_data_chunk",  # that of an upload's handler
        "process_request",  # socketserver's
        "process_request_thread",
        "handle_error",
        "handle_request",  # httpx's
        "get_extra_info",  # httpcore's
    }
)
TODO = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b")


def files() -> list[Path]:
    return [
        path
        for room in (*ROOMS, "tests")
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def source_files() -> list[Path]:
    return [path for path in files() if path.relative_to(ROOT).parts[0] in ROOMS]


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in source_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{name}.{node.name}": length(node)
        for name, tree in modules().items()
        for node in functions(tree)
        if length(node) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_the_median_function_is_ten_lines_at_most(room: str) -> None:
    lengths = [
        length(node)
        for name, tree in modules().items()
        if name.split(".")[0] == room
        for node in functions(tree)
    ]
    assert median(lengths) <= MEDIAN_LINES


def test_names_are_the_trades() -> None:
    wrong = [
        f"{name}: {node.name}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and FORBIDDEN.search(node.name)
        and node.name not in OTHERS_NAMES
    ]
    assert wrong == []


def test_modules_are_named_for_what_is_in_them() -> None:
    assert [name for name in modules() if FORBIDDEN.search(name.split(".")[-1])] == []


def test_nothing_is_left_for_later() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in source_files()
        if TODO.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_every_public_thing_says_what_it_is() -> None:
    """Modules, classes and functions that others may use carry a docstring."""
    silent = [
        f"{name}: {getattr(node, 'name', 'module')}"
        for name, tree in modules().items()
        for node in [tree, *tree.body]
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and not getattr(node, "name", "m").startswith("_")
        and tree.body
        and getattr(node, "name", "") != "Command"  # its `help` says it
        and ast.get_docstring(node) is None
    ]
    assert silent == []
