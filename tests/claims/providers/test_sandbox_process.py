"""The sandbox as a process of its own: what it answered for survives any death."""

import io
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import override_settings

from claims.providers import get_provider
from claims.providers.base import Found, NotFound, PaymentStatus, Sent, Uncertain
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_book import SandboxBook
from tests.claims.providers.parties import REFERENCE, Clock, instruction

pytestmark = pytest.mark.processes
START_SECONDS = 30


class Process:
    """One run of `manage.py run_sandbox_provider`."""

    def __init__(self, folder: Path, *options: str) -> None:
        port_file = folder / "port"
        port_file.unlink(missing_ok=True)
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        named = ["--port-file", str(port_file), "--book", str(folder / "book"), "--key", "k3y"]
        self.child = subprocess.Popen(
            [sys.executable, manage, "run_sandbox_provider", *named, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + START_SECONDS
        while not port_file.exists() and time.monotonic() < until and self.child.poll() is None:
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{int(port_file.read_text())}"
        self.provider = SandboxProvider(self.url, "k3y", "s", total_seconds=1)

    def end(self, number: signal.Signals) -> int:
        self.child.send_signal(number)
        self.child.communicate(timeout=10)
        return self.child.returncode


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for process in started:
        if process.child.poll() is None:
            process.end(signal.SIGKILL)


def test_the_book_survives_kill_9(tmp_path: Path, processes: list[Process]) -> None:
    processes.append(first := Process(tmp_path))
    sent = first.provider.send(instruction())
    assert isinstance(sent, Sent)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert isinstance(first.provider.send(instruction()), Uncertain)

    processes.append(second := Process(tmp_path))
    found = second.provider.look_up(REFERENCE)
    assert isinstance(found, Found)
    assert (found.provider_reference, found.at) == (sent.provider_reference, sent.at)
    # The key is still known: the same answer, and no second payment.
    assert second.provider.send(instruction()) == sent
    assert second.provider.look_up("RC-OTHER-1") == NotFound(final=True)
    assert second.end(signal.SIGTERM) == 0


def test_options_reach_the_provider_and_sigint_ends_it(
    tmp_path: Path, processes: list[Process]
) -> None:
    options = ("--confirm-after-seconds", "3600", "--key-window-seconds", "0")
    processes.append(process := Process(tmp_path, *options))
    sent = [process.provider.send(instruction()) for _ in range(2)]
    assert [(s.status, s.provider_reference) for s in sent if isinstance(s, Sent)] == [
        (PaymentStatus.ACCEPTED, "SBX-000001"),
        (PaymentStatus.ACCEPTED, "SBX-000002"),
    ]
    assert process.end(signal.SIGINT) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "port"]


@pytest.fixture
def signals() -> Iterator[None]:
    """The command takes over two signals: give them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_a_book_in_use_is_a_clear_message(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "book"
    book = SandboxBook(str(path), now=clock)
    with pytest.raises(CommandError, match="cannot start: another sandbox provider has"):
        call_command("run_sandbox_provider", book=str(path))
    book.close()


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("with_port_file", [True, False])
def test_it_says_where_it_listens_and_ends_on_sigterm(
    tmp_path: Path, *, with_port_file: bool
) -> None:
    port_file = tmp_path / "port"
    said = io.StringIO()

    def end() -> None:
        while not said.getvalue():
            time.sleep(0.01)
        signal.raise_signal(signal.SIGTERM)

    ender = threading.Thread(target=end)
    ender.start()
    options = {"port_file": port_file} if with_port_file else {}
    call_command("run_sandbox_provider", stdout=said, **options)
    ender.join()
    line = re.fullmatch(
        r"The sandbox payment provider listens on http://127\.0\.0\.1:(\d+)\n", said.getvalue()
    )
    assert line
    assert [path.read_text() for path in tmp_path.iterdir()] == [f"{line[1]}\n"] * with_port_file


CONFIGURED = {
    "PAYMENT_PROVIDER_URL": "http://127.0.0.1:9",
    "PAYMENT_PROVIDER_KEY": "k",
    "PAYMENT_WEBHOOK_SECRET": "s",
}


@override_settings(**CONFIGURED)
def test_the_settings_name_the_provider() -> None:
    provider = get_provider()
    assert isinstance(provider, SandboxProvider)
    assert isinstance(provider.send(instruction()), Uncertain)


@pytest.mark.parametrize("missing", ["PAYMENT_PROVIDER_URL", "PAYMENT_PROVIDER_KEY"])
def test_without_settings_there_is_no_provider(missing: str) -> None:
    with (
        override_settings(**CONFIGURED | {missing: ""}),
        pytest.raises(ImproperlyConfigured, match="No payment can be sent"),
    ):
        get_provider()
