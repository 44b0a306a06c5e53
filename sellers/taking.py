"""One act from a sent form: done, or its refusal on the form."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms


def take_form(
    form: forms.Form, act: Callable[..., object], *, refusal: type[Exception], **more: object
) -> HTTPStatus:
    """Do what a sent form asks, with its fields and with `more`, which no field may replace.

    Returns 200 when it is done; 422 when the form is not in order, 409 when the act refuses, with
    the errors on the form. `refusal` is what the act raises then, in words for people.
    """
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        act(**form.cleaned_data, **more)
    except refusal as refused:
        form.add_error(None, str(refused))
        return HTTPStatus.CONFLICT
    return HTTPStatus.OK
