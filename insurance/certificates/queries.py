"""What stands of a seller's certificates: where it sells, its files, what waits for whom."""

from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from insurance.models import (
    Certificate,
    CertificateFile,
    CoverRequest,
    FileState,
    InsuranceTerms,
    Policy,
    Review,
)
from insurance.queries import terms_row
from sellers.calendars import working_day_after
from sellers.models import Marketplace, MonthlySales, Order, Seller

_KINDS_OF_PRESENCE = (MonthlySales, Order, Policy, CertificateFile, CoverRequest)


def sells_in(seller: Seller) -> QuerySet[Marketplace]:
    """The marketplaces in which a seller sold, was asked for cover, or is insured."""
    of_both = {"seller": seller, "marketplace": OuterRef("pk")}
    is_there = Q()
    for model in _KINDS_OF_PRESENCE:
        is_there |= Q(Exists(model.objects.filter(**of_both)))
    return Marketplace.objects.filter(is_there)


def waiting_for_review() -> QuerySet[Certificate]:
    """Certificates that operations must compare with their file, the oldest first."""
    return Certificate.objects.filter(review=Review.PENDING, defect_codes=[]).order_by(
        "submitted_at", "pk"
    )


def unconfirmed_files() -> QuerySet[CertificateFile]:
    """Files whose seller has not said yet what they state, the oldest first."""
    waiting = (FileState.UPLOADED, FileState.READING, FileState.READ, FileState.UNREADABLE)
    return CertificateFile.objects.filter(state__in=waiting).order_by("uploaded_at", "pk")


def latest_of_each_policy(seller: Seller, market: Marketplace) -> QuerySet[Certificate]:
    """The last submission of every policy of a seller in a market, the latest cover first."""
    newest = Certificate.objects.filter(policy=OuterRef("policy")).order_by("-submitted_at", "-pk")
    return (
        Certificate.objects.filter(policy__seller=seller, policy__marketplace=market)
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .select_related("policy__marketplace", "terms")
        .order_by(F("expires_on").desc(nulls_last=True), "-pk")
    )


def terms_in_force(market: Marketplace, *, at: datetime) -> InsuranceTerms:
    """The requirement's terms of a marketplace on its local day."""
    return terms_row(market.pk, on=at.astimezone(market.zone).date())


def reviewed_by_day(certificate: Certificate) -> date:
    """The local day by which operations promise to have compared a certificate with its file."""
    market = certificate.policy.marketplace
    submitted_on = certificate.submitted_at.astimezone(market.zone).date()
    return working_day_after(submitted_on, days=certificate.terms.review_days, market=market.pk)
