"""What the pages of looks and decisions share: the right to see them, and taking one decision."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from claims.admin.person import person
from claims.admin.step_forms import words_field
from claims.lifecycle import Refused
from claims.queries import actor_for
from sellers.portal.arrival import arrived_at
from sellers.taking import take_form


class ReasonForm(forms.Form):
    """A decision that is its reason."""

    reason = words_field("Reason", "It stays in the record, under your name.")


def need(request: HttpRequest, *permissions: str) -> None:
    """Let in whoever has any of these permissions.

    Raises:
        PermissionDenied: the person has none of them.
    """
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied("Your groups do not let you do this.")


def take(request: HttpRequest, form: forms.Form, operation: Callable[..., object]) -> HTTPStatus:
    """Do what a sent form asks, with its fields, the request's moment and the person.

    Returns 200 when it is done; 422 or 409 with the errors on the form when it is not.
    """
    by = actor_for(person(request))
    return take_form(form, operation, refusal=Refused, at=arrived_at(request), by=by)
