"""What people see when a request fails: in words, with the request's reference, nothing half kept.

These pages are rendered without the request: what broke may be the very store of its session.
"""

import errno
import sys
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from claims.portal.not_kept import answer_not_kept
from config.request_reference import reference_of
from insurance.portal.not_kept import certificate_not_kept
from sellers.portal.not_kept import NotKept

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# PostgreSQL's own word for it: disk_full.
_FULL_SQLSTATE = "53100"
RETRY_AFTER_SECONDS = 300
# By the namespace of the address: who knows what was sent, and until when it may still come.
_TELLING: Mapping[str, Callable[[HttpRequest, Mapping[str, Any]], NotKept]] = MappingProxyType(
    {"portal": answer_not_kept, "insurance": certificate_not_kept}
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's own
    """400: the request itself cannot be understood."""
    return _page("400.html", request, HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 507, which says that nothing was received, when a store is full."""
    if any(_is_full(error) for error in _chain(sys.exception())):
        status = HTTPStatus.INSUFFICIENT_STORAGE
        answer = _page("507.html", request, status, not_kept=_not_kept(request))
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    return _page("500.html", request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(template: str, request: HttpRequest, status: HTTPStatus, **more: object) -> HttpResponse:
    context = {"request_reference": reference_of(request), "path": request.path} | more
    return HttpResponse(render_to_string(template, context), status=status)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    return getattr(error, "sqlstate", None) == _FULL_SQLSTATE


def _not_kept(request: HttpRequest) -> NotKept:
    """What was not received and until when it may still come, as far as that can be said."""
    match = request.resolver_match
    if match is None or match.namespace not in _TELLING:
        return NotKept()
    try:
        return _TELLING[match.namespace](request, match.kwargs)
    except (DatabaseError, Http404, ObjectDoesNotExist):
        # The page must come all the same; it then says no date.
        return NotKept()
