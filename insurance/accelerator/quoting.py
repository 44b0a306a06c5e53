"""The life of applications, invitations and quotes, on one screen. Pure.

    application   OPEN ─accept─▶ ACCEPTED      ├─withdraw─▶ WITHDRAWN   (by the seller)
                    ├─expire─▶ EXPIRED         └─close─▶ CLOSED         (by operations)
    invitation    SENT ─open─▶ OPENED ─quote─▶ QUOTED | ─decline─▶ DECLINED
                    ├─revoke─▶ REVOKED  ├─expire─▶ EXPIRED  └─close─▶ CLOSED
                  send_again: SENT, OPENED, REVOKED, EXPIRED ─▶ SENT, with a new link
    quote         OFFERED ─accept─▶ ACCEPTED | ─pass_over─▶ NOT_CHOSEN | ─expire─▶ EXPIRED
                    └─supersede─▶ SUPERSEDED, by a new version that is OFFERED

Source: programme rules §5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from insurance.models.quote import ApplicationState, InvitationState, QuoteState


@dataclass(frozen=True, slots=True)
class Move:
    """A step from some states to one other; `cannot` says why it cannot be taken elsewhere."""

    before: frozenset[str]
    after: str
    cannot: str


def _move(before: Sequence[str], after: str, cannot: str) -> Move:
    return Move(frozenset(before), after, cannot)


_A, _I, _Q = ApplicationState, InvitationState, QuoteState
# A provider may still answer.
UNANSWERED: Final = frozenset({_I.SENT.value, _I.OPENED.value})

APPLICATION_MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "accept": _move([_A.OPEN], _A.ACCEPTED, "The application is no longer open."),
        "withdraw": _move([_A.OPEN], _A.WITHDRAWN, "The application is no longer open."),
        "expire": _move([_A.OPEN], _A.EXPIRED, "The application is no longer open."),
        "close": _move([_A.OPEN], _A.CLOSED, "The application is no longer open."),
    }
)
INVITATION_MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "open": _move([_I.SENT], _I.OPENED, "It was opened before."),
        "quote": _move([_I.SENT, _I.OPENED], _I.QUOTED, "This application was answered already."),
        "decline": _move(
            [_I.SENT, _I.OPENED], _I.DECLINED, "This application was answered already."
        ),
        "revoke": _move([_I.SENT, _I.OPENED], _I.REVOKED, "The link no longer works as it is."),
        "expire": _move([_I.SENT, _I.OPENED], _I.EXPIRED, "The link no longer works as it is."),
        "close": _move([_I.SENT, _I.OPENED], _I.CLOSED, "The link no longer works as it is."),
        "send_again": _move(
            [_I.SENT, _I.OPENED, _I.REVOKED, _I.EXPIRED],
            _I.SENT,
            "The provider answered, or its answer is no longer needed.",
        ),
    }
)
QUOTE_MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "accept": _move([_Q.OFFERED], _Q.ACCEPTED, "This quote can no longer be accepted."),
        "pass_over": _move([_Q.OFFERED], _Q.NOT_CHOSEN, "This quote has ended."),
        "expire": _move([_Q.OFFERED], _Q.EXPIRED, "This quote has ended."),
        "supersede": _move(
            [_Q.OFFERED], _Q.SUPERSEDED, "This quote has ended, or has a newer version."
        ),
    }
)


def next_moment(*, ends_at: datetime, reminder_days: Sequence[int], after: datetime) -> datetime:
    """When something is next due: the first reminder later than `after`, else the end itself."""
    reminders = (ends_at - timedelta(days=days) for days in reminder_days)
    return min((moment for moment in reminders if moment > after), default=ends_at)
