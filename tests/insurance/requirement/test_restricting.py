"""Rules §4: notice, restricted, suspended: recommended by the programme, decided by a person."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from insurance.letter_text import render
from insurance.models import InsuranceLetter, RestrictionLevel, SellerRestriction
from insurance.requirement.refusals import RequirementRefused
from insurance.requirement.restricting import (
    LEVEL_OF,
    LEVEL_WORDS,
    decide_restriction,
    lift_restriction,
)
from insurance.standing import Recommendation
from sellers.models import Marketplace, Seller
from tests.factories import make_market
from tests.insurance.requirement.world import (
    DAY,
    DUE,
    letters,
    make_required,
    noon,
    prove,
    review,
    staff,
)

pytestmark = pytest.mark.django_db
TODAY = DUE + 8 * DAY
AT = noon(TODAY)


@pytest.fixture
def market() -> Marketplace:
    return make_market("US")


@pytest.fixture
def by() -> User:
    return staff()


def decide(seller: Seller, market: Marketplace, by: User, **fields: Any) -> SellerRestriction:
    given: dict[str, Any] = {
        "level": RestrictionLevel.RESTRICTED,
        "from_on": TODAY,
        "reason": "No proof.",
        "at": AT,
    }
    return decide_restriction(seller=seller, marketplace=market, by=by, **(given | fields))


def rows(seller: Seller) -> list[tuple[Any, ...]]:
    names = ("level", "reason", "recommended", "from_on", "lifted_at", "lift_reason")
    return list(SellerRestriction.objects.filter(seller=seller).order_by("id").values_list(*names))


def test_days_alone_restrict_nobody(market: Marketplace) -> None:
    seller = make_required()
    for days in range(1, 40, 3):
        review(DUE + days * DAY)
    assert rows(seller) == []


def test_a_person_decides_with_a_reason_and_the_seller_is_told(
    market: Marketplace, by: User
) -> None:
    seller = make_required()
    decided = decide(seller, market, by, from_on=TODAY + DAY)
    assert rows(seller) == [("RESTRICTED", "No proof.", "restrict", TODAY + DAY, None, "")]
    assert (decided.decided_at, decided.decided_by) == (AT, by)
    letter = InsuranceLetter.objects.get(kind="RESTRICTION_DECIDED")
    subject, body = render(letter)
    assert subject == "United States: your account is restricted"
    assert "From: 11 March 2026\nWhy: No proof.\n" in body


def test_a_person_may_decide_otherwise_than_recommended(market: Marketplace, by: User) -> None:
    seller = make_required()
    decide(seller, market, by, level=RestrictionLevel.SUSPENDED)
    assert rows(seller) == [("SUSPENDED", "No proof.", "restrict", TODAY, None, "")]


def test_a_decision_replaces_the_one_that_holds(market: Marketplace, by: User) -> None:
    seller = make_required()
    decide(seller, market, by, level=RestrictionLevel.NOTICE)
    decide(seller, market, by, at=noon(TODAY + DAY), from_on=TODAY + DAY, reason="Still none.")
    assert rows(seller) == [
        ("NOTICE", "No proof.", "restrict", TODAY, noon(TODAY + DAY), "Replaced by: Restricted."),
        ("RESTRICTED", "Still none.", "restrict", TODAY + DAY, None, ""),
    ]
    assert [kind for _, kind, _ in letters(seller)] == ["RESTRICTION_DECIDED"] * 2


def test_a_person_lifts_it_with_a_reason_and_the_seller_is_told(
    market: Marketplace, by: User
) -> None:
    seller = make_required()
    restriction = decide(seller, market, by)
    prove(seller, on=TODAY + DAY)
    later = noon(TODAY + 2 * DAY)
    lifted = lift_restriction(restriction=restriction, reason="Proven.", at=later, by=by)
    assert (lifted.lifted_at, lifted.lifted_by, lifted.lift_reason) == (later, by, "Proven.")
    assert letters(seller)[-1] == (TODAY + 2 * DAY, "RESTRICTION_LIFTED", "")
    with pytest.raises(RequirementRefused, match="lifted already"):
        lift_restriction(restriction=restriction, reason="Again.", at=later, by=by)
    assert SellerRestriction.objects.get().lift_reason == "Proven."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "Say why this is decided"),
        ({"from_on": TODAY - DAY}, "cannot begin in the past"),
        ({"at": noon(DUE), "from_on": DUE}, "Proof of cover is due by 2 March 2026"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    market: Marketplace, by: User, fields: dict[str, Any], words: str
) -> None:
    seller = make_required()
    with pytest.raises(RequirementRefused, match=words):
        decide(seller, market, by, **fields)
    assert (rows(seller), letters(seller)) == ([], [])


def test_who_has_proven_is_not_restricted(market: Marketplace, by: User) -> None:
    seller = make_required()
    prove(seller, on=TODAY)
    with pytest.raises(RequirementRefused, match="Proven cover runs until 1 January 2027"):
        decide(seller, market, by)
    assert rows(seller) == []


def test_cover_that_ended_before_it_was_required_leaves_the_days(
    market: Marketplace, by: User
) -> None:
    seller = make_required()
    prove(seller, on=date(2025, 2, 1), effective_on=date(2025, 1, 1), expires_on=date(2026, 1, 1))
    with pytest.raises(RequirementRefused, match="nothing to decide now"):
        decide(seller, market, by, at=noon(DUE - DAY), from_on=DUE)


def test_the_same_level_is_not_decided_twice(market: Marketplace, by: User) -> None:
    seller = make_required()
    decide(seller, market, by)
    before = rows(seller)
    with pytest.raises(RequirementRefused, match="It is so already: Restricted"):
        decide(seller, market, by, reason="Again.")
    assert rows(seller) == before


def test_the_database_keeps_one_decision_at_a_time(market: Marketplace, by: User) -> None:
    seller = make_required()
    decide(seller, market, by)
    with pytest.raises(IntegrityError, match="restriction_one_at_a_time"), transaction.atomic():
        SellerRestriction.objects.create(
            seller=seller,
            marketplace=market,
            level="NOTICE",
            reason="x",
            from_on=TODAY,
            decided_at=AT,
            decided_by=by,
        )


def test_a_decision_needs_its_reason_and_person_in_the_database(
    market: Marketplace, by: User
) -> None:
    seller = make_required()
    decide(seller, market, by)
    for values in ({"reason": ""}, {"lifted_at": AT}, {"level": "BANNED"}):
        with pytest.raises(IntegrityError, match="restriction_"), transaction.atomic():
            SellerRestriction.objects.update(**values)


def test_every_recommendation_has_its_level_and_every_level_its_words() -> None:
    assert set(LEVEL_OF) == set(Recommendation)
    assert set(LEVEL_OF.values()) == set(LEVEL_WORDS) == set(RestrictionLevel)


def test_every_version_of_a_decision_is_kept(market: Marketplace, by: User) -> None:
    restriction = decide(make_required(), market, by)
    lift_restriction(restriction=restriction, reason="Proven.", at=AT, by=by)
    events: Any = restriction.events  # type: ignore[attr-defined]
    assert list(events.order_by("pgh_id").values_list("lift_reason", flat=True)) == ["", "Proven."]
