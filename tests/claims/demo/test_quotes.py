"""The demo's directory and quotes: made up, marked as such, and loaded once."""

import pytest

from claims.demo.load import Loaded
from insurance.models import InsuranceLetter, Provider, QuoteApplication

pytestmark = pytest.mark.django_db


def test_three_quotes_and_one_decline_wait_for_their_seller(demo: Loaded) -> None:
    application = QuoteApplication.objects.select_related("seller").get()

    states = application.invitations.order_by("provider").values_list("state", flat=True)
    assert (application.state, sorted(states)) == ("OPEN", ["DECLINED", *["QUOTED"] * 3])
    assert application.seller.is_made_up


def test_only_made_up_providers_are_vetted_and_all_letters_are_made_up(demo: Loaded) -> None:
    vetted = Provider.objects.filter(status="VETTED")

    assert vetted.count() == 4
    assert all(one.is_made_up and "(made up)" in one.legal_name for one in vetted)
    assert all(one.vetting_checks.count() == 7 for one in vetted)
    letters = InsuranceLetter.objects.filter(provider__isnull=False)
    assert letters.exists()
    assert all(letter.provider and letter.provider.is_made_up for letter in letters)
    assert all(address.endswith(".example") for address in letters.values_list("to", flat=True))
