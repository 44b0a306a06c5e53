"""Signals become rows once, found through real claims (rules §3, fraud signals)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.decisions.base import ReasonMissing
from claims.models import Claim, ClaimFingerprint, FraudSignal, Head
from claims.operations.evidence import keep_evidence
from claims.operations.intake import ClaimantDetails, PayeeGiven
from claims.operations.payment import change_payee
from claims.outcome import CLAIMANT, SYSTEM
from claims.screening.queries import open_signals, signals_of, signals_to_look_at
from claims.screening.signal_rows import (
    LookRefused,
    conclude_signal,
    keep_fingerprint,
    look_for_signals,
)
from tests.claims.core.world import snapshot
from tests.factories import NOON, make_order, make_product, make_user, report, staff_actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ANN = ClaimantDetails("Ann", "ann@mail.example", date(1980, 5, 17))
LONG = (
    "I had filled the kettle to the line and gone next door when I heard a bang. When I came "
    "back the base was burning, the worktop was black and the plug was too hot to touch."
)


def told(**fields: Any) -> Claim:
    """A claim that is reported, and so looked at; it shares nothing unless a test says so."""
    return report(**({"narrative": f"Story {make_product().pk}."} | fields))


def found(claim: Claim) -> list[tuple[str, str]]:
    return [
        (signal.code, signal.other.reference if signal.other else "")
        for signal in FraudSignal.objects.filter(claim=claim).select_related("other")
    ]


def test_a_quiet_claim_leaves_no_signal_and_a_fingerprint() -> None:
    told()
    claim = told(claimant=ANN, narrative="Café burnt.")
    assert found(claim) == []
    own = ClaimFingerprint.objects.get(claim=claim)
    assert (own.claimant_key, own.product, own.reported_on, own.narrative, str(own)) == (
        "ann@mail.example",
        claim.order.product,
        date(2026, 3, 2),
        "cafe burnt",
        f"Fingerprint of {claim.pk}",
    )


def test_looking_again_changes_nothing_and_the_other_claim_does_not_repeat_it() -> None:
    first = told(claimant=ANN)
    second = told(claimant=ANN)
    beside = first.reference
    assert found(second) == [("REPEAT_CLAIMANT", beside), ("SPLIT_INCIDENT", beside)]
    before = snapshot()
    assert look_for_signals(claim_id=second.pk, at=NOON + DAY) == []
    assert look_for_signals(claim_id=first.pk, at=NOON + DAY) == []
    assert snapshot() == before
    assert list(open_signals(first)) == list(open_signals(second))


def test_the_email_is_compared_folded() -> None:
    told(claimant=ANN)
    again = ClaimantDetails("A. Other", "ANN@mail.example", date(1980, 5, 17))
    second = told(claimant=again, incident_on=date(2026, 2, 3))
    assert [code for code, _ in found(second)] == ["REPEAT_CLAIMANT"]


def test_same_order_with_another_incident() -> None:
    order = make_order()
    first = told(order=order)
    second = told(order=order, incident_on=date(2026, 2, 5))
    assert found(second) == [("SAME_ORDER", first.reference)]


def test_an_image_used_in_another_claim_is_found_when_it_is_given() -> None:
    first, second = told(), told()
    for claim, name in ((first, "a.png"), (second, "b.png")):
        file = SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n and its pixels")
        keep_evidence(claim=claim, file=file, at=NOON, by=CLAIMANT)
        look_for_signals(claim_id=claim.pk, at=NOON)
    assert found(second) == [("IMAGE_REUSED", first.reference)]


def test_a_payee_shared_by_claimants_is_found_when_it_is_changed() -> None:
    first = told(payee=PayeeGiven("Ann", "tok_shared"))
    second = told()
    change_payee(claim=second, name="Ann", account="tok_shared", at=NOON + DAY, by=CLAIMANT)
    (signal,) = signals_of(second)
    assert (signal.code, signal.other, signal.found_at) == ("SHARED_PAYEE", first, NOON + DAY)


def test_claims_without_payee_details_share_none() -> None:
    told(payee=None)
    assert found(told(payee=None)) == []


@pytest.mark.parametrize(
    ("narrative", "percent"),
    [
        (LONG.upper(), 100),
        (LONG.replace("next door", "outside"), None),
        (LONG[:60], 0),
        ("A wholly different story of a chair that folded under my father. " * 2, 0),
    ],
)
def test_copied_narratives(narrative: str, percent: int | None) -> None:
    first = told(narrative=LONG)
    second = told(narrative=narrative)
    if percent == 0:
        assert found(second) == []
        return
    assert found(second) == [("NARRATIVE_COPIED", first.reference)]
    (signal,) = signals_of(second)
    assert 80 <= signal.detail["percent"] <= 100
    assert percent in {None, signal.detail["percent"]}


def test_the_amount_counts_what_is_ever_paid() -> None:
    """950 of property damage is near the ceiling, whatever is asked for pain and suffering."""
    claim = told(claimed_minor=95_000)
    assert found(claim) == [("NEAR_CEILING", "")]
    assert [line.head for line in claim.lines.all()] == [Head.PROPERTY_DAMAGE]
    assert found(told(claimed_minor=95_000, head=Head.PAIN_AND_SUFFERING)) == []


def test_a_burst_on_one_product_counts_losses_not_reports() -> None:
    product = make_product()
    orders = [make_order(product=product) for _ in range(3)]
    told(order=orders[0], claimant=ANN)
    duplicate = told(order=orders[0], claimant=ANN)
    second = told(order=orders[1])
    assert "PRODUCT_BURST" not in [
        code for claim in (duplicate, second) for code, _ in found(claim)
    ]
    third = told(order=orders[2])
    assert found(third) == [("PRODUCT_BURST", "")]
    assert FraudSignal.objects.get(claim=third).detail == {"claims": 3, "days": 30}


def test_claims_before_the_burst_days_do_not_count() -> None:
    product = make_product()
    old = told(order=make_order(product=product), at=NOON - 30 * DAY)
    for _ in range(2):
        latest = told(order=make_order(product=product))
    assert found(latest) == []
    ClaimFingerprint.objects.filter(claim=old).update(reported_on=date(2026, 2, 1))
    look_for_signals(claim_id=latest.pk, at=NOON)
    assert found(latest) == [("PRODUCT_BURST", "")]


def test_a_look_costs_the_same_queries_however_many_claims_are_alike(
    django_assert_num_queries: Any,
) -> None:
    last = told(claimant=ANN, narrative=LONG)
    for known in (1, 3):
        for _ in range(known):
            last = told(claimant=ANN, narrative=LONG)
        with django_assert_num_queries(14):
            look_for_signals(claim_id=last.pk, at=NOON)


def test_a_look_is_concluded_once_by_a_person_in_words() -> None:
    told(claimant=ANN)
    claim, user = told(claimant=ANN), make_user()
    signal = open_signals(claim)[0]
    assert str(signal) == f"{claim.pk} Same claimant again"
    before = snapshot()
    with pytest.raises(ReasonMissing):
        conclude_signal(signal=signal, conclusion="", at=NOON, by=staff_actor(user))
    with pytest.raises(LookRefused, match="Only a person of operations"):
        conclude_signal(signal=signal, conclusion="Fine.", at=NOON, by=SYSTEM)
    assert snapshot() == before
    done = conclude_signal(signal=signal, conclusion=" Twins. ", at=NOON, by=staff_actor(user))
    assert (done.looked_at, done.looked_by, done.conclusion) == (NOON, user, "Twins.")
    assert signal not in open_signals(claim)
    assert [s.code for s in signals_to_look_at()] == ["SPLIT_INCIDENT"]
    with pytest.raises(LookRefused, match="looked at this signal already"):
        conclude_signal(signal=signal, conclusion="Again.", at=NOON, by=staff_actor(user))


def test_a_signal_decides_nothing() -> None:
    told(claimant=ANN)
    claim = told(claimant=ANN)
    FraudSignal.objects.all().delete()
    before = Claim.objects.filter(pk=claim.pk).values().get()
    assert look_for_signals(claim_id=claim.pk, at=NOON)
    assert Claim.objects.filter(pk=claim.pk).values().get() == before


def test_there_is_no_such_claim() -> None:
    for look in (lambda: look_for_signals(claim_id=0, at=NOON), lambda: keep_fingerprint(0)):
        with pytest.raises(Claim.DoesNotExist):
            look()
