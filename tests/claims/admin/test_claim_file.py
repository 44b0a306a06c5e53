"""The claim file: everything about a claim on one page."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.lifecycle import ActorKind, Status
from claims.models import Claim, Evidence, Notice, NoticeState, Payout, SellerResponse
from claims.operations.extending import add_information
from claims.roles import ADJUSTER, AUDITOR, INSURANCE, PAYMENTS, SENIOR_ADJUSTER
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.world import World, make_world
from tests.factories import make_user, report, report_assessed, staff_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def address(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.reference])


def keep(claim: Claim, name: str = "photo.html") -> Evidence:
    evidence = Evidence(
        claim=claim,
        name=name,
        media_type="image/jpeg",
        size=2048,
        sha256="0" * 64,
        given_at=claim.reported_at,
        given_by_kind=ActorKind.CLAIMANT,
    )
    evidence.file.save("x.jpg", ContentFile(b"<script>alert(1)</script>"))
    return evidence


def test_a_rejected_claim_on_one_page(world: World, sign_in: SignIn) -> None:
    claim = world.claims[Status.IN_ADJUDICATION]

    answer = sign_in(SENIOR_ADJUSTER).get(address(claim))

    page, shown = answer.content.decode(), answer.context
    assert [(p.label, p.value, p.note) for p in shown["figures"]] == [
        ("Claimed", "$4,800.00", ""),
        ("Assessed", "$4,800.00", "Above the ceiling"),
        ("Approved", "–", ""),
        ("Paid", "–", ""),
    ]
    assert [(r.what, r.state, r.said) for r in shown["responses"]] == [
        (
            "Reject, with reasons and documents",
            "In time",
            "The kettle was used without water against the manual.",
        )
    ]
    assert [entry.step for entry in shown["timeline"]][:3] == [
        "The seller rejects",
        "Notify the seller",
        "Pass screening",
    ]
    assert shown["timeline"][0].moved == "Awaiting seller → In adjudication"
    assert [clock.name for clock in shown["running"]] != []
    assert all(clock.ended.startswith(("Met", "Cancelled")) for clock in shown["ended"])
    for text in ("Property damage", "A claim needs your answer", "Nothing is to be paid so far."):
        assert text in page


def test_the_steps_that_status_and_groups_allow(world: World, sign_in: SignIn) -> None:
    claim = world.claims[Status.IN_ADJUDICATION]

    def offered(role: str) -> dict[str, list[str]]:
        steps = sign_in(role).get(address(claim)).context["steps"]
        return {group: [page.slug for page in pages] for group, pages in steps}

    assert offered(ADJUSTER) == {
        "Decide": ["assess", "step-in", "uphold"],
        "Claimant": ["answer-medicare", "withdraw"],
        "File": ["place-hold", "note", "evidence"],
    }
    assert offered(PAYMENTS) == {"Money": ["change-payee"]}
    assert offered(AUDITOR) == offered(INSURANCE) == {}


def test_a_proposal_offers_the_second_persons_steps(world: World, sign_in: SignIn) -> None:
    answer = sign_in(SENIOR_ADJUSTER).get(address(world.proposed))

    decide = dict(answer.context["steps"])["Decide"]
    (proposal,) = answer.context["proposals"]
    assert [page.slug for page in decide] == ["approve-proposal", "refuse-proposal"]
    assert (proposal.what, proposal.state) == (
        "Step in and pay: $9,000.00",
        "Waits for a second person",
    )


def test_money_says_who_bears_the_cost_and_what_holds_a_payment(
    world: World, sign_in: SignIn
) -> None:
    claim = world.claims[Status.APPROVED]
    Payout.objects.filter(claim=claim).update(
        held_by=["PAYOUTS_PAUSED", "NO_PAYEE_DETAILS"], provider_reference="P-99"
    )

    shown = sign_in(PAYMENTS).get(address(claim)).context

    assert [(p.label, p.value) for p in shown["bearers"]] == [
        ("The programme", "$640.00"),
        ("The seller", "$0.00"),
        ("The seller's insurer", "$0.00"),
    ]
    (payout,) = shown["payouts"]
    assert payout.held_by == (
        "Payouts are paused.",
        "The claimant has given no payee details yet.",
    )
    assert (payout.amount, payout.provider_reference, payout.tone) == ("$640.00", "P-99", "bar")
    assert [(e.debit, e.credit, e.amount) for e in shown["ledger"]] == [
        ("Programme expense", "Claims payable", "$640.00")
    ]
    assert [(b.label, b.value) for b in shown["balances"]] == [
        ("Claims payable", "-$640.00"),
        ("Programme expense", "$640.00"),
    ]


def test_bars_holds_and_made_up_parts_are_named(world: World, sign_in: SignIn) -> None:
    Claim.objects.filter(pk=world.held.pk).update(
        bars=["FRAUD_HOLD"], made_up_fields=["order", "claimant_name"], crossed_ceiling_later=True
    )

    answer = sign_in(ADJUSTER).get(address(world.held))

    (hold,) = answer.context["holds"]
    assert answer.context["bars"] == ["A fraud hold is in place."]
    assert (hold.what, hold.state, hold.tone) == ("Fraud hold", "In place", "hold")
    assert answer.context["made_up"] == "order, claimant name"
    assert "Crossed the ceiling." in answer.content.decode()


def test_letters_stand_as_they_were_sent(world: World, sign_in: SignIn) -> None:
    claim = world.claims[Status.REPORTED]
    Notice.objects.filter(claim=claim).update(
        state=NoticeState.BOUNCED,
        subject="We received it",
        body="Dear <b>you</b>",
        last_answer="550",
    )

    answer = sign_in(AUDITOR).get(address(claim))

    (letter,) = answer.context["letters"]
    assert (letter.subject, letter.state, letter.tone) == (
        "We received it",
        "Refused or bounced",
        "hold",
    )
    assert b"Dear &lt;b&gt;you&lt;/b&gt;" in answer.content


def test_what_people_write_is_never_markup(sign_in: SignIn) -> None:
    claim = report(narrative="<script>alert('n')</script>")
    add_information(claim=claim, text="<img src=x onerror=1>", at=timezone.now(), by=staff_actor())

    page = sign_in(AUDITOR).get(address(claim)).content

    assert b"<script>alert" not in page
    assert b"<img src=x" not in page


def test_terms_show_which_figures_nobody_published(world: World, sign_in: SignIn) -> None:
    answer = sign_in(AUDITOR).get(address(world.claims[Status.REPORTED]))

    lines = {line.figure: line for line in answer.context["terms"]}
    assert lines["ceiling_minor"].mark_words == "published by the programme"
    assert (lines["claimant_appeal_days"].value, lines["claimant_appeal_days"].is_default) == (
        "30 days",
        True,
    )
    assert b"default, not published" in answer.content


def test_numbers_of_django_lead_to_the_reference(sign_in: SignIn) -> None:
    claim, client = report(), sign_in(AUDITOR)

    answer = client.get(reverse("admin:claims_claim_change", args=[claim.pk]))

    assert answer.headers["Location"] == address(claim)
    for missing in ("999999999", "RC-2222-2222", "nonsense"):
        gone = reverse("admin:claims_claim_change", args=[missing])
        assert client.get(gone).status_code == 404


def test_evidence_is_handed_out_as_a_download_only(sign_in: SignIn) -> None:
    claim, other = report(), report()
    evidence, client = keep(claim), sign_in(ADJUSTER)
    page = client.get(address(claim))
    download = reverse("admin:claims_evidence_download", args=[claim.reference, evidence.pk])

    answer = client.get(download)

    assert answer.getvalue() == b"<script>alert(1)</script>"
    for close in answer._resource_closers:  # type: ignore[attr-defined]
        close()
    assert download in page.content.decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="photo.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    wrong = reverse("admin:claims_evidence_download", args=[other.reference, evidence.pk])
    assert client.get(wrong).status_code == 404


def test_a_lost_file_is_not_found(sign_in: SignIn) -> None:
    claim = report()
    evidence = keep(claim)
    evidence.file.storage.delete(str(evidence.file.name))
    download = reverse("admin:claims_evidence_download", args=[claim.reference, evidence.pk])

    assert sign_in(ADJUSTER).get(download).status_code == 404


def test_the_file_takes_a_constant_number_of_queries(sign_in: SignIn) -> None:
    claim, client = report_assessed(claimed_minor=50_000), sign_in(ADJUSTER)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(claim))
        return len(captured)

    def add(number: int) -> None:
        at = timezone.now() + timedelta(minutes=number)
        add_information(claim=claim, text="A note.", at=at, by=staff_actor(make_user()))
        SellerResponse.objects.create(
            claim=claim, answer="REJECT", arrived_at=at, is_late=True, given_by=make_user()
        )

    add(0)
    few = queries()
    for number in range(1, 20):
        add(number)

    assert queries() == few
