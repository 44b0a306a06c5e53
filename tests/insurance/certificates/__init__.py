"""A sound certificate for the tests, and what the checks find in a changed one."""

from datetime import date

from insurance.checks import Defect, InsuredFacts, PolicyFacts, find_defects
from insurance.terms import DEFAULT_REQUIREMENT_TERMS

TERMS = DEFAULT_REQUIREMENT_TERMS["US"]
WORDING = "Amazon.com Services LLC and its affiliates and assignees"
INSURED = InsuredFacts(legal_name="Brightside Goods LLC", products=frozenset({"kettles"}))
SUBMITTED = date(2026, 3, 2)
SOUND = PolicyFacts(
    number="CGL-100",
    insurer="Harborway",
    each_occurrence_minor=100_000_000,
    aggregate_minor=200_000_000,
    deductible_minor=500_000,
    additional_insured=WORDING,
    named_insured="Brightside Goods LLC",
    territory=frozenset({"US"}),
    effective_on=date(2026, 1, 1),
    expires_on=date(2027, 1, 1),
    file_kind="pdf",
)


def defects_of(policy: PolicyFacts, insured: InsuredFacts = INSURED) -> tuple[Defect, ...]:
    return find_defects(policy, insured=insured, terms=TERMS, submitted_on=SUBMITTED)


def codes_of(policy: PolicyFacts, insured: InsuredFacts = INSURED) -> list[str]:
    return [defect.code.value for defect in defects_of(policy, insured)]


def only_defect(policy: PolicyFacts, insured: InsuredFacts = INSURED) -> Defect:
    (defect,) = defects_of(policy, insured)
    return defect
