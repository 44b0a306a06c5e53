"""Every page of the console in Chromium: it fits its window, and the policy blocks nothing."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from claims.lifecycle import Status
from claims.models import TermsDraft
from claims.operations.terms import propose_terms
from claims.queries import actor_for
from claims.roles import ADMINISTRATOR, PAYMENTS, SENIOR_ADJUSTER
from sellers.models import Marketplace, Seller
from tests.browser.window import Window
from tests.claims.admin.world import World

pytestmark = pytest.mark.browser


def addresses(world: World, draft: TermsDraft) -> dict[str, tuple[str, str]]:
    """Name of the picture → who looks, and the address."""
    standing = world.claims

    def claim_file(status: Status) -> str:
        return reverse("admin:claims_claim_change", args=[standing[status].reference])

    def step(reference: str, slug: str) -> str:
        return reverse("admin:claims_claim_step", args=[reference, slug])

    assessed = standing[Status.IN_ASSESSMENT].reference
    rejected = standing[Status.IN_ADJUDICATION].reference
    return {
        "queue": (SENIOR_ADJUSTER, reverse("admin:index")),
        "queue-adjudication": (SENIOR_ADJUSTER, reverse("admin:index") + "?queue=ADJUDICATION"),
        "queue-empty": (SENIOR_ADJUSTER, reverse("admin:index") + "?q=nobody"),
        "file-adjudication": (SENIOR_ADJUSTER, claim_file(Status.IN_ADJUDICATION)),
        "file-approved": (PAYMENTS, claim_file(Status.APPROVED)),
        "file-proposed": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_claim_change", args=[world.proposed.reference]),
        ),
        "step-assess": (SENIOR_ADJUSTER, step(assessed, "assess")),
        "step-uphold": (SENIOR_ADJUSTER, step(rejected, "uphold")),
        "step-place-hold": (SENIOR_ADJUSTER, step(rejected, "place-hold")),
        "claims": (SENIOR_ADJUSTER, reverse("admin:claims_claim_changelist")),
        "payouts": (PAYMENTS, reverse("admin:claims_payouts")),
        "payout-list": (PAYMENTS, reverse("admin:claims_payout_changelist")),
        "records": (ADMINISTRATOR, reverse("admin:records")),
        "sellers": (ADMINISTRATOR, reverse("admin:sellers_seller_changelist")),
        "seller": (
            ADMINISTRATOR,
            reverse("admin:sellers_seller_change", args=[Seller.objects.all()[0].pk]),
        ),
        "seller-history": (
            ADMINISTRATOR,
            reverse("admin:sellers_seller_history", args=[Seller.objects.all()[0].pk]),
        ),
        "terms": (ADMINISTRATOR, reverse("admin:claims_termsversion_changelist")),
        "terms-version": (
            ADMINISTRATOR,
            reverse("admin:claims_termsversion_change", args=[standing[Status.REPORTED].terms_id]),
        ),
        "terms-propose": (ADMINISTRATOR, reverse("admin:claims_terms_propose", args=["US"])),
        "terms-draft": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_termsdraft_change", args=[draft.pk]),
        ),
    }


def test_every_page_obeys_the_policy_and_fits_its_window(
    window: Window, world: World, staff: dict[str, User]
) -> None:
    draft = propose_terms(
        marketplace=Marketplace.objects.get(code="US"),
        effective_on=date(2090, 1, 1),
        changes={"ceiling_minor": 150_000, "response_days": 10},
        reason="The board wants quicker payment of small claims.",
        at=timezone.now(),
        by=actor_for(staff[ADMINISTRATOR]),
    )
    pages = addresses(world, draft)
    for role in (SENIOR_ADJUSTER, PAYMENTS, ADMINISTRATOR):
        window.sign_in(staff[role])
        for name in [name for name, (who, _) in pages.items() if who == role]:
            window.visit(pages[name][1], f"admin-{name}")
    assert window.wrong == []
