"""From the accepted quote to the proof: the certificate fills the policy, and is compared."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.differences import Difference, differences_of
from insurance.models import Certificate, Policy, Quote
from tests.factories import make_user
from tests.insurance.accelerator.rows import AT, apply, make_vetted, quote
from tests.insurance.certificates_flow.world import confirmed, kept, read, sound

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def accepted() -> Quote:
    """A quote of Harbour Mutual that its seller accepted."""
    harbour = make_vetted("Harbour Mutual")
    offered = quote(apply(harbour), harbour)
    accept_quote(quote=offered, at=AT, by=make_user())
    return Quote.objects.select_related("application__marketplace", "policy").get(pk=offered.pk)


def send(accepted: Quote, *, days: int = 1, **states: object) -> Certificate:
    """The seller sends a certificate some days later and confirms what it states."""
    at = AT + days * DAY
    file = kept(accepted.application.seller, at=at, content=f"%PDF-1.7\n{days}".encode() * 9)
    read(file, at=at)
    stated = {"effective_on": date(2026, 12, 1), "expires_on": date(2027, 12, 1)} | states
    (certificate,) = confirmed(file, sound(**stated), at=at)
    return certificate


def test_the_certificate_of_the_quoted_insurer_fills_the_waiting_policy(accepted: Quote) -> None:
    certificate = send(
        accepted,
        insurer="Harbour Mutual Inc.",
        number="GL-77",
        each_occurrence_minor=50_000_000,
        deductible_minor=100_000,
    )

    assert Policy.objects.count() == 1
    policy = Policy.objects.get()
    assert (policy, policy.provider, policy.number) == (
        accepted.policy,
        accepted.invitation.provider,
        "GL-77",
    )
    # Checked like any other: less than the market asks for is a defect, quoted or not.
    assert certificate.defect_codes == ["EACH_OCCURRENCE"]
    assert differences_of(accepted, certificate) == [
        Difference("Limit each occurrence", "$1,000,000.00", "$500,000.00", is_worse=True),
        Difference("Deductible", "$2,500.00", "$1,000.00", is_worse=False),
        Difference("Insurer", "Harbour Mutual", "Harbour Mutual Inc.", is_worse=False),
    ]


def test_a_certificate_of_another_insurer_is_a_policy_of_its_own(accepted: Quote) -> None:
    certificate = send(accepted, insurer="Somebody Else Ltd", number="X-1")

    assert Policy.objects.count() == 2
    assert certificate.policy != accepted.policy
    assert accepted.policy is not None
    assert accepted.policy.certificates.count() == 0


def test_a_second_certificate_is_a_new_version_of_the_same_policy(accepted: Quote) -> None:
    first = send(accepted, insurer="Harbour Mutual", number="GL-77", aggregate_minor=None)
    second = send(
        accepted, days=2, insurer="Harbour Mutual", number="GL-77", deductible_minor=250_000
    )

    assert (first.policy, second.policy) == (accepted.policy, accepted.policy)
    assert differences_of(accepted, first) == [
        Difference("Aggregate limit", "$2,000,000.00", "not stated", is_worse=True),
        Difference("Deductible", "$2,500.00", "$5,000.00", is_worse=True),
    ]
    assert differences_of(accepted, second) == []
