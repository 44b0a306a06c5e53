"""Nothing leaves that could not be carried: an instruction is sound before it is sent."""

from typing import Any

import pytest

from tests.claims.providers.parties import instruction


@pytest.mark.parametrize("name", ["our_reference", "key"])
@pytest.mark.parametrize(
    "value", ["", "a b", "a/b", "..", "-a", "a\r\nX: y", "ä", "x" * 65, "a\n", "１"]
)
def test_reference_and_key_fit_into_an_address_and_a_header(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        instruction(**{name: value})


@pytest.mark.parametrize("currency", ["", "usd", "USDX", "US", "US$", "USD\n"])
def test_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(ValueError, match="currency must be"):
        instruction(currency=currency)


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, "1", None])
def test_amount_is_a_positive_whole_number(amount: Any) -> None:
    with pytest.raises(ValueError, match="amount_minor must be"):
        instruction(amount_minor=amount)


@pytest.mark.parametrize("reference", ["A", "RC-7K3M-92PX-1", "a.b_c-d", "x" * 64])
def test_ordinary_references_pass(reference: str) -> None:
    assert instruction(our_reference=reference).our_reference == reference
