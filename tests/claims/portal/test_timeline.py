"""A seller reads its own words and the programme's steps, and nothing from inside."""

from datetime import UTC, datetime

import pytest

from claims.lifecycle import STEPS, ActorKind, Status
from claims.models import ClaimEvent
from claims.portal.timeline import STEP_WORDS, timeline

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# Steps that say something about the customer, or about how the programme looks at a claim.
INSIDE = {
    "deny_ineligible",
    "screen_out",
    "ask_claimant",
    "claimant_answers",
    "abandon",
    "reopen",
    "adopt_payment",
    "return_payment",
    "propose_approval",
    "refuse_approval",
    "reassess",
    "place_hold",
    "release_hold",
    "change_payee",
    "record_medicare",
    "send_payment",
    "payment_refused",
    "write_status_letter",
}


def event(step: str, by: ActorKind = ActorKind.STAFF, **fields: object) -> ClaimEvent:
    values: dict[str, object] = {
        "step": step,
        "at": AT,
        "actor_kind": by,
        "to_status": Status.IN_ADJUDICATION,
        "text": "words of a person",
    } | fields
    return ClaimEvent(**values)


def test_every_step_of_the_life_cycle_is_either_shown_or_kept_inside() -> None:
    shown = set(STEP_WORDS) | {"add_information", "lapse"}
    assert shown & INSIDE == set()
    assert shown | INSIDE == set(STEPS)


@pytest.mark.parametrize("step", sorted(INSIDE))
def test_what_is_inside_stays_inside(step: str) -> None:
    assert timeline([event(step, by=by) for by in ActorKind]) == []


@pytest.mark.parametrize("step", sorted(STEP_WORDS))
def test_words_of_staff_and_of_the_customer_are_never_quoted(step: str) -> None:
    others = [kind for kind in ActorKind if kind != ActorKind.SELLER]
    assert [entry.quote for entry in timeline([event(step, by=by) for by in others])] == [""] * 5


def test_the_sellers_own_words_are_quoted() -> None:
    entries = timeline([event("reject", ActorKind.SELLER)])
    assert entries == [(AT, "You rejected the claim", "words of a person")]


def test_only_the_sellers_own_information_is_shown() -> None:
    events = [event("add_information", by=kind) for kind in ActorKind]
    assert timeline(events) == [(AT, "You added information", "words of a person")]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (Status.APPROVED, "No answer came in time, so we approved the claim"),
        (Status.IN_ADJUDICATION, "No answer came in time; one of our adjusters decides"),
    ],
)
def test_silence_says_where_it_led_and_not_what_barred_it(to: Status, words: str) -> None:
    lapse = event("lapse", ActorKind.SYSTEM, to_status=to, facts={"bars": ["FRAUD_HOLD"]})
    assert timeline([lapse]) == [(AT, words, "")]


def test_the_newest_stands_first() -> None:
    entries = timeline([event("pass_screening"), event("notify_seller")])
    assert [entry.words for entry in entries] == [
        "We asked you to answer",
        "A customer's claim about your product passed our checks",
    ]
