"""A provider is vetted by checks of people and a second person; nothing happens by itself."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction

from claims.roles import INSURANCE
from insurance.accelerator.refusals import VettingRefused
from insurance.accelerator.vetting import (
    LOOKS_AT,
    MOVES,
    CheckFacts,
    looked_at,
    standing_of,
    vet_again_tone,
    why_not_vetted,
)
from insurance.accelerator.vetting_acts import decide_provider, record_check, vetting_standing
from insurance.models import (
    AcceleratorTerms,
    Provider,
    ProviderDecision,
    ProviderMove,
    VettingCheck,
    VettingStep,
)
from tests.factories import make_user
from tests.insurance.accelerator.rows import AT, TODAY, check_all, make_provider, vet

DAY = timedelta(days=1)


@pytest.fixture
def first(db: None) -> User:
    return make_user("first", role=INSURANCE)


@pytest.fixture
def second(db: None) -> User:
    return make_user("second", role=INSURANCE)


def rows(provider: Provider) -> list[Any]:
    """All that an act of vetting may write."""
    provider = Provider.objects.get(pk=provider.pk)
    return [
        Provider.objects.filter(pk=provider.pk).values().get(),
        list(VettingCheck.objects.values()),
        list(ProviderDecision.objects.values()),
    ]


def decide(provider: Provider, move: ProviderMove, by: User, **changes: Any) -> Provider:
    values: dict[str, Any] = {"reason": "All in order.", "at": AT} | changes
    return decide_provider(provider=provider, move=move, by=by, **values)


def test_seven_checks_and_a_second_person_make_a_provider_vetted(first: User, second: User) -> None:
    provider = make_provider()
    check_all(provider, by=first)

    vetted = decide(provider, ProviderMove.VET, second)

    assert (vetted.status, vetted.vetted_on, vetted.vet_again_by) == (
        "VETTED",
        TODAY,
        TODAY + 365 * DAY,
    )
    decision = ProviderDecision.objects.get()
    assert (decision.move, decision.decided_by, len(decision.checks)) == ("VET", second, 7)
    assert decision.checks == list(VettingCheck.objects.values_list("pk", flat=True))


def test_who_made_a_check_does_not_vet(first: User, second: User) -> None:
    provider = make_provider()
    check_all(provider, by=first)
    # One of the seven by the second person is enough.
    record_check(
        provider=provider,
        step=VettingStep.TERMS,
        passed=True,
        reason="Signed.",
        source="Letter of the day",
        at=AT,
        by=second,
    )
    before = rows(provider)

    for person in (first, second):
        with pytest.raises(VettingRefused, match="A second person decides"):
            decide(provider, ProviderMove.VET, person)

    assert rows(provider) == before


@pytest.mark.parametrize("missing", list(VettingStep))
def test_every_step_is_needed(missing: VettingStep, first: User, second: User) -> None:
    provider = make_provider()
    for step in VettingStep:
        record_check(
            provider=provider,
            step=step,
            passed=step != missing,
            reason="Looked at.",
            source="A register",
            at=AT,
            by=first,
        )
    before = rows(provider)

    with pytest.raises(VettingRefused, match=f"These steps do not stand: {missing.label}."):
        decide(provider, ProviderMove.VET, second)

    assert rows(provider) == before


def test_a_check_stands_no_more_when_it_is_old_or_its_facts_changed(
    first: User, second: User
) -> None:
    provider = make_provider()
    check_all(provider, by=first)

    def why(step: VettingStep, at: Any = AT) -> str:
        standing = vetting_standing(provider, at=at)
        return next(one.why_not for one in standing if one.step == step)

    assert why(VettingStep.RATING, AT + 90 * DAY) == ""
    assert why(VettingStep.RATING, AT + 91 * DAY) == "The last check is older than 90 days"

    provider.rating, provider.claims_contact = "B", "other@harbour.example"
    provider.save()
    changed = "What was checked has changed since"
    standing = {one.step: one.why_not for one in vetting_standing(provider, at=AT)}
    assert [step for step, words in standing.items() if words == changed] == [
        VettingStep.RATING,
        VettingStep.CLAIMS_CONTACT,
    ]
    with pytest.raises(VettingRefused, match="Rating checked, Claims contact tested"):
        decide(provider, ProviderMove.VET, second)


def test_the_latest_check_of_a_step_counts(first: User) -> None:
    provider = make_provider()
    check_all(provider, by=first)
    record_check(
        provider=provider,
        step=VettingStep.SANCTIONS,
        passed=False,
        reason="A near name.",
        source="OFAC SDN of the day",
        at=AT + DAY,
        by=first,
    )

    standing = vetting_standing(provider, at=AT + DAY)

    assert {one.why_not for one in standing} == {"", "The last check failed"}


def test_checks_and_decisions_are_never_changed(first: User) -> None:
    provider = vet(make_provider())

    for model in (VettingCheck, ProviderDecision):
        rows_of: Any = model._default_manager
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            rows_of.filter(provider=provider).update(reason="Better.")
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            rows_of.filter(provider=provider).delete()


def test_suspending_retiring_and_taking_up_again_take_a_reason(first: User) -> None:
    provider = vet(make_provider())
    before = rows(provider)
    with pytest.raises(VettingRefused, match="Give the reason"):
        decide(provider, ProviderMove.SUSPEND, first, reason="  ")
    assert rows(provider) == before

    moves = (ProviderMove.SUSPEND, ProviderMove.REOPEN, ProviderMove.RETIRE, ProviderMove.REOPEN)
    stands = [decide(provider, move, first, reason="Because.").status for move in moves]

    assert stands == ["SUSPENDED", "CANDIDATE", "RETIRED", "CANDIDATE"]
    kept = ProviderDecision.objects.values_list("move", flat=True)
    assert list(kept) == ["VET", "SUSPEND", "REOPEN", "RETIRE", "REOPEN"]


@pytest.mark.parametrize(
    ("status", "move"),
    [
        (status, move)
        for move, (before, _) in MOVES.items()
        for status in ("CANDIDATE", "VETTED", "SUSPENDED", "RETIRED")
        if status not in before
    ],
)
def test_a_decision_begins_only_where_the_table_says(status: str, move: str, second: User) -> None:
    provider = make_provider(status=status, vetted_on=TODAY if status == "VETTED" else None)
    before = rows(provider)

    with pytest.raises(VettingRefused, match="A provider that is"):
        decide(provider, ProviderMove(move), second)

    assert rows(provider) == before


def test_the_next_vetting_may_come_earlier_and_never_later(first: User, second: User) -> None:
    provider = make_provider()
    check_all(provider, by=first)
    for wrong in (TODAY, TODAY + 366 * DAY):
        with pytest.raises(VettingRefused, match="The next vetting lies after today"):
            decide(provider, ProviderMove.VET, second, vet_again_by=wrong)

    vetted = decide(provider, ProviderMove.VET, second, vet_again_by=TODAY + 90 * DAY)

    assert vetted.vet_again_by == TODAY + 90 * DAY


def test_the_strictest_figure_of_all_markets_counts(first: User, second: User) -> None:
    provider = make_provider()
    check_all(provider, by=first)
    AcceleratorTerms.objects.create(
        marketplace_id="US",
        effective_on=date(2026, 1, 1),
        check_good_for_days=10,
        vetting_lasts_days=100,
    )

    assert decide(provider, ProviderMove.VET, second).vet_again_by == TODAY + 100 * DAY
    old = vetting_standing(provider, at=AT + 11 * DAY)
    assert {one.why_not for one in old} == {"The last check is older than 10 days"}


def test_a_check_needs_its_words_and_a_provider_that_is_not_retired(first: User) -> None:
    provider = make_provider()
    retired = make_provider("Gone Ltd", status="RETIRED")
    before = rows(provider)
    common: dict[str, Any] = {"step": VettingStep.TERMS, "passed": True, "at": AT, "by": first}

    with pytest.raises(VettingRefused, match="Say what you found"):
        record_check(provider=provider, reason=" ", source="x", **common)
    with pytest.raises(VettingRefused, match="Say what you found"):
        record_check(provider=provider, reason="x", source="", **common)
    with pytest.raises(VettingRefused, match="take it up again first"):
        record_check(provider=retired, reason="x", source="x", **common)

    assert rows(provider) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"rating_agency": ""},
        {"rated_on": None},
        {"rating_source": ""},
        {"licences_on": None},
        {"licences_source": ""},
    ],
)
def test_the_database_keeps_no_rating_or_licence_without_date_and_source(
    db: None, fields: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="dated_and_sourced"), transaction.atomic():
        make_provider(**fields)
    assert Provider.objects.filter(legal_name="Harbour Mutual").count() == 0


@pytest.mark.parametrize(
    ("days", "tone"), [(-1, "past"), (0, "soon"), (60, "soon"), (61, ""), (None, "")]
)
def test_the_flag_of_the_next_vetting(days: int | None, tone: str) -> None:
    by = None if days is None else TODAY + days * DAY

    assert vet_again_tone(by, on=TODAY, notice_days=60) == tone


def test_pure_standing_names_every_step_in_order() -> None:
    provider = Provider(legal_name="Harbour Mutual", rating="A", rated_on=TODAY)
    sound = [
        CheckFacts(number, step, True, AT, 7, looked_at(step, provider))
        for number, step in enumerate(VettingStep.values)
    ]

    def standing(checks: list[CheckFacts]) -> list[Any]:
        return standing_of(checks, provider=provider, at=AT, good_for_days=90)

    assert [one.step for one in standing([])] == VettingStep.values
    assert {one.why_not for one in standing([])} == {"Not checked yet"}
    assert why_not_vetted(standing(sound), by=8) == ""
    failed = [replace(sound[0], passed=False), *sound[1:]]
    assert why_not_vetted(standing(failed), by=8) == ("These steps do not stand: Licences checked.")
    assert set(LOOKS_AT) == set(VettingStep.values)
