"""A mail server of the demo and the tests: takes every letter, keeps it as a file, delivers none.

    python -m config.mailsink --folder var/mail --port-file var/run/mail.port

It listens on loopback only, on a free port that it writes into the port file.
"""

import argparse
import asyncio
import signal
import socket
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 Kept, and delivered to nobody"


class Sink:
    """Keeps letters as 000001.eml, 000002.eml … and their number in COUNT."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.count = max((int(path.stem) for path in folder.glob("[0-9]*.eml")), default=0)

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep one letter, with whom it was really for, before saying that it was taken."""
        del server, session
        self.count += 1
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        part = self.folder / "letter.part"
        part.write_bytes(head.encode() + bytes(envelope.original_content or b""))
        part.replace(self.folder / f"{self.count:06}.eml")
        (self.folder / "COUNT").write_text(f"{self.count}\n")
        return ACCEPTED


async def serve(folder: Path, port_file: Path) -> None:
    """Take letters until SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    listener = socket.create_server(("127.0.0.1", 0))
    sink = Sink(folder)
    server = await loop.create_server(lambda: SMTP(sink, hostname="redress.example"), sock=listener)
    part = port_file.with_suffix(".part")
    part.write_text(str(listener.getsockname()[1]))
    part.replace(port_file)
    await ended.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m config.mailsink", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.folder, options.port_file))


if __name__ == "__main__":
    main()
