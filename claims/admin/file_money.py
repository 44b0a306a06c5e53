"""The money of a claim file in words: ledger, balances, who bears the cost, payouts, recovery."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from claims.admin.file_parts import Pair
from claims.admin.words import amount, code_words, moment
from claims.ledger import Bearers, balances
from claims.models import (
    Account,
    Claim,
    LedgerEntry,
    Payout,
    PayoutState,
    Recovery,
    WithholdingInstruction,
)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A posting: what was debited, what was credited, how much and when."""

    posted: str
    debit: str
    credit: str
    amount: str
    occasion: str


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout: where it stands, what the provider says of it, and what holds it back."""

    reference: str
    state: str
    tone: str
    amount: str
    is_automatic: bool
    payee: str
    provider_reference: str
    last_answer: str
    created: str
    next_at: str
    attempts: int
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveryFile:
    """The pursuit of a paid claim's cost."""

    status: str
    amount: str
    collected: str
    outstanding: str
    since: str
    instructions: tuple[str, ...]


def ledger_lines(entries: Iterable[LedgerEntry], zone: ZoneInfo) -> list[LedgerLine]:
    """The postings in the order in which they were made."""
    return [
        LedgerLine(
            posted=moment(entry.posted_at, zone),
            debit=Account(entry.debit).label,
            credit=Account(entry.credit).label,
            amount=amount(entry.amount_minor, entry.currency),
            occasion=entry.key,
        )
        for entry in entries
    ]


def balance_pairs(entries: Iterable[LedgerEntry], currency: str) -> list[Pair]:
    """Debits less credits of every account that moved, in the order of the accounts."""
    sums = balances(entries)
    return [Pair(a.label, amount(sums[a], currency)) for a in Account if sums.get(a)]


def bearer_pairs(bearers: Bearers, currency: str) -> list[Pair]:
    """Who carries the cost now."""
    return [
        Pair("The programme", amount(bearers.programme_minor, currency)),
        Pair("The seller", amount(bearers.seller_minor, currency)),
        Pair("The seller's insurer", amount(bearers.insurer_minor, currency)),
    ]


def payout_lines(payouts: Iterable[Payout], zone: ZoneInfo) -> list[PayoutLine]:
    """The payouts, with every reason that holds one back in words."""
    return [_payout_line(payout, zone) for payout in payouts]


def _payout_line(payout: Payout, zone: ZoneInfo) -> PayoutLine:
    return PayoutLine(
        reference=payout.our_reference,
        state=payout.get_state_display(),
        tone=_tone(payout),
        amount=amount(payout.amount_minor, payout.currency),
        is_automatic=payout.is_automatic,
        payee=payout.payee.name if payout.payee else "",
        provider_reference=payout.provider_reference,
        last_answer=payout.last_answer,
        created=moment(payout.created_at, zone),
        next_at=moment(payout.next_at, zone) if payout.next_at else "",
        attempts=payout.attempts,
        held_by=tuple(code_words(reason) for reason in payout.held_by),
    )


def _tone(payout: Payout) -> str:
    if payout.state == PayoutState.CONFIRMED:
        return "good"
    if payout.state in {PayoutState.REFUSED, PayoutState.RETURNED, PayoutState.UNCERTAIN}:
        return "hold"
    return "bar" if payout.held_by else "quiet"


def recovery_file(
    recovery: Recovery | None, instructions: Iterable[WithholdingInstruction], zone: ZoneInfo
) -> RecoveryFile | None:
    """The recovery with its instructions to the disbursement system, if one was opened."""
    if recovery is None:
        return None
    left = recovery.amount_minor - recovery.collected_minor
    return RecoveryFile(
        status=recovery.get_status_display(),
        amount=amount(recovery.amount_minor, recovery.currency),
        collected=amount(recovery.collected_minor, recovery.currency),
        outstanding=amount(left, recovery.currency),
        since=moment(recovery.status_since, zone),
        instructions=tuple(_instruction(one, zone) for one in instructions),
    )


def _instruction(one: WithholdingInstruction, zone: ZoneInfo) -> str:
    what = f"Withhold up to {amount(one.amount_minor, one.currency)}"
    said = (
        ("instructed", one.instructed_at),
        ("exported", one.exported_at),
        ("revoked", one.revoked_at),
    )
    return f"{what}: " + ", ".join(f"{word} {moment(at, zone)}" for word, at in said if at)


def payee_pairs(claim: Claim) -> list[Pair]:
    """Where the claimant's money goes: the details that count, and that they were changed."""
    given = list(claim.payee_details.all())
    if not given:
        return []
    last, zone = given[-1], claim.marketplace.zone
    how = "Given with the report" if last.given_with_report else "Given or changed later"
    return [Pair("Payee", last.name, f"{how}, {moment(last.given_at, zone)}")]
