"""The outside parties of the demo: a mail server that delivers nothing, and a payment sandbox."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded.children import Children

NAMES = ("mail", "provider")


def content_of(path: Path) -> Callable[[], str | None]:
    """An answer that is a file's content, once there is any."""
    return lambda: path.read_text().strip() if path.exists() else None


@dataclass(frozen=True)
class Parties:
    """Both parties; each listens on a free port of loopback, and writes it into a file."""

    root: Path
    var: Path
    run: Path

    def port_file(self, name: str) -> Path:
        """Where a party writes its port."""
        return self.run / f"{name}.port"

    def commands(self, variables: Mapping[str, str]) -> dict[str, list[str | Path]]:
        """What starts each, without its port file."""
        return {
            "mail": ["-m", "config.mailsink", "--folder", self.var / "mail"],
            # Its keys are readable in the list of processes: it moves no real money.
            "provider": [
                *("manage.py", "run_sandbox_provider", "--host", "127.0.0.1", "--port", "0"),
                *("--book", self.var / "provider-book.sqlite3"),
                f"--key={variables['PAYMENT_PROVIDER_KEY']}",
                f"--webhook-url={variables['SITE_URL']}/provider/notifications",
                f"--webhook-secret={variables['PAYMENT_WEBHOOK_SECRET']}",
            ],
        }

    def start(self, children: Children, variables: Mapping[str, str]) -> None:
        """Start both, and wait for neither."""
        for name, command in self.commands(variables).items():
            self.port_file(name).unlink(missing_ok=True)
            children.start(
                name,
                [sys.executable, *command, "--port-file", self.port_file(name)],
                environment=variables,
                folder=self.root,
            )

    def found(self, children: Children) -> dict[str, str]:
        """Wait until both listen; returns where, as settings."""
        ports = {
            child.name: child.wait_for(content_of(self.port_file(child.name)))
            for child in children.running
            if child.name in NAMES
        }
        return {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": ports["mail"],
            "PAYMENT_PROVIDER_URL": f"http://127.0.0.1:{ports['provider']}",
        }
