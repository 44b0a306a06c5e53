"""Claims whose seller stayed silent, as the product's own operations leave them."""

from datetime import datetime, timedelta

from claims.screening.sanctions import lay_down_empty_list
from tests import factories
from tests.claims.core.world import lay_down_market, letters_leave
from tests.copies import Original

AGO = timedelta(days=10)


def lapsed_claims(count: int, *, now: datetime) -> list[str]:
    """Claims above the ceiling, notified ten days ago, delivered, never answered: all are due."""
    lay_down_market()
    lay_down_empty_list(at=now, source="test")
    then = now - AGO
    # 1,200.00 each: two hundred of them stay below the daily cap of 250,000.00.
    first = factories.report_awaiting_seller(at=then, claimed_minor=120_000)
    claims = [first, *Original(first).copies(count - 1)]
    letters_leave(then)
    return [claim.reference for claim in claims]
