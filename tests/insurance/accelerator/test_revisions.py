"""Rules §5: a price shown is a quote with a date; a changed one is another version beside it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from insurance.accelerator.answering import Offer, revise_quote
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.ending import withdraw_application
from insurance.accelerator.refusals import QuoteMovedMeanwhile, QuoteStepRefused
from insurance.accelerator.scorecard import scorecard
from insurance.accelerator.sweep import sweep_quotes
from insurance.accelerator.vetting_acts import decide_provider
from insurance.models import (
    InsuranceLetter,
    Policy,
    PolicyBasis,
    PolicyKind,
    Provider,
    ProviderMove,
    Quote,
    QuoteApplication,
    QuoteInvitation,
)
from sellers.models import Seller
from tests.factories import make_user
from tests.insurance.accelerator.rows import (
    AT,
    TODAY,
    apply,
    make_vetted,
    quote,
    token_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MODELS = (QuoteApplication, QuoteInvitation, Quote, Policy, InsuranceLetter)


@pytest.fixture
def harbour() -> Provider:
    return make_vetted("Harbour Mutual")


@pytest.fixture
def given(harbour: Provider) -> Quote:
    """A first version, of 16 November at 525.00."""
    return quote(apply(harbour), harbour)


def everything() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]


def offer(**changes: Any) -> Offer:
    values: dict[str, Any] = {
        "insurer": "Harbour Mutual",
        "kind": PolicyKind.COMMERCIAL_GENERAL,
        "basis": PolicyBasis.OCCURRENCE,
        "premium_minor": 60_000,
        "each_occurrence_minor": 100_000_000,
        "aggregate_minor": 200_000_000,
        "deductible_minor": 100_000,
        "assumptions": "No toys.",
        "valid_until": TODAY + 40 * DAY,
    }
    return Offer(**values | changes)


def revise(before: Quote, **changes: Any) -> Quote:
    act: dict[str, Any] = {"reason": " A lower deductible. ", "given_by": "Kim", "at": AT + DAY}
    act |= {name: changes.pop(name) for name in tuple(changes) if name in act}
    return revise_quote(quote=before, offer=offer(**changes), **act)


def test_a_revision_is_a_new_version_and_the_one_before_stays(given: Quote) -> None:
    was = Quote.objects.values().get(pk=given.pk)
    new = revise(given)

    assert Quote.objects.values().get(pk=given.pk) == was | {
        "state": "SUPERSEDED",
        "decided_at": AT + DAY,
        "next_at": None,
    }
    assert (new.version, new.state, new.premium_minor, new.quoted_at, new.given_by) == (
        2,
        "OFFERED",
        60_000,
        AT + DAY,
        "Kim",
    )
    assert (new.revision_reason, new.invitation_id) == ("A lower deductible.", given.invitation_id)
    answered = QuoteInvitation.objects.get(pk=given.invitation_id)
    assert (answered.state, answered.answered_at) == ("QUOTED", AT)
    assert QuoteApplication.objects.get(pk=given.application_id).state == "OPEN"


def test_the_seller_is_told_once_of_both_with_their_dates(given: Quote) -> None:
    new = revise(given)
    (letter,) = InsuranceLetter.objects.filter(kind="QUOTE_REVISED")

    assert (letter.key, letter.to) == (f"quote-revised:{new.pk}", given.application.seller.email)
    assert letter.facts == {
        "application": given.application.reference,
        "application_id": given.application_id,
        "provider": "Harbour Mutual",
        "premium_minor": 60_000,
        "quoted_on": "2026-11-17",
        "valid_until_on": "2026-12-26",
        "was_premium_minor": given.premium_minor,
        "was_quoted_on": "2026-11-16",
        "was_valid_until_on": given.valid_until.isoformat(),
        "words": "A lower deductible.",
    }


def test_an_application_lives_as_long_as_its_newest_quote(given: Quote) -> None:
    new = revise(given, valid_until=TODAY + 300 * DAY)
    application = QuoteApplication.objects.get(pk=given.application_id)
    assert application.expires_at == application.next_at == new.expires_at


def test_a_version_that_was_replaced_is_never_accepted(given: Quote) -> None:
    new = revise(given)
    user = make_user()
    before = everything()
    with pytest.raises(QuoteStepRefused, match="Harbour Mutual replaced this quote by a newer one"):
        accept_quote(quote=given, at=AT + DAY, by=user)
    assert everything() == before

    policy = accept_quote(quote=new, at=AT + 2 * DAY, by=user)

    assert (policy.deductible_minor, policy.quote) == (100_000, new)
    states = Quote.objects.order_by("version").values_list("version", "state")
    assert list(states) == [(1, "SUPERSEDED"), (2, "ACCEPTED")]


def test_every_version_can_be_replaced_once(given: Quote) -> None:
    second = revise(given)
    third = revise(second, premium_minor=50_000, at=AT + 2 * DAY)
    assert third.version == 3
    before = everything()
    for old in (given, second):
        with pytest.raises(QuoteMovedMeanwhile, match="has a newer version"):
            revise(old, premium_minor=1)
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " \n"}, "Say what you changed"),
        ({"premium_minor": 0}, "above zero"),
        ({"aggregate_minor": 1}, "aggregate limit cannot be below"),
        ({"valid_until": TODAY}, "valid today or longer"),
        ({"at": AT + 14 * DAY}, "time to answer is over"),
    ],
)
def test_a_revision_that_cannot_be_is_refused(
    given: Quote, changes: dict[str, Any], words: str
) -> None:
    before = everything()
    with pytest.raises(QuoteStepRefused, match=words):
        revise(given, **changes)
    assert everything() == before


def test_a_revision_differs(given: Quote) -> None:
    new = revise(given)
    before = everything()
    with pytest.raises(QuoteStepRefused, match="Nothing differs"):
        revise(new, at=AT + 2 * DAY)
    assert everything() == before


def test_after_the_end_nothing_is_revised(given: Quote, harbour: Provider) -> None:
    user = make_user()
    accept_quote(quote=given, at=AT, by=user)
    before = everything()
    with pytest.raises(QuoteMovedMeanwhile, match="no longer open"):
        revise(given)

    other = quote(application := apply(harbour), harbour)
    withdraw_application(application=application, at=AT, by=user)
    after = everything()
    with pytest.raises(QuoteMovedMeanwhile, match="no longer open"):
        revise(other)
    assert everything() == after
    assert before[2][0] == after[2][0], "the accepted quote stays as it was"


def test_a_quote_that_ended_or_a_provider_off_the_list_is_not_revised(harbour: Provider) -> None:
    short = quote(apply(harbour), harbour, valid_until=TODAY)
    with pytest.raises(QuoteStepRefused, match="has ended"):
        revise(short, at=short.expires_at)
    decide_provider(provider=harbour, move=ProviderMove.SUSPEND, reason="x", at=AT, by=make_user())
    with pytest.raises(QuoteStepRefused, match="not listed"):
        revise(short, at=AT)
    assert Quote.objects.get().version == 1


def test_only_the_newest_version_is_reminded_of_and_ends(given: Quote) -> None:
    new = revise(given)
    sweep_quotes(at=new.expires_at)
    assert list(Quote.objects.order_by("version").values_list("state", flat=True)) == [
        "SUPERSEDED",
        "EXPIRED",
    ]
    ended = InsuranceLetter.objects.filter(kind__in=("QUOTE_ENDING", "QUOTE_ENDED"))
    assert [letter.key for letter in ended] == [f"quote-ended:{new.pk}"]


def test_the_scorecard_counts_a_provider_once_however_often_it_revised(given: Quote) -> None:
    accept_quote(quote=revise(revise(given), premium_minor=1), at=AT + DAY, by=make_user())
    (score,) = scorecard(first=AT - DAY, until=AT + DAY)
    assert (score.asked, score.answered, score.quoted, score.accepted, score.refused) == (
        1,
        1,
        1,
        1,
        0,
    )


def test_the_database_keeps_one_current_version(given: Quote) -> None:
    new = revise(given)
    for wrong in ({"state": "OFFERED"}, {"version": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quote.objects.filter(pk=given.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=new.pk).update(revision_reason="")


# ── the provider's page ────────────────────────────────────────────────────


@pytest.fixture
def answered() -> Quote:
    """A first version of now: the page's own clock is the present."""
    cache.clear()
    now = timezone.now()
    provider = make_vetted("Harbour Mutual", at=now)
    application = apply(provider, at=now, starts_on=(now + 30 * DAY).date())
    return quote(application, provider, at=now, valid_until=(now + 20 * DAY).date())


def page_of(answered: Quote) -> str:
    return reverse("quote_request", args=[token_of(answered.invitation)])


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "revises": "1",
        "insurer": "Harbour Mutual",
        "kind": "COMMERCIAL_GENERAL",
        "basis": "OCCURRENCE",
        "premium": "600.00",
        "each_occurrence": "1000000",
        "aggregate": "2000000",
        "deductible": "1000",
        "assumptions": "No toys.",
        "valid_until": (timezone.now() + 30 * DAY).date().isoformat(),
        "reason": "A lower deductible.",
        "given_by": "Kim Osei",
    } | changes


def test_the_provider_changes_its_quote_on_its_page(answered: Quote) -> None:
    client = Client(enforce_csrf_checks=True)
    url = page_of(answered)
    first = client.get(url).content.decode()
    assert "Change your quote" in first
    assert 'name="revises"' not in first
    before = everything()
    form = client.get(url, {"change": "1"}).content.decode()
    assert 'value="525.00"' in form
    assert everything() == before, "looking changes nothing"

    page = client.post(url, typed(), follow=True).content.decode()

    assert "$600.00" in page
    assert "A lower deductible." in page
    assert "Earlier versions" in page
    assert "$525.00" in page
    assert list(Quote.objects.order_by("version").values_list("premium_minor", "state")) == [
        (52_500, "SUPERSEDED"),
        (60_000, "OFFERED"),
    ]


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"premium": ""}, 422, "Give the premium"),
        ({"reason": ""}, 422, "Say what you changed"),
        ({"given_by": ""}, 422, "Give your name"),
        ({"revises": "7"}, 409, "no such version"),
        ({"revises": "x"}, 422, "Your quote"),
        ({"premium": "0"}, 409, "above zero"),
    ],
)
def test_a_wrong_change_is_said_and_changes_nothing(
    answered: Quote, changes: dict[str, Any], status: int, words: str
) -> None:
    before = everything()
    answer = Client().post(page_of(answered), typed(**changes))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert everything() == before


def test_of_two_windows_the_second_is_told(answered: Quote) -> None:
    client, url = Client(), page_of(answered)
    client.post(url, typed())
    answer = client.post(url, typed(premium="1.00"))
    assert (answer.status_code, "has a newer version" in answer.content.decode()) == (409, True)
    assert Quote.objects.count() == 2


def test_an_accepted_quote_offers_no_change(answered: Quote) -> None:
    accept_quote(quote=answered, at=timezone.now(), by=make_user())
    page = Client().get(page_of(answered), {"change": "1"}).content.decode()
    assert "It stands as: accepted" in page
    assert 'name="revises"' not in page
    answer = Client().post(page_of(answered), typed())
    assert (answer.status_code, "no longer open" in answer.content.decode()) == (409, True)


# ── the seller's page ──────────────────────────────────────────────────────


def test_the_seller_sees_both_versions_with_their_dates(portal: Client, seller: Seller) -> None:
    now = timezone.now()
    provider, oak = make_vetted("Harbour Mutual", at=now), make_vetted("Oak Casualty", at=now)
    application = apply(provider, oak, seller=seller, at=now, starts_on=(now + 30 * DAY).date())
    old = quote(application, provider, at=now, valid_until=(now + 20 * DAY).date())
    quote(application, oak, at=now, valid_until=(now + 20 * DAY).date(), premium_minor=90_000)
    new = revise(old, at=now, valid_until=(now + 25 * DAY).date())

    answer = portal.get(reverse("insurance:application", args=[application.pk]))

    page = answer.content.decode()
    assert [row.quote.premium_minor for row in answer.context["rows"]] == [60_000, 90_000]
    ((_, earlier),) = answer.context["rows"][0].earlier
    assert (earlier, answer.context["rows"][1].earlier) == (old, ())
    before = ("Before: $525.00, of ", "A lower deductible.", ", replaced")
    for words in ("Changed</span>", *before, "$600.00"):
        assert words in page
    accept = reverse("insurance:accept_quote", args=[application.pk, old.pk])
    assert accept not in page
    for answer in (portal.get(accept, follow=True), portal.post(accept, follow=True)):
        assert "replaced this quote by a newer one" in answer.content.decode()
    portal.post(reverse("insurance:accept_quote", args=[application.pk, new.pk]))
    assert Policy.objects.get().quote == new


def test_what_a_replaced_quote_was_is_on_the_seller_s_page_for_ever(
    given: Quote,
) -> None:
    """Kept as rows, and each row's own versions too."""
    revise(given)
    events: Any = given
    kept = events.events.order_by("pgh_id").values_list("state", "premium_minor")
    assert list(kept) == [("OFFERED", 52_500), ("SUPERSEDED", 52_500)]
