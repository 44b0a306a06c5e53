"""The mail server of the fault table, as a process: the demo's sink, which also refuses people.

    python -m tests.faults.mailbox --folder F --port-file P

Who is called nobody does not exist here (a hard bounce); everybody else's letters are kept.
"""

import argparse
import asyncio
import email
import email.policy
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from config import mailsink

UNKNOWN = "550 5.1.1 nobody of that name here"


class Mailbox(mailsink.Sink):
    """The sink, with one kind of address that does not exist."""

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Refuse nobody@…, for good."""
        del server, session, options
        if address.startswith("nobody"):
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 OK"


def taken(folder: Path) -> Counter[str]:
    """How often each letter was taken, by its Message-ID, from the server's own files."""
    letters = (path.read_bytes() for path in folder.glob("[0-9]*.eml"))
    parsed = (email.message_from_bytes(raw, policy=email.policy.default) for raw in letters)
    return Counter(str(letter["Message-ID"]) for letter in parsed)


def main() -> None:
    """Serve as the demo's sink does, with this mailbox in its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    options = parser.parse_args()
    mailsink.Sink = Mailbox  # type: ignore[misc]
    asyncio.run(mailsink.serve(options.folder, options.port_file))


if __name__ == "__main__":
    main()
