"""`backtest`: the months, the totals and the claims that change, printed or as a spreadsheet."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.claims.core.world import lay_down_market, letters_leave
from tests.factories import make_market, report_awaiting_seller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("market")]
SILENT = "Paid automatically: the seller stayed silent"
PERIOD = ["--from", "2026-01-01", "--to", "2026-12-31"]


@pytest.fixture
def market() -> None:
    lay_down_market("US")


def run(*given: str) -> list[str]:
    out = StringIO()
    call_command("backtest", "--market", "US", *PERIOD, *given, stdout=out)
    return out.getvalue().splitlines()


def test_months_totals_and_changed_claims_are_printed() -> None:
    claim = report_awaiting_seller()
    letters_leave()

    printed = run("--set", "ceiling_minor=300000", "--changed")

    rows = [
        "1 claim",
        "  programme            0.00 USD →       2,500.00 USD",
        "  sellers          2,500.00 USD →           0.00 USD",
        "  insurers             0.00 USD →           0.00 USD",
        "  automatic                   1 →                  0",
    ]
    assert printed == [
        f"2026-03: {rows[0]}",
        *rows[1:],
        f"total: {rows[0]}",
        *rows[1:],
        "1 claim changes its path.",
        f"  {claim.reference} 2,500.00 USD: {SILENT} → Paid within the ceiling, absorbed",
    ]


def test_changed_claims_are_counted_and_not_listed_by_default() -> None:
    report_awaiting_seller()
    letters_leave()

    assert run("--set", "ceiling_minor=300000")[-1] == "1 claim changes its path."


def test_the_spreadsheet_alone() -> None:
    make_market("US")

    printed = run("--csv", "--set", "response_unit=WORKING")

    assert printed == [
        "month,terms,claims,automatic,programme,sellers,insurers,currency",
        "total,as they were,0,0,0.00,0.00,0.00,USD",
        "total,draft,0,0,0.00,0.00,0.00,USD",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ceiling_minor", "“ceiling_minor” is not FIGURE=VALUE."),
        ("ceiling=1", "These figures are not known: ceiling."),
        ("response_unit=WEEKS", "The response unit is calendar or working days."),
    ],
)
def test_a_change_that_cannot_be_read_is_said(change: str, words: str) -> None:
    make_market("US")
    with pytest.raises(CommandError, match=words):
        run("--set", change)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--market", "ZZ"], "“ZZ” is not a marketplace: choose one of US, CA, UK"),
        (["--to", "2025-12-31"], "ends before it begins: 2026-01-01 to 2025-12-31."),
    ],
)
def test_a_market_or_a_period_that_is_none_is_said(given: list[str], words: str) -> None:
    make_market("US")
    with pytest.raises(CommandError, match=words):
        run(*given)


def test_a_market_may_be_typed_in_small_letters() -> None:
    make_market("US")

    assert run("--market", "us")[-1] == "0 claims change their path."
