"""Answering a claim: the four answers, the check, the confirmation, and what is refused."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.lifecycle import Status
from claims.models import Answer, Claim, ClaimEvent, Evidence, SellerResponse
from sellers.models import SellerMember
from tests.claims.portal.conftest import JPEG, PDF
from tests.factories import NOON, make_order, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
type Upload = Callable[..., SimpleUploadedFile]
LATER = NOON + timedelta(days=1)
REJECTION = {"answer": "REJECT", "reason": "The customer modified it."}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def claim(member: SellerMember) -> Claim:
    return report_awaiting_seller(make_order(member.seller))


@pytest.fixture
def address(claim: Claim) -> str:
    return f"/portal/claims/{claim.reference}/"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.ACCEPT, (Status.APPROVED, "We approve the claim and pay the customer.")),
        (Answer.HANDLE, (Status.WITH_SELLER, "report the settlement here")),
        (Answer.TENDER, (Status.WITH_INSURER, "Send your insurer this claim now.")),
        (Answer.REJECT, (Status.IN_ADJUDICATION, "reads your reasons and documents")),
    ],
)
def test_each_answer_is_checked_sent_once_and_confirmed(
    portal: Client,
    member: SellerMember,
    claim: Claim,
    answer: Answer,
    expected: tuple[Status, str],
) -> None:
    status, words = expected
    address = f"/portal/claims/{claim.reference}/"
    if answer == Answer.ACCEPT:
        claim.notices.update(state="SENT", sent_at=NOON)
    form = {"answer": answer.value, "reason": "Our words."}
    page = portal.post(f"{address}answer/", form, follow=True)
    assert page.redirect_chain == [(f"{address}answer/check/", 302)]
    assert "Check your answer before you send it" in page.content.decode()
    assert not SellerResponse.objects.exists()

    page = portal.post(f"{address}answer/check/", follow=True)
    assert page.redirect_chain == [(f"{address}answer/done/", 302)]
    assert "We have your answer" in page.content.decode()
    assert claim.reference in page.content.decode()
    assert words in page.content.decode()
    claim.refresh_from_db()
    assert claim.status == status
    response = claim.responses.get()
    assert (response.answer, response.reason, response.arrived_at, response.is_late) == (
        answer,
        "Our words.",
        LATER,
        False,
    )
    assert response.given_by == member.user


def test_the_form_names_every_problem_and_links_to_it(portal: Client, address: str) -> None:
    page = portal.post(f"{address}answer/", {"reason": ""}).content.decode()
    assert '<a href="#id_answer_0">Choose how you answer the claim</a>' in page
    assert 'tabindex="-1" autofocus' in page
    assert "<title>Error: Answer claim" in page


def test_rejecting_takes_reasons(portal: Client, claim: Claim, address: str) -> None:
    page = portal.post(f"{address}answer/", {"answer": "REJECT", "reason": "  "}).content.decode()
    assert '<a href="#id_reason">Give your reasons for rejecting the claim</a>' in page
    assert 'value="REJECT" id="id_answer_3" aria-describedby="id_answer_3_hint" checked' in page


def test_an_answer_that_does_not_exist_is_refused(portal: Client, address: str) -> None:
    page = portal.post(f"{address}answer/", {"answer": "PAY"}).content.decode()
    assert "Select a valid choice" in page


def test_files_are_kept_and_named_on_the_check_page(
    portal: Client, member: SellerMember, claim: Claim, address: str, upload: Upload
) -> None:
    files = [upload("a.jpg"), upload("b.pdf", PDF)]
    page = portal.post(f"{address}answer/", REJECTION | {"evidence": files}, follow=True)
    assert list(claim.evidence.values_list("name", "given_at", "given_by")) == [
        ("a.jpg", LATER, member.user_id),
        ("b.pdf", LATER, member.user_id),
    ]
    assert "a.jpg" in page.content.decode()
    # Sent again, as with the back button: nothing is kept twice.
    again = [upload("a.jpg"), upload("b.pdf", PDF)]
    portal.post(f"{address}answer/", REJECTION | {"evidence": again})
    assert claim.evidence.count() == 2


def test_a_bad_file_is_refused_beside_its_field_and_nothing_is_kept(
    portal: Client, address: str, upload: Upload
) -> None:
    files = [upload("good.jpg"), upload("bad.pdf", b"MZ\x90" + b"0" * 40)]
    page = portal.post(f"{address}answer/", REJECTION | {"evidence": files}).content.decode()
    assert '<a href="#id_evidence">“bad.pdf” is not a JPEG' in page
    assert not Evidence.objects.exists()


def test_too_many_files_are_refused(portal: Client, address: str, upload: Upload) -> None:
    files = [upload(f"{n}.jpg", JPEG + b"%d" % n) for n in range(11)]
    page = portal.post(f"{address}answer/", REJECTION | {"evidence": files}).content.decode()
    assert "You chose 11 files; give at most 10 at once." in page
    assert not Evidence.objects.exists()


def test_going_back_keeps_what_was_typed(portal: Client, address: str) -> None:
    portal.post(f"{address}answer/", REJECTION)
    page = portal.get(f"{address}answer/").content.decode()
    assert "The customer modified it.</textarea>" in page
    assert 'id="id_answer_3" aria-describedby="id_answer_3_hint" checked' in page


def test_sending_twice_answers_once_and_shows_the_confirmation_again(
    portal: Client, claim: Claim, address: str
) -> None:
    portal.post(f"{address}answer/", REJECTION)
    portal.post(f"{address}answer/check/")
    events = ClaimEvent.objects.count()
    page = portal.post(f"{address}answer/check/", follow=True)
    assert page.redirect_chain == [(f"{address}answer/done/", 302)]
    assert "We have your answer" in page.content.decode()
    assert (claim.responses.count(), ClaimEvent.objects.count()) == (1, events)


def test_a_colleague_was_quicker(
    portal: Client, member: SellerMember, claim: Claim, address: str
) -> None:
    slow = Client()
    slow.force_login(member.user)
    slow.post(f"{address}answer/", {"answer": "ACCEPT"})
    portal.post(f"{address}answer/", REJECTION)
    portal.post(f"{address}answer/check/")
    page = slow.post(f"{address}answer/check/", follow=True)
    assert page.redirect_chain == [(f"{address}answer/done/", 302)]
    assert [r.answer for r in claim.responses.all()] == [Answer.REJECT]


def test_the_check_page_without_an_answer_leads_to_the_form(portal: Client, address: str) -> None:
    page = portal.get(f"{address}answer/check/", follow=True)
    assert page.redirect_chain == [(f"{address}answer/", 302)]


def test_there_is_no_confirmation_before_an_answer(portal: Client, address: str) -> None:
    assert portal.get(f"{address}answer/done/").status_code == 404


def test_a_claim_that_waits_for_no_answer_says_so(portal: Client, member: SellerMember) -> None:
    claim = report_assessed(make_order(member.seller), claimed_minor=90_000)
    address = f"/portal/claims/{claim.reference}/"
    for path in ("answer/", "answer/check/"):
        page = portal.post(f"{address}{path}", REJECTION, follow=True)
        assert page.redirect_chain == [(address, 302)]
        assert "This claim does not wait for an answer." in page.content.decode()
    assert not claim.responses.exists()


def test_an_answer_counts_by_the_moment_its_request_arrived(
    portal: Client, member: SellerMember, claim: Claim, address: str, clock: time_machine.Traveller
) -> None:
    due = claim.deadlines.get(kind="SELLER_RESPONSE").due_at
    clock.move_to(due - timedelta(microseconds=1), tick=False)
    portal.force_login(member.user)
    portal.post(f"{address}answer/", REJECTION)
    portal.post(f"{address}answer/check/")
    response = claim.responses.get()
    assert (response.arrived_at, response.is_late) == (due - timedelta(microseconds=1), False)


def test_a_late_answer_is_explained_kept_and_marked(
    portal: Client,
    member: SellerMember,
    claim: Claim,
    address: str,
    clock: time_machine.Traveller,
) -> None:
    due = claim.deadlines.get(kind="SELLER_RESPONSE").due_at
    clock.move_to(due, tick=False)
    portal.force_login(member.user)
    page = portal.get(f"{address}answer/").content.decode()
    assert "The deadline has passed. You can still answer until the payment is sent" in page
    portal.post(f"{address}answer/", REJECTION)
    done = portal.post(f"{address}answer/check/", follow=True).content.decode()
    assert "No, it came after the deadline." in done
    assert claim.responses.get().is_late


@pytest.mark.parametrize(
    "path", ["answer/", "answer/check/", "settlement/", "information/", "appeal/"]
)
def test_viewers_are_refused_with_words_and_nothing_changes(
    viewer: SellerMember, claim: Claim, address: str, path: str, upload: Upload
) -> None:
    client = Client()
    client.force_login(viewer.user)
    events = ClaimEvent.objects.count()
    response = client.post(f"{address}{path}", REJECTION | {"evidence": [upload()]})
    assert response.status_code == 403
    assert "You may read the claims of Kettle House LLC, not answer them." in (
        response.content.decode()
    )
    assert ClaimEvent.objects.count() == events
    assert not Evidence.objects.exists()


def test_a_form_from_elsewhere_is_refused(member: SellerMember, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user)
    response = client.post(f"{address}answer/", REJECTION)
    assert response.status_code == 403
    assert "Please try again" in response.content.decode()
