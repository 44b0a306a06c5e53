"""The acts of the stories: each is one operation of the product, on a day of the story."""

from collections.abc import Callable
from typing import Any, Literal

from claims.demo.amounts import assessed, minor
from claims.demo.cover import submit_sound_policy
from claims.demo.outside import script_fault, send_back
from claims.demo.story import Act, Scene
from claims.lifecycle import ActorKind
from claims.models import (
    Answer,
    AppealParty,
    AppealStatus,
    HoldKind,
    Notice,
    Payout,
    Recipient,
)
from claims.notices import record_bounce
from claims.operations import (
    adjudication,
    appeal,
    assessment,
    extending,
    holds,
    intake,
    payment,
    recovery,
    responding,
    settling,
)
from claims.operations.following import notice_from_provider
from claims.outcome import CLAIMANT, Actor


def _by_staff(scene: Scene, username: str) -> dict[str, Any]:
    return {"claim": scene.claim, "at": scene.at, "by": scene.company.staff(username)}


def _by_seller(scene: Scene) -> dict[str, Any]:
    by = scene.company.seller(scene.claim.seller_id)
    return {"claim": scene.claim, "at": scene.at, "by": by}


def _by_insurer(scene: Scene) -> dict[str, Any]:
    return {"claim": scene.claim, "at": scene.at, "by": Actor(ActorKind.INSURER)}


def _by_claimant(scene: Scene) -> dict[str, Any]:
    return {"claim": scene.claim, "at": scene.at, "by": CLAIMANT}


def _staff_act(operation: Callable[..., object], day: float, by: str, **values: Any) -> Act:
    return Act(day, lambda scene: operation(**_by_staff(scene, by), **values))


def passes(day: float, by: str = "adjuster") -> Act:
    """Screening lets the claim through."""
    return _staff_act(intake.pass_screening, day, by)


def screens_out(day: float, reason: str, by: str = "adjuster") -> Act:
    """Screening stops the claim."""
    return _staff_act(intake.screen_out, day, by, reason=reason)


def asks(day: float, question: str, by: str = "adjuster") -> Act:
    """The claimant is asked something."""
    return _staff_act(intake.ask_claimant, day, by, question=question)


def replies(day: float, answer: str) -> Act:
    """The claimant answers."""
    return Act(day, lambda s: intake.answer_question(answer=answer, **_by_claimant(s)))


def assesses(day: float, note: str = "", by: str = "adjuster", **amounts: str) -> Act:
    """An adjuster assesses: the amounts by head, or everything payable as it was claimed."""
    return Act(
        day,
        lambda s: assessment.assess_claim(
            lines=assessed(s.claim, amounts), note=note, **_by_staff(s, by)
        ),
    )


def _answers(day: float, answer: Answer, reason: str) -> Act:
    return Act(
        day,
        lambda s: responding.respond_to_claim(answer=answer, reason=reason, **_by_seller(s)),
        after_letters=True,
    )


def accepts(day: float, reason: str = "") -> Act:
    """The seller accepts."""
    return _answers(day, Answer.ACCEPT, reason)


def rejects(day: float, reason: str) -> Act:
    """The seller rejects, with reasons."""
    return _answers(day, Answer.REJECT, reason)


def handles(day: float, reason: str = "") -> Act:
    """The seller wants to settle it with the customer."""
    return _answers(day, Answer.HANDLE, reason)


def tenders(day: float, reason: str = "") -> Act:
    """The seller hands it to its insurer."""
    return _answers(day, Answer.TENDER, reason)


def settles(day: float, amount: str, proof: str) -> Act:
    """The seller reports its settlement."""
    return Act(
        day,
        lambda s: settling.report_settlement(
            amount_minor=minor(s.claim, amount), proof=proof, **_by_seller(s)
        ),
    )


def insurer_pays(day: float, amount: str, reason: str) -> Act:
    """The seller's insurer pays the customer."""
    return Act(
        day,
        lambda s: settling.record_insurer_answer(
            pays=True, amount_minor=minor(s.claim, amount), reason=reason, **_by_insurer(s)
        ),
    )


def insurer_declines(day: float, reason: str) -> Act:
    """The seller's insurer declines."""
    return Act(
        day,
        lambda s: settling.record_insurer_answer(pays=False, reason=reason, **_by_insurer(s)),
    )


def extends(day: float, days: int, reason: str, by: str = "adjuster") -> Act:
    """The seller gets more days."""
    return _staff_act(extending.extend_deadline, day, by, days=days, reason=reason)


def notes(day: float, text: str, by: str = "adjuster") -> Act:
    """An internal note in the file."""
    return _staff_act(extending.add_information, day, by, text=text, is_internal=True)


def seller_adds(day: float, text: str) -> Act:
    """The seller adds information."""
    return Act(day, lambda s: extending.add_information(text=text, **_by_seller(s)))


def steps_in(day: float, reason: str, amount: str = "", by: str = "senior") -> Act:
    """A person decides to pay, or proposes it above their authority."""
    return Act(
        day,
        lambda s: adjudication.step_in(
            amount_minor=minor(s.claim, amount) if amount else None,
            reason=reason,
            **_by_staff(s, by),
        ),
    )


def upholds(day: float, reason: str, by: str = "senior") -> Act:
    """The rejection is upheld."""
    return _staff_act(adjudication.uphold_rejection, day, by, reason=reason)


def approves(day: float, by: str = "senior") -> Act:
    """A second person approves."""
    return _staff_act(adjudication.approve_proposal, day, by)


def refuses(day: float, reason: str, by: str = "senior") -> Act:
    """A second person refuses the proposal."""
    return _staff_act(adjudication.refuse_proposal, day, by, reason=reason)


def holds_back(day: float, kind: HoldKind, reason: str, by: str = "senior") -> Act:
    """A hold is placed."""
    return _staff_act(holds.place_hold, day, by, kind=kind, reason=reason)


def releases(day: float, kind: HoldKind, reason: str, by: str = "senior2") -> Act:
    """A hold is released."""
    return _staff_act(holds.release_hold, day, by, kind=kind, reason=reason)


def seller_appeals(day: float, new_facts: str) -> Act:
    """The seller appeals a concession."""
    return Act(
        day,
        lambda s: appeal.appeal_decision(
            party=AppealParty.SELLER, new_facts=new_facts, **_by_seller(s)
        ),
    )


def claimant_appeals(day: float, new_facts: str) -> Act:
    """The claimant appeals a denial."""
    return Act(
        day,
        lambda s: appeal.appeal_decision(
            party=AppealParty.CLAIMANT, new_facts=new_facts, **_by_claimant(s)
        ),
    )


def decides_appeal(day: float, outcome: AppealStatus, reason: str, by: str = "senior2") -> Act:
    """Somebody else decides the appeal."""
    return _staff_act(appeal.decide_appeal, day, by, outcome=outcome, reason=reason)


def changes_payee(day: float) -> Act:
    """The claimant gives other payee details."""
    return Act(
        day,
        lambda s: payment.change_payee(
            name=s.claim.claimant.name, account=f"tok_demo_{s.claim.pk}_new", **_by_claimant(s)
        ),
    )


def withdraws(day: float, reason: str) -> Act:
    """The claimant takes the claim back."""
    return Act(day, lambda s: payment.withdraw_claim(reason=reason, **_by_claimant(s)))


def withholds(day: float, by: str = "payments") -> Act:
    """The seller's disbursements are held back."""
    return _staff_act(recovery.withhold_disbursements, day, by)


def collects(
    day: float, source: Literal["seller", "insurer"], amount: str, by: str = "payments"
) -> Act:
    """Money comes in."""
    return Act(
        day,
        lambda s: recovery.collect_recovery(
            source=source, amount_minor=minor(s.claim, amount), **_by_staff(s, by)
        ),
    )


def writes_off(day: float, reason: str, by: str = "senior") -> Act:
    """What is still owed is given up."""
    return _staff_act(recovery.write_off_recovery, day, by, reason=reason)


def letter_bounces(day: float) -> Act:
    """The last letter to the seller comes back."""
    return Act(day, _bounce, after_letters=True)


def _bounce(scene: Scene) -> None:
    letters = Notice.objects.filter(claim=scene.claim, recipient=Recipient.SELLER)
    last = letters.order_by("written_at", "id")[letters.count() - 1]
    record_bounce(at=scene.at, key=last.key, why="550 5.1.1 The mailbox does not exist.")


def next_payment_fails(day: float, fault: str, **options: str) -> Act:
    """The sandbox is told to do something to the next payment."""
    return Act(day, lambda _: script_fault(fault, **options))


def payment_returns(day: float) -> Act:
    """The payee's bank sends a confirmed payment back, and the provider tells us."""
    return Act(day, _return)


def _return(scene: Scene) -> None:
    payout = Payout.objects.get(claim=scene.claim)
    send_back(payout)
    notice_from_provider(payout.our_reference, at=scene.at)


def proves_cover(day: float) -> Act:
    """The seller submits its certificate, in force for the past half year and free of defects."""
    return Act(day, lambda s: submit_sound_policy(s.claim.seller, s.claim.marketplace, at=s.at))
