"""One seller of each of two countries, as imports find them."""

import pytest

from sellers.models import Seller
from tests.sellers.imports.files import AT


@pytest.fixture
def sellers(db: None) -> dict[str, Seller]:
    """Sellers S1 (US) and S2 (JP) by their number."""
    made = [
        Seller(
            external_reference=number,
            legal_name=f"Seller {number}",
            country=country,
            email=f"{number}@shop.example",
            created_at=AT,
        )
        for number, country in (("S1", "US"), ("S2", "JP"))
    ]
    return {seller.external_reference: seller for seller in Seller.objects.bulk_create(made)}
