"""A whole Redress for the fault table: every process real, every connection through a door of ours.

Database (a copy of a migrated one), broker, payment provider, mail server, workers, beats and web
are processes; between each two stands a `Proxy`. Everything is ended by its number afterwards.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from config.embedded import places
from config.embedded.children import Children
from tests.faults.links import Address
from tests.faults.machines import PYTHON, Process, ProviderBook, valkey_process
from tests.faults.proxy import Proxy, await_true

PROVIDER_KEY = "sandbox-key"
WEBHOOK_SECRET = "sandbox-webhook-secret"
TASKS = ("lapse_deadlines", "send_payouts", "follow_payouts", "deliver_notices", "remind")
CELERY = (PYTHON, "-m", "celery", "-A", "config")
COLLECT = (PYTHON, "manage.py", "collectstatic", "--noinput", "-v", "0")
POOL = 2
FAST_START = ("--without-gossip", "--without-mingle")


@dataclass
class Doors:
    """The proxies before each party."""

    postgres: Proxy
    broker: Proxy
    provider: Proxy
    mail: Proxy
    web: Proxy

    def heal(self) -> None:
        """No more faults anywhere between the processes."""
        for door in (self.postgres, self.broker, self.provider, self.mail, self.web):
            door.heal()


@dataclass
class Stack:
    """The processes of one Redress, the doors between them, and the folder of it all."""

    folder: Path
    database: str
    children: Children
    doors: Doors
    valkey: Process
    provider: Process
    mail: Process
    listener: socket.socket
    workers: list[Process] = field(default_factory=list)
    beats: list[Process] = field(default_factory=list)
    web: Process | None = None
    letters_cut: int = 0

    @property
    def letters_may_repeat(self) -> int:
        """How many letters may have come twice: one for each sender that was cut off or killed.

        That is the limit which no sender of mail can pass (docs/reliability.md).
        """
        return self.letters_cut + sum(POOL * worker.kills for worker in self.workers)

    @property
    def env(self) -> dict[str, str]:
        """What a process of ours needs, with every party behind its door."""
        user = quote(connection.settings_dict["USER"])
        password = connection.settings_dict["PASSWORD"]
        who = f"{user}:{quote(password)}" if password else user
        return os.environ | {
            "DATABASE_URL": f"postgres://{who}@/{self.database}?host={self.folder / 'pg'}",
            "REDIS_URL": f"unix://{self.folder / 'broker'}",
            "SECRET_KEY": settings.SECRET_KEY,
            "REDRESS_DEMO": "1",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.doors.mail.port),
            "PAYMENT_PROVIDER_URL": f"http://127.0.0.1:{self.doors.provider.port}",
            "PAYMENT_PROVIDER_KEY": PROVIDER_KEY,
            "PAYMENT_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "MEDIA_ROOT": str(self.folder / "files"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONWARNINGS": "default",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def book(self) -> ProviderBook:
        """The provider's book, asked directly."""
        return ProviderBook(f"http://127.0.0.1:{self.provider.await_ready()}", PROVIDER_KEY)

    @property
    def letters(self) -> Path:
        """The mail server's own record."""
        return self.folder / "mail"

    def add_worker(self, *, before: str = "", name: str = "") -> Process:
        """Start one more worker with two processes in its pool; `before` is Python to run first."""
        name = name or f"worker{len(self.workers) + 1}"
        options = ("-n", f"{name}@faults", "-c", str(POOL), "-l", "info", *FAST_START)
        command = (*CELERY, "worker", *options)
        if before:
            code = f"{before}; import sys; sys.argv[0] = 'celery'; "
            run = "from celery.__main__ import main; main()"
            command = (PYTHON, "-c", code + run, *command[3:])
        worker = Process(name, command, self.env | {"PGAPPNAME": name}, self.children)
        worker.start()
        self.workers.append(worker)
        return worker

    def add_beat(self) -> Process:
        """Start one more beat, with a schedule file of its own."""
        name = f"beat{len(self.beats) + 1}"
        env = self.env | {"CELERY_BEAT_FILE": str(self.folder / name)}
        beat = Process(name, (*CELERY, "beat", "-l", "info", "--pidfile", ""), env, self.children)
        beat.start()
        self.beats.append(beat)
        return beat

    def start_web(self, *, before: str = "") -> Process:
        """Start the web server behind its door; `before` is Python to run first."""
        if not (self.folder / "static").exists():
            collect = Process("static", COLLECT, self.env, self.children)
            collect.start()
            assert collect.await_end(seconds=120) == 0, collect.log
        code = f"{before or 'pass'}\nfrom gunicorn.app.wsgiapp import run\nrun()"
        bind = f"fd://{self.listener.fileno()}"
        options = ("--workers", "1", "--threads", "4", "--bind", bind, "--no-control-socket")
        command = (PYTHON, "-c", code, "config.wsgi:application", *options)
        fds = (self.listener.fileno(),)
        self.web = Process("web", command, self.env, self.children, pass_fds=fds)
        self.web.start()
        self.doors.web.target = ("127.0.0.1", self.listener.getsockname()[1])
        return self.web

    def stop_web(self) -> None:
        """End the web server; nobody answers behind its door."""
        if self.web is not None and self.web.child is not None:
            self.doors.web.target = None
            self.web.child.stop()
            self.web = None

    def await_workers(self, *workers: Process) -> None:
        """Wait until these workers (default: all) take tasks."""
        for worker in workers or self.workers:
            worker.await_word(" ready.")

    def broker(self) -> redis.Redis:
        """The broker, asked directly."""
        return redis.Redis(unix_socket_path=str(self.folder / "valkey"), socket_timeout=5)

    def tick(self, *tasks: str, expires: float | None = 5) -> None:
        """Tick once, as beat does; a broker that is away loses the tick, as it does beat's."""
        url = f"redis+socket://{self.folder / 'valkey'}"
        with Celery(broker=url, set_as_current=False) as app:
            for task in tasks or TASKS:
                app.send_task(f"claims.tasks.{task}", retry=False, expires=expires)

    def revive(self) -> list[Process]:
        """Start again whatever has ended; what was."""
        everyone = [self.valkey, self.provider, self.mail, *self.workers, *self.beats]
        dead = [one for one in everyone if one.child and one.child.popen.poll() is not None]
        for process in dead:
            process.start()
        self.aim()
        return dead

    def aim(self) -> None:
        """Point the doors of provider and mail server at where they listen now."""
        self.doors.provider.target = ("127.0.0.1", int(self.provider.await_ready()))
        self.doors.mail.target = ("127.0.0.1", int(self.mail.await_ready()))
        await_true(lambda: answers(self.broker()), seconds=20, what="the broker answers")


def answers(client: redis.Redis) -> bool:
    """Whether the broker answers."""
    with client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def server_address() -> Address:
    """Where the PostgreSQL of the tests listens."""
    values = connection.settings_dict
    host = values["HOST"] or values["OPTIONS"].get("host", "") or "localhost"
    port = int(values["PORT"] or 5432)
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)


@contextmanager
def running(
    database: str, *, workers: int = 2, beats: int = 1, server: Address | None = None
) -> Iterator[Stack]:
    """A stack on a database, from `with` to the end of its block; nothing of it is left."""
    folder = places.short_folder()
    try:
        with ExitStack() as opened:
            stack = _open(folder, database, opened, server or server_address())
            for _ in range(workers):
                stack.add_worker()
            for _ in range(beats):
                stack.add_beat()
            yield stack
            for process in (*stack.beats, *stack.workers):
                process.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open(folder: Path, database: str, opened: ExitStack, server: Address) -> Stack:
    logs = places.private_folder(folder / "log")
    children = opened.enter_context(Children(folder, logs, remove_after=[folder]))
    sockets = places.private_folder(folder / "pg")
    doors = Doors(
        postgres=opened.enter_context(Proxy(server, at=sockets / ".s.PGSQL.5432")),
        broker=opened.enter_context(Proxy(folder / "valkey", at=folder / "broker")),
        provider=opened.enter_context(Proxy()),
        mail=opened.enter_context(Proxy()),
        web=opened.enter_context(Proxy()),
    )
    listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
    stack = Stack(
        folder=folder,
        database=database,
        children=children,
        doors=doors,
        valkey=valkey_process(children, socket_path=folder / "valkey", folder=folder),
        provider=_provider(folder, children, doors),
        mail=_mail(folder, children),
        listener=listener,
    )
    for party in (stack.valkey, stack.provider, stack.mail):
        party.start()
    stack.aim()
    return stack


def _provider(folder: Path, children: Children, doors: Doors) -> Process:
    command = [
        *(PYTHON, "manage.py", "run_sandbox_provider", "--port", "0"),
        *("--port-file", str(folder / "provider.port"), "--book", str(folder / "book")),
        *("--webhook-url", f"http://127.0.0.1:{doors.web.port}/provider/notifications"),
    ]
    ready = folder / "provider.port"
    return Process("provider", command, os.environ, children, ready_file=ready)


def _mail(folder: Path, children: Children) -> Process:
    command = [
        *(PYTHON, "-m", "tests.faults.mailbox", "--folder", str(folder / "mail")),
        *("--port-file", str(folder / "mail.port")),
    ]
    ready = folder / "mail.port"
    return Process("mail", command, os.environ, children, ready_file=ready)
