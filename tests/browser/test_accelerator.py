"""Directory, applications and quotes in Chromium: no page too wide, no complaint."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.roles import ADMINISTRATOR, INSURANCE
from insurance.accelerator.answering import Offer, decline_application, revise_quote
from insurance.accelerator.participants import SOURCE
from insurance.models import DeclineReason, Provider, Quote, QuoteApplication
from tests.browser.window import Window
from tests.factories import make_member, make_user
from tests.insurance.accelerator.rows import (
    apply,
    invitation,
    make_kitchen_seller,
    make_provider,
    make_vetted,
    quote,
    token_of,
)

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


class Scene:
    """A seller with an application: two quotes, one of them changed, a decline, and a silence."""

    def __init__(self) -> None:
        now = timezone.now()
        self.harbour = make_vetted("Harbour Mutual Insurance Company", at=now)
        oak = make_vetted("Old Oak Casualty", at=now, rating="A+")
        elm = make_vetted("Elm Specialty Underwriters", at=now, kind="MANAGING_AGENT")
        self.silent = make_vetted("Quayside Brokers", at=now, kind="BROKER", rating="")
        make_provider(
            "Participant of the launch",
            quote_contact="",
            rating="",
            countries=[],
            licence_states=[],
            source=SOURCE,
            source_mark="S",
            appetite={"each_occurrence_to_minor": 50_000_000, "annual_sales_to_minor": None},
        )
        self.member = make_member(make_kitchen_seller())
        self.application = self._apply(now, oak, elm)
        self.quote = Quote.objects.earliest("pk")
        self.revise(now)

    def _apply(self, now: Any, oak: Provider, elm: Provider) -> QuoteApplication:
        application = apply(
            self.harbour,
            oak,
            elm,
            self.silent,
            seller=self.member.seller,
            at=now,
            starts_on=(now + 30 * DAY).date(),
        )
        valid = (now + 30 * DAY).date()
        quote(application, self.harbour, at=now, valid_until=valid)
        quote(
            application,
            oak,
            at=now,
            valid_until=(now + 14 * DAY).date(),
            insurer="Old Oak Casualty",
            premium_minor=71_550,
            deductible_minor=100_000,
            aggregate_minor=400_000_000,
        )
        decline_application(
            invitation=invitation(application, elm),
            reason=DeclineReason.CATEGORY,
            words="We write no kettles at present.",
            given_by="Jo Marsh",
            at=now,
        )
        return application

    def revise(self, now: Any) -> None:
        """The dearer quote becomes cheaper."""
        before = Quote.objects.latest("pk")
        offer = Offer(
            **{name: getattr(before, name) for name in Offer.__dataclass_fields__}
            | {"premium_minor": 60_100}
        )
        why = "The deductible that you asked for makes it cheaper."
        revise_quote(quote=before, offer=offer, reason=why, given_by="Jo", at=now)

    def change_page(self) -> str:
        """The form in which a provider changes its quote."""
        row = self.quote.invitation
        return reverse("quote_request", args=[token_of(row)]) + "?change=1"

    def portal_pages(self) -> dict[str, str]:
        """Name of the picture → address, for the member."""
        seller, one = self.member.seller.pk, self.application.pk
        return {
            "directory": reverse("insurance:directory"),
            "apply": reverse("insurance:apply", args=[seller, "US"]),
            "comparison": reverse("insurance:application", args=[one]),
            "accept": reverse("insurance:accept_quote", args=[one, self.quote.pk]),
            "quotes": reverse("insurance:quotes"),
            "withdraw": reverse("insurance:withdraw", args=[one]),
        }

    def provider_page(self) -> str:
        """The silent provider's link."""
        row = invitation(self.application, self.silent)
        return reverse("quote_request", args=[token_of(row)])

    def admin_pages(self) -> dict[str, str]:
        """Name of the picture → address, for staff."""
        row = invitation(self.application, self.silent)
        return {
            "providers": reverse("admin:insurance_provider_changelist"),
            "provider": reverse("admin:insurance_provider_change", args=[self.harbour.pk]),
            "vetting": reverse("admin:insurance_provider_vetting", args=[self.harbour.pk]),
            "vetting-queue": reverse("admin:insurance_provider_vetting_queue"),
            "scorecard": reverse("admin:insurance_provider_scorecard"),
            "application": reverse(
                "admin:insurance_quoteapplication_change", args=[self.application.pk]
            ),
            "revoke": reverse(
                "admin:insurance_invitation_revoke", args=[self.application.pk, row.pk]
            ),
            "provider-import": reverse("admin:insurance_provider_import"),
        }


@pytest.fixture(scope="module")
def scene(transactional_db: None) -> Scene:
    return Scene()


def test_every_page_fits_its_window_and_obeys_the_policy(window: Window, scene: Scene) -> None:
    window.visit(scene.provider_page(), "accelerator-provider-form")
    window.visit(scene.change_page(), "accelerator-provider-change")
    window.sign_in(scene.member.user)
    for name, address in scene.portal_pages().items():
        window.visit(address, f"accelerator-{name}")
    window.sign_in(make_user(role=INSURANCE))
    for name, address in scene.admin_pages().items():
        window.visit(address, f"accelerator-admin-{name}")
    assert window.wrong == []


def test_a_provider_answers_without_a_login_and_without_a_cookie(
    window: Window, scene: Scene
) -> None:
    window.fit("375")
    page = window.page
    page.goto(scene.provider_page())
    assert not page.get_by_label("Premium for a year").is_visible()

    page.get_by_label("We quote").check()
    page.get_by_label("Premium for a year").fill("1e3")
    page.get_by_label("Your name").fill("Kim Osei")
    page.get_by_role("button", name="Send the answer").click()
    summary = page.get_by_role("alert")
    summary.wait_for()
    assert "is not an amount in USD" in summary.inner_text()
    window.look("accelerator-provider-errors")

    page.get_by_label("Insurer").fill("Quayside Insurance")
    page.get_by_label("Kind of policy").select_option("COMMERCIAL_GENERAL")
    page.get_by_label("Basis").select_option("OCCURRENCE")
    page.get_by_label("Premium for a year").fill("499.00")
    page.get_by_label("Limit each occurrence").fill("1000000")
    page.get_by_label("Aggregate limit").fill("2000000")
    page.get_by_label("Deductible").fill("2500")
    page.get_by_label("Valid until the end of").fill(str((timezone.now() + 20 * DAY).date()))
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("heading", name="We have your quote").wait_for()
    window.look("accelerator-provider-done")

    assert page.context.cookies() == []
    given = Quote.objects.latest("pk")
    assert (given.premium_minor, given.invitation.given_by) == (49_900, "Kim Osei")
    assert window.wrong == []


def test_an_import_is_checked_shown_and_confirmed(window: Window, scene: Scene) -> None:
    """The library's own pages work under our policy."""
    address = reverse("admin:insurance_provider_import")
    page = window.page
    window.sign_in(make_user(role=ADMINISTRATOR))
    window.visit(address, "accelerator-admin-import-refused", status=403)
    assert page.title().startswith("You may not do this")

    window.sign_in(make_user(role=INSURANCE))
    page.goto(address)
    rows = b"legal_name,kind,languages\nNew Name Ltd,BROKER,en; de\n"
    page.set_input_files(
        "input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": rows}
    )
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Confirm import").wait_for()
    window.look("accelerator-admin-import")
    page.get_by_role("button", name="Confirm import").click()
    page.get_by_text("Import finished").wait_for()
    assert window.wrong == []
    added = Provider.objects.get(legal_name="New Name Ltd")
    assert (added.status, added.kind, added.languages) == ("CANDIDATE", "BROKER", ["en", "de"])
