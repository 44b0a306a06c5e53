"""PostgreSQL for this checkout alone: a folder, a socket, no port."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.embedded import account, binaries
from config.embedded.children import PAUSE, READY_WITHIN, Child, Children, NotReadyError
from config.embedded.places import private_folder

USER = "redress"
DATABASE = "redress"
# A process that stands still in a transaction loses its locks before the clocks' alarm, which
# comes after three minutes (docs/operations.md).
SILENCE = "idle_in_transaction_session_timeout=2min"
# For stores that are thrown away: nothing is waited for, and a crash may lose everything.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """Where a PostgreSQL keeps its data and its socket, and which programs run it."""

    programs: Path
    parent: Path
    sockets: Path
    durable: bool
    become: Callable[[], None] | None = None

    @property
    def folder(self) -> Path:
        """The data, per major version: one release cannot read another's."""
        return self.parent / f"postgres-{binaries.major_version(self.programs)}"

    def own_parents(self) -> list[Path]:
        """The folders of this checkout that lie above data and socket."""
        above = self.sockets.parent
        return [self.parent, *([above] if above.is_relative_to(self.parent) else [])]

    @property
    def url(self) -> str:
        """The database, in the form of DATABASE_URL; psql reads it too."""
        return f"postgres://{USER}@/{DATABASE}?host={self.sockets}"


def environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs: one locale everywhere, and no PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def create(cluster: Cluster) -> None:
    """Make the cluster, unless it is there; one that was left half made is made again."""
    if cluster.folder.exists():
        return
    part = cluster.folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    account.hand_over(private_folder(part), cluster.become)
    command: list[str | Path] = [cluster.programs / "initdb", "-D", part, "-U", USER, "-A", "trust"]
    options = ["-E", "UTF8", "--locale=C.UTF-8", *([] if cluster.durable else ["--no-sync"])]
    done = subprocess.run(  # noqa: S603 - a program of the installation
        [*command, *options],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        cwd="/",
        preexec_fn=cluster.become,
    )
    if done.returncode:
        raise NotReadyError(f"PostgreSQL's data could not be created.\n{done.stderr}")
    part.rename(cluster.folder)


def living_in(folder: Path) -> list[int]:
    """Processes whose working folder is the cluster: a postmaster, or what one left behind."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def clear_after_crash(folder: Path, sockets: Path) -> None:
    """Make a cluster startable whose last postmaster was killed.

    Its children end by themselves within moments. The pid file is stale once they are gone, even
    where its number belongs to somebody else by now; the caller holds the lock of the checkout.
    """
    until = time.monotonic() + READY_WITHIN
    while (left := living_in(folder)) and time.monotonic() < until:
        time.sleep(PAUSE)
    if left:
        raise NotReadyError(f"Another PostgreSQL runs on {folder} (processes {left}).")
    (folder / "postmaster.pid").unlink(missing_ok=True)
    for stale in sockets.glob(".s.PGSQL.*"):
        stale.unlink()


def start(children: Children, cluster: Cluster) -> Child:
    """Start PostgreSQL, wait until it answers, and make the database where there is none.

    Raises:
        ChildDiedError: it ended at once; the message shows its log.
        NotReadyError: it does not answer.
    """
    account.let_pass(cluster.own_parents(), cluster.become)
    create(cluster)
    account.hand_over(cluster.folder, cluster.become)
    account.hand_over(cluster.sockets, cluster.become)
    clear_after_crash(cluster.folder, cluster.sockets)
    settings = ["listen_addresses=", "timezone=UTC", "log_timezone=UTC", "max_connections=200"]
    # A test that somebody looks at with a debugger may say nothing for longer.
    settings += [SILENCE] if cluster.durable else CARELESS
    flags = [part for setting in settings for part in ("-c", setting)]
    where: list[str | Path] = ["-D", cluster.folder, "-k", cluster.sockets]
    child = children.start(
        "postgres",
        [cluster.programs / "postgres", *where, *flags],
        environment=environment(),
        folder=Path("/"),
        asks_with=signal.SIGINT,
        patience=30,
        become=cluster.become,
    )
    child.wait_for(lambda: database_of(cluster))
    return child


def database_of(cluster: Cluster) -> str | None:
    """The database's name, made unless it is there; None while the server does not answer."""
    try:
        create_database(cluster)
    except psycopg.OperationalError:
        return None
    return DATABASE


def create_database(cluster: Cluster) -> None:
    """Make the database, unless it is there."""
    with psycopg.connect(
        host=str(cluster.sockets), user=USER, dbname="postgres", autocommit=True, connect_timeout=5
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
