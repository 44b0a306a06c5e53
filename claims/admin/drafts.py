"""The page of a draft: what would change, and the second person's two buttons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from claims.admin.file_dealings import named
from claims.admin.person import person
from claims.lifecycle import Refused
from claims.models import Draft, DraftStatus
from claims.queries import actor_for
from sellers.portal.arrival import arrived_at


@dataclass(frozen=True, slots=True)
class Change:
    """A figure as it stands and as it would be."""

    name: str
    old: str
    new: str


def take_decision(
    request: HttpRequest,
    draft: Draft,
    *,
    permission: str,
    approve: Callable[..., object],
    refuse: Callable[..., object],
) -> str:
    """Do what the second person's form asks; why it was not done, or nothing.

    Raises:
        PermissionDenied: somebody who may not decide.
    """
    at = arrived_at(request)
    if not request.user.has_perm(permission):
        raise PermissionDenied("Your groups do not let you decide about this change.")
    decisions: Mapping[str | None, Callable[..., object]] = {
        "approve": approve,
        "refuse": partial(refuse, reason=request.POST.get("reason", "")),
    }
    operation = decisions.get(request.POST.get("decision"))
    if operation is None:
        return "Choose to approve or to refuse."
    try:
        operation(draft=draft, at=at, by=actor_for(person(request)))
    except Refused as refusal:
        return str(refusal)
    return ""


def draft_context(request: HttpRequest, draft: Draft, *, permission: str) -> dict[str, Any]:
    """Who proposed and decided it, and whether this person may decide now."""
    is_open = draft.status == DraftStatus.PROPOSED
    is_own = request.user.pk == draft.proposed_by_id
    return {
        "draft": draft,
        "proposer": named(draft.proposed_by),
        "decider": named(draft.decided_by, ""),
        "may_decide": is_open and not is_own and request.user.has_perm(permission),
        "is_own": is_open and is_own,
    }
