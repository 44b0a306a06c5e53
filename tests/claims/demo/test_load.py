"""Loading: once, whole stories only, and nowhere but in a demo."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from claims.demo import load
from claims.demo.acts import accepts, assesses, passes
from claims.demo.load import Loaded, NotTheDemo, load_demo
from claims.demo.outside import SandboxSilent, outside_parties
from claims.demo.people import MEMBERS, STAFF, Company, lay_out_staff, password_of
from claims.demo.shelves import THINGS
from claims.demo.stories import STORIES
from claims.demo.story import Act, Story
from claims.demo.telling import StoryBroken, Telling, whole_story
from claims.models import Claim, Harm, Notice, Payout
from claims.outcome import Rank
from claims.providers import get_provider
from sellers.models import Product, Seller, SellerMember
from tests.claims.demo.conftest import NOW
from tests.claims.demo.test_watch import connection_as_it_is

pytestmark = pytest.mark.django_db
COUNTED = (Claim, Notice, Payout, Seller, User)


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


@pytest.mark.usefixtures("demo", "in_demo")
def test_a_second_run_does_nothing_and_says_so() -> None:
    before = counts()
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert said.getvalue() == f"The demo is loaded already: {len(STORIES)} claims.\n"
    assert counts() == before


@pytest.mark.usefixtures("demo", "in_demo")
def test_a_killed_load_goes_on_with_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    story = short_story("late-1")
    monkeypatch.setattr(load, "STORIES", (*STORIES, story))
    monkeypatch.setattr(load, "whole_story", connection_as_it_is)
    told: list[tuple[int, int]] = []
    loaded = load_demo(now=NOW, tell=lambda *progress: told.append(progress))
    assert loaded == Loaded(told=1, stood=len(STORIES))
    assert told == [(1, 1)]
    assert Claim.objects.get(external_reference="late-1").narrative == story.tells


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("command", [["load_demo"], ["load_demo", "--watch"], ["show_demo"]])
def test_outside_a_demo_every_command_refuses(settings: Settings, command: list[str]) -> None:
    settings.DEMO = False
    before = counts()
    with pytest.raises(CommandError, match="belong into a demo"):
        call_command(*command)
    assert counts() == before


def test_an_installation_that_is_no_demo_gets_nothing(settings: Settings) -> None:
    settings.DEMO = False
    before = counts()
    with pytest.raises(NotTheDemo):
        load_demo(now=NOW)
    assert counts() == before


def test_a_provider_that_is_silent_stops_the_load_before_any_claim(
    settings: Settings,
) -> None:
    settings.DEMO = True
    settings.PAYMENT_PROVIDER_URL = "http://127.0.0.1:9"
    with pytest.raises(SandboxSilent, match=r"No sandbox provider answers at http://127.0.0.1:9"):
        outside_parties().__enter__()


@pytest.mark.usefixtures("demo")
def test_one_login_a_role_with_the_group_of_the_role() -> None:
    for login in STAFF:
        user = User.objects.get(username=login.username)
        assert (user.is_staff, user.is_superuser) == (True, False)
        assert list(user.groups.values_list("name", flat=True)) == [login.group]
        assert PBKDF2PasswordHasher().verify(password_of(login.username), user.password)
    assert {login.group for login in STAFF} == set(Group.objects.values_list("name", flat=True))


@pytest.mark.usefixtures("demo")
def test_sellers_people_act_for_one_two_or_only_look() -> None:
    found = SellerMember.objects.values_list("user__username", "role", "seller__legal_name")
    assert sorted(found) == [
        ("owner", "OWNER", "Brightwater Home Goods LLC"),
        ("responder", "RESPONDER", "Thornbury Kitchen Supplies Ltd"),
        ("responder", "RESPONDER", "Volt & Ember Trading Inc."),
        ("viewer", "VIEWER", "Nordlicht Haushaltswaren GmbH"),
    ]
    for member in MEMBERS:
        assert not User.objects.get(username=member.username).is_staff


@pytest.mark.usefixtures("demo")
def test_nobodys_password_and_groups_are_changed() -> None:
    mine = User.objects.get(username="senior")
    mine.set_password("my own words")
    mine.save()
    mine.groups.clear()
    lay_out_staff()
    mine.refresh_from_db()
    assert mine.check_password("my own words")
    assert mine.groups.count() == 0


@pytest.mark.usefixtures("demo")
def test_the_company_acts_with_the_authority_of_its_groups() -> None:
    company = Company()
    assert company.staff("adjuster").rank == Rank.ADJUSTER
    assert company.staff("senior").rank == Rank.SENIOR
    brightwater = Seller.objects.get(external_reference="DEMO-001")
    owner = User.objects.get(username="owner")
    assert company.seller(brightwater.pk).user_id == owner.pk
    nordlicht = Seller.objects.get(legal_name="Nordlicht Haushaltswaren GmbH")
    assert company.seller(nordlicht.pk).user_id is None


def short_story(key: str, *acts: Act) -> Story:
    return Story(
        key=key,
        product="kettle",
        who="Somebody Else",
        days_ago=3,
        harm=Harm.WATER,
        claims={"property_damage": "1500.00"},
        tells="The kettle leaked into the drawer with the passports.",
        acts=acts,
    )


def tell(story: Story) -> Claim:
    thing = THINGS[story.product]
    product = Product.objects.get(sku=thing.sku)
    with outside_parties():
        telling = Telling(story, thing, company=Company(), provider=get_provider())
        return telling.tell(product, now=NOW)


@pytest.mark.usefixtures("demo", "in_demo")
def test_an_act_that_the_rules_refuse_names_its_story() -> None:
    story = short_story("broken", passes(0.5), accepts(1))
    with pytest.raises(StoryBroken, match=r"broken, day 1: This claim does not wait"):
        tell(story)


@pytest.mark.usefixtures("demo", "in_demo")
@pytest.mark.parametrize("day", [0.2, 4])
def test_an_act_out_of_order_or_in_the_future_is_named(day: float) -> None:
    story = short_story("broken", passes(0.5), assesses(day))
    with pytest.raises(StoryBroken, match=f"broken, day {day}: out of order"):
        tell(story)


def make_half_a_story() -> None:
    with whole_story():
        User.objects.create_user("half")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_story_stands_whole_or_not_at_all() -> None:
    with pytest.raises(ZeroDivisionError):
        make_half_a_story()
    assert not User.objects.filter(username="half").exists()
    with whole_story():
        User.objects.create_user("whole")
    assert User.objects.filter(username="whole").exists()
    assert connection.get_autocommit()


def test_the_days_of_a_story_are_counted_back_from_now() -> None:
    story = short_story("any")
    reported_at = story.reported_at(NOW)
    assert timedelta(days=3) <= NOW - reported_at < timedelta(days=3, hours=7)
    assert story.reported_at(NOW) == reported_at
