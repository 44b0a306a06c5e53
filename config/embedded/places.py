"""Where things lie: everything that is written lies under `var/`, sockets perhaps elsewhere."""

import os
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
# A Unix socket's path may have 107 bytes (sun_path); PostgreSQL adds `/.s.PGSQL.5432.lock`.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
# Characters that need no quoting in DATABASE_URL, REDIS_URL and configuration files.
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def private_folder(folder: Path) -> Path:
    """The folder, made if need be, that only its owner may enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def can_hold_sockets(folder: Path) -> bool:
    """Whether sockets in this folder can be named: short enough, and no character to quote."""
    path = str(folder)
    return len(os.fsencode(path)) <= LONGEST_SOCKET_FOLDER and bool(PLAIN.fullmatch(path))


def short_folder() -> Path:
    """A new private folder whose path is short: in XDG_RUNTIME_DIR, else /tmp."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = os.path.isdir(runtime) and os.access(runtime, os.W_OK)  # noqa: PTH112 - may be ""
    parent = runtime if usable and can_hold_sockets(Path(runtime, "redress-12345678")) else "/tmp"  # noqa: S108 - mkdtemp makes it private
    return Path(tempfile.mkdtemp(prefix="redress-", dir=parent))


def socket_folder(run: Path) -> Path:
    """A private folder for sockets: in `run` where the path allows it, else a short one.

    The name of a short one is kept in `run`, so that one left by a crash is found and removed.
    """
    inside = run / "sock"
    if can_hold_sockets(inside):
        return private_folder(inside)
    remove_socket_folder(run)
    folder = short_folder()
    (run / "sock.path").write_text(str(folder))
    return folder


def remove_socket_folder(run: Path) -> None:
    """Remove the folder that `socket_folder` gave for `run`, wherever it lies."""
    kept = run / "sock.path"
    if kept.exists():
        folder = Path(kept.read_text())
        if folder.name.startswith("redress-") and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        kept.unlink()
    shutil.rmtree(run / "sock", ignore_errors=True)
