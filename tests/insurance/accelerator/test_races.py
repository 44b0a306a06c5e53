"""Several at once: one quote is accepted, one answer counts, each reminder is written once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insurance.accelerator.answering import Offer, decline_application, revise_quote
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.ending import withdraw_application
from insurance.accelerator.refusals import QuoteMovedMeanwhile, QuoteStepRefused
from insurance.accelerator.sweep import sweep_quotes
from insurance.models import DeclineReason, InsuranceLetter, Policy
from tests.claims.core.threads import at_once
from tests.factories import make_user
from tests.insurance.accelerator.rows import AT, apply, invitation, make_vetted, quote

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_acceptances_and_a_withdrawal_one_counts() -> None:
    harbour, oak = make_vetted("Harbour Mutual"), make_vetted("Oak Casualty")
    application = apply(harbour, oak)
    offers = [quote(application, harbour), quote(application, oak)]
    user = make_user()

    def accepting(offer: Any) -> Callable[[], Any]:
        return lambda: accept_quote(quote=offer, at=AT, by=user)

    acts = [
        *map(accepting, offers),
        lambda: withdraw_application(application=application, at=AT, by=user),
    ]

    answers = at_once(acts)

    refused = [one for one in answers if isinstance(one, QuoteMovedMeanwhile)]
    assert (len(refused), len(answers)) == (2, 3)
    application.refresh_from_db()
    accepted = application.quotes.filter(state="ACCEPTED").count()
    assert (application.state, accepted) in {("ACCEPTED", 1), ("WITHDRAWN", 0)}
    assert Policy.objects.count() == accepted
    assert not application.quotes.filter(state="OFFERED").exists()


def test_of_a_quote_and_a_decline_one_counts() -> None:
    harbour = make_vetted("Harbour Mutual")
    application = apply(harbour)
    row = invitation(application, harbour)

    answers = at_once(
        [
            lambda: quote(application, harbour),
            lambda: decline_application(
                invitation=row, reason=DeclineReason.CAPACITY, words="", given_by="Jo", at=AT
            ),
        ]
    )

    assert sum(isinstance(one, QuoteStepRefused) for one in answers) == 1
    row.refresh_from_db()
    assert row.state in {"QUOTED", "DECLINED"}
    assert application.quotes.count() == (1 if row.state == "QUOTED" else 0)


def test_of_an_acceptance_and_a_revision_one_counts() -> None:
    """Whoever is second is told: nobody accepts figures that he did not see."""
    harbour = make_vetted("Harbour Mutual")
    application = apply(harbour)
    given = quote(application, harbour)
    user = make_user()
    offer = Offer(
        **{name: getattr(given, name) for name in Offer.__dataclass_fields__}
        | {"premium_minor": 90_000}
    )

    answers = at_once(
        [
            lambda: accept_quote(quote=given, at=AT, by=user),
            lambda: revise_quote(quote=given, offer=offer, reason="Dearer.", given_by="Jo", at=AT),
        ]
    )

    assert sum(isinstance(one, QuoteStepRefused) for one in answers) == 1
    versions = list(application.quotes.order_by("version").values_list("state", "premium_minor"))
    accepted, revised = [("ACCEPTED", 52_500)], [("SUPERSEDED", 52_500), ("OFFERED", 90_000)]
    assert versions in (accepted, revised)
    assert Policy.objects.count() == (1 if versions == accepted else 0)
    told = InsuranceLetter.objects.filter(kind="QUOTE_REVISED").count()
    assert told == (0 if versions == accepted else 1)


def test_two_sweeps_write_each_reminder_once() -> None:
    harbour, oak = make_vetted("Harbour Mutual"), make_vetted("Oak Casualty")
    apply(harbour, oak)
    due = AT + timedelta(days=7)

    taken = at_once([lambda: sweep_quotes(at=due)] * 2)

    assert sum(taken) == 2
    assert InsuranceLetter.objects.filter(kind="QUOTE_REMINDER").count() == 2
