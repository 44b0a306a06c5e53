"""A provider's link to one application: signed, ended by the clock, and taken back by a person.

The token is made from the invitation's number and the count of its links, signed with the site's
key, so it is never stored: the row keeps its SHA-256 alone, and the letter's words make it again.
"""

import hashlib
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from insurance.accelerator.refusals import LinkNotValid
from insurance.models import InvitationState, QuoteInvitation

_SALT: Final = "insurance.accelerator.invitation"
_UNKNOWN = "This link does not work. Copy the whole address from our letter."
_OVER: Final = {
    InvitationState.REVOKED: "This link was taken back. The application is not for you any more.",
    InvitationState.EXPIRED: "This link has ended: the time to answer is over.",
    InvitationState.CLOSED: "This application needs no answer any more.",
}


def make_token(invitation_id: int, *, link_number: int) -> str:
    """The token of an invitation's n-th link: the same whenever it is made."""
    return Signer(salt=_SALT).sign_object([invitation_id, link_number])


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation_id: int, *, link_number: int) -> str:
    """The whole address of the form for one application."""
    token = make_token(invitation_id, link_number=link_number)
    return f"{settings.SITE_URL.rstrip('/')}{reverse('quote_request', args=[token])}"


def invitation_of(token: str, *, at: datetime) -> QuoteInvitation:
    """The invitation that a token opens at a moment.

    Raises:
        LinkNotValid: it is not ours, was replaced, has ended, or was taken back.
    """
    try:
        invitation_id, _number = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        raise LinkNotValid(_UNKNOWN) from None
    rows = QuoteInvitation.objects.select_related(
        "application__marketplace", "application__seller", "provider"
    )
    found = rows.filter(pk=invitation_id).first()
    # The hash is compared in constant time, so that a reply's delay says nothing of it.
    if found is None or not constant_time_compare(found.token_hash, hash_token(token)):
        raise LinkNotValid(_UNKNOWN)
    if found.state in _OVER:
        raise LinkNotValid(_OVER[InvitationState(found.state)])
    if found.expires_at <= at:
        raise LinkNotValid(_OVER[InvitationState.EXPIRED])
    return found
