"""The life-cycle: every step from every status leads where the table says, or nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from claims.decisions.base import take
from claims.lifecycle import (
    OPEN,
    QUEUES,
    STEPS,
    TERMINAL,
    UNSCREENED,
    ActorKind,
    Status,
    Step,
    StepNotAllowed,
    check_step,
    steps_from,
)
from claims.models import Claim
from claims.operations.acting import act
from claims.outcome import Actor
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import TOLD, claim_in
from tests.claims.core.world import again, last_event, snapshot

LATER = TOLD + timedelta(hours=1)
# What the database wants of a claim that arrives in a status.
AMOUNTS: dict[str, Any] = {"assessed_minor": 250_000, "approved_minor": 250_000}


def someone(step: Step) -> Actor:
    """An actor who may take the step."""
    return Actor(min(step.by))


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status)
def test_every_step_from_every_status(status: Status, provider: SandboxProvider) -> None:
    claim = claim_in(status, provider)
    before = snapshot()
    allowed = [step for step in STEPS.values() if status in step.source]
    for step in set(STEPS.values()) - set(allowed):
        for to in step.to or {status}:
            with pytest.raises(StepNotAllowed):
                take_step(claim, step, to)
    assert snapshot() == before
    for step in allowed:
        for to in step.to or {status}:
            assert_leads(claim, step, to)
    assert snapshot() == before


def assert_leads(claim: Claim, step: Step, to: Status) -> None:
    """The step is taken: the claim and its file say so; then it is undone for the next."""
    with transaction.atomic():
        moved = take_step(claim, step, to)
        event = last_event(claim)
        assert (moved.status, moved.version) == (to, claim.version + 1)
        assert moved.status_since == (claim.status_since if to == claim.status else LATER)
        assert (event.version, event.step, event.at) == (claim.version + 1, step.name, LATER)
        assert (event.from_status, event.to_status) == (claim.status, to)
        assert event.actor_kind == someone(step).kind
        transaction.set_rollback(True)


def take_step(claim: Claim, step: Step, to: Status) -> Claim:
    """Take a bare step: nothing but the move."""
    changes = AMOUNTS | ({"paid_minor": 250_000} if to == Status.PAID else {})
    return act(
        claim,
        lambda facts: take(facts, step.name, at=LATER, by=someone(step), to=to, changes=changes),
    )


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("actor", ActorKind)
def test_a_step_is_taken_by_whom_the_table_names(status: Status, actor: ActorKind) -> None:
    allowed = []
    for name, step in STEPS.items():
        if status in step.source and actor in step.by:
            assert check_step(name, status=status, actor=actor) is step
            allowed.append(step)
        else:
            with pytest.raises(StepNotAllowed):
                check_step(name, status=status, actor=actor)
    assert steps_from(status, actor=actor) == tuple(allowed)


def test_a_refusal_says_why_in_words() -> None:
    with pytest.raises(StepNotAllowed, match="A claim that is paid does not allow this: withdraw"):
        check_step("withdraw", status=Status.PAID, actor=ActorKind.CLAIMANT)
    with pytest.raises(StepNotAllowed, match="Seller may not do this: step in and pay"):
        check_step("step_in", status=Status.IN_ADJUDICATION, actor=ActorKind.SELLER)


@pytest.mark.django_db
def test_a_wrong_actor_changes_nothing(provider: SandboxProvider) -> None:
    claim = claim_in(Status.IN_ADJUDICATION, provider)
    before = snapshot()
    for step in STEPS.values():
        for kind in set(ActorKind) - step.by:
            with pytest.raises(StepNotAllowed):
                act(claim, lambda f, s=step, k=kind: take(f, s.name, at=LATER, by=Actor(k)))  # type: ignore[misc]
    assert snapshot() == before
    assert again(claim).version == claim.version


# The drawing at the head of the module, once more as pairs: a changed table must be meant.
MOVES = {
    "deny_ineligible": "REPORTED>DENIED",
    "pass_screening": "REPORTED>IN_ASSESSMENT",
    "screen_out": "REPORTED>DENIED",
    "ask_claimant": "REPORTED IN_ASSESSMENT>AWAITING_CLAIMANT",
    "claimant_answers": "AWAITING_CLAIMANT>IN_ASSESSMENT",
    "abandon": "AWAITING_CLAIMANT>ABANDONED",
    "reopen": "ABANDONED>IN_ASSESSMENT",
    "concede": "IN_ASSESSMENT>APPROVED",
    "find_not_proven": "IN_ASSESSMENT>DENIED",
    "notify_seller": "IN_ASSESSMENT>AWAITING_SELLER",
    "accept": "AWAITING_SELLER>APPROVED IN_ADJUDICATION",
    "lapse": "AWAITING_SELLER>APPROVED IN_ADJUDICATION",
    "reject": "AWAITING_SELLER>IN_ADJUDICATION",
    "handle": "AWAITING_SELLER>WITH_SELLER",
    "tender": "AWAITING_SELLER>WITH_INSURER",
    "answer_late": "APPROVED AWAITING_SELLER IN_ADJUDICATION>AWAITING_SELLER IN_ADJUDICATION",
    "settle": "WITH_SELLER>SETTLED",
    "insurer_pays": "WITH_INSURER>SETTLED",
    "insurer_declines": "WITH_INSURER>IN_ADJUDICATION",
    "return_claim": "WITH_INSURER WITH_SELLER>IN_ADJUDICATION",
    "step_in": "IN_ADJUDICATION>APPROVED",
    "uphold": "IN_ADJUDICATION>DENIED",
    "claimant_appeals": "DENIED>IN_ADJUDICATION",
    "overturn_denial": "IN_ADJUDICATION>APPROVED IN_ASSESSMENT",
    "void_approval": "APPROVED>IN_ADJUDICATION",
    "pay": "APPROVED>PAID",
    "adopt_payment": (
        "APPROVED AWAITING_CLAIMANT AWAITING_SELLER IN_ADJUDICATION IN_ASSESSMENT REPORTED"
        " WITH_INSURER WITH_SELLER>APPROVED"
    ),
    "return_payment": "PAID>APPROVED",
}


def test_the_table_is_the_drawing() -> None:
    moves = {
        name: f"{' '.join(sorted(step.source))}>{' '.join(sorted(step.to))}"
        for name, step in STEPS.items()
        if step.to and name != "withdraw"
    }
    assert moves == {
        name: ">".join(" ".join(sorted(side.split())) for side in move.split(">"))
        for name, move in MOVES.items()
    }
    assert STEPS["withdraw"].source == OPEN
    assert STEPS["withdraw"].to == {Status.WITHDRAWN}


def test_every_status_is_open_or_ended_and_none_is_a_dead_end() -> None:
    assert set(Status) == OPEN | TERMINAL
    assert not OPEN & TERMINAL
    assert set(QUEUES) | UNSCREENED < OPEN
    for status in OPEN:
        assert any(status in step.source and step.to - {status} for step in STEPS.values())


def test_only_appeals_reopening_and_returns_leave_an_ended_claim() -> None:
    leaving = {name for name, s in STEPS.items() if s.source & TERMINAL and s.to}
    assert leaving == {"reopen", "claimant_appeals", "return_payment"}


def test_every_step_has_a_label_and_somebody_to_take_it() -> None:
    for name, step in STEPS.items():
        assert step.name == name
        assert step.label
        assert step.source
        assert step.by
