"""Rules §5: one application, several quotes; one is accepted, and a policy waits for its proof."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from insurance.accelerator.answering import decline_application, note_opened
from insurance.accelerator.applying import send_again
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.ending import (
    close_application,
    expire_application,
    revoke_invitation,
    withdraw_application,
)
from insurance.accelerator.links import hash_token, invitation_of
from insurance.accelerator.refusals import LinkNotValid, QuoteMovedMeanwhile, QuoteStepRefused
from insurance.accelerator.vetting_acts import decide_provider
from insurance.models import (
    DeclineReason,
    InsuranceLetter,
    Policy,
    Provider,
    ProviderMove,
    Quote,
    QuoteApplication,
    QuoteInvitation,
)
from insurance.queries import compliance_of
from tests.factories import make_member, make_user
from tests.insurance.accelerator.rows import (
    AT,
    TODAY,
    apply,
    invitation,
    make_kitchen_seller,
    make_provider,
    make_vetted,
    quote,
    token_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MODELS = (QuoteApplication, QuoteInvitation, Quote, Policy, InsuranceLetter)


def everything() -> list[Any]:
    """All that an act of quotes may write."""
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]


def letters() -> list[tuple[str, str]]:
    return list(InsuranceLetter.objects.order_by("pk").values_list("kind", "to"))


def states(application: QuoteApplication) -> tuple[str, dict[str, str], dict[str, str]]:
    """Where the application, its invitations and its quotes stand."""
    application.refresh_from_db()
    rows = application.invitations.values_list("provider__legal_name", "state")
    quotes = application.quotes.values_list("invitation__provider__legal_name", "state")
    return application.state, dict(rows), dict(quotes)


@pytest.fixture
def harbour() -> Provider:
    return make_vetted("Harbour Mutual")


@pytest.fixture
def oak() -> Provider:
    return make_vetted("Oak Casualty")


@pytest.fixture
def elm() -> Provider:
    return make_vetted("Elm Brokers")


def test_an_application_reaches_each_chosen_provider_once(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)

    assert states(application) == ("OPEN", {"Harbour Mutual": "SENT", "Oak Casualty": "SENT"}, {})
    assert letters() == [
        ("QUOTE_ASKED", "quotes@harbour.example"),
        ("QUOTE_ASKED", "quotes@oak.example"),
    ]
    row = invitation(application, harbour)
    assert row.token_hash == hash_token(token_of(row))
    assert (row.expires_at, row.next_at) == (AT + 14 * DAY, AT + 7 * DAY)
    assert application.expires_at == application.next_at == AT + 60 * DAY


def test_no_row_ever_holds_the_token(harbour: Provider) -> None:
    row: Any = invitation(apply(harbour), harbour)
    token = token_of(row)

    assert token not in str(everything())
    assert "token" not in {f.name for f in row.events.model._meta.fields}
    assert "token_hash" not in {f.name for f in row.events.model._meta.fields}


def test_only_what_fits_and_is_vetted_and_can_be_reached_is_asked(harbour: Provider) -> None:
    candidate = make_provider("Unvetted Ltd")
    silent = make_vetted("Silent Ltd")
    Provider.objects.filter(pk=silent.pk).update(quote_contact="")
    silent.refresh_from_db()
    small = make_vetted("Small Ltd", appetite={"each_occurrence_to_minor": 50_000_000})
    seller = make_kitchen_seller()
    before = everything()

    for wrong in (candidate, silent, small):
        with pytest.raises(QuoteStepRefused, match=f"No application can be sent to: {wrong}"):
            apply(harbour, wrong, seller=seller)
    with pytest.raises(QuoteStepRefused, match="at least one provider"):
        apply(seller=seller)
    with pytest.raises(QuoteStepRefused, match="in the past"):
        apply(harbour, seller=seller, starts_on=TODAY - DAY)

    assert everything() == before


def test_one_open_application_a_market(harbour: Provider) -> None:
    application = apply(harbour)
    before = everything()

    with pytest.raises(QuoteStepRefused, match="open application in United States already"):
        apply(harbour, seller=application.seller)

    assert everything() == before


def test_quotes_and_declines_come_in(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)

    given = quote(application, harbour, at=AT + DAY)
    decline_application(
        invitation=invitation(application, oak),
        reason=DeclineReason.CATEGORY,
        words="No kettles.",
        given_by="Jo",
        at=AT + DAY,
    )

    assert states(application) == (
        "OPEN",
        {"Harbour Mutual": "QUOTED", "Oak Casualty": "DECLINED"},
        {"Harbour Mutual": "OFFERED"},
    )
    # Valid until the end of 16 December in Los Angeles.
    assert given.expires_at.isoformat() == "2026-12-17T08:00:00+00:00"
    assert letters()[2:] == [
        ("QUOTE_RECEIVED", application.seller.email),
        ("QUOTE_DECLINED", application.seller.email),
    ]


def test_an_answer_counts_once_and_in_time(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)
    quote(application, harbour)
    before = everything()

    with pytest.raises(QuoteMovedMeanwhile, match="answered already"):
        quote(application, harbour)
    with pytest.raises(QuoteStepRefused, match="time to answer is over"):
        quote(application, oak, at=AT + 14 * DAY)
    with pytest.raises(QuoteStepRefused, match="valid today or longer"):
        quote(application, oak, valid_until=TODAY - DAY)
    with pytest.raises(QuoteStepRefused, match="valid today or longer"):
        quote(application, oak, valid_until=TODAY + 367 * DAY)
    with pytest.raises(QuoteStepRefused, match="aggregate"):
        quote(application, oak, aggregate_minor=1)
    with pytest.raises(QuoteStepRefused, match="above zero"):
        quote(application, oak, premium_minor=0)
    with pytest.raises(QuoteStepRefused, match="Say why"):
        decline_application(
            invitation=invitation(application, oak),
            reason=DeclineReason.OTHER,
            words=" ",
            given_by="Jo",
            at=AT,
        )

    assert everything() == before


def test_accepting_makes_a_policy_that_proves_nothing_yet(
    harbour: Provider, oak: Provider, elm: Provider
) -> None:
    application = apply(harbour, oak, elm)
    chosen, other = quote(application, harbour), quote(application, oak, premium_minor=90_000)
    user = make_member(application.seller).user

    policy = accept_quote(quote=chosen, at=AT + DAY, by=user)

    assert states(application) == (
        "ACCEPTED",
        {"Harbour Mutual": "QUOTED", "Oak Casualty": "QUOTED", "Elm Brokers": "CLOSED"},
        {"Harbour Mutual": "ACCEPTED", "Oak Casualty": "NOT_CHOSEN"},
    )
    chosen.refresh_from_db()
    assert (chosen.policy, chosen.decided_by, chosen.next_at) == (policy, user, None)
    assert (policy.insurer, policy.each_occurrence_minor, policy.deductible_minor) == (
        "Harbour Mutual",
        100_000_000,
        250_000,
    )
    assert (policy.number, policy.effective_on) == (
        f"To be issued ({application.reference})",
        None,
    )
    assert letters()[-4:] == [
        ("QUOTE_NOT_NEEDED", "quotes@elm.example"),
        ("QUOTE_NOT_NEEDED", "quotes@oak.example"),
        ("QUOTE_CHOSEN", "quotes@harbour.example"),
        ("QUOTE_ACCEPTED", application.seller.email),
    ]
    # Rules §4: cover is proven by a certificate, and by nothing else.
    assert compliance_of(application.seller_id, "US", on=TODAY).status == "OVERDUE"
    other.refresh_from_db()
    assert other.decided_at == AT + DAY


def test_a_quote_that_has_ended_or_lost_is_not_accepted(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)
    first, second = quote(application, harbour), quote(application, oak)
    user = make_member(application.seller).user
    before = everything()

    with pytest.raises(QuoteStepRefused, match="no longer offered"):
        accept_quote(quote=first, at=first.expires_at, by=user)
    assert everything() == before

    accept_quote(quote=first, at=first.expires_at - timedelta(seconds=1), by=user)
    after = everything()
    for again in (first, second):
        with pytest.raises(QuoteMovedMeanwhile, match="no longer open"):
            accept_quote(quote=again, at=AT, by=user)
    assert everything() == after


def test_the_database_refuses_two_accepted_quotes(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)
    first, second = quote(application, harbour), quote(application, oak)
    policy = accept_quote(quote=first, at=AT, by=make_user())
    other = Policy.objects.get(pk=policy.pk)
    other.pk, other.number = None, "another"
    other.save()

    with pytest.raises(IntegrityError, match="accepted_once"), transaction.atomic():
        Quote.objects.filter(pk=second.pk).update(state="ACCEPTED", policy=other)
    with pytest.raises(IntegrityError, match="accepted_has_policy"), transaction.atomic():
        Quote.objects.filter(pk=second.pk).update(state="OFFERED", policy=other)


@pytest.mark.parametrize(
    ("end", "state"),
    [("withdraw", "WITHDRAWN"), ("close", "CLOSED"), ("expire", "EXPIRED")],
)
def test_an_application_ends_for_everybody(
    end: str, state: str, harbour: Provider, oak: Provider
) -> None:
    application = apply(harbour, oak)
    quote(application, harbour)
    user = make_user()

    def act() -> None:
        if end == "withdraw":
            withdraw_application(application=application, at=AT + DAY, by=user)
        elif end == "close":
            close_application(application=application, reason="Fraud.", at=AT + DAY, by=user)
        else:
            expire_application(application=application, at=AT + DAY)

    act()

    assert states(application) == (
        state,
        {"Harbour Mutual": "QUOTED", "Oak Casualty": "CLOSED"},
        {"Harbour Mutual": "NOT_CHOSEN"},
    )
    told = [
        ("QUOTE_NOT_NEEDED", "quotes@oak.example"),
        ("QUOTE_NOT_NEEDED", "quotes@harbour.example"),
    ]
    if end != "withdraw":
        told.append(("APPLICATION_ENDED", application.seller.email))
    assert letters()[3:] == told
    before = everything()
    with pytest.raises(QuoteMovedMeanwhile):
        act()
    assert everything() == before


def test_closing_and_revoking_take_a_reason(harbour: Provider) -> None:
    application = apply(harbour)
    before = everything()

    with pytest.raises(QuoteStepRefused, match="Give the reason"):
        close_application(application=application, reason=" ", at=AT, by=make_user())
    with pytest.raises(QuoteStepRefused, match="Give the reason"):
        revoke_invitation(
            invitation=invitation(application, harbour), reason="", at=AT, by=make_user()
        )

    assert everything() == before


def test_a_revoked_link_is_dead_and_a_new_one_replaces_it(harbour: Provider) -> None:
    application = apply(harbour)
    row = invitation(application, harbour)
    old = token_of(row)
    user = make_user(first_name="Ada", last_name="Byron")

    revoke_invitation(invitation=row, reason="Wrong address.", at=AT + DAY, by=user)

    row.refresh_from_db()
    assert (row.state, row.ended_reason, row.next_at) == (
        "REVOKED",
        "Wrong address. (Ada Byron)",
        None,
    )
    with pytest.raises(LinkNotValid, match="taken back"):
        invitation_of(old, at=AT + DAY)

    send_again(invitation=row, at=AT + 2 * DAY)

    row.refresh_from_db()
    assert (row.state, row.link_number, row.expires_at) == ("SENT", 2, AT + 16 * DAY)
    assert invitation_of(token_of(row), at=AT + 2 * DAY) == row
    with pytest.raises(LinkNotValid, match="does not work"):
        invitation_of(old, at=AT + 2 * DAY)


def test_what_was_answered_is_not_sent_again(harbour: Provider) -> None:
    application = apply(harbour)
    quote(application, harbour)
    before = everything()

    with pytest.raises(QuoteMovedMeanwhile, match="The provider answered"):
        send_again(invitation=invitation(application, harbour), at=AT)
    with pytest.raises(QuoteMovedMeanwhile, match="works as it is"):
        revoke_invitation(
            invitation=invitation(application, harbour), reason="x", at=AT, by=make_user()
        )

    assert everything() == before


def test_opening_is_noted_once(harbour: Provider) -> None:
    row = invitation(apply(harbour), harbour)
    twin = invitation(row.application, harbour)

    note_opened(invitation=row, at=AT + DAY)
    note_opened(invitation=twin, at=AT + 2 * DAY)

    row.refresh_from_db()
    assert (row.state, row.opened_at, twin.opened_at) == ("OPENED", AT + DAY, AT + DAY)


def test_every_version_is_kept(harbour: Provider) -> None:
    application: Any = apply(harbour)
    quote(application, harbour)
    withdraw_application(application=application, at=AT, by=make_user())

    assert list(application.events.order_by("pgh_id").values_list("state", flat=True)) == [
        "OPEN",
        "WITHDRAWN",
    ]
    offered: Any = application.quotes.get()
    assert list(offered.events.order_by("pgh_id").values_list("state", flat=True)) == [
        "OFFERED",
        "NOT_CHOSEN",
    ]
    with pytest.raises(Exception, match=r"append_only|pgtrigger"), transaction.atomic():
        offered.events.update(state="ACCEPTED")


def test_a_provider_that_is_suspended_neither_answers_nor_is_accepted(
    harbour: Provider, oak: Provider
) -> None:
    application = apply(harbour, oak)
    offered = quote(application, harbour)
    for provider in (harbour, oak):
        decide_provider(
            provider=provider,
            move=ProviderMove.SUSPEND,
            reason="Its licence ended.",
            at=AT,
            by=make_user(),
        )
    before = everything()

    with pytest.raises(QuoteStepRefused, match="no longer listed"):
        accept_quote(quote=offered, at=AT, by=make_user())
    with pytest.raises(QuoteStepRefused, match="not listed in the directory"):
        quote(application, oak)

    assert everything() == before
