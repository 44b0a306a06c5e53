"""The letters about claims, and their delivery (`sellers.post.delivery`)."""

import time
from collections.abc import Callable
from datetime import datetime

from claims.letter_text import READS, is_made_up, render
from claims.models import Notice
from sellers.post import delivery
from sellers.post.bounces import record_bounce
from sellers.post.delivery import Delivered, Post

__all__ = ["NOTICES", "Delivered", "deliver_due", "record_bounce", "render"]

NOTICES = Post(
    letters=Notice,
    reads=READS,
    render=render,
    is_made_up=lambda notice: is_made_up(notice.claim),
)


def deliver_due(
    *, at: datetime, limit: int = 100, clock: Callable[[], float] = time.monotonic
) -> Delivered:
    """Send the letters about claims that are due; see `sellers.post.delivery.deliver_due`."""
    return delivery.deliver_due(NOTICES, at=at, limit=limit, clock=clock)
