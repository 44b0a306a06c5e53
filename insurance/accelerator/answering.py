"""What a provider does with its link: opens the application, quotes, revises, or declines."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from insurance.accelerator import quote_letters
from insurance.accelerator.moving import move_invitation, move_quote, open_application
from insurance.accelerator.refusals import QuoteMovedMeanwhile, QuoteStepRefused
from insurance.models import (
    ApplicationState,
    DeclineReason,
    InvitationState,
    PolicyBasis,
    PolicyKind,
    Provider,
    ProviderStatus,
    Quote,
    QuoteApplication,
    QuoteInvitation,
    QuoteState,
)
from sellers.calendars import first_instant

# No quote is kept open for longer than a policy usually runs.
LONGEST_VALID = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a provider offers; money in minor units of the market's currency."""

    insurer: str
    kind: PolicyKind
    basis: PolicyBasis
    premium_minor: int
    each_occurrence_minor: int
    aggregate_minor: int
    deductible_minor: int
    valid_until: date
    assumptions: str = ""


def note_opened(*, invitation: QuoteInvitation, at: datetime) -> None:
    """Note the first time that a link was opened; later ones change nothing."""
    if invitation.state == InvitationState.SENT:
        try:
            move_invitation(invitation, "open", opened_at=at)
        except QuoteMovedMeanwhile:
            # Two windows at once: the other one noted it.
            invitation.refresh_from_db()


@transaction.atomic
def give_quote(*, invitation: QuoteInvitation, offer: Offer, given_by: str, at: datetime) -> Quote:
    """Keep a provider's quote and tell the seller. `at` is the moment the answer arrived.

    Source: rules §5: premium, limits, deductible, assumptions and an expiry date.

    Raises:
        QuoteStepRefused: it came too late, was answered before, or its amounts or its date make
            no sense.
    """
    application = _answerable(invitation, at=at)
    _check_offer(offer, application, at=at)
    move_invitation(
        invitation, "quote", answered_at=at, given_by=given_by, next_at=None, ended_at=at
    )
    quote = _keep_offer(invitation, application, offer, at=at, given_by=given_by)
    quote_letters.tell_quote_received(quote, at=at)
    return quote


@transaction.atomic
def revise_quote(*, quote: Quote, offer: Offer, reason: str, given_by: str, at: datetime) -> Quote:
    """Replace an offered quote by a new version; the seller is told of both, with their dates.

    The version before is kept as it was and can be accepted no more. `reason` says what changed,
    and the seller reads it. Source: rules §5: a price shown is a quote with a date.

    Raises:
        QuoteStepRefused: it was accepted, replaced or has ended, the time to answer is over, no
            reason is given, nothing differs, or its amounts or its date make no sense.
    """
    before = Quote.objects.select_related("invitation__provider").get(pk=quote.pk)
    application = _answerable(before.invitation, at=at)
    before.refresh_from_db(fields=["state"])
    why = reason.strip()
    if not why:
        raise QuoteStepRefused("Say what you changed: the seller reads it.")
    if before.expires_at <= at:
        raise QuoteStepRefused("This quote has ended: it cannot be changed any more.")
    if all(getattr(before, name) == value for name, value in asdict(offer).items()):
        raise QuoteStepRefused("Nothing differs from the quote that you gave.")
    _check_offer(offer, application, at=at)
    move_quote(before, "supersede", decided_at=at, next_at=None)
    revised = _keep_offer(
        before.invitation,
        application,
        offer,
        at=at,
        given_by=given_by,
        version=before.version + 1,
        revision_reason=why,
    )
    quote_letters.tell_quote_revised(revised, before=before, at=at)
    return revised


@transaction.atomic
def decline_application(
    *,
    invitation: QuoteInvitation,
    reason: DeclineReason,
    words: str,
    given_by: str,
    at: datetime,
) -> QuoteInvitation:
    """Keep that a provider does not quote, and why; tell the seller.

    Raises:
        QuoteStepRefused: it came too late, was answered before, or gives no reason.
    """
    _answerable(invitation, at=at)
    if reason == DeclineReason.OTHER and not words.strip():
        raise QuoteStepRefused("Say why you do not quote.")
    move_invitation(
        invitation,
        "decline",
        answered_at=at,
        ended_at=at,
        given_by=given_by,
        decline_reason=reason.value,
        decline_words=words,
        next_at=None,
    )
    quote_letters.tell_declined(invitation, at=at)
    return invitation


def can_be_revised(quote: Quote, *, at: datetime) -> bool:
    """Whether its provider may still replace a quote, as far as its own page can tell."""
    application = quote.application
    is_open = application.state == ApplicationState.OPEN and application.expires_at > at
    return is_open and quote.state == QuoteState.OFFERED and quote.expires_at > at


def _answerable(invitation: QuoteInvitation, *, at: datetime) -> QuoteApplication:
    application = open_application(invitation.application_id, at=at)
    if invitation.expires_at <= at:
        raise QuoteStepRefused("The time to answer is over.")
    listed = Provider.objects.filter(pk=invitation.provider_id, status=ProviderStatus.VETTED)
    if not listed.exists():
        raise QuoteStepRefused("You are not listed in the directory at present: write to us.")
    return application


def _keep_offer(
    invitation: QuoteInvitation,
    application: QuoteApplication,
    offer: Offer,
    *,
    at: datetime,
    **more: Any,
) -> Quote:
    """A version of a provider's offer; the application lives as long as it."""
    zone = application.marketplace.zone
    expires_at = first_instant(offer.valid_until + timedelta(days=1), zone=zone)
    quote = Quote.objects.create(
        invitation=invitation,
        application=application,
        quoted_at=at,
        expires_at=expires_at,
        next_at=_first_look(application, expires_at, at=at),
        **asdict(offer),
        **more,
    )
    _keep_open_until(application, expires_at)
    return quote


def _check_offer(offer: Offer, application: QuoteApplication, *, at: datetime) -> None:
    today = at.astimezone(application.marketplace.zone).date()
    if not today <= offer.valid_until <= today + LONGEST_VALID:
        raise QuoteStepRefused("A quote is valid today or longer, for at most a year.")
    if offer.aggregate_minor < offer.each_occurrence_minor:
        raise QuoteStepRefused("The aggregate limit cannot be below the limit each occurrence.")
    if offer.premium_minor <= 0 or offer.each_occurrence_minor <= 0:
        raise QuoteStepRefused("Premium and limits are above zero.")


def _first_look(application: QuoteApplication, expires_at: datetime, *, at: datetime) -> datetime:
    return quote_letters.seller_reminder_moment(application, expires_at, after=at)


def _keep_open_until(application: QuoteApplication, expires_at: datetime) -> None:
    """An application lives as long as a quote for it."""
    if application.expires_at < expires_at:
        application.expires_at = application.next_at = expires_at
        application.save(update_fields=["expires_at", "next_at"])
