"""No request is longer than the programme takes: it is refused before a byte of it is read."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_MEGABYTE = 1024 * 1024


class RequestSizeMiddleware:
    """Answer 413, with a page that says the limit, to a body above `REQUEST_MAX_BYTES`.

    Django's own limits count neither files nor what they weigh together. A body without a length
    is never read: Django takes it as empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it by its length alone."""
        if _length(request) <= settings.REQUEST_MAX_BYTES:
            return self.get_response(request)
        most = settings.REQUEST_MAX_BYTES // _MEGABYTE
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return render(request, "413.html", {"most": most}, status=status)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
