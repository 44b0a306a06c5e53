"""After a fault: claims to try it on, and waiting until nothing due is left.

The waits between two attempts (20 seconds to hours) and the leases of dead senders (2 and 10
minutes) are not waited for: the stored moments are moved into the past, as if the time had passed.
A lease is only ended so when nobody can hold it any more.
"""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from claims.agenda import due_at
from claims.lifecycle import Status
from claims.models import (
    Claim,
    Deadline,
    Notice,
    NoticeState,
    Payout,
    PayoutLimits,
    PayoutState,
    ProviderCircuit,
    TermsVersion,
)
from claims.operations import sending
from claims.screening.sanctions import lay_down_empty_list
from tests import factories
from tests.claims.core.world import lay_down_market
from tests.copies import Original
from tests.faults.stack import Stack

# Longer than one call to the provider or the mail server may take (10 seconds each).
NOBODY_HOLDS_IT = timedelta(seconds=12)
AGO = timedelta(days=10)
# How long a letter is one sender's (claims/notices.py).
LETTER_LEASE = timedelta(minutes=10)
OPEN = (PayoutState.QUEUED, PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT)
UNSENT = (NoticeState.QUEUED, NoticeState.SENDING)


def lay_down_world() -> None:
    """The market, its terms with a daily cap for hundreds of rows, and an empty sanctions list."""
    lay_down_market()
    launch = TermsVersion.objects.get(marketplace_id="US", effective_on=factories.LAUNCH)
    figures = launch.figures | {"daily_cap_minor": 1_000_000_000}
    TermsVersion.objects.create(
        marketplace_id="US",
        effective_on=factories.LAUNCH + timedelta(days=1),
        figures=figures,
        marks=launch.marks,
        created_at=launch.created_at,
    )
    lay_down_empty_list(at=timezone.now(), source="test")
    # The breakers have tests of their own; here they would end the rows that come after.
    PayoutLimits.objects.create(
        effective_at=timezone.now(),
        hourly_count=100_000,
        hourly_sums={"USD": 10_000_000_000},
        uncertain=1000,
        a_minute=100_000,
        reason="Hundreds of faults in an hour.",
        set_by=factories.make_user(),
    )


@transaction.atomic
def lapsed_claims(count: int, *, claimed_minor: int = 120_000) -> list[str]:
    """Claims whose seller stayed silent for ten days, whole before any sweep sees them."""
    then = timezone.now() - AGO
    first = factories.report_awaiting_seller(at=then, claimed_minor=claimed_minor)
    claims = [first, *Original(first).copies(count - 1)]
    _letters_left(claims, then)
    return [claim.reference for claim in claims]


@transaction.atomic
def conceded_claims(count: int, *, ago: timedelta = timedelta(0)) -> list[str]:
    """Claims approved within the ceiling: their payouts are queued."""
    then = timezone.now() - ago
    claims = [factories.report_assessed(at=then, claimed_minor=80_000) for _ in range(count)]
    _letters_left(claims, then)
    return [claim.reference for claim in claims]


def _letters_left(claims: list[Claim], at: datetime) -> None:
    """These claims' letters had left before the test began; nobody else's are touched."""
    Notice.objects.filter(claim__in=claims).update(state=NoticeState.SENT, sent_at=at, next_at=None)


def paid(references: list[str]) -> int:
    """How many of these claims are paid."""
    return Claim.objects.filter(reference__in=references, status=Status.PAID).count()


def payouts(references: list[str]) -> dict[str, int]:
    """The payouts of these claims: how many in each state."""
    states = Payout.objects.filter(claim__reference__in=references).values_list("state", flat=True)
    return {state: list(states).count(state) for state in sorted(set(states))}


def bury(references: list[str]) -> None:
    """End the leases on these claims' payouts: whoever held them is dead."""
    now = timezone.now()
    Payout.objects.filter(claim__reference__in=references, state=PayoutState.SENDING).update(
        lease_until=now, next_at=now
    )


def hasten() -> None:
    """Let the waits of payouts and letters be over, and the leases of those who are gone."""
    now = timezone.now()
    ProviderCircuit.objects.update(closed_until=None)
    Deadline.objects.filter(next_try_at__gt=now).update(next_try_at=now)
    Payout.objects.filter(
        state__in=[PayoutState.QUEUED, PayoutState.UNCERTAIN, PayoutState.SENT], held_by=[]
    ).filter(next_at__gt=now).update(next_at=now)
    Payout.objects.filter(
        state=PayoutState.SENDING, lease_until__lte=now + sending.LEASE - NOBODY_HOLDS_IT
    ).update(lease_until=now, next_at=now)
    Notice.objects.filter(state=NoticeState.QUEUED, next_at__gt=now).update(next_at=now)
    Notice.objects.filter(
        state=NoticeState.SENDING, lease_until__lte=now + LETTER_LEASE - NOBODY_HOLDS_IT
    ).update(lease_until=now, next_at=now)


def let_time_pass(length: timedelta) -> None:
    """Every payout and letter was begun so much earlier: as if the time had passed."""
    Payout.objects.filter(first_sent_at__isnull=False).update(
        first_sent_at=F("first_sent_at") - length
    )
    Payout.objects.exclude(next_at=None).update(next_at=F("next_at") - length)
    Payout.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - length)
    Notice.objects.filter(state__in=UNSENT).update(
        next_at=F("next_at") - length, lease_until=F("lease_until") - length
    )


def left_over(at: datetime) -> list[str]:
    """What is due, on its way or in doubt; empty when everything has come to rest."""
    waiting = [
        f"{row.our_reference} {row.state}: {row.last_answer}"
        for row in Payout.objects.filter(state__in=OPEN, held_by=[])
    ]
    letters = [
        f"letter {row.key} {row.state}: {row.last_answer}"
        for row in Notice.objects.filter(state__in=UNSENT)
    ]
    due = Q(acts_at__lte=at, met_at=None, lapsed_at=None, cancelled_at=None)
    clocks = [f"clock {row.pk}: {row.last_error}" for row in Deadline.objects.filter(due)]
    return waiting + letters + clocks + due_at(at)


def heal(stack: Stack, *, seconds: float = 90) -> None:
    """End every fault, start whatever ends, and wait until nothing due is left.

    A worker may end itself a moment after its broker came back, so who is dead is looked at again.

    Raises:
        AssertionError: something due is left after so many seconds.
    """
    stack.doors.heal()
    stack.revive()
    stack.book.script()
    ends = time.monotonic() + seconds
    while left := left_over(timezone.now()):
        if time.monotonic() > ends:
            raise AssertionError(f"After {seconds:g} s still left: {left}")
        hasten()
        stack.revive()
        stack.tick()
        time.sleep(0.2)
