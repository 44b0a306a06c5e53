"""What people do while everything fails: customers claim, sellers answer, operations act."""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import Error, connection
from django.utils import timezone

from claims.invariants import Acknowledgement
from claims.lifecycle import ActorKind, Refused, Status
from claims.models import Answer, Claim, Payout, PayoutState, PayoutSwitch
from claims.operations.pausing import resume_payouts
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.responding import respond_to_claim
from claims.outcome import CLAIMANT, Actor, Rank
from tests import factories
from tests.faults.healing import conceded_claims, hasten, lapsed_claims

log = logging.getLogger(__name__)

PAUSE = 0.2
ANSWERS = (Answer.ACCEPT, Answer.ACCEPT, Answer.REJECT, Answer.HANDLE, Answer.TENDER)


class Load(threading.Thread):
    """A thread that acts until it is told to stop, and counts what it did.

    `acknowledged` holds every answer of a seller for which the operation came back without an
    error: what the portal would have confirmed.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__(name="load", daemon=True)
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.acknowledged: list[Acknowledgement] = []
        self.error: Exception | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Stop acting, and wait for the act under way."""
        self._stopped.set()
        self.join(60)

    def run(self) -> None:
        """Act until stopped."""
        try:
            self._run()
        except Exception as error:  # noqa: BLE001 - whoever waits for this thread reports it
            self.error = error
        connection.close()

    def _run(self) -> None:
        acts = [self.silent, self.silent, self.within, self.answer, self.withdraw, self.payee]
        acts += [self.resume]
        while not self._stopped.wait(PAUSE):
            self._try(self.chance.choice(acts))
            self._try(hasten)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Refused as refusal:
            self.done[f"refused: {type(refusal).__name__}"] += 1
        except Error as error:  # our own session was ended; the act was rolled back
            log.info("The load's own connection failed: %s", error)
            connection.close()

    def silent(self) -> None:
        """Sellers stayed silent for ten days: their claims are due now."""
        self.done["claims of silent sellers"] += len(lapsed_claims(self.chance.randint(1, 4)))

    def within(self) -> None:
        """Claims within the ceiling: their payouts are due now."""
        self.done["claims within the ceiling"] += len(conceded_claims(self.chance.randint(1, 3)))

    def answer(self) -> None:
        """A seller answers in time; what came back without an error was acknowledged."""
        now = timezone.now()
        claim = factories.report_awaiting_seller(at=now - timedelta(days=1), claimed_minor=120_000)
        answer, reason = self.chance.choice(ANSWERS), f"Reason {time.time_ns()} – “é” 火"
        by = Actor(ActorKind.SELLER, factories.make_member(claim.seller).user_id)
        respond_to_claim(claim=claim, answer=answer, reason=reason, at=now, by=by)
        told = Acknowledgement(claim=claim.reference, answer=answer.value, reason=reason)
        self.acknowledged.append(told)
        self.done["answers acknowledged"] += 1

    def withdraw(self) -> None:
        """A claimant withdraws while the payment may be on its way."""
        claim = self._some(Claim.objects.filter(status=Status.APPROVED).order_by("-pk")[:5])
        if claim is not None:
            withdraw_claim(claim=claim, at=timezone.now(), by=CLAIMANT)
            self.done["claims withdrawn"] += 1

    def payee(self) -> None:
        """Payee details change after the approval; the payment then waits 72 hours."""
        queued = Payout.objects.filter(state=PayoutState.QUEUED).order_by("-pk")[:5]
        payout = self._some(queued.select_related("claim"))
        if payout is not None and self.chance.random() < 0.2:
            change_payee(
                claim=payout.claim,
                name="New Name",
                account="acct-2",
                at=timezone.now(),
                by=CLAIMANT,
            )
            self.done["payees changed"] += 1

    def resume(self) -> None:
        """Operations let payouts go that a breaker paused, although its cause still stands."""
        if PayoutSwitch.objects.get(pk=1).is_paused:
            by = factories.staff_actor(rank=Rank.SENIOR)
            reason = "We watch this run of chaos."
            resume_payouts(reason=reason, although_not_healed=True, at=timezone.now(), by=by)
            self.done["pauses by breakers, resumed"] += 1

    def _some[T](self, rows: Iterable[T]) -> T | None:
        found = list(rows)
        return self.chance.choice(found) if found else None
