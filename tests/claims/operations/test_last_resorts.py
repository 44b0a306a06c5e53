"""What happens where nothing should ever come: no terms at all, no payee, a claim ever busy."""

from dataclasses import replace

import pytest

from claims.decisions import payment as decide
from claims.facts import ClaimFacts
from claims.models import Claim, ClaimEvent, Payout, PayoutState
from claims.operations import payout_answers, sending
from claims.operations.reporting import ReportRefused
from claims.outcome import Outcome
from sellers.models import Marketplace
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def test_a_marketplace_without_any_terms_takes_no_report() -> None:
    """Rules §2: every figure is data; without figures there is nothing to judge by."""
    factories.make_market()
    order = factories.make_order()
    order.marketplace = Marketplace.objects.create(
        code="XX", name="Nowhere", currency="USD", timezone="UTC", region="XX"
    )
    order.save()
    with pytest.raises(ReportRefused, match="has no terms in Nowhere"):
        factories.report(order)
    assert not Claim.objects.exists()


def test_an_instruction_without_payee_details_is_never_made() -> None:
    """The hold NO_PAYEE_DETAILS stands before it; should it fail, no payment leaves."""
    with pytest.raises(ValueError, match="RC-1-2 was leased without payee details"):
        sending._instruction(Payout(our_reference="RC-1-2"))


def test_an_answer_that_never_finds_the_claim_at_rest_is_left_to_a_look_up() -> None:
    """Five tries, then nothing is written: the lease runs out, and the provider is asked."""
    factories.make_market()
    claim = factories.report_assessed(claimed_minor=40_000)
    payout = Payout.objects.get(claim=claim)
    before = ClaimEvent.objects.count()

    def always_late(facts: ClaimFacts) -> Outcome:
        sent = decide.record_sent(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=NOON,
            payout=payout_answers.move(payout, PayoutState.SENT, at=NOON),
        )
        return replace(sent, expected_version=facts.version - 1)

    assert payout_answers.record(payout, always_late) is False
    payout.refresh_from_db()
    assert (payout.state, ClaimEvent.objects.count()) == (PayoutState.QUEUED, before)
