"""A notification counts only with the provider's signature, and only for five minutes."""

from datetime import timedelta

import pytest

from claims.providers.signing import SignatureRefused, sign, verify
from tests.claims.providers.parties import NOON

BODY = b'{"event_id": "1"}'
GOOD = sign(BODY, secret="s3cret", at=NOON)
STAMP, DIGEST = GOOD.split(",")


def test_the_signature_is_hmac_sha256_over_timestamp_and_body() -> None:
    # Computed apart: printf '1772366400.{"event_id": "1"}' | openssl dgst -sha256 -hmac s3cret
    assert f"t=1772366400,v1={OPENSSL}" == GOOD


OPENSSL = "275dfc30a7c2a5f0f981d0abd373e81fb16b52517685944758ba84bad9196848"


@pytest.mark.parametrize("seconds", [0, 300, -300, 12.5])
def test_a_good_signature_holds_for_five_minutes_either_way(seconds: float) -> None:
    verify(BODY, signature=GOOD, secret="s3cret", at=NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [301, -301, 86_400])
def test_it_does_not_hold_longer(seconds: float) -> None:
    with pytest.raises(SignatureRefused, match="more than 5 minutes"):
        verify(BODY, signature=GOOD, secret="s3cret", at=NOON + timedelta(seconds=seconds))


def test_while_a_secret_is_changed_one_of_two_signatures_is_enough() -> None:
    other = sign(BODY, secret="old", at=NOON).split(",")[1]
    for signature in (f"{GOOD},{other}", f"{STAMP},{other}, {DIGEST}"):
        verify(BODY, signature=signature, secret="s3cret", at=NOON)


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    [
        (BODY + b" ", GOOD, "s3cret"),
        (BODY, GOOD, "other"),
        (BODY, GOOD.replace("t=1772366400", "t=1772366401"), "s3cret"),
        (BODY, f"{STAMP},v1={'0' * 64}", "s3cret"),
    ],
)
def test_another_body_secret_or_moment_is_refused(body: bytes, signature: str, secret: str) -> None:
    with pytest.raises(SignatureRefused, match="does not match"):
        verify(body, signature=signature, secret=secret, at=NOON)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        STAMP,
        DIGEST,
        f"{STAMP},{STAMP},{DIGEST}",
        f"t=１７７２３６６４００,{DIGEST}",
        f"t=-1,{DIGEST}",
        f"t={'9' * 40},{DIGEST}",
        f"{STAMP},v1={'é' * 64}",
        f"{STAMP},{DIGEST.upper()}",
        f"{STAMP};{DIGEST}",
    ],
)
def test_a_malformed_header_is_refused(signature: str) -> None:
    with pytest.raises(SignatureRefused, match=r"not t=…,v1=…"):
        verify(BODY, signature=signature, secret="s3cret", at=NOON)


def test_without_a_secret_nothing_is_trusted_not_even_what_it_signs() -> None:
    signed_with_nothing = sign(BODY, secret="", at=NOON)
    with pytest.raises(SignatureRefused, match="no secret is set"):
        verify(BODY, signature=signed_with_nothing, secret="", at=NOON)
