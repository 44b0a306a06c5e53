"""Fraud signals: the queue, the look, and what a claim's file shows of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, FraudSignal, SignalCode
from claims.roles import ADJUSTER, AUDITOR
from claims.screening.signal_rows import conclude_signal
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.looks import find_hit, open_case
from tests.claims.core.world import snapshot
from tests.factories import make_user, report, staff_actor

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:claims_signals")


def make_signal(claim: Claim | None = None, other: Claim | None = None) -> FraudSignal:
    return FraudSignal.objects.create(
        claim=claim or report(narrative=""),
        other=other,
        code=SignalCode.SHARED_PAYEE,
        words="Another claimant is to be paid to the same account.",
        found_at=timezone.now(),
    )


def address(signal: FraudSignal) -> str:
    return reverse("admin:claims_signal", args=[signal.pk])


def file_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.reference])


def test_the_queue_shows_the_signal_and_both_claims(sign_in: SignIn) -> None:
    claim, other = report(narrative=""), report(narrative="")
    make_signal(claim, other)

    answer = sign_in(AUDITOR).get(QUEUE)

    page = answer.content.decode()
    assert [s.code for s in answer.context["signals"]] == ["SHARED_PAYEE"]
    for words in ("Payee shared by claimants", file_of(claim), file_of(other)):
        assert words in page


def test_an_empty_queue_says_so(sign_in: SignIn) -> None:
    assert b"Nothing waits for a look." in sign_in(AUDITOR).get(QUEUE).content


def test_long_queues_have_pages(sign_in: SignIn) -> None:
    claim = report(narrative="")
    FraudSignal.objects.bulk_create(
        FraudSignal(claim=report(narrative=""), code="SAME_ORDER", words="x", found_at=at)
        for at in (claim.reported_at + timedelta(minutes=n) for n in range(51))
    )
    client = sign_in(AUDITOR)

    first = client.get(QUEUE).context
    second = client.get(QUEUE, {"page": "2"}).context

    assert (len(first["signals"]), first["previous_url"], first["next_url"]) == (50, "", "?page=2")
    assert (len(second["signals"]), second["previous_url"], second["next_url"]) == (
        1,
        "?page=1",
        "",
    )


def test_the_look_is_concluded_with_what_was_found(sign_in: SignIn) -> None:
    signal, client = make_signal(), sign_in(ADJUSTER)

    answer = client.post(address(signal), {"conclusion": "A married couple."})

    signal.refresh_from_db()
    assert answer.status_code == 302
    assert (signal.conclusion, signal.looked_by_id) == (
        "A married couple.",
        int(client.session["_auth_user_id"]),
    )
    page = client.get(address(signal)).content.decode()
    assert "A married couple." in page
    assert "<textarea" not in page
    assert list(client.get(QUEUE).context["signals"]) == []


def test_a_conclusion_needs_words(sign_in: SignIn) -> None:
    signal, client = make_signal(), sign_in(ADJUSTER)
    before = snapshot()

    answer = client.post(address(signal), {"conclusion": " "})

    assert (answer.status_code, snapshot()) == (422, before)
    assert "What you found: write it down." in answer.content.decode()


def test_a_signal_looked_at_meanwhile_keeps_its_conclusion(sign_in: SignIn) -> None:
    signal, client = make_signal(), sign_in(ADJUSTER)
    conclude_signal(signal=signal, conclusion="Fine.", at=timezone.now(), by=staff_actor())
    before = snapshot()

    answer = client.post(address(signal), {"conclusion": "A ring."})

    assert (answer.status_code, snapshot()) == (409, before)
    assert answer.context["form"].non_field_errors() == [
        "Somebody has looked at this signal already."
    ]


def test_auditors_look_and_conclude_nothing(sign_in: SignIn) -> None:
    signal, client = make_signal(), sign_in(AUDITOR)
    before = snapshot()

    assert b"<textarea" not in client.get(address(signal)).content
    assert client.post(address(signal), {"conclusion": "Fine."}).status_code == 403
    assert snapshot() == before


def test_staff_without_a_group_do_not_even_look(sign_in: SignIn) -> None:
    signal, client = make_signal(), sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))

    assert {client.get(at).status_code for at in (QUEUE, address(signal))} == {403}


def test_the_file_of_either_claim_shows_it_beside_the_other(sign_in: SignIn) -> None:
    claim, other = report(narrative=""), report(narrative="")
    signal = make_signal(claim, other)
    client = sign_in(ADJUSTER)

    here, there = (client.get(file_of(one)).context["signals"] for one in (claim, other))

    assert [(s.pk, s.beside, s.looked) for s in here] == [(signal.pk, other.reference, "")]
    assert [(s.pk, s.beside, s.looked) for s in there] == [(signal.pk, claim.reference, "")]


def test_the_file_shows_screenings_and_safety_cases_too(tmp_path: Path, sign_in: SignIn) -> None:
    case = open_case(timezone.now())
    claim = case.claims.latest("reported_at")
    record = find_hit(claim, tmp_path, at=timezone.now())

    page = sign_in(ADJUSTER).get(file_of(claim)).content.decode()

    assert reverse("admin:claims_safety_case", args=[case.pk]) in page
    assert reverse("admin:claims_screening", args=[record.pk]) in page
    assert "To clear" in page


def test_a_file_without_looks_has_no_such_panel(sign_in: SignIn) -> None:
    assert b'id="looks"' not in sign_in(ADJUSTER).get(file_of(report(narrative=""))).content
