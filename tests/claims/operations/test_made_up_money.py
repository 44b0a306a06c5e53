"""Made-up claims are never paid outside the demo."""

import pytest
from pytest_django.fixtures import Settings

from claims.authority import PaymentHold
from claims.models import Payout, PayoutState
from claims.operations.sending import send_due_payouts
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.screening.sanctions import lay_down_empty_list
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_demo", "payments"), [(False, 0), (True, 1)])
def test_a_made_up_claim_is_paid_in_a_demo_only(
    is_demo: bool, payments: int, settings: Settings
) -> None:
    """Demo data can never send real money."""
    settings.DEMO = is_demo
    factories.make_market()
    lay_down_empty_list(at=NOON, source="test")
    claim = factories.report_assessed(claimed_minor=40_000, made_up_fields=["claimant"])
    with SandboxServer() as server:
        provider = SandboxProvider(server.url, server.key, server.webhook_secret)
        send_due_payouts(provider=provider, at=NOON)
        assert len(server.payments_for(claim.reference)) == payments
    payout = Payout.objects.get(claim=claim)
    if not is_demo:
        assert payout.state == PayoutState.QUEUED
        assert payout.held_by == [PaymentHold.MADE_UP_DATA]
