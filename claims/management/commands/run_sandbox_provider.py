"""Run the sandbox payment provider as a process of its own, until SIGTERM or Ctrl-C."""

import os
import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.providers.sandbox_book import MEMORY, BookUnreadable
from claims.providers.sandbox_server import DEMO_KEY, DEMO_WEBHOOK_SECRET, SandboxServer

_TICK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Runs the sandbox payment provider, with a book of its own. No real money moves."
    # It is an outside party: neither our database nor our checks concern it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        add("--port", type=int, default=0, help="port to listen on (0: any that is free)")
        add("--port-file", type=Path, help="file to write the port to, once it listens")
        add("--book", default=MEMORY, help="file of the book (:memory: forgets it at the end)")
        add("--key", default=DEMO_KEY, help="bearer key that clients must present")
        add("--key-window-seconds", type=float, default=86_400, help="life of idempotency keys")
        add("--confirm-after-seconds", type=float, default=0, help="from accepted to confirmed")
        add("--hold-seconds", type=float, default=30, help="how long a withheld answer hangs")
        add("--webhook-url", help="where to post notifications (none without it)")
        add("--webhook-secret", default=DEMO_WEBHOOK_SECRET, help="what they are signed with")

    def handle(self, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            server = _server(options)
        except (BookUnreadable, OSError) as error:
            raise CommandError(f"The sandbox provider cannot start: {error}") from error
        with server:
            if options["port_file"]:
                _write_whole(options["port_file"], f"{server.port}\n")
            self.stdout.write(f"The sandbox payment provider listens on {server.url}")
            self.stdout.flush()
            # A signal that lands on another thread does not wake a wait without end.
            while not stop.wait(_TICK_SECONDS):
                continue


def _server(options: dict[str, Any]) -> SandboxServer:
    return SandboxServer(
        host=options["host"],
        port=options["port"],
        book=options["book"],
        key=options["key"],
        key_window=timedelta(seconds=options["key_window_seconds"]),
        confirm_after=timedelta(seconds=options["confirm_after_seconds"]),
        hold_seconds=options["hold_seconds"],
        webhook_url=options["webhook_url"],
        webhook_secret=options["webhook_secret"],
    )


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
