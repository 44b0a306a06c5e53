"""What happens: each `do` of a scenario is one operation of production."""

from collections.abc import Callable
from typing import Any

from claims.lifecycle import ActorKind
from claims.models import (
    Answer,
    AppealParty,
    AppealStatus,
    Claim,
    Harm,
    Head,
    HoldKind,
    Medicare,
    Severity,
)
from claims.operations import (
    adjudication,
    appeal,
    assessment,
    holds,
    intake,
    payment,
    recovery,
    responding,
)
from claims.outcome import CLAIMANT, Actor
from claims.scenarios import mail
from claims.scenarios.files import Event, FileNotUnderstood, read_day
from claims.scenarios.world import World

NO_WORDS = "No words in the scenario."
# Shorter names that a file may use for ours.
ALIASES = {
    "HEAT": "FIRE",
    "FIRE_HEAT": "FIRE",
    "MECHANICAL_FAILURE": "MECHANICAL",
    "ALLERGY": "CHEMICAL",
    "CHEMICAL_ALLERGY": "CHEMICAL",
    "CHOKING": "INGESTION",
    "INGESTION_CHOKING": "INGESTION",
    "COLLAPSE": "FALL",
    "FALL_COLLAPSE": "FALL",
    "LEAK": "WATER",
    "WATER_LEAK": "WATER",
    "HOSPITAL_ADMISSION": "HOSPITAL",
    "GRIEVOUS_INJURY": "GRIEVOUS",
}


def happen(world: World, event: Event) -> None:
    """Let an event happen at its moment.

    Raises:
        Refused: the rules refuse it. FileNotUnderstood: a value cannot be read.
    """
    _DO[event.do](world, event, f"events[{event.number}]")


def _choice(kind: Any, text: object, where: str) -> Any:
    name = str(text).strip().upper().replace(" ", "_").replace("-", "_").replace("/", "_")
    name = ALIASES.get(name, name)
    if name not in kind.values:
        known = ", ".join(value.lower() for value in kind.values)
        raise FileNotUnderstood(f"{where}: “{text}” is not one of {known}")
    return kind(name)


def _claim(world: World, event: Event, where: str) -> Claim:
    name = event.claim
    if name not in world.claims:
        raise FileNotUnderstood(f"{where}.claim: no claim “{name}” was reported before")
    return world.claims[name]


def _seller(world: World, event: Event, where: str) -> Actor:
    named = event.values.get("seller")
    claim = _claim(world, event, where)
    if named is not None and world.seller_named(named, where) != claim.seller:
        raise responding.AnswerRefused("This claim is another seller's.")
    return Actor(ActorKind.SELLER)


def _common(world: World, event: Event, where: str) -> dict[str, Any]:
    return {
        "claim": _claim(world, event, where),
        "at": event.at,
        "by": world.staff(event.values.get("by")),
    }


def _words(event: Event, key: str = "reason") -> str:
    return str(event.values.get(key) or NO_WORDS)


def _report_claim(world: World, event: Event, where: str) -> None:
    values, who = event.values, event.values["claimant"]
    if event.claim is None or event.claim in world.claims:
        raise FileNotUnderstood(f"{where}.claim: a new id is needed, got “{event.claim}”")
    if values["order"] not in world.orders:
        raise FileNotUnderstood(f"{where}.order: no order has the id “{values['order']}”")
    born = who["born_on"]
    world.claims[event.claim] = intake.report_claim(
        order=world.orders[values["order"]],
        incident_on=read_day(values["incident_on"], f"{where}.incident_on"),
        harm=_choice(Harm, values["harm"], f"{where}.harm"),
        severity=_choice(Severity, values["severity"], f"{where}.severity"),
        lines=[
            intake.ClaimedLine(
                _choice(Head, line["head"], f"{where}.lines[{n}].head"),
                world.amount(line["claimed"], f"{where}.lines[{n}].claimed"),
            )
            for n, line in enumerate(values["lines"])
        ],
        claimant=intake.ClaimantDetails(
            name=who["name"],
            email=who["email"],
            born_on=None if born is None else read_day(born, f"{where}.claimant.born_on"),
        ),
        is_represented=bool(who["represented"]),
        medicare=_choice(Medicare, who["medicare"], f"{where}.claimant.medicare"),
        payee=intake.PayeeGiven(who["name"], "acct_report") if values["payee"] else None,
        narrative=values["narrative"],
        at=event.at,
        by=CLAIMANT,
    )


def _pass_screening(world: World, event: Event, where: str) -> None:
    intake.pass_screening(**_common(world, event, where))


def _screen_out(world: World, event: Event, where: str) -> None:
    intake.screen_out(reason=_words(event), **_common(world, event, where))


def _ask_claimant(world: World, event: Event, where: str) -> None:
    intake.ask_claimant(question=_words(event, "question"), **_common(world, event, where))


def _claimant_answers(world: World, event: Event, where: str) -> None:
    answer = _words(event, "answer")
    intake.answer_question(**_common(world, event, where) | {"answer": answer, "by": CLAIMANT})


def _assess(world: World, event: Event, where: str) -> None:
    lines: dict[Head, int] = {}
    for n, line in enumerate(event.values["lines"]):
        head = _choice(Head, line["head"], f"{where}.lines[{n}].head")
        lines[head] = world.amount(line["assessed"], f"{where}.lines[{n}].assessed")
    note = str(event.values["reason"] or "")
    assessment.assess_claim(lines=lines, note=note, **_common(world, event, where))


def _respond(world: World, event: Event, where: str) -> None:
    answer = _choice(Answer, event.values["answer"], f"{where}.answer")
    by = _seller(world, event, where)
    common = _common(world, event, where) | {"by": by}
    responding.respond_to_claim(answer=answer, reason=_words(event), **common)


def _report_settlement(world: World, event: Event, where: str) -> None:
    common = _common(world, event, where) | {"by": _seller(world, event, where)}
    amount = world.amount(event.values["amount"], f"{where}.amount")
    responding.report_settlement(amount_minor=amount, proof=_words(event), **common)


def _insurer_answers(world: World, event: Event, where: str) -> None:
    amount = event.values["amount"]
    responding.record_insurer_answer(
        **_common(world, event, where) | {"by": Actor(ActorKind.INSURER)},
        pays=bool(event.values["pays"]),
        amount_minor=None if amount is None else world.amount(amount, f"{where}.amount"),
        reason=_words(event),
    )


def _step_in(world: World, event: Event, where: str) -> None:
    amount = event.values["amount"]
    adjudication.step_in(
        **_common(world, event, where),
        amount_minor=None if amount is None else world.amount(amount, f"{where}.amount"),
        reason=_words(event),
    )


def _uphold(world: World, event: Event, where: str) -> None:
    adjudication.uphold_rejection(reason=_words(event), **_common(world, event, where))


def _approve(world: World, event: Event, where: str) -> None:
    adjudication.approve_proposal(**_common(world, event, where))


def _refuse_approval(world: World, event: Event, where: str) -> None:
    adjudication.refuse_proposal(reason=_words(event), **_common(world, event, where))


def _submit_policy(world: World, event: Event, where: str) -> None:
    world.submit(event.values["policy"], f"{where}.policy", event.at)


def _appeal(world: World, event: Event, where: str) -> None:
    party = _choice(AppealParty, event.values["party"], f"{where}.party")
    by = _seller(world, event, where) if party == AppealParty.SELLER else CLAIMANT
    appeal.appeal_decision(
        claim=_claim(world, event, where),
        party=party,
        new_facts=str(event.values["new_facts"] or ""),
        at=event.at,
        by=by,
    )


def _decide_appeal(world: World, event: Event, where: str) -> None:
    outcome = _choice(AppealStatus, event.values["outcome"], f"{where}.outcome")
    appeal.decide_appeal(outcome=outcome, reason=_words(event), **_common(world, event, where))


def _hold(world: World, event: Event, where: str) -> None:
    kind = _choice(HoldKind, event.values["kind"], f"{where}.kind")
    holds.place_hold(kind=kind, reason=_words(event), **_common(world, event, where))


def _release(world: World, event: Event, where: str) -> None:
    kind = _choice(HoldKind, event.values["kind"], f"{where}.kind")
    holds.release_hold(kind=kind, reason=_words(event), **_common(world, event, where))


def _withdraw(world: World, event: Event, where: str) -> None:
    payment.withdraw_claim(
        claim=_claim(world, event, where), reason=_words(event), at=event.at, by=CLAIMANT
    )


def _extend(world: World, event: Event, where: str) -> None:
    days = event.values["days"]
    if not isinstance(days, int):
        raise FileNotUnderstood(f"{where}.days: “{days}” is not a whole number")
    responding.extend_deadline(days=days, reason=_words(event), **_common(world, event, where))


def _change_payee(world: World, event: Event, where: str) -> None:
    claim = _claim(world, event, where)
    payment.change_payee(
        claim=claim,
        name=claim.claimant.name,
        account=f"acct_changed_{event.number}",
        at=event.at,
        by=CLAIMANT,
    )


def _pause_payouts(world: World, event: Event, where: str) -> None:
    payment.pause_payouts(reason=_words(event), at=event.at, by=world.staff(event.values["by"]))


def _resume_payouts(world: World, event: Event, where: str) -> None:
    payment.resume_payouts(at=event.at, by=world.staff(event.values["by"]))


def _mail(world: World, event: Event, where: str) -> None:
    to, following = event.values["to"], event.values["next"]
    if following != "bounce":
        raise FileNotUnderstood(f"{where}.next: “{following}” is not bounce")
    if to != "claimant":
        mail.bounces[world.seller_named(to, f"{where}.to").email] += 1
        return
    for other in world.scenario.events:
        if other.do == "report_claim":
            mail.bounces[str(other.values["claimant"]["email"]).strip().lower()] += 1
            return


def _provider(world: World, event: Event, where: str) -> None:
    known = ("refuse", "timeout_after_accept", "timeout_before_accept", "error_500", "garbage")
    if event.values["next"] not in known:
        raise FileNotUnderstood(f"{where}.next: not one of {', '.join(known)}")
    world.server.script_next(event.values["next"])


def _collect(world: World, event: Event, where: str) -> None:
    source = event.values["from"]
    if source not in {"seller", "insurer"}:
        raise FileNotUnderstood(f"{where}.from: “{source}” is not seller or insurer")
    recovery.collect_recovery(
        source=source,
        amount_minor=world.amount(event.values["amount"], f"{where}.amount"),
        **_common(world, event, where),
    )


def _write_off(world: World, event: Event, where: str) -> None:
    recovery.write_off_recovery(reason=_words(event), **_common(world, event, where))


_DO: dict[str, Callable[[World, Event, str], None]] = {
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
