"""Rows for the sweep benchmark: a million open claims, some of them due, made by plain SQL."""

from datetime import datetime

from django.db import connection

# Open claims, each with its notice delivered and three clocks, as `notify_seller` leaves them.
ROWS = """
INSERT INTO sellers_seller (external_reference, legal_name, trade_name, country,
    single_member_llc, email, timezone, is_made_up, created_at)
SELECT 'B' || n, 'Bench Seller ' || n, '', 'US', false, 's' || n || '@sellers.example',
    'America/Los_Angeles', true, now() FROM generate_series(1, 1000) n;
INSERT INTO sellers_product (seller_id, sku, title, brand, category, is_physical)
SELECT id, 'K', 'Electric kettle', '', '', true FROM sellers_seller;
INSERT INTO sellers_order (external_reference, marketplace_id, product_id, seller_id,
    price_minor, currency, delivered_on, fulfilment, is_made_up)
SELECT 'O' || p.id, 'US', p.id, p.seller_id, 3999, 'USD', '2026-02-01', 'MERCHANT', true
FROM sellers_product p;
INSERT INTO claims_claimant (name, email, born_on, is_made_up)
SELECT 'Claimant ' || n, 'c' || n || '@example.com', '1980-01-01', true
FROM generate_series(1, 1000) n;
INSERT INTO claims_claim (reference, marketplace_id, seller_id, order_id, claimant_id, terms_id,
    currency, fulfilment, status, version, status_since, reason, bars, reported_at, incident_on,
    harm, severity, narrative, is_represented, medicare, claimed_minor, assessed_minor, paid_minor,
    is_within_ceiling, crossed_ceiling_later, external_source, external_reference, made_up_fields)
SELECT 'B' || n, 'US', o.seller_id, o.id, c.id, t.id, 'USD', 'MERCHANT', 'AWAITING_SELLER', 3,
    %(start)s, '', '{}', %(start)s, '2026-02-20', 'FIRE', 'NONE', '', false, 'NO', 400000, 350000,
    0, false, false, '', '', '{}'
FROM generate_series(1, %(claims)s) n
JOIN (SELECT id, seller_id, row_number() OVER () - 1 AS k FROM sellers_order) o ON o.k = n %% 1000
JOIN (SELECT id, row_number() OVER () - 1 AS k FROM claims_claimant) c ON c.k = n %% 1000
CROSS JOIN (SELECT id FROM claims_termsversion WHERE marketplace_id = 'US') t;
"""
AROUND = """
INSERT INTO claims_payeedetails (claim_id, name, account, given_at, given_with_report)
SELECT id, 'Payee', 'acct', reported_at, true FROM claims_claim;
INSERT INTO claims_notice (claim_id, event_version, key, kind, recipient, "to", facts, subject,
    body, state, written_at, attempts, sent_at, message_id, last_answer)
SELECT id, 3, reference || '/n', 'CLAIM_NOTICE', 'SELLER', 's@sellers.example', '{}', '', '',
    'SENT', reported_at, 1, reported_at, '', '' FROM claims_claim;
INSERT INTO claims_deadline (claim_id, kind, owner, starts_at, length, unit, calendar_id, due_at,
    acts_at, note, failures, last_error)
SELECT c.id, k.kind, k.owner, c.reported_at, 7, 'CALENDAR', 'US', d.due_at,
    CASE WHEN k.kind = 'SELLER_RESPONSE' THEN d.due_at + interval '60 seconds'
         WHEN k.kind = 'STATUS_LETTER' THEN %(later)s END, '', 0, ''
FROM claims_claim c
CROSS JOIN (VALUES ('SELLER_RESPONSE', 'SELLER'), ('DECISION', 'STAFF'),
    ('STATUS_LETTER', 'SYSTEM')) k(kind, owner)
CROSS JOIN LATERAL (SELECT CASE WHEN substr(c.reference, 2)::int <= %(due)s
    THEN %(at)s::timestamptz - interval '1 hour' ELSE %(later)s::timestamptz END AS due_at) d;
"""
# What one lapse of every due claim writes, as few set-based statements as PostgreSQL needs.
SET_BASED = """
CREATE TEMP TABLE due ON COMMIT DROP AS
SELECT d.claim_id, c.reference, c.version + 1 AS version, c.assessed_minor, c.seller_id
FROM claims_deadline d JOIN claims_claim c ON c.id = d.claim_id
WHERE d.kind = 'SELLER_RESPONSE' AND d.acts_at <= %(at)s AND d.met_at IS NULL
    AND d.lapsed_at IS NULL AND d.cancelled_at IS NULL AND c.status = 'AWAITING_SELLER'
ORDER BY d.acts_at LIMIT %(limit)s;
UPDATE claims_claim c SET status = 'APPROVED', version = u.version, status_since = %(at)s,
    approved_minor = u.assessed_minor, approved_at = %(at)s, bars = '{}', reason = ''
FROM due u WHERE c.id = u.claim_id;
INSERT INTO claims_claimevent (claim_id, version, at, step, from_status, to_status, actor_kind,
    rule, reason, text, letters, facts, changes)
SELECT claim_id, version, %(at)s, 'lapse', 'AWAITING_SELLER', 'APPROVED', 'SYSTEM',
    'rules §3: no answer by the deadline, and nothing bars the payment', '', '', 2,
    jsonb_build_object('amount_minor', assessed_minor, 'deciders', '[]'::jsonb, 'automatic', true,
        'terms', 1, 'due_at', %(at)s::timestamptz, 'spent_today_minor', 0,
        'automatic_limit_minor', 2500000, 'daily_cap_minor', 25000000),
    jsonb_build_object('approved_minor', assessed_minor, 'approved_at', %(at)s::timestamptz,
        'bars', '[]'::jsonb)
FROM due;
UPDATE claims_deadline d SET lapsed_at = %(at)s FROM due u
WHERE d.claim_id = u.claim_id AND d.kind = 'SELLER_RESPONSE' AND d.lapsed_at IS NULL;
UPDATE claims_deadline d SET met_at = %(at)s FROM due u
WHERE d.claim_id = u.claim_id AND d.kind = 'DECISION' AND d.met_at IS NULL;
INSERT INTO claims_ledgerentry (claim_id, event_version, key, debit, credit, amount_minor,
    currency, posted_at)
SELECT claim_id, version, reference || '/accrue/' || version, 'PROGRAMME_EXPENSE',
    'CLAIMS_PAYABLE', assessed_minor, 'USD', %(at)s FROM due;
INSERT INTO claims_notice (claim_id, event_version, key, kind, recipient, "to", facts, subject,
    body, state, written_at, next_at, attempts, message_id, last_answer)
SELECT u.claim_id, u.version, u.reference || '/' || k.kind || '/' || u.version, k.kind,
    k.recipient, s.email, jsonb_build_object('amount_minor', u.assessed_minor), '', '', 'QUEUED',
    %(at)s, %(at)s, 0, '', ''
FROM due u JOIN sellers_seller s ON s.id = u.seller_id
CROSS JOIN (VALUES ('CLAIM_APPROVED', 'CLAIMANT'), ('RESPONSE_LAPSED', 'SELLER'))
    k(kind, recipient);
INSERT INTO claims_payout (claim_id, purpose, our_reference, key, amount_minor, currency,
    is_automatic, state, held_by, created_at, next_at, attempts, provider_reference, last_answer)
SELECT claim_id, 'CLAIM', reference || '-' || version, gen_random_uuid(), assessed_minor, 'USD',
    true, 'QUEUED', '{}', %(at)s, %(at)s, 0, '', '' FROM due;
"""


def run(sql: str, **parameters: datetime | int) -> None:
    """Run the statements of a script one after the other."""
    with connection.cursor() as cursor:
        for statement in sql.split(";\n"):
            if statement.strip():
                cursor.execute(statement, parameters)
