"""A report becomes a claim with its file, or is refused without a trace (rules §2, §7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from claims.lifecycle import ActorKind, Status
from claims.models import (
    Claim,
    Claimant,
    Harm,
    Head,
    Medicare,
    PayeeDetails,
    Severity,
    TermsVersion,
)
from claims.operations.payment import withdraw_claim
from claims.operations.reporting import ReportRefused, report_claim
from claims.outcome import CLAIMANT
from claims.report import ClaimantDetails, ClaimedLine, PayeeGiven
from sellers.models import Order
from tests.claims.core.world import (
    DAY,
    again,
    last_event,
    letters,
    open_clocks,
    path,
    refused,
)
from tests.factories import NOON, make_order, make_product, report

pytestmark = pytest.mark.django_db

DANA = ClaimantDetails("Dana Reyes", "  Dana@Mail.Example ", date(1980, 5, 17))


def reported(order: Order, **changes: Any) -> Claim:
    values: dict[str, Any] = {
        "incident_on": date(2026, 2, 20),
        "harm": Harm.FIRE,
        "severity": Severity.TREATMENT,
        "lines": [
            ClaimedLine(Head.MEDICAL, 30_000),
            ClaimedLine(Head.PAIN_AND_SUFFERING, 900_000),
        ],
        "claimant": DANA,
        "is_represented": True,
        "medicare": Medicare.YES,
        "payee": PayeeGiven("Dana Reyes", "tok_1"),
        "narrative": "It burnt.",
        "at": NOON,
        "by": CLAIMANT,
        "external_source": "cpsc",
        "external_reference": "IR-1",
        "made_up_fields": ("claimant",),
    }
    return report_claim(order=order, **values | changes)


def test_a_report_is_a_claim_with_all_that_was_said() -> None:
    order = make_order()
    claim = reported(order)

    assert (claim.status, claim.version, claim.status_since, claim.reported_at) == (
        Status.REPORTED,
        1,
        NOON,
        NOON,
    )
    assert (claim.marketplace, claim.seller, claim.order, claim.currency, claim.fulfilment) == (
        order.marketplace,
        order.seller,
        order,
        "USD",
        "MARKETPLACE",
    )
    assert (claim.harm, claim.severity, claim.narrative) == ("FIRE", "TREATMENT", "It burnt.")
    assert (claim.is_represented, claim.medicare, claim.claimed_minor) == (True, "YES", 930_000)
    assert (claim.external_source, claim.external_reference) == ("cpsc", "IR-1")
    assert claim.made_up_fields == ["claimant"]
    assert (claim.assessed_minor, claim.approved_minor, claim.paid_minor) == (None, None, 0)
    assert list(claim.lines.values_list("head", "claimed_minor", "assessed_minor")) == [
        ("MEDICAL", 30_000, None),
        ("PAIN_AND_SUFFERING", 900_000, None),
    ]
    payee = PayeeDetails.objects.get(claim=claim)
    assert (payee.name, payee.account, payee.given_with_report) == ("Dana Reyes", "tok_1", True)


def test_a_report_opens_the_file_the_promises_and_the_acknowledgement() -> None:
    """Rules §7: acknowledged, a status letter every 30 days, a decision within 90."""
    claim = reported(make_order())

    assert path(claim) == [("report", "REPORTED")]
    assert last_event(claim).facts == {"terms": claim.terms_id, "claimed_minor": 930_000}
    assert letters(claim) == {"CLAIM_RECEIVED"}
    assert open_clocks(claim) == {
        "DECISION": datetime(2026, 6, 1, 7, 0, tzinfo=UTC),
        "STATUS_LETTER": datetime(2026, 4, 2, 7, 0, tzinfo=UTC),
    }


def test_one_person_is_one_claimant_however_the_address_is_typed() -> None:
    first = reported(make_order())
    second = reported(
        make_order(), claimant=replace(DANA, email="dana@mail.example"), external_reference="IR-2"
    )

    assert first.claimant == second.claimant
    assert Claimant.objects.get().email == "dana@mail.example"


def test_a_report_without_payee_details_has_none() -> None:
    assert not reported(make_order(), payee=None).payee_details.exists()


def test_a_claim_keeps_the_terms_of_its_day() -> None:
    """Rules §2: the terms in force when it was reported, for ever; by the market's own date."""
    order = make_order()
    old = TermsVersion.objects.get(marketplace=order.marketplace)
    new = TermsVersion.objects.create(
        marketplace=order.marketplace,
        effective_on=date(2026, 3, 2),
        figures=old.figures | {"ceiling_minor": 50_000},
        marks=old.marks,
        created_at=NOON,
    )
    midnight = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    before = report(order, at=midnight - timedelta(seconds=1))
    after = report(make_order(), at=midnight)

    assert (before.terms, after.terms) == (old, new)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": []}, "at least one damage line"),
        (
            {"lines": [ClaimedLine(Head.MEDICAL, 1), ClaimedLine(Head.MEDICAL, 2)]},
            "Each head of damage can be claimed once",
        ),
        ({"lines": [ClaimedLine(Head.MEDICAL, -1)]}, "cannot be negative"),
        ({"incident_on": date(2026, 3, 3)}, "cannot lie in the future"),
    ],
)
def test_an_incomplete_report_leaves_no_trace(changes: dict[str, Any], words: str) -> None:
    order = make_order()
    with refused(ReportRefused, words):
        reported(order, **changes)


def test_an_incident_today_in_the_markets_own_day_is_no_future() -> None:
    late_evening = datetime(2026, 3, 3, 7, 59, tzinfo=UTC)

    assert reported(make_order(), at=late_evening, incident_on=date(2026, 3, 2)).pk


INELIGIBLE: list[tuple[str, dict[str, Any], str]] = [
    ("before the programme", {"incident_on": date(2021, 8, 31), "at": NOON}, "BEFORE_PROGRAMME"),
    ("filed late", {"incident_on": date(2025, 12, 1)}, "FILED_LATE"),
    ("over the maximum", {"lines": [ClaimedLine(Head.MEDICAL, 100_000_001)]}, "OVER_MAXIMUM"),
]


@pytest.mark.parametrize(("name", "changes", "reason"), INELIGIBLE)
def test_what_the_programme_cannot_take_is_denied_at_once(
    name: str, changes: dict[str, Any], reason: str
) -> None:
    claim = reported(make_order(), **changes)

    assert_denied(claim, reason)


def test_a_report_before_the_programme_begins_is_denied_not_lost() -> None:
    claim = reported(
        make_order(), at=datetime(2021, 8, 31, 12, tzinfo=UTC), incident_on=date(2021, 8, 30)
    )

    assert (claim.status, claim.reason) == (Status.DENIED, "BEFORE_PROGRAMME_START")


def assert_denied(claim: Claim, reason: str) -> None:
    """Denied by the programme itself, with its reason, its letter, and no clock left."""
    assert claim.status == Status.DENIED
    assert claim.reason.startswith(reason)
    assert claim.denied_at == NOON
    assert path(claim) == [("report", "REPORTED"), ("deny_ineligible", "DENIED")]
    event = last_event(claim)
    assert (event.actor_kind, event.facts["deciders"]) == (ActorKind.SYSTEM, [])
    assert event.rule == "rules §2: what the programme covers"
    assert letters(claim) == {"CLAIM_DENIED"}
    assert open_clocks(claim) == {}


def test_only_physical_products_are_covered() -> None:
    order = make_order(product=make_product(is_physical=False))

    assert_denied(reported(order), "NOT_PHYSICAL")


def test_the_same_order_and_incident_is_a_duplicate() -> None:
    order = make_order()
    first = reported(order)
    second = reported(order, external_reference="IR-2")

    assert again(first).status == Status.REPORTED
    assert_denied(second, "DUPLICATE")


def test_a_duplicate_stands_in_nobodys_way_once_the_first_is_withdrawn() -> None:
    order = make_order()
    first = reported(order)
    reported(order, external_reference="IR-2")
    withdraw_claim(claim=first, at=NOON, by=CLAIMANT)

    assert reported(order, external_reference="IR-3").status == Status.REPORTED


def test_another_incident_of_the_order_is_none() -> None:
    order = make_order()
    reported(order)
    other = reported(order, incident_on=date(2026, 2, 21), external_reference="IR-2")

    assert other.status == Status.REPORTED


def test_a_withdrawn_claim_may_be_filed_again() -> None:
    order = make_order()
    withdraw_claim(claim=reported(order), at=NOON, by=CLAIMANT)

    assert reported(order, external_reference="IR-2").status == Status.REPORTED


@pytest.mark.parametrize(("days", "status"), [(90, Status.REPORTED), (91, Status.DENIED)])
def test_the_filing_window_is_ninety_days_after_the_incident(days: int, status: Status) -> None:
    incident_on = date(2026, 3, 2) - days * DAY

    assert reported(make_order(), incident_on=incident_on).status == status


def test_the_maximum_counts_heads_that_can_be_paid() -> None:
    """900 million of punitive damages do not make a claim too large: they are never paid."""
    lines = [ClaimedLine(Head.MEDICAL, 100_000_000), ClaimedLine(Head.PUNITIVE, 900_000_000)]

    assert reported(make_order(), lines=lines).status == Status.REPORTED


def test_an_external_reference_is_one_claim() -> None:
    reported(make_order())
    order = make_order()
    with refused(IntegrityError, "claim_once_a_source"), transaction.atomic():
        reported(order)


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = reported(make_order())
    drawn = iter([first.reference, "RC-7K3M-92PW"])
    monkeypatch.setattr("claims.operations.reporting.new_reference", lambda: next(drawn))

    assert reported(make_order(), external_reference="IR-2").reference == "RC-7K3M-92PW"
