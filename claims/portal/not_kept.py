"""An answer that could not be kept: until when the seller may still send it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from claims.portal.standing import SELLER_ACTS, Standing
from claims.queries import visible_to
from sellers.portal.arrival import arrived_at
from sellers.portal.not_kept import NotKept


def answer_not_kept(request: HttpRequest, address: Mapping[str, Any]) -> NotKept:
    """What the portal says about a claim whose seller's files or words could not be kept."""
    claims = visible_to(request.user).select_related("seller", "marketplace")
    claim = claims.filter(reference=address.get("reference")).first()
    if claim is None:
        return NotKept()
    clocks = Standing(claim, at=arrived_at(request)).clocks
    clock = next((clock for clock in clocks if clock.kind in SELLER_ACTS), None)
    if clock is None or clock.is_over:
        return NotKept("Your answer")
    return NotKept("Your answer", clock.due, clock.left)
