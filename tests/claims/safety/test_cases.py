"""A burst or a severe injury opens a safety case with a clock; a person decides (rules §7)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from claims.decisions.base import ReasonMissing
from claims.models import (
    Claim,
    FraudSignal,
    SafetyCase,
    SafetyCause,
    SafetyStatus,
    ScreeningFigures,
    Severity,
)
from claims.outcome import SYSTEM
from claims.safety.cases import CaseNotDecidable, consider_safety, decide_safety_case
from claims.safety.duties import duty_in
from claims.safety.queries import safety_cases_of, safety_queue
from sellers.models import Product
from tests.claims.core.world import snapshot
from tests.factories import NOON, make_order, make_product, make_user, report, staff_actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Friday noon in Los Angeles, 13 February 2026; Monday the 16th is Washington's Birthday.
FRIDAY_NOON = datetime(2026, 2, 13, 20, 0, tzinfo=UTC)


def report_on(
    product: Product,
    *,
    at: datetime = NOON,
    market: str = "US",
    severity: Severity = Severity.NONE,
) -> Claim:
    return report(make_order(product=product, market=market), at=at, severity=severity)


def only_case(product: Product) -> SafetyCase:
    return SafetyCase.objects.get(product=product)


def signals(claim: Claim) -> list[str]:
    return [
        code
        for code in FraudSignal.objects.filter(claim=claim).values_list("code", flat=True)
        if code in {"PRODUCT_BURST", "SEVERE_INJURY"}
    ]


def test_the_third_claim_in_30_days_opens_a_case_with_all_and_leaves_a_signal() -> None:
    product = make_product()
    claims = [report_on(product, at=NOON - days * DAY) for days in (29, 10)]
    assert not SafetyCase.objects.exists()
    claims.append(report_on(product))
    case = only_case(product)
    assert (case.cause, case.status, case.opened_at, case.knowledge_at, case.due_at) == (
        SafetyCause.BURST,
        SafetyStatus.OPEN,
        NOON,
        NOON,
        NOON + DAY,
    )
    assert set(case.claims.all()) == set(claims)
    assert [signals(claim) for claim in claims] == [[], [], ["PRODUCT_BURST"]]
    assert str(case) == f"{product.title} (Open: to be decided)"


def test_a_claim_before_the_30_days_does_not_count() -> None:
    product = make_product()
    for days in (30, 1, 0):
        claim = report_on(product, at=NOON - days * DAY)
    assert consider_safety(claim_id=claim.pk, at=NOON) is None
    assert not SafetyCase.objects.exists()


@pytest.mark.parametrize(
    ("severity", "opens"),
    [("TREATMENT", False), ("HOSPITAL", True), ("GRIEVOUS", True), ("DEATH", True)],
)
def test_one_hospital_admission_or_worse_is_enough(severity: str, *, opens: bool) -> None:
    product = make_product()
    claim = report_on(product, severity=Severity(severity))
    assert SafetyCase.objects.filter(product=product, cause="SEVERE_INJURY").exists() is opens
    assert signals(claim) == (["SEVERE_INJURY"] if opens else [])


def test_the_24_hours_leave_out_the_weekend_and_the_federal_holiday() -> None:
    """Friday noon plus 24 hours: Saturday to Monday (a holiday) do not count; Tuesday noon."""
    product = make_product()
    report_on(product, at=FRIDAY_NOON, severity=Severity.DEATH)
    assert only_case(product).due_at == datetime(2026, 2, 17, 20, 0, tzinfo=UTC)


def test_the_clock_starts_with_the_report_however_late_it_is_looked_at() -> None:
    product = make_product()
    claim = report_on(product, severity=Severity.DEATH)
    SafetyCase.objects.all().delete()
    case = consider_safety(claim_id=claim.pk, at=NOON + 9 * DAY)
    assert case is not None
    assert (case.opened_at, case.knowledge_at, case.due_at) == (NOON + 9 * DAY, NOON, NOON + DAY)


def test_the_hours_are_data() -> None:
    ScreeningFigures.objects.create(
        effective_on=NOON.date(), safety_hours=12, reason="Stricter", set_by=make_user()
    )
    product = make_product()
    report_on(product, severity=Severity.DEATH)
    assert only_case(product).due_at == NOON + DAY / 2


@pytest.mark.parametrize(
    ("market", "duty", "words"),
    [
        ("US", "CPSA_15B", "within 24 hours after reportable information"),
        ("DE", "EU_GPSR", "act on an authority's order within 2 working days"),
        ("JP", "LOCAL", "our own default"),
    ],
)
def test_the_duty_of_the_market_is_kept_in_words(market: str, duty: str, words: str) -> None:
    product = make_product()
    report_on(product, market=market, severity=Severity.DEATH)
    case = only_case(product)
    assert (case.marketplace_id, case.duty) == (market, duty)
    assert words in case.duty_text


def test_every_region_has_a_duty() -> None:
    codes = {region: duty_in(region).code for region in ("US", "EU", "UK", "CA", "MX", "JP")}
    assert codes == {
        "US": "CPSA_15B",
        "EU": "EU_GPSR",
        "UK": "LOCAL",
        "CA": "LOCAL",
        "MX": "LOCAL",
        "JP": "LOCAL",
    }


def test_further_claims_join_the_case_and_leave_its_clock_alone() -> None:
    product = make_product()
    first = report_on(product, severity=Severity.HOSPITAL)
    second = report_on(product, at=NOON + DAY)
    third = report_on(product, at=NOON + DAY, severity=Severity.DEATH)
    case = only_case(product)
    assert set(case.claims.all()) == {first, second, third}
    assert (case.cause, case.due_at) == (SafetyCause.SEVERE_INJURY, NOON + DAY)
    assert list(safety_cases_of(second)) == [case]


def test_considering_again_changes_nothing() -> None:
    product = make_product()
    claim = report_on(product, severity=Severity.DEATH)
    before = snapshot()
    assert consider_safety(claim_id=claim.pk, at=NOON + DAY) == only_case(product)
    assert snapshot() == before


def test_a_case_never_stands_without_its_signal() -> None:
    claim = report_on(make_product(), severity=Severity.DEATH)
    FraudSignal.objects.all().delete()
    consider_safety(claim_id=claim.pk, at=NOON)
    assert signals(claim) == ["SEVERE_INJURY"]


def test_another_product_has_its_own_case() -> None:
    for _ in range(2):
        report_on(make_product(), severity=Severity.DEATH)
    assert SafetyCase.objects.count() == 2


def test_a_person_reports_a_case_and_closes_it() -> None:
    product, user = make_product(), make_user()
    report_on(product, severity=Severity.DEATH)
    reported = decide_safety_case(
        case=only_case(product),
        status=SafetyStatus.REPORTED,
        reason=" Sent today. ",
        at=NOON + DAY,
        by=staff_actor(user),
    )
    assert (reported.status, reported.decided_at, reported.decided_by) == (
        "REPORTED",
        NOON + DAY,
        user,
    )
    assert reported.decision_reason == "Sent today."
    joined = report_on(product, at=NOON + 2 * DAY)
    assert joined in reported.claims.all()
    closed = decide_safety_case(
        case=reported,
        status=SafetyStatus.CLOSED,
        reason="The authority closed it.",
        at=NOON + 3 * DAY,
        by=staff_actor(),
    )
    assert closed.status == SafetyStatus.CLOSED
    history = apps.get_model("claims", "SafetyCaseEvent")._default_manager.order_by("pgh_id")
    assert list(history.values_list("status", flat=True)) == [
        "OPEN",
        "REPORTED",
        "CLOSED",
    ]


def test_after_the_end_a_further_injury_opens_a_new_case() -> None:
    product = make_product()
    report_on(product, severity=Severity.DEATH)
    decide_safety_case(
        case=only_case(product),
        status=SafetyStatus.NOT_REPORTABLE,
        reason="Misuse.",
        at=NOON,
        by=staff_actor(),
    )
    report_on(product, at=NOON + DAY)
    assert SafetyCase.objects.count() == 1
    report_on(product, at=NOON + DAY, severity=Severity.HOSPITAL)
    assert SafetyCase.objects.filter(product=product).count() == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SafetyStatus.CLOSED, "“Open: to be decided” cannot become “Closed”"),
        (SafetyStatus.OPEN, "“Open: to be decided” cannot become “Open: to be decided”"),
    ],
)
def test_a_decision_that_the_case_does_not_allow_changes_nothing(
    status: SafetyStatus, words: str
) -> None:
    product = make_product()
    report_on(product, severity=Severity.DEATH)
    case, by = only_case(product), staff_actor()
    before = snapshot()
    with pytest.raises(CaseNotDecidable, match=words):
        decide_safety_case(case=case, status=status, reason="Done.", at=NOON, by=by)
    with pytest.raises(ReasonMissing):
        decide_safety_case(case=case, status=SafetyStatus.REPORTED, reason=" ", at=NOON, by=by)
    with pytest.raises(CaseNotDecidable, match="Only a person of operations"):
        decide_safety_case(
            case=case, status=SafetyStatus.REPORTED, reason="Done.", at=NOON, by=SYSTEM
        )
    assert snapshot() == before


def test_the_queue_shows_open_cases_the_first_due_first() -> None:
    late, soon, done = make_product(), make_product(), make_product()
    for product, at in ((late, NOON + DAY), (soon, NOON), (done, NOON)):
        report_on(product, at=at, severity=Severity.DEATH)
    report_on(soon)
    decide_safety_case(
        case=only_case(done),
        status=SafetyStatus.REPORTED,
        reason="Sent.",
        at=NOON,
        by=staff_actor(),
    )
    queue = [(case.product, vars(case)["claim_count"]) for case in safety_queue()]
    assert queue == [(soon, 2), (late, 1)]


def test_there_is_no_such_claim() -> None:
    with pytest.raises(Claim.DoesNotExist):
        consider_safety(claim_id=0, at=NOON)
