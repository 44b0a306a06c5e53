"""Processes that outlived their supervisor: which they are, and their end.

Every process that is started is recorded with its start time, so a process number that the system
gave to somebody else meanwhile is never touched. Run as a script, this file is the guardian: it
waits until the supervisor at the other end of its standard input is gone, however it went, and then
ends what is recorded. It imports nothing of the project, to be small and to start at once.
"""

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PATIENCE = 10.0
PAUSE = 0.05


class Recorded(NamedTuple):
    """A process as it was started: the leader of its own session."""

    name: str
    pid: int
    started: int  # clock ticks since the machine's start, from /proc/PID/stat
    boot: str  # this start of the machine


def boot() -> str:
    """The machine's present start: process numbers mean nothing across two of them."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def started_of(pid: int) -> int | None:
    """When a process started, in clock ticks; None when it is gone or only waits to be reaped."""
    fields = stat_of(pid)
    return int(fields[19]) if fields and fields[0] not in "ZX" else None


def read(record: Path) -> list[Recorded]:
    """What a supervisor recorded; nothing when it recorded nothing."""
    try:
        return [Recorded(*row) for row in json.loads(record.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def write(record: Path, processes: list[Recorded]) -> None:
    """Replace the record at once, so that no reader ever sees half of it."""
    part = record.with_suffix(".part")
    part.write_text(json.dumps(processes))
    part.replace(record)


def remember(record: Path, *, name: str, pid: int) -> None:
    """Add a process that was just started to the record."""
    started = started_of(pid)
    if started is not None:
        write(record, [*read(record), Recorded(name, pid, started, boot())])


def members(process: Recorded) -> list[int]:
    """The living processes of a recorded session, its leader included.

    A session's number is not given away while a member lives, and a member cannot be older than
    its leader; a leader with another start time means that the number was given to a stranger.
    """
    leader = started_of(process.pid)
    if process.boot != boot() or leader not in (None, process.started):
        return []
    alive = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat_of(int(entry.name))):
            belongs = int(fields[3]) == process.pid and int(fields[19]) >= process.started
            if belongs and fields[0] not in "ZX":
                alive.append(int(entry.name))
    return alive


def end(processes: list[Recorded], *, patience: float = PATIENCE) -> list[str]:
    """End these processes, newest first: asked at first, killed when patience (seconds) is over.

    Returns the names of those that were still there.
    """
    found = [process for process in reversed(processes) if members(process)]
    for process in found:
        end_session(process, patience=patience)
    return [process.name for process in found]


def end_all_in(run: Path) -> list[str]:
    """End what earlier supervisors recorded in a folder; returns the names of what was there."""
    ended = []
    for record in run.glob("children-*.json"):
        ended += end(read(record))
        record.unlink(missing_ok=True)
    return ended


def end_session(process: Recorded, *, patience: float) -> None:
    """Ask a session's processes to stop, wait, and kill those that stay."""
    for asked in (signal.SIGINT if process.name == "postgres" else signal.SIGTERM, signal.SIGKILL):
        for pid in members(process):
            with suppress(ProcessLookupError):
                os.kill(pid, asked)
        until = time.monotonic() + patience
        while members(process) and time.monotonic() < until:
            time.sleep(PAUSE)


def guard(record: Path, folders: list[Path]) -> None:
    """Wait for the supervisor's end; then end what it recorded and remove its folders."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end(read(record))
    record.unlink(missing_ok=True)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    guard(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
