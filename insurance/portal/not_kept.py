"""A certificate that could not be kept: until when the seller may still send it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from insurance.portal.words import AT_EASE
from insurance.queries import compliance_of
from sellers.models import Marketplace, SellerMember
from sellers.portal.arrival import arrived_at
from sellers.portal.not_kept import NotKept
from sellers.post.text import long_date

WHAT = "Your certificate"


def certificate_not_kept(request: HttpRequest, address: Mapping[str, Any]) -> NotKept:
    """What the portal says about a seller whose certificate could not be kept."""
    seller_id, market = address.get("seller_id", 0), address.get("market", "")
    if not SellerMember.objects.filter(user=request.user.pk, seller=seller_id).exists():
        return NotKept(WHAT)
    today = arrived_at(request).astimezone(Marketplace.objects.get(pk=market).zone).date()
    compliance = compliance_of(seller_id, market, on=today)
    requirement = compliance.requirement
    if requirement is None or compliance.status in AT_EASE or requirement.due_on < today:
        return NotKept(WHAT)
    return NotKept(WHAT, f"the end of {long_date(requirement.due_on)}")
