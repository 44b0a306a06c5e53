"""Sellers of a batch by their number, so that a million rows ask once per batch."""

from collections.abc import Iterable

from sellers.imports.run import Fault
from sellers.models import Seller


def seller_ids(references: Iterable[str]) -> dict[str, int]:
    """The ids of the sellers that are known, by the marketplace's own number."""
    known = Seller.objects.filter(external_reference__in=set(references))
    return dict(known.values_list("external_reference", "id"))


def seller_not_known(reference: str) -> Fault:
    """The fault of a row whose seller was never imported."""
    return Fault(
        "seller", reference, "is not a seller we know", "a seller that was imported before"
    )
