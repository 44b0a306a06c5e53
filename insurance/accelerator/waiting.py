"""Policies that accepted quotes made, and the certificates for which they wait."""

import re
from typing import Final

from insurance.models import Policy, QuoteState

_COMPANY_FORMS: Final = frozenset(
    {"inc", "incorporated", "co", "company", "corp", "corporation", "ltd", "limited", "llc", "plc"}
)


def waiting_policy(seller_id: int, market: str, *, insurer: str) -> Policy | None:
    """The policy of an accepted quote of this insurer that has no certificate yet, the oldest.

    Names are compared without case, punctuation and company forms. Under a lock.
    """
    waiting = Policy.objects.select_for_update(of=("self",)).filter(
        seller_id=seller_id,
        marketplace_id=market,
        quote__state=QuoteState.ACCEPTED,
        certificates=None,
    )
    wanted = _plain_name(insurer)
    return next((one for one in waiting.order_by("pk") if _plain_name(one.insurer) == wanted), None)


def _plain_name(name: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W_]+", name.casefold().replace(".", ""))
    return tuple(word for word in words if word not in _COMPANY_FORMS)
