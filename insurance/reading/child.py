"""The process that opens a stranger's file: `python -m insurance.reading.child`.

It gives up what it does not need before it reads a byte: memory, processor time, files, other
processes and, where the system lets it, the network. Then it reads standard input and answers on
standard output.
"""

import contextlib
import ctypes
import json
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

from insurance.reading.facts import Limits, ProblemCode, Reading, problem
from insurance.reading.parsing import read_bytes
from insurance.reading.transport import encoded

_KILOBYTE = 1024
_MOST_FILES = 32
# prctl(2): a process that may not gain rights keeps none that a file could bring.
_NO_NEW_PRIVILEGES = 38


def main() -> None:
    """Read the file on standard input within the limits given as the only argument."""
    limits = Limits(**json.loads(sys.argv[1]))
    confine(limits)
    content = sys.stdin.buffer.read(limits.bytes + 1)
    try:
        reading = read_bytes(content, limits=limits)
    except MemoryError:
        reading = Reading(problem=problem(ProblemCode.TOO_BIG_TO_READ))
    sys.stdout.buffer.write(encoded(replace(reading, peak_bytes=_peak_bytes())))
    sys.stdout.buffer.flush()
    # Nothing that a library left behind is worth waiting for.
    os._exit(0)


def confine(limits: Limits) -> None:
    """Take away from this process, for good, what reading a certificate does not need."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.answer_bytes),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    _no_new_privileges()
    _no_network()


def _no_new_privileges() -> None:
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _no_network() -> None:
    """An empty network of its own. Not every system lets a user have one: then there is none."""
    with contextlib.suppress(OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def _peak_bytes() -> int | None:
    """The most memory that this process held at once, as the kernel counted it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) * _KILOBYTE
    return None


if __name__ == "__main__":
    main()
