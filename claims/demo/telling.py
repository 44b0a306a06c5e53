"""Tells one story in its own time: what people do, and everything that falls due in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from claims.demo.people import Company
from claims.demo.shelves import Thing
from claims.demo.shops import make_order
from claims.demo.story import SOURCE, Act, Scene, Story
from claims.lifecycle import Refused
from claims.models import Claim, Deadline, Head, Notice, NoticeState, Payout, PayoutState
from claims.notices import deliver_due
from claims.operations.following import follow_payouts
from claims.operations.intake import ClaimantDetails, ClaimedLine, PayeeGiven, report_claim
from claims.operations.reminding import remind_due
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from claims.providers.base import PaymentProvider
from sellers.markets import MARKETS
from sellers.models import Product
from sellers.money import parse_amount

# A confirmed payout has a next moment only where the provider says that it came back.
MOVING = (
    PayoutState.QUEUED,
    PayoutState.SENDING,
    PayoutState.UNCERTAIN,
    PayoutState.SENT,
    PayoutState.CONFIRMED,
)
# The holds of a payment that end by themselves, at a moment; the others wait for somebody.
ENDS_BY_ITSELF: tuple[list[str], ...] = ([], ["PAYEE_DETAILS_CHANGED"])
MADE_UP = ("everything",)


class StoryBroken(Exception):
    """A story of the demo that cannot have happened so: the rules refuse an act, or its day."""


@contextmanager
def whole_story() -> Iterator[None]:
    """One transaction, although what runs inside commits: all of a story stands, or nothing.

    With autocommit off Django makes every `atomic` inside a savepoint, durable ones too.
    """
    transaction.set_autocommit(False)
    try:
        yield
    except BaseException:
        transaction.rollback()
        raise
    else:
        transaction.commit()
    finally:
        transaction.set_autocommit(True)


class Telling:
    """A story that is being told. Other claims stand still: nothing of theirs is due."""

    def __init__(
        self, story: Story, thing: Thing, *, company: Company, provider: PaymentProvider
    ) -> None:
        self.story = story
        self.thing = thing
        self.company = company
        self.provider = provider

    def tell(self, product: Product, *, now: datetime) -> Claim:
        """Tell it from the report until `now`; returns the claim as it stands then.

        Raises:
            StoryBroken: an act lies out of order or in the future, or the rules refuse it.
        """
        reported_at = moment = self.story.reported_at(now)
        claim = self._report(product, reported_at)
        for act in self.story.acts:
            at = reported_at + timedelta(days=act.day)
            if not moment <= at <= now:
                raise StoryBroken(f"{self.story.key}, day {act.day}: out of order.")
            self._run(claim.pk, after=moment, until=at)
            self._do(act, claim.pk, at)
            moment = at
        self._run(claim.pk, after=moment, until=now)
        _deliver(claim.pk, at=now)
        return Claim.objects.get(pk=claim.pk)

    def _do(self, act: Act, claim_id: int, at: datetime) -> None:
        if act.after_letters:
            _deliver(claim_id, at=at)
        try:
            act.do(Scene(Claim.objects.get(pk=claim_id), at, self.company))
        except Refused as error:
            raise StoryBroken(f"{self.story.key}, day {act.day}: {error}") from error
        self._pay(claim_id, at)

    def _report(self, product: Product, at: datetime) -> Claim:
        story, currency = self.story, MARKETS[self.thing.market].currency
        happened = at.date() - timedelta(days=story.incident)
        who, email = story.who, f"{slugify(story.who)}@customers.example"
        return report_claim(
            order=make_order(self.thing, product, number=story.number, incident_on=happened),
            incident_on=happened,
            harm=story.harm,
            severity=story.severity,
            lines=[
                ClaimedLine(Head(head.upper()), parse_amount(text, currency=currency))
                for head, text in story.claims.items()
            ],
            claimant=ClaimantDetails(who, email, story.birthday(), is_made_up=True),
            is_represented=story.is_represented,
            medicare=story.medicare,
            payee=PayeeGiven(who, f"tok_demo_{story.number}") if story.gives_payee else None,
            narrative=story.tells,
            at=at,
            by=CLAIMANT,
            external_source=SOURCE,
            external_reference=story.key,
            made_up_fields=MADE_UP,
        )

    def _run(self, claim_id: int, *, after: datetime, until: datetime) -> None:
        """Everything that falls due on the claim, in order, at the moment it falls due."""
        while (due := _next_due(claim_id, after=after)) is not None and due[0] <= until:
            after, steps = due
            for step in steps:
                step(claim_id, after)
            self._pay(claim_id, after)

    def _pay(self, claim_id: int, at: datetime) -> None:
        """Payments are sent and followed until nothing is due, unless workers shall do it."""
        due = Payout.objects.filter(claim=claim_id, state__in=MOVING, next_at__lte=at)
        while self.story.pays_while_loading and due.exists():
            send_due_payouts(provider=self.provider, at=at)
            follow_payouts(provider=self.provider, at=at)


def _deliver(claim_id: int, *, at: datetime) -> None:
    """The letters of a claim leave, each at the moment at which it was written.

    They leave together, before something looks whether they arrived and at the end of the story:
    a connection for each would take most of the time of loading.
    """
    deliver_due(at=at)
    letters = Notice.objects.filter(claim=claim_id, state=NoticeState.SENT, sent_at=at)
    letters.update(sent_at=F("written_at"))


def _lapse(claim_id: int, at: datetime) -> None:
    _deliver(claim_id, at=at)
    # Of two clocks of one claim, a sweep takes one.
    while lapse_due(at=at).taken:
        continue


def _remind(_claim_id: int, at: datetime) -> None:
    remind_due(at=at)


def _look_at_payout(_claim_id: int, _at: datetime) -> None:
    """Payouts are looked at after every step: here a moment for it comes by itself."""


type Step = Callable[[int, datetime], None]


def _next_due(claim_id: int, *, after: datetime) -> tuple[datetime, list[Step]] | None:
    """The first moment after `after` at which something falls due, and what that is."""
    found: list[tuple[datetime | None, Step]] = []
    clocks = Deadline.objects.filter(
        claim=claim_id, met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    )
    for acts_at, remind_at in clocks.values_list("acts_at", "remind_at"):
        found += [(acts_at, _lapse), (remind_at, _remind)]
    payouts = Payout.objects.filter(claim=claim_id, state__in=MOVING)
    for next_at, held_by in payouts.values_list("next_at", "held_by"):
        if held_by in ENDS_BY_ITSELF:
            found.append((next_at, _look_at_payout))
    later = [(at, step) for at, step in found if at is not None and at > after]
    if not later:
        return None
    first = min(at for at, _ in later)
    return first, list(dict.fromkeys(step for at, step in later if at == first))
