"""The provider's book and our payouts are made one again, after a restore of the database.

What the book has and we do not know of was paid after the backup: it is taken into the claim's
file, and never paid again. Nothing is ever sent here; what became of a payment, the provider is
asked.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from claims.decisions.adoption import adopt_payment
from claims.decisions.approval import void_proposals
from claims.invariants.inspection import Inspection
from claims.invariants.payments import BATCH, books_agree, paid_once
from claims.lifecycle import Refused
from claims.models import PAYABLE_HEADS, Claim, PayeeDetails, Payout, PayoutState, Reconciliation
from claims.operations.following import follow_payouts
from claims.operations.payout_answers import change
from claims.providers.base import BookEntry, PaymentProvider, PaymentStatus, ProviderBook
from claims.queries import facts_of, lines_of
from claims.recorder import record_one

log = logging.getLogger(__name__)
_MOVED = frozenset({PaymentStatus.ACCEPTED, PaymentStatus.CONFIRMED, PaymentStatus.RETURNED})


class NoBook(Refused):
    """The provider shows no book, so nothing can be compared with it."""


def reconcile(*, provider: PaymentProvider, at: datetime, asked_by: str) -> Reconciliation:
    """Adopt what the provider's book has and we have not, ask about the rest, and compare.

    Run it while payouts are paused. Running it again adopts nothing twice.

    Raises:
        NoBook: the provider offers none. BookNotRead: it did not show all of it.
    """
    book = _book_of(provider)
    entries, adopted = 0, []
    for batch in batched(book.entries(), BATCH):
        entries += len(batch)
        adopted += list(_take_in(batch, at=at))
    while follow_payouts(provider=provider, at=at):
        continue
    return Reconciliation.objects.create(
        at=at,
        entries=entries,
        adopted=adopted,
        differences=differences(book, at=at),
        asked_by=asked_by,
    )


def differences(book: ProviderBook, *, at: datetime) -> list[str]:
    """In words, where the provider's book and ours differ at this moment.

    Raises:
        BookNotRead: the provider did not show its whole book.
    """
    now = Inspection(at=at, book=book, late=timedelta(0))
    return [f"{found.subject}: {found.what}" for found in (*paid_once(now), *books_agree(now))]


def _book_of(provider: PaymentProvider) -> ProviderBook:
    book = provider.book()
    if book is None:
        raise NoBook("This payment provider shows no book: compare with its list by hand.")
    return book


def _take_in(batch: tuple[BookEntry, ...], *, at: datetime) -> Iterator[str]:
    moved = [entry for entry in batch if entry.status in _MOVED]
    payouts = Payout.objects.filter(our_reference__in=[e.our_reference for e in moved])
    known = {payout.our_reference: payout for payout in payouts}
    for entry in moved:
        payout = known.get(entry.our_reference)
        words = _adopt(entry, at=at) if payout is None else _remember(payout, entry, at=at)
        if words:
            log.warning("%s: %s", entry.our_reference, words)
            yield f"{entry.our_reference}: {words}"


def _remember(payout: Payout, entry: BookEntry, *, at: datetime) -> str:
    """A payout that the backup knew, at an earlier state: the provider is asked about it now."""
    if payout.state == PayoutState.QUEUED:
        payee = _payee(payout.claim_id, entry)
        change(
            payout,
            state=PayoutState.UNCERTAIN,
            payee=payee or payout.payee,
            first_sent_at=entry.at,
            next_at=at,
            held_by=[],
            last_answer="Found in the provider's book.",
        )
        return "was about to be sent, and had been"
    is_older = payout.state in {PayoutState.UNCERTAIN, PayoutState.SENT, PayoutState.CONFIRMED}
    if is_older and payout.state != entry.status:
        change(payout, next_at=at)
    return ""


def _adopt(entry: BookEntry, *, at: datetime) -> str:
    """A payment that we do not know: taken into its claim's file, if it fits one."""
    reference = entry.our_reference.rpartition("-")[0]
    claim = Claim.objects.filter(reference=reference).first()
    if claim is None:
        return "is of a claim that is not there: it was reported after the backup"
    try:
        with transaction.atomic():
            outcome = adopt_payment(
                facts_of(claim),
                entry,
                lines=lines_of(claim.pk),
                payable=PAYABLE_HEADS,
                payee_id=(_payee(claim.pk, entry) or _paid_to(claim, entry, at)).pk,
                at=at,
                row_changes=(void_proposals(at),),
            )
            record_one(outcome)
    except Refused as refusal:
        return f"cannot be adopted: {refusal}"
    return "adopted: the claim has it now"


def _payee(claim_id: int, entry: BookEntry) -> PayeeDetails | None:
    given = PayeeDetails.objects.filter(claim_id=claim_id, name=entry.payee_name)
    return given.filter(account=entry.payee_account).last()


def _paid_to(claim: Claim, entry: BookEntry, at: datetime) -> PayeeDetails:
    """Details that were given after the backup, as the provider has them."""
    return PayeeDetails.objects.create(
        claim=claim,
        name=entry.payee_name,
        account=entry.payee_account,
        given_at=at,
        given_with_report=False,
    )
