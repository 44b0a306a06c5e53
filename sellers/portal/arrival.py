"""The moment a request arrived: an answer counts by it, however long its files take to read."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

_KEY = "redress.arrived_at"


class ArrivalMiddleware:
    """Note the moment before anything of the body is read. It must be the first middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the moment and answer the request."""
        request.META[_KEY] = timezone.now()
        return self.get_response(request)


def arrived_at(request: HttpRequest) -> datetime:
    """The moment, in UTC, at which this request arrived."""
    moment: datetime = request.META[_KEY]
    return moment
