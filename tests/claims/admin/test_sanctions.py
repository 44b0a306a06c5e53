"""Sanctions screenings: what waits, the listed party beside the name, clearing with a reason."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import ScreenedRole, ScreeningRecord
from claims.roles import ADJUSTER, AUDITOR
from claims.screening.sanctions import clear_screening, screen_party
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.looks import find_hit
from tests.claims.core.world import snapshot
from tests.claims.screening.list_rows import import_small_list
from tests.factories import make_user, report, staff_actor

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:claims_sanctions")


@pytest.fixture
def record(tmp_path: Path) -> ScreeningRecord:
    return find_hit(report(), tmp_path, at=timezone.now())


def address(record: ScreeningRecord) -> str:
    return reverse("admin:claims_screening", args=[record.pk])


def test_the_queue_shows_list_name_score_and_party(
    record: ScreeningRecord, sign_in: SignIn
) -> None:
    answer = sign_in(AUDITOR).get(QUEUE)

    page = answer.content.decode()
    (row,) = answer.context["screenings"]
    assert (row["record"].pk, row["nearest"]["score"]) == (record.pk, 91)
    for words in ("OFAC SDN", "27 Feb 2026", "MALKEVICH, Alexander Aleksandrovich", "CYBER2"):
        assert words in page


def test_without_a_list_the_page_says_that_payments_wait(sign_in: SignIn) -> None:
    page = sign_in(AUDITOR).get(QUEUE).content.decode()

    assert "No sanctions list is imported." in page
    assert "No screening waits for a person." in page


@pytest.mark.parametrize(("days", "is_old"), [(7, False), (8, True)])
def test_an_old_list_is_said_to_be_old(
    days: int, is_old: bool, tmp_path: Path, sign_in: SignIn
) -> None:
    today: date = timezone.now().date()
    import_small_list(tmp_path, list_date=today - timedelta(days=days))

    page = sign_in(AUDITOR).get(QUEUE).content.decode()

    assert ("more than a week old" in page) is is_old


def test_the_screening_shows_what_the_list_says_of_the_party(
    record: ScreeningRecord, sign_in: SignIn
) -> None:
    page = sign_in(ADJUSTER).get(address(record)).content.decode()

    for words in ("91 of 100", "DOB 14 Jun 1975", "26235, person", "CYBER2", "Listed name"):
        assert words in page


def test_an_alias_is_shown_with_its_party_and_addresses(tmp_path: Path, sign_in: SignIn) -> None:
    import_small_list(tmp_path)
    record = screen_party(
        claim=report(),
        name="Aero-Caribbean",
        role=ScreenedRole.PAYEE,
        at=timezone.now(),
    )

    page = sign_in(ADJUSTER).get(address(record)).content.decode()

    assert "AEROCARIBBEAN AIRLINES" in page
    assert "Havana, Cuba" in page


def test_a_name_that_cannot_be_compared_says_so(tmp_path: Path, sign_in: SignIn) -> None:
    import_small_list(tmp_path)
    record = screen_party(
        claim=report(), name="Мария Иванова", role=ScreenedRole.PAYEE, at=timezone.now()
    )
    client = sign_in(ADJUSTER)

    assert "Not in Latin letters" in client.get(QUEUE).content.decode()
    assert "Compare it with the list yourself" in client.get(address(record)).content.decode()


def test_it_is_cleared_with_a_reason(record: ScreeningRecord, sign_in: SignIn) -> None:
    client = sign_in(ADJUSTER)

    answer = client.post(address(record), {"reason": "Born in 1990, not 1975."})

    record.refresh_from_db()
    assert answer.status_code == 302
    assert record.cleared_reason == "Born in 1990, not 1975."
    assert record.cleared_by_id == int(client.session["_auth_user_id"])
    assert "Born in 1990, not 1975." in client.get(address(record)).content.decode()
    assert client.get(QUEUE).context["screenings"] == []


def test_without_a_reason_nothing_is_cleared(record: ScreeningRecord, sign_in: SignIn) -> None:
    client, before = sign_in(ADJUSTER), snapshot()

    answer = client.post(address(record), {"reason": ""})

    assert (answer.status_code, snapshot()) == (422, before)
    assert "Reason: write it down." in answer.content.decode()


def test_a_screening_cleared_meanwhile_is_not_cleared_again(
    record: ScreeningRecord, sign_in: SignIn
) -> None:
    client = sign_in(ADJUSTER)
    clear_screening(screening=record, reason="Another.", at=timezone.now(), by=staff_actor())
    before = snapshot()

    answer = client.post(address(record), {"reason": "Born in 1990."})

    assert (answer.status_code, snapshot()) == (409, before)
    assert answer.context["form"].non_field_errors() == [
        "This screening found nothing to clear, or is cleared already."
    ]


def test_auditors_look_and_clear_nothing(record: ScreeningRecord, sign_in: SignIn) -> None:
    client, before = sign_in(AUDITOR), snapshot()

    assert b"<textarea" not in client.get(address(record)).content
    assert client.post(address(record), {"reason": "Because."}).status_code == 403
    assert snapshot() == before


def test_staff_without_a_group_do_not_even_look(record: ScreeningRecord, sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))

    assert {client.get(at).status_code for at in (QUEUE, address(record))} == {403}
