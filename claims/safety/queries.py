"""Safety cases for the people who decide them."""

from django.db.models import Count, QuerySet

from claims.models import Claim, SafetyCase, SafetyStatus


def safety_queue() -> QuerySet[SafetyCase]:
    """The cases that wait for a decision, the first due first; `claim_count` is annotated."""
    waiting = SafetyCase.objects.filter(status=SafetyStatus.OPEN)
    return (
        waiting.select_related("product__seller", "marketplace")
        .annotate(claim_count=Count("claims"))
        .prefetch_related("recall_matches__recall")
        .order_by("due_at", "id")
    )


def safety_cases_of(claim: Claim) -> QuerySet[SafetyCase]:
    """The cases that a claim belongs to, with their recalls."""
    cases = SafetyCase.objects.filter(claims=claim).select_related("product", "marketplace")
    return cases.prefetch_related("recall_matches__recall").order_by("-opened_at")
