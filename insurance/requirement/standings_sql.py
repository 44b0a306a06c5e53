"""The rule of `insurance.compliance` as one query over the sellers of a market.

Each step stands for a step of the pure rule and names it. What is not known by the day is left
out at the source. In a WITH, a step that is read once costs no more than a subquery.

Parameters: market, day, zone, trigger (NULL: on request only), days_to_prove, expiring_days,
notice_after, restrict_after, suspend_after, and sellers where only those are asked for.
`among` stands for the condition that leaves the others out.
"""

from typing import Final

# `_triggers` and `requirement_at`: the earliest counts; on one day proceeds before a request.
_REQUIRED = """
triggers AS (
    SELECT seller_id, counts_from AS triggered_on, gross_minor AS figure_minor
    FROM (SELECT seller_id, gross_minor,
              coalesce(crossed_on, (month + interval '1 month')::date - 1) AS counts_from
          FROM sellers_monthlysales
          WHERE marketplace_id = %(market)s AND gross_minor > %(trigger)s {among}) months
    WHERE counts_from <= %(day)s
    UNION ALL
    SELECT seller_id, requested_on, NULL FROM insurance_coverrequest
    WHERE marketplace_id = %(market)s AND requested_on <= %(day)s {among}
),
required AS (
    SELECT DISTINCT ON (seller_id) seller_id, triggered_on, figure_minor,
        triggered_on + %(days_to_prove)s AS due_on
    FROM triggers ORDER BY seller_id, triggered_on, figure_minor NULLS LAST
)"""

# `_latest`, and which submissions are proof that is known by the day.
_SUBMISSIONS = """
submissions AS (
    SELECT p.seller_id, c.id, (c.submitted_at AT TIME ZONE %(zone)s)::date AS submitted_on,
        c.effective_on, c.expires_on, c.products, c.defect_codes, c.review,
        c.review = 'ACCEPTED' AND c.defect_codes = '{{}}' AS is_proof
    FROM looked_at JOIN insurance_policy p USING (seller_id)
    JOIN insurance_certificate c ON c.policy_id = p.id
    WHERE p.marketplace_id = %(market)s
        AND (c.submitted_at AT TIME ZONE %(zone)s)::date <= %(day)s
),
latest AS (
    SELECT DISTINCT ON (seller_id) seller_id, id, submitted_on, defect_codes, review
    FROM submissions ORDER BY seller_id, submitted_on DESC, id DESC
),
proofs AS (SELECT * FROM submissions WHERE is_proof)"""

# `_products`: what must be covered. The categories that the seller lists, and one nameless thing
# where it lists none or no policy of it names any: then every policy covers everything.
_COVERS = """
things AS (
    SELECT DISTINCT o.seller_id, coalesce(l.category, '') AS thing
    FROM (SELECT seller_id, bool_or(products IS NOT NULL) AS is_limited
          FROM proofs GROUP BY seller_id) o
    LEFT JOIN sellers_product l ON o.is_limited AND l.seller_id = o.seller_id
        AND l.is_physical AND l.category <> ''
),
covers AS (
    SELECT t.seller_id, t.thing, p.submitted_on, p.effective_on, p.expires_on
    FROM things t LEFT JOIN proofs p ON p.seller_id = t.seller_id
        AND (t.thing = '' OR p.products IS NULL OR t.thing = ANY (p.products))
)"""

# `_covered_until`: cover after cover from the day on, until one begins too late; then the
# earliest end of all that must be covered. `greatest` passes over what is not there.
_AHEAD = """
chains AS (
    SELECT *, max(expires_on) OVER (PARTITION BY seller_id, thing
        ORDER BY effective_on, expires_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        AS covered_so_far
    FROM covers
),
links AS (
    SELECT *, bool_or(effective_on > greatest(%(day)s, covered_so_far)) OVER (PARTITION BY
        seller_id, thing ORDER BY effective_on, expires_on ROWS UNBOUNDED PRECEDING) AS is_broken
    FROM chains
),
ahead AS (
    SELECT seller_id, min(until) AS until
    FROM (SELECT seller_id, greatest(%(day)s, max(expires_on) FILTER (WHERE NOT is_broken)) AS until
          FROM links GROUP BY seller_id, thing) ends
    GROUP BY seller_id
)"""

# `_last_end_of_cover`: the latest end before which everything was covered, by proof known then.
# Ends of what is no proof need no look: the cover that ran past one ends later at a proof's end.
_BEHIND = """
behind AS (
    SELECT seller_id, max(ended_on) AS ended_on
    FROM (SELECT e.seller_id, e.expires_on AS ended_on, count(DISTINCT c.thing) AS covered
          FROM proofs e JOIN covers c ON c.seller_id = e.seller_id
              AND c.submitted_on < e.expires_on AND c.effective_on < e.expires_on
              AND c.expires_on >= e.expires_on
          WHERE e.expires_on <= %(day)s GROUP BY e.seller_id, e.expires_on) ends
    JOIN (SELECT seller_id, count(*) AS wanted FROM things GROUP BY seller_id) t USING (seller_id)
    WHERE covered = wanted GROUP BY seller_id
)"""

_WAIVED = """
waived AS (
    SELECT seller_id, max(until_on) AS until FROM insurance_coverwaiver
    WHERE marketplace_id = %(market)s AND from_on <= %(day)s AND until_on >= %(day)s
        AND (ended_on IS NULL OR ended_on > %(day)s) {among}
    GROUP BY seller_id
)"""

# `_status` and `_status_by_cover`, in their order.
_NAMED = """
standings AS (
    SELECT seller_id, r.triggered_on, r.figure_minor, r.due_on, w.until AS waived_until,
        CASE WHEN a.until > %(day)s THEN a.until ELSE b.ended_on END AS cover_ends_on,
        l.id AS latest_id, l.submitted_on AS latest_on, l.defect_codes AS latest_defects,
        l.review AS latest_review
    FROM looked_at
    LEFT JOIN required r USING (seller_id)
    LEFT JOIN waived w USING (seller_id)
    LEFT JOIN ahead a USING (seller_id)
    LEFT JOIN behind b USING (seller_id)
    LEFT JOIN latest l USING (seller_id)
),
named AS (
    SELECT *, CASE
        WHEN triggered_on IS NULL THEN 'NOT_REQUIRED'
        WHEN waived_until IS NOT NULL THEN 'WAIVED'
        WHEN cover_ends_on <= %(day)s THEN 'LAPSED'
        WHEN cover_ends_on - %(day)s <= %(expiring_days)s THEN 'EXPIRING'
        WHEN cover_ends_on IS NOT NULL THEN 'PROVEN'
        WHEN due_on < %(day)s THEN 'OVERDUE'
        WHEN latest_review = 'REFUSED' OR latest_defects <> '{{}}' THEN 'REFUSED'
        ELSE 'DUE' END AS status
    FROM standings
)"""

# `_days_left` counts to this day; `recommendation` counts the days after it.
_COUNTED = """
counted AS (
    SELECT *, CASE
        WHEN status = 'NOT_REQUIRED' THEN NULL
        WHEN status = 'WAIVED' THEN waived_until
        WHEN status = 'LAPSED' THEN greatest(due_on, cover_ends_on)
        ELSE coalesce(cover_ends_on, due_on) END AS counts_to
    FROM named
),
judged AS (
    SELECT seller_id, status,
        CASE WHEN triggered_on IS NULL THEN '' WHEN figure_minor IS NULL THEN 'REQUEST'
            ELSE 'PROCEEDS' END AS cause,
        triggered_on, figure_minor, due_on, counts_to, cover_ends_on,
        CASE WHEN status NOT IN ('OVERDUE', 'LAPSED') THEN ''
            WHEN %(day)s - counts_to >= %(suspend_after)s THEN 'suspend'
            WHEN %(day)s - counts_to >= %(restrict_after)s THEN 'restrict'
            WHEN %(day)s - counts_to >= %(notice_after)s THEN 'notice' ELSE '' END
            AS recommendation,
        waived_until, latest_id, latest_on, latest_defects, latest_review
    FROM counted
)"""

_ALL_REQUIRED = """
looked_at AS (
    SELECT seller_id FROM required
    UNION SELECT seller_id FROM insurance_complianceposition
    WHERE marketplace_id = %(market)s AND status <> 'NOT_REQUIRED'
)"""
_THOSE_ASKED_FOR = "looked_at AS (SELECT unnest(%(sellers)s::bigint[]) AS seller_id)"


def _with_judged(looked_at: str, among: str) -> str:
    steps = (_REQUIRED, looked_at, _SUBMISSIONS, _COVERS, _AHEAD, _BEHIND, _WAIVED, _NAMED)
    return "WITH " + ",".join(step.format(among=among) for step in (*steps, _COUNTED))


# Every seller of the market of whom cover is required, or was when last looked at.
JUDGED_IN_MARKET: Final = _with_judged(_ALL_REQUIRED, "")
# The sellers asked for, required or not.
JUDGED_SELLERS: Final = _with_judged(_THOSE_ASKED_FOR, "AND seller_id = ANY (%(sellers)s)")
