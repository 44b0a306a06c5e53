"""What every change of figures that takes two people does: hold the draft, and decide it once."""

from typing import Any

from claims.lifecycle import Refused
from claims.models import Draft, DraftStatus
from claims.outcome import Actor


def person_behind(by: Actor, *, refusal: type[Refused], what: str) -> int:
    """The user who acts; figures are never changed by the programme itself.

    Raises:
        Refused: of the kind `refusal`, when nobody acts.
    """
    if by.user_id is None:
        raise refusal(f"{what} are changed by people only.")
    return by.user_id


def held_open[D: Draft](draft: D, *, by: Actor, refusal: type[Refused], what: str) -> D:
    """The draft, locked until the transaction ends, for somebody who did not propose it.

    Raises:
        Refused: of the kind `refusal`, when it is decided already or the actor proposed it.
    """
    held = type(draft)._default_manager.select_for_update().get(pk=draft.pk)  # noqa: SLF001
    if held.status != DraftStatus.PROPOSED:
        raise refusal(f"This change is decided already: {held.get_status_display().lower()}.")
    if person_behind(by, refusal=refusal, what=what) == held.proposed_by_id:
        raise refusal("You proposed this change: a second person decides it.")
    return held


def settle[D: Draft](held: D, status: DraftStatus, *, by: Actor, **columns: Any) -> D:
    """Write how a held draft ended; `columns` are its moment, and its reason or what it made."""
    held.status, held.decided_by_id = status, by.user_id
    for name, value in columns.items():
        setattr(held, name, value)
    held.save(update_fields=["status", "decided_by", *columns])
    return held
