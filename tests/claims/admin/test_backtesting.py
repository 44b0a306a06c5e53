"""The backtest's page: the form, the totals, the chart, the claims that change, the sheets."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.admin import backtesting
from claims.admin.backtesting import Compared
from claims.admin.bars import FLOOR, HEIGHT, TOP, draw
from claims.backtest.report import draft_terms, run_backtest
from claims.models import Claim
from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, INSURANCE, PAYMENTS, SENIOR_ADJUSTER
from sellers.models import Marketplace
from tests.claims.admin.conftest import SignIn
from tests.claims.core.world import lay_down_market, letters_leave, snapshot
from tests.factories import NOON, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:claims_backtest_of", args=["US"])
SILENT = "Paid automatically: the seller stayed silent"
ABSORBED = "Paid within the ceiling, absorbed"
PERIOD = {"first": "2026-01-01", "last": "2026-03-31"}


@pytest.fixture(autouse=True)
def market() -> None:
    lay_down_market("US")


@pytest.fixture
def claims() -> tuple[Claim, Claim]:
    """One within the ceiling in February, one above it in March."""
    made = (
        report_assessed(claimed_minor=80_000, at=NOON - timedelta(days=20)),
        report_awaiting_seller(),
    )
    letters_leave()
    return made


def run(sign_in: SignIn, **given: Any) -> Any:
    return sign_in(AUDITOR).get(PAGE, PERIOD | given)


def test_the_form_stands_as_the_latest_terms_over_a_year(sign_in: SignIn) -> None:
    answer = sign_in(AUDITOR).get(PAGE)

    form = answer.context["form"]
    today = timezone.now().astimezone(form.latest.marketplace.zone).date()
    assert (form["ceiling_minor"].value(), form["last"].value()) == ("1000.00", today)
    assert form["first"].value() == (today - timedelta(days=365)).replace(day=1)
    assert b"In total" not in answer.content


def test_the_page_says_what_it_assumes(sign_in: SignIn) -> None:
    page = " ".join(sign_in(AUDITOR).get(PAGE).content.decode().split())
    assert "a seller that was not asked stays silent" in page
    assert "The path that a claim takes under given terms" not in page


def test_totals_months_and_claims_that_change(claims: tuple[Claim, Claim], sign_in: SignIn) -> None:
    answer = run(sign_in, ceiling_minor="3000.00")

    shown, page = answer.context, answer.content.decode()
    assert shown["totals"] == [
        Compared("Programme", "$800.00", "$3,300.00", "+$2,500.00"),
        Compared("Sellers", "$2,500.00", "$0.00", "−$2,500.00"),
        Compared("Insurers", "$0.00", "$0.00", "$0.00"),
        Compared("Claims paid automatically", "1", "0", "−1"),
    ]
    assert [(m["month"], m["claims"]) for m in shown["months"]] == [
        ("Feb 2026", 1),
        ("Mar 2026", 1),
    ]
    assert shown["drafted"] == [("Ceiling at no cost to the seller", "$1,000.00", "$3,000.00")]
    assert [one.reference for one, _ in shown["changed"]] == [claims[1].reference]
    assert reverse("admin:claims_claim_change", args=[claims[1].reference]) in page
    assert "1 claim changes path" in page


def test_it_writes_nothing(claims: tuple[Claim, Claim], sign_in: SignIn) -> None:
    client, before = sign_in(AUDITOR), snapshot()
    client.get(PAGE, PERIOD | {"ceiling_minor": "3000.00"})
    assert snapshot() == before
    assert client.post(PAGE, PERIOD).status_code == 405


def test_without_a_change_every_claim_goes_its_way(
    claims: tuple[Claim, Claim], sign_in: SignIn
) -> None:
    page = run(sign_in).content.decode()

    assert "No figure differs from the latest terms" in page
    assert "Every claim would have gone the way it went." in page


def test_a_period_without_claims(sign_in: SignIn) -> None:
    page = run(sign_in).content.decode()
    assert "No claim was reported in this period." in page


def test_the_chart_has_words_and_no_style(claims: tuple[Claim, Claim], sign_in: SignIn) -> None:
    page = run(sign_in, ceiling_minor="3000.00").content.decode()

    (svg,) = re.findall(r"<svg class=\"bars\".*?</svg>", page, re.DOTALL)
    assert "style=" not in svg
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in svg
    assert "In total $3,300.00 as it was and $3,300.00 under the draft." in svg
    assert "<title>March 2026, draft, programme: $2,500.00</title>" in svg


def test_bars_stand_on_the_floor_below_round_amounts(claims: tuple[Claim, Claim]) -> None:
    first, last = NOON.date() - timedelta(days=60), NOON.date()
    draft = draft_terms("US", {"ceiling_minor": 300_000})

    chart = draw(run_backtest(market="US", first=first, last=last, draft=draft))

    march = [bar for bar in chart.bars if bar.words.startswith("March")]
    assert [(b.who, b.side, b.y, b.height) for b in march] == [
        ("sellers", "before", FLOOR - 135, 135),
        ("programme", "after", FLOOR - 135, 135),
    ]
    assert [mark.words for mark in chart.months] == ["Feb 26", "Mar 26"]
    # $2,500.00 of an axis that ends at $4,000.00.
    assert (FLOOR - TOP) * 2500 / 4000 == 135
    assert [(m.at, m.words) for m in chart.grid] == [
        (FLOOR, "$0.00"),
        (176, "$1,000.00"),
        (122, "$2,000.00"),
        (68, "$3,000.00"),
        (TOP, "$4,000.00"),
    ]
    assert chart.height == HEIGHT


def test_stacked_parts_do_not_overlap(claims: tuple[Claim, Claim]) -> None:
    report_assessed(claimed_minor=50_000)
    draft = draft_terms("US", {})

    chart = draw(run_backtest(market="US", first=NOON.date(), last=NOON.date(), draft=draft))

    before = [bar for bar in chart.bars if bar.side == "before"]
    assert [bar.who for bar in before] == ["programme", "sellers"]
    assert before[0].y + before[0].height == pytest.approx(FLOOR)
    assert before[1].y + before[1].height == pytest.approx(before[0].y)


def test_the_sheets_keep_the_draft(claims: tuple[Claim, Claim], sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    shown = client.get(PAGE, PERIOD | {"ceiling_minor": "3000.00"}).context
    totals, changed = (client.get(PAGE + url) for _, url in shown["sheets"])

    assert totals.headers["Content-Disposition"] == (
        'attachment; filename="backtest-US-2026-01-01-2026-03-31-totals.csv"'
    )
    assert totals.content.decode().splitlines()[-1] == "total,draft,2,0,3300.00,0.00,0.00,USD"
    assert changed.content.decode().splitlines() == [
        "claim,month,assessed,currency,as it was,draft",
        f'{claims[1].reference},2026-03,2500.00,USD,{SILENT},"{ABSORBED}"',
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"last": "2025-12-31"}, "The period ends before it begins."),
        ({"first": "soon"}, "Enter a valid date."),
        ({"ceiling_minor": "1e3"}, "is not an amount in USD"),
        ({"ceiling_minor": "2000000"}, "The ceiling cannot exceed the maximum per claim."),
        ({"response_days": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_runs(
    given: dict[str, str], words: str, sign_in: SignIn
) -> None:
    answer = run(sign_in, **given)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "In total" not in answer.content.decode()


def test_too_many_claims_are_for_the_command(
    claims: tuple[Claim, Claim], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtesting, "MOST_CLAIMS", 1)
    answer = run(sign_in)
    assert answer.status_code == 422
    assert "There are more than 1 claims in this period." in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (ADMINISTRATOR, 200),
        (SENIOR_ADJUSTER, 200),
        (AUDITOR, 200),
        (ADJUSTER, 403),
        (PAYMENTS, 403),
        (INSURANCE, 403),
    ],
)
def test_who_may(role: str, status: int, sign_in: SignIn) -> None:
    client = sign_in(role)
    assert client.get(PAGE).status_code == status
    menu = client.get(reverse("admin:records")).content.decode()
    assert ("Backtest of terms" in menu) is (status == 200)


def test_home_leads_to_the_first_marketplace_and_others_need_terms(sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    Marketplace.objects.create(code="XX", name="Nowhere", currency="EUR", timezone="UTC")

    assert client.get(reverse("admin:claims_backtest")).headers["Location"] == PAGE
    assert client.get(PAGE.replace("US", "XX")).status_code == 404
    assert "Nowhere" not in client.get(PAGE).content.decode()
