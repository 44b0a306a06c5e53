"""Who sees which claims, and the facts of claims as the rules want them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Exists, OuterRef, QuerySet

from claims.facts import ClaimFacts, ClockFacts, LineFacts, PayeeFacts
from claims.ledger import positions_of
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Status
from claims.models import (
    ENDED_PAYOUTS,
    INJURY_HEADS,
    Claim,
    ClaimEvent,
    DamageLine,
    Deadline,
    Hold,
    Notice,
    NoticeState,
    PayeeDetails,
    Payout,
    Recovery,
    SellerResponse,
    TermsVersion,
)
from claims.outcome import Actor, Rank
from claims.terms import Terms
from sellers.models import Closure, SellerMember

type Person = AbstractBaseUser | AnonymousUser


def actor_for(user: User) -> Actor:
    """A person of operations as an actor, with the rank that their permissions give."""
    rank = Rank.NONE
    if user.has_perm("claims.approve_as_senior"):
        rank = Rank.SENIOR
    elif user.has_perm("claims.adjudicate_claim"):
        rank = Rank.ADJUSTER
    return Actor(ActorKind.STAFF, user.pk, rank)


def seller_actor(user: User) -> Actor:
    """A person who acts for a seller."""
    return Actor(ActorKind.SELLER, user.pk)


def visible_to(user: Person) -> QuerySet[Claim]:
    """The claims that a person may see.

    Operations staff with the right to view claims see all; a seller's members see that seller's
    claims once screening has let them through (rules §1); everybody else sees none.
    """
    if not isinstance(user, User) or not user.is_active:
        return Claim.objects.none()
    if user.is_staff:
        return Claim.objects.all() if user.has_perm("claims.view_claim") else Claim.objects.none()
    screened = ClaimEvent.objects.filter(claim=OuterRef("pk"), to_status=Status.IN_ASSESSMENT)
    sellers = SellerMember.objects.filter(user=user).values("seller")
    return Claim.objects.filter(Exists(screened), seller__in=sellers)


@lru_cache(maxsize=512)
def terms_of(version_id: int) -> Terms:
    """The figures of a stored version; versions never change, so they are kept."""
    return TermsVersion.objects.select_related("marketplace").get(pk=version_id).as_terms()


_CLAIM_COLUMNS = (
    "id",
    "reference",
    "version",
    "status",
    "marketplace_id",
    "marketplace__timezone",
    "currency",
    "terms_id",
    "seller_id",
    "seller__email",
    "claimant__name",
    "claimant__email",
    "claimant__born_on",
    "is_represented",
    "medicare",
    "severity",
    "reported_at",
    "incident_on",
    "order__product__title",
    "claimed_minor",
    "assessed_minor",
    "approved_minor",
    "paid_minor",
    "is_within_ceiling",
    "approved_at",
    "denied_at",
    "reason",
    "bars",
    "made_up_fields",
    "seller__is_made_up",
)


def load_facts(claim_ids: Iterable[int], *, are_new: bool = False) -> dict[int, ClaimFacts]:
    """The facts of claims, by id: a fixed number of queries however many claims.

    `are_new`: reported this moment, so that nothing stands around them yet and nothing is asked.
    """
    ids = list(claim_ids)
    # The versions are read first: whatever moves a claim while the rest is read, the recorder
    # then refuses what was decided on a mixture.
    rows = list(Claim.objects.filter(pk__in=ids).values_list(*_CLAIM_COLUMNS))
    # Without ids the queries around claims are not even sent.
    around = _Around([] if are_new else ids)
    return {row[0]: _facts(dict(zip(_CLAIM_COLUMNS, row, strict=True)), around) for row in rows}


def facts_of(claim: Claim) -> ClaimFacts:
    """The facts of one claim, as it stands in the database now."""
    return load_facts([claim.pk])[claim.pk]


def lines_of(claim_id: int) -> tuple[LineFacts, ...]:
    """The damage lines of a claim, in their order."""
    rows = DamageLine.objects.filter(claim_id=claim_id).values_list(
        "head", "claimed_minor", "assessed_minor", "paid_minor"
    )
    return tuple(LineFacts(*row) for row in rows)


class _Around:
    """What stands around claims, each kind with one query, grouped by claim."""

    def __init__(self, ids: list[int]) -> None:
        self.clocks = _clocks(ids)
        self.holds = _grouped(
            Hold.objects.filter(claim_id__in=ids, released_at__isnull=True), "kind"
        )
        self.notices = dict(
            Notice.objects.filter(claim_id__in=ids, kind=LetterKind.CLAIM_NOTICE)
            .order_by("written_at", "id")
            .values_list("claim_id", "state")
        )
        self.late = _set(SellerResponse.objects.filter(claim_id__in=ids, is_late=True))
        self.injured = _set(DamageLine.objects.filter(claim_id__in=ids, head__in=INJURY_HEADS))
        self.payees = {
            row[0]: PayeeFacts(*row[1:])
            for row in PayeeDetails.objects.filter(claim_id__in=ids)
            .order_by("given_at", "id")
            .values_list("claim_id", "id", "name", "given_at", "given_with_report")
        }
        self.payouts = dict(
            Payout.objects.filter(claim_id__in=ids)
            .exclude(state__in=ENDED_PAYOUTS)
            .values_list("claim_id", "state")
        )
        self.recoveries = dict(
            Recovery.objects.filter(claim_id__in=ids).values_list("claim_id", "status")
        )
        # Few claims have a recovery when facts are asked for: most of the time nothing is sent.
        self.positions = positions_of(self.recoveries) if self.recoveries else {}
        self.closures = _closures()


def _clocks(ids: list[int]) -> dict[int, list[ClockFacts]]:
    grouped: dict[int, list[ClockFacts]] = defaultdict(list)
    rows = Deadline.objects.filter(
        claim_id__in=ids, met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    ).values_list(
        "claim_id",
        "id",
        "kind",
        "owner",
        "starts_at",
        "length",
        "unit",
        "due_at",
        "acts_at",
        "remind_at",
    )
    for row in rows:
        grouped[row[0]].append(ClockFacts(*row[1:]))
    return grouped


def _grouped(rows: QuerySet[Any], column: str) -> dict[int, set[str]]:
    grouped: dict[int, set[str]] = defaultdict(set)
    for claim_id, value in rows.values_list("claim_id", column):
        grouped[claim_id].add(value)
    return grouped


def _set(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("claim_id", flat=True))


def _closures() -> dict[str, frozenset[date]]:
    grouped: dict[str, set[date]] = defaultdict(set)
    for market, on in Closure.objects.values_list("marketplace_id", "on"):
        grouped[market].add(on)
    return {market: frozenset(days) for market, days in grouped.items()}


def _facts(row: dict[str, Any], around: _Around) -> ClaimFacts:
    key = row["id"]
    return ClaimFacts(
        id=key,
        reference=row["reference"],
        version=row["version"],
        status=Status(row["status"]),
        market=row["marketplace_id"],
        zone=ZoneInfo(row["marketplace__timezone"]),
        currency=row["currency"],
        terms=terms_of(row["terms_id"]),
        seller_id=row["seller_id"],
        seller_email=row["seller__email"],
        claimant_name=row["claimant__name"],
        claimant_email=row["claimant__email"],
        claimant_born_on=row["claimant__born_on"],
        is_represented=row["is_represented"],
        medicare=row["medicare"],
        severity=row["severity"],
        reported_at=row["reported_at"],
        incident_on=row["incident_on"],
        product_title=row["order__product__title"],
        claimed_minor=row["claimed_minor"],
        assessed_minor=row["assessed_minor"],
        approved_minor=row["approved_minor"],
        paid_minor=row["paid_minor"],
        is_within_ceiling=row["is_within_ceiling"],
        approved_at=row["approved_at"],
        denied_at=row["denied_at"],
        reason=row["reason"],
        bars=tuple(row["bars"]),
        is_made_up=bool(row["made_up_fields"]) or row["seller__is_made_up"],
        has_injury_lines=key in around.injured,
        holds=frozenset(around.holds.get(key, ())),
        clocks=tuple(around.clocks.get(key, ())),
        notice_delivered=around.notices.get(key) == NoticeState.SENT,
        answered_late=key in around.late,
        payee=around.payees.get(key),
        open_payout=around.payouts.get(key),
        recovery=around.recoveries.get(key),
        recovery_position=around.positions.get(key),
        closures=around.closures.get(row["marketplace_id"], frozenset()),
    )
