"""The life-cycle of a claim on one screen: statuses, steps, and who may take them.

REPORTED ─pass_screening─▶ IN_ASSESSMENT ─concede (within ceiling)──────────▶ APPROVED ─pay─▶ PAID
   │  └─screen_out─▶ DENIED   │  │  └─find_not_proven─▶ DENIED                   ▲  │
   │                          │  └─notify_seller (above)─▶ AWAITING_SELLER       │  └─void_approval─┐
   └─────ask_claimant─────────┤                             ├─accept / lapse ────┤                  │
       AWAITING_CLAIMANT ◀────┘                             ├─reject / barred ─▶ IN_ADJUDICATION ◀──┘
         ├─claimant_answers─▶ IN_ASSESSMENT                 │                     ├─step_in─▶ APPROVED
         └─abandon─▶ ABANDONED ─reopen─▶ IN_ASSESSMENT      │                     └─uphold─▶ DENIED
                                                            ├─handle─▶ WITH_SELLER ─settle─▶ SETTLED
   withdraw: every open status before PAID ─▶ WITHDRAWN     │            └─return_claim─▶ IN_ADJUDICATION
   claimant_appeals: DENIED ─▶ IN_ADJUDICATION              └─tender─▶ WITH_INSURER ─insurer_pays─▶ SETTLED
   return_payment: PAID ─▶ APPROVED                                      └─insurer_declines─▶ IN_ADJUDICATION
   adopt_payment: every open status ─▶ APPROVED, when a restored database had lost what was paid
"""  # noqa: E501 - the drawing is as wide as it is

from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices


class Status(TextChoices):
    """Where a claim stands."""

    REPORTED = "REPORTED", "Reported"
    AWAITING_CLAIMANT = "AWAITING_CLAIMANT", "Awaiting claimant"
    IN_ASSESSMENT = "IN_ASSESSMENT", "In assessment"
    AWAITING_SELLER = "AWAITING_SELLER", "Awaiting seller"
    WITH_SELLER = "WITH_SELLER", "With seller"
    WITH_INSURER = "WITH_INSURER", "With insurer"
    IN_ADJUDICATION = "IN_ADJUDICATION", "In adjudication"
    APPROVED = "APPROVED", "Approved"
    PAID = "PAID", "Paid"
    SETTLED = "SETTLED", "Settled"
    DENIED = "DENIED", "Denied"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    ABANDONED = "ABANDONED", "Abandoned"


TERMINAL = frozenset(
    {Status.PAID, Status.SETTLED, Status.DENIED, Status.WITHDRAWN, Status.ABANDONED}
)
OPEN = frozenset(Status) - TERMINAL
# What a seller never sees: claims that screening has not let through (rules §1).
UNSCREENED = frozenset({Status.REPORTED, Status.AWAITING_CLAIMANT})
# Statuses that wait for a person of operations: their named queues.
QUEUES = MappingProxyType(
    {
        Status.REPORTED: "Screening",
        Status.IN_ASSESSMENT: "Assessment",
        Status.IN_ADJUDICATION: "Adjudication",
        Status.APPROVED: "Payment",
    }
)


class ActorKind(TextChoices):
    """Who took a step."""

    SYSTEM = "SYSTEM", "The programme, by itself"
    STAFF = "STAFF", "Operations"
    SELLER = "SELLER", "Seller"
    CLAIMANT = "CLAIMANT", "Claimant"
    INSURER = "INSURER", "Insurer"
    PROVIDER = "PROVIDER", "Payment provider"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: from which statuses, to which, taken by whom.

    `to` empty: the claim stays where it is, and the step is an entry in its file.
    """

    name: str
    label: str
    source: frozenset[Status]
    to: frozenset[Status]
    by: frozenset[ActorKind]


SYSTEM, STAFF, SELLER = ActorKind.SYSTEM, ActorKind.STAFF, ActorKind.SELLER
CLAIMANT, INSURER, PROVIDER = ActorKind.CLAIMANT, ActorKind.INSURER, ActorKind.PROVIDER
S = Status
ANY = frozenset(Status)


def _step(
    name: str,
    label: str,
    source: frozenset[Status] | set[Status],
    to: set[Status],
    by: set[ActorKind],
) -> tuple[str, Step]:
    return name, Step(name, label, frozenset(source), frozenset(to), frozenset(by))


STEPS: MappingProxyType[str, Step] = MappingProxyType(
    dict(
        [
            # intake
            _step("deny_ineligible", "Deny: not eligible", {S.REPORTED}, {S.DENIED}, {SYSTEM}),
            _step("pass_screening", "Pass screening", {S.REPORTED}, {S.IN_ASSESSMENT}, {STAFF}),
            _step("screen_out", "Screen out", {S.REPORTED}, {S.DENIED}, {STAFF}),
            _step(
                "ask_claimant",
                "Ask the claimant",
                {S.REPORTED, S.IN_ASSESSMENT},
                {S.AWAITING_CLAIMANT},
                {STAFF},
            ),
            _step(
                "claimant_answers",
                "The claimant answers",
                {S.AWAITING_CLAIMANT},
                {S.IN_ASSESSMENT},
                {CLAIMANT, STAFF},
            ),
            _step("abandon", "Close as abandoned", {S.AWAITING_CLAIMANT}, {S.ABANDONED}, {SYSTEM}),
            _step("reopen", "Reopen", {S.ABANDONED}, {S.IN_ASSESSMENT}, {CLAIMANT, STAFF}),
            # assessment
            _step("concede", "Concede", {S.IN_ASSESSMENT}, {S.APPROVED}, {STAFF}),
            _step("find_not_proven", "Find not proven", {S.IN_ASSESSMENT}, {S.DENIED}, {STAFF}),
            _step(
                "notify_seller",
                "Notify the seller",
                {S.IN_ASSESSMENT},
                {S.AWAITING_SELLER},
                {STAFF},
            ),
            # the seller's answers, or silence
            _step(
                "accept",
                "The seller accepts",
                {S.AWAITING_SELLER},
                {S.APPROVED, S.IN_ADJUDICATION},
                {SELLER},
            ),
            _step(
                "lapse",
                "The seller stays silent",
                {S.AWAITING_SELLER},
                {S.APPROVED, S.IN_ADJUDICATION},
                {SYSTEM},
            ),
            _step(
                "reject", "The seller rejects", {S.AWAITING_SELLER}, {S.IN_ADJUDICATION}, {SELLER}
            ),
            _step(
                "handle", "The seller handles it", {S.AWAITING_SELLER}, {S.WITH_SELLER}, {SELLER}
            ),
            _step(
                "tender",
                "The seller tenders to its insurer",
                {S.AWAITING_SELLER},
                {S.WITH_INSURER},
                {SELLER},
            ),
            _step(
                "answer_late",
                "The seller answers late",
                {S.AWAITING_SELLER, S.IN_ADJUDICATION, S.APPROVED},
                {S.AWAITING_SELLER, S.IN_ADJUDICATION},
                {SELLER},
            ),
            _step("settle", "Settled by the seller", {S.WITH_SELLER}, {S.SETTLED}, {SELLER, STAFF}),
            _step(
                "insurer_pays", "The insurer pays", {S.WITH_INSURER}, {S.SETTLED}, {INSURER, STAFF}
            ),
            _step(
                "insurer_declines",
                "The insurer declines",
                {S.WITH_INSURER},
                {S.IN_ADJUDICATION},
                {INSURER, STAFF},
            ),
            _step(
                "return_claim",
                "Comes back unsettled",
                {S.WITH_SELLER, S.WITH_INSURER},
                {S.IN_ADJUDICATION},
                {SYSTEM},
            ),
            # adjudication
            _step("step_in", "Step in and pay", {S.IN_ADJUDICATION}, {S.APPROVED}, {STAFF}),
            _step("uphold", "Uphold the rejection", {S.IN_ADJUDICATION}, {S.DENIED}, {STAFF}),
            _step(
                "claimant_appeals",
                "The claimant appeals",
                {S.DENIED},
                {S.IN_ADJUDICATION},
                {CLAIMANT, STAFF},
            ),
            _step(
                "overturn_denial",
                "Overturn the denial",
                {S.IN_ADJUDICATION},
                {S.APPROVED, S.IN_ASSESSMENT},
                {STAFF},
            ),
            _step(
                "void_approval",
                "The approval is void",
                {S.APPROVED},
                {S.IN_ADJUDICATION},
                {SYSTEM, STAFF, CLAIMANT},
            ),
            # money
            _step("pay", "Paid", {S.APPROVED}, {S.PAID}, {PROVIDER}),
            # after a restore: the provider's book has what the database lost
            _step("adopt_payment", "Payment found at the provider", OPEN, {S.APPROVED}, {SYSTEM}),
            _step("return_payment", "The payment came back", {S.PAID}, {S.APPROVED}, {PROVIDER}),
            _step("withdraw", "Withdraw", OPEN, {S.WITHDRAWN}, {CLAIMANT, STAFF}),
            # entries in the file: the claim stays where it is
            _step(
                "propose_approval",
                "Propose an approval",
                {S.IN_ASSESSMENT, S.IN_ADJUDICATION},
                set(),
                {STAFF},
            ),
            _step(
                "refuse_approval",
                "Refuse the proposal",
                {S.IN_ASSESSMENT, S.IN_ADJUDICATION},
                set(),
                {STAFF},
            ),
            _step(
                "reassess",
                "Assess again",
                {S.IN_ADJUDICATION},
                set(),
                {STAFF},
            ),
            _step("place_hold", "Place a hold", OPEN, set(), {STAFF, SYSTEM}),
            _step("release_hold", "Release a hold", ANY, set(), {STAFF}),
            _step(
                "extend_deadline",
                "Extend the deadline",
                {S.AWAITING_SELLER, S.WITH_SELLER, S.WITH_INSURER, S.PAID},
                set(),
                {STAFF, SYSTEM},
            ),
            _step("change_payee", "Change the payee details", OPEN, set(), {CLAIMANT, STAFF}),
            _step("record_medicare", "Answer on Medicare", OPEN, set(), {CLAIMANT, STAFF}),
            _step("add_information", "Add information", ANY, set(), {SELLER, CLAIMANT, STAFF}),
            _step("send_payment", "Payment sent", {S.APPROVED}, set(), {SYSTEM}),
            _step(
                "payment_refused", "The provider refused", {S.APPROVED}, set(), {PROVIDER, SYSTEM}
            ),
            _step("waive_recovery", "Waive the recovery", {S.PAID}, set(), {SYSTEM, STAFF}),
            _step("demand_recovery", "Demand reimbursement", {S.PAID}, set(), {SYSTEM, STAFF}),
            _step("withhold_recovery", "Withhold disbursements", {S.PAID}, set(), {STAFF}),
            _step("collect_recovery", "Collect", {S.PAID}, set(), {STAFF}),
            _step("write_off_recovery", "Write off", {S.PAID}, set(), {STAFF}),
            _step("seller_appeals", "The seller appeals", {S.APPROVED, S.PAID}, set(), {SELLER}),
            _step("decide_appeal", "Decide the appeal", {S.APPROVED, S.PAID}, set(), {STAFF}),
            _step("write_status_letter", "Status letter", OPEN, set(), {SYSTEM}),
        ]
    )
)


class Refused(Exception):
    """The rules do not allow an act. The message is the reason, in words for a person."""


class StepNotAllowed(Refused):
    """The claim's status does not allow this step, or this actor may not take it."""


class SomeoneWasFirst(Refused):
    """Another person or sweep moved the claim meanwhile; nothing was written."""


def check_step(name: str, *, status: Status, actor: ActorKind) -> Step:
    """The step, when a claim in `status` allows it to `actor`.

    Raises:
        StepNotAllowed: with the reason in words.
    """
    step = STEPS[name]
    if status not in step.source:
        raise StepNotAllowed(
            f"A claim that is {Status(status).label.lower()} does not allow this: "
            f"{step.label.lower()}."
        )
    if actor not in step.by:
        raise StepNotAllowed(f"{ActorKind(actor).label} may not do this: {step.label.lower()}.")
    return step


def steps_from(status: Status, *, actor: ActorKind) -> tuple[Step, ...]:
    """The steps that a claim in `status` allows to `actor`, in the order of the table."""
    return tuple(s for s in STEPS.values() if status in s.source and actor in s.by)
