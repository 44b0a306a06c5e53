"""Rules §3 and §4: which policy answers for a loss, and whether cover was proven."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from insurance.compliance import SubmittedPolicy
from insurance.coverage import (
    CoverageAnswer,
    LossFacts,
    find_proven_cover,
    most_payable,
    policy_answers,
)
from tests.insurance.certificates import SOUND

LOSS = LossFacts(
    incident_on=date(2026, 2, 20),
    market="US",
    amount_minor=5_000_000,
    products=frozenset({"kettle-1", "kettles"}),
)
NO_START = "The certificate does not say from when to when the policy runs."
NOT_IN_FORCE = (
    "Cover ran from 1 January 2026 to 1 January 2027, and was not in force on {incident_on}."
)


def refused(*reasons: str, deductible_minor: int | None = 500_000) -> CoverageAnswer:
    return CoverageAnswer(
        answers=False, pays_up_to_minor=0, deductible_minor=deductible_minor, reasons=reasons
    )


def test_a_sound_policy_pays_the_loss_above_the_deductible() -> None:
    assert policy_answers(SOUND, loss=LOSS, used_minor=0) == CoverageAnswer(
        answers=True,
        pays_up_to_minor=4_500_000,
        deductible_minor=500_000,
        reasons=(
            "Cover was in force on 20 February 2026.",
            "1,000,000.00 USD of the limits is left for this loss.",
            "The seller bears a deductible of 5,000.00 USD.",
        ),
    )


@pytest.mark.parametrize(
    ("used_minor", "amount_minor", "pays_minor", "left"),
    [
        (0, 900_000_000, 100_000_000, "1,000,000.00 USD"),
        (100_000_000, 900_000_000, 100_000_000, "1,000,000.00 USD"),
        (100_000_001, 900_000_000, 99_999_999, "999,999.99 USD"),
        (199_999_999, 900_000_000, 1, "0.01 USD"),
        (199_000_000, 1_500_000, 1_000_000, "10,000.00 USD"),
        (199_000_000, 1_400_000, 900_000, "10,000.00 USD"),
    ],
)
def test_the_lower_of_the_limits_left_and_the_loss(
    used_minor: int, amount_minor: int, pays_minor: int, left: str
) -> None:
    loss = replace(LOSS, amount_minor=amount_minor)
    answer = policy_answers(SOUND, loss=loss, used_minor=used_minor)
    assert (answer.answers, answer.pays_up_to_minor) == (True, pays_minor)
    assert answer.reasons[1] == f"{left} of the limits is left for this loss."


@pytest.mark.parametrize(
    ("incident_on", "in_force"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_cover_runs_from_its_first_day_to_the_day_before_its_end(
    incident_on: date, *, in_force: bool
) -> None:
    answer = policy_answers(SOUND, loss=replace(LOSS, incident_on=incident_on), used_minor=0)
    assert answer.answers is in_force


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"effective_on": None}, NO_START),
        ({"expires_on": None}, NO_START),
        ({"territory": frozenset({"CA"})}, "The territory does not include United States."),
        ({"products": frozenset({"toys"})}, "The product is not among those covered."),
        ({"each_occurrence_minor": None}, "The certificate does not state both limits."),
        ({"aggregate_minor": None}, "The certificate does not state both limits."),
        ({"each_occurrence_minor": 0}, "Nothing is left of the limits: 0.00 USD was used already."),
    ],
)
def test_each_reason_alone(changes: dict[str, Any], reason: str) -> None:
    policy = replace(SOUND, **changes)
    assert policy_answers(policy, loss=LOSS, used_minor=0) == refused(reason)


@pytest.mark.parametrize("used_minor", [200_000_000, 250_000_000])
def test_an_exhausted_aggregate(used_minor: int) -> None:
    used = "2,000,000.00 USD" if used_minor == 200_000_000 else "2,500,000.00 USD"
    assert policy_answers(SOUND, loss=LOSS, used_minor=used_minor) == refused(
        f"Nothing is left of the limits: {used} was used already."
    )


def test_a_deductible_that_is_not_stated() -> None:
    policy = replace(SOUND, deductible_minor=None)
    assert policy_answers(policy, loss=LOSS, used_minor=0) == refused(
        "The certificate does not state the deductible.", deductible_minor=None
    )


@pytest.mark.parametrize(("amount_minor", "answers"), [(500_000, False), (500_001, True)])
def test_a_loss_within_the_deductible(amount_minor: int, *, answers: bool) -> None:
    answer = policy_answers(SOUND, loss=replace(LOSS, amount_minor=amount_minor), used_minor=0)
    assert answer.answers is answers
    if not answers:
        assert answer == refused("The loss is within the deductible of 5,000.00 USD.")


def test_a_nil_deductible() -> None:
    answer = policy_answers(replace(SOUND, deductible_minor=0), loss=LOSS, used_minor=0)
    assert (answer.pays_up_to_minor, answer.deductible_minor) == (5_000_000, 0)


def test_every_reason_at_once() -> None:
    policy = replace(
        SOUND,
        territory=frozenset(),
        products=frozenset({"toys"}),
        aggregate_minor=None,
        deductible_minor=9_000_000,
    )
    loss = replace(LOSS, incident_on=date(2027, 3, 1))
    assert policy_answers(policy, loss=loss, used_minor=0) == refused(
        NOT_IN_FORCE.format(incident_on="1 March 2027"),
        "The territory does not include United States.",
        "The product is not among those covered.",
        "The certificate does not state both limits.",
        "The loss is within the deductible of 90,000.00 USD.",
        deductible_minor=9_000_000,
    )


@pytest.mark.parametrize("covered", [{"kettles"}, {"kettle-1"}, {"kettles", "toys"}])
def test_a_product_is_covered_by_its_own_name_or_its_category(covered: set[str]) -> None:
    policy = replace(SOUND, products=frozenset(covered))
    assert policy_answers(policy, loss=LOSS, used_minor=0).answers


def test_amounts_are_in_the_market_s_currency() -> None:
    policy = replace(SOUND, territory=frozenset({"WORLDWIDE"}), deductible_minor=1_000_000)
    loss = replace(LOSS, market="JP", amount_minor=1_000_000)
    assert policy_answers(policy, loss=loss, used_minor=0).reasons == (
        "The loss is within the deductible of 1,000,000 JPY.",
    )


@given(
    amount_minor=st.integers(0, 400_000_000),
    used_minor=st.integers(0, 300_000_000),
    more_minor=st.integers(0, 100_000_000),
)
def test_never_more_than_loss_or_limits_and_use_never_helps(
    amount_minor: int, used_minor: int, more_minor: int
) -> None:
    loss = replace(LOSS, amount_minor=amount_minor)
    answer = policy_answers(SOUND, loss=loss, used_minor=used_minor)
    later = policy_answers(SOUND, loss=loss, used_minor=used_minor + more_minor)
    assert answer.answers is (answer.pays_up_to_minor > 0)
    assert answer.pays_up_to_minor <= max(0, min(amount_minor - 500_000, 100_000_000))
    assert answer.pays_up_to_minor <= max(0, 200_000_000 - used_minor)
    assert later.pays_up_to_minor <= answer.pays_up_to_minor


PROOF = SubmittedPolicy(
    submitted_on=date(2026, 3, 9),
    defects=(),
    effective_on=date(2026, 1, 1),
    expires_on=date(2027, 1, 1),
    key=2,
)
INCIDENT = date(2026, 2, 20)


def test_scenario_6_cover_on_the_incident_date_proven_later() -> None:
    decided_on = date(2026, 3, 11)
    assert find_proven_cover([PROOF], incident_on=INCIDENT, decided_on=decided_on) is PROOF


@pytest.mark.parametrize(
    ("changes", "incident_on", "decided_on"),
    [
        ({}, INCIDENT, date(2026, 3, 8)),
        ({"defects": ("DEDUCTIBLE",)}, INCIDENT, date(2026, 3, 11)),
        ({}, date(2025, 12, 31), date(2026, 3, 11)),
        ({}, date(2027, 1, 1), date(2027, 1, 1)),
        ({"defects": ("DATES",), "effective_on": None}, INCIDENT, date(2026, 3, 11)),
        ({"defects": ("DATES",), "expires_on": None}, INCIDENT, date(2026, 3, 11)),
    ],
)
def test_cover_not_proven(changes: dict[str, Any], incident_on: date, decided_on: date) -> None:
    policies = [replace(PROOF, **changes)]
    assert find_proven_cover(policies, incident_on=incident_on, decided_on=decided_on) is None


def test_the_earliest_proof_is_named() -> None:
    earlier = replace(PROOF, submitted_on=date(2026, 3, 1), key=9)
    same_day = replace(PROOF, key=1)
    by = date(2026, 3, 11)
    assert find_proven_cover([PROOF, same_day], incident_on=INCIDENT, decided_on=by) is same_day
    assert find_proven_cover([PROOF, earlier], incident_on=INCIDENT, decided_on=by) is earlier


@pytest.mark.parametrize(("covered", "is_found"), [({"kettles"}, True), ({"toys"}, False)])
def test_proof_for_a_product_must_cover_it(covered: set[str], *, is_found: bool) -> None:
    policy = replace(PROOF, products=frozenset(covered))
    found = find_proven_cover(
        [policy],
        incident_on=INCIDENT,
        decided_on=date(2026, 3, 11),
        products=frozenset({"kettle-1", "kettles"}),
    )
    assert (found is policy) is is_found
    assert found is None or is_found


def test_no_policy_no_cover() -> None:
    assert find_proven_cover([], incident_on=INCIDENT, decided_on=INCIDENT) is None


@pytest.mark.parametrize(
    ("changes", "used_minor", "most_minor"),
    [
        ({}, 0, 4_500_000),
        ({"deductible_minor": None}, 0, 5_000_000),
        ({"deductible_minor": 4_999_999}, 0, 1),
        ({"deductible_minor": 5_000_000}, 0, None),
        ({"deductible_minor": 9_000_000}, 0, None),
        ({"each_occurrence_minor": 2_000_000}, 0, 2_000_000),
        ({}, 99_000_000, 1_000_000),
        ({}, 100_000_000, 0),
        ({}, 200_000_000, 0),
        ({"aggregate_minor": None}, 200_000_000, 4_500_000),
        ({"each_occurrence_minor": None}, 0, None),
        ({"territory": frozenset({"JP"})}, 0, None),
        ({"products": frozenset({"lamps"})}, 0, None),
        ({"expires_on": date(2026, 2, 20)}, 0, None),
    ],
)
def test_what_an_insurer_can_be_asked_for_at_most(
    changes: dict[str, Any], used_minor: int, most_minor: int | None
) -> None:
    policy = replace(SOUND, **{"aggregate_minor": 100_000_000, **changes})
    assert most_payable(policy, loss=LOSS, used_minor=used_minor) == most_minor
