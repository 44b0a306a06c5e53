"""Changes to the terms: one person proposes figures from a date on, another makes them count.

A change is always a new version from a day on that has not begun; no version is ever edited, and
no claim's frozen terms ever change (rules §2).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from claims.decisions.base import need_reason
from claims.lifecycle import Refused
from claims.models import DraftStatus, TermsDraft, TermsVersion
from claims.operations.drafting import held_open, person_behind, settle
from claims.outcome import Actor
from claims.terms import DEFAULT, TermsNotUnderstood, check_figures
from sellers.models import Marketplace


class TermsRefused(Refused):
    """A change of terms cannot be proposed or decided. The message is the reason."""


def propose_terms(
    *,
    marketplace: Marketplace,
    effective_on: date,
    changes: Mapping[str, Any],
    reason: str,
    at: datetime,
    by: Actor,
) -> TermsDraft:
    """Propose figures of a marketplace from a day on; nothing counts before a second person.

    `changes` maps figures to new values as the terms store them: money in minor units, dates as
    ISO texts. Figures that are given as they stand already do not count as changes.

    Raises:
        TermsRefused: no reason, no change, figures that do not make sense together, or a day
            that is not after today and after the latest version.
    """
    person = person_behind(by, refusal=TermsRefused, what="Terms")
    if not reason.strip():
        raise TermsRefused("Say why the terms should change.")
    latest = latest_version(marketplace)
    real = {name: new for name, new in changes.items() if latest.figures.get(name) != new}
    _check(latest, real, effective_on, at)
    return TermsDraft.objects.create(
        marketplace=marketplace,
        effective_on=effective_on,
        changes=real,
        reason=reason.strip(),
        proposed_by_id=person,
        proposed_at=at,
    )


def approve_terms(*, draft: TermsDraft, at: datetime, by: Actor) -> TermsVersion:
    """Make a proposed change a version of its own; the actor is somebody else than the proposer.

    The change is applied to the latest version as it stands now. Changed figures are marked as
    our own: nobody published them.

    Raises:
        TermsRefused: it is decided already, by its proposer, or too late for its day.
    """
    with transaction.atomic():
        held = _keep_open(draft, by)
        latest = latest_version(held.marketplace)
        _check(latest, held.changes, held.effective_on, at)
        version = TermsVersion.objects.create(
            marketplace=held.marketplace,
            effective_on=held.effective_on,
            figures=latest.figures | held.changes,
            marks=latest.marks | dict.fromkeys(held.changes, DEFAULT),
            proposed_by=held.proposed_by,
            approved_by_id=by.user_id,
            created_at=at,
        )
        settle(held, DraftStatus.APPROVED, by=by, decided_at=at, version=version)
    return version


def refuse_terms(*, draft: TermsDraft, reason: str, at: datetime, by: Actor) -> TermsDraft:
    """Refuse a proposed change; the actor is somebody else than the proposer.

    Raises:
        ReasonMissing: no words on why it is refused.
        TermsRefused: it is decided already, or by its proposer.
    """
    words = need_reason(reason, for_what="why the change of terms is refused")
    with transaction.atomic():
        held = _keep_open(draft, by)
        return settle(held, DraftStatus.REFUSED, by=by, decided_at=at, decision_reason=words)


def latest_version(marketplace: Marketplace) -> TermsVersion:
    """The version of a marketplace with the latest day, begun or not.

    Raises:
        TermsRefused: the marketplace has no terms to change.
    """
    version = TermsVersion.objects.filter(marketplace=marketplace).order_by("-effective_on").first()
    if version is None:
        raise TermsRefused(f"{marketplace.name} has no terms yet.")
    return version


def _keep_open(draft: TermsDraft, by: Actor) -> TermsDraft:
    held = held_open(draft, by=by, refusal=TermsRefused, what="Terms")
    # The marketplace's row is kept too: of two changes at once the second sees the first.
    Marketplace.objects.select_for_update().get(pk=held.marketplace_id)
    return held


def _check(
    latest: TermsVersion, changes: Mapping[str, Any], effective_on: date, at: datetime
) -> None:
    if not changes:
        raise TermsRefused("No figure differs from the terms as they stand.")
    tomorrow = at.astimezone(latest.marketplace.zone).date() + timedelta(days=1)
    if effective_on < tomorrow:
        raise TermsRefused(
            f"New terms begin tomorrow ({tomorrow.isoformat()}) at the earliest: claims of "
            "today keep the terms of today."
        )
    if effective_on <= latest.effective_on:
        raise TermsRefused(
            f"The latest terms begin on {latest.effective_on.isoformat()}: choose a later day."
        )
    try:
        check_figures(latest.figures | dict(changes))
    except TermsNotUnderstood as error:
        raise TermsRefused(str(error)) from None
