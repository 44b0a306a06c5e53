"""What the clock does to quotes: reminders, and the end of links, quotes and applications.

Rows are found by `next_at` alone, under locks that other workers skip; whatever was missed while
nothing ran is caught up, each letter once.
"""

from datetime import datetime

from django.db import transaction

from insurance.accelerator import quote_letters
from insurance.accelerator.ending import expire_application
from insurance.accelerator.figures import figures_of
from insurance.accelerator.moving import move_invitation, move_quote
from insurance.accelerator.quoting import next_moment
from insurance.models import Quote, QuoteApplication, QuoteInvitation

MOST_AT_ONCE = 200


def sweep_quotes(*, at: datetime, limit: int = MOST_AT_ONCE) -> int:
    """Do what is due by a moment, each kind in a transaction; returns how many rows it took."""
    taken = _invitations(at=at, limit=limit) + _quotes(at=at, limit=limit)
    return taken + _applications(at=at, limit=limit)


@transaction.atomic
def _invitations(*, at: datetime, limit: int) -> int:
    rows = quote_letters.invitations_with_parties(
        QuoteInvitation.objects.filter(next_at__lte=at)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_at", "id")
    )
    due = list(rows[:limit])
    for invitation in due:
        if invitation.expires_at <= at:
            why = "It was not answered in time."
            move_invitation(invitation, "expire", ended_at=at, ended_reason=why, next_at=None)
        else:
            _remind(invitation, at=at)
    return len(due)


def _remind(invitation: QuoteInvitation, *, at: datetime) -> None:
    application = invitation.application
    on = application.applied_at.astimezone(application.marketplace.zone).date()
    invitation.reminders += 1
    invitation.next_at = next_moment(
        ends_at=invitation.expires_at,
        reminder_days=figures_of(application.marketplace_id, on=on).provider_reminder_days,
        after=at,
    )
    invitation.save(update_fields=["reminders", "next_at"])
    quote_letters.remind_provider(invitation, at=at)


@transaction.atomic
def _quotes(*, at: datetime, limit: int) -> int:
    rows = (
        Quote.objects.filter(next_at__lte=at)
        .select_related("invitation__provider", "application__seller", "application__marketplace")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_at", "id")
    )
    due = list(rows[:limit])
    for quote in due:
        if quote.expires_at <= at:
            move_quote(quote, "expire", decided_at=at, next_at=None)
            quote_letters.tell_quote_ended(quote, at=at)
        else:
            quote.reminded_at, quote.next_at = at, quote.expires_at
            quote.save(update_fields=["reminded_at", "next_at"])
            quote_letters.remind_seller(quote, at=at)
    return len(due)


@transaction.atomic
def _applications(*, at: datetime, limit: int) -> int:
    rows = QuoteApplication.objects.filter(next_at__lte=at).order_by("next_at", "id")
    due = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    for application in due:
        expire_application(application=application, at=at)
    return len(due)
