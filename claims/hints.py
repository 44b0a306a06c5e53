"""Hints to the senders of payouts and letters. Losing every one of them loses nothing."""

from sellers.hints import send_hints

TASKS = (
    "claims.tasks.send_payouts",
    "claims.tasks.follow_payouts",
    "claims.tasks.deliver_notices",
)


def nudge() -> None:
    """Tell the senders of payouts and letters that something is to be sent."""
    send_hints(*TASKS)
