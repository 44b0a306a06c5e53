"""One silent seller whose deadline runs out while you look: reported anew for every start.

Its history is a true one: reported eight days ago, the seller told six days ago, its letters
delivered. Deadlines are counted in whole local days, and nobody wants to watch for a day; so the
one thing that is arranged is the end of its deadline, and its file says so.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import QuerySet

from claims.decisions.base import take
from claims.demo.acts import assesses, passes
from claims.demo.load import check_demo
from claims.demo.outside import outside_parties
from claims.demo.people import Company
from claims.demo.shelves import Thing
from claims.demo.shops import make_product
from claims.demo.story import SOURCE, Story
from claims.demo.telling import Telling, whole_story
from claims.lifecycle import ActorKind, Status
from claims.models import Claim, Deadline, DeadlineKind, Harm
from claims.outcome import Actor, CloseDeadline, OpenDeadline
from claims.providers import get_provider
from claims.queries import facts_of
from claims.recorder import record_one
from sellers.models import Seller

PREFIX = "WATCH-"
NOTE = "demo: shortened so that you can watch it"
# The step acts a minute of grace after the deadline: about two minutes from the start.
RUNS_OUT_AFTER = timedelta(seconds=75)
SELLER = "brightwater"
SELLER_REFERENCE = "DEMO-001"
# A product and a claimant of its own for each: no burst, no repeated claimant.
_GIVEN = ("Joanne", "Marcus", "Priya", "Tomás", "Lucy", "Andrew", "Keiko", "Paula", "Victor")
_FAMILY = ("Kessler", "Bell", "Raman", "Herrera", "Okonkwo", "Lindgren", "Mori", "Costa")
# One of each makes a narrative.
_BEGAN = (
    "I filled the kettle, switched it on and went to get dressed. When I came back its base burnt.",
    "My son made tea on Sunday evening and left the room; the smoke alarm called us both back.",
    "It had boiled perhaps thirty times before. That morning I smelt hot plastic from the hallway.",
    "We were having breakfast when the handle side began to glow and a flame came out below.",
    "I had only just plugged it in at the office kitchen, with water in it, and it caught fire.",
)
_BURNT = (
    "I got it out with a wet towel, but the worktop and the cupboard above it are ruined.",
    "The fire blanket put an end to it. Tiles cracked, and soot is on every wall of the room.",
    "By then the coffee machine beside it had melted, and the oak counter was charred through.",
    "My neighbour's extinguisher saved the flat; its powder went into the oven and the hood.",
    "It fell into the sink by itself, after the shelf with our spices and the blinds had gone.",
)
_QUOTED = (
    "The fitter's quote for both is attached to my order messages.",
    "I send the invoice of the joiner who replaced what could not be cleaned.",
    "Photographs from the same hour and two offers of local firms are with this report.",
    "Our landlord's surveyor wrote down the damage; you find his list enclosed.",
    "Everything is still there to be looked at, and the repair is priced on the sheet I added.",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """The claim to watch, and its deadline and the moment of the automatic step."""

    claim: Claim
    due_at: datetime
    acts_at: datetime


def report_watched(*, now: datetime) -> Watched:
    """Report a silent seller's claim, or take the one that still waits; it runs out soon.

    Load the demo before: the seller is one of its own.

    Raises:
        NotTheDemo: DEMO is off. SandboxSilent: the sandbox provider does not answer.
    """
    check_demo()
    company = Company()
    claim = _waiting(now)
    with outside_parties(), whole_story():
        if claim is None:
            number = _watched().count() + 1
            thing = _thing(number)
            telling = Telling(_story(number), thing, company=company, provider=get_provider())
            claim = telling.tell(make_product(thing, _seller()), now=now)
        shorten_response(claim, now=now, by=company.staff("adjuster"))
    found = latest_watched()
    if found is None:
        raise RuntimeError(f"Claim {claim.reference} has no deadline after it was shortened.")
    return found


def latest_watched() -> Watched | None:
    """The claim reported last for watching, with its shortened deadline, open or run out."""
    clock = (
        Deadline.objects.filter(claim__in=_watched(), note=NOTE)
        .select_related("claim__seller", "claim__marketplace")
        .order_by("-due_at")
        .first()
    )
    if clock is None or clock.acts_at is None:
        return None
    return Watched(clock.claim, clock.due_at, clock.acts_at)


def shorten_response(claim: Claim, *, now: datetime, by: Actor) -> None:
    """Demo only: the seller's deadline of a claim ends `RUNS_OUT_AFTER` from now.

    Written as an extension is, by the recorder: one deadline closes, another opens with a note,
    and the claim's file has the event.
    """
    check_demo()
    facts = facts_of(claim)
    clock = facts.clock(DeadlineKind.SELLER_RESPONSE)
    if clock is None:
        raise ValueError(f"Claim {claim.reference} does not wait for its seller.")
    due_at = now + RUNS_OUT_AFTER
    shorter = OpenDeadline(
        kind=clock.kind,
        owner=ActorKind(clock.owner),
        starts_at=clock.starts_at,
        length=clock.length,
        unit=clock.unit,
        calendar=facts.market,
        due_at=due_at,
        acts_at=due_at + timedelta(seconds=facts.terms.grace_seconds),
        note=NOTE,
    )
    record_one(
        take(
            facts,
            "extend_deadline",
            at=now,
            by=by,
            text=NOTE,
            facts={"before": clock.due_at.isoformat(), "after": due_at.isoformat()},
            closes=(CloseDeadline(clock.kind, "cancelled"),),
            opens=(shorter,),
        )
    )


def write_watched(watched: Watched, folder: Path) -> None:
    """Write the claim to watch into demo.json of a folder, for whoever scripts the demo."""
    content = {
        "watch": watched.claim.reference,
        "due_at": watched.due_at.isoformat(),
        "acts_at": watched.acts_at.isoformat(),
    }
    part = folder / "demo.json.part"
    part.write_text(json.dumps(content, indent=2) + "\n")
    part.replace(folder / "demo.json")


def _watched() -> QuerySet[Claim]:
    return Claim.objects.filter(external_source=SOURCE, external_reference__startswith=PREFIX)


def _waiting(now: datetime) -> Claim | None:
    """A watched claim of an earlier start whose deadline has not run out meanwhile."""
    return (
        _watched()
        .filter(
            status=Status.AWAITING_SELLER,
            deadlines__kind=DeadlineKind.SELLER_RESPONSE,
            deadlines__due_at__gt=now,
            deadlines__cancelled_at__isnull=True,
        )
        .first()
    )


def _thing(number: int) -> Thing:
    title = f"Glass electric kettle 1.7 l, series {number}"
    return Thing(f"kettle-{number}", SELLER, "US", title, "Brightwater", "Kitchen", "42.99")


def _story(number: int) -> Story:
    return Story(
        key=f"{PREFIX}{number}",
        product=f"kettle-{number}",
        who=_name(number),
        days_ago=8,
        harm=Harm.FIRE,
        claims={"property_damage": "1420.00", "purchase_price": "42.99"},
        tells=_narrative(number),
        acts=(passes(0.9), assesses(1.8, "Quote of the fitter and photographs agree.")),
    )


def _narrative(number: int) -> str:
    """What this claimant tells: customers of a true seller do not write each other's words."""
    # Digits to the base of five: of 25 in a row, any two have at most one sentence in common.
    one, five, more = number % 5, number // 5, number // 25
    burnt, quoted = (one + five) % 5, (one + 2 * five + more) % 5
    return f"{_BEGAN[one]} {_BURNT[burnt]} {_QUOTED[quoted]}"


def _name(number: int) -> str:
    family = _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
    return f"{_GIVEN[number % len(_GIVEN)]} {family}"


def _seller() -> Seller:
    return Seller.objects.get(external_reference=SELLER_REFERENCE)
