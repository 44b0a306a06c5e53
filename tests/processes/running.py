"""Real processes for tests: workers and a beat on the test's own database and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from claims.providers.sandbox_server import SandboxServer

type Running = AbstractContextManager[subprocess.Popen[bytes]]

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The URL of the database that the test's own connection uses."""
    values = connection.settings_dict
    host = values["HOST"] or values["OPTIONS"].get("host", "")
    user = quote(values["USER"])
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    where = f"?host={quote(host)}" if host.startswith("/") else ""
    at = "" if where else f"{host}:{values['PORT'] or 5432}"
    return f"postgres://{user}{password}@{at}/{values['NAME']}{where}"


def environment(server: SandboxServer, broker: str, folder: Path) -> dict[str, str]:
    """What a process of ours needs to work for this test."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker,
        "SECRET_KEY": settings.SECRET_KEY,
        "REDRESS_DEMO": "1",
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "PAYMENT_PROVIDER_URL": server.url,
        "PAYMENT_PROVIDER_KEY": server.key,
        "PAYMENT_WEBHOOK_SECRET": server.webhook_secret,
        "CELERY_BEAT_FILE": str(folder / "beat"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONWARNINGS": "default",
    }


@contextmanager
def process(
    arguments: list[str], env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours in a group of its own, ended with everything it started."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=dict(env),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        end(started)


def end(started: "subprocess.Popen[bytes]") -> None:
    """End a process gently, then for certain."""
    if started.poll() is not None:
        return
    started.send_signal(signal.SIGTERM)
    try:
        started.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait(timeout=5)


def worker(name: str, env: Mapping[str, str], folder: Path) -> Running:
    """A Celery worker with two processes."""
    arguments = ["celery", "-A", "config", "worker", "-n", f"{name}@test", "-c", "2", "-l", "info"]
    return process(arguments, env, folder / f"{name}.log")


def beat(name: str, env: Mapping[str, str], folder: Path) -> Running:
    """A beat with a schedule file of its own."""
    own = dict(env) | {"CELERY_BEAT_FILE": str(folder / name)}
    return process(["celery", "-A", "config", "beat", "-l", "info"], own, folder / f"{name}.log")


def wait_until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for something to become true.

    Raises:
        AssertionError: it does not in time.
    """
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return
        time.sleep(0.25)
    raise AssertionError(f"After {seconds:g} s still not: {what}")
