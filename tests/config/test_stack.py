"""`./redress up` and `manage`, with real processes below the real supervisor."""

import json
import os
import signal
import smtplib
import socket
import stat
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.standin import Up, call, make_checkout

pytestmark = [
    pytest.mark.processes,
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]
NAMES = ["postgres", "valkey", "mail", "provider", "prepare", "web", "worker", "beat"]
AWKWARD = "a folder with spaces, " + "and a name so long that no socket could be named in it, " * 2


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return make_checkout(tmp_path / "checkout")


def address(up: Up) -> str:
    (line,) = [line for line in up.said.splitlines() if line.startswith("Redress runs at ")]
    return line.removeprefix("Redress runs at ")


def page_at(url: str) -> bytes:
    with urllib.request.urlopen(url) as page:  # noqa: S310 - our own server
        content: bytes = page.read()
    return content


@contextmanager
def port_8000_taken() -> Iterator[None]:
    """Hold the port; somebody else may hold it already, which serves as well."""
    try:
        taken = socket.create_server(("127.0.0.1", 8000))
    except OSError:
        yield
        return
    with taken:
        yield


def demand_clean_end(up: Up) -> None:
    """Nothing of a stack is left but its data: no process, no socket, no private variables."""
    run = up.checkout / "var" / "run"
    assert up.left() == []
    assert sorted(path.name for path in run.iterdir()) == sorted(
        {"lock", "demo.txt", "mail.port", "provider.port", "beat"}
        & {path.name for path in run.iterdir()}
    )
    assert (run / "lock").read_text() == ""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One stack for the tests that only look at it."""
    with Up(make_checkout(tmp_path_factory.mktemp("running") / "checkout")) as up:
        yield up


def test_up_starts_everything_and_says_where(running: Up) -> None:
    assert list(running.recorded()) == NAMES
    assert page_at(address(running)) == b"standing in"
    assert "start number 1" in running.said
    variables = running.checkout / "var" / "run" / "env.json"
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600


def test_a_second_up_says_who_runs_and_disturbs_nobody(running: Up) -> None:
    before = running.recorded()
    status, said = call(running.checkout, "up")
    assert (status, said) == (
        1,
        f"redress: Redress already runs here: {address(running)} (process {running.popen.pid}).\n",
    )
    assert running.recorded() == before
    assert running.popen.poll() is None


def test_manage_runs_against_the_running_stack_where_the_person_stands(
    running: Up, tmp_path: Path
) -> None:
    variables = json.loads((running.checkout / "var" / "run" / "env.json").read_text())
    assert call(running.checkout, "manage", "shell", "--x", folder=tmp_path) == (
        0,
        f"['shell', '--x'] {variables['DATABASE_URL']} {tmp_path}\n",
    )
    assert running.popen.poll() is None


def test_letters_are_kept_and_delivered_to_nobody(running: Up) -> None:
    mail = running.checkout / "var" / "mail"
    port = int((running.checkout / "var" / "run" / "mail.port").read_text())
    for body in ("first", "second"):
        with smtplib.SMTP("127.0.0.1", port) as client:
            letter = f"Subject: {body}\r\n\r\n{body}\r\n"
            client.sendmail("claims@redress.example", ["seller@shop.example"], letter)
    assert sorted(path.name for path in mail.iterdir()) == ["000001.eml", "000002.eml", "COUNT"]
    assert (mail / "COUNT").read_text() == "2\n"
    assert (mail / "000002.eml").read_bytes() == (
        b"X-Envelope-From: claims@redress.example\r\nX-Envelope-To: seller@shop.example\r\n"
        b"Subject: second\r\n\r\nsecond\r\n"
    )


def test_up_in_a_long_path_with_spaces_and_port_8000_taken(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / AWKWARD / "checkout")
    with port_8000_taken(), Up(checkout) as up:
        sockets = Path((checkout / "var" / "run" / "sock.path").read_text())
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert "Port 8000 is taken, so Redress listens on the next free one." in up.said
        assert address(up) != "http://localhost:8000"
        assert page_at(address(up)) == b"standing in"
        assert up.stop() == 0
    assert up.said.endswith("Stopped.\n")
    assert not sockets.exists()
    demand_clean_end(up)


def test_up_keeps_its_data_and_its_secrets(checkout: Path) -> None:
    with Up(checkout) as first:
        secrets = (checkout / "var" / "secrets.json").read_text()
        assert first.stop() == 0
    demand_clean_end(first)
    with Up(checkout) as second:
        assert "start number 2" in second.said
        assert (checkout / "var" / "secrets.json").read_text() == secrets
        assert second.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("name", ["valkey", "worker"])
def test_a_process_that_dies_is_named_and_ends_everything(checkout: Path, name: str) -> None:
    with Up(checkout) as up:
        os.kill(up.recorded()[name], signal.SIGKILL)
        assert up.wait() == 1
    assert f"redress: {name} ended (killed by SIGKILL)." in up.said
    assert up.said.endswith("Everything is stopped.\n")
    demand_clean_end(up)


@pytest.mark.parametrize("guardian_dies_too", [True, False])
def test_a_killed_supervisor_leaves_nothing_and_the_next_start_recovers(
    checkout: Path,
    guardian_dies_too: bool,
) -> None:
    with Up(checkout) as killed:
        guardian = killed.guardian()
        if guardian_dies_too:
            os.kill(guardian, signal.SIGKILL)
        killed.popen.kill()
        assert killed.wait() == -signal.SIGKILL
        assert killed.left() == []
    with Up(checkout) as up:
        assert "start number 2" in up.said
        assert up.stop() == 0
    demand_clean_end(up)


def test_up_recovers_from_a_killed_postgres_and_a_reused_process_number(checkout: Path) -> None:
    with Up(checkout) as up:
        os.kill(up.recorded()["postgres"], signal.SIGKILL)
        assert up.wait() == 1
    assert "redress: postgres ended (killed by SIGKILL)." in up.said
    demand_clean_end(up)
    (stale,) = (checkout / "var").glob("postgres-*/postmaster.pid")
    # The number of the dead postmaster now belongs to somebody else: to this test.
    stale.write_text("\n".join([str(os.getpid()), *stale.read_text().splitlines()[1:]]) + "\n")
    with Up(checkout) as again:
        assert "start number 2" in again.said


def test_a_start_that_fails_says_why_and_leaves_nothing(checkout: Path) -> None:
    (checkout / "fail").touch()
    up = Up(checkout)
    with up:
        assert up.wait() == 1
    assert "redress: prepare ended (exit status 1)." in up.said
    assert "the demo is broken" in up.said
    demand_clean_end(up)


def test_manage_starts_the_stores_where_nothing_runs_and_passes_the_status_on(
    checkout: Path,
) -> None:
    status, said = call(checkout, "manage", "fail")
    assert status == 7
    assert said.startswith("['fail'] postgres://redress@/redress?host=/")
    assert sorted(path.name for path in (checkout / "var" / "run").iterdir()) == ["lock"]
