"""A seller applies once; every chosen provider is sent the application with a link of its own."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from insurance.accelerator import quote_letters
from insurance.accelerator.answers import ALWAYS_SHARED, MAY_BE_SHARED, Answers
from insurance.accelerator.directory import fits_for
from insurance.accelerator.figures import figures_of
from insurance.accelerator.links import hash_token, make_token
from insurance.accelerator.moving import move_invitation, open_application
from insurance.accelerator.quoting import next_moment
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.models import (
    AcceleratorTerms,
    Provider,
    QuoteApplication,
    QuoteInvitation,
)
from sellers.models import Marketplace, Seller


@transaction.atomic
def apply_for_quotes(
    *,
    seller: Seller,
    marketplace: Marketplace,
    answers: Answers,
    providers: Sequence[Provider],
    at: datetime,
    by: User | None,
) -> QuoteApplication:
    """Keep the answers and send the application to providers that fit, each by its own letter.

    Source: rules §5. What is shown to them is what the seller agreed to share, and nothing else.

    Raises:
        QuoteStepRefused: no provider is chosen, one cannot be asked, cover would begin in the
            past, or an application is open in this market already.
    """
    today = at.astimezone(marketplace.zone).date()
    if answers.starts_on < today:
        raise QuoteStepRefused("Cover cannot begin in the past.")
    # As they stand now, whatever the page knew: one may have been suspended meanwhile.
    asked = Provider.objects.filter(pk__in=[one.pk for one in providers])
    current = list(asked.prefetch_related("appetites").order_by("legal_name"))
    _check_providers(current, seller=seller, marketplace=marketplace, answers=answers, at=at)
    figures = figures_of(marketplace.pk, on=today)
    application = _keep(seller, marketplace, answers, figures, at=at, by=by)
    for provider in current:
        _invite(application, provider, figures=figures, at=at)
    return application


@transaction.atomic
def send_again(*, invitation: QuoteInvitation, at: datetime) -> QuoteInvitation:
    """Send a provider a new link; the old one stops working.

    Raises:
        QuoteStepRefused: the provider answered, or the application has ended.
    """
    application = open_application(invitation.application_id, at=at)
    if not invitation.provider.quote_contact:
        raise QuoteStepRefused(f"We have no contact for quotes at {invitation.provider}.")
    number = QuoteInvitation.objects.get(pk=invitation.pk).link_number + 1
    today = at.astimezone(application.marketplace.zone).date()
    figures = figures_of(application.marketplace_id, on=today)
    move_invitation(
        invitation,
        "send_again",
        link_number=number,
        token_hash=hash_token(make_token(invitation.pk, link_number=number)),
        ended_at=None,
        ended_reason="",
        opened_at=None,
        sent_at=at,
        **_moments(application, figures, at=at),
    )
    quote_letters.ask_provider(invitation, at=at)
    return invitation


def _check_providers(
    providers: Sequence[Provider],
    *,
    seller: Seller,
    marketplace: Marketplace,
    answers: Answers,
    at: datetime,
) -> None:
    if not providers:
        raise QuoteStepRefused("Choose at least one provider.")
    fits = fits_for(providers, seller=seller, marketplace=marketplace, at=at, answers=answers)
    barred = [str(one) for one in providers if not fits[one.pk].may_be_asked]
    if barred:
        raise QuoteStepRefused(f"No application can be sent to: {', '.join(barred)}.")


def _keep(
    seller: Seller,
    marketplace: Marketplace,
    answers: Answers,
    figures: AcceleratorTerms,
    *,
    at: datetime,
    by: User | None,
) -> QuoteApplication:
    ends_at = at + timedelta(days=figures.application_open_days)
    values = asdict(answers)
    agreed = set(values.pop("shares"))
    shared = [*ALWAYS_SHARED, *(name for name in MAY_BE_SHARED if name in agreed)]
    try:
        with transaction.atomic():
            return QuoteApplication.objects.create(
                seller=seller,
                marketplace=marketplace,
                shared=shared,
                applied_at=at,
                applied_by=by,
                expires_at=ends_at,
                next_at=ends_at,
                **values,
            )
    except IntegrityError as error:
        if "application_open_once_a_market" not in str(error):
            raise
        raise QuoteStepRefused(
            f"You have an open application in {marketplace} already. "
            "Withdraw it before you send another."
        ) from None


def _invite(
    application: QuoteApplication,
    provider: Provider,
    *,
    figures: AcceleratorTerms,
    at: datetime,
) -> None:
    invitation = QuoteInvitation.objects.create(
        application=application,
        provider=provider,
        sent_at=at,
        **_moments(application, figures, at=at),
    )
    # The token is made of the row's number, so the row comes first; both in one transaction.
    invitation.token_hash = hash_token(make_token(invitation.pk, link_number=1))
    invitation.save(update_fields=["token_hash"])
    quote_letters.ask_provider(invitation, at=at)


def _moments(
    application: QuoteApplication, figures: AcceleratorTerms, *, at: datetime
) -> dict[str, datetime]:
    ends_at = min(at + timedelta(days=figures.invitation_open_days), application.expires_at)
    reminders = figures.provider_reminder_days
    return {
        "expires_at": ends_at,
        "next_at": next_moment(ends_at=ends_at, reminder_days=reminders, after=at),
    }
