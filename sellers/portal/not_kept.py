"""What a seller is told when what it sent could not be kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotKept:
    """What was not received, until when it may still come, and how long that is; in words."""

    what: str = "What you sent"
    due: str = ""
    left: str = ""
