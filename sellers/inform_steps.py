"""What a person does about high-volume sellers, kept as rows: collect, verify, suspend, lift.

Source: rules §7. Nothing here happens by itself, and the store, not this product, suspends an
account: the row says who decided it, from which day and why.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from sellers.high_volume import high_volume_sellers, inform_terms
from sellers.inform_standing import InformStanding, InformStatus, StepFact, inform_standing
from sellers.models import InformStep, InformStepKind, Marketplace, Seller


class InformRefused(Exception):
    """A step under the INFORM Consumers Act is not possible; nothing was written."""


def inform_standings(
    sellers: Collection[int], *, market: str, at: datetime
) -> dict[int, InformStanding]:
    """Where sellers stand at a moment, by id; empty where the Act asks nothing of the market.

    A fixed number of queries, however many sellers.
    """
    place = Marketplace.objects.filter(pk=market).first()
    today = at.astimezone(place.zone).date() if place else None
    terms = inform_terms(market, on=today) if today else None
    if place is None or today is None or terms is None:
        return {}
    found = high_volume_sellers(market, today=today, among=sellers)
    volumes = {one.seller.pk: one.volume for one in found}
    steps = _steps(sellers, market)
    return {
        pk: inform_standing(
            volumes.get(pk), steps[pk], clock_days=terms.clock_days, zone=place.zone, at=at
        )
        for pk in sellers
    }


def _steps(sellers: Collection[int], market: str) -> dict[int, list[StepFact]]:
    rows = InformStep.objects.filter(seller__in=sellers, marketplace_id=market)
    grouped: dict[int, list[StepFact]] = defaultdict(list)
    for seller_id, kind, on, words in rows.values_list("seller", "kind", "on", "words"):
        grouped[seller_id].append(StepFact(kind, on, words))
    return grouped


@transaction.atomic
def record_details_collected(
    *,
    seller: Seller,
    marketplace: Marketplace,
    on: date,
    words: str,
    source: str,
    at: datetime,
    by: User,
) -> InformStep:
    """Record that a seller's details were collected: which, on which day, from which source.

    Details that are collected again are to be verified again.

    Raises:
        InformRefused: the Act asks nothing here, something is not said, or the day is to come.
    """
    _standing(seller, marketplace, at=at)
    _check_day(on, marketplace, at=at)
    return _keep(
        InformStepKind.COLLECTED,
        seller,
        marketplace,
        on=on,
        words=words,
        source=source,
        at=at,
        by=by,
    )


@transaction.atomic
def record_details_verified(
    *,
    seller: Seller,
    marketplace: Marketplace,
    on: date,
    words: str,
    source: str,
    at: datetime,
    by: User,
) -> InformStep:
    """Record that the details collected last were verified: how, on which day, against what.

    Raises:
        InformRefused: nothing was collected, it was verified already, something is not said, or
            the day is to come or before that of the collection.
    """
    standing = _standing(seller, marketplace, at=at)
    if standing.collected_on is None:
        raise InformRefused("No details were collected that could be verified.")
    if standing.verified_on is not None:
        raise InformRefused("These details were verified already.")
    _check_day(on, marketplace, at=at)
    if on < standing.collected_on:
        raise InformRefused("They cannot be verified before the day on which they were collected.")
    return _keep(
        InformStepKind.VERIFIED,
        seller,
        marketplace,
        on=on,
        words=words,
        source=source,
        at=at,
        by=by,
    )


@transaction.atomic
def suspend_without_details(
    *, seller: Seller, marketplace: Marketplace, reason: str, at: datetime, by: User
) -> InformStep:
    """Decide that a high-volume seller which gave no details in time is suspended, from today.

    Raises:
        InformRefused: no reason; its time still runs; it gave details; or it is suspended already.
    """
    standing = _standing(seller, marketplace, at=at)
    if not standing.may_be_suspended:
        raise InformRefused(_CANNOT_SUSPEND[standing.status])
    return _keep(InformStepKind.SUSPENDED, seller, marketplace, words=reason, at=at, by=by)


@transaction.atomic
def lift_suspension(
    *, seller: Seller, marketplace: Marketplace, reason: str, at: datetime, by: User
) -> InformStep:
    """Lift a seller's suspension, from today.

    Raises:
        InformRefused: no reason, or it is not suspended.
    """
    standing = _standing(seller, marketplace, at=at)
    if standing.status != InformStatus.SUSPENDED:
        raise InformRefused("This seller is not suspended for want of its details.")
    return _keep(InformStepKind.LIFTED, seller, marketplace, words=reason, at=at, by=by)


_CANNOT_SUSPEND = {
    InformStatus.NOT_HIGH_VOLUME: "This seller is not high-volume: nothing is asked of it.",
    InformStatus.COLLECT: "The time to collect its details still runs.",
    InformStatus.VERIFY: "This seller gave its details: they are to be verified.",
    InformStatus.VERIFIED: "This seller's details are verified.",
    InformStatus.SUSPENDED: "This seller is suspended already.",
}


def _standing(seller: Seller, marketplace: Marketplace, *, at: datetime) -> InformStanding:
    """The standing under a lock on the seller, so that of two people one is first."""
    Seller.objects.select_for_update().get(pk=seller.pk)
    found = inform_standings([seller.pk], market=marketplace.pk, at=at)
    if seller.pk not in found:
        raise InformRefused(f"The Act asks nothing of sellers in {marketplace.name}.")
    return found[seller.pk]


def _check_day(on: date, marketplace: Marketplace, *, at: datetime) -> None:
    if on > at.astimezone(marketplace.zone).date():
        raise InformRefused("The day is still to come.")


def _keep(
    kind: InformStepKind,
    seller: Seller,
    marketplace: Marketplace,
    *,
    words: str,
    at: datetime,
    by: User,
    on: date | None = None,
    source: str = "",
) -> InformStep:
    if not words.strip():
        raise InformRefused("Say what was done, or why: it stays in the record.")
    if kind in {InformStepKind.COLLECTED, InformStepKind.VERIFIED} and not source.strip():
        raise InformRefused("Name the source.")
    return InformStep.objects.create(
        seller=seller,
        marketplace=marketplace,
        kind=kind,
        on=on or at.astimezone(marketplace.zone).date(),
        words=words.strip(),
        source=source.strip(),
        recorded_at=at,
        recorded_by=by,
    )
