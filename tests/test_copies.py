"""Copies of a claim are claims that could exist."""

from datetime import datetime

import pytest

from claims.invariants import Violation, verify
from claims.lifecycle import Status
from claims.models import Claim
from claims.operations.silence import lapse_due
from tests.claims.core.world import LAPSES, lay_down_market, letters_leave, path
from tests.copies import Original
from tests.factories import report_awaiting_seller

pytestmark = pytest.mark.django_db


def violations(at: datetime) -> list[Violation]:
    """What the invariants say but for files, of which other tests leave some."""
    return [one for one in verify(at=at, book=None) if one.invariant != "I10"]


def test_copies_have_a_history_of_their_own_and_go_on_by_themselves() -> None:
    lay_down_market()
    claim = report_awaiting_seller()
    copies = Original(claim).copies(3)
    assert len({claim.reference, *(copy.reference for copy in copies)}) == 4
    assert [path(copy) for copy in copies] == [path(claim)] * 3
    for related in ("events", "deadlines", "lines", "notices"):
        own = getattr(claim, related).count()
        assert own
        assert [getattr(copy, related).count() for copy in copies] == [own] * 3
    assert not violations(claim.reported_at)
    letters_leave()
    lapse_due(at=LAPSES)
    assert set(Claim.objects.values_list("status", flat=True)) == {Status.APPROVED}
    assert not violations(LAPSES)
