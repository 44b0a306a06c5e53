"""The one way in which applications, invitations and quotes change their state."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insurance.accelerator.quoting import (
    APPLICATION_MOVES,
    INVITATION_MOVES,
    QUOTE_MOVES,
    Move,
)
from insurance.accelerator.refusals import QuoteMovedMeanwhile
from insurance.models import ApplicationState, Quote, QuoteApplication, QuoteInvitation


def move_application(application: QuoteApplication, step: str, **values: Any) -> None:
    """Move an application by compare-and-set, with other fields in the same statement.

    Raises:
        QuoteMovedMeanwhile: it stands where this step does not begin; nothing was written.
    """
    _compare_and_set(application, APPLICATION_MOVES[step], values)


def move_invitation(invitation: QuoteInvitation, step: str, **values: Any) -> None:
    """Move an invitation, as `move_application` does."""
    _compare_and_set(invitation, INVITATION_MOVES[step], values)


def move_quote(quote: Quote, step: str, **values: Any) -> None:
    """Move a quote, as `move_application` does."""
    _compare_and_set(quote, QUOTE_MOVES[step], values)


def locked_application(application_id: int) -> QuoteApplication:
    """The application under a lock, so that an answer and an ending never cross.

    Everything that changes an application, its invitations or its quotes takes this lock first.
    """
    rows = QuoteApplication.objects.select_for_update(of=("self",))
    return rows.select_related("seller", "marketplace").get(pk=application_id)


def open_application(application_id: int, *, at: datetime) -> QuoteApplication:
    """The application under a lock, which must be open.

    Raises:
        QuoteMovedMeanwhile: it has ended.
    """
    application = locked_application(application_id)
    if application.state != ApplicationState.OPEN or application.expires_at <= at:
        raise QuoteMovedMeanwhile(APPLICATION_MOVES["close"].cannot)
    return application


def _compare_and_set(
    row: QuoteApplication | QuoteInvitation | Quote, move: Move, values: Mapping[str, Any]
) -> None:
    changed = {"state": move.after, **values}
    rows = type(row)._default_manager.filter(pk=row.pk, state__in=move.before)  # noqa: SLF001
    if not rows.update(**changed):
        raise QuoteMovedMeanwhile(move.cannot)
    for name, value in changed.items():
        setattr(row, name, value)
