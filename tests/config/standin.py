"""A product small enough to start in seconds, below the real supervisor: web, worker, parties."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = {
    "manage.py": """
import os, sys, time
if sys.argv[1] == "run_sandbox_provider":
    with open(sys.argv[sys.argv.index("--port-file") + 1], "w") as file:
        file.write("4")
    time.sleep(600)
print(sys.argv[1:], os.environ["DATABASE_URL"], os.getcwd())
sys.exit(7 if "fail" in sys.argv else 0)
""",
    "config/__init__.py": "from config.celery import app\n__all__ = ['app']\n",
    "config/celery.py": """
import os
from celery import Celery
app = Celery("standin", broker=os.environ.get("REDIS_URL", "").replace("unix:", "redis+socket:"))
""",
    "config/settings.py": "SECRET_KEY = 'standing in'\nUSE_TZ = True\n",
    "config/wsgi.py": """
def application(environ, start):
    start("200 OK", [])
    return [b"standing in"]
""",
    "config/embedded/prepare.py": """
import os, pathlib, sys, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS start (at timestamptz DEFAULT now())")
    connection.execute("INSERT INTO start DEFAULT VALUES")
    count = connection.execute("SELECT count(*) FROM start").fetchone()[0]
if pathlib.Path("fail").exists():
    sys.exit("the demo is broken")
pathlib.Path(sys.argv[1]).write_text(f"start number {count}")
""",
}


def make_checkout(folder: Path) -> Path:
    """A checkout with the real config/embedded and a stand-in for everything above it."""
    shutil.copytree(ROOT / "config" / "embedded", folder / "config" / "embedded")
    shutil.copy(ROOT / "config" / "mailsink.py", folder / "config")
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


def environment(checkout: Path) -> dict[str, str]:
    """The variables of a person who sets none."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(checkout), "PYTHONUNBUFFERED": "1"}


def call(checkout: Path, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
    """Run one command of `config.embedded`; returns exit status and output."""
    done = subprocess.run(
        [sys.executable, "-m", "config.embedded", *arguments],
        cwd=folder or checkout,
        env=environment(checkout),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


class Up:
    """A running `up`: what it said, which processes are its own, and its end."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "config.embedded", "up"],
            cwd=checkout,
            env=environment(checkout),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        for line in self.popen.stdout or ():
            self.said += line
            if "Ctrl-C stops it all" in line:
                break
        self.sessions = sessions_below(self.popen.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.popen.poll() is None:
            self.stop()
        if self.popen.stdout:
            self.popen.stdout.close()

    def recorded(self) -> dict[str, int]:
        """The process number of each child, by name, as the supervisor recorded it."""
        record = self.checkout / "var" / "run" / f"children-{self.popen.pid}.json"
        return {name: pid for name, pid, *_ in json.loads(record.read_text())}

    def guardian(self) -> int:
        """The process number of this supervisor's guardian."""
        (pid,) = set(children_of(self.popen.pid)) - set(self.recorded().values())
        return pid

    def wait(self) -> int:
        """Wait for the end; returns the exit status, and collects the last words."""
        rest, _ = self.popen.communicate(timeout=60)
        self.said += rest
        return self.popen.returncode

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it as a person would."""
        self.popen.send_signal(number)
        return self.wait()

    def left(self) -> list[str]:
        """What is still alive of all that it ever started, once that had time to go."""
        until = time.monotonic() + 15
        while (alive := alive_in(self.sessions)) and time.monotonic() < until:
            time.sleep(0.1)
        return alive


def _rows() -> list[list[str]]:
    done = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,sid=,stat=,args="], capture_output=True, text=True, check=True
    )
    return [line.split(maxsplit=4) for line in done.stdout.splitlines()]


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    return [int(row[0]) for row in _rows() if int(row[1]) == pid and row[3][0] != "Z"]


def sessions_below(pid: int) -> set[int]:
    """The sessions that a supervisor's children lead."""
    return set(children_of(pid))


def alive_in(sessions: set[int]) -> list[str]:
    """The command lines of the living processes of these sessions."""
    return [row[4] for row in _rows() if int(row[2]) in sessions and row[3][0] != "Z"]
