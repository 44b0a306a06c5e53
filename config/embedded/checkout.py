"""One stack per checkout: who holds it, and what the next comer is told."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class AlreadyRunningError(Exception):
    """Somebody else holds this checkout; the message says who, and where it can be reached."""


def write_holder(lock: IO[str], note: str) -> None:
    """Say in the lock file who holds it, for how long it is held."""
    lock.seek(0)
    lock.truncate()
    json.dump({"pid": os.getpid(), "note": note}, lock)
    lock.flush()


def is_held(run: Path) -> bool:
    """Whether a stack runs from this checkout now."""
    try:
        with (run / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


@contextmanager
def held(run: Path, note: str) -> Iterator[IO[str]]:
    """Hold the checkout; the system lets go of it when this process ends, however it ends.

    Raises:
        AlreadyRunningError: somebody else holds it.
    """
    with (run / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(who_holds(lock)) from None
        write_holder(lock, note)
        try:
            yield lock
        finally:
            lock.truncate(0)


def who_holds(lock: IO[str]) -> str:
    """A sentence on the holder."""
    lock.seek(0)
    try:
        holder = json.load(lock)
    except ValueError:
        return "Redress is just starting or stopping here."
    return f"Redress already runs here: {holder['note']} (process {holder['pid']})."
