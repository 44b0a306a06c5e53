"""A disk of a process's own that is soon full: a small tmpfs, in a mount namespace beside ours.

    python -m tests.faults.small_disk FOLDER      exit status 0 where the system allows this

It needs no rights: whoever makes a user namespace may mount in it. Some systems forbid that.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path


def mount_over(folder: str, *, size: int) -> None:
    """Give this process, and those that it will start, a disk of `size` bytes at this folder.

    Raises:
        OSError: the system does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode()):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), folder)


def is_allowed(folder: Path) -> bool:
    """Whether this system lets us: tried by a process that ends at once."""
    command = [sys.executable, "-m", "tests.faults.small_disk", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def seen_by(pid: int, folder: Path) -> Path:
    """A folder as a process sees it, whose disks may differ from ours."""
    return Path(f"/proc/{pid}/root") / folder.relative_to("/")


if __name__ == "__main__":
    mount_over(sys.argv[1], size=4096)
