"""The process that opens a stranger's file: `python -m insurance.reading.child`.

It gives up what it does not need before it reads a byte (`confinement`), reads standard input
and answers on standard output.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from insurance.reading.confinement import confine
from insurance.reading.facts import Limits, ProblemCode, Reading, problem
from insurance.reading.parsing import read_bytes
from insurance.reading.transport import encoded

_KILOBYTE = 1024


def main() -> None:
    """Read the file on standard input within the limits given as the only argument."""
    limits = Limits(**json.loads(sys.argv[1]))
    with Path("/proc/self/status").open("rb", buffering=0) as status:
        confine(limits)
        content = sys.stdin.buffer.read(limits.bytes + 1)
        try:
            reading = read_bytes(content, limits=limits)
        except MemoryError:
            reading = Reading(problem=problem(ProblemCode.TOO_BIG_TO_READ))
        reading = replace(reading, peak_bytes=_peak_bytes(status.readall()))
    sys.stdout.buffer.write(encoded(reading))
    sys.stdout.buffer.flush()
    # Nothing that a library left behind is worth waiting for.
    os._exit(0)


def _peak_bytes(status: bytes) -> int | None:
    """The most memory that this process held at once, as the kernel counted it."""
    for line in status.decode("ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) * _KILOBYTE
    return None


if __name__ == "__main__":
    main()
