"""Who sees which claims, and the facts of claims as the rules want them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef, QuerySet

from claims.bulk import array_literal
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
    NoticeState,
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


# The columns bear the names of the facts; what must be made of the last four stands in `_facts`.
_CLAIMS = """
SELECT c.id, c.reference, c.version, c.marketplace_id AS market, c.currency, c.seller_id,
    s.email AS seller_email, a.name AS claimant_name, a.email AS claimant_email,
    a.born_on AS claimant_born_on, c.is_represented, c.medicare, c.severity, c.reported_at,
    c.incident_on, p.title AS product_title, c.claimed_minor, c.assessed_minor, c.approved_minor,
    c.paid_minor, c.is_within_ceiling, c.approved_at, c.denied_at, c.reason,
    s.is_made_up OR c.made_up_fields <> '{}' AS is_made_up,
    c.status, c.bars, c.terms_id, m.timezone
FROM claims_claim c
JOIN sellers_marketplace m ON m.code = c.marketplace_id
JOIN sellers_seller s ON s.id = c.seller_id
JOIN claims_claimant a ON a.id = c.claimant_id
JOIN sellers_order o ON o.id = c.order_id
JOIN sellers_product p ON p.id = o.product_id
WHERE c.id = ANY(%(ids)s)
"""
# Each kind of row is found by the ids of all claims at once: looked up claim by claim, a table
# whose statistics are a minute old would be read from end to end for each of a thousand claims.
_AROUND = """
SELECT 'injury', claim_id, id, NULL::timestamptz AS at, head AS word, NULL::boolean
FROM claims_damageline WHERE claim_id = ANY(%(ids)s) AND head = ANY(%(injury_heads)s)
UNION ALL SELECT 'hold', claim_id, id, placed_at, kind, NULL
FROM claims_hold WHERE claim_id = ANY(%(ids)s) AND released_at IS NULL
UNION ALL SELECT 'appeal', claim_id, id, opened_at, party, NULL
FROM claims_appeal WHERE claim_id = ANY(%(ids)s) AND status = 'OPEN'
UNION ALL SELECT 'notice', claim_id, id, written_at, state, NULL
FROM claims_notice WHERE claim_id = ANY(%(ids)s) AND kind = %(notice)s
UNION ALL SELECT 'late answer', claim_id, id, arrived_at, answer, NULL
FROM claims_sellerresponse WHERE claim_id = ANY(%(ids)s) AND is_late
UNION ALL SELECT 'payee', claim_id, id, given_at, name, given_with_report
FROM claims_payeedetails WHERE claim_id = ANY(%(ids)s)
UNION ALL SELECT 'payout', claim_id, id, created_at, state, NULL
FROM claims_payout WHERE claim_id = ANY(%(ids)s) AND state <> ALL(%(ended)s)
UNION ALL SELECT 'recovery', claim_id, id, opened_at, status, NULL
FROM claims_recovery WHERE claim_id = ANY(%(ids)s)
ORDER BY at, id
"""
_CLOCKS = """
SELECT claim_id, id, kind, owner, starts_at, length, unit, due_at, acts_at, remind_at
FROM claims_deadline
WHERE claim_id = ANY(%(ids)s)
    AND met_at IS NULL AND lapsed_at IS NULL AND cancelled_at IS NULL
ORDER BY due_at, id
"""


def load_facts(claim_ids: Iterable[int], *, are_new: bool = False) -> dict[int, ClaimFacts]:
    """The facts of claims, by id: a fixed number of statements however many claims.

    `are_new`: reported this moment, so that nothing stands around them yet and nothing is asked.
    """
    asked = {
        "ids": array_literal(claim_ids),
        "injury_heads": array_literal(INJURY_HEADS),
        "notice": LetterKind.CLAIM_NOTICE.value,
        "ended": array_literal(ENDED_PAYOUTS),
    }
    with connection.cursor() as cursor:
        # The versions are read first: whatever moves a claim while the rest is read, the recorder
        # then refuses what was decided on a mixture.
        cursor.execute(_CLAIMS, asked)
        columns = [column.name for column in cursor.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        around = _Around()
        if not are_new:
            around.read(cursor, asked)
    return {row["id"]: _facts(row, around) for row in rows}


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
    """What stands around claims, grouped by claim; of several rows the last one counts."""

    def __init__(self) -> None:
        self.holds: dict[int, set[str]] = defaultdict(set)
        self.appeals: dict[int, set[str]] = defaultdict(set)
        self.latest: dict[tuple[str, int], Any] = {}
        self.clocks: dict[int, list[ClockFacts]] = defaultdict(list)
        self.positions = positions_of(())
        self.closures = _closures()

    def read(self, cursor: CursorWrapper, asked: dict[str, str]) -> None:
        """Read it: a statement for rows of every kind, one for clocks, one where it is pursued."""
        cursor.execute(_AROUND, asked)
        for what, claim_id, *row in cursor.fetchall():
            self.latest[what, claim_id] = row
            if what == "hold":
                self.holds[claim_id].add(row[2])
            elif what == "appeal":
                self.appeals[claim_id].add(row[2])
        cursor.execute(_CLOCKS, asked)
        for claim_id, *clock in cursor.fetchall():
            self.clocks[claim_id].append(ClockFacts(*clock))
        # Few claims have a recovery when facts are asked for: without one, nothing is sent.
        self.positions = positions_of(key for what, key in self.latest if what == "recovery")

    def word(self, what: str, claim_id: int) -> str | None:
        """The state or status of the latest such row, if there is one."""
        row = self.latest.get((what, claim_id))
        return row[2] if row else None

    def payee(self, claim_id: int) -> PayeeFacts | None:
        """The payee details that count."""
        row = self.latest.get(("payee", claim_id))
        if row is None:
            return None
        number, given_at, name, given_with_report = row
        return PayeeFacts(number, name, given_at, given_with_report)


def _closures() -> dict[str, frozenset[date]]:
    grouped: dict[str, set[date]] = defaultdict(set)
    for market, on in Closure.objects.values_list("marketplace_id", "on"):
        grouped[market].add(on)
    return {market: frozenset(days) for market, days in grouped.items()}


def _facts(row: dict[str, Any], around: _Around) -> ClaimFacts:
    key = row["id"]
    return ClaimFacts(
        status=Status(row.pop("status")),
        bars=tuple(row.pop("bars")),
        terms=terms_of(row.pop("terms_id")),
        zone=ZoneInfo(row.pop("timezone")),
        has_injury_lines=("injury", key) in around.latest,
        holds=frozenset(around.holds.get(key, ())),
        clocks=tuple(around.clocks.get(key, ())),
        notice_delivered=around.word("notice", key) == NoticeState.SENT,
        answered_late=("late answer", key) in around.latest,
        payee=around.payee(key),
        open_appeals=frozenset(around.appeals.get(key, ())),
        open_payout=around.word("payout", key),
        recovery=around.word("recovery", key),
        recovery_position=around.positions.get(key),
        closures=around.closures.get(row["market"], frozenset()),
        **row,
    )
