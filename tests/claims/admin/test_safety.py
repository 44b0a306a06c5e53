"""Safety cases: the queue with its clock, and the page on which a person decides."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import SafetyCase, SafetyStatus
from claims.roles import ADJUSTER, AUDITOR
from claims.safety.cases import decide_safety_case
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.looks import open_case
from tests.claims.core.world import snapshot
from tests.factories import make_user, staff_actor

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:claims_safety")


@pytest.fixture
def case() -> SafetyCase:
    return open_case(timezone.now() - timedelta(days=4))


def address(case: SafetyCase) -> str:
    return reverse("admin:claims_safety_case", args=[case.pk])


def decide(client: Client, case: SafetyCase, status: str, reason: str = "CPSC 2026-77.") -> int:
    answer = client.post(address(case), {"status": status, "reason": reason})
    code: int = answer.status_code
    return code


def test_the_queue_shows_product_clock_cause_claims_and_recalls(
    case: SafetyCase, sign_in: SignIn
) -> None:
    answer = sign_in(AUDITOR).get(QUEUE)

    (row,) = answer.context["cases"]
    page = answer.content.decode()
    assert (row["case"].pk, row["case"].claim_count) == (case.pk, 3)
    assert (row["clock"]["tone"], row["clock"]["left"].endswith("overdue")) == ("overdue", True)
    assert "A burst of claims on one product" in page
    assert "100 of 100: Emberline recalls space heaters for fire hazard" in page


def test_an_empty_queue_says_so(sign_in: SignIn) -> None:
    assert b"No safety case lives." in sign_in(AUDITOR).get(QUEUE).content


def test_the_case_shows_its_duty_claims_and_recalls(case: SafetyCase, sign_in: SignIn) -> None:
    page = sign_in(ADJUSTER).get(address(case)).content.decode()

    assert "section 15(b)" in page
    assert "Emberline recalls space heaters" in page
    assert "The heater can overheat and catch fire." in page
    for claim in case.claims.all():
        assert reverse("admin:claims_claim_change", args=[claim.reference]) in page
    assert "It is not reportable" in page


def test_a_report_is_decided_and_closed_with_reasons(case: SafetyCase, sign_in: SignIn) -> None:
    client = sign_in(ADJUSTER)

    assert decide(client, case, "REPORTED") == 302
    case.refresh_from_db()
    assert (case.status, case.decision_reason) == (SafetyStatus.REPORTED, "CPSC 2026-77.")
    assert case.decided_by_id == int(client.session["_auth_user_id"])
    (row,) = client.get(QUEUE).context["cases"]
    assert row["clock"] is None

    assert decide(client, case, "CLOSED", "The seller recalled it.") == 302
    case.refresh_from_db()
    assert (case.status, case.decision_reason) == (SafetyStatus.CLOSED, "The seller recalled it.")
    closed = client.get(address(case)).content.decode()
    assert "The seller recalled it." in closed
    assert '<form method="post" novalidate>' not in closed


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("REPORTED", " ", "Reason: write it down."),
        ("", "Because.", "Decision: choose one."),
        ("CLOSED", "Because.", "is not one of the available choices"),
    ],
)
def test_a_form_that_cannot_stand_decides_nothing(
    case: SafetyCase, status: str, reason: str, words: str, sign_in: SignIn
) -> None:
    client = sign_in(ADJUSTER)
    before = snapshot()

    answer = client.post(address(case), {"status": status, "reason": reason})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert snapshot() == before


def test_a_case_decided_meanwhile_is_not_decided_again(case: SafetyCase, sign_in: SignIn) -> None:
    client = sign_in(ADJUSTER)
    open_form = {"status": "NOT_REPORTABLE", "reason": "A single batch."}
    stale = SafetyCase.objects.get(pk=case.pk)
    decide_safety_case(
        case=case,
        status=SafetyStatus.NOT_REPORTABLE,
        reason="Misuse.",
        at=timezone.now(),
        by=staff_actor(),
    )
    before = snapshot()

    answer = client.post(address(stale), open_form)

    assert answer.status_code == 422
    assert snapshot() == before


def test_auditors_look_and_decide_nothing(case: SafetyCase, sign_in: SignIn) -> None:
    client, before = sign_in(AUDITOR), snapshot()

    assert b"<textarea" not in client.get(address(case)).content
    assert decide(client, case, "REPORTED") == 403
    assert snapshot() == before


def test_staff_without_a_group_do_not_even_look(case: SafetyCase, sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))

    assert {client.get(at).status_code for at in (QUEUE, address(case))} == {403}


def test_an_unknown_case_is_not_found(sign_in: SignIn) -> None:
    assert sign_in(AUDITOR).get(reverse("admin:claims_safety_case", args=[9])).status_code == 404


# ── orders of an authority (EU GPSR: 2 working days) ───────────────────────

ORDER = {
    "authority": "BAuA",
    "reference": "A-17",
    "text": "Take it off sale.",
    "received_at": "2026-03-02 14:30",
}


def test_an_order_is_recorded_shown_with_its_clock_and_acted_on(
    case: SafetyCase, sign_in: SignIn
) -> None:
    client = sign_in(ADJUSTER)
    assert "No authority has ordered anything" in client.get(address(case)).content.decode()
    record = reverse("admin:claims_authority_order", args=[case.pk])
    assert client.get(record).status_code == 200
    assert client.post(record, {**ORDER, "reference": ""}).status_code == 422
    assert client.post(record, ORDER).headers["Location"] == address(case)
    order = case.orders.get()
    page = client.get(address(case)).content.decode()
    assert "BAuA A-17" in page
    assert "2 working days, due" in page
    assert "overdue" in page
    assert client.post(record, ORDER).status_code == 409

    acted = reverse("admin:claims_authority_order_acted", args=[order.pk])
    assert client.get(acted).status_code == 200
    assert client.post(acted, {"action": " "}).status_code == 422
    assert client.post(acted, {"action": "Off sale."}).headers["Location"] == address(case)
    page = client.get(address(case)).content.decode()
    assert ": Off sale." in page
    assert "Acted on" in page
    assert client.post(acted, {"action": "Again."}).status_code == 409


def test_an_auditor_sees_orders_and_records_none(case: SafetyCase, sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    before = snapshot()
    record = reverse("admin:claims_authority_order", args=[case.pk])

    assert "Record an authority" not in client.get(address(case)).content.decode()
    assert (client.get(record).status_code, client.post(record, ORDER).status_code) == (403, 403)
    assert snapshot() == before
