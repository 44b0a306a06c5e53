"""Every request has a reference: people quote it from an error page, and the logs know it."""

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

# As in claims' references: nothing that is mistaken for something else when read aloud.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_KEY = "redress.reference"
HEADER = "X-Request-ID"


class RequestReferenceMiddleware:
    """Give each request a reference of our own; what a client sends as one is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; every line it logs, and the answer's header, have the reference."""
        request.META[_KEY] = reference = _new_reference()
        # It stays bound until the next request of this thread: Django logs refusals last of all.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_reference=reference)
        answer = self.get_response(request)
        answer.headers[HEADER] = reference
        return answer


def _new_reference() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"Q-{drawn[:4]}-{drawn[4:]}"


def reference_of(request: HttpRequest) -> str:
    """The request's reference; empty for one that came by no server."""
    return str(request.META.get(_KEY, ""))


def request_reference(request: HttpRequest) -> dict[str, str]:
    """Context processor: the reference, for the pages of errors."""
    return {"request_reference": reference_of(request)}
