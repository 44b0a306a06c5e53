"""The work queue: which claims need a person, which first, and how many stand in each queue.

Everything here is a query over `claims.queries.visible_to`; nothing is kept beside the claims.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)

from claims.authority import PaymentHold
from claims.lifecycle import OPEN, QUEUES, Status
from claims.models import (
    ENDED_PAYOUTS,
    Appeal,
    AppealStatus,
    Claim,
    ClaimEvent,
    Deadline,
    DeadlineKind,
    Hold,
    Payout,
    PayoutState,
    Proposal,
    ProposalStatus,
    RecoveryStatus,
)


class Queue(TextChoices):
    """The named queues of the home page, in the order of their chips."""

    SCREENING = "SCREENING", QUEUES[Status.REPORTED]
    ASSESSMENT = "ASSESSMENT", QUEUES[Status.IN_ASSESSMENT]
    ADJUDICATION = "ADJUDICATION", QUEUES[Status.IN_ADJUDICATION]
    SECOND_APPROVAL = "SECOND_APPROVAL", "Second approval"
    APPEALS = "APPEALS", "Appeals"
    PAYMENT = "PAYMENT", QUEUES[Status.APPROVED]
    RECOVERY = "RECOVERY", "Recovery"
    WAITING = "WAITING", "Waiting for others"


class QueueFacts(TypedDict):
    """What the queries of this module add to a claim."""

    queue: str
    needs_action: bool
    next_due_at: datetime | None
    running_clocks: list[Deadline]
    open_holds: list[Hold]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    # A claim as these queries return it, for the type checker.
    type QueuedClaim = WithAnnotations[Claim, QueueFacts]

# A payment that waits for one of these does not go by itself: somebody must act.
HOLDS_FOR_A_PERSON = (
    PaymentHold.NO_PAYEE_DETAILS.value,
    PaymentHold.SCREENING_NOT_DONE.value,
    PaymentHold.SANCTIONS_HOLD.value,
    PaymentHold.HOLD_PLACED.value,
)
OPEN_RECOVERIES = (RecoveryStatus.AWAITING_PROOF, RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD)
# Letters that the programme writes by itself: their clock never asks for a person.
QUIET_KINDS = (DeadlineKind.STATUS_LETTER,)
_RUNNING = Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a person asked the queue for; empty fields do not filter."""

    queue: str = ""
    only_action: bool = False
    market: str = ""
    acted_on_by: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many claims stand where, before the filter by queue or market narrows the list."""

    by_queue: Counter[str]
    by_market: Counter[str]
    needs_action: int
    total: int


def in_work(claims: QuerySet[Claim]) -> "QuerySet[QueuedClaim]":
    """The claims that are not over: open, or appealed, or with a recovery still pursued.

    Each carries `queue` (a `Queue`) and `needs_action`: whether a person must act now.
    """
    unfinished = Q(status__in=OPEN) | Q(recovery__status__in=OPEN_RECOVERIES)
    return in_any_state(claims).filter(unfinished | Q(_open_appeal()))


def in_any_state(claims: QuerySet[Claim]) -> "QuerySet[QueuedClaim]":
    """Claims with `queue` and `needs_action` like those of `in_work`, the finished included."""
    proposal = Exists(Proposal.objects.filter(claim=OuterRef("pk"), status=ProposalStatus.OPEN))
    queued: Any = claims.annotate(
        queue=_queue(_open_appeal(), proposal), needs_action=_needs_action(_open_appeal())
    )
    return cast("QuerySet[QueuedClaim]", queued)


def _open_appeal() -> Exists:
    return Exists(Appeal.objects.filter(claim=OuterRef("pk"), status=AppealStatus.OPEN))


def _queue(appeal: Exists, proposal: Exists) -> Case:
    return Case(
        When(appeal, then=Value(Queue.APPEALS.value)),
        When(proposal, then=Value(Queue.SECOND_APPROVAL.value)),
        When(status=Status.REPORTED, then=Value(Queue.SCREENING.value)),
        When(status=Status.IN_ASSESSMENT, then=Value(Queue.ASSESSMENT.value)),
        When(status=Status.IN_ADJUDICATION, then=Value(Queue.ADJUDICATION.value)),
        When(status=Status.APPROVED, then=Value(Queue.PAYMENT.value)),
        When(
            recovery__status__in=(RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD),
            then=Value(Queue.RECOVERY.value),
        ),
        default=Value(Queue.WAITING.value),
        output_field=CharField(),
    )


def _needs_action(appeal: Exists) -> Case:
    waits_for_staff = (Status.REPORTED, Status.IN_ASSESSMENT, Status.IN_ADJUDICATION)
    return Case(
        When(appeal, then=Value(True)),
        When(status__in=waits_for_staff, then=Value(True)),
        When(_stuck_payment(), then=Value(True)),
        When(recovery__status=RecoveryStatus.DEMANDED, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _stuck_payment() -> Q:
    alive = Payout.objects.filter(claim=OuterRef("pk")).exclude(state__in=ENDED_PAYOUTS)
    stuck = alive.filter(Q(held_by__overlap=HOLDS_FOR_A_PERSON) | Q(state=PayoutState.UNCERTAIN))
    return Q(status=Status.APPROVED) & (Q(Exists(stuck)) | ~Q(Exists(alive)))


def count_work(claims: QuerySet[Claim], wanted: WorkFilter) -> Counts:
    """How many claims stand in each queue and marketplace, in one query.

    The counts of queues keep to the wanted marketplace, and those of marketplaces to the wanted
    queue, so every chip says how many rows a click on it will show.
    """
    groups = (
        _acted_on(in_work(claims), wanted)
        .order_by()
        .values_list("queue", "needs_action", "marketplace_id")
        .annotate(claims=Count("pk"))
    )
    return _counted(list(groups), wanted)


def _counted(groups: Iterable[tuple[str, bool, str, int]], wanted: WorkFilter) -> Counts:
    by_queue: Counter[str] = Counter()
    by_market: Counter[str] = Counter()
    needs_action = total = 0
    for queue, is_needed, market, claims in groups:
        if wanted.market in {"", market}:
            by_queue[queue] += claims
            needs_action += claims if is_needed else 0
            total += claims
        if wanted.queue in {"", queue} and (is_needed or not wanted.only_action):
            by_market[market] += claims
    return Counts(by_queue, by_market, needs_action, total)


def work_queue(claims: QuerySet[Claim], wanted: WorkFilter) -> "QuerySet[QueuedClaim]":
    """The rows of the queue: what needs action first, and among those the soonest deadline.

    Each claim carries what its row shows: seller, marketplace, claimant, running clocks
    (`running_clocks`, soonest first) and open holds (`open_holds`).
    """
    rows = _acted_on(in_work(claims), wanted)
    if wanted.market:
        rows = rows.filter(marketplace=wanted.market)
    if wanted.queue:
        rows = rows.filter(queue=wanted.queue)
    if wanted.only_action:
        rows = rows.filter(needs_action=True)
    return with_row_facts(rows).order_by(
        "-needs_action", F("next_due_at").asc(nulls_last=True), "reported_at", "pk"
    )


def with_row_facts(claims: QuerySet[Claim]) -> "QuerySet[QueuedClaim]":
    """Claims with everything that a row of a list shows, in a constant number of queries."""
    clocks = Deadline.objects.filter(_RUNNING).exclude(kind__in=QUIET_KINDS).order_by("due_at")
    holds = Hold.objects.filter(released_at=None)
    around = (
        Prefetch("deadlines", clocks, to_attr="running_clocks"),
        Prefetch("holds", holds, to_attr="open_holds"),
    )
    first_due = clocks.filter(claim=OuterRef("pk")).values("due_at")[:1]
    rows: Any = claims.select_related("seller", "marketplace", "claimant", "order__product")
    rows = rows.prefetch_related(*around).annotate(next_due_at=Subquery(first_due))
    return cast("QuerySet[QueuedClaim]", rows)


def find_claims(claims: QuerySet[Claim], text: str) -> "QuerySet[QueuedClaim]":
    """Claims, open or over, whose order, seller or claimant agrees with what was typed."""
    return with_row_facts(
        in_any_state(claims).filter(
            Q(order__external_reference__istartswith=text)
            | Q(seller__legal_name__icontains=text)
            | Q(seller__trade_name__icontains=text)
            | Q(claimant__name__icontains=text)
            | Q(claimant__email__istartswith=text)
            | Q(external_reference__iexact=text)
        )
    ).order_by("-needs_action", "-reported_at", "pk")


def _acted_on(claims: "QuerySet[QueuedClaim]", wanted: WorkFilter) -> "QuerySet[QueuedClaim]":
    if wanted.acted_on_by is None:
        return claims
    mine = ClaimEvent.objects.filter(claim=OuterRef("pk"), actor=wanted.acted_on_by)
    return claims.filter(Exists(mine))
