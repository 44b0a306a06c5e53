"""The page that explains a claim: standing, steps, figures with their mark, and promises."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.admin.explaining import promise
from claims.models import Claim
from claims.roles import AUDITOR
from claims.service_levels import ServiceLevel
from tests.claims.admin.conftest import SignIn
from tests.claims.core.world import letters_leave
from tests.factories import make_user, report, report_awaiting_seller

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def address(claim: Claim) -> str:
    return reverse("admin:claims_explain", args=[claim.reference])


def test_standing_steps_rules_inputs_figures_and_marks(sign_in: SignIn) -> None:
    claim = report_awaiting_seller(at=timezone.now() - DAY)

    page = sign_in(AUDITOR).get(address(claim)).content.decode()

    for words in (
        "Assessed at 2,500.00 USD, which is above the ceiling of its terms.",
        "Terms of United States in force from 2021-09-01",
        "Rule: rules §2: above the ceiling the seller is asked first",
        "Ceiling at no cost to the seller",
        "Published by the programme",
        '<span class="tag flag">Default, not published</span>',
        "to awaiting seller",
    ):
        assert words in page


def test_the_claim_s_file_leads_to_it(sign_in: SignIn) -> None:
    claim = report()
    file = reverse("admin:claims_claim_change", args=[claim.reference])
    assert address(claim) in sign_in(AUDITOR).get(file).content.decode()


def test_promises_are_shown_with_their_standing(sign_in: SignIn) -> None:
    claim = report(at=timezone.now() - 41 * DAY)
    letters_leave(timezone.now() - 40 * DAY)

    shown = sign_in(AUDITOR).get(address(claim)).context["promises"]

    assert [(p.name, p.state, p.tone) for p in shown] == [
        ("Acknowledged", "Kept", "good"),
        ("Decided, service level", "Overdue", "hold"),
        ("Decided, as promised", "Time to go", "quiet"),
    ]


def test_a_promise_met_too_late_is_missed() -> None:
    claim, now = report(), timezone.now()
    level = ServiceLevel("Acknowledged", now - 2 * DAY, now - DAY)
    assert promise(level, claim, at=now).state == "Missed"


def test_an_unknown_claim_is_not_found(sign_in: SignIn) -> None:
    answer = sign_in(AUDITOR).get(reverse("admin:claims_explain", args=["RC-0000-0000"]))
    assert answer.status_code == 404


def test_staff_without_a_group_do_not_see_it(sign_in: SignIn) -> None:
    claim, client = report(), sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))
    assert client.get(address(claim)).status_code == 403


def test_it_is_only_looked_at(sign_in: SignIn) -> None:
    assert sign_in(AUDITOR).post(address(report())).status_code == 405
