"""Every operation on a claim in every status: taken where the table says, or without a trace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from claims.lifecycle import STEPS, Refused, Status
from claims.models import Answer, AppealParty, AppealStatus, Claim, Head, HoldKind
from claims.operations.adjudication import (
    approve_proposal,
    refuse_proposal,
    step_in,
    uphold_rejection,
)
from claims.operations.appeal import appeal_decision, decide_appeal
from claims.operations.assessment import assess_claim
from claims.operations.extending import add_information, extend_deadline
from claims.operations.holds import place_hold, release_hold
from claims.operations.intake import answer_question, ask_claimant, pass_screening, screen_out
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.recovery import (
    collect_recovery,
    withhold_disbursements,
    write_off_recovery,
)
from claims.operations.responding import respond_to_claim
from claims.operations.settling import record_insurer_answer, report_settlement
from claims.outcome import CLAIMANT, Actor
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import claim_in
from tests.claims.core.world import DAY, again, last_event, seller, senior, snapshot
from tests.factories import NOON

pytestmark = pytest.mark.django_db

# Before the seller's deadline, and after every story's last step but the silent claimant's.
AT = NOON + 4 * DAY
S = Status
EVERY = frozenset(Status)
OPEN_ONES = EVERY - {S.PAID, S.SETTLED, S.DENIED, S.WITHDRAWN, S.ABANDONED}
type Operation = Callable[[Claim, dict[str, Any]], Claim]


def assess(claim: Claim, staff: dict[str, Any]) -> Claim:
    return assess_claim(claim=claim, lines={Head.PROPERTY_DAMAGE: 200_000}, **staff)


def respond(answer: Answer) -> Operation:
    return lambda c, staff: respond_to_claim(
        claim=c, answer=answer, reason="R", at=staff["at"], by=seller()
    )


def appeal(party: AppealParty) -> Operation:
    def by() -> Actor:
        return CLAIMANT if party == AppealParty.CLAIMANT else seller()

    return lambda c, staff: appeal_decision(
        claim=c, party=party, new_facts="N", at=staff["at"], by=by()
    )


# Operation → the step it takes, and the statuses of the stories in which it is taken. A status
# may allow a step whose other conditions the story does not meet: no proposal, no hold to release.
TABLE: dict[str, tuple[Operation, str | None, frozenset[Status]]] = {
    "pass_screening": (
        lambda c, staff: pass_screening(claim=c, **staff),
        "pass_screening",
        frozenset({S.REPORTED}),
    ),
    "screen_out": (
        lambda c, staff: screen_out(claim=c, reason="R", **staff),
        "screen_out",
        frozenset({S.REPORTED}),
    ),
    "ask_claimant": (
        lambda c, staff: ask_claimant(claim=c, question="Q", **staff),
        "ask_claimant",
        frozenset({S.REPORTED, S.IN_ASSESSMENT}),
    ),
    "answer_question": (
        lambda c, staff: answer_question(claim=c, answer="A", **staff),
        None,
        frozenset({S.AWAITING_CLAIMANT, S.ABANDONED}),
    ),
    "assess_claim": (assess, None, frozenset({S.IN_ASSESSMENT, S.IN_ADJUDICATION})),
    "accept": (respond(Answer.ACCEPT), "accept", frozenset({S.AWAITING_SELLER})),
    "reject": (respond(Answer.REJECT), "reject", frozenset({S.AWAITING_SELLER})),
    "handle": (respond(Answer.HANDLE), "handle", frozenset({S.AWAITING_SELLER})),
    "tender": (respond(Answer.TENDER), "tender", frozenset({S.AWAITING_SELLER})),
    "report_settlement": (
        lambda c, staff: report_settlement(claim=c, amount_minor=1, proof="P", **staff),
        "settle",
        frozenset({S.WITH_SELLER}),
    ),
    "insurer_pays": (
        lambda c, staff: record_insurer_answer(claim=c, pays=True, amount_minor=1, **staff),
        "insurer_pays",
        frozenset({S.WITH_INSURER}),
    ),
    "insurer_declines": (
        lambda c, staff: record_insurer_answer(claim=c, pays=False, reason="R", **staff),
        "insurer_declines",
        frozenset({S.WITH_INSURER}),
    ),
    "extend_deadline": (
        lambda c, staff: extend_deadline(claim=c, days=1, reason="R", **staff),
        "extend_deadline",
        frozenset({S.AWAITING_SELLER, S.WITH_SELLER, S.WITH_INSURER}),
    ),
    "step_in": (
        lambda c, staff: step_in(claim=c, reason="The fuse failed.", **staff),
        "step_in",
        frozenset({S.IN_ADJUDICATION}),
    ),
    "uphold_rejection": (
        lambda c, staff: uphold_rejection(claim=c, reason="R", **staff),
        "uphold",
        frozenset({S.IN_ADJUDICATION}),
    ),
    "approve_proposal": (
        lambda c, staff: approve_proposal(claim=c, **staff),
        None,
        frozenset(),
    ),
    "refuse_proposal": (
        lambda c, staff: refuse_proposal(claim=c, reason="R", **staff),
        "refuse_approval",
        frozenset(),
    ),
    "claimant_appeals": (
        appeal(AppealParty.CLAIMANT),
        "claimant_appeals",
        frozenset({S.DENIED}),
    ),
    "seller_appeals": (
        appeal(AppealParty.SELLER),
        "seller_appeals",
        frozenset({S.APPROVED, S.PAID}),
    ),
    "decide_appeal": (
        lambda c, staff: decide_appeal(claim=c, outcome=AppealStatus.UPHELD, reason="R", **staff),
        None,
        frozenset(),
    ),
    "place_hold": (
        lambda c, staff: place_hold(claim=c, kind=HoldKind.LEGAL, reason="R", **staff),
        "place_hold",
        OPEN_ONES,
    ),
    "release_hold": (
        lambda c, staff: release_hold(claim=c, kind=HoldKind.LEGAL, reason="R", **staff),
        "release_hold",
        frozenset(),
    ),
    "change_payee": (
        lambda c, staff: change_payee(claim=c, name="N", account="a", reason="R", **staff),
        "change_payee",
        OPEN_ONES,
    ),
    "withdraw_claim": (
        lambda c, staff: withdraw_claim(claim=c, reason="R", **staff),
        "withdraw",
        OPEN_ONES,
    ),
    "add_information": (
        lambda c, staff: add_information(claim=c, text="T", **staff),
        "add_information",
        EVERY,
    ),
    "withhold_disbursements": (
        lambda c, staff: withhold_disbursements(claim=c, **staff),
        "withhold_recovery",
        frozenset({S.PAID}),
    ),
    "collect_recovery": (
        lambda c, staff: collect_recovery(claim=c, source="seller", amount_minor=1, **staff),
        "collect_recovery",
        frozenset({S.PAID}),
    ),
    "write_off_recovery": (
        lambda c, staff: write_off_recovery(claim=c, reason="R", **staff),
        "write_off_recovery",
        frozenset({S.PAID}),
    ),
}


def test_the_table_stays_within_the_life_cycle() -> None:
    for name, (_, step, statuses) in TABLE.items():
        if step is not None:
            assert statuses <= STEPS[step].source, name


@pytest.mark.parametrize("status", Status)
def test_every_operation_in_every_status(status: Status, provider: SandboxProvider) -> None:
    claim = claim_in(status, provider)
    by = senior()
    at = AT if status != Status.ABANDONED else NOON + 17 * DAY
    sellers_row = seller()
    assert sellers_row.user_id
    before = snapshot()
    for name, (operation, step, statuses) in TABLE.items():
        with transaction.atomic():
            if status in statuses:
                assert_taken(name, operation, claim, step, {"at": at, "by": by})
            else:
                with pytest.raises(Refused) as caught:
                    operation(claim, {"at": at, "by": by})
                assert str(caught.value).endswith("."), name
            transaction.set_rollback(True)
        assert again(claim).version == claim.version
    assert snapshot() == before


def assert_taken(
    name: str, operation: Operation, claim: Claim, step: str | None, staff: dict[str, Any]
) -> None:
    """One event more, of the step that the table names, by whom and when."""
    found = operation(claim, staff)
    event = last_event(claim)
    assert found == again(claim)
    assert found.version == event.version == claim.version + 1, name
    assert step in {None, event.step}, name
    assert (event.at, event.from_status, event.to_status) == (
        staff["at"],
        claim.status,
        found.status,
    )


@pytest.mark.parametrize("status", Status)
def test_a_refused_operation_leaves_no_trace(status: Status, provider: SandboxProvider) -> None:
    """Without the roll-back of the test above: the refusal itself writes nothing."""
    claim = claim_in(status, provider)
    staff = {"at": AT + timedelta(days=20), "by": senior()}
    operations = [o for n, (o, _, s) in TABLE.items() if status not in s and "appeals" not in n]
    answers = {"accept", "reject", "handle", "tender"}
    quiet = [o for n, (o, _, s) in TABLE.items() if o in operations and n not in answers]
    before = snapshot()
    for operation in quiet:
        with pytest.raises(Refused):
            operation(claim, staff)
    assert snapshot() == before
