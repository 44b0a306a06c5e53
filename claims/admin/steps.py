"""The steps that operations can take on a claim: one line a page.

Each page has a form, one operation, and the permission that the page itself checks. Which pages a
claim offers follows from the life-cycle's table and from what is open around the claim.
"""

from django.contrib.auth.models import AnonymousUser, User

from claims.admin import step_forms as f
from claims.admin.medicare_form import MedicareForm
from claims.admin.standing import (
    Standing,
    has_running_clock,
    is_appealed,
    is_demanded,
    is_held,
    is_not_proposed,
    is_proposed,
    is_pursued,
    may_be_held,
)
from claims.admin.step import StepPage
from claims.operations import (
    adjudication,
    appeal,
    assessment,
    claimant_facts,
    evidence,
    extending,
    holds,
    intake,
    payment,
    recovery,
    settling,
)

SCREEN, ADJUDICATE = "claims.screen_claim", "claims.adjudicate_claim"
HOLD, MONEY = "claims.place_hold", "claims.manage_payments"


DECIDE, ASK, CLOCK, PAY, FILE = "Decide", "Claimant", "Clock and seller", "Money", "File"
GROUPS = (DECIDE, ASK, CLOCK, PAY, FILE)

PAGES: tuple[StepPage, ...] = (
    StepPage(
        "pass-screening",
        "Pass screening",
        ("pass_screening",),
        SCREEN,
        f.StepForm,
        intake.pass_screening,
        DECIDE,
    ),
    StepPage(
        "screen-out",
        "Screen out",
        ("screen_out",),
        SCREEN,
        f.ReasonForm,
        intake.screen_out,
        DECIDE,
        is_grave=True,
    ),
    StepPage(
        "assess",
        "Assess",
        ("concede", "notify_seller", "reassess"),
        SCREEN,
        f.AssessForm,
        assessment.assess_claim,
        DECIDE,
        is_not_proposed,
    ),
    StepPage(
        "approve-proposal",
        "Approve the proposal",
        ("propose_approval",),
        ADJUDICATE,
        f.StepForm,
        adjudication.approve_proposal,
        DECIDE,
        is_proposed,
        takes_second_person=True,
    ),
    StepPage(
        "refuse-proposal",
        "Refuse the proposal",
        ("refuse_approval",),
        ADJUDICATE,
        f.ReasonForm,
        adjudication.refuse_proposal,
        DECIDE,
        is_proposed,
        takes_second_person=True,
    ),
    StepPage(
        "step-in",
        "Step in and pay",
        ("step_in",),
        ADJUDICATE,
        f.StepInForm,
        adjudication.step_in,
        DECIDE,
        is_not_proposed,
    ),
    StepPage(
        "uphold",
        "Uphold the rejection",
        ("uphold",),
        ADJUDICATE,
        f.ReasonForm,
        adjudication.uphold_rejection,
        DECIDE,
        is_not_proposed,
        is_grave=True,
    ),
    StepPage(
        "decide-appeal",
        "Decide the appeal",
        ("decide_appeal", "overturn_denial"),
        ADJUDICATE,
        f.DecideAppealForm,
        appeal.decide_appeal,
        DECIDE,
        is_appealed,
    ),
    StepPage(
        "ask-claimant",
        "Ask the claimant",
        ("ask_claimant",),
        SCREEN,
        f.QuestionForm,
        intake.ask_claimant,
        ASK,
    ),
    StepPage(
        "answer",
        "Record the claimant's answer",
        ("claimant_answers", "reopen"),
        SCREEN,
        f.AnswerForm,
        intake.answer_question,
        ASK,
    ),
    StepPage(
        "answer-medicare",
        "Record the Medicare answer",
        ("record_medicare",),
        SCREEN,
        MedicareForm,
        claimant_facts.record_medicare,
        ASK,
    ),
    StepPage(
        "appeal",
        "Appeal for the claimant",
        ("claimant_appeals",),
        SCREEN,
        f.AppealForm,
        appeal.appeal_decision,
        ASK,
    ),
    StepPage(
        "withdraw",
        "Withdraw for the claimant",
        ("withdraw",),
        SCREEN,
        f.ReasonForm,
        payment.withdraw_claim,
        ASK,
        is_grave=True,
    ),
    StepPage(
        "extend",
        "Extend the deadline",
        ("extend_deadline",),
        ADJUDICATE,
        f.ExtendForm,
        extending.extend_deadline,
        CLOCK,
        has_running_clock,
    ),
    StepPage(
        "insurer-answer",
        "Record the insurer's answer",
        ("insurer_pays", "insurer_declines"),
        ADJUDICATE,
        f.InsurerForm,
        settling.record_insurer_answer,
        CLOCK,
    ),
    StepPage(
        "settlement",
        "Record the seller's settlement",
        ("settle",),
        ADJUDICATE,
        f.SettlementForm,
        settling.report_settlement,
        CLOCK,
    ),
    StepPage(
        "change-payee",
        "Change the payee",
        ("change_payee",),
        MONEY,
        f.PayeeForm,
        payment.change_payee,
        PAY,
    ),
    StepPage(
        "withhold",
        "Withhold disbursements",
        ("withhold_recovery",),
        MONEY,
        f.StepForm,
        recovery.withhold_disbursements,
        PAY,
        is_demanded,
    ),
    StepPage(
        "collect",
        "Record money recovered",
        ("collect_recovery",),
        MONEY,
        f.CollectForm,
        recovery.collect_recovery,
        PAY,
        is_pursued,
    ),
    StepPage(
        "write-off",
        "Write off",
        ("write_off_recovery",),
        ADJUDICATE,
        f.ReasonForm,
        recovery.write_off_recovery,
        PAY,
        is_pursued,
        is_grave=True,
    ),
    StepPage(
        "place-hold",
        "Place a hold",
        ("place_hold",),
        HOLD,
        f.PlaceHoldForm,
        holds.place_hold,
        FILE,
        may_be_held,
    ),
    StepPage(
        "release-hold",
        "Release a hold",
        ("release_hold",),
        HOLD,
        f.ReleaseHoldForm,
        holds.release_hold,
        FILE,
        is_held,
    ),
    StepPage(
        "note",
        "Add a note",
        ("add_information",),
        SCREEN,
        f.InformationForm,
        extending.add_information,
        FILE,
    ),
    StepPage(
        "evidence",
        "Add evidence",
        ("add_information",),
        SCREEN,
        f.EvidenceForm,
        evidence.keep_evidence,
        FILE,
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}


def pages_for(user: User | AnonymousUser, standing: Standing) -> list[tuple[str, list[StepPage]]]:
    """The steps that a claim allows this person, by group, in the order of the table."""
    allowed = [page for page in PAGES if page.is_for(user, standing)]
    groups = ((group, [page for page in allowed if page.group == group]) for group in GROUPS)
    return [(group, pages) for group, pages in groups if pages]
