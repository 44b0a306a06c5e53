"""`./redress up`: the whole product on this machine, under one supervisor."""

import json
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from config.embedded import (
    account,
    binaries,
    checkout,
    environment,
    leftovers,
    parties,
    places,
    stores,
)
from config.embedded.children import Child, ChildDiedError, Children, NotReadyError

PORT = 8000
PAUSE = 0.1
WARM_SHUTDOWN = 20.0
PYTHON = sys.executable
# What may prevent a start, each with a message for the person who typed the command.
EXPECTED = (
    account.NoAccountError,
    binaries.NoProgramError,
    checkout.AlreadyRunningError,
    ChildDiedError,
    NotReadyError,
)


class StoppedError(BaseException):
    """The person, or the system, asked for the end: not an error, and nothing may swallow it."""


def say(message: str) -> None:
    """Tell the person, unless their terminal is gone."""
    try:
        print(message, flush=True)  # noqa: T201 - this is the terminal's voice
    except OSError:
        return


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into StoppedError, once; then wait in peace."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise StoppedError(signal.Signals(number).name)

    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@dataclass(frozen=True)
class Layout:
    """The folders of a stack."""

    root: Path
    var: Path

    @property
    def run(self) -> Path:
        """What is true only while the stack runs."""
        return self.var / "run"

    @property
    def logs(self) -> Path:
        """One log per process, begun anew at each start."""
        return self.var / "log"


def free_listener() -> socket.socket:
    """A listening socket on port 8000 of loopback, or on the next one that is free."""
    for port in range(PORT, PORT + 100):
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    return socket.create_server(("127.0.0.1", 0))


def answers_at(address: str) -> Callable[[], str | None]:
    """An answer that is any page of a web server but a server error."""

    def ask() -> str | None:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - ours
                return str(page.status)
        except urllib.error.HTTPError as error:
            server_error = 500
            return None if error.code >= server_error else str(error.code)
        except OSError:
            return None

    return ask


def prepare(children: Children, layout: Layout, base: Mapping[str, str]) -> None:
    """Run config/embedded/prepare.py to its end, watching everything else meanwhile."""
    child = children.start(
        "prepare",
        [PYTHON, "-m", "config.embedded.prepare", layout.run / "demo.txt"],
        environment=base,
        folder=layout.root,
    )
    children.running.remove(child)
    try:
        while child.popen.poll() is None:
            children.demand_alive()
            time.sleep(PAUSE)
        if child.popen.returncode:
            child.demand_alive()
    finally:
        child.stop()


def start_workers(children: Children, layout: Layout, full: Mapping[str, str]) -> None:
    """Start one Celery worker and one beat."""
    celery = [PYTHON, "-m", "celery", "--app", "config", "--quiet"]
    names = ["--hostname", "redress@%h", "--concurrency", "2", "--loglevel", "INFO"]
    children.start(
        "worker",
        [*celery, "worker", *names, "--without-gossip", "--without-mingle"],
        environment=full,
        folder=layout.root,
        patience=WARM_SHUTDOWN,
    )
    where = ["--pidfile", "", "--schedule", full["CELERY_BEAT_FILE"], "--loglevel", "INFO"]
    children.start("beat", [*celery, "beat", *where], environment=full, folder=layout.root)


def start_web(
    children: Children, layout: Layout, full: Mapping[str, str], listener: socket.socket
) -> Child:
    """Start gunicorn on a socket that listens already."""
    # Loaded once and then copied: half the work at each start.
    command = [PYTHON, "-m", "gunicorn", "config.wsgi:application", "--preload", "--workers", "2"]
    child = children.start(
        "web",
        [*command, "--threads", "4", "--bind", f"fd://{listener.fileno()}", "--no-control-socket"],
        environment=full,
        folder=layout.root,
        pass_fds=[listener.fileno()],
    )
    listener.close()
    return child


def start_all(children: Children, layout: Layout) -> dict[str, str]:
    """Start everything, in the order in which it is needed; returns the environment of it all."""
    say("Starting PostgreSQL and Valkey …")
    sockets = places.socket_folder(layout.run)
    where = stores.start(children, parent=layout.var, sockets=sockets, durable=True)
    listener = free_listener()
    site = f"http://localhost:{listener.getsockname()[1]}"
    base = {
        **environment.demo(var=layout.var, root=layout.root),
        **where.environment(),
        "SITE_URL": site,
    }
    party = parties.Parties(run=layout.run, var=layout.var, root=layout.root)
    party.start(children, base)
    full = base | party.found(children)
    say("Bringing the database and the demo up to date …")
    prepare(children, layout, full)
    say("Starting web, worker and beat …")
    web = start_web(children, layout, full, listener)
    web.wait_for(answers_at(f"{site}/readyz"))
    start_workers(children, layout, full)
    return full


def announce(layout: Layout, site: str) -> None:
    """Print where it is, who can sign in, and what to watch."""
    if not site.endswith(f":{PORT}"):
        say(f"Port {PORT} is taken, so Redress listens on the next free one.")
    say(f"\nRedress runs at {site}\n\n{(layout.run / 'demo.txt').read_text().strip()}\n")
    port = (layout.run / "provider.port").read_text().strip()
    say(f"The payment provider's own book is at http://127.0.0.1:{port}/")
    say(f"Letters are kept in {layout.var / 'mail'}, logs in {layout.logs}. Ctrl-C stops it all.")


def watch(children: Children) -> None:
    """Wait for ever; only a process that ends by itself (ChildDiedError) or a signal ends it."""
    while True:
        children.demand_alive()
        time.sleep(PAUSE)


def run_until_stopped(children: Children, layout: Layout, lock: IO[str]) -> None:
    """Start everything, announce it, and watch it."""
    full = start_all(children, layout)
    environment.write_private(layout.run / "env.json", json.dumps(full))
    checkout.write_holder(lock, full["SITE_URL"])
    announce(layout, full["SITE_URL"])
    watch(children)


@contextmanager
def opened(layout: Layout, note: str) -> Iterator[tuple[Children, IO[str]]]:
    """Hold the checkout, clear what a killed predecessor left, and end everything afterwards."""
    for folder in (layout.var, layout.run, layout.logs):
        places.private_folder(folder)
    with checkout.held(layout.run, note) as lock:
        ended = leftovers.end_all_in(layout.run)
        if ended:
            say(f"Ended what an earlier run had left: {', '.join(ended)}.")
        try:
            with Children(layout.run, layout.logs) as children:
                yield children, lock
        finally:
            (layout.run / "env.json").unlink(missing_ok=True)
            places.remove_socket_folder(layout.run)


def up(layout: Layout) -> int:
    """Run the stack until it is stopped; returns the exit status: 0 when a person stopped it."""
    try:
        with stopped_by_signals(), opened(layout, "starting") as (children, lock):
            run_until_stopped(children, layout, lock)
    except StoppedError:
        say("Stopped.")
        return 0
    except checkout.AlreadyRunningError as other:
        say(f"redress: {other}")
    except EXPECTED as error:
        say(f"redress: {error}\nEverything is stopped.")
    return 1
