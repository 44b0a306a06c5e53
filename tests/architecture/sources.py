"""The project's own source files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("sellers", "insurance", "claims", "config")


@cache
def modules() -> dict[str, ast.Module]:
    """Dotted name → syntax tree, of every module but migrations."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found[dotted(path)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def dotted(path: Path) -> str:
    """The name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports() -> dict[str, frozenset[str]]:
    """Dotted name → everything it imports, in function bodies too; names of ours and others'.

    `from a.b import c` counts as a.b and, where that is a module of ours, as a.b.c.
    """
    return {name: frozenset(_imported(name, tree)) for name, tree in modules().items()}


def _imported(importer: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(importer, node)
            inside = [f"{base}.{alias.name}" for alias in node.names]
            ours = [name for name in inside if name in modules()]
            yield from ours
            # A package that is imported only for modules inside it is not itself used.
            if len(ours) < len(inside):
                yield base


def _absolute(importer: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = importer.split(".")[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def is_in(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these modules or inside one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, its docstring left out, its signature counted."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        docstring = node.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines
