"""What a process gives up for good before it opens a stranger's file.

Limits of resources always hold. The rest depends on the system, and is taken where there is any:
user namespaces for an empty network, Landlock for the file system.
"""

import contextlib
import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from insurance.reading.facts import Limits

_MOST_FILES: Final = 32
# prctl(2): a process that may not gain rights keeps none that a file could bring.
_NO_NEW_PRIVILEGES: Final = 38
# landlock(7): numbers of its three calls, the same on every processor, and its first rule type.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
# Rights over files that each version of Landlock knows (one bit each), and the two to read.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_READ_FILE_AND_FOLDER: Final = 0b1100
_NETWORK_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SIGNALS_AND_SOCKETS = 6, 0b11
_HOME: Final = Path(__file__).resolve().parents[2]
# Python itself, our own modules, and the fonts of texts that bring none.
_READABLE: Final = (
    Path(sys.base_prefix),
    Path(sys.prefix),
    _HOME / "insurance",
    _HOME / "sellers",
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)


def confine(limits: Limits) -> None:
    """Take away from this process what reading a certificate does not need."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.answer_bytes),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _leave_network()
    _leave_files()


def landlock_version() -> int:
    """The version of Landlock that this kernel offers; 0 for none."""
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _leave_network() -> None:
    """An empty network of its own. Not every system lets a user have one."""
    with contextlib.suppress(OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def _leave_files() -> None:
    """Let nothing be opened but what Python and the reader are made of, and that for reading."""
    version = landlock_version()
    if not version:
        return
    libc = _libc()
    rights = _ruleset(version)
    rules = libc.syscall(_CREATE_RULESET, rights, len(rights), 0)
    if rules < 0:
        return
    for folder in _folders():
        rule = struct.pack("=Qi", _READ_FILE_AND_FOLDER, folder)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0)
        os.close(folder)
    libc.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _ruleset(version: int) -> bytes:
    """All rights that this version can withhold: files, TCP, signals and sockets of others."""
    files = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    withheld = [files]
    if version >= _NETWORK_SINCE:
        withheld.append(_TCP)
    if version >= _SCOPES_SINCE:
        withheld.append(_SIGNALS_AND_SOCKETS)
    return struct.pack(f"={len(withheld)}Q", *withheld)


def _folders() -> Iterator[int]:
    for path in dict.fromkeys(_READABLE):
        with contextlib.suppress(OSError):
            yield os.open(path, os.O_PATH | os.O_CLOEXEC)
