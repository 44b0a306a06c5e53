"""Operations ask a seller for cover, enter its sales, or waive the requirement for a while."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from insurance.compliance import requirement_at
from insurance.dates import date_text
from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import write_letter
from insurance.models import CoverRequest, CoverWaiver, SalesEntry
from insurance.queries import read_requirement_terms, seller_facts, terms_row
from insurance.requirement.refusals import RequirementRefused, reason_given
from insurance.requirement.reviewing import look_again, tell_now
from sellers.models import Marketplace, MonthlySales, Seller


@transaction.atomic
def request_cover(
    *, seller: Seller, marketplace: Marketplace, reason: str, at: datetime, by: User
) -> CoverRequest:
    """Ask a seller below the trigger to prove cover; it is told at once.

    Source: rules §4 [P]: or a request by the marketplace; then 30 days to prove cover.

    Raises:
        RequirementRefused: no reason is given, or cover is required already.
    """
    why = reason_given(reason, of="the seller is asked")
    day = at.astimezone(marketplace.zone).date()
    terms = read_requirement_terms(terms_row(marketplace.pk, on=day))
    required = requirement_at(day, facts=seller_facts(seller.pk, marketplace.pk), terms=terms)
    if required is not None:
        raise RequirementRefused(
            f"Cover is required of this seller already, since {date_text(required.triggered_on)}."
        )
    asked = CoverRequest.objects.create(
        seller=seller, marketplace=marketplace, requested_on=day, reason=why, requested_by=by
    )
    look_again(seller.pk, marketplace.pk, at=at, occasion="cover was requested", by=by.pk)
    tell_now(seller.pk, marketplace.pk, at=at)
    return asked


@transaction.atomic
def record_monthly_sales(
    *,
    seller: Seller,
    marketplace: Marketplace,
    month: date,
    gross_minor: int,
    crossed_on: date | None = None,
    reason: str,
    at: datetime,
    by: User,
) -> MonthlySales:
    """Enter or correct a seller's gross proceeds of a month, as the import does for many.

    `month` is its first day; `crossed_on` is the day on which the trigger was passed, where it is
    known. What stood there before is kept, with the reason; the seller is told of what follows at
    once.

    Raises:
        RequirementRefused: no reason; the month has not begun; the day is not one of it or is to
            come; or the month stands so already.
    """
    why = reason_given(reason, of="these sales are entered")
    month = month.replace(day=1)
    _check_sales(month, gross_minor, crossed_on, today=at.astimezone(marketplace.zone).date())
    given: dict[str, Any] = {"gross_minor": gross_minor, "crossed_on": crossed_on}
    key: dict[str, Any] = {"seller": seller, "marketplace": marketplace, "month": month}
    before = MonthlySales.objects.select_for_update().filter(**key).first()
    if before is not None and (before.gross_minor, before.crossed_on) == (gross_minor, crossed_on):
        raise RequirementRefused("This month stands so already.")
    sales, _ = MonthlySales.objects.update_or_create(**key, defaults=given)
    SalesEntry.objects.create(
        **key,
        **given,
        was_minor=None if before is None else before.gross_minor,
        was_crossed_on=None if before is None else before.crossed_on,
        reason=why,
        entered_at=at,
        entered_by=by,
    )
    occasion = f"sales of {month:%B %Y} were entered"
    look_again(seller.pk, marketplace.pk, at=at, occasion=occasion, by=by.pk)
    tell_now(seller.pk, marketplace.pk, at=at)
    return sales


def _check_sales(month: date, gross_minor: int, crossed_on: date | None, *, today: date) -> None:
    if month > today:
        raise RequirementRefused("This month has not begun.")
    if gross_minor < 0:
        raise RequirementRefused("Gross proceeds cannot be below zero.")
    if crossed_on is not None and (crossed_on.replace(day=1) != month or crossed_on > today):
        raise RequirementRefused(
            "The day on which the figure was passed is a day of the month that is not to come."
        )


@transaction.atomic
def grant_waiver(
    *,
    seller: Seller,
    marketplace: Marketplace,
    from_on: date,
    until_on: date,
    reason: str,
    at: datetime,
    by: User,
) -> CoverWaiver:
    """Waive the requirement for a seller from one day through another; it is told.

    Source: rules §4: waived, with an end date and a reason.

    Raises:
        RequirementRefused: no reason; it would begin in the past, or end before it begins; or
            another waiver holds on one of its days.
    """
    why = reason_given(reason, of="the requirement is waived")
    if from_on < at.astimezone(marketplace.zone).date():
        raise RequirementRefused("A waiver cannot begin in the past.")
    if until_on < from_on:
        raise RequirementRefused("The waiver would end before it begins.")
    if _other_waivers(seller, marketplace, from_on, until_on):
        raise RequirementRefused("Another waiver holds in this time: end it first.")
    waiver = CoverWaiver.objects.create(
        seller=seller,
        marketplace=marketplace,
        from_on=from_on,
        until_on=until_on,
        reason=why,
        granted_by=by,
    )
    look_again(seller.pk, marketplace.pk, at=at, occasion="a waiver was granted", by=by.pk)
    _tell(waiver, InsuranceLetterKind.WAIVER_GRANTED, until_on, at=at)
    return waiver


@transaction.atomic
def end_waiver(*, waiver: CoverWaiver, reason: str, at: datetime, by: User) -> CoverWaiver:
    """End a waiver today, before the day through which it was granted; the seller is told.

    Raises:
        RequirementRefused: no reason, or it is over already.
    """
    why = reason_given(reason, of="the waiver ends")
    today = at.astimezone(waiver.marketplace.zone).date()
    ended = CoverWaiver.objects.filter(pk=waiver.pk, ended_on=None, until_on__gte=today).update(
        ended_on=today, ended_by=by, end_reason=why
    )
    if not ended:
        raise RequirementRefused("This waiver is over already.")
    waiver.refresh_from_db()
    seller_id, market = waiver.seller_id, waiver.marketplace_id
    look_again(seller_id, market, at=at, occasion="a waiver was ended", by=by.pk)
    _tell(waiver, InsuranceLetterKind.WAIVER_ENDED, today, at=at)
    return waiver


def _other_waivers(seller: Seller, market: Marketplace, from_on: date, until_on: date) -> bool:
    running = CoverWaiver.objects.filter(seller=seller, marketplace=market, ended_on=None)
    return running.filter(from_on__lte=until_on, until_on__gte=from_on).exists()


def _tell(waiver: CoverWaiver, kind: InsuranceLetterKind, until_on: date, *, at: datetime) -> None:
    occasion = "granted" if kind == InsuranceLetterKind.WAIVER_GRANTED else "ended"
    write_letter(
        kind=kind,
        key=f"waiver/{waiver.pk}/{occasion}",
        seller=waiver.seller,
        marketplace=waiver.marketplace,
        facts={"until_on": until_on.isoformat()},
        at=at,
    )
