"""What happens: each `do` of a scenario is one operation of production."""

from collections.abc import Callable
from typing import Any

from claims.lifecycle import ActorKind, Refused
from claims.models import AppealParty, Claim, Head
from claims.operations import (
    adjudication,
    appeal,
    assessment,
    extending,
    holds,
    intake,
    pausing,
    payment,
    recovery,
    responding,
    settling,
)
from claims.outcome import CLAIMANT, Actor
from claims.scenarios import mail
from claims.scenarios.scenario import Event, Values
from claims.scenarios.world import World

NO_WORDS = "No words in the scenario."


class NotReported(Refused):
    """The claim of the event has not been reported, or its report was refused."""


def happen(world: World, event: Event) -> None:
    """Let an event happen at its moment.

    Raises:
        Refused: the rules refuse it.
    """
    _DO[event.do](world, event)


def _claim(world: World, event: Event) -> Claim:
    claim = world.claims.get(str(event.claim))
    if claim is None:
        raise NotReported(f"Claim {event.claim} is not there.")
    return claim


def _seller(world: World, event: Event) -> Actor:
    named = event.values["seller"]
    if named is not None and world.sellers[named] != _claim(world, event).seller:
        raise responding.AnswerRefused("This claim is another seller's.")
    return Actor(ActorKind.SELLER)


def _common(world: World, event: Event) -> dict[str, Any]:
    return {
        "claim": _claim(world, event),
        "at": event.at,
        "by": world.staff(event.values["by"]),
    }


def _words(event: Event, key: str = "reason") -> str:
    # A file that leaves the words out says nothing about them; one that empties them does.
    words = event.values[key]
    return NO_WORDS if words is None else str(words)


def _by_head(values: Values, amount: str) -> list[tuple[Head, int]]:
    """The lines, those of one head added: a claim has one line a head."""
    totals: dict[Head, int] = {}
    for line in values["lines"]:
        totals[line["head"]] = totals.get(line["head"], 0) + line[amount]
    return list(totals.items())


def _report_claim(world: World, event: Event) -> None:
    values, who = event.values, event.values["claimant"]
    world.claims[str(event.claim)] = intake.report_claim(
        order=world.orders[values["order"]],
        incident_on=values["incident_on"],
        harm=values["harm"],
        severity=values["severity"],
        lines=[intake.ClaimedLine(head, amount) for head, amount in _by_head(values, "claimed")],
        claimant=intake.ClaimantDetails(who["name"], who["email"], who["born_on"]),
        is_represented=who["represented"],
        medicare=who["medicare"],
        payee=intake.PayeeGiven(who["name"], "acct_report") if values["payee"] else None,
        narrative=values["narrative"],
        at=event.at,
        by=CLAIMANT,
    )


def _pass_screening(world: World, event: Event) -> None:
    intake.pass_screening(**_common(world, event))


def _screen_out(world: World, event: Event) -> None:
    intake.screen_out(reason=_words(event), **_common(world, event))


def _ask_claimant(world: World, event: Event) -> None:
    intake.ask_claimant(question=_words(event, "question"), **_common(world, event))


def _claimant_answers(world: World, event: Event) -> None:
    common = _common(world, event) | {"by": CLAIMANT}
    intake.answer_question(answer=_words(event, "answer"), **common)


def _assess(world: World, event: Event) -> None:
    lines = dict(_by_head(event.values, "assessed"))
    assessment.assess_claim(lines=lines, note=_words(event), **_common(world, event))


def _respond(world: World, event: Event) -> None:
    common = _common(world, event) | {"by": _seller(world, event)}
    responding.respond_to_claim(answer=event.values["answer"], reason=_words(event), **common)


def _report_settlement(world: World, event: Event) -> None:
    common = _common(world, event) | {"by": _seller(world, event)}
    settling.report_settlement(amount_minor=event.values["amount"], proof=_words(event), **common)


def _insurer_answers(world: World, event: Event) -> None:
    settling.record_insurer_answer(
        **_common(world, event) | {"by": Actor(ActorKind.INSURER)},
        pays=event.values["pays"],
        amount_minor=event.values["amount"],
        reason=_words(event),
    )


def _step_in(world: World, event: Event) -> None:
    adjudication.step_in(
        amount_minor=event.values["amount"], reason=_words(event), **_common(world, event)
    )


def _uphold(world: World, event: Event) -> None:
    adjudication.uphold_rejection(reason=_words(event), **_common(world, event))


def _approve(world: World, event: Event) -> None:
    adjudication.approve_proposal(**_common(world, event))


def _refuse_approval(world: World, event: Event) -> None:
    adjudication.refuse_proposal(reason=_words(event), **_common(world, event))


def _submit_policy(world: World, event: Event) -> None:
    world.submit(event.values["policy"], event.at)


def _appeal(world: World, event: Event) -> None:
    party = event.values["party"]
    by = _seller(world, event) if party == AppealParty.SELLER else CLAIMANT
    common = _common(world, event) | {"by": by}
    appeal.appeal_decision(party=party, new_facts=event.values["new_facts"], **common)


def _decide_appeal(world: World, event: Event) -> None:
    party, outcome = event.values["party"], event.values["outcome"]
    appeal.decide_appeal(
        party=party, outcome=outcome, reason=_words(event), **_common(world, event)
    )


def _hold(world: World, event: Event) -> None:
    kind = event.values["kind"]
    holds.place_hold(kind=kind, reason=_words(event), **_common(world, event))


def _release(world: World, event: Event) -> None:
    kind = event.values["kind"]
    holds.release_hold(kind=kind, reason=_words(event), **_common(world, event))


def _withdraw(world: World, event: Event) -> None:
    common = _common(world, event) | {"by": CLAIMANT}
    payment.withdraw_claim(reason=_words(event), **common)


def _extend(world: World, event: Event) -> None:
    days = event.values["days"]
    extending.extend_deadline(days=days, reason=_words(event), **_common(world, event))


def _change_payee(world: World, event: Event) -> None:
    common = _common(world, event) | {"by": CLAIMANT}
    name, account = common["claim"].claimant.name, f"acct_changed_{event.where}"
    payment.change_payee(name=name, account=account, **common)


def _pause_payouts(world: World, event: Event) -> None:
    by = world.staff(event.values["by"])
    pausing.pause_payouts(reason=_words(event), at=event.at, by=by)


def _resume_payouts(world: World, event: Event) -> None:
    by = world.staff(event.values["by"])
    pausing.resume_payouts(reason=_words(event), at=event.at, by=by)


def _mail(world: World, event: Event) -> None:
    to = event.values["to"]
    mail.bounces[mail.CLAIMANTS if to == "claimant" else world.sellers[to].email] += 1


def _provider(world: World, event: Event) -> None:
    world.server.script_next(event.values["next"])


def _collect(world: World, event: Event) -> None:
    source, amount = event.values["from"], event.values["amount"]
    recovery.collect_recovery(source=source, amount_minor=amount, **_common(world, event))


def _write_off(world: World, event: Event) -> None:
    recovery.write_off_recovery(reason=_words(event), **_common(world, event))


_DO: dict[str, Callable[[World, Event], None]] = {
    "report_claim": _report_claim,
    "pass_screening": _pass_screening,
    "screen_out": _screen_out,
    "ask_claimant": _ask_claimant,
    "claimant_answers": _claimant_answers,
    "assess": _assess,
    "respond": _respond,
    "report_settlement": _report_settlement,
    "insurer_answers": _insurer_answers,
    "step_in": _step_in,
    "uphold": _uphold,
    "approve": _approve,
    "refuse_approval": _refuse_approval,
    "submit_policy": _submit_policy,
    "appeal": _appeal,
    "decide_appeal": _decide_appeal,
    "hold": _hold,
    "release": _release,
    "withdraw": _withdraw,
    "extend": _extend,
    "change_payee": _change_payee,
    "pause_payouts": _pause_payouts,
    "resume_payouts": _resume_payouts,
    "mail": _mail,
    "provider": _provider,
    "collect": _collect,
    "write_off": _write_off,
}
