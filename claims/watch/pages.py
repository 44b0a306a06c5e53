"""What machines ask: are you alive, are you ready, do the clocks run, the numbers."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from claims.watch.gauges import stand
from claims.watch.heartbeats import stopped
from claims.watch.lateness import as_metrics, measure
from sellers.clock import database_now

PLAIN = "text/plain; charset=utf-8"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    del request
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its migrations are all applied; else 503 with the reason."""
    del request
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=PLAIN)
    if pending:
        return HttpResponse("migrations are not applied\n", status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Every sweep and sender ran in the last three minutes; else 503 with what did not."""
    del request
    try:
        reasons = stopped(at=database_now())
    except DatabaseError:
        reasons = ["the database does not answer"]
    status = 503 if reasons else 200
    text = "; ".join(reasons) or "the clocks run"
    return HttpResponse(f"{text}\n", status=status, content_type=PLAIN)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The gauges in Prometheus' text format: ages and counts, no personal data."""
    del request
    at = database_now()
    gauges = measure(at=at) | stand(at=at)
    return HttpResponse(as_metrics(gauges), content_type="text/plain; version=0.0.4")
