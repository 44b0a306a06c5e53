"""A beat and two real workers pay what lapsed, each claim exactly once."""

from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from claims.ledger import balances
from claims.lifecycle import Status
from claims.models import Claim, LedgerEntry, Notice, NoticeState, Payout, Recovery
from claims.providers.sandbox_server import SandboxServer
from tests.processes import running
from tests.processes.stories import lapsed_claims

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
CLAIMS = 200


def test_two_workers_pay_two_hundred_lapsed_claims_exactly_once(
    broker: str, tmp_path: Path
) -> None:
    """Rules §3: silence is paid automatically; rules §6: a payment is sent once per intent."""
    with SandboxServer() as server:
        references = lapsed_claims(CLAIMS, now=timezone.now())
        env = running.environment(server, broker, tmp_path)
        with (
            running.worker("one", env, tmp_path),
            running.worker("two", env, tmp_path),
            running.beat("beat", env, tmp_path),
        ):
            running.wait_until(
                lambda: Claim.objects.filter(status=Status.PAID).count() == CLAIMS,
                seconds=150,
                what=f"{CLAIMS} claims are paid",
            )
            running.wait_until(
                lambda: not Notice.objects.exclude(state=NoticeState.SENT).exists(),
                seconds=60,
                what="every letter has left",
            )
        paid = Counter(
            reference for reference in references for _ in server.payments_for(reference)
        )
    assert paid == dict.fromkeys(references, 1)
    assert Payout.objects.filter(state="CONFIRMED").count() == CLAIMS
    assert Recovery.objects.filter(status="DEMANDED").count() == CLAIMS
    assert sum(balances(LedgerEntry.objects.all()).values()) == 0


def test_two_beats_change_nothing(broker: str, tmp_path: Path) -> None:
    """Two beats double every tick; the rows decide, so nothing is paid twice."""
    with SandboxServer() as server:
        references = lapsed_claims(20, now=timezone.now())
        env = running.environment(server, broker, tmp_path)
        with (
            running.worker("three", env, tmp_path),
            running.beat("beat-a", env, tmp_path),
            running.beat("beat-b", env, tmp_path),
        ):
            running.wait_until(
                lambda: Claim.objects.filter(status=Status.PAID).count() == len(references),
                seconds=90,
                what="all claims are paid",
            )
        counts = [len(server.payments_for(reference)) for reference in references]
    assert counts == [1] * len(references)
