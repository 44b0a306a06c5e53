"""Child processes: started so that they cannot outlive their supervisor, stopped in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from config.embedded import leftovers

PR_SET_PDEATHSIG = 1
TAIL_LINES = 15
READY_WITHIN = 60.0
PAUSE = 0.05
_libc = ctypes.CDLL(None, use_errno=True)


class ChildDiedError(Exception):
    """A process that had to run ended by itself; the message names it and shows its last words."""


class NotReadyError(Exception):
    """A process runs but does not become usable; the message names it."""


@dataclass
class Child:
    """One running process, leader of its own session, with its log."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    asks_with: signal.Signals
    patience: float

    def demand_alive(self) -> None:
        """Raise ChildDiedError when the process has ended."""
        status = self.popen.poll()
        if status is not None:
            raise ChildDiedError(f"{self.name} ended ({_ending(status)}).\n{tail(self.log)}")

    def wait_for(self, answer: Callable[[], str | None]) -> str:
        """Wait until `answer` gives something, and return that.

        Raises:
            ChildDiedError: the process ended before.
            NotReadyError: there is no answer after READY_WITHIN seconds.
        """
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            self.demand_alive()
            given = answer()
            if given:
                return given
            time.sleep(PAUSE)
        raise NotReadyError(
            f"{self.name} is not ready after {READY_WITHIN:.0f} seconds.\n{tail(self.log)}"
        )

    def stop(self) -> None:
        """Ask it to stop, wait, then kill it; afterwards nothing of its session is left."""
        if self.popen.poll() is None:
            self.popen.send_signal(self.asks_with)
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(self.patience)
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


def _ending(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def tail(log: Path) -> str:
    """The last lines of a log, under its name."""
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:] if log.exists() else []
    return "\n".join([f"{log}:", *(f"    {line}" for line in lines or ["(empty)"])])


@dataclass
class Children:
    """Starts processes, records each one, and has a guardian end them should it die itself.

    The record is a file in `run` of this supervisor's own, so that the guardian of one that was
    killed never reads the record of its successor.
    """

    run: Path
    logs: Path
    remove_after: Sequence[Path] = ()
    running: list[Child] = field(default_factory=list)
    _guardian: subprocess.Popen[bytes] | None = None

    @property
    def record(self) -> Path:
        """The file that names every process that was started."""
        return self.run / f"children-{os.getpid()}.json"

    def __enter__(self) -> Self:
        """Begin an empty record, with a guardian over it."""
        leftovers.write(self.record, [])
        command = [sys.executable, "-I", leftovers.__file__, str(self.record)]
        self._guardian = subprocess.Popen(  # noqa: S603 - our own file
            [*command, *map(str, self.remove_after)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop everything, newest first, and let the guardian go."""
        while self.running:
            self.running.pop().stop()
        self.record.unlink(missing_ok=True)
        if self._guardian and self._guardian.stdin:
            self._guardian.stdin.close()
            self._guardian.wait()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        asks_with: signal.Signals = signal.SIGTERM,
        patience: float = 10,
        become: Callable[[], None] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """Start a process whose output goes to NAME.log; `become` may change who it runs as."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            popen = subprocess.Popen(  # noqa: S603 - commands are ours
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=folder,
                start_new_session=True,
                pass_fds=pass_fds,
                preexec_fn=dies_with_parent(asks_with, become),  # noqa: PLW1509 - no threads here
            )
        child = Child(name, popen, log, asks_with, patience)
        self.running.append(child)
        leftovers.remember(self.record, name=name, pid=popen.pid)
        return child

    def demand_alive(self) -> None:
        """Raise ChildDiedError for the first process that has ended."""
        for child in self.running:
            child.demand_alive()


def dies_with_parent(
    asks_with: signal.Signals, become: Callable[[], None] | None = None
) -> Callable[[], None]:
    """What a child does before its program: tie its life to the parent's.

    The kernel's tie is undone by a change of account, so the change comes first.
    """
    parent = os.getpid()

    def tie() -> None:
        if become:
            become()
        _libc.prctl(PR_SET_PDEATHSIG, asks_with)
        if os.getppid() != parent:
            os._exit(1)

    return tie
