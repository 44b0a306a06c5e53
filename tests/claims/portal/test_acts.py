"""Settlement, information and appeal, each with its words, its files and its refusals."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.lifecycle import Status
from claims.models import Answer, AppealStatus, Claim, ClaimEvent
from claims.operations.responding import respond_to_claim
from claims.queries import seller_actor
from sellers.models import SellerMember
from tests.factories import NOON, make_order, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
type Upload = Callable[..., SimpleUploadedFile]
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


class TestSettlement:
    @pytest.fixture
    def claim(self, member: SellerMember) -> Claim:
        return respond_to_claim(
            claim=report_awaiting_seller(make_order(member.seller)),
            answer=Answer.HANDLE,
            at=LATER,
            by=seller_actor(member.user),
        )

    def send(self, portal: Client, claim: Claim, **form: object) -> str:
        address = f"/portal/claims/{claim.reference}/settlement/"
        return portal.post(address, form, follow=True).content.decode()

    def test_it_settles_the_claim_with_its_proof(
        self, portal: Client, claim: Claim, upload: Upload
    ) -> None:
        page = self.send(
            portal, claim, amount="1999.50", proof="Refunded on 3 March.", evidence=[upload()]
        )
        assert "We have your settlement, and the claim is settled." in page
        claim.refresh_from_db()
        assert claim.status == Status.SETTLED
        assert claim.evidence.get().name == "photo.jpg"
        event = claim.events.last()
        assert event is not None
        assert (event.step, event.at, event.text) == ("settle", LATER, "Refunded on 3 March.")
        assert event.facts["amount_minor"] == 199_950

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("", "Give what the customer received"),
            ("0", "The customer must have received something"),
            ("1,000", "is not an amount in USD"),
            ("1e3", "is not an amount in USD"),
            ("-5", "is not an amount in USD"),
        ],
    )
    def test_an_amount_must_be_one(
        self, portal: Client, claim: Claim, upload: Upload, amount: str, words: str
    ) -> None:
        page = self.send(portal, claim, amount=amount, proof="Refunded.", evidence=[upload()])
        assert words in page
        claim.refresh_from_db()
        assert claim.status == Status.WITH_SELLER

    def test_it_takes_proof(self, portal: Client, claim: Claim) -> None:
        page = self.send(portal, claim, amount="10")
        assert "Say how and when the customer was paid" in page
        assert "Add the proof of the settlement" in page

    def test_it_is_offered_only_while_the_seller_handles_it(
        self, portal: Client, member: SellerMember
    ) -> None:
        claim = report_awaiting_seller(make_order(member.seller))
        assert "This claim is not with you to settle." in self.send(portal, claim, amount="10")
        assert claim.events.last() == claim.events.get(step="notify_seller")


class TestInformation:
    def test_it_goes_into_the_file_whatever_the_status(
        self, portal: Client, member: SellerMember, upload: Upload
    ) -> None:
        claim = report_assessed(make_order(member.seller), claimed_minor=90_000)
        address = f"/portal/claims/{claim.reference}/information/"
        form = {"text": "A known fault.", "evidence": [upload()]}
        page = portal.post(address, form, follow=True).content.decode()
        assert "Your information is in the file of this claim." in page
        assert "<blockquote>A known fault.</blockquote>" in page
        assert "photo.jpg" in page
        event = claim.events.last()
        assert event is not None
        assert (event.step, event.actor, event.text) == (
            "add_information",
            member.user,
            "A known fault.",
        )

    def test_it_takes_words(self, portal: Client, member: SellerMember) -> None:
        claim = report_awaiting_seller(make_order(member.seller))
        address = f"/portal/claims/{claim.reference}/information/"
        events = ClaimEvent.objects.count()
        page = portal.post(address, {"text": " "}).content.decode()
        assert "Write what we should know" in page
        assert ClaimEvent.objects.count() == events


class TestAppeal:
    @pytest.fixture
    def claim(self, member: SellerMember) -> Claim:
        return report_assessed(make_order(member.seller), claimed_minor=90_000)

    def send(self, portal: Client, claim: Claim, new_facts: str = "It was recalled.") -> str:
        address = f"/portal/claims/{claim.reference}/appeal/"
        return portal.post(address, {"new_facts": new_facts}, follow=True).content.decode()

    def test_it_is_taken_and_shown(self, portal: Client, claim: Claim) -> None:
        page = self.send(portal, claim)
        assert "We have your appeal." in page
        assert "Your appeal: being decided" in page
        appeal = claim.appeals.get()
        assert (appeal.new_facts, appeal.status, appeal.opened_at) == (
            "It was recalled.",
            AppealStatus.OPEN,
            LATER,
        )

    def test_it_takes_new_facts(self, portal: Client, claim: Claim) -> None:
        assert "Write what is new" in self.send(portal, claim, "")
        assert not claim.appeals.exists()

    def test_it_is_taken_once(self, portal: Client, claim: Claim) -> None:
        self.send(portal, claim)
        assert "There is nothing to appeal against on this claim now." in self.send(portal, claim)
        assert claim.appeals.count() == 1

    def test_it_is_refused_before_there_is_a_decision(
        self, portal: Client, member: SellerMember
    ) -> None:
        claim = report_awaiting_seller(make_order(member.seller))
        assert "There is nothing to appeal against" in self.send(portal, claim)
        assert not claim.appeals.exists()

    def test_it_is_refused_after_its_time(
        self, portal: Client, member: SellerMember, claim: Claim, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(NOON + timedelta(days=31), tick=False)
        portal.force_login(member.user)
        assert "There is nothing to appeal against" in self.send(portal, claim)
        assert not claim.appeals.exists()
