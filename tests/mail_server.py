"""A real SMTP server on loopback, whose answers a test decides."""

import asyncio
import email
import email.policy
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from email.message import EmailMessage

CUT = "cut"


class MailServer:
    """Keeps what it takes. `rcpt` and `data` hold the next answers; empty: everything is taken.

    The answer CUT takes the letter, and breaks the connection before saying so.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.rcpt: deque[str] = deque()
        self.data: deque[str] = deque()
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        del server, envelope
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        del server, session, options
        answer = self.rcpt.popleft() if self.rcpt else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        answer = self.data.popleft() if self.data else "250 OK"
        if answer == CUT or answer.startswith("2"):
            content = bytes(envelope.original_content or b"")
            self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
        if answer == CUT:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 nobody hears this"
        return answer

    @property
    def mailers(self) -> dict[str, Any]:
        """The setting that sends letters here."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 5}
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {"default": {"BACKEND": backend, "OPTIONS": options}}

    def subjects(self) -> list[str]:
        return [str(letter["Subject"]) for letter in self.taken]


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A server in a thread of its own, on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = MailServer(listener.getsockname()[1])
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = await loop.create_server(
            lambda: SMTP(kept, hostname="test.example", loop=loop), sock=listener
        )
        started.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(5)
    try:
        yield kept
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()
