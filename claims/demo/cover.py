"""Who insures the demo's sellers: the directory, the policies, and how they fall short."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from insurance.accelerator.participants import lay_down_participants
from insurance.models import (
    Appetite,
    CoverRequest,
    CoverWaiver,
    Policy,
    PolicyBasis,
    PolicyKind,
    Provider,
)
from insurance.operations import submit_policy
from insurance.queries import terms_row
from sellers.models import Marketplace, Seller

# Made-up insurers write the made-up policies: nobody real is said to insure them.
_INSURERS = (
    "Harbour Mutual (made up)",
    "Old Oak Casualty (made up)",
    "Elbe Versicherung (made up)",
)

# Seller, market, begins and ends days from today, submitted days ago, and what departs from sound.
_POLICIES: tuple[tuple[str, str, int, int, int, dict[str, Any]], ...] = (
    ("brightwater", "US", -210, 155, 205, {}),
    ("volt", "US", -395, -30, 380, {}),
    ("pinecrest", "US", -353, 12, 340, {}),
    ("thornbury", "UK", -160, 205, 155, {}),
    ("nordlicht", "DE", -120, 245, 118, {}),
    ("fjallbo", "SE", -341, 24, 330, {}),
    ("maple", "CA", -250, 115, 240, {}),
    ("sakura", "JP", -60, 305, 58, {}),
    (
        "halden",
        "UK",
        -20,
        345,
        5,
        {
            "certificate_holder_only": True,
            "additional_insured": "",
            "aggregate_minor": 20_000_000,
            "rating": "B+",
            "named_insured": "Halden Mobility",
            "cancellation_notice_days": 10,
            "is_signed": False,
        },
    ),
)


def lay_out_cover(sellers: Mapping[str, Seller], now: datetime) -> None:
    """Make the directory, policies, requests and waivers that are not there yet."""
    lay_down_participants(provider_model=Provider, appetite_model=Appetite)
    for key, market, begins, ends, submitted, departs in _POLICIES:
        seller, marketplace = sellers[key], Marketplace.objects.get(pk=market)
        if not Policy.objects.filter(seller=seller, marketplace=marketplace).exists():
            days = _local_days(marketplace, now)
            policy = _sound_policy(seller, marketplace, days(begins), days(ends))
            for name, value in departs.items():
                setattr(policy, name, value)
            policy.save()
            submit_policy(policy=policy, at=now - timedelta(days=submitted))
    _lay_out_exceptions(sellers, now)


def submit_sound_policy(seller: Seller, marketplace: Marketplace, *, at: datetime) -> None:
    """A policy without any defect is proven, in force for half a year already."""
    days = _local_days(marketplace, at)
    policy = _sound_policy(seller, marketplace, days(-180), days(185))
    policy.save()
    submit_policy(policy=policy, at=at)


def _local_days(marketplace: Marketplace, at: datetime) -> Callable[[int], date]:
    today = at.astimezone(marketplace.zone).date()
    return lambda days: today + timedelta(days=days)


def _sound_policy(seller: Seller, marketplace: Marketplace, begins: date, ends: date) -> Policy:
    terms = terms_row(marketplace.pk, on=ends)
    return Policy(
        seller=seller,
        marketplace=marketplace,
        number=f"PL-{seller.pk:04}-{begins:%y%m}",
        insurer=_INSURERS[seller.pk % len(_INSURERS)],
        rating="A",
        kind=PolicyKind.COMMERCIAL_GENERAL,
        basis=PolicyBasis.OCCURRENCE,
        each_occurrence_minor=terms.each_occurrence_minor,
        aggregate_minor=2 * terms.aggregate_minor,
        deductible_minor=terms.deductible_max_minor // 4,
        additional_insured=terms.additional_insured_wording,
        named_insured=seller.legal_name,
        territory=[marketplace.pk],
        cancellation_notice_days=terms.notice_of_cancellation_days,
        effective_on=begins,
        expires_on=ends,
        is_made_up=True,
    )


def _lay_out_exceptions(sellers: Mapping[str, Seller], now: datetime) -> None:
    today = now.date()
    CoverWaiver.objects.get_or_create(
        seller=sellers["lavande"],
        marketplace_id="FR",
        defaults={
            "from_on": today - timedelta(days=60),
            "until_on": today + timedelta(days=120),
            "reason": "Sells decorative goods only; the broker confirmed that cover begins in "
            "spring. Looked at again before the waiver ends.",
        },
    )
    CoverRequest.objects.get_or_create(
        seller=sellers["sakura"],
        marketplace_id="JP",
        defaults={
            "requested_on": today - timedelta(days=80),
            "reason": "Induction cookers are a category that we ask about in Japan.",
        },
    )
