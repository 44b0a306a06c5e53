"""An authority orders something about a product: two working days to act, by the EU GPSR (§7)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from claims.deadlines import Unit, due_moment
from claims.decisions.base import need_reason
from claims.lifecycle import ActorKind, Refused
from claims.models import AuthorityOrder, SafetyCase
from claims.outcome import Actor
from claims.screening.figures import figures_at
from sellers.models import Closure


class OrderRefused(Refused):
    """The order cannot be recorded or closed. The message is the reason."""


def record_authority_order(
    *,
    case: SafetyCase,
    authority: str,
    reference: str,
    text: str,
    received_at: datetime,
    at: datetime,
    by: Actor,
) -> AuthorityOrder:
    """Write an authority's order down, with its clock of working days from when it was received.

    Source: rules §7, EU GPSR: act within 2 working days [P]; elsewhere the same days are our own
    default. The days are data (`ScreeningFigures.authority_order_days`).

    Raises:
        OrderRefused: not a person, a name is missing, not received yet, or recorded before.
        ReasonMissing: no words on what is ordered.
    """
    words = need_reason(text, for_what="what the authority orders")
    person = _person(by)
    if not authority.strip() or not reference.strip():
        raise OrderRefused("An order has an authority and the authority's own number.")
    if received_at > at:
        raise OrderRefused("The order cannot have been received later than now.")
    days = figures_at(received_at).authority_order_days
    values = {
        "case": case,
        "authority": authority.strip(),
        "reference": reference.strip(),
        "text": words,
        "received_at": received_at,
        "length": days,
        "due_at": due_of_order(received_at, days=days, market=case.marketplace_id),
        "recorded_at": at,
        "recorded_by_id": person,
    }
    try:
        with transaction.atomic():
            return AuthorityOrder.objects.create(**values)
    except IntegrityError:
        raise OrderRefused("This order is recorded already.") from None


def due_of_order(received_at: datetime, *, days: int, market: str) -> datetime:
    """When an order must be acted on: the end of the last working day in the marketplace."""
    closures = Closure.objects.filter(marketplace_id=market).values_list("on", flat=True)
    return due_moment(
        received_at, length=days, unit=Unit.WORKING, market=market, closures=frozenset(closures)
    )


def record_order_acted_on(
    *, order: AuthorityOrder, action: str, at: datetime, by: Actor
) -> AuthorityOrder:
    """Write down what was done about an order: its clock ends.

    Raises:
        ReasonMissing: no words. OrderRefused: not a person, or acted on already.
    """
    words = need_reason(action, for_what="what was done about the order")
    person = _person(by)
    waiting = open_orders().filter(pk=order.pk)
    if not waiting.update(acted_at=at, acted_by_id=person, action=words):
        raise OrderRefused("This order was acted on already.")
    return AuthorityOrder.objects.get(pk=order.pk)


def open_orders() -> QuerySet[AuthorityOrder]:
    """The orders that nobody has acted on, the first due first."""
    waiting = AuthorityOrder.objects.filter(acted_at__isnull=True)
    return waiting.select_related("case__product", "case__marketplace").order_by("due_at", "id")


def _person(by: Actor) -> int:
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise OrderRefused("Only a person of operations can record an authority's order.")
    return by.user_id
