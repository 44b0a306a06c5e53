"""Claimant and payee are screened before every payment, and every screening is kept (rules §7)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.decisions.base import ReasonMissing
from claims.models import (
    Claim,
    Hold,
    HoldKind,
    SanctionsList,
    ScreenedRole,
    ScreeningFigures,
    ScreeningFinding,
    ScreeningRecord,
)
from claims.operations.holds import release_hold
from claims.operations.payment import withdraw_claim
from claims.outcome import CLAIMANT, SYSTEM
from claims.screening.queries import screenings_of, screenings_to_clear
from claims.screening.sanctions import (
    ClearingRefused,
    ScreeningNotPossible,
    ScreeningOutcome,
    clear_screening,
    lay_down_empty_list,
    screen_for_payment,
    screen_party,
)
from tests.claims.core.world import snapshot
from tests.claims.screening.list_rows import LIST_DATE, import_small_list
from tests.factories import NOON, make_user, report, staff_actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LISTED = "MALKEVICH, Alexander Aleksandrovich"
CLEAR, HELD = ScreeningOutcome(done=True, hit=False), ScreeningOutcome(done=True, hit=True)


@pytest.fixture
def listed(tmp_path: Path) -> SanctionsList:
    return import_small_list(tmp_path)


def screen(claim: Claim, name: str, *, payee: str = "Anna Müller", days: int = 0) -> Any:
    return screen_for_payment(
        claim_id=claim.pk, claimant_name=name, payee_name=payee, at=NOON + days * DAY
    )


def open_holds(claim: Claim) -> list[str]:
    return list(
        Hold.objects.filter(claim=claim, released_at__isnull=True).values_list("kind", flat=True)
    )


def test_without_a_list_nothing_is_screened() -> None:
    claim = report()
    before = snapshot()
    assert screen(claim, "Anna Müller") == ScreeningOutcome(done=False, hit=False)
    with pytest.raises(ScreeningNotPossible, match="No sanctions list has been imported"):
        screen_party(claim=claim, name="Anna", role=ScreenedRole.CLAIMANT, at=NOON)
    assert snapshot() == before


def test_both_names_are_screened_and_kept_with_the_list_and_its_date(
    listed: SanctionsList,
) -> None:
    claim = report()
    assert screen(claim, "Alexander Malkevich", payee="Hana Sato") == HELD
    kept = ScreeningRecord.objects.filter(claim=claim).order_by("role")
    assert [
        (r.role, r.name, r.outcome, r.best_score, r.threshold, r.screened_at) for r in kept
    ] == [
        ("CLAIMANT", "Alexander Malkevich", "HIT", 91, 85, NOON),
        ("PAYEE", "Hana Sato", "CLEAR", 0, 85, NOON),
    ]
    assert [r.sanctions_list for r in kept] == [listed, listed]
    assert kept[0].sanctions_list.list_date == LIST_DATE
    assert kept[0].hits == [
        {
            "entity_number": 26235,
            "name": LISTED,
            "listed_as": "Listed name",
            "programme": "CYBER2",
            "score": 91,
            "cleared_earlier": False,
        }
    ]


def test_a_hit_places_a_sanctions_hold_in_words(listed: SanctionsList) -> None:
    claim = report()
    screen(claim, "Alexander Malkevich")
    hold = Hold.objects.get(claim=claim)
    assert (hold.kind, hold.placed_at, hold.placed_by) == (HoldKind.SANCTIONS, NOON, None)
    assert hold.reason == (
        "The claimant's name “Alexander Malkevich” is near “MALKEVICH, Alexander Aleksandrovich” "
        "(score 91 of 100) on OFAC SDN of 2026-02-27. Clear the screening before you release "
        "the hold."
    )


def test_a_screening_is_used_again_with_the_same_names_and_list(listed: SanctionsList) -> None:
    claim = report()
    assert screen(claim, "Anna Müller") == CLEAR
    before = snapshot()
    assert screen(claim, "Anna Müller", days=3) == CLEAR
    assert snapshot() == before
    assert screen(claim, "Anna Müller", payee="Hana Sato", days=4) == CLEAR
    assert screenings_of(claim).count() == 3


def test_a_new_list_is_screened_against_and_the_old_screening_keeps_its_own(
    listed: SanctionsList, tmp_path: Path
) -> None:
    claim = report()
    screen(claim, "Anna Müller")
    import_small_list(tmp_path, list_date=LIST_DATE + DAY)
    screen(claim, "Anna Müller", days=1)
    dates = [record.sanctions_list.list_date for record in screenings_of(claim)]
    assert dates == [LIST_DATE + DAY] * 2 + [LIST_DATE] * 2


def test_another_threshold_from_a_date_on_screens_anew(listed: SanctionsList) -> None:
    claim = report()
    ScreeningFigures.objects.create(
        effective_on=(NOON + DAY).date(), sanctions_score=92, reason="Fewer", set_by=make_user()
    )
    assert screen(claim, "Anna Müller", payee="Alexander Malkevich") == HELD
    assert screen(claim, "Anna Müller", payee="Alexander Malkevich", days=1) == CLEAR
    assert list(screenings_of(claim).values_list("threshold", "best_score", "outcome")) == [
        (92, 91, "CLEAR"),
        (92, 0, "CLEAR"),
        (85, 91, "HIT"),
        (85, 0, "CLEAR"),
    ]


@pytest.mark.parametrize("name", ["Maria Lopez", "Juan Perez", "Anna Müller"])
def test_ships_and_strangers_are_no_hits(listed: SanctionsList, name: str) -> None:
    claim = report()
    assert screen(claim, name) == CLEAR
    assert open_holds(claim) == []


def test_an_alias_and_a_listed_name_of_one_party_are_one_hit(listed: SanctionsList) -> None:
    record = screen_party(
        claim=report(), name="Johannes de la Cruz", role=ScreenedRole.PAYEE, at=NOON
    )
    assert [(hit["name"], hit["listed_as"], hit["score"]) for hit in record.hits] == [
        ("DE LA CRUZ, Johannes", "Alias", 100)
    ]


def test_a_name_in_other_letters_waits_for_a_person(listed: SanctionsList) -> None:
    claim = report()
    assert screen(claim, "山田太郎") == HELD
    record = ScreeningRecord.objects.get(claim=claim, role="CLAIMANT")
    assert (record.outcome, record.best_score, record.hits) == ("NOT_COMPARABLE", 0, [])
    assert Hold.objects.get(claim=claim).reason == (
        "The claimant's name “山田太郎” is not in Latin letters: a person compares it with "
        "OFAC SDN of 2026-02-27."
    )
    clear_screening(screening=record, reason="Compared by hand.", at=NOON, by=staff_actor())
    assert screen(claim, "山田太郎", days=1) == CLEAR


def test_a_cleared_name_does_not_hit_again_not_even_on_the_next_list(
    listed: SanctionsList, tmp_path: Path
) -> None:
    claim, user = report(), make_user()
    assert screen(claim, "Alexander Malkevich", payee="Malkevich, Alexander") == HELD
    record = screenings_of(claim).filter(role="CLAIMANT").get()
    cleared = clear_screening(
        screening=record, reason=" Born in 2001. ", at=NOON + DAY, by=staff_actor(user)
    )
    assert (cleared.cleared_at, cleared.cleared_by, cleared.cleared_reason) == (
        NOON + DAY,
        user,
        "Born in 2001.",
    )
    assert not screenings_to_clear().exists(), "the payee of the same name is cleared with it"
    release_hold(
        claim=claim, kind=HoldKind.SANCTIONS, reason="Cleared.", at=NOON + DAY, by=staff_actor()
    )
    assert screen(claim, "Alexander Malkevich", payee="Malkevich, Alexander", days=2) == CLEAR
    import_small_list(tmp_path, list_date=LIST_DATE + DAY)
    assert screen(claim, "Alexander Malkevich", days=3) == CLEAR
    assert open_holds(claim) == []
    latest = screenings_of(claim).filter(role="CLAIMANT")[0]
    assert (latest.outcome, latest.hits[0]["cleared_earlier"]) == (ScreeningFinding.CLEAR, True)


def test_the_same_name_in_another_claim_hits_again(listed: SanctionsList) -> None:
    first, second = report(), report()
    screen(first, "Alexander Malkevich")
    record = screenings_of(first).filter(role="CLAIMANT").get()
    clear_screening(screening=record, reason="Another person.", at=NOON, by=staff_actor())
    assert screen(second, "Alexander Malkevich") == HELD


def test_a_hold_released_before_the_screening_was_cleared_comes_back(
    listed: SanctionsList,
) -> None:
    claim = report()
    screen(claim, "Alexander Malkevich")
    release_hold(
        claim=claim, kind=HoldKind.SANCTIONS, reason="Too early.", at=NOON, by=staff_actor()
    )
    assert screen(claim, "Alexander Malkevich", days=1) == HELD
    assert open_holds(claim) == ["SANCTIONS"]


def test_a_claim_that_has_ended_is_screened_and_not_held(listed: SanctionsList) -> None:
    claim = withdraw_claim(claim=report(), at=NOON, by=CLAIMANT)
    record = screen_party(
        claim=claim, name="Alexander Malkevich", role=ScreenedRole.CLAIMANT, at=NOON
    )
    assert record.waits_for_a_person
    assert open_holds(claim) == []


def test_clearing_is_a_persons_act_with_a_reason_and_once(listed: SanctionsList) -> None:
    claim, by = report(), staff_actor()
    screen(claim, "Alexander Malkevich")
    hit, clear = screenings_of(claim).filter(role="CLAIMANT").get(), screenings_of(claim)[0]
    before = snapshot()
    with pytest.raises(ReasonMissing):
        clear_screening(screening=hit, reason=" ", at=NOON, by=by)
    with pytest.raises(ClearingRefused, match="Only a person of operations"):
        clear_screening(screening=hit, reason="Fine.", at=NOON, by=SYSTEM)
    with pytest.raises(ClearingRefused, match="found nothing to clear"):
        clear_screening(screening=clear, reason="Fine.", at=NOON, by=by)
    assert snapshot() == before
    clear_screening(screening=hit, reason="Another person.", at=NOON, by=by)
    with pytest.raises(ClearingRefused, match="cleared already"):
        clear_screening(screening=hit, reason="Again.", at=NOON, by=by)


def test_an_empty_list_clears_everybody() -> None:
    lay_down_empty_list(at=NOON, source="Nobody: a scenario")
    assert screen(report(), "Alexander Malkevich") == CLEAR


def test_rows_say_what_they_are(listed: SanctionsList) -> None:
    claim = report()
    screen(claim, "Anna Müller")
    figures = ScreeningFigures(effective_on=LIST_DATE)
    assert [str(row) for row in (listed, screenings_of(claim)[0], figures)] == [
        "OFAC SDN of 2026-02-27",
        "Anna Müller (No listed name is near)",
        "Screening figures from 2026-02-27",
    ]
    assert str(listed.listed_names.all()[0]) == "AEROCARIBBEAN AIRLINES"
