"""The letters of quotes: to providers with their link, to the seller with what came of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from insurance.accelerator.figures import figures_of
from insurance.accelerator.quoting import next_moment
from insurance.letter_forms import InsuranceLetterKind as Kind
from insurance.letters import write_letter
from insurance.models import InsuranceLetter, Quote, QuoteApplication, QuoteInvitation
from sellers.post.letter import LetterState


def came_back(invitations: Iterable[QuoteInvitation]) -> frozenset[int]:
    """The invitations whose letter with the link was refused or bounced. One query."""
    keys = {_asked_key(one): one.pk for one in invitations}
    letters = InsuranceLetter.objects.filter(key__in=keys, state=LetterState.BOUNCED)
    return frozenset(keys[key] for key in letters.values_list("key", flat=True))


def ask_provider(invitation: QuoteInvitation, *, at: datetime) -> None:
    """The application reaches a provider: its letter carries the link of this number."""
    key = _asked_key(invitation)
    _to_provider(invitation, Kind.QUOTE_ASKED, key, _link_facts(invitation), at=at)


def remind_provider(invitation: QuoteInvitation, *, at: datetime) -> None:
    """A provider has not answered, and its link ends soon."""
    key = f"quote-reminder:{invitation.pk}:{invitation.link_number}:{invitation.reminders}"
    _to_provider(invitation, Kind.QUOTE_REMINDER, key, _link_facts(invitation), at=at)


def tell_not_needed(invitation: QuoteInvitation, *, why: str, at: datetime) -> None:
    """A provider's answer, given or not, is no longer needed."""
    key = f"quote-not-needed:{invitation.pk}:{invitation.link_number}"
    facts = {"application": invitation.application.reference, "why": why}
    _to_provider(invitation, Kind.QUOTE_NOT_NEEDED, key, facts, at=at)


def tell_chosen(quote: Quote, *, by: User, at: datetime) -> None:
    """The provider hears that it was chosen and whom to write to; the seller, what is next."""
    invitation, application = quote.invitation, quote.application
    facts = _quote_facts(quote) | {
        "contact_name": application.contact_name or by.get_full_name() or by.get_username(),
        "contact_email": application.contact_email or by.email or application.seller.email,
        "legal_entity": application.legal_entity,
        "starts_on": application.starts_on.isoformat(),
    }
    _to_provider(invitation, Kind.QUOTE_CHOSEN, f"quote-chosen:{quote.pk}", facts, at=at)
    _to_seller(application, Kind.QUOTE_ACCEPTED, f"quote-accepted:{quote.pk}", facts, at=at)


def tell_quote_received(quote: Quote, *, at: datetime) -> None:
    """The seller hears of a quote, with its price and its date."""
    key = f"quote-received:{quote.pk}"
    _to_seller(quote.application, Kind.QUOTE_RECEIVED, key, _quote_facts(quote), at=at)


def tell_quote_revised(quote: Quote, *, before: Quote, at: datetime) -> None:
    """The seller hears of a new version, beside the one that it replaces, each with its date."""
    facts = _quote_facts(quote) | {
        f"was_{name}": value
        for name, value in _quote_facts(before).items()
        if name.endswith(("_minor", "_on"))
    }
    facts["words"] = quote.revision_reason
    _to_seller(quote.application, Kind.QUOTE_REVISED, f"quote-revised:{quote.pk}", facts, at=at)


def tell_declined(invitation: QuoteInvitation, *, at: datetime) -> None:
    """The seller hears that a provider does not quote, and why."""
    facts = {
        "provider": str(invitation.provider),
        "reason": invitation.get_decline_reason_display(),
        "words": invitation.decline_words,
        "application": invitation.application.reference,
    }
    key = f"quote-declined:{invitation.pk}:{invitation.link_number}"
    _to_seller(invitation.application, Kind.QUOTE_DECLINED, key, facts, at=at)


def remind_seller(quote: Quote, *, at: datetime) -> None:
    """A quote ends soon and waits for the seller."""
    key = f"quote-ending:{quote.pk}"
    _to_seller(quote.application, Kind.QUOTE_ENDING, key, _quote_facts(quote), at=at)


def tell_quote_ended(quote: Quote, *, at: datetime) -> None:
    """A quote ended without an answer: its price is no longer offered."""
    key = f"quote-ended:{quote.pk}"
    _to_seller(quote.application, Kind.QUOTE_ENDED, key, _quote_facts(quote), at=at)


def tell_application_ended(application: QuoteApplication, *, why: str, at: datetime) -> None:
    """The seller hears that its application ended without a policy."""
    facts = {"application": application.reference, "why": why}
    key = f"application-ended:{application.pk}"
    _to_seller(application, Kind.APPLICATION_ENDED, key, facts, at=at)


def seller_reminder_moment(
    application: QuoteApplication, expires_at: datetime, *, after: datetime
) -> datetime:
    """When the seller is reminded of a quote; its end, where that moment has passed."""
    on = after.astimezone(application.marketplace.zone).date()
    days = figures_of(application.marketplace_id, on=on).quote_reminder_days
    return next_moment(ends_at=expires_at, reminder_days=[days], after=after)


def invitations_with_parties(rows: QuerySet[QuoteInvitation]) -> QuerySet[QuoteInvitation]:
    """Invitations with all that their letters name."""
    return rows.select_related("provider", "application__seller", "application__marketplace")


def _asked_key(invitation: QuoteInvitation) -> str:
    return f"quote-asked:{invitation.pk}:{invitation.link_number}"


def _link_facts(invitation: QuoteInvitation) -> dict[str, Any]:
    # The link itself is made when the letter leaves: no row ever holds it.
    return {
        "application": invitation.application.reference,
        "invitation_id": invitation.pk,
        "link_number": invitation.link_number,
        "ends_at": invitation.expires_at.isoformat(),
    }


def _quote_facts(quote: Quote) -> dict[str, Any]:
    return {
        "application": quote.application.reference,
        "application_id": quote.application_id,
        "provider": str(quote.invitation.provider),
        "premium_minor": quote.premium_minor,
        "quoted_on": quote.quoted_at.astimezone(quote.application.marketplace.zone)
        .date()
        .isoformat(),
        "valid_until_on": quote.valid_until.isoformat(),
    }


def _to_provider(
    invitation: QuoteInvitation, kind: Kind, key: str, facts: dict[str, Any], *, at: datetime
) -> None:
    application = invitation.application
    write_letter(
        kind=kind,
        key=key,
        at=at,
        provider=invitation.provider,
        seller=application.seller,
        marketplace=application.marketplace,
        facts=facts,
        to=invitation.provider.quote_contact,
    )


def _to_seller(
    application: QuoteApplication, kind: Kind, key: str, facts: dict[str, Any], *, at: datetime
) -> None:
    write_letter(
        kind=kind,
        key=key,
        at=at,
        seller=application.seller,
        marketplace=application.marketplace,
        facts=facts,
    )
