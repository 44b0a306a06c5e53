"""The page of one claim: what happened, what it costs, until when, and then what."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.lifecycle import ActorKind
from claims.models import Claim, Notice, NoticeState, Recipient
from claims.portal.doors import Visitor, members_only
from claims.portal.standing import Standing
from claims.portal.timeline import timeline
from claims.portal.words import cost_to_seller

# Letters that were written out; one that bounced was written too, and the seller may read it here.
_WRITTEN = (NoticeState.SENT, NoticeState.BOUNCED)


@members_only
def claim_page(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show one claim to a member of its seller."""
    claim = visitor.claim(reference)
    standing = Standing(claim, at=visitor.at)
    evidence = list(claim.evidence.filter(is_internal=False))
    context = {
        "visitor": visitor,
        "claim": claim,
        "standing": standing,
        "zone": standing.zone,
        "cost": cost_to_seller(claim, standing.recovery),
        "may_respond": visitor.may_respond(claim),
        "lines": claim.lines.all(),
        "entries": timeline(claim.events.order_by("version")),
        "letters": letters_to_seller(claim),
        "own_evidence": [e for e in evidence if e.given_by_kind == ActorKind.SELLER],
        "other_evidence": [e for e in evidence if e.given_by_kind != ActorKind.SELLER],
        "is_made_up": is_made_up(claim),
    }
    return render(request, "portal/claim.html", context)


def letters_to_seller(claim: Claim) -> QuerySet[Notice]:
    """The letters that were sent to the seller, newest first."""
    letters = claim.notices.filter(recipient=Recipient.SELLER, state__in=_WRITTEN)
    return letters.exclude(subject="").order_by("-written_at", "-pk")


def is_made_up(claim: Claim) -> bool:
    """Whether any of what the page shows was made up for a demo."""
    return bool(
        claim.made_up_fields
        or claim.seller.is_made_up
        or claim.order.is_made_up
        or claim.claimant.is_made_up
    )
