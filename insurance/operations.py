"""What happens to policies: a certificate is submitted and checked on every line at once."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from insurance.checks import find_defects
from insurance.models import Certificate, Policy, Review
from insurance.queries import insured_facts, policy_facts, read_requirement_terms, terms_row
from insurance.requirement.reviewing import look_again

# Called with (seller id, market, at) in the transaction of a proof; `claims` joins here, because
# insurance knows nothing of claims.
proof_listeners: list[Callable[[int, str, datetime], None]] = []


@transaction.atomic
def submit_policy(
    *,
    policy: Policy,
    at: datetime,
    by_user: int | None = None,
    review: Review = Review.ACCEPTED,
) -> Certificate:
    """Check a policy's certificate on every line and keep the answer; without defects it proves.

    `review` is PENDING where a seller's own words must be compared with its file first
    (`review_certificate` ends that); operations' own entries are accepted as they are.
    Source: rules §4: all defects in one list. `at` is the moment of submission.
    """
    zone = ZoneInfo(policy.marketplace.timezone)
    submitted_on = at.astimezone(zone).date()
    row = terms_row(policy.marketplace_id, on=submitted_on)
    facts = policy_facts(policy)
    defects = find_defects(
        facts,
        insured=insured_facts(policy.seller),
        terms=read_requirement_terms(row),
        submitted_on=submitted_on,
    )
    certificate = Certificate.objects.create(
        policy=policy,
        submitted_at=at,
        submitted_by_id=by_user,
        effective_on=policy.effective_on,
        expires_on=policy.expires_on,
        products=policy.products,
        review=review,
        defects=[dataclasses.asdict(defect) for defect in defects],
        defect_codes=[defect.code.value for defect in defects],
        terms=row,
        checked_facts=_plain(dataclasses.asdict(facts)),
    )
    if certificate.is_proof:
        for listener in proof_listeners:
            listener(policy.seller_id, policy.marketplace_id, at)
    look_again(
        policy.seller_id,
        policy.marketplace_id,
        at=at,
        occasion="a certificate was submitted",
        by=by_user,
    )
    return certificate


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
