"""Each step's page: who may open it, what it does, and that nothing happens twice or wrongly."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin.standing import Standing
from claims.admin.step import StepPage
from claims.admin.step_words import DONE, SAYS
from claims.admin.steps import BY_SLUG, PAGES, pages_for
from claims.lifecycle import STEPS, ActorKind, Status
from claims.models import (
    Account,
    Answer,
    Claim,
    Deadline,
    Evidence,
    Hold,
    HoldKind,
    LedgerEntry,
    Notice,
    Proposal,
    Recovery,
    RecoveryStatus,
)
from claims.operations.holds import place_hold
from claims.operations.intake import ask_claimant
from claims.roles import ADJUSTER, AUDITOR, INSURANCE, PAYMENTS, ROLES, SENIOR_ADJUSTER
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.world import propose, seller_answers
from tests.factories import (
    make_order,
    make_user,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a receipt"


def address(claim: Claim, slug: str) -> str:
    return reverse("admin:claims_claim_step", args=[claim.reference, slug])


def form_of(claim: Claim, **values: Any) -> dict[str, Any]:
    """A form as the page gives it: with the version of the claim that it shows."""
    return {"version": Claim.objects.get(pk=claim.pk).version} | values


def answered(answer: Answer) -> Claim:
    now = timezone.now()
    claim = report_awaiting_seller(at=now - timedelta(days=2))
    return seller_answers(claim, answer, at=now - timedelta(days=1), reason="So be it.")


def recovered() -> Claim:
    claim = report_assessed(claimed_minor=50_000)
    Claim.objects.filter(pk=claim.pk).update(status=Status.PAID, paid_minor=50_000)
    Recovery.objects.create(
        claim=claim,
        status=RecoveryStatus.DEMANDED,
        amount_minor=50_000,
        currency="USD",
        opened_at=claim.reported_at,
        status_since=claim.reported_at,
    )
    LedgerEntry.objects.create(
        claim=claim,
        event_version=claim.version,
        key=f"charge/{claim.reference}",
        debit=Account.SELLER_RECEIVABLE,
        credit=Account.PROGRAMME_EXPENSE,
        amount_minor=50_000,
        currency="USD",
        posted_at=claim.reported_at,
    )
    return Claim.objects.get(pk=claim.pk)


def held() -> Claim:
    now = timezone.now()
    return place_hold(
        claim=report(at=now), kind=HoldKind.LEGAL, reason="A suit.", at=now, by=staff_actor()
    )


def awaiting_claimant() -> Claim:
    at = timezone.now() - timedelta(days=6)
    return ask_claimant(
        claim=report_screened(at=at), question="When did you buy it?", at=at, by=staff_actor()
    )


# How a claim is made that allows a step; the others are allowed as soon as it is reported.
MAKE: dict[str, Callable[[], Claim]] = {
    "assess": lambda: report_screened(at=timezone.now()),
    "approve-proposal": lambda: propose(make_order(), timezone.now()),
    "refuse-proposal": lambda: propose(make_order(), timezone.now()),
    "step-in": lambda: answered(Answer.REJECT),
    "uphold": lambda: answered(Answer.REJECT),
    "answer": awaiting_claimant,
    "extend": lambda: report_awaiting_seller(at=timezone.now()),
    "insurer-answer": lambda: answered(Answer.TENDER),
    "settlement": lambda: answered(Answer.HANDLE),
    "withhold": recovered,
    "collect": recovered,
    "write-off": recovered,
    "release-hold": held,
}


def make_claim(slug: str) -> Claim:
    """A claim that allows a step."""
    return MAKE[slug]() if slug in MAKE else report(at=timezone.now())


# Step, who takes it, what is filled in, and where the claim stands then.
TAKEN: list[tuple[str, str, dict[str, Any], Status]] = [
    ("pass-screening", ADJUSTER, {}, Status.IN_ASSESSMENT),
    ("screen-out", ADJUSTER, {"reason": "No defect."}, Status.DENIED),
    (
        "assess",
        ADJUSTER,
        {"PROPERTY_DAMAGE": "900.00", "note": "Half was old."},
        Status.APPROVED,
    ),
    ("assess", ADJUSTER, {"PROPERTY_DAMAGE": "1000.01"}, Status.AWAITING_SELLER),
    ("assess", ADJUSTER, {"PROPERTY_DAMAGE": "0", "note": "No receipt."}, Status.DENIED),
    ("approve-proposal", SENIOR_ADJUSTER, {}, Status.APPROVED),
    ("refuse-proposal", SENIOR_ADJUSTER, {"reason": "Not proven."}, Status.IN_ADJUDICATION),
    (
        "step-in",
        ADJUSTER,
        {"amount_minor": "2500.00", "reason": "Proven."},
        Status.APPROVED,
    ),
    ("uphold", ADJUSTER, {"reason": "Misuse."}, Status.DENIED),
    ("ask-claimant", ADJUSTER, {"question": "When?"}, Status.AWAITING_CLAIMANT),
    ("answer", ADJUSTER, {"answer": "In May."}, Status.IN_ASSESSMENT),
    ("answer-medicare", ADJUSTER, {"medicare": "YES"}, Status.REPORTED),
    ("withdraw", ADJUSTER, {"reason": "By telephone."}, Status.WITHDRAWN),
    ("extend", ADJUSTER, {"days": "3", "reason": "Illness."}, Status.AWAITING_SELLER),
    ("insurer-answer", ADJUSTER, {"pays": "no", "reason": "Out of scope."}, Status.IN_ADJUDICATION),
    (
        "settlement",
        ADJUSTER,
        {"amount_minor": "2000", "proof": "The receipt."},
        Status.SETTLED,
    ),
    (
        "change-payee",
        PAYMENTS,
        {"name": "Ann", "account": "tok_9", "reason": "By letter."},
        Status.REPORTED,
    ),
    ("withhold", PAYMENTS, {}, Status.PAID),
    ("collect", PAYMENTS, {"source": "seller", "amount_minor": "100.00"}, Status.PAID),
    ("write-off", SENIOR_ADJUSTER, {"reason": "Gone."}, Status.PAID),
    ("place-hold", ADJUSTER, {"kind": "FRAUD", "reason": "Seen twice."}, Status.REPORTED),
    ("release-hold", ADJUSTER, {"kind": "LEGAL", "reason": "Settled."}, Status.REPORTED),
    ("note", ADJUSTER, {"text": "Rang back.", "is_internal": "on"}, Status.REPORTED),
]


@pytest.mark.parametrize(("slug", "role", "values", "status"), TAKEN)
def test_a_step_is_shown_taken_once_and_told(
    slug: str, role: str, values: dict[str, Any], status: Status, sign_in: SignIn
) -> None:
    claim, client = make_claim(slug), sign_in(role)
    page, form = client.get(address(claim, slug)), form_of(claim, **values)
    events = claim.events.count()

    answer = client.post(address(claim, slug), form)

    assert page.status_code == 200
    assert SAYS[slug].encode() in page.content.replace(b"&#x27;", b"'")
    assert page.context["form"]["version"].value() == form["version"]
    assert answer.headers["Location"] == reverse(
        "admin:claims_claim_change", args=[claim.reference]
    )
    after = Claim.objects.get(pk=claim.pk)
    assert (after.status, after.version) == (status, form["version"] + 1)
    assert claim.events.count() == events + 1
    told = client.get(answer.headers["Location"])
    last = claim.events.latest("version").step
    done = DONE["evidence" if slug == "evidence" else last]
    said = [str(message) for message in told.context["messages"]]
    assert said == [f"{claim.reference}: {done} The claim is now {status.label.lower()}."]


@pytest.mark.parametrize(("slug", "role", "values", "status"), TAKEN)
def test_a_form_sent_twice_acts_once(
    slug: str, role: str, values: dict[str, Any], status: Status, sign_in: SignIn
) -> None:
    claim, client = make_claim(slug), sign_in(role)
    form = form_of(claim, **values)
    client.post(address(claim, slug), form)
    before = everything(claim)

    again = client.post(address(claim, slug), form)

    assert again.status_code in {409, 422}
    assert b"There is a problem" in again.content
    assert everything(claim) == before


def everything(claim: Claim) -> dict[str, Any]:
    """All that a step could have changed."""
    rows = (Deadline, Hold, LedgerEntry, Notice, Proposal, Evidence)
    return {
        "claim": Claim.objects.filter(pk=claim.pk).values().get(),
        "events": list(claim.events.values()),
        "recovery": list(Recovery.objects.filter(claim=claim).values()),
        **{m.__name__: list(m.objects.filter(claim=claim).order_by("pk").values()) for m in rows},
    }


def test_a_claim_that_somebody_decides_on_stops_no_report_that_resembles_it(
    sign_in: SignIn,
) -> None:
    """A signal of fraud refers to the other claim: a lock of its key would hold that up."""
    claim, client = make_claim("pass-screening"), sign_in(ADJUSTER)
    with CaptureQueriesContext(connection) as asked:
        client.post(address(claim, "pass-screening"), form_of(claim))
    locks = [one["sql"] for one in asked if 'FROM "claims_claim"' in one["sql"]]
    assert [sql for sql in locks if sql.endswith("FOR UPDATE")] == []
    assert any(sql.endswith("FOR NO KEY UPDATE") for sql in locks)


def test_a_stale_form_says_what_changed_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    claim, client = make_claim("place-hold"), sign_in(ADJUSTER)
    form = form_of(claim, kind="FRAUD", reason="Seen twice, I think.")
    client.post(address(claim, "pass-screening"), form_of(claim))
    before = everything(claim)

    answer = client.post(address(claim, "place-hold"), form)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "changed since you opened this page: “Pass screening”" in page
    assert "Nothing was done now." in page
    assert "Seen twice, I think." in page
    assert everything(claim) == before


@pytest.mark.parametrize("version", ["", "0", "1 OR 1=1"])
def test_a_form_without_the_claims_version_is_stale(version: str, sign_in: SignIn) -> None:
    claim = make_claim("pass-screening")
    before = everything(claim)

    answer = sign_in(ADJUSTER).post(address(claim, "pass-screening"), {"version": version})

    assert answer.status_code == 409
    assert everything(claim) == before


@pytest.mark.parametrize(
    ("slug", "values", "message"),
    [
        ("screen-out", {}, "Reason: write it down."),
        ("screen-out", {"reason": "   "}, "Reason: write it down."),
        ("assess", {"PROPERTY_DAMAGE": "1e3"}, "is not an amount in USD"),
        ("assess", {"PROPERTY_DAMAGE": "１００"}, "is not an amount in USD"),
        ("assess", {"PROPERTY_DAMAGE": ""}, "This field is required."),
        ("place-hold", {"kind": "WHIM", "reason": "Because."}, "Select a valid choice."),
        ("extend", {"days": "0", "reason": "Because."}, "greater than or equal to 1"),
    ],
)
def test_a_form_not_filled_in_does_nothing_and_says_why(
    slug: str, values: dict[str, Any], message: str, sign_in: SignIn
) -> None:
    claim = make_claim(slug)
    before = everything(claim)

    answer = sign_in(ADJUSTER).post(address(claim, slug), form_of(claim) | values)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert message in answer.content.decode()
    assert everything(claim) == before


def test_a_refusal_of_the_rules_becomes_a_message(sign_in: SignIn) -> None:
    claim = make_claim("step-in")
    before = everything(claim)

    answer = sign_in(ADJUSTER).post(
        address(claim, "step-in"), form_of(claim, amount_minor="99999.00", reason="All of it.")
    )

    assert answer.status_code == 409
    assert "Pay up to the assessed 2,500.00 USD." in answer.content.decode()
    assert everything(claim) == before


def test_above_ones_authority_an_approval_is_a_proposal(sign_in: SignIn) -> None:
    claim = report_awaiting_seller(at=timezone.now(), claimed_minor=900_000)
    claim = seller_answers(claim, Answer.REJECT, at=timezone.now(), reason="No.")

    sign_in(ADJUSTER).post(
        address(claim, "step-in"), form_of(claim, amount_minor="9000", reason="Proven.")
    )

    claim.refresh_from_db()
    proposal = Proposal.objects.get(claim=claim)
    assert (claim.status, proposal.amount_minor) == (Status.IN_ADJUDICATION, 900_000)


def test_who_proposed_cannot_be_the_second_person(sign_in: SignIn) -> None:
    claim = report_awaiting_seller(at=timezone.now(), claimed_minor=900_000)
    claim = seller_answers(claim, Answer.REJECT, at=timezone.now(), reason="No.")
    client = sign_in(ADJUSTER)
    client.post(address(claim, "step-in"), form_of(claim, amount_minor="9000", reason="Proven."))
    before = everything(claim)

    answer = client.post(address(claim, "approve-proposal"), form_of(claim))

    assert answer.status_code == 409
    assert everything(claim) == before


@pytest.mark.parametrize("step", PAGES, ids=lambda step: step.slug)
def test_only_the_right_groups_open_and_take_a_step(step: StepPage, sign_in: SignIn) -> None:
    claim = report(at=timezone.now())
    may = {role for role, rights in ROLES.items() if step.permission in rights}
    before = everything(claim)

    for role in set(ROLES) - may:
        client = sign_in(role)
        assert client.get(address(claim, step.slug)).status_code == 403
        assert client.post(address(claim, step.slug), form_of(claim)).status_code == 403

    assert {AUDITOR, INSURANCE}.isdisjoint(may)
    assert everything(claim) == before


def test_others_than_staff_are_sent_to_sign_in() -> None:
    client = Client()
    client.force_login(make_user())

    assert client.get(address(report(), "assess")).status_code == 302


def test_no_such_step_and_no_such_claim(sign_in: SignIn) -> None:
    claim, client = report(), sign_in(ADJUSTER)

    assert client.get(address(claim, "pay-myself")).status_code == 404
    missing = reverse("admin:claims_claim_step", args=["RC-2222-2222", "assess"])
    assert client.get(missing).status_code == 404


def test_a_step_that_does_not_fit_shows_no_form(sign_in: SignIn) -> None:
    claim = report(at=timezone.now())

    answer = sign_in(ADJUSTER).get(address(claim, "uphold"))

    assert "Not possible now." in answer.content.decode()
    assert b"<textarea" not in answer.content


def test_assessment_shows_the_ceiling_and_disables_what_is_never_paid(sign_in: SignIn) -> None:
    claim = report_screened(at=timezone.now())
    claim.lines.create(head="PAIN_AND_SUFFERING", claimed_minor=500_000)
    client = sign_in(ADJUSTER)

    page = client.get(address(claim, "assess"))
    client.post(
        address(claim, "assess"),
        form_of(claim, PROPERTY_DAMAGE="800", PAIN_AND_SUFFERING="5000.00"),
    )

    assert "Ceiling of this claim: $1,000.00 or less." in page.context["hints"]
    assert page.context["form"].fields["PAIN_AND_SUFFERING"].disabled
    assert "Never paid under the programme." in page.content.decode()
    assert dict(claim.lines.values_list("head", "assessed_minor")) == {
        "PROPERTY_DAMAGE": 80_000,
        "PAIN_AND_SUFFERING": 0,
    }


def test_evidence_is_kept_and_a_wrong_file_refused(sign_in: SignIn) -> None:
    claim, client = report(at=timezone.now()), sign_in(ADJUSTER)

    refused = client.post(
        address(claim, "evidence"),
        form_of(claim, file=SimpleUploadedFile("page.pdf", b"<html>")),
    )
    kept = client.post(
        address(claim, "evidence"),
        form_of(claim, file=SimpleUploadedFile("receipt.pdf", PDF), is_internal="on"),
    )

    assert refused.status_code == 422
    assert "is not a JPEG, PNG or WEBP picture or a PDF" in refused.content.decode()
    assert kept.status_code == 302
    (evidence,) = Evidence.objects.filter(claim=claim)
    assert (evidence.name, evidence.is_internal, evidence.given_by_kind) == (
        "receipt.pdf",
        True,
        ActorKind.STAFF,
    )


def test_an_appeal_for_the_claimant_and_its_decision(sign_in: SignIn) -> None:
    claim = report(at=timezone.now())
    decider, other = sign_in(ADJUSTER), sign_in(ADJUSTER)
    decider.post(address(claim, "screen-out"), form_of(claim, reason="No defect."))

    other.post(address(claim, "appeal"), form_of(claim, new_facts="The fire brigade's report."))
    page = other.get(address(claim, "decide-appeal"))
    same = decider.post(
        address(claim, "decide-appeal"), form_of(claim, outcome="UPHELD", reason="Stays.")
    )
    decided = other.post(
        address(claim, "decide-appeal"), form_of(claim, outcome="UPHELD", reason="Stays.")
    )

    assert "New facts: The fire brigade&#x27;s report." in page.content.decode()
    assert same.status_code == 409
    assert decided.status_code == 302
    claim.refresh_from_db()
    assert claim.status == Status.DENIED


def test_the_table_of_pages_agrees_with_the_life_cycle() -> None:
    assert len(BY_SLUG) == len(PAGES)
    assert {page.slug for page in PAGES} == set(SAYS)
    for page in PAGES:
        for step in page.steps:
            assert ActorKind.STAFF in STEPS[step].by


def test_every_step_of_staff_has_a_page() -> None:
    covered = {step for page in PAGES for step in page.steps}
    # These follow from another step, by authority, by rule or by appeal.
    follow = {"find_not_proven", "waive_recovery", "demand_recovery", "void_approval"}
    staff = {name for name, step in STEPS.items() if ActorKind.STAFF in step.by}
    assert staff - covered - follow == set()


def test_standing_reads_what_is_open() -> None:
    claim = held()

    standing = Standing.of(claim)

    assert standing == Standing(
        status=Status.REPORTED,
        proposed_by=None,
        has_appeal=False,
        open_holds=frozenset({HoldKind.LEGAL}),
        waits_for_somebody=False,
        recovery="",
    )


def test_every_step_that_staff_takes_is_told_in_a_sentence() -> None:
    staff = {name for name, step in STEPS.items() if ActorKind.STAFF in step.by}
    automatic = {"waive_recovery", "demand_recovery"}
    assert staff - set(DONE) == automatic
    assert [words for words in DONE.values() if not words.endswith(".")] == []


def test_whoever_proposed_is_not_offered_to_decide_it() -> None:
    claim = make_claim("approve-proposal")
    proposal = claim.proposals.get()
    assert Standing.of(claim).proposed_by == proposal.proposed_by_id

    def offered(user: User) -> list[str]:
        groups = dict(pages_for(user, Standing.of(claim)))
        return [page.slug for page in groups.get("Decide", [])]

    proposal.proposed_by.groups.add(Group.objects.get(name=SENIOR_ADJUSTER))
    assert offered(User.objects.get(pk=proposal.proposed_by_id)) == []
    second = make_user(role=SENIOR_ADJUSTER)
    assert offered(second) == ["approve-proposal", "refuse-proposal"]


@pytest.mark.parametrize("role", [AUDITOR, SENIOR_ADJUSTER])
def test_nothing_can_be_sent_to_the_claims_own_page(role: str, sign_in: SignIn) -> None:
    claim = make_claim("note")
    page = reverse("admin:claims_claim_change", args=[claim.reference])
    before = everything(claim)

    assert sign_in(role).post(page, {"status": "PAID"}).status_code == 403
    assert everything(claim) == before
