"""Letters about insurance: written with the act that causes them, each once, delivered later."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from insurance.letter_forms import FORMS, InsuranceLetterKind
from insurance.letter_text import READS, is_made_up, render
from insurance.models import InsuranceLetter
from insurance.models.letter import LetterReader
from insurance.models.provider import Provider
from sellers.models import Marketplace, Seller
from sellers.post import delivery
from sellers.post.delivery import Delivered, Post
from sellers.post.forms import form_of
from sellers.post.letter import LetterState

INSURANCE_LETTERS = Post(letters=InsuranceLetter, reads=READS, render=render, is_made_up=is_made_up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter to be written. `key` names its occasion: two drafts of one key are one letter.

    Without a provider it goes to the seller; a provider's may name the seller that it is about.
    It goes to the party's own address (a provider's claims contact) unless `to` names another.
    """

    kind: InsuranceLetterKind
    key: str
    seller: Seller | None = None
    provider: Provider | None = None
    marketplace: Marketplace | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""

    @property
    def recipient(self) -> LetterReader:
        """Who reads it."""
        return LetterReader.SELLER if self.provider is None else LetterReader.PROVIDER

    @property
    def address(self) -> str:
        """Where it goes; empty: nobody knows, and it counts as refused when it should leave."""
        if self.provider is not None:
            return self.to or self.provider.claims_contact
        return self.to or (self.seller.email if self.seller else "")


def write_letter(
    *,
    kind: InsuranceLetterKind,
    key: str,
    at: datetime,
    seller: Seller | None = None,
    provider: Provider | None = None,
    marketplace: Marketplace | None = None,
    facts: Mapping[str, Any] | None = None,
    to: str = "",
) -> InsuranceLetter:
    """Write a letter in the running transaction; where its key was written before, give that one.

    Raises:
        LetterNotPossible: the kind is for another reader, or a fact is missing.
    """
    draft = Draft(
        kind=kind,
        key=key,
        seller=seller,
        provider=provider,
        marketplace=marketplace,
        facts=facts or {},
        to=to,
    )
    write_letters([draft], at=at)
    return InsuranceLetter.objects.get(key=key)


def write_letters(drafts: Iterable[Draft], *, at: datetime) -> None:
    """Write many letters in one statement, each once; those whose key was written before stay.

    Raises:
        LetterNotPossible: one of them cannot be written; then none is.
    """
    rows = [_row(draft, at=at) for draft in drafts]
    InsuranceLetter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def deliver_due(
    *, at: datetime, limit: int = 100, clock: Callable[[], float] = time.monotonic
) -> Delivered:
    """Send the letters about insurance that are due; see `sellers.post.delivery.deliver_due`."""
    return delivery.deliver_due(INSURANCE_LETTERS, at=at, limit=limit, clock=clock)


def _row(draft: Draft, *, at: datetime) -> InsuranceLetter:
    form_of(draft.kind, forms=FORMS, recipient=draft.recipient, facts=draft.facts)
    return InsuranceLetter(
        key=draft.key,
        kind=draft.kind,
        recipient=draft.recipient,
        seller=draft.seller,
        provider=draft.provider,
        marketplace=draft.marketplace,
        to=draft.address,
        facts=dict(draft.facts),
        state=LetterState.QUEUED,
        written_at=at,
        next_at=at,
    )
