"""Loads the demo once: every story whole or not at all, and again only what is not there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from claims.demo.certificates import lay_out_certificates
from claims.demo.cover import lay_out_cover
from claims.demo.outside import outside_parties
from claims.demo.people import Company, lay_out_members, lay_out_staff
from claims.demo.quotes import lay_out_quotes
from claims.demo.shelves import THINGS
from claims.demo.shops import lay_out_shops, make_product
from claims.demo.stories import STORIES
from claims.demo.story import SOURCE, Story
from claims.demo.telling import Telling, whole_story
from claims.models import Claim
from claims.providers import get_provider
from claims.screening.sanctions import lay_down_empty_list
from sellers.models import Seller

# Before the first story begins, somebody had imported a sanctions list.
OLDEST = timedelta(days=120)


class NotTheDemo(Exception):
    """This installation is not a demo: nothing made up may be loaded."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many stories were told now, and how many stood there already."""

    told: int
    stood: int


def check_demo() -> None:
    """Raise NotTheDemo unless this installation is a demo."""
    if not settings.DEMO:
        raise NotTheDemo("Made-up sellers, logins and claims belong into a demo: set REDRESS_DEMO.")


def load_demo(*, now: datetime, tell: Callable[[int, int], object] = lambda *_: None) -> Loaded:
    """Lay out people, sellers and cover, and tell every story that is not there yet.

    `now` is the moment that all stories lead to; `tell` hears how far it is. A load that was
    killed left whole stories only: the next one goes on.

    Raises:
        NotTheDemo: DEMO is off. SandboxSilent: the sandbox provider does not answer.
    """
    check_demo()
    told = Claim.objects.filter(external_source=SOURCE).values_list("external_reference", flat=True)
    there = set(told)
    missing = [story for story in STORIES if story.key not in there]
    stood = len(STORIES) - len(missing)
    if not missing:
        return Loaded(0, stood)
    sellers = lay_out(now=now)
    with outside_parties():
        _tell_all(missing, sellers, now=now, tell=tell)
    return Loaded(len(missing), stood)


@transaction.atomic
def lay_out(*, now: datetime) -> dict[str, Seller]:
    """People, sellers and cover, as far as they are not there; returns sellers by short name."""
    lay_out_staff()
    sellers = lay_out_shops(now)
    lay_out_members(sellers)
    lay_out_cover(sellers, now)
    lay_out_certificates(sellers, now)
    lay_out_quotes(sellers, now)
    lay_down_empty_list(at=now - OLDEST, source="demo: nobody is on it")
    return sellers


def _tell_all(
    stories: Sequence[Story],
    sellers: dict[str, Seller],
    *,
    now: datetime,
    tell: Callable[[int, int], object],
) -> None:
    company, provider = Company(), get_provider()
    # What is left to the workers stands open, and nothing told after it may send it.
    ordered = sorted(stories, key=lambda story: not story.pays_while_loading)
    for number, story in enumerate(ordered, start=1):
        thing = THINGS[story.product]
        with whole_story():
            product = make_product(thing, sellers[thing.seller])
            Telling(story, thing, company=company, provider=provider).tell(product, now=now)
        tell(number, len(ordered))
