"""Export control: a rating, a licence or a list is never shown without its date and source.

The walk opens every page of the console and of the portal on which one could stand, finds each
place that shows it, and looks for date and source in the same row, cell or section.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from claims.models import ScreenedRole, ScreeningRecord
from claims.roles import INSURANCE, SENIOR_ADJUSTER
from claims.screening.sanctions import screen_party
from insurance.accelerator.choosing import accept_quote
from insurance.models import KnownInsurer, Quote
from tests.claims.screening.list_rows import import_small_list
from tests.factories import make_member, make_user, report_screened
from tests.insurance.accelerator.rows import (
    apply,
    invitation,
    make_kitchen_seller,
    make_vetted,
    quote,
    token_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Nothing else on any page reads like these.
RATING, AGENCY, RATING_SOURCE = "Qz9++", "Rater & Sons", "Rating bulletin 77"
STATE, LICENCE_SOURCE = "QX", "Licence register 88"
RATED_ON, LICENSED_ON = date(2026, 5, 4), date(2026, 10, 3)
LISTED = "Alexander Malkevich"
# What holds a statement together: the smallest of these around it must say date and source.
BLOCKS = {"tr", "dl", "fieldset", "section", "li", "table"}


@dataclass
class Block:
    """An element that holds a statement together, with all text and values inside it."""

    tag: str
    parent: "Block | None"
    text: str = ""

    def add(self, text: str) -> None:
        """Text counts for every block around it."""
        block: Block | None = self
        while block is not None:
            block.text += f" {text}"
            block = block.parent


class Blocks(HTMLParser):
    """The blocks of a page in which a pattern is found, each the smallest around the finding."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.pattern = re.compile(pattern)
        self.block = Block("page", None)
        self.found: list[Block] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in BLOCKS:
            self.block = Block(tag, self.block)
        self._text(values.get("value") or "")
        self.block.add(values.get("datetime") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.block.tag and self.block.parent is not None:
            self.block = self.block.parent

    def handle_data(self, data: str) -> None:
        self._text(data)

    def _text(self, text: str) -> None:
        self.block.add(text)
        if self.pattern.search(text):
            self.found.append(self.block)


def unsourced(page: str, pattern: str, *needed: str) -> list[str]:
    """The blocks that show the pattern without everything that must stand beside it."""
    reader = Blocks(pattern)
    reader.feed(page)
    return [
        " ".join(block.text.split())[:200]
        for block in reader.found
        if not all(re.search(one, block.text) for one in needed)
    ]


def day(value: date) -> str:
    """A date in any of the ways in which pages write it."""
    return (
        f"{value:%Y-%m-%d}|{value.day} {value:%b}[a-z.]* {value.year}"
        f"|{value:%b}[a-z.]* {value.day}, {value.year}"
    )


def shows(page: str, pattern: str) -> bool:
    reader = Blocks(pattern)
    reader.feed(page)
    return bool(reader.found)


@dataclass
class World:
    """Browsers, and the addresses that each may open."""

    staff: Client
    insurance: Client
    member: Client
    portal: list[str]
    console: list[str]
    claims: list[str]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build(timezone.now(), tmp_path)


def build(now: Any, folder: Path) -> World:
    """A provider with every kind of statement, its quotes, and a screening that waits."""
    stated = {
        "rating_agency": AGENCY,
        "rated_on": RATED_ON,
        "rating_source": RATING_SOURCE,
        "licence_states": [STATE],
        "licences_on": LICENSED_ON,
        "licences_source": LICENCE_SOURCE,
    }
    harbour = make_vetted("Harbour Mutual", at=now, rating="A", **stated)
    seller = make_kitchen_seller()
    member = make_member(seller)
    first = apply(harbour, seller=seller, at=now, starts_on=(now + 30 * DAY).date())
    offered = quote(first, harbour, at=now, valid_until=(now + 9 * DAY).date())
    accepted = accept_quote(quote=offered, at=now, by=member.user)
    second = apply(harbour, seller=seller, at=now, starts_on=(now + 30 * DAY).date())
    other = quote(second, harbour, at=now, valid_until=(now + 9 * DAY).date())
    type(harbour).objects.filter(pk=harbour.pk).update(rating=RATING)
    KnownInsurer.objects.create(
        naic_code="12345", legal_name="Harbour Re", source="Table 99", listed_on=date(2026, 11, 2)
    )
    import_small_list(folder)
    claim = report_screened(at=now)
    screen_party(claim=claim, name=LISTED, role=ScreenedRole.CLAIMANT, at=now)
    return World(
        staff=signed_in(SENIOR_ADJUSTER),
        insurance=signed_in(INSURANCE),
        member=_browser_of(member.user),
        portal=_portal_addresses(seller.pk, first.pk, second.pk, other),
        console=_console_addresses(harbour.pk, first.pk, second.pk, accepted.pk),
        claims=_claim_addresses(claim.reference),
    )


def signed_in(role: str) -> Client:
    return _browser_of(make_user(role=role))


def _browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _portal_addresses(seller: int, first: int, second: int, other: Quote) -> list[str]:
    asked = invitation(other.application, other.invitation.provider)
    return [
        reverse("insurance:overview"),
        reverse("insurance:directory"),
        reverse("insurance:quotes"),
        reverse("insurance:apply", args=[seller, "US"]),
        reverse("insurance:application", args=[first]),
        reverse("insurance:application", args=[second]),
        reverse("insurance:accept_quote", args=[second, other.pk]),
        reverse("quote_request", args=[token_of(asked)]),
    ]


def _console_addresses(provider: int, first: int, second: int, policy: int) -> list[str]:
    lists = [
        reverse(f"admin:insurance_{name}_changelist")
        for name in ("provider", "appetite", "policy", "certificate", "knowninsurer")
    ]
    pages: list[tuple[str, list[Any]]] = [
        ("admin:insurance_provider_change", [provider]),
        ("admin:insurance_provider_history", [provider]),
        ("admin:insurance_provider_vetting", [provider]),
        ("admin:insurance_provider_vetting_queue", []),
        ("admin:insurance_provider_scorecard", []),
        ("admin:insurance_provider_import", []),
        ("admin:insurance_quoteapplication_changelist", []),
        ("admin:insurance_quoteapplication_change", [first]),
        ("admin:insurance_quoteapplication_change", [second]),
        ("admin:insurance_policy_change", [policy]),
    ]
    return [*lists, *(reverse(name, args=args) for name, args in pages)]


def _claim_addresses(reference: str) -> list[str]:
    record = ScreeningRecord.objects.get()
    names: list[tuple[str, list[Any]]] = [
        ("admin:claims_sanctions", []),
        ("admin:claims_screening", [record.pk]),
        ("admin:claims_claim_change", [reference]),
        ("admin:claims_explain", [reference]),
        ("admin:claims_screeningrecord_changelist", []),
        ("admin:claims_screeningrecord_change", [record.pk]),
        ("admin:claims_sanctionslist_changelist", []),
        ("admin:claims_sanctionsname_changelist", []),
        ("admin:index", []),
    ]
    found = []
    for name, args in names:
        try:
            found.append(reverse(name, args=args))
        except NoReverseMatch:  # a record that has no page of its own
            continue
    return found


def opened(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def test_no_page_shows_a_rating_or_licence_without_date_and_source(world: World) -> None:
    pages = {url: opened(world.insurance, url) for url in world.console}
    pages |= {url: opened(world.member, url) for url in world.portal}
    rating = re.escape(RATING)
    licence = rf"\b{STATE}\b"

    wrong = {
        url: lacking
        for url, page in pages.items()
        if (
            lacking := unsourced(page, rating, re.escape(AGENCY), day(RATED_ON), RATING_SOURCE)
            + unsourced(page, licence, day(LICENSED_ON), LICENCE_SOURCE)
            + unsourced(page, "Harbour Re", "Table 99", day(date(2026, 11, 2)))
        )
    }

    assert wrong == {}
    # The walk saw what it looks for where it must stand.
    shown = {url for url, page in pages.items() if shows(page, rating) and shows(page, licence)}
    assert len(shown) >= 8, shown


def test_no_page_shows_a_listed_party_without_the_lists_date_and_source(world: World) -> None:
    pages = {url: opened(world.staff, url) for url in world.claims}
    hit = "MALKEVICH"

    lacking = {
        url: page
        for url, page in pages.items()
        if hit in page and not (re.search("OFAC", page) and re.search(day(date(2026, 2, 27)), page))
    }

    assert list(lacking) == []
    assert sum(hit in page for page in pages.values()) >= 2


def test_the_walk_finds_what_is_missing() -> None:
    """The instrument itself: one cell with all, one without a source."""
    sound = (
        "<table><tr><td>Qz9++ by Rater, <time datetime='2026-05-04'>May</time>, Bulletin</td></tr>"
    )
    bare = "<tr><td>Qz9++</td></tr><tr><td>Bulletin 2026-05-04</td></tr></table>"
    needed = (day(RATED_ON), "Bulletin")

    assert unsourced(sound, r"Qz9\+\+", *needed) == []
    assert unsourced(sound + bare, r"Qz9\+\+", *needed) == ["Qz9++"]
    assert unsourced('<li><input value="Qz9++"></li>', r"Qz9\+\+", *needed) == ["Qz9++"]
