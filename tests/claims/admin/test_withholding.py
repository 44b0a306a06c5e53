"""Withholding instructions: exported once, downloaded as often as needed."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.admin.withholding import COLUMNS, batch_name
from claims.models import WithholdingInstruction
from claims.operations.withholding import NothingToExport, export_instructions
from claims.outcome import SYSTEM
from claims.roles import ADJUSTER, AUDITOR, PAYMENTS
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.looks import instruct
from tests.claims.core.world import refused, snapshot
from tests.factories import NOON, make_order, make_seller, make_user, report, staff_actor

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:claims_withholding")
LATER = datetime(2026, 3, 4, 9, 30, 15, 250_000, tzinfo=UTC)


def make_instruction(name: str = "Brightwater LLC") -> WithholdingInstruction:
    return instruct(report(make_order(make_seller(name))), at=NOON)


def sheet(client: Client, batch: str) -> list[list[str]]:
    answer = client.get(reverse("admin:claims_withholding_file", args=[batch]))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="withholding-{batch}.csv"'
    )
    return list(csv.reader(StringIO(answer.content.decode())))


def test_what_waits_is_exported_once_and_downloaded_twice(sign_in: SignIn) -> None:
    one, client = make_instruction(), sign_in(PAYMENTS)

    answer = client.post(PAGE)
    (batch,) = client.get(PAGE).context["batches"]
    name = batch_name(batch["at"])
    first, second = sheet(client, name), sheet(client, name)

    one.refresh_from_db()
    assert (answer.status_code, batch["count"], batch["at"]) == (302, 1, one.exported_at)
    assert one.exported_at is not None
    assert one.exported_by_id == int(client.session["_auth_user_id"])
    assert first == second
    assert first == [
        list(COLUMNS),
        [
            str(one.pk),
            one.claim.reference,
            one.claim.seller.external_reference,
            "Brightwater LLC",
            "640.00",
            "USD",
            "2026-03-02T20:00:00+00:00",
            one.exported_at.isoformat(timespec="seconds"),
            "",
        ],
    ]


def test_a_second_export_finds_nothing_and_marks_nothing(sign_in: SignIn) -> None:
    make_instruction()
    client = sign_in(PAYMENTS)
    client.post(PAGE)
    before = snapshot()

    answer = client.post(PAGE)

    assert (answer.status_code, snapshot()) == (409, before)
    assert "No instruction waits to be exported." in answer.content.decode()


def test_batches_keep_apart() -> None:
    first = make_instruction()
    export_instructions(at=LATER, by=staff_actor())
    second = make_instruction()
    assert export_instructions(at=LATER + timedelta(microseconds=1), by=staff_actor()) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.exported_at, second.exported_at) == (
        LATER,
        LATER + timedelta(microseconds=1),
    )


def test_one_revoked_before_its_export_never_leaves(sign_in: SignIn) -> None:
    one = make_instruction()
    WithholdingInstruction.objects.update(revoked_at=NOON)
    with refused(NothingToExport, "No instruction waits"):
        export_instructions(at=LATER, by=staff_actor())
    one.refresh_from_db()
    assert one.exported_at is None
    assert "Nothing waits." in sign_in(PAYMENTS).get(PAGE).content.decode()


def test_one_revoked_after_its_export_has_a_sheet_of_its_own(sign_in: SignIn) -> None:
    make_instruction()
    export_instructions(at=LATER, by=staff_actor())
    WithholdingInstruction.objects.update(revoked_at=LATER + timedelta(days=1))
    client = sign_in(PAYMENTS)

    page = client.get(PAGE)

    assert page.context["revoked"] == 1
    assert "Revoked Thu 5 Mar 2026" in page.content.decode()
    assert sheet(client, "revoked")[1][-1] == "2026-03-05T09:30:15+00:00"


def test_a_name_that_a_spreadsheet_would_run_is_quoted(sign_in: SignIn) -> None:
    make_instruction('=HYPERLINK("x")')
    export_instructions(at=LATER, by=staff_actor())
    assert sheet(sign_in(PAYMENTS), batch_name(LATER))[1][3] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("batch", ["revoked", "yesterday", "20260304T093015250000Z"])
def test_a_batch_that_is_not_there_is_not_found(batch: str, sign_in: SignIn) -> None:
    make_instruction()
    address = reverse("admin:claims_withholding_file", args=[batch])
    assert sign_in(PAYMENTS).get(address).status_code == 404


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_others_look_and_export_nothing(role: str, sign_in: SignIn) -> None:
    make_instruction()
    client, before = sign_in(role), snapshot()

    page = client.get(PAGE).content.decode()

    assert "Waits for the export" in page
    assert '<button type="submit" class="act">Export' not in page
    assert client.post(PAGE).status_code == 403
    address = reverse("admin:claims_withholding_file", args=["revoked"])
    assert client.get(address).status_code == 403
    assert snapshot() == before


def test_only_people_of_operations_export() -> None:
    make_instruction()
    with refused(NothingToExport, "Only a person of operations"):
        export_instructions(at=timezone.now(), by=SYSTEM)


def test_an_empty_list_and_its_pages(sign_in: SignIn) -> None:
    client = sign_in(PAYMENTS)
    assert "No instruction was given." in client.get(PAGE).content.decode()

    one = make_instruction()
    WithholdingInstruction.objects.bulk_create(
        WithholdingInstruction(
            claim=one.claim,
            recovery=one.recovery,
            amount_minor=n,
            currency="USD",
            instructed_at=NOON,
        )
        for n in range(1, 51)
    )
    first, second = client.get(PAGE).context, client.get(PAGE, {"page": 2}).context
    assert (len(first["lines"]), first["next_url"], len(second["lines"])) == (50, "?page=2", 1)
    assert (first["previous_url"], second["previous_url"]) == ("", "?page=1")


def test_staff_without_a_group_do_not_even_look(sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))
    assert client.get(PAGE).status_code == 403
