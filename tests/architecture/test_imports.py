"""Imports point one way: sellers ← insurance ← claims ← config; in claims, pure ← rows ← acts.

Imports in function bodies count as well.
"""

import pytest

from tests.architecture.sources import imports, is_in, modules

# Each room may import itself and the rooms before it.
ORDER = ("sellers", "insurance", "claims", "config")
# Decided without a database: facts in, plain data out.
PURE = (
    "claims.lifecycle",
    "claims.terms",
    "claims.launch_terms",
    "claims.deadlines",
    "claims.authority",
    "claims.outcome",
    "claims.facts",
    "claims.replay",
    "claims.ledger_postings",
    "claims.references",
    "claims.decisions",
)
# The models that pure modules may read: modules that define names (TextChoices) of statuses.
NAMES = ("claims.models.handling", "claims.models.money", "claims.models.notice")
WRITERS = ("claims.recorder", "claims.bulk", "claims.queries", "claims.operations", "claims.tasks")
FACES = ("claims.admin", "claims.portal")
DATABASE = ("django.db", "django.apps", "psycopg")
# `TextChoices` makes a status; it is all that a pure module may take from Django's models.
ENUM_ONLY = {"claims.lifecycle": "django.db.models"}


def importers(rooms: tuple[str, ...]) -> list[str]:
    found = [name for name in modules() if is_in(name, rooms)]
    assert found, f"no module {rooms}"
    return found


def ours(name: str) -> list[str]:
    return sorted(i for i in imports()[name] if is_in(i, ORDER))


@pytest.mark.parametrize("room", ORDER)
def test_rooms_import_only_the_rooms_before_them(room: str) -> None:
    later = ORDER[ORDER.index(room) + 1 :]
    wrong = [(name, i) for name in importers((room,)) for i in ours(name) if is_in(i, later)]

    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_rows_and_no_database(name: str) -> None:
    for module in importers((name,)):
        found = imports()[module]
        assert not [i for i in found if is_in(i, WRITERS)], module
        rows = {i for i in found if is_in(i, ("claims.models",))}
        assert rows <= set(NAMES), module
        touched = {i for i in found if is_in(i, DATABASE)} - {ENUM_ONLY.get(module, "")}
        assert touched == set(), module


def test_pure_modules_take_only_names_from_the_models() -> None:
    """What they import from a model's module is an enumeration, never a table."""
    import ast
    import importlib

    from django.db.models import Model

    for module in importers(PURE):
        for node in ast.walk(modules()[module]):
            if isinstance(node, ast.ImportFrom) and (node.module or "") in NAMES:
                source = importlib.import_module(node.module or "")
                for alias in node.names:
                    value = getattr(source, alias.name)
                    is_table = isinstance(value, type) and issubclass(value, Model)
                    assert not is_table, (module, alias.name)


def test_nothing_imports_the_tasks() -> None:
    wrong = [name for name in modules() if "claims.tasks" in imports()[name]]

    assert wrong == []


@pytest.mark.parametrize("face", FACES)
def test_faces_call_operations_and_read_queries_never_the_recorder(face: str) -> None:
    forbidden = ("claims.recorder", "claims.bulk", "claims.tasks", "claims.decisions.silence")
    wrong = [(n, i) for n in importers((face,)) for i in ours(n) if is_in(i, forbidden)]

    assert wrong == []


def test_the_faces_do_not_know_each_other() -> None:
    admin, portal = FACES
    assert not [n for n in importers((portal,)) for i in ours(n) if is_in(i, (admin,))]


def test_only_operations_write_through_the_recorder() -> None:
    # The demo's watched claim runs out within two minutes, which no operation could arrange.
    allowed = ("claims.operations", "claims.screening", "claims.safety", "claims.demo.watch")
    writers = [name for name in modules() if "claims.recorder" in imports()[name]]

    assert [name for name in writers if not is_in(name, allowed)] == []


def test_rows_do_not_know_what_is_done_with_them() -> None:
    doers = (*WRITERS, "claims.notices", "claims.ledger", *FACES)
    for module in importers(("claims.models",)):
        assert not [i for i in ours(module) if is_in(i, doers)], module


def test_operations_know_no_face_and_no_request() -> None:
    outside = (*FACES, "claims.tasks", "django.http", "django.views", "django.forms")
    for module in importers(("claims.operations", "claims.decisions", "claims.recorder")):
        assert not [i for i in imports()[module] if is_in(i, outside)], module


def test_only_the_edges_read_the_clock() -> None:
    """Rules §8: `at` is passed in; below the faces and tasks nobody asks what time it is."""
    below = ("claims.operations", "claims.recorder", "claims.queries", "claims.ledger", *PURE)
    for module in importers(below):
        assert "django.utils.timezone" not in imports()[module], module


def test_there_is_no_circle() -> None:
    """Following imports at the top of modules never leads back."""
    seen: dict[str, int] = {}
    graph = {name: [i for i in ours(name) if i in modules()] for name in modules()}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            ring = path[path.index(name) :]
            assert ring == (), " → ".join((*ring, name))
        if name in seen:
            return
        for other in graph[name]:
            visit(other, (*path, name))
        seen[name] = 1

    for name in importers(PURE):
        visit(name, ())
