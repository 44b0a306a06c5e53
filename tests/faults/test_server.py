"""A PostgreSQL that is stopped at once, killed, and out of connections: with one of its own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from config.embedded import binaries, places, postgres
from config.embedded.children import Children
from tests.faults import proof, rows
from tests.faults.conftest import connected_to
from tests.faults.healing import heal, lapsed_claims, lay_down_world
from tests.faults.machines import PYTHON, Process
from tests.faults.proxy import Delay, Way, await_true
from tests.faults.stack import POOL, Stack, running

pytestmark = [*rows.MARKS, rows.LONG]
SOCKET = ".s.PGSQL.5432"
CONNECTIONS = 30
# Both end every session without a word: SIGQUIT is PostgreSQL's immediate shutdown.
ENDINGS = ("SIGQUIT", "SIGKILL")


@contextmanager
def server(folder: Path) -> Iterator[Process]:
    """A running PostgreSQL, its data and its socket in a folder."""
    for name in ("data", "sock", "run", "log"):
        places.private_folder(folder / name)
    with Children(folder / "run", folder / "log") as children:
        module = (PYTHON, "-m", "tests.faults.server")
        options = ("--folder", folder / "data", "--sockets", folder / "sock")
        command = (*module, *options, "--connections", str(CONNECTIONS))
        process = Process("postgres", command, postgres.environment(), children)
        process.start()
        await_up(folder)
        yield process


def await_up(folder: Path) -> None:
    await_true(lambda: is_up(folder), seconds=60, what="PostgreSQL answers", every=0.2)


def is_up(folder: Path) -> bool:
    try:
        open_session(folder).close()
    except psycopg.OperationalError:
        return False
    return True


def open_session(folder: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(folder / "sock"),
        user=postgres.USER,
        connect_timeout=5,
        dbname="postgres",
        autocommit=True,
    )


def copy_database(name: str, source: "dict[str, object]", folder: Path) -> None:
    """Copy a database of the tests' server into this one, schema and rows."""
    with open_session(folder) as session:
        session.execute(f'CREATE DATABASE "{name}"')
    programs = binaries.find_postgres()
    whence = [f"--host={source['host']}", f"--username={source['user']}"]
    dump = subprocess.run(
        [programs / "pg_dump", *whence, name], check=True, capture_output=True
    ).stdout
    into = [f"--host={folder / 'sock'}", f"--username={postgres.USER}"]
    subprocess.run(
        [programs / "psql", "-q", *into, name], input=dump, check=True, capture_output=True
    )


@contextmanager
def connected_here(folder: Path) -> Iterator[None]:
    """Let this process's own connections be to this server."""
    values = connections["default"].settings_dict
    kept = {name: values[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}
    values |= {"HOST": str(folder / "sock"), "PORT": "", "USER": postgres.USER, "PASSWORD": ""}
    values["OPTIONS"] = {k: v for k, v in kept["OPTIONS"].items() if k != "host"}
    try:
        yield
    finally:
        connections.close_all()
        values |= kept


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with a short name, for sockets."""
    folder = places.short_folder()
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture
def own(
    template: str, place: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Stack, Process, Path]]:
    """A stack on a PostgreSQL of its own."""
    with ExitStack() as opened:
        opened.enter_context(django_db_blocker.unblock())
        source = connections["default"].get_connection_params()
        folder = places.private_folder(place / str(time.monotonic_ns()))
        process = opened.enter_context(server(folder))
        copy_database(template, source, folder)
        opened.enter_context(connected_here(folder))
        stack = opened.enter_context(running(template, server=folder / "sock" / SOCKET))
        opened.enter_context(connected_to(template, files=stack.folder / "files"))
        lay_down_world()
        stack.await_workers()
        yield stack, process, folder


def all_paid(stack: Stack, references: list[str]) -> None:
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_immediate_restart_in_the_middle_of_a_batch(
    own: tuple[Stack, Process, Path], ending: str
) -> None:
    """Three times; what was committed is there again, what was not was never begun."""
    stack, process, folder = own
    references: list[str] = []
    stack.doors.provider.add(Delay(Way.TO_SERVER, seconds=0.1))
    for _ in range(3):
        references += lapsed_claims(6)
        stack.tick()
        time.sleep(0.6)
        connections.close_all()
        if ending == "SIGKILL":
            process.kill()
        else:
            subprocess.run(["kill", "-QUIT", str(process.pid)], check=True)
            process.await_end()
        process.start()
        await_up(folder)
        stack.letters_cut += POOL * len(stack.workers)
    assert process.starts == 4
    all_paid(stack, references)


def test_a_server_without_a_free_connection(own: tuple[Stack, Process, Path]) -> None:
    stack, _, folder = own
    references = lapsed_claims(6)
    stack.letters_cut += stack.doors.postgres.cut_all()
    connections.close_all()
    with ExitStack() as taken:
        hold_all(folder, taken)
        stack.tick()
        await_true(
            lambda: refused(stack) > 0, seconds=40, what="a worker is turned away", every=0.3
        )
    all_paid(stack, references)


def hold_all(folder: Path, taken: ExitStack) -> None:
    """Open sessions until the server has none left."""
    for _ in range(CONNECTIONS + 5):
        try:
            taken.enter_context(open_session(folder))
        except psycopg.OperationalError:
            return
    raise AssertionError("the server gave more connections than it has")


def refused(stack: Stack) -> int:
    """How often a worker was told that there are too many clients."""
    stack.tick()
    return sum(worker.log.count("too many clients") for worker in stack.workers)
