"""Processes of a stack: started, killed with all they started, started again, and never left."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from config.embedded import binaries, leftovers
from config.embedded.children import Child, Children, tail
from tests.faults.proxy import await_true

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
# Plain HTTP needs none, and to load them takes longer than most questions.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Process:
    """One process of a stack, which can be killed and started again under the same name."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    children: Children
    folder: Path = ROOT
    ready_file: Path | None = None
    pass_fds: tuple[int, ...] = ()
    starts: int = 0
    kills: int = 0
    child: Child | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it. No code of ours runs between fork and exec: this process has threads."""
        if self.ready_file is not None:
            self.ready_file.unlink(missing_ok=True)
        self.starts += 1
        log = self.children.logs / f"{self.name}-{self.starts}.log"
        with log.open("wb") as output:
            popen = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.folder,
                start_new_session=True,
                pass_fds=self.pass_fds,
            )
        self.child = Child(f"{self.name}-{self.starts}", popen, log, signal.SIGTERM, 20)
        self.children.running.append(self.child)
        leftovers.remember(self.children.record, name=self.child.name, pid=popen.pid)

    @property
    def pid(self) -> int:
        """The number of its leader."""
        assert self.child is not None, f"{self.name} was never started"
        return self.child.popen.pid

    @property
    def log(self) -> str:
        """What it has said since it was started last."""
        assert self.child is not None
        return self.child.log.read_text(errors="replace")

    def await_ready(self) -> str:
        """Wait until its ready file has content, and give that."""
        assert self.child is not None
        ready = self.ready_file
        assert ready is not None, f"{self.name} has no ready file"
        return self.child.wait_for(lambda: ready.read_text().strip() if ready.exists() else None)

    def await_word(self, word: str, *, seconds: float = 60) -> None:
        """Wait until it has said a word."""
        assert self.child is not None
        log = self.child.log
        await_true(
            lambda: word in self.log, seconds=seconds, what=f"{word!r} in {tail(log)}", every=0.1
        )

    def kill(self) -> None:
        """Kill it and everything that it started, at once: the machine under it is gone."""
        self.kills += 1
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._reap()

    def kill_leader(self) -> None:
        """Kill its first process alone; its children notice by themselves."""
        self.kills += 1
        os.kill(self.pid, signal.SIGKILL)
        self._reap()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It and all that it started stand still, as a machine that is suspended."""
        os.killpg(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.pid, signal.SIGCONT)

    def ask_to_end(self) -> None:
        """SIGTERM, without waiting."""
        os.kill(self.pid, signal.SIGTERM)

    def await_end(self, *, seconds: float = 30) -> int:
        """Wait for its end; the exit status."""
        assert self.child is not None
        return self.child.popen.wait(seconds)

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self.child is None or self.child.popen.poll() is not None

    @property
    def forked(self) -> list[int]:
        """The processes that it forked: the pool of a worker."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(number) for number in listed.read_text().split()]

    def _reap(self) -> None:
        assert self.child is not None
        self.child.popen.wait(10)


def holder_of(port: int, among: Sequence[int]) -> int | None:
    """Which of these processes holds the TCP socket with this local port on loopback."""
    wanted = f"0100007F:{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1] == wanted}
    for pid in among:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if str(entry.readlink()) in sockets:
                    return pid
    return None


def valkey_process(children: Children, *, socket_path: Path, folder: Path) -> Process:
    """A broker that keeps nothing on disk: killed, it has forgotten everything."""
    settings = ["--port", "0", "--unixsocket", str(socket_path), "--save", "", "--appendonly", "no"]
    command = [str(binaries.find_valkey()), *settings, "--dir", "."]
    return Process("valkey", command, os.environ | {"LC_ALL": "C.UTF-8"}, children, folder)


@dataclass(frozen=True)
class ProviderBook:
    """The provider, asked over HTTP: the only witness of what was really paid."""

    url: str
    key: str

    def payments(self, reference_prefix: str = "") -> list[dict[str, Any]]:
        """The payments whose money moves or moved."""
        found: list[dict[str, Any]] = self._ask("GET", f"/payments?claim={reference_prefix}")[
            "payments"
        ]
        return found

    def entries(self) -> list[dict[str, Any]]:
        """Every attempt, refused ones too."""
        found: list[dict[str, Any]] = self._ask("GET", "/book")["entries"]
        return found

    def script(self, *faults: Mapping[str, Any]) -> int:
        """Script faults for the next payments; how many. None: clear the script."""
        return int(self._ask("POST", "/faults", json=list(faults))["scripted"])

    def send_back(self, our_reference: str) -> None:
        """The payee's bank returns a payment now."""
        self._ask("POST", f"/payments/{our_reference}/return")

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(trust_env=False, timeout=10, verify=NO_AUTHORITIES) as client:
            answer = client.request(method, self.url + path, headers=headers, **more)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
