"""Runs the reader of certificates in a process of its own, with limits, and believes little of it.

The parent never parses the file: it opens it, hands it over and reads back an answer of bounded
size. A child that dies, overruns its time or answers nonsense is an answer too: a `Problem`.
"""

from pathlib import Path

from insurance.reading.facts import DEFAULT, Limits, Reading


def read_certificate(path: Path, *, name: str, limits: Limits = DEFAULT) -> Reading:
    """What a file says, as suggestions; or the problem with it. `name` is what the sender called it.

    Never raises for anything a file contains. Takes at most `limits.seconds` and a moment.
    """
    raise NotImplementedError
