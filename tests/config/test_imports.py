"""Imports point one way, in function bodies too: sellers ← insurance ← claims ← config."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Each may import those before it, and itself.
APPLICATIONS = ["sellers", "insurance", "claims", "config"]
# The rooms of claims, likewise; a module that is not named here may import any but the last.
PURE = {"lifecycle", "terms", "deadlines", "authority", "outcome"}
RECORDING = {"models", "providers", "ledger", "notices", "recorder", "queries"}
FACES = {"tasks", "admin", "portal"}


def modules(folder: Path) -> Iterator[Path]:
    """The source of an application, without migrations: those may look anywhere."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, at whatever depth, but for types alone."""
    tree = ast.parse(path.read_text())
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def room_of(name: str) -> str:
    """The room of claims that a dotted name leads into; empty outside of claims."""
    first, _, rest = name.partition(".")
    return rest.partition(".")[0] if first == "claims" else ""


@pytest.mark.parametrize("application", APPLICATIONS)
def test_no_application_imports_one_above_it(application: str) -> None:
    above = APPLICATIONS[APPLICATIONS.index(application) + 1 :]
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / application)
        for name in imported(path)
        if name.partition(".")[0] in above
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("rooms", "forbidden"),
    [
        (PURE, RECORDING | FACES | {"operations"}),
        (RECORDING, FACES | {"operations"}),
        ({"operations"}, FACES),
    ],
    ids=["pure", "recording", "operations"],
)
def test_no_room_of_claims_imports_one_above_it(rooms: set[str], forbidden: set[str]) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / "claims")
        if path.relative_to(ROOT / "claims").parts[0].removesuffix(".py") in rooms
        for name in imported(path)
        if room_of(name) in forbidden
    }
    assert wrong == set()


def test_nothing_imports_the_tasks() -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for application in APPLICATIONS
        for path in modules(ROOT / application)
        for name in imported(path)
        if name == "claims.tasks" or name.startswith("claims.tasks.")
    }
    assert wrong == set()
