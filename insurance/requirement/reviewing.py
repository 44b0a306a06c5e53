"""The daily review: each market once a local day, and a seller again when its facts changed."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from insurance.models import ComplianceReview
from insurance.requirement.positions import refresh_positions
from insurance.requirement.standings import Question, ask
from insurance.requirement.telling import write_letters_due
from sellers.models import Marketplace

log = logging.getLogger(__name__)


def review_due(*, at: datetime) -> list[ComplianceReview]:
    """Review every market whose local day was not reviewed yet.

    A day that passed while nothing ran is not made up for: today's look finds what is due, and
    letters that were not written are due until they are.
    """
    recent = ComplianceReview.objects.filter(day__gte=at.date() - timedelta(days=1))
    reviewed = set(recent.values_list("marketplace_id", "day"))
    failures: list[Exception] = []
    reviews: list[ComplianceReview] = []
    for place in Marketplace.objects.exclude(insurance_terms=None).distinct():
        try:
            if (place.pk, _local(at, place)) not in reviewed:
                reviews += [done for done in [review_market(place.pk, at=at)] if done]
        except Exception as error:
            # One market's trouble holds up no other; it is told to whoever watches the sweep.
            log.exception("The review of %s failed", place.pk)
            failures.append(error)
    if failures:
        raise failures[0]
    return reviews


@transaction.atomic
def review_market(market: str, *, at: datetime) -> ComplianceReview | None:
    """Judge a market's sellers for its local day and write the letters of the day.

    None where the day was reviewed already, or another worker is at it.

    Raises:
        NoTerms: the market has none.
    """
    place = Marketplace.objects.select_for_update(skip_locked=True, no_key=True)
    held = place.filter(pk=market).first()
    if held is None:
        return None
    day = _local(at, held)
    if ComplianceReview.objects.filter(marketplace=held, day=day).exists():
        return None
    question = ask(market, day=day)
    return ComplianceReview.objects.create(
        marketplace=held,
        day=day,
        at=at,
        changed=refresh_positions(question, at=at),
        letters=write_letters_due(question, at=at),
    )


@transaction.atomic
def look_again(
    seller_id: int, market: str, *, at: datetime, occasion: str, by: int | None = None
) -> None:
    """Judge one seller anew, because its facts changed; letters are left to the daily review.

    Raises:
        NoTerms: the market has none.
    """
    refresh_positions(_about(seller_id, market, at=at), at=at, occasion=occasion, by=by)


def tell_now(seller_id: int, market: str, *, at: datetime) -> None:
    """Write the letters that are due to one seller, without waiting for the daily review."""
    write_letters_due(_about(seller_id, market, at=at), at=at)


def _about(seller_id: int, market: str, *, at: datetime) -> Question:
    place = Marketplace.objects.get(pk=market)
    return ask(market, day=_local(at, place), sellers=[seller_id])


def _local(at: datetime, place: Marketplace) -> date:
    return at.astimezone(place.zone).date()
