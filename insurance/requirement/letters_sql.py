"""Which letters about the requirement are due in a market on a day, each with its key.

One query over the stored positions. A letter is due until its key is written, so a night that was
missed is caught up; of several reminders only the nearest to the date counts, so none comes late
and beside a later one. Days are the market's.

Parameters: market, day, zone, reminders, expiring_reminders, sellers (NULL: all).
"""

from typing import Final

LETTERS_DUE: Final = """
WITH positions AS (
    SELECT p.*, 'cover/' || p.seller_id || '/' || p.marketplace_id || '/' AS occasion,
        -- Cover that ended before it was required is no proof that lapsed: proof is still due.
        p.status IN ('DUE', 'REFUSED', 'OVERDUE')
            OR (p.status = 'LAPSED' AND p.cover_ends_on <= p.triggered_on) AS is_awaited,
        (SELECT min(d) FROM unnest(%(reminders)s::int[]) d
            WHERE d >= p.due_on - %(day)s AND p.due_on >= %(day)s) AS reminder,
        (SELECT min(d) FROM unnest(%(expiring_reminders)s::int[]) d
            WHERE d >= p.cover_ends_on - %(day)s AND p.cover_ends_on > %(day)s) AS end_reminder
    FROM insurance_complianceposition p
    WHERE p.marketplace_id = %(market)s
        AND p.status IN ('DUE', 'REFUSED', 'OVERDUE', 'LAPSED', 'EXPIRING')
        AND (%(sellers)s::bigint[] IS NULL OR p.seller_id = ANY (%(sellers)s::bigint[]))
),
told AS (
    SELECT p.*, (l.written_at AT TIME ZONE %(zone)s)::date AS told_on
    FROM positions p
    LEFT JOIN insurance_insuranceletter l ON l.key = p.occasion || 'required/' || p.due_on
),
due AS (
    SELECT told.*, 'COVER_REQUIRED' AS kind, occasion || 'required/' || due_on AS key,
        NULL::date AS waived_until
    FROM told WHERE is_awaited AND told_on IS NULL
    UNION ALL
    -- Who is told of the date on or after a reminder's day needs no reminder of that day.
    SELECT told.*, 'COVER_REMINDER', occasion || 'due/' || due_on || '/' || reminder, NULL
    FROM told WHERE is_awaited AND reminder IS NOT NULL AND told_on < due_on - reminder
    UNION ALL
    SELECT told.*, 'COVER_EXPIRING', occasion || 'ends/' || cover_ends_on || '/' || end_reminder,
        NULL
    FROM told WHERE status = 'EXPIRING' AND end_reminder IS NOT NULL
    UNION ALL
    SELECT told.*, 'COVER_LAPSED', occasion || 'ended/' || cover_ends_on, NULL
    FROM told WHERE status = 'LAPSED' AND NOT is_awaited
    UNION ALL
    -- A waiver that ran out, where nothing else says so; one ended early was told of then.
    SELECT told.*, 'WAIVER_ENDED', 'waiver/' || w.id || '/ended', w.until_on
    FROM told JOIN insurance_coverwaiver w USING (seller_id, marketplace_id)
    WHERE status <> 'EXPIRING' AND told_on <= w.until_on AND w.ended_on IS NULL
        AND w.until_on BETWEEN %(day)s - 30 AND %(day)s - 1
)
SELECT due.seller_id, due.kind, due.key, due.triggered_on, due.figure_minor, due.due_on,
    due.cover_ends_on, due.waived_until
FROM due LEFT JOIN insurance_insuranceletter l ON l.key = due.key
WHERE l.id IS NULL
ORDER BY due.seller_id, due.key
"""
