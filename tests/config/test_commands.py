"""`./redress test` and `bench`: throw-away stores below one command, gone however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.config.standin import alive_in, call, children_of, environment, make_checkout

pytestmark = pytest.mark.processes
SHOW = """
import os, pathlib, sys, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    names = ("fsync", "idle_in_transaction_session_timeout")
    shown = "/".join(connection.execute(f"SHOW {name}").fetchone()[0] for name in names)
redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
folder = pathlib.Path(os.environ["MEDIA_ROOT"]).parent
print("stores answer", shown, folder, len(os.environ["SECRET_KEY"]), sys.argv[1:])
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = make_checkout(tmp_path / "checkout")
    (folder / "benchmarks").mkdir()
    (folder / "tests").mkdir()
    return folder


def shown(said: str) -> list[str]:
    """The words of the line that SHOW printed."""
    (line,) = [line for line in said.splitlines() if "stores answer" in line]
    return line[line.index("stores answer") :].split()


def test_bench_runs_one_benchmark_on_stores_that_are_gone_afterwards(checkout: Path) -> None:
    (checkout / "benchmarks" / "sweep.py").write_text(SHOW)
    status, said = call(checkout, "bench", "sweep", "--claims", "10")
    assert status == 0
    _, _, settings, folder, length, *rest = shown(said)
    assert (settings, length, " ".join(rest)) == ("off/0", "64", "['--claims', '10']")
    assert not Path(folder).exists()


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["../manage"]])
def test_an_unknown_benchmark_is_refused_with_those_there_are(
    checkout: Path, arguments: list[str]
) -> None:
    (checkout / "benchmarks" / "sweep.py").write_text(SHOW)
    assert call(checkout, "bench", *arguments) == (1, "redress: bench takes one of: sweep.\n")


def test_test_passes_arguments_and_the_exit_status_on(checkout: Path) -> None:
    body = SHOW.replace("\n", "\n    ")
    (checkout / "tests" / "test_it.py").write_text(f"def test_it():{body}\ndef test_no(): assert 0")
    status, said = call(checkout, "test", "-s", "-p", "no:cacheprovider", "-k", "test_it")
    assert status == 1
    assert "1 failed, 1 passed" in said
    assert not Path(shown(said)[3]).exists()


@pytest.mark.parametrize(
    ("number", "to_all", "status"),
    [
        (signal.SIGINT, True, 130),  # Ctrl-C reaches every process of the terminal
        (signal.SIGTERM, False, 130),
        (signal.SIGKILL, False, -signal.SIGKILL),
    ],
)
def test_a_stopped_test_run_leaves_nothing(
    checkout: Path,
    number: signal.Signals,
    to_all: bool,
    status: int,
) -> None:
    told = checkout / "told"
    body = f"open({str(told)!r}, 'w').write(os.environ['MEDIA_ROOT']); time.sleep(600)"
    (checkout / "tests" / "test_slow.py").write_text(
        f"import os, time\ndef test_slow():\n    {body}\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "config.embedded", "test", "tests/test_slow.py"],
        cwd=checkout,
        env=environment(checkout),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        until = time.monotonic() + 60
        while not (told.exists() and told.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        sessions = {run.pid, *children_of(run.pid)}
        (os.killpg if to_all else os.kill)(run.pid, number)
        assert run.wait(60) == status
    folder = Path(told.read_text()).parent
    until = time.monotonic() + 15
    while (alive_in(sessions) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.1)
    assert alive_in(sessions) == []
    assert not folder.exists()
