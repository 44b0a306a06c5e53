"""Signatures of notifications: HMAC-SHA256 over `timestamp.body`.

The header is `Redress-Signature: t=<Unix seconds>,v1=<hex>`, a convention that several providers
share. The moment is signed with the body, so an old notification cannot be played again as new.
Several `v1` may stand side by side, while a secret is being changed.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

SIGNATURE_HEADER = "Redress-Signature"
TOLERANCE = timedelta(minutes=5)
_TIMESTAMP = re.compile(r"t=([0-9]{1,11})", re.ASCII)
_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})", re.ASCII)


class SignatureRefused(Exception):
    """The signature does not vouch for this body at this moment; the text says why."""


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The value of the signature header for `body`, sent at `at`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_digest(body, secret, stamp)}"


def verify(body: bytes, *, signature: str, secret: str, at: datetime) -> None:
    """Check that `signature` vouches for `body`, within five minutes of `at` on either side.

    Raises:
        SignatureRefused: malformed, too old, too far ahead, or made with another secret.
    """
    if not secret:
        # An empty secret is a missing setting: with it, anybody could sign.
        raise SignatureRefused("no secret is set, so no notification can be trusted")
    stamp, digests = _parts(signature)
    expected = _digest(body, secret, stamp)
    # No short circuit: the time taken must not tell which of several signatures came close.
    if not sum(hmac.compare_digest(expected, given) for given in digests):
        raise SignatureRefused("the signature does not match")
    if abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise SignatureRefused("the notification was signed more than 5 minutes from now")


def _digest(body: bytes, secret: str, stamp: str) -> str:
    signed = stamp.encode("ascii") + b"." + body
    return hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).hexdigest()


def _parts(signature: str) -> tuple[str, list[str]]:
    fields = [field.strip() for field in signature.split(",")]
    stamps = [match[1] for field in fields if (match := _TIMESTAMP.fullmatch(field))]
    digests = [match[1] for field in fields if (match := _SIGNATURE.fullmatch(field))]
    if len(stamps) != 1 or not digests:
        raise SignatureRefused("the signature header is not t=…,v1=…")
    return stamps[0], digests
