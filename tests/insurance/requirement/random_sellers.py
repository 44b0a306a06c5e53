"""Random sellers with a year of everything that decides their compliance, laid down in bulk."""

import random
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from insurance.models import (
    Certificate,
    CoverRequest,
    CoverWaiver,
    InsuranceTerms,
    Policy,
    Review,
)
from sellers.models import MonthlySales, Product, Seller
from tests.bulk_rows import copy_rows, take_ids

type Row = dict[str, Any]

YEAR = 2026
CATEGORIES = ("Kettles", "Toys", "Lamps")
_EVENINGS = (0, 3, 7, 8, 12, 23)


class RandomSellers:
    """Sellers of one market. The seed makes them: the same seed gives the same sellers."""

    def __init__(self, number: int, *, market: str, seed: int) -> None:
        self.market = market
        self.chance = random.Random(seed)
        self.trigger = (
            InsuranceTerms.objects.filter(marketplace_id=market)
            .order_by("effective_on")
            .values_list("monthly_trigger_minor", flat=True)[0]
            or 1_000_000
        )
        self.person, _ = User.objects.get_or_create(username="somebody")
        self.terms = InsuranceTerms.objects.filter(marketplace_id=market)[0].pk
        self.ids = take_ids(Seller, number)
        copy_rows(Seller, (_seller(pk) for pk in self.ids))
        copy_rows(MonthlySales, self._each(self._sales))
        copy_rows(CoverRequest, self._each(self._requests))
        copy_rows(CoverWaiver, self._each(self._waivers))
        copy_rows(Product, self._each(self._products))
        policies = list(self._each(self._policies))
        keys = take_ids(Policy, len(policies))
        copy_rows(Policy, ({"id": pk} | row for pk, row in zip(keys, policies, strict=True)))
        copy_rows(Certificate, self._certificates(keys))

    def _each(self, make: Callable[[int], Iterable[Row]]) -> Iterable[Row]:
        for pk in self.ids:
            yield from ({"seller_id": pk, **row} for row in make(pk))

    def _certificates(self, policies: list[int]) -> Iterable[Row]:
        for policy in policies:
            for _ in range(self._some(2) or 1):
                yield {"policy_id": policy, "terms_id": self.terms, **self._certificate()}

    def _some(self, most: int) -> int:
        return self.chance.randint(0, most)

    def _day(self, *, spread: int = 400) -> date:
        return date(YEAR, 1, 1) + timedelta(days=self.chance.randint(-100, spread))

    def _sales(self, _seller: int) -> Iterable[Row]:
        level = self.chance.choice((0.2, 0.6, 0.9, 1.0))
        for month in range(1, 13):
            gross = self.chance.choice((self.trigger, self.trigger + 1)) * level
            gross = int(gross * self.chance.choice((1, 1, 1, 0.5, 1.2)))
            last = monthrange(YEAR, month)[1]
            known = gross > self.trigger and self.chance.random() < 0.4
            crossed_on = date(YEAR, month, self.chance.randint(1, last)) if known else None
            yield {
                "marketplace_id": self.market,
                "month": date(YEAR, month, 1),
                "gross_minor": gross,
                "crossed_on": crossed_on,
            }

    def _requests(self, _seller: int) -> Iterable[Row]:
        if self.chance.random() < 0.25:
            for _ in range(1 + self._some(1)):
                yield {
                    "marketplace_id": self.market,
                    # Often the last day of a month, where a month's total counts as well.
                    "requested_on": self.chance.choice((self._day(), date(YEAR, 3, 31))),
                    "reason": "asked",
                }

    def _waivers(self, _seller: int) -> Iterable[Row]:
        if self.chance.random() < 0.3:
            for _ in range(1 + self._some(1)):
                start = self._day()
                until = start + timedelta(days=self._some(120))
                ended = start + timedelta(days=self._some(90))
                is_ended = self.chance.random() < 0.3
                yield {
                    "marketplace_id": self.market,
                    "from_on": start,
                    "until_on": until,
                    "reason": "waived",
                    "ended_on": ended if is_ended else None,
                    "ended_by_id": self.person.pk if is_ended else None,
                    "end_reason": "over" if is_ended else "",
                }

    def _products(self, _seller: int) -> Iterable[Row]:
        for number in range(self._some(3)):
            yield {
                "sku": str(number),
                "title": "Thing",
                "category": self.chance.choice((*CATEGORIES, "")),
                "is_physical": self.chance.random() < 0.8,
            }

    def _policies(self, _seller: int) -> Iterable[Row]:
        if self.chance.random() < 0.75:
            for number in range(1 + self._some(2)):
                yield {
                    "marketplace_id": self.market,
                    "number": str(number),
                    "insurer": "Example Mutual",
                    "kind": "PRODUCTS",
                    "basis": "OCCURRENCE",
                    "named_insured": "Random",
                }

    def _certificate(self) -> Row:
        start = self._day(spread=250)
        length = self.chance.choice((30, 59, 90, 91, 120, 365, 0, -5))
        has_defects = self.chance.random() < 0.25
        has_dates = not has_defects or self.chance.random() < 0.5
        review = self.chance.choice((Review.ACCEPTED,) * 4 + (Review.PENDING, Review.REFUSED))
        submitted = datetime.combine(self._day(), datetime.min.time(), tzinfo=UTC)
        return {
            # Hours at which the market's day is another than that of UTC.
            "submitted_at": submitted + timedelta(hours=self.chance.choice(_EVENINGS)),
            "effective_on": start if has_dates else None,
            "expires_on": start + timedelta(days=length) if has_dates else None,
            "products": self._covered(),
            "defect_codes": ["TERRITORY", "DATES"][: 1 + self._some(1)] if has_defects else [],
            "checked_facts": "{}",
            "review": review,
            "review_reason": "no" if review == Review.REFUSED else "",
        }

    def _covered(self) -> list[str] | None:
        if self.chance.random() < 0.6:
            return None
        return [name for name in CATEGORIES if self.chance.random() < 0.6]


def _seller(pk: int) -> Row:
    return {
        "id": pk,
        "external_reference": f"R-{pk}",
        "legal_name": f"Random {pk}",
        "email": f"r{pk}@sellers.example",
        "created_at": datetime(2025, 1, 1, tzinfo=UTC),
    }
