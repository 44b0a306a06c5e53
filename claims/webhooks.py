"""Notifications of the payment provider: signed, and only ever a reason to look it up now."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from claims import hints
from claims.operations.following import notice_from_provider
from claims.providers import get_provider
from claims.providers.base import NotificationNotTrusted
from claims.watch.books import notice_of_unknown

LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def provider_notification(request: HttpRequest) -> HttpResponse:
    """Take a notification: 204 when trusted, whether or not we know the payment; else 400.

    What it says decides nothing: the provider is asked. So notifications that come twice, late,
    reversed or early are harmless, and a forged one changes nothing. One that names a reference
    we never wrote shows that the database is an older one, and pauses payouts.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        told = get_provider().parse_notification(request.body, dict(request.headers))
    except NotificationNotTrusted:
        return HttpResponse(status=400)
    at = timezone.now()
    if notice_from_provider(told.our_reference, at=at):
        hints.nudge()
    else:
        notice_of_unknown(told.our_reference, at=at)
    return HttpResponse(status=204)
