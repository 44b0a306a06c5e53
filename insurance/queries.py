"""The facts of a seller's cover, loaded for the pure rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from insurance.compliance import (
    Compliance,
    ComplianceStatus,
    compliance_at,
    requirement_at,
)
from insurance.compliance_facts import (
    InsuranceRequest,
    MonthlyProceeds,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
)
from insurance.coverage import find_proven_cover
from insurance.models import (
    Certificate,
    CoverRequest,
    CoverWaiver,
    InsuranceTerms,
    Policy,
    Review,
)
from insurance.policy_facts import InsuredFacts, PolicyFacts
from insurance.terms import RequirementTerms
from sellers.models import Marketplace, MonthlySales, Product, Seller


@dataclass(frozen=True, slots=True)
class CoverPosition:
    """Whether cover is required on a day, and proven by then for an incident date; why."""

    is_required: bool
    is_proven: bool
    why: str


class NoTerms(LookupError):
    """A marketplace has no terms of insurance, so nothing can be said of its sellers."""


def terms_row(market: str, *, on: date) -> InsuranceTerms:
    """The requirement's terms in force on a day; before the first version, the first.

    Raises:
        NoTerms: the marketplace has none at all.
    """
    rows = InsuranceTerms.objects.filter(marketplace_id=market).select_related("marketplace")
    row = rows.filter(effective_on__lte=on).order_by("-effective_on").first()
    row = row or rows.order_by("effective_on").first()
    if row is None:
        raise NoTerms(f"The marketplace {market} has no insurance terms: add them in the admin.")
    return row


def read_requirement_terms(row: InsuranceTerms) -> RequirementTerms:
    """A stored version as the pure rules want it."""
    return RequirementTerms(
        market=row.marketplace_id,
        currency=row.marketplace.currency,
        monthly_trigger_minor=row.monthly_trigger_minor,
        each_occurrence_minor=row.each_occurrence_minor,
        aggregate_minor=row.aggregate_minor,
        deductible_max_minor=row.deductible_max_minor,
        additional_insured_wording=row.additional_insured_wording,
        days_to_prove=row.days_to_prove,
        expiring_days=row.expiring_days,
        minimum_days_to_run=row.minimum_days_to_run,
        notice_of_cancellation_days=row.notice_of_cancellation_days,
        claims_made_categories=frozenset(row.claims_made_categories),
        claims_made_tail_years=row.claims_made_tail_years,
        notice_after_days=row.notice_after_days,
        restrict_after_days=row.restrict_after_days,
        suspend_after_days=row.suspend_after_days,
        reminder_days=tuple(row.reminder_days),
        expiring_reminder_days=tuple(row.expiring_reminder_days),
        marks=row.marks,
    )


def policy_facts(policy: Policy) -> PolicyFacts:
    """A policy as its certificate states it."""
    return PolicyFacts(
        number=policy.number,
        insurer=policy.insurer,
        rating=policy.rating,
        kind=policy.kind,
        basis=policy.basis,
        tail_years=policy.tail_years,
        each_occurrence_minor=policy.each_occurrence_minor,
        aggregate_minor=policy.aggregate_minor,
        products_completed_operations=policy.products_completed_operations,
        bodily_injury=policy.bodily_injury,
        deductible_minor=policy.deductible_minor,
        additional_insured=policy.additional_insured,
        certificate_holder_only=policy.certificate_holder_only,
        named_insured=policy.named_insured,
        territory=frozenset(policy.territory),
        cancellation_notice_days=policy.cancellation_notice_days,
        signed=policy.is_signed,
        effective_on=policy.effective_on,
        expires_on=policy.expires_on,
        dates_text=policy.dates_text,
        products=None if policy.products is None else frozenset(policy.products),
    )


def insured_facts(seller: Seller) -> InsuredFacts:
    """The legal entity that a certificate must name."""
    return InsuredFacts(
        legal_name=seller.legal_name,
        trade_name=seller.trade_name,
        single_member_llc=seller.single_member_llc,
    )


def seller_facts(seller_id: int, market: str) -> SellerFacts:
    """All that decides a seller's compliance in a market."""
    return facts_of_sellers([seller_id], market)[seller_id]


def facts_of_sellers(seller_ids: Iterable[int], market: str) -> dict[int, SellerFacts]:
    """All that decides the compliance of sellers in a market: six queries for any number.

    `products` are the categories of the physical things that a seller lists, which its policies
    must cover together; things without a category are not judged (docs/insurance.md).
    """
    ids = set(seller_ids)
    zone = ZoneInfo(Marketplace.objects.get(pk=market).timezone)
    keys: dict[str, Any] = {"seller_id__in": ids, "marketplace_id": market}
    sales = MonthlySales.objects.filter(**keys)
    proceeds = _grouped(sales, "month", "gross_minor", "crossed_on", to=MonthlyProceeds)
    requests = _grouped(CoverRequest.objects.filter(**keys), "requested_on", to=InsuranceRequest)
    waivers = _grouped(
        CoverWaiver.objects.filter(**keys), "from_on", "until_on", "reason", "ended_on", to=Waiver
    )
    policies: dict[int, list[SubmittedPolicy]] = defaultdict(list)
    certificates = Certificate.objects.filter(
        policy__seller_id__in=ids, policy__marketplace_id=market
    )
    for certificate in certificates.select_related("policy"):
        policies[certificate.policy.seller_id].append(_submitted(certificate, zone))
    # A product is not listed for one marketplace: its category counts in all of them.
    listed = Product.objects.filter(seller_id__in=ids, is_physical=True).exclude(category="")
    categories = _grouped(listed.order_by().distinct(), "category", to=str)
    return {
        pk: SellerFacts(
            proceeds=tuple(proceeds[pk]),
            requests=tuple(requests[pk]),
            policies=tuple(policies[pk]),
            waivers=tuple(waivers[pk]),
            products=frozenset(categories[pk]),
        )
        for pk in ids
    }


def _grouped(rows: QuerySet[Any], *columns: str, to: Callable[..., Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for seller_id, *values in rows.values_list("seller_id", *columns):
        grouped[seller_id].append(to(*values))
    return grouped


def certificates_of(seller_id: int, market: str) -> Iterable[Certificate]:
    """Every submission of a seller in a market, oldest first."""
    return Certificate.objects.filter(policy__seller_id=seller_id, policy__marketplace_id=market)


def _submitted(certificate: Certificate, zone: ZoneInfo) -> SubmittedPolicy:
    return SubmittedPolicy(
        submitted_on=certificate.submitted_at.astimezone(zone).date(),
        defects=tuple(certificate.defect_codes),
        effective_on=certificate.effective_on,
        expires_on=certificate.expires_on,
        key=certificate.pk,
        products=None if certificate.products is None else frozenset(certificate.products),
        is_accepted=certificate.review == Review.ACCEPTED,
        is_refused=certificate.review == Review.REFUSED,
    )


def compliance_of(seller_id: int, market: str, *, on: date) -> Compliance:
    """A seller's compliance in a market on a local day, past or future."""
    terms = read_requirement_terms(terms_row(market, on=on))
    return compliance_at(on, facts=seller_facts(seller_id, market), terms=terms)


def cover_position(
    seller_id: int,
    market: str,
    *,
    incident_on: date,
    at: datetime,
    products: frozenset[str] = frozenset(),
) -> CoverPosition:
    """Whether a seller must hold cover at a moment, and has proven it for an incident's date.

    `products` are the names of the product that did the harm: the proof must cover one of them.
    """
    zone = ZoneInfo(Marketplace.objects.get(pk=market).timezone)
    today = at.astimezone(zone).date()
    return position_on(
        today,
        incident_on=incident_on,
        products=products,
        facts=seller_facts(seller_id, market),
        terms=read_requirement_terms(terms_row(market, on=today)),
    )


def position_on(
    today: date,
    *,
    incident_on: date,
    products: frozenset[str],
    facts: SellerFacts,
    terms: RequirementTerms,
) -> CoverPosition:
    """`cover_position` from facts that are loaded already; `today` is the market's local day."""
    proof = find_proven_cover(
        facts.policies, incident_on=incident_on, decided_on=today, products=products
    )
    if proof is not None:
        return CoverPosition(True, True, f"proven by the certificate of {proof.submitted_on}")
    requirement = requirement_at(today, facts=facts, terms=terms)
    status = compliance_at(today, facts=facts, terms=terms).status
    if requirement is None or status == ComplianceStatus.WAIVED:
        return CoverPosition(False, False, f"cover is not required ({status})")
    since = requirement.triggered_on.isoformat()
    return CoverPosition(True, False, f"cover is required since {since} and not proven")
