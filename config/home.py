"""The front door: where a person goes after signing in, and their account page."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Lead staff to the work queue and everybody else to the claims of their sellers."""
    return redirect("admin:index" if request.user.is_staff else "portal:inbox")


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What a person can change about how they sign in."""
    user: Any = request.user
    context = {"has_second_factor": is_mfa_enabled(user)}
    return render(request, "account/account.html", context)
