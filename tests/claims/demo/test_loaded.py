"""The loaded demo shows everything that the product can be shown with, and it is all true."""

from collections import Counter
from itertools import pairwise

import pytest
from django.db.models import F

from claims.authority import Bar
from claims.demo.load import Loaded
from claims.demo.shops import SHOPS
from claims.demo.stories import STORIES
from claims.ledger import balances, borne_by
from claims.lifecycle import Status
from claims.models import (
    Account,
    Answer,
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    ClaimEvent,
    Deadline,
    DeadlineKind,
    Hold,
    HoldKind,
    LedgerEntry,
    Notice,
    NoticeState,
    Payout,
    PayoutState,
    Proposal,
    ProposalStatus,
    Recovery,
    RecoveryStatus,
    SellerResponse,
)
from insurance.compliance import ComplianceStatus
from insurance.models import Certificate, Policy, Provider
from insurance.queries import compliance_of
from sellers.models import Order, Seller
from tests.claims.demo.conftest import NOW

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
]


def test_every_story_is_told(demo: Loaded) -> None:
    assert demo == Loaded(told=len(STORIES), stood=0)
    told = Claim.objects.filter(external_source="demo").values_list("external_reference", flat=True)
    assert sorted(told) == sorted(story.key for story in STORIES)
    assert 80 <= len(STORIES) <= 120


def test_every_status_of_a_claim_is_there() -> None:
    assert set(Claim.objects.values_list("status", flat=True)) == set(Status.values)


def test_every_status_of_a_recovery_is_there() -> None:
    assert set(Recovery.objects.values_list("status", flat=True)) == set(RecoveryStatus.values)


def test_every_answer_of_a_seller_is_there_and_one_is_late() -> None:
    assert set(SellerResponse.objects.values_list("answer", flat=True)) == set(Answer.values)
    assert SellerResponse.objects.filter(is_late=True).count() == 1


def test_appeals_of_both_parties_are_open_and_decided() -> None:
    found = set(Appeal.objects.values_list("party", "status"))
    decided = set(AppealStatus) - {AppealStatus.CLOSED}
    assert found == {(party, status) for party in AppealParty for status in decided}


def test_proposals_wait_for_a_second_person_and_others_are_decided() -> None:
    counts = Counter(Proposal.objects.values_list("status", flat=True))
    assert counts[ProposalStatus.OPEN] >= 3
    assert counts[ProposalStatus.APPROVED] >= 2
    assert counts[ProposalStatus.REFUSED] >= 2


def test_holds_are_in_place_and_released() -> None:
    open_kinds = set(Hold.objects.filter(released_at=None).values_list("kind", flat=True))
    assert open_kinds == {HoldKind.FRAUD, HoldKind.LEGAL}


def test_what_bars_an_automatic_payment_is_seen() -> None:
    bars = {bar for bars in Claim.objects.values_list("bars", flat=True) for bar in bars}
    assert bars >= {
        Bar.ABOVE_AUTOMATIC_LIMIT,
        Bar.CLAIMANT_MINOR,
        Bar.DEATH_OR_GRIEVOUS_INJURY,
        Bar.MEDICARE_STATUS_UNKNOWN,
        Bar.NOTICE_NOT_DELIVERED,
        Bar.SELLER_ANSWERED_LATE,
    }


def test_payments_are_held_refused_returned_and_about_to_leave() -> None:
    assert Payout.objects.filter(state=PayoutState.REFUSED).count() == 1
    assert Payout.objects.filter(state=PayoutState.RETURNED).count() == 1
    queued = Payout.objects.filter(state=PayoutState.QUEUED)
    holds = {hold for held_by in queued.values_list("held_by", flat=True) for hold in held_by}
    assert holds == {"NO_PAYEE_DETAILS", "PAYEE_DETAILS_CHANGED", "HOLD_PLACED"}
    assert queued.filter(held_by=[]).count() == 2


def test_old_letters_stand_as_sent_when_they_were_written() -> None:
    states = Counter(Notice.objects.values_list("state", flat=True))
    assert set(states) == {NoticeState.SENT, NoticeState.BOUNCED}
    assert states[NoticeState.BOUNCED] == 1
    sent = Notice.objects.filter(state=NoticeState.SENT)
    assert not sent.exclude(sent_at=F("written_at")).exists()
    assert not sent.filter(sent_at__gt=NOW).exists()


def test_every_letter_says_that_it_is_made_up() -> None:
    assert not Notice.objects.exclude(body__startswith="DEMO – made-up data").exists()


def test_no_event_lies_in_the_future_and_no_clock_was_missed() -> None:
    assert not ClaimEvent.objects.filter(at__gt=NOW).exists()
    overdue = Deadline.objects.filter(
        acts_at__lte=NOW, met_at=None, lapsed_at=None, cancelled_at=None
    )
    assert not overdue.exists()


def test_clocks_run_at_every_stage() -> None:
    running = Deadline.objects.filter(met_at=None, lapsed_at=None, cancelled_at=None)
    assert set(running.values_list("kind", flat=True)) >= {
        DeadlineKind.CLAIMANT_ANSWER,
        DeadlineKind.SELLER_RESPONSE,
        DeadlineKind.SELLER_SETTLEMENT,
        DeadlineKind.INSURER_ANSWER,
        DeadlineKind.PROOF_OF_INSURANCE,
        DeadlineKind.DECISION,
        DeadlineKind.STATUS_LETTER,
    }
    assert running.filter(kind=DeadlineKind.SELLER_RESPONSE).count() >= 8


def test_events_lead_from_the_report_to_where_each_claim_stands() -> None:
    for claim in Claim.objects.prefetch_related("events"):
        events = list(claim.events.all())
        assert [event.version for event in events] == list(range(1, claim.version + 1))
        assert events[-1].to_status == claim.status
        assert all(a.to_status == b.from_status for a, b in pairwise(events))


def test_the_ledger_is_balanced_claim_by_claim() -> None:
    for claim in Claim.objects.all():
        entries = list(LedgerEntry.objects.filter(claim=claim))
        sums = balances(entries)
        assert sum(sums.values()) == 0
        paid = sums.get(Account.PAYOUT_CLEARING, 0)
        if claim.status == Status.PAID:
            assert sums.get(Account.CLAIMS_PAYABLE, 0) == 0
            collected = Recovery.objects.filter(claim=claim).values_list(
                "collected_minor", flat=True
            )
            assert -paid == claim.paid_minor - sum(collected)
            borne = borne_by(claim)
            total = borne.programme_minor + borne.seller_minor + borne.insurer_minor
            assert total == claim.paid_minor


def test_confirmed_payouts_are_what_the_claims_say_is_paid() -> None:
    for claim in Claim.objects.filter(status=Status.PAID):
        payout = Payout.objects.get(claim=claim, state=PayoutState.CONFIRMED)
        assert (payout.amount_minor, payout.currency) == (claim.paid_minor, claim.currency)


def test_everything_is_marked_as_made_up() -> None:
    assert not Seller.objects.filter(is_made_up=False).exists()
    assert not Order.objects.filter(is_made_up=False).exists()
    assert not Policy.objects.filter(is_made_up=False).exists()
    assert not Claim.objects.filter(claimant__is_made_up=False).exists()
    assert not Claim.objects.exclude(made_up_fields=["everything"]).exists()


def test_sellers_stand_in_every_way_towards_the_requirement() -> None:
    today = NOW.date()
    found = {
        compliance_of(
            Seller.objects.get(legal_name=shop.legal_name).pk, shop.market, on=today
        ).status
        for shop in SHOPS
    }
    assert found == set(ComplianceStatus)


def test_a_refused_certificate_has_all_its_defects() -> None:
    refused = Certificate.objects.exclude(defect_codes=[]).filter(file=None)
    assert [sorted(certificate.defect_codes) for certificate in refused] == [
        [
            "AGGREGATE",
            "CANCELLATION_NOTICE",
            "CERTIFICATE_HOLDER_ONLY",
            "INSURER_RATING",
            "NAMED_INSURED",
            "SIGNATURE",
        ]
    ]


def test_the_directory_names_its_source_and_vouches_for_nobody() -> None:
    real = Provider.objects.filter(is_made_up=False)
    providers = real.values_list("status", "source_mark", "sourced_on")
    assert len(providers) == 10
    assert {status for status, _, _ in providers} == {"CANDIDATE"}
    assert all(mark == "S" and day for _, mark, day in providers)


def test_the_marketplaces_and_their_currencies_are_many() -> None:
    markets = set(Claim.objects.values_list("marketplace", flat=True))
    assert markets == {"US", "UK", "DE", "FR", "SE", "PL", "JP", "MX", "CA"}
    currencies = set(Claim.objects.values_list("currency", flat=True))
    assert currencies == {"USD", "GBP", "EUR", "SEK", "PLN", "JPY", "MXN", "CAD"}


def test_every_narrative_is_somebodys_own() -> None:
    narratives = list(Claim.objects.values_list("narrative", flat=True))
    assert len(set(narratives)) == len(narratives)
    assert min(map(len, narratives)) > 40
