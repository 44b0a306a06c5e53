"""Withholding instructions are handed to the disbursement system, each once."""

import logging
from datetime import datetime

from claims.lifecycle import ActorKind, Refused
from claims.models import WithholdingInstruction
from claims.outcome import Actor

log = logging.getLogger(__name__)


class NothingToExport(Refused):
    """No instruction waits, or it is nobody of operations who exports."""


def export_instructions(*, at: datetime, by: Actor) -> int:
    """Mark every instruction that waits as exported at this moment, by whom; returns how many.

    Those of one moment are one batch, and can be read again by it. An instruction that was
    revoked before it was exported never leaves.

    Raises:
        NothingToExport: see there; nothing was changed.
    """
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise NothingToExport("Only a person of operations can export instructions.")
    waiting = WithholdingInstruction.objects.filter(
        exported_at__isnull=True, revoked_at__isnull=True
    )
    exported = waiting.update(exported_at=at, exported_by_id=by.user_id)
    if not exported:
        raise NothingToExport("No instruction waits to be exported.")
    log.info("%s withholding instructions exported at %s, user %s", exported, at, by.user_id)
    return exported
