"""What became of a certificate: every defect with the words for the broker, or what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from insurance.certificates.queries import reviewed_by_day
from insurance.models import Certificate, CertificateFile, Review
from insurance.portal.doors import Visitor, members_only
from insurance.portal.words import certificate_words
from sellers.portal.words import Words

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One policy of a file, as it was submitted: where it stands and all that is wrong."""

    certificate: Certificate
    words: Words

    @property
    def defects(self) -> list[dict[str, str]]:
        """All defects, those of the checks and those that a person found."""
        return self.certificate.all_defects

    @property
    def is_refused(self) -> bool:
        """Whether a person refused it."""
        return self.certificate.review == Review.REFUSED

    @property
    def last_day(self) -> date | None:
        """The last day of its cover."""
        ends = self.certificate.expires_on
        return ends and ends - _ONE_DAY


@members_only
def result(request: HttpRequest, visitor: Visitor, file_id: int) -> HttpResponse:
    """Show what became of each policy that a file was sent for."""
    file = visitor.file(file_id)
    every = [Outcome(one, certificate_words(one)) for one in submissions_of(file)]
    now = [one for one in every if one.certificate.submitted_at == file.confirmed_at]
    if not now:
        return redirect("insurance:file", file.pk)
    wrong = [outcome for outcome in now if outcome.defects]
    waiting = [outcome for outcome in now if outcome.certificate.waits_for_review]
    context = {
        "visitor": visitor,
        "file": file,
        "seller": file.seller,
        "market": file.marketplace,
        "zone": file.seller.zone,
        "outcomes": now,
        "earlier": [one for one in every if one not in now],
        "wrong": wrong,
        "has_refusal": any(outcome.is_refused for outcome in now),
        "number_wrong": sum(len(outcome.defects) for outcome in wrong),
        "letter": words_for_broker(file, wrong),
        "reviewed_by": reviewed_by_day(waiting[0].certificate) if waiting else None,
        "may_act": visitor.may_act_for(file.seller_id),
        "is_made_up": file.is_made_up,
    }
    return render(request, "portal/insurance/result.html", context)


def submissions_of(file: CertificateFile) -> QuerySet[Certificate]:
    """Every submission that a file was sent for, the newest first."""
    return file.certificates.select_related(
        "policy__marketplace", "policy__seller", "terms"
    ).order_by("-submitted_at", "pk")


def words_for_broker(file: CertificateFile, wrong: list[Outcome]) -> str:
    """One message that a seller can copy to its broker as it is: every defect of every policy."""
    whose = f"{file.seller.legal_name}, for sales in {file.marketplace.name}"
    lines = [f"Please send a corrected certificate of insurance for {whose}."]
    for outcome in wrong:
        policy = outcome.certificate.policy
        lines += ["", f"Policy {policy.number}, {policy.insurer}:"]
        lines += [
            f"{number}. {defect['words_for_broker']}"
            for number, defect in enumerate(outcome.defects, start=1)
        ]
    return "\n".join(lines)
