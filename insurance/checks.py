"""Every defect of a certificate of insurance, all at once, with words for the broker.

Source: programme rules §4, checks 1 to 10; the figures come in as `RequirementTerms`, which
carry their own marks. Pure: facts in, defects out.
"""

from collections.abc import Callable
from datetime import date

from insurance import cover_checks
from insurance.dates import AmbiguousDate, date_text, read_date
from insurance.policy_facts import (
    Defect,
    DefectCode,
    InsuredFacts,
    PolicyFacts,
    Submission,
    one_of,
    territory_includes,
)
from insurance.terms import RequirementTerms
from sellers.markets import MARKETS

__all__ = [
    "AmbiguousDate",
    "Defect",
    "DefectCode",
    "InsuredFacts",
    "PolicyFacts",
    "find_defects",
    "read_date",
    "territory_includes",
]


def find_defects(
    policy: PolicyFacts, *, insured: InsuredFacts, terms: RequirementTerms, submitted_on: date
) -> tuple[Defect, ...]:
    """All defects of a certificate as submitted that day, in the order of `DefectCode`.

    Products that one policy leaves out are no defect of it: several policies may cover together
    (rules §4), which `insurance.compliance` judges.
    """
    submission = Submission(policy, insured, terms, submitted_on)
    found = (check(submission) for check in _CHECKS)
    return tuple(defect for defect in found if defect is not None)


def _is_additional_insured(it: Submission) -> bool:
    wording = it.terms.additional_insured_wording
    return _same_wording(it.policy.additional_insured) == _same_wording(wording)


def _check_additional_insured(it: Submission) -> Defect | None:
    """Check 4: the additional insured, unless being certificate holder only is the defect."""
    if it.policy.certificate_holder_only or _is_additional_insured(it):
        return None
    wording = it.terms.additional_insured_wording
    return Defect(
        DefectCode.ADDITIONAL_INSURED,
        it.policy.additional_insured.strip() or "nobody named",
        f"additional insured: {wording}",
        f"Please name “{wording}” as additional insured, in exactly these words.",
    )


def _check_certificate_holder(it: Submission) -> Defect | None:
    """Check 4: certificate holder is not enough, and is named as the defect.

    Who is holder *only* is no additional insured, whatever words stand in that box.
    """
    if not it.policy.certificate_holder_only:
        return None
    wording = it.terms.additional_insured_wording
    return Defect(
        DefectCode.CERTIFICATE_HOLDER_ONLY,
        "the marketplace is certificate holder only",
        f"additional insured: {wording}",
        f"Please add “{wording}” as additional insured, in exactly these words. "
        "Being named as certificate holder is not enough.",
    )


def _check_named_insured(it: Submission) -> Defect | None:
    """Check 5: the legal entity; a single-member LLC may use its trade name."""
    insured = it.insured
    accepted = [insured.legal_name]
    if insured.single_member_llc and insured.trade_name.strip():
        accepted.append(insured.trade_name)
    if _same_name(it.policy.named_insured) in {_same_name(name) for name in accepted}:
        return None
    names = " or ".join(f"“{name}”" for name in accepted)
    return Defect(
        DefectCode.NAMED_INSURED,
        it.policy.named_insured.strip() or "not stated",
        names,
        f"Please show {names} as the named insured.",
    )


def _check_insurer_rating(it: Submission) -> Defect | None:
    """Check 6: rated A- or better by AM Best or S&P, as listed in the terms."""
    rating = "".join(it.policy.rating.split()).upper().replace("−", "-").replace("–", "-")
    if rating in it.terms.accepted_ratings:
        return None
    return Defect(
        DefectCode.INSURER_RATING,
        f"{it.policy.insurer}, rated {it.policy.rating}"
        if rating
        else f"{it.policy.insurer}, not rated",
        "rated A- or better by AM Best or S&P",
        "Please place the policy with an insurer rated A- or better by AM Best or S&P, "
        "and state the rating.",
    )


def _check_territory(it: Submission) -> Defect | None:
    """Check 7: the territory includes the market."""
    if territory_includes(it.policy.territory, market=it.terms.market):
        return None
    market = MARKETS[it.terms.market].name
    return Defect(
        DefectCode.TERRITORY,
        ", ".join(sorted(it.policy.territory)) or "not stated",
        f"{market}, or worldwide",
        f"Please extend the coverage territory to include {market}, or make it worldwide.",
    )


def _check_cancellation_notice(it: Submission) -> Defect | None:
    """Check 8: notice of cancellation, change and non-renewal."""
    stated, least = it.policy.cancellation_notice_days, it.terms.notice_of_cancellation_days
    if stated is not None and stated >= least:
        return None
    return Defect(
        DefectCode.CANCELLATION_NOTICE,
        "not stated" if stated is None else f"{stated} days",
        f"at least {least} days",
        f"Please give the marketplace at least {least} days’ notice of cancellation, change "
        "and non-renewal, and state it on the certificate.",
    )


def _check_remaining_validity(it: Submission) -> Defect | None:
    """Check 9: days still to run on submission; not judged while the end is unknown."""
    expires_on, least = it.policy.expires_on, it.terms.minimum_days_to_run
    if expires_on is None or (expires_on - it.submitted_on).days >= least:
        return None
    days = (expires_on - it.submitted_on).days
    left = f"{days} days to run" if days > 0 else "no days to run"
    return Defect(
        DefectCode.REMAINING_VALIDITY,
        f"ends on {date_text(expires_on)}, {left}",
        f"at least {least} days to run on submission",
        f"Please send the certificate of the renewed policy. It must have at least {least} days "
        "to run on the day it is submitted.",
    )


def _check_signature(it: Submission) -> Defect | None:
    """Checks 9 and 10: signed, complete, and a file of a kind that can be read."""
    policy = it.policy
    file_is_readable = policy.file_kind is None or policy.file_kind in it.terms.accepted_file_kinds
    kinds = one_of(kind.upper() for kind in it.terms.accepted_file_kinds)
    faults = [
        words
        for words, passed in (
            ("not signed", policy.signed),
            ("not complete", policy.complete),
            (f"not a {kinds} file", file_is_readable),
        )
        if not passed
    ]
    if not faults:
        return None
    return Defect(
        DefectCode.SIGNATURE,
        ", ".join(faults),
        f"signed and complete, as a {kinds} file",
        f"Please send the certificate complete and signed by an authorised representative, as a "
        f"{kinds} file.",
    )


def _check_dates(it: Submission) -> Defect | None:
    """Check 10: both dates present, unambiguous, and in order."""
    effective_on, expires_on = it.policy.effective_on, it.policy.expires_on
    if it.policy.dates_text.strip():
        found = f"“{it.policy.dates_text.strip()}”, which can be read in two ways or not at all"
    elif effective_on is None and expires_on is None:
        found = "no start date and no end date"
    elif effective_on is None:
        found = "no start date"
    elif expires_on is None:
        found = "no end date"
    elif expires_on <= effective_on:
        found = f"from {date_text(effective_on)} to {date_text(expires_on)}"
    else:
        return None
    return Defect(
        DefectCode.DATES,
        found,
        "a start date and a later end date, with the month in words",
        "Please state the start date and the end date of the policy with the month in words, "
        "for example 2 March 2026.",
    )


_CHECKS: tuple[Callable[[Submission], Defect | None], ...] = (
    cover_checks.check_kind,
    cover_checks.check_basis,
    cover_checks.check_each_occurrence,
    cover_checks.check_aggregate,
    cover_checks.check_products_completed_operations,
    cover_checks.check_deductible,
    _check_additional_insured,
    _check_certificate_holder,
    _check_named_insured,
    _check_insurer_rating,
    _check_territory,
    _check_cancellation_notice,
    _check_remaining_validity,
    _check_signature,
    _check_dates,
)


def _same_wording(text: str) -> str:
    return " ".join(text.split()).casefold().removesuffix(".").rstrip()


def _same_name(text: str) -> str:
    return " ".join(text.replace(",", " ").replace(".", "").split()).casefold()
