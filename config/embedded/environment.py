"""The environment that config/settings.py reads, for a stack on this machine."""

import json
import os
import secrets
from pathlib import Path

SECRETS = ("SECRET_KEY", "PAYMENT_PROVIDER_KEY", "PAYMENT_WEBHOOK_SECRET")


def write_private(path: Path, content: str) -> None:
    """Replace a file at once; at no moment can anybody else read it."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    part.replace(path)


def kept_secrets(path: Path) -> dict[str, str]:
    """The secrets of this checkout, made once."""
    if not path.exists():
        write_private(path, json.dumps({name: secrets.token_urlsafe(48) for name in SECRETS}))
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def demo(*, var: Path, root: Path) -> dict[str, str]:
    """What the demo under `var` needs, besides the addresses of its stores and outside parties.

    A secret that the person set in the environment wins over the kept one.
    """
    kept = kept_secrets(var / "secrets.json")
    return {
        **os.environ,
        **{name: os.environ.get(name, value) for name, value in kept.items()},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        "REDRESS_DEMO": "1",
        "MEDIA_ROOT": str(var / "files"),
        "STATIC_ROOT": str(var / "static"),
        "CELERY_BEAT_FILE": str(var / "run" / "beat"),
    }


def throw_away(*, folder: Path, root: Path) -> dict[str, str]:
    """What tests and benchmarks need: nothing of it outlives `folder`."""
    return {
        **os.environ,
        **{name: secrets.token_urlsafe(48) for name in SECRETS},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(root),
        "REDRESS_DEMO": "1",
        "MEDIA_ROOT": str(folder / "files"),
        "STATIC_ROOT": str(folder / "static"),
        "CELERY_BEAT_FILE": str(folder / "beat"),
    }
