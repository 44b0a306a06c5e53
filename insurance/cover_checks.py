"""Checks 1 to 3 of a certificate: kind and basis, limits and inclusions, deductible.

Source: programme rules §4. Each returns its one defect or None; `checks.find_defects` runs them.
"""

from insurance.policy_facts import Defect, DefectCode, Submission, one_of


def check_kind(it: Submission) -> Defect | None:
    """Check 1: the kind of policy."""
    if it.policy.kind in it.terms.accepted_kinds:
        return None
    kinds = one_of(_plain(kind) for kind in it.terms.accepted_kinds)
    return Defect(
        DefectCode.KIND,
        _plain(it.policy.kind) or "not stated",
        f"{kinds} liability",
        f"Please provide a {kinds} liability policy. Other kinds of policy do not count.",
    )


def check_basis(it: Submission) -> Defect | None:
    """Check 1: occurrence basis; claims-made for listed categories with a long enough tail."""
    policy, terms = it.policy, it.terms
    products = it.insured.products if policy.products is None else policy.products
    may_be_claims_made = bool(products) and products <= terms.claims_made_categories
    long_enough = policy.tail_years >= terms.claims_made_tail_years
    claims_made = policy.basis == "CLAIMS_MADE"
    if policy.basis == "OCCURRENCE" or (claims_made and may_be_claims_made and long_enough):
        return None
    needed = "occurrence basis"
    if may_be_claims_made:
        needed += f", or claims-made with a tail of at least {terms.claims_made_tail_years} years"
    found = policy.basis.lower().replace("_", "-") or "not stated"
    return Defect(
        DefectCode.BASIS,
        f"{found}, tail of {policy.tail_years} years" if claims_made else found,
        needed,
        f"Please write the policy on {needed}.",
    )


def check_each_occurrence(it: Submission) -> Defect | None:
    """Check 2: the each-occurrence limit."""
    return _limit_defect(
        it,
        DefectCode.EACH_OCCURRENCE,
        "each-occurrence limit",
        it.policy.each_occurrence_minor,
        it.terms.each_occurrence_minor,
    )


def check_aggregate(it: Submission) -> Defect | None:
    """Check 2: the aggregate limit."""
    return _limit_defect(
        it,
        DefectCode.AGGREGATE,
        "aggregate limit",
        it.policy.aggregate_minor,
        it.terms.aggregate_minor,
    )


def _limit_defect(
    it: Submission, code: DefectCode, name: str, stated_minor: int | None, least_minor: int
) -> Defect | None:
    if stated_minor is not None and stated_minor >= least_minor:
        return None
    least = it.money(least_minor)
    return Defect(
        code,
        it.money(stated_minor),
        f"at least {least}",
        f"Please state the {name} on the certificate. It must be at least {least}."
        if stated_minor is None
        else f"Please raise the {name} from {it.money(stated_minor)} to at least {least}.",
    )


def check_products_completed_operations(it: Submission) -> Defect | None:
    """Check 2: products/completed operations and bodily injury; the defect says which."""
    absent = [
        name
        for name, included in (
            ("products/completed operations", it.policy.products_completed_operations),
            ("bodily injury", it.policy.bodily_injury),
        )
        if not included
    ]
    if not absent:
        return None
    names = " and ".join(absent)
    return Defect(
        DefectCode.PRODUCTS_COMPLETED_OPERATIONS,
        f"{names} not included",
        "products/completed operations and bodily injury included",
        f"Please include {names} in the cover and show it on the certificate.",
    )


def check_deductible(it: Submission) -> Defect | None:
    """Check 3: the deductible, stated and not too high; nil must be stated too."""
    stated_minor, most = it.policy.deductible_minor, it.money(it.terms.deductible_max_minor)
    if stated_minor is not None and stated_minor <= it.terms.deductible_max_minor:
        return None
    return Defect(
        DefectCode.DEDUCTIBLE,
        it.money(stated_minor),
        f"stated, at most {most}",
        f"Please state the deductible on the certificate, even if it is nil. "
        f"It may be at most {most}."
        if stated_minor is None
        else f"Please lower the deductible from {it.money(stated_minor)} to at most {most}.",
    )


def _plain(code: str) -> str:
    return code.lower().replace("_", " ")
