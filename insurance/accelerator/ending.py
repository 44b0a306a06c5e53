"""How applications end without a policy: withdrawn, closed, expired; and links taken back."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from insurance.accelerator import quote_letters
from insurance.accelerator.moving import (
    locked_application,
    move_application,
    move_invitation,
    move_quote,
)
from insurance.accelerator.quoting import UNANSWERED
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.models import QuoteApplication, QuoteInvitation, QuoteState


@transaction.atomic
def withdraw_application(
    *, application: QuoteApplication, at: datetime, by: User, reason: str = ""
) -> QuoteApplication:
    """The seller takes its application back; providers that were asked or quoted are told.

    Raises:
        QuoteMovedMeanwhile: it has ended already.
    """
    return _end(
        application.pk, "withdraw", why="The seller withdrew it.", reason=reason, at=at, by=by
    )


@transaction.atomic
def close_application(
    *, application: QuoteApplication, reason: str, at: datetime, by: User
) -> QuoteApplication:
    """Operations end an application, with a reason; everybody in it is told.

    Raises:
        QuoteStepRefused: no reason is given, or it has ended already.
    """
    if not reason.strip():
        raise QuoteStepRefused("Give the reason for closing the application.")
    closed = _end(application.pk, "close", why="We closed it.", reason=reason, at=at, by=by)
    quote_letters.tell_application_ended(closed, why=f"We closed it: {reason}", at=at)
    return closed


@transaction.atomic
def expire_application(*, application: QuoteApplication, at: datetime) -> QuoteApplication:
    """An application whose time is over ends; everybody in it is told.

    Raises:
        QuoteMovedMeanwhile: it has ended already.
    """
    ended = _end(application.pk, "expire", why="Its time is over.", reason="", at=at, by=None)
    quote_letters.tell_application_ended(ended, why="Its time is over.", at=at)
    return ended


@transaction.atomic
def revoke_invitation(
    *, invitation: QuoteInvitation, reason: str, at: datetime, by: User
) -> QuoteInvitation:
    """Take a provider's link back: it works no more from this moment on.

    Raises:
        QuoteStepRefused: no reason is given, or the provider has answered.
    """
    if not reason.strip():
        raise QuoteStepRefused("Give the reason for taking the link back.")
    locked_application(invitation.application_id)
    note = f"{reason} ({by.get_full_name() or by.get_username()})"[:500]
    move_invitation(invitation, "revoke", ended_at=at, ended_reason=note, next_at=None)
    quote_letters.tell_not_needed(invitation, why="The link was taken back.", at=at)
    return invitation


def end_others(application: QuoteApplication, *, why: str, at: datetime) -> None:
    """Close what is still open around an application that has ended, and tell its providers."""
    for invitation in application.invitations.select_related("provider").filter(
        state__in=UNANSWERED
    ):
        move_invitation(invitation, "close", ended_at=at, ended_reason=why, next_at=None)
        quote_letters.tell_not_needed(invitation, why=why, at=at)
    offered = application.quotes.filter(state=QuoteState.OFFERED)
    for quote in offered.select_related("invitation__provider"):
        move_quote(quote, "pass_over", decided_at=at, next_at=None)
        quote_letters.tell_not_needed(quote.invitation, why=why, at=at)


def _end(
    application_id: int, step: str, *, why: str, reason: str, at: datetime, by: User | None
) -> QuoteApplication:
    application = locked_application(application_id)
    move_application(
        application, step, closed_at=at, closed_by=by, close_reason=reason, next_at=None
    )
    end_others(application, why=why, at=at)
    return application
