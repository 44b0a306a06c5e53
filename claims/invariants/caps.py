"""I9: caps and authorities are kept: every approval, by the terms of its own claim."""

from collections.abc import Iterator
from itertools import chain

from claims.invariants.inspection import Inspection, Violation, find

_APPROVALS = """
    SELECT c.reference, c.marketplace_id, m.timezone, e.id, e.at, e.step, e.facts,
        (e.facts->>'amount_minor')::bigint AS amount,
        coalesce((e.facts->>'automatic')::boolean, FALSE) AS automatic,
        coalesce(e.facts->'deciders', '[]'::jsonb) AS deciders,
        (t.figures->>'automatic_limit_minor')::bigint AS automatic_limit,
        (t.figures->>'daily_cap_minor')::bigint AS daily_cap,
        (t.figures->>'senior_authority_minor')::bigint AS senior_authority
    FROM claims_claimevent e JOIN claims_claim c ON c.id = e.claim_id
    JOIN claims_termsversion t ON t.id = c.terms_id
    JOIN sellers_marketplace m ON m.code = c.marketplace_id
    WHERE e.to_status = 'APPROVED' AND e.from_status NOT IN ('APPROVED', 'PAID')
    AND e.step <> 'adopt_payment'
"""


def are_kept(_: Inspection) -> Iterator[Violation]:
    """I9: every approval was within its cap or authority, and no more is paid than approved.

    A payment adopted after a restore approves nothing: the approval was lost with the database.
    """
    return chain(_automatic(), _daily(), _by_people(), _payouts())


def _automatic() -> Iterator[Violation]:
    return find(
        "I9",
        "approved {0} automatically, beside {1} of that day; limit {2}, cap {3}",
        f"""
        WITH approval AS ({_APPROVALS})
        SELECT reference, amount, coalesce(facts->>'spent_today_minor', 'an unknown sum'),
            automatic_limit, daily_cap
        FROM approval WHERE automatic AND (amount > automatic_limit
            OR coalesce((facts->>'spent_today_minor')::bigint, daily_cap) + amount > daily_cap)
        ORDER BY id
        """,  # noqa: S608 - a text of our own
    )


def _daily() -> Iterator[Violation]:
    return find(
        "I9",
        "approved {1} automatically on {0}; counted {2}, cap {3}",
        f"""
        WITH approval AS ({_APPROVALS}), approved AS (
            SELECT marketplace_id, (at AT TIME ZONE timezone)::date AS "on",
                sum(amount) AS total, max(daily_cap) AS cap
            FROM approval WHERE automatic GROUP BY 1, 2)
        SELECT marketplace_id, "on", coalesce(approved.total, 0), coalesce(d.total_minor, 0),
            coalesce(approved.cap::text, 'none')
        FROM approved FULL JOIN claims_dailyautomatictotal d USING (marketplace_id, "on")
        WHERE coalesce(approved.total, 0) <> coalesce(d.total_minor, 0) OR approved.total > cap
        ORDER BY 1, 2
        """,  # noqa: S608 - a text of our own
    )


def _by_people() -> Iterator[Violation]:
    # One person within their own authority, or two different ones.
    return find(
        "I9",
        "approved {0} by {1}; one person may approve {2}, a senior {3}",
        f"""
        WITH approval AS ({_APPROVALS}), counted AS (
            SELECT *, (SELECT count(DISTINCT d) FROM jsonb_array_elements(deciders) d) AS people,
                coalesce((facts->>'authority_minor')::bigint, 0) AS authority
            FROM approval WHERE NOT automatic)
        SELECT reference, amount, people || ' people', authority, senior_authority
        FROM counted WHERE people <> jsonb_array_length(deciders) OR people NOT IN (1, 2)
        OR (people = 1 AND amount > least(authority, senior_authority)) ORDER BY id
        """,  # noqa: S608 - a text of our own
    )


def _payouts() -> Iterator[Violation]:
    return find(
        "I9",
        "its payout {0} is of {1} {2}, and {3} {4} are approved",
        """
        SELECT c.reference, p.our_reference, p.amount_minor, p.currency,
            coalesce(c.approved_minor, 0), c.currency
        FROM claims_payout p JOIN claims_claim c ON c.id = p.claim_id
        WHERE p.state NOT IN ('REFUSED', 'RETURNED', 'CANCELLED')
        AND (p.amount_minor, p.currency) IS DISTINCT FROM (c.approved_minor, c.currency)
        ORDER BY p.id
        """,
    )
