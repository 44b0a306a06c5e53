"""The steps that operations can take on a claim: one line a page.

Each page has a form, one operation, and the permission that the page itself checks. Which pages a
claim offers follows from the life-cycle's table and from what is open around the claim.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from claims.admin import step_forms as f
from claims.admin.step_words import SAYS
from claims.lifecycle import STEPS, ActorKind, Status
from claims.models import (
    WAITING_KINDS,
    AppealStatus,
    Claim,
    HoldKind,
    ProposalStatus,
    Recovery,
    RecoveryStatus,
)
from claims.operations import (
    adjudication,
    appeal,
    assessment,
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open around a claim: the life-cycle's table does not know it."""

    status: Status
    has_proposal: bool
    has_appeal: bool
    open_holds: frozenset[str]
    waits_for_somebody: bool
    recovery: str

    @classmethod
    def of(cls, claim: Claim) -> "Standing":
        """The standing of a claim, in a few queries."""
        pursued = Recovery.objects.filter(claim=claim).first()
        clocks = claim.deadlines.filter(met_at=None, lapsed_at=None, cancelled_at=None)
        return cls(
            status=Status(claim.status),
            has_proposal=claim.proposals.filter(status=ProposalStatus.OPEN).exists(),
            has_appeal=claim.appeals.filter(status=AppealStatus.OPEN).exists(),
            open_holds=frozenset(
                claim.holds.filter(released_at=None).values_list("kind", flat=True)
            ),
            waits_for_somebody=clocks.filter(kind__in=WAITING_KINDS).exists(),
            recovery=pursued.status if pursued else "",
        )


def always(_: Standing) -> bool:
    """The life-cycle alone decides."""
    return True


@dataclass(frozen=True, slots=True)
class StepPage:
    """A page with a form that does one operation."""

    slug: str
    title: str
    steps: tuple[str, ...]
    permission: str
    form: type[f.StepForm]
    operation: Callable[..., Any]
    group: str
    applies: Callable[[Standing], bool] = always
    is_grave: bool = False

    @property
    def says(self) -> str:
        """What happens when the form is sent, in words."""
        return SAYS[self.slug]

    def is_open_to(self, user: User | AnonymousUser) -> bool:
        """Whether this person may take the step at all."""
        return user.has_perm(self.permission)

    def fits(self, standing: Standing) -> bool:
        """Whether the claim, as it stands, allows the step to operations."""
        steps = (STEPS[name] for name in self.steps)
        allowed = any(
            standing.status in step.source and ActorKind.STAFF in step.by for step in steps
        )
        return allowed and self.applies(standing)


def _proposed(standing: Standing) -> bool:
    return standing.has_proposal


def _not_proposed(standing: Standing) -> bool:
    return not standing.has_proposal


def _appealed(standing: Standing) -> bool:
    return standing.has_appeal


def _held(standing: Standing) -> bool:
    return bool(standing.open_holds)


def _may_be_held(standing: Standing) -> bool:
    return len(standing.open_holds) < len(HoldKind)


def _clock_runs(standing: Standing) -> bool:
    return standing.waits_for_somebody


def _demanded(standing: Standing) -> bool:
    return standing.recovery == RecoveryStatus.DEMANDED


def _pursued(standing: Standing) -> bool:
    return standing.recovery in {RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD}


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
        _not_proposed,
    ),
    StepPage(
        "approve-proposal",
        "Approve the proposal",
        ("propose_approval",),
        ADJUDICATE,
        f.StepForm,
        adjudication.approve_proposal,
        DECIDE,
        _proposed,
    ),
    StepPage(
        "refuse-proposal",
        "Refuse the proposal",
        ("refuse_approval",),
        ADJUDICATE,
        f.ReasonForm,
        adjudication.refuse_proposal,
        DECIDE,
        _proposed,
    ),
    StepPage(
        "step-in",
        "Step in and pay",
        ("step_in",),
        ADJUDICATE,
        f.StepInForm,
        adjudication.step_in,
        DECIDE,
        _not_proposed,
    ),
    StepPage(
        "uphold",
        "Uphold the rejection",
        ("uphold",),
        ADJUDICATE,
        f.ReasonForm,
        adjudication.uphold_rejection,
        DECIDE,
        _not_proposed,
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
        _appealed,
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
        f.OptionalReasonForm,
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
        _clock_runs,
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
        _demanded,
    ),
    StepPage(
        "collect",
        "Record money recovered",
        ("collect_recovery",),
        MONEY,
        f.CollectForm,
        recovery.collect_recovery,
        PAY,
        _pursued,
    ),
    StepPage(
        "write-off",
        "Write off",
        ("write_off_recovery",),
        ADJUDICATE,
        f.ReasonForm,
        recovery.write_off_recovery,
        PAY,
        _pursued,
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
        _may_be_held,
    ),
    StepPage(
        "release-hold",
        "Release a hold",
        ("release_hold",),
        HOLD,
        f.ReleaseHoldForm,
        holds.release_hold,
        FILE,
        _held,
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
    allowed = [page for page in PAGES if page.is_open_to(user) and page.fits(standing)]
    groups = ((group, [page for page in allowed if page.group == group]) for group in GROUPS)
    return [(group, pages) for group, pages in groups if pages]
