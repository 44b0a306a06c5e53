"""Set-based writes: every type of column comes back as it went in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError, IntegrityError, connection, transaction

from claims.bulk import Columns, array_literal, insert_rows, update_claims
from claims.models import (
    Claim,
    ClaimEvent,
    Hold,
    HoldKind,
    LedgerEntry,
    Payout,
    TermsVersion,
)
from tests.claims.core.world import snapshot
from tests.factories import NOON, report

pytestmark = pytest.mark.django_db

NASTY = "“quotes” 'single' \"double\" \\back\\slash\n\tnew line %s {curly} 日本語 \u2028 ,{}[]"
TREE = {"text": NASTY, "list": [1, None, True, {"deep": [NASTY]}], "": 0, "n": None, "x": 1.5}


def payout(claim: Claim, number: int, **values: Any) -> dict[str, Any]:
    return {
        "claim_id": claim.pk,
        "our_reference": f"{claim.reference}-{number}",
        "amount_minor": 2**62,
        "currency": "USD",
        "is_automatic": number % 2 == 0,
        "state": "CANCELLED",
        "created_at": NOON,
    } | values


def event(claim: Claim, version: int, **values: Any) -> dict[str, Any]:
    return {
        "claim_id": claim.pk,
        "version": version,
        "at": NOON,
        "step": "add_information",
        "to_status": "REPORTED",
        "actor_kind": "STAFF",
    } | values


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_rows(Hold, [])


def test_any_number_of_rows_is_one_statement(django_assert_num_queries: Any) -> None:
    claim = report()
    with django_assert_num_queries(1):
        insert_rows(ClaimEvent, [event(claim, n) for n in range(10, 60)])

    assert claim.events.filter(version__gte=10).count() == 50


@pytest.mark.parametrize("count", [1, 2, 3])
def test_texts_and_trees_come_back_as_they_went_in(count: int) -> None:
    claim = report()
    insert_rows(
        ClaimEvent,
        [
            event(claim, 10 + n, text=NASTY, facts=TREE, changes={"n": n}, reason="x" * 40)
            for n in range(count)
        ],
    )

    rows = ClaimEvent.objects.filter(version__gte=10).order_by("version")
    assert [(r.text, r.facts, r.changes, r.reason) for r in rows] == [
        (NASTY, TREE, {"n": n}, "x" * 40) for n in range(count)
    ]


def test_what_differs_and_what_is_the_same_in_every_row() -> None:
    claim = report()
    insert_rows(
        ClaimEvent,
        [
            event(claim, 10, facts={"a": 1}, text="one"),
            event(claim, 11, facts={"b": [NASTY]}, text="two"),
        ],
    )

    rows = ClaimEvent.objects.filter(version__gte=10).order_by("version")
    assert [(r.facts, r.text, r.step) for r in rows] == [
        ({"a": 1}, "one", "add_information"),
        ({"b": [NASTY]}, "two", "add_information"),
    ]


@pytest.mark.parametrize(
    "arrays",
    [
        [[]],
        [["ONE"], []],
        [[], []],
        [["a,b", '{"x"}', "it's"], ["\\", "NULL"]],
        [["日本", "é"], ["日本", "é"], ["NO_PAYEE_DETAILS"]],
    ],
)
def test_arrays_come_back_as_they_went_in(arrays: list[list[str]]) -> None:
    claim = report()
    insert_rows(Payout, [payout(claim, n, held_by=held) for n, held in enumerate(arrays)])

    rows = Payout.objects.filter(claim=claim).order_by("our_reference")
    assert [row.held_by for row in rows] == arrays


def test_nulls_booleans_moments_and_big_numbers() -> None:
    claim = report()
    moment = datetime(2026, 3, 8, 9, 59, 59, 123456, tzinfo=UTC)
    insert_rows(
        Payout,
        [
            payout(claim, 1, next_at=None, ended_at=moment, attempts=3),
            payout(claim, 2, next_at=moment, ended_at=None, attempts=0),
        ],
    )

    rows = list(Payout.objects.filter(claim=claim).order_by("our_reference"))
    assert [(r.next_at, r.ended_at, r.attempts, r.is_automatic) for r in rows] == [
        (None, moment, 3, False),
        (moment, None, 0, True),
    ]
    assert {r.amount_minor for r in rows} == {2**62}


def test_what_is_missing_takes_the_models_default() -> None:
    claim = report()
    insert_rows(Payout, [payout(claim, n) for n in (1, 2)])

    rows = list(Payout.objects.filter(claim=claim).order_by("our_reference"))
    assert [(r.purpose, r.held_by, r.attempts, r.payee_id) for r in rows] == [
        ("CLAIM", [], 0, None),
        ("CLAIM", [], 0, None),
    ]
    assert rows[0].key != rows[1].key
    assert all(row.key.version == 4 for row in rows)


def test_dates_and_arrays_of_another_app_model() -> None:
    claim = report()
    old = TermsVersion.objects.get(marketplace=claim.marketplace_id)
    insert_rows(
        TermsVersion,
        [
            {
                "marketplace_id": claim.marketplace_id,
                "effective_on": date(2027, 1, day),
                "figures": old.figures,
                "marks": old.marks,
                "created_at": NOON,
            }
            for day in (1, 2)
        ],
    )

    found = TermsVersion.objects.filter(effective_on__year=2027).order_by("effective_on")
    assert [(t.effective_on.day, t.figures, t.marks) for t in found] == [
        (1, old.figures, old.marks),
        (2, old.figures, old.marks),
    ]


def test_a_row_that_breaks_a_rule_leaves_none_of_the_batch() -> None:
    claim = report()
    before = snapshot()
    good = {"claim_id": claim.pk, "kind": "FRAUD", "placed_at": NOON}
    with pytest.raises(IntegrityError, match="hold_kind_known"), transaction.atomic():
        insert_rows(Hold, [good, good | {"kind": "WHIM"}])
    assert snapshot() == before


def test_a_text_too_long_for_its_column_is_an_error_not_cut() -> None:
    claim = report()
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        insert_rows(ClaimEvent, [event(claim, 10, reason="x" * 41)])
    assert not ClaimEvent.objects.filter(version=10).exists()


def test_a_column_list_is_one_table_of_arrays() -> None:
    columns = Columns()
    first = columns.add_array("key_id", "bigint", [1, 2])
    second = columns.add(Claim._meta.get_field("bars"), [["A"], []])

    assert first == 'u."key_id"'
    assert second == ('ARRAY(SELECT jsonb_array_elements_text(u."bars"::jsonb))::varchar[]')
    assert columns.table == 'unnest(%s::bigint[], %s::text[]) AS u("key_id", "bars")'
    assert columns.parameters == ['{"1","2"}', r'{"[\"A\"]","[]"}']


def test_compare_and_set_changes_only_the_versions_it_read() -> None:
    first, second, third = report(), report(), report()
    won = update_claims(
        Claim,
        keys=[(first.pk, first.version), (second.pk, second.version + 1), (0, 1)],
        values={"reason": ["A", "B", "C"], "bars": [["ONE", "TWO"], [], []]},
    )

    assert won == {first.pk}
    rows = Claim.objects.order_by("pk").values_list("pk", "version", "reason", "bars")
    assert list(rows) == [
        (first.pk, first.version + 1, "A", ["ONE", "TWO"]),
        (second.pk, second.version, "", []),
        (third.pk, third.version, "", []),
    ]


def test_compare_and_set_without_values_moves_the_version_alone() -> None:
    claim = report()

    assert update_claims(Claim, keys=[(claim.pk, claim.version)], values={}) == {claim.pk}
    assert update_claims(Claim, keys=[(claim.pk, claim.version)], values={}) == set()
    assert Claim.objects.get(pk=claim.pk).version == claim.version + 1


def test_a_column_that_claims_do_not_have_is_an_error() -> None:
    claim = report()
    with pytest.raises(FieldDoesNotExist):
        update_claims(Claim, keys=[(claim.pk, claim.version)], values={"colour": ["red"]})


def test_columns_that_refer_to_rows() -> None:
    claim = report()
    insert_rows(
        LedgerEntry,
        [
            {
                "claim_id": claim.pk,
                "event_version": 1,
                "key": "one",
                "debit": "PROGRAMME_EXPENSE",
                "credit": "CLAIMS_PAYABLE",
                "amount_minor": 1,
                "currency": "USD",
                "posted_at": NOON,
            }
        ],
    )

    entry = LedgerEntry.objects.get()
    assert (entry.claim, entry.key, entry.posted_at) == (claim, "one", NOON)


@pytest.mark.parametrize(
    ("values", "literal"),
    [
        ([], "{}"),
        ([1, None, 2], '{"1",NULL,"2"}'),
        (["NULL", "", " a,b ", "{}"], '{"NULL",""," a,b ","{}"}'),
        (['say "so"', "back\\slash"], r'{"say \"so\"","back\\slash"}'),
        ([HoldKind.FRAUD, True], '{"FRAUD","True"}'),
    ],
)
def test_an_array_as_postgresql_writes_it(values: list[Any], literal: str) -> None:
    assert array_literal(values) == literal
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_literal(values)])
        assert cursor.fetchone() == ([None if v is None else str(v) for v in values],)


def test_a_text_that_the_database_cannot_keep_is_an_error() -> None:
    claim = report()
    rows = [event(claim, 10, text="one"), event(claim, 11, text="nul\x00here")]
    with pytest.raises(DataError, match="NUL"), transaction.atomic():
        insert_rows(ClaimEvent, rows)
    assert not ClaimEvent.objects.filter(version__gte=10).exists()
