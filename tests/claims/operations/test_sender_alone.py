"""What is wrong with one claim holds up no other payment (rules §6, reliability)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from claims.lifecycle import Status
from claims.models import Claim, Hold, PayoutState
from claims.operations.following import follow_payouts
from claims.operations.sending import SCREEN_AGAIN, send_due_payouts
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.report import PayeeGiven
from sellers.models import Marketplace
from tests.claims.core.world import again, payout_of
from tests.claims.screening.list_rows import import_small_list
from tests.factories import NOON, make_order, report_assessed

pytestmark = pytest.mark.django_db
LISTED = PayeeGiven("Alexander Malkevich", "tok_listed")


def conceded(**fields: object) -> Claim:
    return report_assessed(claimed_minor=80_000, **fields)  # type: ignore[arg-type]


def break_table(table: str, claim: Claim) -> None:
    """A rule of the database itself, laid on for this test, that refuses this claim's rows."""
    alter(table, f"ADD CONSTRAINT broken CHECK (claim_id <> {claim.pk}) NOT VALID")


def mend_table(table: str) -> None:
    alter(table, "DROP CONSTRAINT broken")


def alter(table: str, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} {change}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_screening_that_fails_puts_off_only_its_own_payment(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    bad, good = conceded(), conceded()
    break_table("claims_screeningrecord", bad)
    assert send_due_payouts(provider=provider, at=NOON) == 2

    assert again(good).status == Status.PAID
    payout = payout_of(bad)
    assert (payout.state, payout.held_by, payout.next_at, payout.attempts) == (
        PayoutState.QUEUED,
        ["SCREENING_NOT_DONE"],
        NOON + SCREEN_AGAIN,
        0,
    )
    assert server.payments_for(bad.reference) == []
    assert send_due_payouts(provider=provider, at=NOON) == 0
    mend_table("claims_screeningrecord")
    assert send_due_payouts(provider=provider, at=NOON + SCREEN_AGAIN) == 1
    assert (again(bad).status, payout_of(bad).held_by) == (Status.PAID, [])


@pytest.fixture
def racing(db: None) -> None:
    """Whoever moves the claim that `race` names finds that somebody else was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION someone_was_first() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF current_setting('tests.raced', true) = OLD.id::text THEN RETURN NULL; "
            "END IF; RETURN NEW; END $$; "
            "CREATE TRIGGER raced BEFORE UPDATE ON claims_claim "
            "FOR EACH ROW EXECUTE FUNCTION someone_was_first()"
        )


def race(claim_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tests.raced', %s, true)", [str(claim_id)])


def test_a_hold_that_loses_its_race_waits_for_the_next_look(
    racing: None, provider: SandboxProvider, server: SandboxServer, tmp_path: Path
) -> None:
    import_small_list(tmp_path, list_date=NOON.date())
    hit, good = conceded(payee=LISTED), conceded()
    race(hit.pk)
    assert send_due_payouts(provider=provider, at=NOON) == 2

    assert again(good).status == Status.PAID
    assert not Hold.objects.filter(claim=hit).exists()
    assert (payout_of(hit).state, payout_of(hit).next_at) == ("QUEUED", NOON + SCREEN_AGAIN)
    race(0)
    send_due_payouts(provider=provider, at=NOON + SCREEN_AGAIN)
    assert Hold.objects.get(claim=hit).kind == "SANCTIONS"
    assert payout_of(hit).held_by == ["SANCTIONS_HOLD"]
    assert server.payments_for(hit.reference) == []


def test_facts_that_cannot_be_read_put_off_only_their_own_payment(
    provider: SandboxProvider,
) -> None:
    bad, good = conceded(order=make_order(market="CA")), conceded()
    ours = Marketplace.objects.filter(code="CA")
    ours.update(timezone="America/Nowhere")
    assert send_due_payouts(provider=provider, at=NOON) == 2

    assert again(good).status == Status.PAID
    assert (payout_of(bad).state, payout_of(bad).next_at) == ("QUEUED", NOON + SCREEN_AGAIN)
    ours.update(timezone="America/Toronto")
    send_due_payouts(provider=provider, at=NOON + SCREEN_AGAIN)
    assert again(bad).status == Status.PAID


def test_an_answer_that_cannot_be_written_is_asked_for_again(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    """The money left, our books refused it: the lease stays, and nothing is sent a second time."""
    bad, good = conceded(), conceded()
    break_table("claims_claimevent", bad)
    assert send_due_payouts(provider=provider, at=NOON) == 2

    assert again(good).status == Status.PAID
    payout = payout_of(bad)
    assert (payout.state, payout.lease_until) == ("SENDING", NOON + timedelta(minutes=2))
    assert again(bad).status == Status.APPROVED
    mend_table("claims_claimevent")
    assert send_due_payouts(provider=provider, at=NOON + timedelta(days=1)) == 0
    assert len(server.payments_for(bad.reference)) == 1


def test_what_became_of_one_payment_holds_up_no_other(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    bad, good = conceded(), conceded()
    for _ in range(2):
        server.script_next(do="timeout_after_accept")
    send_due_payouts(provider=provider, at=NOON)
    assert {payout_of(claim).state for claim in (bad, good)} == {PayoutState.UNCERTAIN}
    break_table("claims_claimevent", bad)
    later = NOON + timedelta(hours=1)
    assert follow_payouts(provider=provider, at=later) == 2

    assert again(good).status == Status.PAID
    payout = payout_of(bad)
    assert (payout.state, again(bad).status) == (PayoutState.UNCERTAIN, Status.APPROVED)
    assert payout.next_at is not None
    assert payout.next_at > later
    mend_table("claims_claimevent")
    follow_payouts(provider=provider, at=payout.next_at)
    assert again(bad).status == Status.PAID
    assert len(server.payments_for(bad.reference)) == 1
