"""What is not a scenario is refused before anything is played, and the wrong key is named."""

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from claims.models import Harm, Head, Medicare, Severity
from claims.scenarios.files import read_scenario
from claims.scenarios.values import FileNotUnderstood

GOOD: dict[str, Any] = {
    "name": "A good file",
    "sellers": [{"id": "shop", "legal_name": "Lumen & Oak LLC"}],
    "monthly_sales": [{"seller": "shop", "month": "2026-01", "gross": "15000.00"}],
    "policies": [{"seller": "shop", "number": "NM-7", "insurer": "Northgate Mutual"}],
    "orders": [{"id": "lamp", "seller": "shop", "title": "Salt lamp", "price": "35.00"}],
    "events": [
        {
            "at": "2026-05-04T10:00:00Z",
            "do": "report_claim",
            "claim": "C",
            "order": "lamp",
            "incident_on": "2026-04-20",
            "harm": "water leak",
            "lines": [{"head": "property_damage", "claimed": "400"}],
            "claimant": {"name": "Priya Nair", "email": "priya@example.com"},
        },
        {"at": "2026-05-05T12:00:00+02:00", "do": "pass_screening", "claim": "C"},
    ],
    "checks": [{"claim": "C", "paid": "0", "bars": "FRAUD_HOLD", "borne_by": {"seller": "0"}}],
}


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "scenario.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def changed(where: str, value: object) -> dict[str, Any]:
    """The good file with one value changed; a dotted path leads to it, `...` takes it away."""
    content = copy.deepcopy(GOOD)
    *path, last = [int(part) if part.isdigit() else part for part in where.split(".")]
    place: Any = content
    for part in path:
        place = place[part]
    if value is ...:
        del place[last]
    elif isinstance(place, list):
        place.append(value)
    else:
        place[last] = value
    return content


def test_every_value_is_read_and_every_default_filled_in(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, GOOD))

    report, screening = scenario.events
    assert (scenario.market, scenario.name) == ("US", "A good file")
    assert report.at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert screening.at == datetime(2026, 5, 5, 10, tzinfo=UTC)
    assert report.values["incident_on"] == date(2026, 4, 20)
    assert (report.values["harm"], report.values["severity"]) == (Harm.WATER, Severity.NONE)
    assert report.values["lines"] == [{"head": Head.PROPERTY_DAMAGE, "claimed": 40_000}]
    assert report.values["payee"] is True
    assert report.values["claimant"]["medicare"] == Medicare.NO
    assert screening.values["by"] == "adjuster"
    assert scenario.monthly_sales[0]["gross"] == 1_500_000
    assert scenario.policies[0]["cancellation_notice_days"] == 30
    (check,) = scenario.checks
    assert check.at == datetime(2026, 7, 4, 10, tzinfo=UTC), "60 days after the last event"
    assert check.expected == {"paid": 0, "bars": ["FRAUD_HOLD"], "borne_by": {}}


def test_what_may_be_left_out_may_be_null_and_a_mark_may_begin_the_file(tmp_path: Path) -> None:
    content = copy.deepcopy(GOOD) | {"market": None, "monthly_sales": None, "policies": None}

    scenario = read_scenario(written(tmp_path, "\ufeff" + json.dumps(content)))

    assert (scenario.market, scenario.monthly_sales, scenario.policies) == ("US", (), ())


def test_events_are_put_in_order_of_time(tmp_path: Path) -> None:
    content = copy.deepcopy(GOOD)
    content["events"].reverse()

    scenario = read_scenario(written(tmp_path, content))

    assert [event.do for event in scenario.events] == ["report_claim", "pass_screening"]


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        ("name", ..., "key “name” is missing"),
        ("name", None, "the file: key “name” is missing"),
        ("colour", "red", "key “colour” is not known"),
        ("market", "ZZ", "the file.market: “ZZ” is not one of US"),
        ("sellers", {}, "sellers: must be a list"),
        ("sellers.0.legal_name", ..., "sellers[0]: key “legal_name” is missing"),
        ("sellers.0.single_member_llc", "yes", "sellers[0].single_member_llc: “yes” is not true"),
        ("sellers.0.legal_name", ["x"], "sellers[0].legal_name: “['x']” is not a text"),
        ("sellers.0.legal_name", "L" * 201, "sellers[0].legal_name: is longer than 200 characters"),
        ("sellers.0.country", "France", "sellers[0].country: “France” is not a country’s two let"),
        ("sellers.1", {"id": "shop", "legal_name": "X"}, "sellers: the id “shop” stands twice"),
        ("monthly_sales.0.gross", "1e3", "monthly_sales[0].gross: “1e3” is not an amount"),
        ("monthly_sales.0.gross", "1.005", "monthly_sales[0].gross: “1.005” is not an amount"),
        ("monthly_sales.0.month", "January", "monthly_sales[0].month: “January-01” is not an ISO"),
        ("monthly_sales.0.month", "9999-12", "monthly_sales[0].month: 9999-12-01 is not from 1970"),
        ("monthly_sales.0.seller", "who", "monthly_sales[0].seller: no seller has the id “who”"),
        (
            "monthly_sales.1",
            {"seller": "shop", "month": "2026-01", "gross": "1"},
            "monthly_sales[1].month: this month stands twice",
        ),
        ("policies.0.basis", "guesswork", "policies[0].basis: “guesswork” is not one of"),
        ("policies.0.territory", 5, "policies[0].territory: “5” is not a list of markets"),
        ("policies.0.cancellation_notice_days", "30", "cancellation_notice_days: “30” is not a wh"),
        (
            "policies.0.cancellation_notice_days",
            -5,
            "notice_days: “-5” is not from 0 to 32767 days",
        ),
        ("orders.0.fulfilment", "pigeon", "orders[0].fulfilment: “pigeon” is not one of"),
        ("orders.0.delivered_on", "1 May", "orders[0].delivered_on: “1 May” is not an ISO date"),
        ("orders.0.seller", "who", "orders[0].seller: no seller has the id “who”"),
        ("events.0.do", "dance", "events[0].do: “dance” is not one of report_claim"),
        ("events.0.do", ["withdraw"], "events[0].do: “['withdraw']” is not one of report_claim"),
        ("events.0.do", ..., "events[0]: key “do” is missing"),
        ("events.2", None, "events[2]: must be an object"),
        ("events.0.at", ..., "events[0]: key “at” is missing"),
        ("events.0.at", "2026-05-04T10:00:00", "events[0].at: “2026-05-04T10:00:00” has no time"),
        ("events.0.at", "0001-01-01T00:00:00+12:00", "events[0].at: 0001-01-01 00:00:00+12:00 is"),
        ("events.0.at", "noon", "events[0].at: “noon” is not an ISO date or moment"),
        ("events.0.colour", "red", "events[0]: key “colour” is not known"),
        ("events.0.order", "boat", "events[0].order: no order has the id “boat”"),
        ("events.0.harm", "sadness", "events[0].harm: “sadness” is not one of fire"),
        ("events.0.severity", "bad", "events[0].severity: “bad” is not one of none"),
        ("events.0.lines", {}, "events[0].lines: must be a list"),
        ("events.0.lines.0.head", "soul", "events[0].lines[0].head: “soul” is not one of"),
        ("events.0.lines.0.assessed", "1", "events[0].lines[0]: key “assessed” is not known"),
        ("events.0.claimant", "Priya", "events[0].claimant: must be an object"),
        ("events.0.claimant.name", "Pri\0ya", "claimant.name: has a character that no database"),
        ("events.0.claimant.medicare", "maybe", "claimant.medicare: “maybe” is not one of no"),
        ("events.1.claim", "D", "events[1].claim: no claim has the id “D”"),
        ("events.1.claim", ..., "events[1]: key “claim” is missing"),
        ("events.1.by", "boss", "events[1].by: “boss” is not one of adjuster"),
        ("events.1.seller", "who", "events[1].seller: no seller has the id “who”"),
        ("events.2", GOOD["events"][0], "events: claim “C” is reported twice"),
        (
            "events.2",
            {"at": "2026-05-06T10:00:00Z", "do": "mail", "to": "who", "next": "bounce"},
            "events[2].to: no seller has the id “who”",
        ),
        (
            "events.2",
            {"at": "2026-05-06T10:00:00Z", "do": "provider", "next": "explode"},
            "events[2].next: “explode” is not one of refuse",
        ),
        (
            "events.2",
            {"at": "2026-05-06T10:00:00Z", "do": "extend", "claim": "C", "days": "3"},
            "events[2].days: “3” is not a whole number",
        ),
        (
            "events.2",
            {
                "at": "2026-05-06T10:00:00Z",
                "do": "submit_policy",
                "policy": {"seller": "who", "number": "1", "insurer": "X"},
            },
            "events[2].policy.seller: no seller has the id “who”",
        ),
        ("checks.0.colour", "red", "checks[0]: key “colour” is not known"),
        ("checks.0.claim", "D", "checks[0].claim: no claim has the id “D”"),
        ("checks.0.claim", ["C"], "checks[0].claim: “['C']” is not a text"),
        ("checks.0.claim", ..., "checks[0].paid: key “claim” is missing"),
        ("checks.0.seller", "who", "checks[0].seller: no seller has the id “who”"),
        ("checks.0.compliance", "DUE", "checks[0].compliance: key “seller” is missing"),
        ("checks.0.bars", 3, "checks[0].bars: must be a list"),
        ("checks.0.borne_by", {"bank": "1"}, "checks[0].borne_by: must be an object of programme"),
        ("checks.0.notices", {"bank": []}, "checks[0].notices: must be an object of seller"),
        ("checks.0.payments", "one", "checks[0].payments: “one” is not a whole number"),
        ("checks.1", {"at": "2026-05-06T10:00:00Z"}, "checks[1]: names neither a claim nor a sel"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, where: str, value: object, words: str) -> None:
    path = written(tmp_path, changed(where, value))

    with pytest.raises(FileNotUnderstood) as refused:
        read_scenario(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"name": "a", "name": "b"}', "key “name” stands twice"),
        ("[]", "the file: must be an object"),
    ],
)
def test_what_is_no_object_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FileNotUnderstood, match=words):
        read_scenario(written(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")

    for name in ("none.json", "bytes.json"):
        with pytest.raises(FileNotUnderstood, match=name):
            read_scenario(tmp_path / name)


def test_a_check_without_a_moment_needs_an_event(tmp_path: Path) -> None:
    content = changed("events", [])
    content["checks"] = [{"seller": "shop", "compliance": "due"}]

    with pytest.raises(FileNotUnderstood, match=r"checks\[0\].at: is missing"):
        read_scenario(written(tmp_path, content))


def test_yen_may_be_written_like_other_amounts(tmp_path: Path) -> None:
    content = changed("market", "JP")
    content["monthly_sales"][0]["gross"] = "100000.00"
    content["events"][0]["lines"][0]["claimed"] = 300

    scenario = read_scenario(written(tmp_path, content))

    assert scenario.monthly_sales[0]["gross"] == 100_000
    assert scenario.events[0].values["lines"][0]["claimed"] == 300


def test_places_and_ratings_are_read_as_people_write_them(tmp_path: Path) -> None:
    content = copy.deepcopy(GOOD)
    content["policies"] = [
        GOOD["policies"][0] | {"territory": territory, "rating": rating}
        for territory, rating in (
            (["United States", "GB", "somewhere far away"], "A- (Excellent)"),
            ("worldwide", "excellent without a grade"),
            (["US"], "A- VIII, AM Best"),
        )
    ]

    first, second, third = read_scenario(written(tmp_path, content)).policies

    assert (first["territory"], first["rating"]) == (["US", "UK", "SOMEWHERE_FA"], "A-")
    assert (second["territory"], second["rating"]) == (["WORLDWIDE"], "excellen")
    assert third["rating"] == "A-"
