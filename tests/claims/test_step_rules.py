"""Every event of a file names the rule behind it: `explain` and the timeline need it."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from claims.lifecycle import STEPS, Status
from claims.models import ClaimEvent, HoldKind
from claims.operations.holds import place_hold, release_hold
from claims.providers.sandbox import SandboxProvider
from claims.step_rules import STEP_RULES
from tests.claims.core.stories import claim_in
from tests.claims.core.world import adjuster
from tests.claims.operations.conftest import clock, provider, server
from tests.factories import NOON, report

__all__ = ["clock", "provider", "server"]

LONGEST = ClaimEvent._meta.get_field("rule").max_length or 0
CALLS = {"take", "undo_approval", "approve", "decide_amount"}


def test_the_rules_are_of_steps_and_fit_their_column() -> None:
    assert set(STEP_RULES) <= set(STEPS) | {"report"}
    assert all(rule.startswith("rules §") for rule in STEP_RULES.values())
    assert max(len(rule) for rule in STEP_RULES.values()) <= LONGEST


def steps_without_a_rule() -> set[str]:
    """The steps that the source takes, by name, without naming a rule beside them."""
    found: set[str] = set()
    for path in (Path(settings.BASE_DIR) / "claims").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                found |= named(node)
    return found


def named(call: ast.Call) -> set[str]:
    # `**more` may hold the rule: those are looked at by the stories below.
    if any(keyword.arg in {"rule", None} for keyword in call.keywords):
        return set()
    words = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
    return {str(word) for word in words if word in STEPS}


def test_a_step_without_a_rule_of_its_own_has_one_here() -> None:
    missing = steps_without_a_rule() - set(STEP_RULES)
    assert missing == set()


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status)
def test_every_event_of_a_story_names_its_rule(status: Status, provider: SandboxProvider) -> None:
    claim = claim_in(status, provider)

    without = [event.step for event in claim.events.all() if not event.rule]
    assert without == []


@pytest.mark.django_db
def test_a_hold_names_what_it_does() -> None:
    claim = report()
    place_hold(claim=claim, kind=HoldKind.LEGAL, reason="A suit.", at=NOON, by=adjuster())
    release_hold(claim=claim, kind=HoldKind.LEGAL, reason="Settled.", at=NOON, by=adjuster())

    rules = list(claim.events.order_by("version").values_list("step", "rule"))
    assert rules == [(step, STEP_RULES[step]) for step in ("report", "place_hold", "release_hold")]
