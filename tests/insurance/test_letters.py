"""Letters about insurance: each once, in words, delivered and bounced like any other letter."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from insurance import tasks
from insurance.letter_forms import FORMS, InsuranceLetterKind
from insurance.letter_text import render
from insurance.letters import Draft, deliver_due, write_letter, write_letters
from insurance.models import InsuranceLetter, LetterReader, Provider
from insurance.models.provider import ProviderStatus
from sellers.models import Marketplace, Seller
from sellers.post.bounces import record_bounce
from sellers.post.delivery import Delivered
from sellers.post.forms import LetterNotPossible
from sellers.post.route import message_id
from sellers.post.text import MADE_UP_LINE
from tests.factories import make_market, make_seller
from tests.mail_server import MailServer, running_mail_server

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FACTS: dict[str, Any] = {
    "triggered_on": "2026-10-31",
    "due_on": "2026-11-30",
    "cover_ends_on": "2026-12-01",
    "until_on": "2026-12-31",
    "from_on": "2026-12-02",
    "each_occurrence_minor": 100_000_000,
    "aggregate_minor": 100_000_000,
    "deductible_max_minor": 1_000_000,
    "figure_minor": 1_234_567,
    "trigger_minor": 1_000_000,
    "additional_insured": "Example Services LLC and its affiliates",
    "notice_of_cancellation_days": 30,
    "minimum_days_to_run": 60,
    "left": "14 days",
    "level_words": "you may list no new products",
    "reason": "No proof for 20 days.",
    "policy": "Harbour Mutual GL-1",
    "submitted_at": "2026-11-12T17:00:00+00:00",
    "effective_on": "2026-07-01",
    "last_on": "2027-06-30",
    "policies": [{"policy": "Harbour Mutual GL-1", "defects": []}],
    "file": "certificate.pdf",
    "problem": "This file is locked with a password.",
    "application": "A-000012",
    "application_id": 12,
    "invitation_id": 34,
    "link_number": 1,
    "ends_at": "2026-11-30T20:00:00+00:00",
    "provider": "Harbour Quotes Inc.",
    "premium_minor": 52_500,
    "quoted_on": "2026-11-16",
    "valid_until_on": "2026-12-16",
    "was_premium_minor": 48_000,
    "was_quoted_on": "2026-11-12",
    "was_valid_until_on": "2026-12-12",
    "legal_entity": "Brightware LLC",
    "contact_name": "Robin Vale",
    "contact_email": "robin@brightware.example",
    "starts_on": "2027-01-01",
    "why": "The seller withdrew it.",
    "words": "We have no capacity this month.",
}
TO_SELLER = [kind for kind in InsuranceLetterKind if FORMS[kind].recipient == LetterReader.SELLER]


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with running_mail_server() as kept:
        settings.MAILERS, settings.DEMO = kept.mailers, True
        yield kept


@pytest.fixture
def seller() -> Seller:
    return make_seller("Brightware LLC")


@pytest.fixture
def market() -> Marketplace:
    return make_market("US")


def facts_for(kind: InsuranceLetterKind) -> dict[str, Any]:
    form = FORMS[kind]
    return {name: FACTS[name] for name in form.needs | form.optional if name in FACTS}


def write(
    seller: Seller,
    market: Marketplace,
    kind: InsuranceLetterKind = InsuranceLetterKind.COVER_REMINDER,
    *,
    key: str = "cover/1/US/14",
) -> InsuranceLetter:
    facts = facts_for(kind)
    return write_letter(kind=kind, key=key, seller=seller, marketplace=market, facts=facts, at=AT)


def columns(letter: InsuranceLetter) -> dict[str, Any]:
    letter.refresh_from_db()
    names = ("to", "recipient", "state", "attempts", "next_at", "sent_at", "last_answer")
    return {name: getattr(letter, name) for name in names}


# ── words ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", TO_SELLER)
def test_every_kind_has_words(
    seller: Seller, market: Marketplace, kind: InsuranceLetterKind
) -> None:
    subject, body = render(write(seller, market, kind))
    assert subject
    assert body.startswith("Hello Brightware LLC,\n")
    assert not {"{", "}", "None", "\n\n\n"} & set(body.split(" "))
    assert "\n\n\n" not in body
    assert "http://localhost:8000/portal/insurance/\n" in body
    assert body.endswith("\nThe insurance team\n")


def test_a_requirement_says_why_by_when_and_what_to_send(
    seller: Seller, market: Marketplace
) -> None:
    """Rules §4: the figure, the date, and every line that a certificate is checked on."""
    subject, body = render(write(seller, market, InsuranceLetterKind.COVER_REQUIRED))
    assert subject == "You need product liability insurance for United States"
    for words in (
        "were $12,345.67 in one month, which is above $10,000.00. That happened on 31 October 2026",
        "Send us proof by the end of: 30 November 2026",
        "at least $1,000,000.00 for each occurrence and $1,000,000.00 in the aggregate",
        "a deductible of at most $10,000.00",
        "“Example Services LLC and its affiliates” as additional insured, in exactly these words",
        "your legal name, Brightware LLC, as the named insured",
        "30 days’ notice of cancellation",
        "at least 60 days still to run",
    ):
        assert words in body


def test_a_requirement_by_request_names_no_figure(seller: Seller, market: Marketplace) -> None:
    letter = write(seller, market, InsuranceLetterKind.COVER_REQUIRED)
    del letter.facts["figure_minor"], letter.facts["trigger_minor"]
    _, body = render(letter)
    assert "We asked on 31 October 2026." in body
    assert "proceeds" not in body


def test_a_moment_is_on_the_readers_clock(seller: Seller, market: Marketplace) -> None:
    letter = write(seller, market)
    letter.facts["left"] = "x"
    letter.facts["due_at"] = "2026-12-01T08:00:00+00:00"
    _, body = render(letter)
    assert "Tuesday 1 December 2026, 00:00 PST (Los Angeles time)" in body


def test_made_up_data_says_so_first(market: Marketplace) -> None:
    _, body = render(write(make_seller(is_made_up=True), market))
    assert body.startswith(f"{MADE_UP_LINE}\n\nHello ")


# ── written once ───────────────────────────────────────────────────────────


def test_a_letter_is_written_once(seller: Seller, market: Marketplace) -> None:
    first = write(seller, market)
    assert columns(first) == {
        "to": seller.email,
        "recipient": "SELLER",
        "state": "QUEUED",
        "attempts": 0,
        "next_at": AT,
        "sent_at": None,
        "last_answer": "",
    }
    again = write_letter(
        kind=InsuranceLetterKind.COVER_LAPSED,
        key=first.key,
        seller=seller,
        marketplace=market,
        facts=FACTS,
        at=AT + MINUTE,
    )
    assert (again.pk, again.kind, again.written_at) == (first.pk, "COVER_REMINDER", AT)
    assert InsuranceLetter.objects.count() == 1


def test_what_cannot_be_written_writes_nothing(seller: Seller, market: Marketplace) -> None:
    whole = Draft(
        kind=InsuranceLetterKind.COVER_LAPSED,
        key="a",
        seller=seller,
        marketplace=market,
        facts=FACTS,
    )
    for kind, facts, words in (
        (InsuranceLetterKind.COVER_REMINDER, {"left": "", "due_on": "2026-01-01"}, "lacks: left"),
        (InsuranceLetterKind.COVER_REQUIRED, {}, "lacks: additional_insured, aggregate_minor"),
        ("NO_SUCH_KIND", {}, "There is no letter of the kind “NO_SUCH_KIND”"),
    ):
        draft = Draft(kind=kind, key="b", seller=seller, marketplace=market, facts=facts)  # type: ignore[arg-type]
        with pytest.raises(LetterNotPossible, match=words):
            write_letters([whole, draft], at=AT)
    provider = Provider(legal_name="P", claims_contact="p@insurer.example")
    with pytest.raises(LetterNotPossible, match="never written to the provider"):
        write_letters(
            [Draft(kind=InsuranceLetterKind.COVER_LAPSED, key="c", provider=provider, facts=FACTS)],
            at=AT,
        )
    assert not InsuranceLetter.objects.exists()


def test_a_letter_without_its_reader_is_refused_by_the_database(market: Marketplace) -> None:
    with pytest.raises(IntegrityError, match="has_its_reader"), transaction.atomic():
        InsuranceLetter.objects.create(
            key="x", kind="X", recipient="SELLER", marketplace=market, state="QUEUED", written_at=AT
        )


def test_a_providers_letter_goes_to_its_own_address_unless_told(market: Marketplace) -> None:
    provider = Provider(claims_contact="claims@insurer.example")
    draft = Draft(kind=InsuranceLetterKind.COVER_LAPSED, key="c", provider=provider)
    assert (draft.recipient, draft.address) == (LetterReader.PROVIDER, "claims@insurer.example")
    named = Draft(
        kind=InsuranceLetterKind.COVER_LAPSED,
        key="c",
        provider=provider,
        to="quotes@insurer.example",
    )
    assert named.address == "quotes@insurer.example"


# ── delivered ──────────────────────────────────────────────────────────────


def test_a_letter_leaves_once_and_is_kept(
    server: MailServer, seller: Seller, market: Marketplace
) -> None:
    letter = write(seller, market)
    assert deliver_due(at=AT) == Delivered(sent=1)
    assert deliver_due(at=AT + timedelta(days=30)) == Delivered()
    (taken,) = server.taken
    letter.refresh_from_db()
    assert (taken["To"], taken["Message-ID"]) == (seller.email, message_id(letter.key))
    assert taken["Subject"] == letter.subject == render(letter)[0]
    assert (letter.state, letter.sent_at, letter.attempts) == ("SENT", AT, 1)


def test_outside_the_demo_nothing_leaves_to_made_up_parties(
    server: MailServer, settings: Settings, seller: Seller, market: Marketplace
) -> None:
    settings.DEMO = False
    invented = write(make_seller(is_made_up=True), market, key="1")
    provider = Provider.objects.create(
        legal_name="Made Up Mutual",
        kind="INSURER",
        status=ProviderStatus.CANDIDATE,
        is_made_up=True,
    )
    about = write(seller, market, key="2")
    InsuranceLetter.objects.filter(pk=about.pk).update(provider=provider)
    real = write(seller, market, key="3")
    assert deliver_due(at=AT) == Delivered(sent=1, bounced=2)
    for letter in (invented, about):
        assert columns(letter)["last_answer"] == "made-up data: no letter leaves"
    assert columns(real)["state"] == "SENT"


def test_a_bounce_is_found_among_the_letters_of_every_room(
    server: MailServer, seller: Seller, market: Marketplace
) -> None:
    letter = write(seller, market)
    deliver_due(at=AT)
    assert record_bounce(at=AT + MINUTE, why="no such user", message_id=message_id(letter.key))
    assert columns(letter)["state"] == "BOUNCED"
    assert columns(letter)["last_answer"] == "2026-11-16 17:01 UTC: no such user"
    assert not record_bounce(at=AT, why="again", key=letter.key), "once"


def test_letters_leave_with_the_tick_which_is_watched(seller: Seller, market: Marketplace) -> None:
    from claims.models import Heartbeat

    letter = write(seller, market)
    tasks.deliver_insurance_letters()
    assert columns(letter)["state"] == "SENT"
    assert list(Heartbeat.objects.values_list("name", "failures")) == [
        ("deliver_insurance_letters", 0)
    ]


def test_no_query_grows_with_the_letters_but_writing_each_answer(
    server: MailServer, seller: Seller, market: Marketplace, django_assert_num_queries: Any
) -> None:
    for n in range(3):
        write(seller, market, key=str(n))
    with django_assert_num_queries(7):
        assert deliver_due(at=AT) == Delivered(sent=3)


def test_an_old_letter_shows_in_the_gauges(seller: Seller, market: Marketplace) -> None:
    from claims.watch.lateness import measure

    gauge = "redress_oldest_unsent_letter_seconds"
    assert measure(at=AT)[gauge] == 0
    write(seller, market)
    assert measure(at=AT + MINUTE)[gauge] == 60
