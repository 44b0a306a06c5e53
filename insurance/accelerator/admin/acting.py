"""What the Accelerator's admin pages share: who may act, and taking one act from a form."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from insurance.accelerator.refusals import AcceleratorRefusal
from sellers.portal.arrival import arrived_at
from sellers.taking import take_form

LOOK: Final = "insurance.view_provider"
ACT: Final = "insurance.change_provider"


class ReasonForm(forms.Form):
    """An act that is its reason."""

    reason = forms.CharField(
        label="Reason",
        help_text="It stays in the record, under your name.",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Give the reason"},
    )


def need(request: HttpRequest, permission: str) -> User:
    """The person behind a request, who holds a permission.

    Raises:
        PermissionDenied: the person does not.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm(permission):
        raise PermissionDenied("Your groups do not let you do this.")
    return user


def take(request: HttpRequest, form: forms.Form, act: Callable[..., object]) -> HTTPStatus:
    """Do what a sent form asks, with its fields, the request's moment and the person.

    Returns 200 when it is done; 422 or 409 with the errors on the form when it is not.
    """
    user = need(request, ACT)
    return take_form(form, act, refusal=AcceleratorRefusal, at=arrived_at(request), by=user)
