"""Certificates with several policies and insurers, from A to F, and those on top of others."""

from dataclasses import replace
from datetime import date

from tests.insurance.certificates.drawing import Drawing, Row, Said

INSURERS = (
    ("A", "Harborway Insurance Company", "12345"),
    ("B", "Cascade Umbrella Insurance Co", "23456"),
    ("C", "Rainier Auto Insurance Company", "34567"),
    ("D", "Columbia Products Mutual", "45678"),
    ("E", "Olympic Professional Insurance", "56789"),
    ("F", "Sound Workers Fund", "67890"),
)
GENERAL = Row()
UMBRELLA = Row(
    letter="B",
    kind="UMBRELLA",
    number="UMB-200",
    each="5,000,000",
    aggregate="5,000,000",
    products="",
    own_share="10,000",
    additional="Y",
    per="",
)
EXCESS = replace(UMBRELLA, kind="EXCESS", number="XS-300", own_share="0")
CARS = Row(
    letter="C",
    kind="AUTOMOBILE",
    number="CA 99 77",
    basis="",
    each="1,000,000",
    aggregate="",
    products="",
    additional="N",
    per="",
)
PRODUCTS = Row(
    letter="D",
    kind="PRODUCTS",
    title="Products Liability",
    number="PR-400",
    products="",
    effective="03/15/2026",
    expires="03/15/2027",
)
PROFESSIONAL = replace(
    PRODUCTS,
    letter="E",
    kind="OTHER",
    title="Professional Liability",
    number="PL-500",
    basis="CLAIMS_MADE",
)
WORKERS = replace(
    PRODUCTS,
    letter="F",
    kind="WORKERS_COMPENSATION",
    title="Workers Compensation",
    number="WC-600",
    basis="",
    each="",
    aggregate="",
    additional="N",
)
# What the row of another kind says, beyond what its description says of all policies.
_UMBRELLA = {
    "insurer_letter": "B",
    "insurer": INSURERS[1][1],
    "naic": "23456",
    "number": "UMB-200",
    "kind": "UMBRELLA",
    "each_occurrence": 500_000_000,
    "aggregate": 500_000_000,
    "aggregate_per": None,
    "products_aggregate": None,
    "products_included": None,
    "deductible": 1_000_000,
    "rating": None,
}
_CARS = {
    "insurer_letter": "C",
    "insurer": INSURERS[2][1],
    "naic": "34567",
    "number": "CA 99 77",
    "kind": "AUTOMOBILE",
    "basis": None,
    "each_occurrence": None,
    "aggregate": None,
    "aggregate_per": None,
    "products_aggregate": None,
    "products_included": None,
    "bodily_injury": None,
    "rating": None,
    "additional_insured_marked": False,
}
_PRODUCTS = {
    "insurer_letter": "D",
    "insurer": INSURERS[3][1],
    "naic": "45678",
    "number": "PR-400",
    "kind": "PRODUCTS",
    "aggregate_per": None,
    "products_aggregate": None,
    "products_included": None,
    "rating": None,
    "effective": date(2026, 3, 15),
    "expires": date(2027, 3, 15),
}
_PROFESSIONAL = {
    **_PRODUCTS,
    "insurer_letter": "E",
    "insurer": INSURERS[4][1],
    "naic": "56789",
    "number": "PL-500",
    "kind": "OTHER",
    "basis": "CLAIMS_MADE",
    "bodily_injury": None,
}
_WORKERS = {
    **_PROFESSIONAL,
    "insurer_letter": "F",
    "insurer": INSURERS[5][1],
    "naic": "67890",
    "number": "WC-600",
    "kind": "WORKERS_COMPENSATION",
    "basis": None,
    "each_occurrence": None,
    "aggregate": None,
    "additional_insured_marked": False,
}
_NO_LIMITS = ("KIND", "BASIS", "EACH_OCCURRENCE", "AGGREGATE", "PRODUCTS_COMPLETED_OPERATIONS")

SEVERAL = (
    Drawing(
        slug="six-insurers",
        insurers=INSURERS,
        rows=(GENERAL, CARS, UMBRELLA, PRODUCTS, PROFESSIONAL, WORKERS),
        expected=({}, _CARS, _UMBRELLA, _PRODUCTS, _PROFESSIONAL, _WORKERS),
        defects=(
            (),
            (*_NO_LIMITS, "INSURER_RATING"),
            ("PRODUCTS_COMPLETED_OPERATIONS", "INSURER_RATING"),
            ("PRODUCTS_COMPLETED_OPERATIONS", "INSURER_RATING"),
            ("KIND", "BASIS", "PRODUCTS_COMPLETED_OPERATIONS", "INSURER_RATING"),
            (*_NO_LIMITS, "INSURER_RATING"),
        ),
    ),
    Drawing(
        slug="umbrella-over-low-limits",
        insurers=INSURERS[:2],
        rows=(replace(GENERAL, each="500,000", aggregate="500,000"), UMBRELLA),
        said=Said(
            more=(
                "Insurer B is rated A+ by AM Best.",
                "Policy UMB-200: products and completed operations are included.",
            )
        ),
        expected=(
            {"each_occurrence": 50_000_000, "aggregate": 50_000_000},
            {**_UMBRELLA, "rating": "A+", "products_included": True},
        ),
        defects=(("EACH_OCCURRENCE", "AGGREGATE"), ()),
    ),
    Drawing(
        slug="excess-alone",
        insurers=(("B", "Cascade Umbrella Insurance Co", "23456"),),
        rows=(EXCESS,),
        said=Said(
            rating="",
            more=(
                "Insurer B is rated AA- by S&P.",
                "Products/completed operations hazard is included.",
            ),
        ),
        expected=(
            {
                **_UMBRELLA,
                "rating": "AA-",
                "number": "XS-300",
                "kind": "EXCESS",
                "deductible": 0,
                "products_included": True,
            },
        ),
    ),
    Drawing(
        slug="two-for-different-products",
        insurers=(INSURERS[0], INSURERS[3]),
        rows=(GENERAL, PRODUCTS),
        said=Said(
            more=(
                "Insurer D is rated A++ by AM Best.",
                "Policy CGL-100, products covered: kettles.",
                "Policy PR-400, products covered: toasters, lamps.",
                "Products liability under PR-400 is included.",
            )
        ),
        expected=(
            {"products": ("kettles",)},
            {
                **_PRODUCTS,
                "rating": "A++",
                "products": ("toasters", "lamps"),
                "products_included": True,
            },
        ),
        defects=((), ()),
    ),
    Drawing(
        slug="claims-made-with-tail",
        rows=(replace(GENERAL, basis="CLAIMS_MADE"),),
        said=Said(more=("Extended reporting period: 5 years.",)),
        expected=({"basis": "CLAIMS_MADE", "tail_years": 5},),
        defects=(("BASIS",),),
    ),
    Drawing(
        slug="form-in-word",
        style="docx_form",
    ),
    Drawing(
        slug="form-in-word-several",
        style="docx_form",
        rows=(
            GENERAL,
            replace(
                GENERAL,
                number="CGL-101",
                each="750,000",
                basis="CLAIMS_MADE",
                effective="04/05/2026",
            ),
        ),
        signature="none",
        expected=(
            {},
            {
                "number": "CGL-101",
                "each_occurrence": 75_000_000,
                "basis": "CLAIMS_MADE",
                "effective": None,
            },
        ),
        defects=(("SIGNATURE",), ("BASIS", "EACH_OCCURRENCE", "SIGNATURE", "DATES")),
        questions=((1, "EFFECTIVE", "04/05/2026", (date(2026, 4, 5), date(2026, 5, 4))),),
    ),
)
