"""A seller's standing in words for a person: why cover is required, and what stands now."""

from insurance.dates import date_text
from insurance.standing import ComplianceStatus, Requirement, Standing
from insurance.terms import RequirementTerms
from sellers.money import format_amount


def reason_of(standing: Standing, status: ComplianceStatus, terms: RequirementTerms) -> str:
    """The standing in one or two sentences: why cover is required, and what stands now."""
    if standing.requirement is None:
        return _why_not_required(terms)
    why = _why_required(standing.requirement, terms)
    due = date_text(standing.requirement.due_on)
    ends = "" if standing.cover_ends_on is None else date_text(standing.cover_ends_on)
    waived_until = "" if standing.waived_until is None else date_text(standing.waived_until)
    now = {
        ComplianceStatus.WAIVED: f"Proof is waived until {waived_until}.",
        ComplianceStatus.PROVEN: f"Proven cover runs until {ends}.",
        ComplianceStatus.EXPIRING: f"Proven cover ends on {ends} and no renewal is proven.",
        ComplianceStatus.LAPSED: f"Proven cover ended on {ends}.",
        ComplianceStatus.DUE: f"{_under_review(standing)}Proof of cover is due by {due}.",
        ComplianceStatus.REFUSED: f"{_refused(standing)} Proof of cover is due by {due}.",
        ComplianceStatus.OVERDUE: f"{_under_review(standing)}Proof of cover was due by {due}.",
    }
    return f"{why} {now[status]}"


def _under_review(standing: Standing) -> str:
    latest = standing.latest
    if latest is None or latest.is_accepted or latest.was_refused:
        return ""
    return f"The certificate of {date_text(latest.submitted_on)} is being reviewed. "


def _refused(standing: Standing) -> str:
    defects = standing.latest.defects if standing.latest else ()
    codes = f" ({', '.join(defects)})" if defects else " on review"
    return f"The last certificate was refused{codes}."


def _why_not_required(terms: RequirementTerms) -> str:
    if terms.monthly_trigger_minor is None:
        return "Cover is required only on request, and was not requested."
    trigger = format_amount(terms.monthly_trigger_minor, currency=terms.currency)
    return f"No month’s gross proceeds passed {trigger}, and cover was not requested."


def _why_required(requirement: Requirement, terms: RequirementTerms) -> str:
    since = date_text(requirement.triggered_on)
    if requirement.figure is None or terms.monthly_trigger_minor is None:
        return f"Cover was requested on {since}."
    gross = format_amount(requirement.figure, currency=terms.currency)
    trigger = format_amount(terms.monthly_trigger_minor, currency=terms.currency)
    return f"Gross proceeds of {gross} in one month passed {trigger} on {since}."
