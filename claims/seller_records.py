"""The claims of sellers as their metrics look at them: one query for any number of sellers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from claims.lifecycle import Status
from claims.metrics import ClaimRecord, Reply, SellerMetrics, measure_seller
from claims.models import Claim, ClaimEvent, Deadline, DeadlineKind, SellerResponse

_RUNNING = Q(met_at=None, lapsed_at=None, cancelled_at=None)


def metrics_of(
    seller_ids: Iterable[int], *, start: datetime, end: datetime
) -> dict[int, SellerMetrics]:
    """The metrics of sellers from claims reported from `start` on and before `end`, by seller."""
    ids = set(seller_ids)
    asked = Deadline.objects.filter(claim=OuterRef("pk"), kind=DeadlineKind.SELLER_RESPONSE)
    rows = (
        Claim.objects.filter(seller__in=ids, reported_at__gte=start, reported_at__lt=end)
        .filter(
            Exists(ClaimEvent.objects.filter(claim=OuterRef("pk"), to_status=Status.IN_ASSESSMENT))
        )
        .annotate(
            lapsed=Exists(asked.filter(lapsed_at__isnull=False)),
            running=Exists(asked.filter(_RUNNING)),
            answered=Exists(SellerResponse.objects.filter(claim=OuterRef("pk"), is_late=False)),
        )
        .order_by()
        .values_list("seller", "status", "is_within_ceiling", "answered", "lapsed", "running")
    )
    records: dict[int, list[ClaimRecord]] = defaultdict(list)
    for seller_id, status, within, *replied in rows:
        records[seller_id].append(ClaimRecord(Status(status), within, _reply(*replied)))
    return {pk: measure_seller(records[pk]) for pk in ids}


def _reply(answered: bool, lapsed: bool, running: bool) -> Reply:  # noqa: FBT001 - columns of a row
    if answered:
        return Reply.ANSWERED
    if lapsed:
        return Reply.UNANSWERED
    return Reply.STILL_OPEN if running else Reply.NOT_ASKED
