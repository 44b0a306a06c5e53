"""System checks of claims: what must hold before anything starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from sellers.post.route import check_demo_sink


@register(Tags.security)
def check_demo_mail(**_: Any) -> list[CheckMessage]:
    """In the demo, letters may go to a sink on this machine only."""
    try:
        check_demo_sink()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="claims.E001")]
    return []
