"""The home page: the work queue, with its chips, counts, search and warnings."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from claims.admin.file_parts import made_up
from claims.admin.words import amount, code_words, moment, short_words, time_left, urgency
from claims.lifecycle import Status
from claims.models import Claim, Severity
from claims.queries import visible_to
from claims.references import ReferenceNotUnderstood, parse_reference
from claims.worklists import (
    Counts,
    Queue,
    WorkFilter,
    count_work,
    find_claims,
    work_queue,
)

if TYPE_CHECKING:
    from claims.worklists import QueuedClaim

ROWS_A_PAGE = 50
# Queues that a claim's status does not tell.
BESIDE_STATUS = frozenset({Queue.SECOND_APPROVAL, Queue.APPEALS, Queue.RECOVERY})
GRAVE = frozenset({Severity.HOSPITAL, Severity.GRIEVOUS, Severity.DEATH})


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that one click turns on or off, with the number of rows it would show."""

    label: str
    url: str
    is_on: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A short mark on a row; the tone says how loudly: bar, hold, flag or quiet."""

    label: str
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock as a row shows it."""

    name: str
    left: str
    due: str
    due_iso: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the queue, in words."""

    reference: str
    url: str
    seller: str
    about: str
    market: str
    amount: str
    amount_is: str
    status: str
    status_code: str
    queue: str
    needs_action: bool
    clock: Clock | None
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for."""

    filter: WorkFilter
    text: str
    page: str

    def url(self, **changes: object) -> str:
        """The address with parts of the filter changed, from its first page on."""
        wanted = replace(self.filter, **changes)  # type: ignore[arg-type]
        query = {
            "queue": wanted.queue,
            "action": "1" if wanted.only_action else "",
            "market": wanted.market,
            "mine": "1" if wanted.acted_on_by else "",
        }
        kept = urlencode({name: value for name, value in query.items() if value})
        return f"{reverse('admin:index')}?{kept}" if kept else reverse("admin:index")

    def page_url(self, number: int) -> str:
        """The address of another page of the same list."""
        text = {"q": self.text} if self.text else {}
        url = self.url()
        return f"{url}{'&' if '?' in url else '?'}{urlencode(text | {'page': number})}"


def read_address(request: HttpRequest) -> Asked:
    """What was asked for; an unknown queue or marketplace has no rows."""
    given = request.GET
    wanted = WorkFilter(
        queue=given.get("queue", ""),
        only_action=given.get("action") == "1",
        market=given.get("market", ""),
        acted_on_by=request.user.pk if given.get("mine") == "1" else None,
    )
    return Asked(wanted, given.get("q", "").strip(), given.get("page", "1"))


def claim_typed(user: User | AnonymousUser, text: str) -> Claim | None:
    """The claim whose reference a person typed, in whatever case and with or without dashes."""
    try:
        reference = parse_reference(text)
    except ReferenceNotUnderstood:
        return None
    return visible_to(user).filter(reference=reference).first()


def queue_context(request: HttpRequest) -> dict[str, object]:
    """Everything that the queue's page shows."""
    asked = read_address(request)
    claims = visible_to(request.user)
    counts = count_work(claims, asked.filter)
    page = _page(claims, asked)
    now = timezone.now()
    return {
        "rows": [present(claim, now=now) for claim in page],
        "page": page,
        "previous_url": asked.page_url(page.number - 1) if page.has_previous() else "",
        "next_url": asked.page_url(page.number + 1) if page.has_next() else "",
        "queue_chips": queue_chips(asked, counts),
        "market_chips": market_chips(asked, counts),
        "mine_chip": _mine_chip(asked, request.user.pk),
        "asked": asked,
        "counts": counts,
    }


def _page(claims: QuerySet[Claim], asked: Asked) -> "Page[QueuedClaim]":
    found = find_claims(claims, asked.text) if asked.text else work_queue(claims, asked.filter)
    return Paginator(found, ROWS_A_PAGE).get_page(asked.page)


def queue_chips(asked: Asked, counts: Counts) -> list[Chip]:
    """All, needs action, and one chip a queue."""
    wanted = asked.filter
    plain = not wanted.queue and not asked.text
    chips = [
        Chip(
            "All",
            asked.url(queue="", only_action=False),
            plain and not wanted.only_action,
            counts.total,
        ),
        Chip(
            "Needs action",
            asked.url(queue="", only_action=True),
            plain and wanted.only_action,
            counts.needs_action,
        ),
    ]
    for queue in Queue:
        url = asked.url(queue=queue.value, only_action=False)
        chips.append(Chip(queue.label, url, wanted.queue == queue, counts.by_queue[queue]))
    return chips


def market_chips(asked: Asked, counts: Counts) -> list[Chip]:
    """One chip a marketplace that has rows, and the chosen one; a second click takes it off."""
    chosen = asked.filter.market
    codes = sorted(set(counts.by_market) | ({chosen} if chosen else set()))
    return [
        Chip(
            code,
            asked.url(market="" if code == chosen else code),
            code == chosen,
            counts.by_market[code],
        )
        for code in codes
    ]


def _mine_chip(asked: Asked, user_id: int | None) -> Chip:
    is_on = asked.filter.acted_on_by is not None
    return Chip("Mine", asked.url(acted_on_by=None if is_on else user_id), is_on)


def present(claim: "QueuedClaim", *, now: datetime) -> Row:
    """A claim of the queue as its row shows it."""
    minor, amount_is = amount_that_counts(claim)
    return Row(
        reference=claim.reference,
        url=reverse("admin:claims_claim_change", args=[claim.reference]),
        seller=claim.seller.legal_name,
        about=f"{claim.order.product.title}; {claim.claimant.name}",
        market=claim.marketplace_id,
        amount=amount(minor, claim.currency),
        amount_is=amount_is,
        status=Status(claim.status).label,
        status_code=claim.status,
        queue=Queue(claim.queue).label if claim.queue in BESIDE_STATUS else "",
        needs_action=claim.needs_action,
        clock=_clock(claim, now=now),
        tags=tags(claim),
    )


def amount_that_counts(claim: Claim) -> tuple[int, str]:
    """The claim's amount as far as it is known, in minor units, and what it is."""
    if claim.paid_minor:
        return claim.paid_minor, "paid"
    if claim.approved_minor is not None:
        return claim.approved_minor, "approved"
    if claim.assessed_minor is not None:
        return claim.assessed_minor, "assessed"
    return claim.claimed_minor, "claimed"


def _clock(claim: "QueuedClaim", *, now: datetime) -> Clock | None:
    if not claim.running_clocks:
        return None
    first = claim.running_clocks[0]
    return Clock(
        name=first.get_kind_display(),
        left=time_left(first.due_at, now=now),
        due=moment(first.due_at, claim.marketplace.zone),
        due_iso=first.due_at.isoformat(),
        tone=urgency(first.due_at, now=now),
    )


def tags(claim: "QueuedClaim") -> tuple[Tag, ...]:
    """Holds, bars and flags of a claim, the loudest first."""
    held = [
        Tag(f"{hold.get_kind_display()} hold", "hold", hold.reason) for hold in claim.open_holds
    ]
    barred = [
        Tag(short_words(bar), "bar", code_words(bar))
        for bar in claim.bars
        if not bar.endswith("_HOLD")
    ]
    flags = []
    if claim.severity in GRAVE:
        severity = claim.get_severity_display()
        flags.append(Tag(severity, "hold", f"Severity of the injury: {severity.lower()}"))
    if claim.crossed_ceiling_later:
        words = "A later assessment crossed the ceiling: a person looks."
        flags.append(Tag("Crossed the ceiling", "flag", words))
    if invented := made_up(claim):
        flags.append(Tag("Made up", "quiet", f"Demo data: {invented}"))
    return (*held, *barred, *flags)
