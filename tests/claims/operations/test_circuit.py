"""The provider's circuit: rest after failures in a row, one try, and the rest it asks for."""

from datetime import timedelta

import pytest

from claims.models import Payout, ProviderCircuit
from claims.operations.circuit import FAILURES, rest_after
from claims.operations.following import follow_payouts
from claims.operations.payout_answers import KEY_WINDOW
from claims.operations.sending import send_due_payouts
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.world import payout_of
from tests.claims.providers.parties import provider_of
from tests.factories import NOON, report_assessed

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def stands() -> tuple[int, object]:
    row = ProviderCircuit.objects.get()
    return row.failures, row.closed_until


def approved(count: int) -> None:
    for _ in range(count):
        report_assessed(claimed_minor=80_000)


def counted(state: str) -> int:
    return Payout.objects.filter(state=state).count()


def test_ten_failures_in_a_row_and_the_provider_rests(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    approved(13)
    server.script_next("error_500", times=11)
    assert send_due_payouts(provider=provider, at=NOON, limit=12) == 12

    assert (counted("UNCERTAIN"), counted("QUEUED"), stands()) == (10, 3, (10, NOON + 10 * SECOND))
    untouched = Payout.objects.filter(state="QUEUED", next_at=NOON)
    assert (
        list(untouched.values_list("attempts", "first_sent_at", "lease_until"))
        == [(0, None, None)] * 3
    )
    assert send_due_payouts(provider=provider, at=NOON + 9 * SECOND) == 0
    assert follow_payouts(provider=provider, at=NOON + 9 * SECOND) == 0

    # One payment tries it; it fails again, and the rest doubles.
    assert send_due_payouts(provider=provider, at=NOON + 10 * SECOND) == 1
    assert stands() == (11, NOON + 30 * SECOND)
    # One question tries it; it answers, and everything goes on.
    assert follow_payouts(provider=provider, at=NOON + 30 * SECOND) == 1
    assert stands() == (0, None)
    while send_due_payouts(provider=provider, at=NOON + 30 * SECOND):
        continue
    assert counted("CONFIRMED") == 3


def test_the_rest_doubles_up_to_ten_minutes() -> None:
    rests = [rest_after(FAILURES + more).total_seconds() for more in (0, 1, 2, 5, 6, 50)]
    assert rests == [10, 20, 40, 320, 600, 600]


def test_an_answer_in_between_begins_the_row_anew(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    approved(3)
    server.script_next("error_500", times=2)
    send_due_payouts(provider=provider, at=NOON)
    assert stands() == (0, None)


def test_the_provider_is_left_alone_for_as_long_as_it_asks(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    approved(4)
    server.script_next("429", seconds=90)
    send_due_payouts(provider=provider, at=NOON)

    until = NOON + 90 * SECOND
    assert (stands(), set(Payout.objects.values_list("state", "next_at", "first_sent_at"))) == (
        (0, until),
        {("QUEUED", until, None), ("QUEUED", NOON, None)},
    )
    assert server.book.entries() == []
    assert send_due_payouts(provider=provider, at=until - SECOND) == 0
    send_due_payouts(provider=provider, at=until)
    assert (counted("CONFIRMED"), stands()) == (4, (0, None))


def test_look_ups_that_fail_count_too(provider: SandboxProvider) -> None:
    approved(1)
    claim_payout = Payout.objects.get()
    with SandboxServer() as gone:
        unreachable = provider_of(gone)
    send_due_payouts(provider=unreachable, at=NOON)
    claim_payout.refresh_from_db()
    follow_payouts(provider=unreachable, at=claim_payout.next_at or NOON)
    assert stands() == (2, None)
    del provider


def test_a_provider_that_falls_silent_in_the_middle_is_asked_no_further(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    approved(FAILURES + 2)
    while send_due_payouts(provider=provider, at=NOON):
        continue
    Payout.objects.update(state="SENT", next_at=NOON)
    with SandboxServer() as gone:
        unreachable = provider_of(gone)
    assert follow_payouts(provider=unreachable, at=NOON, limit=20) == FAILURES + 2

    assert stands() == (FAILURES, NOON + 10 * SECOND)
    assert Payout.objects.filter(last_answer="").count() == 2


# ── the key's window ───────────────────────────────────────────────────────
def test_what_waited_past_the_key_s_window_is_asked_about_and_never_resent(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    """In doubt, not found, queued again: and then held for a day. It is not sent any more."""
    claim = report_assessed(claimed_minor=80_000)
    server.script_next("error_500")
    send_due_payouts(provider=provider, at=NOON)
    follow_payouts(provider=provider, at=NOON + 20 * SECOND)
    assert payout_of(claim).state == "QUEUED"
    late = NOON + KEY_WINDOW

    assert send_due_payouts(provider=provider, at=late) == 1
    kept = payout_of(claim)
    assert (kept.state, kept.next_at, kept.last_answer) == (
        "UNCERTAIN",
        late,
        "It waited longer than the provider remembers its key.",
    )
    for later in range(5):
        follow_payouts(provider=provider, at=late + timedelta(days=later))
        send_due_payouts(provider=provider, at=late + timedelta(days=later))
    assert (payout_of(claim).state, server.book.entries()) == ("UNCERTAIN", [])
    assert payout_of(claim).last_answer.endswith("a person must look.")


def test_a_payment_that_was_only_ever_refused_for_now_has_no_window(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    server.script_next("refuse", reason="LATER", times=3)
    at = NOON
    for _ in range(3):
        send_due_payouts(provider=provider, at=at)
        at += timedelta(days=1)
    send_due_payouts(provider=provider, at=at)
    assert (payout_of(claim).state, payout_of(claim).first_sent_at) == ("CONFIRMED", at)
