"""The seller accepts one quote: a policy is made, which waits for its certificate."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from insurance.accelerator import quote_letters
from insurance.accelerator.ending import end_others
from insurance.accelerator.moving import move_application, move_quote, open_application
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.models import Policy, ProviderStatus, Quote, QuoteApplication, QuoteState


@transaction.atomic
def accept_quote(*, quote: Quote, at: datetime, by: User) -> Policy:
    """Accept a quote before it ends: its policy waits for the certificate, the others are told.

    The policy has no dates until its certificate states them, so it answers for no loss and
    proves nothing yet. Source: rules §5.

    Raises:
        QuoteStepRefused: the quote has ended or has a newer version, its provider is no longer
            listed, or the application is no longer open.
    """
    application = open_application(quote.application_id, at=at)
    current = Quote.objects.select_related("invitation__provider").get(pk=quote.pk)
    if current.state == QuoteState.SUPERSEDED:
        raise QuoteStepRefused(
            f"{current.invitation.provider} replaced this quote by a newer one. Look at that one."
        )
    if current.expires_at <= at:
        raise QuoteStepRefused("This quote has ended. Its price is no longer offered.")
    if current.invitation.provider.status != ProviderStatus.VETTED:
        raise QuoteStepRefused("This provider is no longer listed: its quote cannot be accepted.")
    policy = _make_policy(application, current)
    move_application(application, "accept", closed_at=at, closed_by=by, next_at=None)
    move_quote(current, "accept", policy=policy, decided_at=at, decided_by=by, next_at=None)
    end_others(application, why="The seller chose another quote.", at=at)
    quote_letters.tell_chosen(current, by=by, at=at)
    return policy


def _make_policy(application: QuoteApplication, quote: Quote) -> Policy:
    return Policy.objects.create(
        seller=application.seller,
        marketplace=application.marketplace,
        provider=quote.invitation.provider,
        number=f"To be issued ({application.reference})",
        insurer=quote.insurer,
        kind=quote.kind,
        basis=quote.basis,
        each_occurrence_minor=quote.each_occurrence_minor,
        aggregate_minor=quote.aggregate_minor,
        deductible_minor=quote.deductible_minor,
        named_insured=application.legal_entity,
        territory=[application.marketplace_id],
        is_signed=False,
        is_made_up=application.seller.is_made_up,
    )
