"""A second factor for staff: without one they reach nothing but the page that sets one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class StaffSecondFactorMiddleware:
    """Lead staff without a second factor to set one up, when `STAFF_MFA_REQUIRED` asks for it.

    A staff member who has one was asked for it at sign-in; whoever removes it is led back here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or redirect to the set-up of a second factor."""
        if settings.STAFF_MFA_REQUIRED and _lacks_second_factor(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def _lacks_second_factor(request: HttpRequest) -> bool:
    user = request.user
    return user.is_staff and not _is_on_the_way(request.path) and not is_mfa_enabled(user)


def _is_on_the_way(path: str) -> bool:
    # Setting up asks for the password again, and leaving is always possible.
    open_pages = ("mfa_activate_totp", "account_reauthenticate", "account_logout")
    return path in {reverse(name) for name in open_pages}
