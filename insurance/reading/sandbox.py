"""Runs the reader of certificates in a process of its own, with limits, and believes little of it.

The parent never parses the file: it opens it, hands it over and takes back an answer of bounded
size. A child that dies, overruns its time or answers nonsense is an answer too: a `Problem`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Final

from insurance.reading.facts import DEFAULT, Limits, Problem, ProblemCode, Reading, problem
from insurance.reading.sniffing import name_agrees
from insurance.reading.transport import Nonsense, decoded

_HOME: Final = Path(__file__).resolve().parents[2]
_MODULE: Final = "insurance.reading.child"
_LIKELY_MEMORY: Final = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL})


def read_certificate(path: Path, *, name: str, limits: Limits = DEFAULT) -> Reading:
    """What a file says, as suggestions; or the problem with it. `name` is what its sender wrote.

    Never raises for anything that a file contains; takes `limits.seconds` and a moment at most.

    Raises:
        OSError: the file cannot be opened, or no process can be started.
    """
    started = time.monotonic()
    size = path.stat().st_size
    if size == 0 or size > limits.bytes:
        code = ProblemCode.TOO_LARGE if size else ProblemCode.EMPTY
        return Reading(problem=problem(code))
    with path.open("rb") as file, tempfile.TemporaryFile() as answer:
        end = _run(file, answer, limits=limits)
        reading = _answered(answer, end=end, limits=limits)
    reading = _with_name_checked(reading, name)
    return replace(reading, seconds=round(time.monotonic() - started, 3))


def _run(file: IO[bytes], answer: IO[bytes], *, limits: Limits) -> int | None:
    """Run the child to its end: its exit code, or None when its time was up."""
    child = subprocess.Popen(  # noqa: S603 our own interpreter and module
        [sys.executable, "-E", "-s", "-m", _MODULE, json.dumps(asdict(limits))],
        stdin=file,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_HOME,
        env={},
        close_fds=True,
        start_new_session=True,
    )
    try:
        return child.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # Whatever it may have started goes with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _answered(answer: IO[bytes], *, end: int | None, limits: Limits) -> Reading:
    if end is None or end == -signal.SIGXCPU:
        return Reading(problem=problem(ProblemCode.TOO_SLOW))
    if end < 0 and -end in _LIKELY_MEMORY:
        return Reading(problem=problem(ProblemCode.TOO_BIG_TO_READ))
    if end != 0:
        return Reading(problem=problem(ProblemCode.NOT_READ))
    answer.seek(0)
    try:
        return decoded(answer.read(limits.answer_bytes + 1))
    except Nonsense:
        return Reading(problem=problem(ProblemCode.NOT_READ))


def _with_name_checked(reading: Reading, name: str) -> Reading:
    """A file whose name says another kind than its content is sent back: people trust names."""
    kind = reading.kind
    if reading.problem is not None or kind is None or name_agrees(name, kind):
        return reading
    words = f"This file is a {kind} file, but its name does not end in .{kind.lower()}. Rename it."
    return Reading(kind=kind, problem=Problem(ProblemCode.WRONG_TYPE, words))
