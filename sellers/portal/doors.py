"""Who may come in: members of a seller, and nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from sellers.models import SellerMember
from sellers.portal.arrival import arrived_at

_ACTS_FOR = "acts_for"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in member of one or more sellers, and the moment their request arrived.

    Each room that has pages here adds what of its own a visitor may see.
    """

    user: User
    memberships: tuple[SellerMember, ...]
    at: datetime

    @property
    def acts_for_several(self) -> bool:
        """Whether this person must be told which seller a page is about."""
        return len(self.memberships) > 1

    def may_act_for(self, seller_id: int) -> bool:
        """Whether this person may act for a seller; viewers only read."""
        return any(m.may_respond for m in self.memberships if m.seller_id == seller_id)


type View[V, **P] = Callable[Concatenate[HttpRequest, V, P], HttpResponseBase]


def members_only[V: Visitor, **P](
    view: View[V, P], *, visitor: type[V]
) -> Callable[..., HttpResponseBase]:
    """Let members of a seller in, as a `visitor` that the view takes as second argument.

    Leaving a seller ends the session: the next request signs the person out. Staff are refused:
    who decides does not answer.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = _person(request)
        members = SellerMember.objects.filter(user=user).select_related("seller", "user")
        memberships = tuple(members.order_by("seller__legal_name"))
        if _has_left_a_seller(request, memberships):
            return _sign_out(request)
        if not memberships:
            raise PermissionDenied("Your account does not act for a seller. Ask the programme.")
        return view(request, visitor(user, memberships, arrived_at(request)), *args, **kwargs)

    return login_required(never_cache(guarded))


def _person(request: HttpRequest) -> User:
    user: Any = request.user
    if user.is_staff:
        raise PermissionDenied("Staff look after claims in the work queue, not on the portal.")
    person: User = user
    return person


def _has_left_a_seller(request: HttpRequest, memberships: tuple[SellerMember, ...]) -> bool:
    now = sorted(member.seller_id for member in memberships)
    before = request.session.get(_ACTS_FOR, now)
    if now != request.session.get(_ACTS_FOR):
        request.session[_ACTS_FOR] = now
    return not set(before) <= set(now)


def _sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    messages.warning(request, "You no longer act for one of your sellers. Please sign in again.")
    return redirect("account_login")
