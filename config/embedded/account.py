"""Who PostgreSQL runs as. It refuses to run as root, so root lends it another identity."""

import os
import pwd
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

# Any number but 0 will do: inside its own user namespace, root appears under this one.
SEEN_AS = 1000
MAPS = ("setgroups", "deny"), ("uid_map", f"{SEEN_AS} 0 1"), ("gid_map", f"{SEEN_AS} 0 1")


class NoAccountError(Exception):
    """Root could lend PostgreSQL no other identity on this machine."""


def enter_user_namespace() -> None:
    """Become a process that is root to the files and nobody special to itself."""
    os.unshare(os.CLONE_NEWUSER)
    for name, content in MAPS:
        Path("/proc/self", name).write_text(content)


def become_nobody() -> None:
    """Become the account `nobody`, for good."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def works(become: Callable[[], None], program: Path) -> bool:
    """Whether a process that became another one can run this program."""
    try:
        subprocess.run(  # noqa: S603 - a program of the installation, asked for its version
            [program, "--version"],
            check=True,
            capture_output=True,
            preexec_fn=become,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def lent_by_root(program: Path) -> Callable[[], None] | None:
    """What a child must do before `program`: nothing unless we are root.

    Raises:
        NoAccountError: we are root, and the machine allows neither way of not being root.
    """
    if os.geteuid() != 0:
        return None
    for become in (enter_user_namespace, become_nobody):
        if works(become, program):
            return become
    raise NoAccountError(
        "PostgreSQL refuses to run as root; this machine allows no user namespaces, and the "
        f"account nobody cannot reach {program}. Start Redress as another account, or set "
        "DATABASE_URL to a PostgreSQL that runs elsewhere."
    )


def let_pass(folders: Iterable[Path], become: Callable[[], None] | None) -> None:
    """Let `nobody` pass through folders of ours, without seeing what lies in them."""
    if become is become_nobody:
        for folder in folders:
            folder.chmod(0o711)


def hand_over(folder: Path, become: Callable[[], None] | None) -> None:
    """Give a folder and all in it to the account that `become` leads to."""
    if become is not become_nobody:
        return
    nobody = pwd.getpwnam("nobody")
    if folder.stat().st_uid != nobody.pw_uid:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
