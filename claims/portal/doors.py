"""Which claims a visitor of the portal may see, and which they may act on."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase

from claims.models import Claim
from claims.queries import visible_to
from sellers.portal import doors
from sellers.portal.doors import View


@dataclass(frozen=True, slots=True)
class Visitor(doors.Visitor):
    """A member of one or more sellers, and their claims."""

    def may_respond(self, claim: Claim) -> bool:
        """Whether this person may act on a claim; viewers only read."""
        return self.may_act_for(claim.seller_id)

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


def members_only[**P](view: View[Visitor, P]) -> Callable[..., HttpResponseBase]:
    """Let members of a seller in, with a `Visitor` as the view's second argument."""
    return doors.members_only(view, visitor=Visitor)
