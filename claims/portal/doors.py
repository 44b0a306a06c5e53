"""Who may come in: members of a seller, to that seller's claims, and nothing else."""

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
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from claims.models import Claim
from claims.portal.arrival import arrived_at
from claims.queries import visible_to
from sellers.models import SellerMember

_ACTS_FOR = "acts_for"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in member of one or more sellers, and the moment their request arrived."""

    user: User
    memberships: tuple[SellerMember, ...]
    at: datetime

    @property
    def acts_for_several(self) -> bool:
        """Whether this person must be told which seller a claim is about."""
        return len(self.memberships) > 1

    def may_respond(self, claim: Claim) -> bool:
        """Whether this person may act on a claim; viewers only read."""
        return any(m.may_respond for m in self.memberships if m.seller_id == claim.seller_id)

    def claims(self) -> QuerySet[Claim]:
        """The screened claims of this person's sellers."""
        return visible_to(self.user).select_related(
            "seller", "marketplace", "order__product", "claimant"
        )

    def claim(self, reference: str) -> Claim:
        """One claim, for reading.

        Raises:
            Http404: it is not there, not theirs, or not screened: the answer is the same.
        """
        found = self.claims().select_related("terms", "recovery").filter(reference=reference)
        if (claim := found.first()) is None:
            raise Http404
        return claim

    def claim_to_act_on(self, reference: str) -> Claim:
        """One claim, for acting on it.

        Raises:
            Http404: as for reading.
            PermissionDenied: this person may only read.
        """
        claim = self.claim(reference)
        if not self.may_respond(claim):
            raise PermissionDenied(
                f"You may read the claims of {claim.seller}, not answer them. "
                "Ask an owner of the seller account to answer, or to change your role."
            )
        return claim


type View[**P] = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponseBase]


def members_only[**P](view: View[P]) -> Callable[..., HttpResponseBase]:
    """Let members of a seller in, with a `Visitor` as the view's second argument.

    Leaving a seller ends the session: the next request signs the person out. Staff are refused:
    who decides claims does not answer them.
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
        return view(request, Visitor(user, memberships, arrived_at(request)), *args, **kwargs)

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
