"""A certificate that came in time does not cost its seller because nobody has looked at it yet.

Rules §3: proven in time → absorbed; whether it was in time, the moment it was sent decides.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from claims.ledger import Bearers, borne_by
from claims.models import Claim, Deadline, DeadlineKind, Notice, Recovery
from claims.operations.silence import Swept, lapse_due
from claims.proof import first_proof_clocks
from claims.providers.sandbox import SandboxProvider
from claims.roles import INSURANCE
from insurance.certificates.proof_clocks import first_clocks
from insurance.certificates.reviewing import review_certificate
from insurance.models import Certificate, InsuranceTerms
from tests.claims.core.world import (
    DAY,
    ended,
    last_event,
    letters,
    open_clocks,
    pay_out,
    require_cover,
)
from tests.factories import NOON, make_order, make_product, make_seller, make_user, report_assessed
from tests.insurance.certificates_flow.world import PDF, sound, submitted

pytestmark = pytest.mark.django_db
PAID_AT = NOON + timedelta(minutes=1)
# Paid on 2 March in Los Angeles: 7 days to prove it.
DUE = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
GRACE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def claim(provider: SandboxProvider) -> Claim:
    """A paid claim within the ceiling whose seller must prove its cover."""
    seller = make_seller()
    require_cover(seller)
    product = make_product(seller, sku="KH-1", title="Kettle", category="kettles")
    assessed = report_assessed(make_order(product=product), claimed_minor=80_000)
    return pay_out(assessed, provider, at=PAID_AT)


def sent(claim: Claim, *, at: datetime = DUE - SECOND, **departs: Any) -> Certificate:
    """The seller's certificate, waiting for operations."""
    policy = sound(named_insured=claim.seller.legal_name, **departs)
    (certificate,) = submitted(claim.seller, policy, at=at, content=PDF + policy.number.encode())
    return certificate


def decide(certificate: Certificate, *, accept: bool, at: datetime) -> None:
    by = make_user(role=INSURANCE)
    review_certificate(certificate=certificate, accept=accept, reason="Compared.", at=at, by=by)


def standing(claim: Claim) -> str:
    return Recovery.objects.get(claim=claim).status


def test_the_demand_waits_for_the_review(claim: Claim) -> None:
    certificate = sent(claim)
    assert lapse_due(at=DUE + GRACE) == Swept(1, 0)
    assert standing(claim) == "AWAITING_PROOF"
    assert open_clocks(claim) == {"PROOF_OF_INSURANCE": DUE + 3 * DAY}
    assert borne_by(claim) == Bearers(80_000, 0, 0)
    event = last_event(claim)
    assert (event.step, event.actor_kind) == ("extend_deadline", "SYSTEM")
    assert event.rule == "rules §3: proof that came in time counts, however long its review takes"
    assert event.facts == {
        "days": 3,
        "before": DUE.isoformat(),
        "after": (DUE + 3 * DAY).isoformat(),
        "certificate_id": certificate.pk,
    }
    assert letters(claim) == {"DEADLINE_EXTENDED"}
    assert "still comparing it" in Notice.objects.order_by("-pk")[0].facts["reason"]
    clock = Deadline.objects.get(claim=claim, cancelled_at=None, kind="PROOF_OF_INSURANCE")
    assert (clock.note, clock.remind_at) == ("certificate under review", None)


def test_it_waits_again_as_long_as_nobody_decides(claim: Claim) -> None:
    sent(claim)
    for round_number in range(1, 4):
        due = DUE + 3 * DAY * (round_number - 1)
        assert lapse_due(at=due + GRACE) == Swept(1, 0)
        assert open_clocks(claim) == {"PROOF_OF_INSURANCE": due + 3 * DAY}
    assert standing(claim) == "AWAITING_PROOF"


def test_the_wait_is_the_markets_own_figure(claim: Claim) -> None:
    InsuranceTerms.objects.filter(marketplace="US").update(review_days=5)
    sent(claim)
    lapse_due(at=DUE + GRACE)
    assert open_clocks(claim) == {"PROOF_OF_INSURANCE": DUE + 5 * DAY}


def test_accepted_while_it_waits_the_cost_is_waived(claim: Claim) -> None:
    certificate = sent(claim)
    lapse_due(at=DUE + GRACE)
    decide(certificate, accept=True, at=DUE + DAY)
    assert standing(claim) == "WAIVED"
    assert ended(claim, DeadlineKind.PROOF_OF_INSURANCE) == "met"
    assert letters(claim) == {"RECOVERY_WAIVED"}
    assert lapse_due(at=DUE + 10 * DAY) == Swept(0, 0)


def test_accepted_in_the_grace_minute_it_is_waived_by_the_sweep(claim: Claim) -> None:
    """Between the end of the days and the automatic step a review decides as well."""
    certificate = sent(claim)
    decide(certificate, accept=True, at=DUE + SECOND)
    assert standing(claim) == "AWAITING_PROOF"
    assert lapse_due(at=DUE + GRACE) == Swept(1, 0)
    assert standing(claim) == "WAIVED"
    assert last_event(claim).step == "waive_recovery"


def test_refused_while_it_waits_it_is_demanded_when_the_clock_ends(claim: Claim) -> None:
    certificate = sent(claim)
    lapse_due(at=DUE + GRACE)
    decide(certificate, accept=False, at=DUE + DAY)
    assert standing(claim) == "AWAITING_PROOF"
    assert lapse_due(at=DUE + 3 * DAY) == Swept(0, 0)
    assert lapse_due(at=DUE + 3 * DAY + GRACE) == Swept(1, 0)
    assert standing(claim) == "DEMANDED"
    assert letters(claim) == {"REIMBURSEMENT_DEMANDED"}


@pytest.mark.parametrize(
    ("at", "departs"),
    [
        (DUE, {}),
        (DUE - DAY, {"rating": ""}),
        (DUE - DAY, {"effective_on": NOON.date()}),
        (DUE - DAY, {"products": ["Lamps"]}),
    ],
    ids=["late", "defective", "begins after the incident", "other products"],
)
def test_nothing_waits_for_what_could_not_prove_it(
    claim: Claim, at: datetime, departs: dict[str, Any]
) -> None:
    sent(claim, at=at, **departs)
    lapse_due(at=DUE + GRACE)
    assert standing(claim) == "DEMANDED"


def test_a_policy_limited_to_the_product_counts(claim: Claim) -> None:
    sent(claim, products=["kettles"])
    lapse_due(at=DUE + GRACE)
    assert standing(claim) == "AWAITING_PROOF"


def test_days_for_a_review_are_no_days_to_send_another(claim: Claim) -> None:
    """Who was refused cannot win time by sending the next certificate meanwhile."""
    certificate = sent(claim)
    lapse_due(at=DUE + GRACE)
    decide(certificate, accept=False, at=DUE + DAY)
    sent(claim, at=DUE + 2 * DAY, number="CGL-2")
    lapse_due(at=DUE + 3 * DAY + GRACE)
    assert standing(claim) == "DEMANDED"


def test_certificates_of_others_change_nothing(claim: Claim) -> None:
    other = make_seller()
    submitted(other, sound(named_insured=other.legal_name), at=DUE - DAY)
    lapse_due(at=DUE + GRACE)
    assert standing(claim) == "DEMANDED"


def test_operations_see_which_sellers_claims_wait(claim: Claim) -> None:
    """The review queue shows the clock of a seller's claim, and nobody else's."""
    key = (claim.seller_id, "US")
    assert first_proof_clocks([key, (claim.seller_id, "CA")]) == {key: DUE}
    assert first_clocks([key]) == {key: DUE}
    sent(claim)
    lapse_due(at=DUE + GRACE)
    assert first_clocks([key, (make_seller().pk, "US")]) == {key: DUE + 3 * DAY}
