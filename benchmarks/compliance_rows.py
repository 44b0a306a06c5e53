"""The rows of `benchmarks.compliance`, made by the database from a number; `n` is the seller."""

ROWS = """
INSERT INTO sellers_seller (external_reference, legal_name, trade_name, country,
    single_member_llc, email, timezone, is_made_up, created_at)
SELECT 'C' || n, 'Seller ' || n, '', 'US', false, 'c' || n || '@sellers.example',
    'America/Los_Angeles', false, '2025-01-01'
FROM generate_series(1, %(sellers)s) n;
CREATE TEMP TABLE numbered ON COMMIT DROP AS
SELECT id, substr(external_reference, 2)::int AS n FROM sellers_seller;
INSERT INTO sellers_monthlysales (seller_id, marketplace_id, month, gross_minor, crossed_on)
SELECT id, 'US', make_date(2026, m, 1),
    CASE WHEN n %% 4 = 0 AND (n / 4 + m) %% 5 = 0 THEN 1000001 + n
        ELSE (n * 7919 + m) %% 900000 END,
    CASE WHEN n %% 4 = 0 AND (n / 4 + m) %% 5 = 0 AND n %% 8 = 0 THEN make_date(2026, m, 20) END
FROM numbered CROSS JOIN generate_series(1, 12) m ORDER BY m, n;
INSERT INTO sellers_product (seller_id, sku, title, brand, category, is_physical)
SELECT id, 'S' || p, 'Thing', '', (ARRAY['Kettles', 'Toys', 'Lamps'])[p], true
FROM numbered CROSS JOIN generate_series(1, 3) p WHERE n %% 2 = 0;
INSERT INTO insurance_coverrequest (seller_id, marketplace_id, requested_on, reason)
SELECT id, 'US', '2026-05-05', 'asked' FROM numbered WHERE n %% 50 = 7;
INSERT INTO insurance_coverwaiver (seller_id, marketplace_id, from_on, until_on, reason, end_reason)
SELECT id, 'US', '2026-06-01', '2026-12-01', 'waived', '' FROM numbered WHERE n %% 100 = 12;
INSERT INTO insurance_policy (seller_id, marketplace_id, number, insurer, rating, kind, basis,
    tail_years, products_completed_operations, bodily_injury, additional_insured,
    certificate_holder_only, named_insured, territory, is_signed, dates_text, is_made_up)
SELECT id, 'US', 'P' || p, 'Example Mutual', 'A', 'PRODUCTS', 'OCCURRENCE', 0, true, true, '',
    false, 'Seller', '{US}', true, '', false
FROM numbered CROSS JOIN generate_series(1, 2) p WHERE n %% 8 = 0;
INSERT INTO insurance_certificate (policy_id, submitted_at, effective_on, expires_on, products,
    defects, defect_codes, review_defects, terms_id, checked_facts, review, review_reason)
SELECT p.id, timestamptz '2026-01-15 20:00Z' + make_interval(days => s.n %% 150),
    '2026-01-01', CASE WHEN s.n %% 16 = 0 THEN date '2026-06-30' ELSE date '2027-01-01' END,
    CASE WHEN s.n %% 24 = 0 THEN CASE p.number WHEN 'P1' THEN '{Kettles,Toys}'::varchar[]
        ELSE '{Lamps}' END END,
    '[]', CASE WHEN s.n %% 40 = 0 THEN '{DEDUCTIBLE}'::varchar[] ELSE '{}' END, '[]',
    (SELECT id FROM insurance_insuranceterms WHERE marketplace_id = 'US'), '{}',
    'ACCEPTED', ''
FROM insurance_policy p JOIN numbered s ON s.id = p.seller_id;
"""
