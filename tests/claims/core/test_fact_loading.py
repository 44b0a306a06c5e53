"""`load_facts` gives what the rows say: compared with the same facts read object by object."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.lifecycle import Status
from claims.models import Answer, Claim, Head, HoldKind, Notice, Severity
from claims.operations.holds import place_hold, release_hold
from claims.operations.payment import change_payee, withdraw_claim
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.queries import facts_of, load_facts
from sellers.models import Closure
from tests.claims.core.facts_by_hand import facts_by_hand
from tests.claims.core.stories import STORIES, claim_in, paid_within_ceiling
from tests.claims.core.world import DAY, DUE, adjuster, answer_seller, approve, letters_leave
from tests.factories import (
    NOON,
    make_order,
    make_seller,
    report,
    report_awaiting_seller,
    report_screened,
)

pytestmark = pytest.mark.django_db


def assert_loaded(claims: list[Claim]) -> None:
    """All of them at once, and each alone, are the facts read by hand."""
    expected = {claim.pk: facts_by_hand(claim.pk) for claim in claims}
    assert load_facts(expected) == expected
    assert {claim.pk: facts_of(claim) for claim in claims} == expected


def held(*kinds: HoldKind, released: bool = False) -> Claim:
    claim = report_screened()
    for kind in kinds:
        place_hold(claim=claim, kind=kind, reason="R", at=NOON, by=adjuster())
        if released:
            release_hold(claim=claim, kind=kind, reason="R", at=NOON, by=adjuster())
    return claim


def with_payees(*days: int) -> Claim:
    claim = report()
    for number, day in enumerate(days):
        account = f"acct_{number}"
        change_payee(
            claim=claim, name=f"P{number}", account=account, at=NOON + day * DAY, by=CLAIMANT
        )
    return claim


def made_up(claim: Claim) -> Claim:
    Claim.objects.filter(pk=claim.pk).update(made_up_fields=["narrative"])
    return claim


def test_a_claim_in_every_status(provider: SandboxProvider) -> None:
    assert_loaded([claim_in(status, provider) for status in STORIES])


def test_what_stands_around_a_claim(provider: SandboxProvider) -> None:
    Closure.objects.create(marketplace=make_order().marketplace, on=date(2026, 3, 5), reason="M")
    for day in (5, 6):
        marketplace = make_order(market="DE").marketplace
        Closure.objects.create(marketplace=marketplace, on=date(2026, 3, day), reason="M")
    late = report_awaiting_seller()
    letters_leave()
    answer_seller(late, Answer.HANDLE, at=DUE)
    assert_loaded(
        [
            late,
            held(HoldKind.FRAUD, HoldKind.LEGAL),
            held(HoldKind.FRAUD, released=True),
            with_payees(1, 1),
            with_payees(2, 1),
            report(payee=None),
            report(make_order(market="DE")),
            report(head=Head.MEDICAL, severity=Severity.TREATMENT),
            report(make_order(make_seller(is_made_up=True))),
            made_up(report()),
            paid_within_ceiling(provider),
        ]
    )


@pytest.mark.parametrize("states", [["SENT"], ["BOUNCED"], ["SENT", "QUEUED"], ["BOUNCED", "SENT"]])
def test_the_latest_notice_counts(states: list[str]) -> None:
    claim = report_awaiting_seller()
    first = Notice.objects.get(claim=claim, kind="CLAIM_NOTICE")
    for number, state in enumerate(states):
        first.pk, first.key, first.state = None, f"again/{number}", state
        first.sent_at = NOON if state == "SENT" else None
        first.save()

    assert_loaded([claim])
    assert facts_of(claim).notice_delivered == (states[-1] == "SENT")


def test_an_ended_payout_is_not_open() -> None:
    claim = approve(report_awaiting_seller())
    withdraw_claim(claim=claim, at=NOON + 3 * DAY, by=CLAIMANT)

    assert_loaded([claim])
    assert facts_of(claim).open_payout is None


def test_no_claims_no_facts() -> None:
    assert load_facts([]) == {}


def test_unknown_claims_are_left_out() -> None:
    claim = report()
    assert set(load_facts([claim.pk, claim.pk + 1])) == {claim.pk}


def test_any_number_of_claims_takes_as_many_statements(django_assert_num_queries: Any) -> None:
    """Claims, what stands around them, clocks, closures; the ledger where money is pursued."""
    claims = [report_awaiting_seller() for _ in range(4)]
    facts_of(claims[0])  # the terms are kept
    with django_assert_num_queries(4):
        load_facts([claims[0].pk])
    with django_assert_num_queries(4):
        found = load_facts([claim.pk for claim in claims])
    assert set(found) == {claim.pk for claim in claims}
    with django_assert_num_queries(2):
        load_facts([claims[0].pk], are_new=True)


def test_recoveries_take_one_statement_more(
    provider: SandboxProvider, django_assert_num_queries: Any
) -> None:
    claims = [claim_in(Status.PAID, provider) for _ in range(2)]
    load_facts([claim.pk for claim in claims])
    with django_assert_num_queries(5):
        load_facts([claim.pk for claim in claims])


def test_the_version_is_read_with_the_first_statement() -> None:
    """A claim moved while it is read: the recorder must refuse what was decided on a mixture."""
    claim = report()
    with CaptureQueriesContext(connection) as queries:
        facts_of(claim)
    assert "c.version" in queries[0]["sql"]


def test_clocks_stand_in_the_order_of_their_due_moments() -> None:
    claim = report_awaiting_seller()
    moments = [clock.due_at for clock in facts_of(claim).clocks]

    assert moments == sorted(moments)
    assert len(moments) == 3
    assert timedelta(0) < moments[-1] - moments[0]
