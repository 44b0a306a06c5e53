"""A claim in the seller's words: where it stands, what it costs, what silence means."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from claims.lifecycle import Status
from claims.models import Answer, Claim, DeadlineKind, Recovery, RecoveryStatus
from sellers.money import display_amount
from sellers.portal.words import Words

S, R = Status, RecoveryStatus

STATUS_WORDS: Mapping[Status, Words] = MappingProxyType(
    {
        S.REPORTED: Words("Being checked", "wait", "We check the claim."),
        S.AWAITING_CLAIMANT: Words(
            "Waiting for the customer",
            "wait",
            "We asked the customer something. There is nothing you need to do yet.",
        ),
        S.IN_ASSESSMENT: Words(
            "Being assessed",
            "wait",
            "We believe that the claim may be valid and work out the loss. "
            "There is nothing you need to do yet.",
        ),
        S.AWAITING_SELLER: Words("Answer needed", "act", "Tell us how you answer this claim."),
        S.WITH_SELLER: Words(
            "You are handling it", "act", "Settle with the customer and report it here."
        ),
        S.WITH_INSURER: Words(
            "With your insurer", "wait", "We wait for the answer of your insurer."
        ),
        S.IN_ADJUDICATION: Words(
            "Being decided", "wait", "One of our adjusters reads the file and decides."
        ),
        S.APPROVED: Words("Approved", "wait", "We have approved the claim and pay the customer."),
        S.PAID: Words("Paid", "good", "We have paid the customer."),
        S.SETTLED: Words("Settled", "good", "The customer has been paid by you or your insurer."),
        S.DENIED: Words("Not paid", "plain", "We denied the claim. The customer was told why."),
        S.WITHDRAWN: Words("Withdrawn", "plain", "The customer withdrew the claim."),
        S.ABANDONED: Words("Closed", "plain", "The customer did not go on with the claim."),
    }
)


class Cost(NamedTuple):
    """What a claim costs the seller: a figure, and why."""

    figure: str
    why: str


_NOTHING = frozenset({S.DENIED, S.WITHDRAWN, S.ABANDONED})


def cost_to_seller(claim: Claim, recovery: Recovery | None) -> Cost:
    """What the claim costs its seller as it stands, in words that promise nothing more."""
    if recovery is not None:
        return _cost_of_recovery(claim, recovery)
    if claim.status in _NOTHING:
        return Cost(_zero(claim), "The claim is closed and nothing was paid for you.")
    if claim.status == S.SETTLED:
        return Cost(_zero(claim), "Beyond what you or your insurer gave the customer.")
    if claim.is_within_ceiling:
        return Cost(
            _zero(claim),
            "The programme pays claims of this size at no cost to sellers with proof of "
            "insurance, and it does not count against you.",
        )
    if claim.assessed_minor is None:
        return Cost("Not known yet", "We are still working out the loss. You need not do anything.")
    return Cost(
        f"Up to {_money(claim, claim.approved_minor or claim.assessed_minor)}",
        "The claim is above the size that the programme pays at no cost to sellers. What we pay "
        "the customer we ask you or your insurer to reimburse.",
    )


def _cost_of_recovery(claim: Claim, recovery: Recovery) -> Cost:
    amount = _money(claim, recovery.amount_minor)
    collected = _money(claim, recovery.collected_minor)
    costs = {
        R.AWAITING_PROOF: Cost(
            _zero(claim),
            f"Once you prove that you were insured on {_day(claim)}. "
            f"Without proof we ask you to reimburse {amount}.",
        ),
        R.WAIVED: Cost(_zero(claim), "The programme bears the cost. Nothing is asked of you."),
        R.DEMANDED: Cost(
            amount, f"We paid the customer and ask you to reimburse it. Received: {collected}."
        ),
        R.WITHHELD: Cost(
            amount, f"We hold this back from your disbursements. Received: {collected}."
        ),
        R.COLLECTED: Cost(collected, "You or your insurer reimbursed it. Nothing more is due."),
        R.WRITTEN_OFF: Cost(collected, "What was received. We no longer ask for the rest."),
        R.CANCELLED: Cost(
            _zero(claim), "Your appeal succeeded. What we had received or held back is returned."
        ),
    }
    return costs[RecoveryStatus(recovery.status)]


def silence_means(kind: str, claim: Claim) -> str:
    """What happens when nothing arrives before a clock ends."""
    most = _money(claim, claim.approved_minor or claim.assessed_minor or claim.claimed_minor)
    return {
        DeadlineKind.SELLER_RESPONSE: (
            "If you do not answer, the claim goes on without you: we may pay the customer "
            f"automatically, and then ask you or your insurer to reimburse up to {most}."
        ),
        DeadlineKind.SELLER_SETTLEMENT: (
            "If you have not reported a settlement by then, the claim comes back to us. We may "
            f"pay the customer and ask you to reimburse up to {most}."
        ),
        DeadlineKind.INSURER_ANSWER: (
            "If your insurer has not answered by then, the claim comes back to us. We may pay "
            f"the customer and ask you to reimburse up to {most}."
        ),
        DeadlineKind.PROOF_OF_INSURANCE: (
            f"If you do not prove that you were insured on {_day(claim)}, we ask you to "
            f"reimburse {most}, and may hold it back from your disbursements."
        ),
    }[DeadlineKind(kind)]


class Choice(NamedTuple):
    """One of the four answers, and what follows from it."""

    answer: Answer
    label: str
    consequence: str


def choices_of(claim: Claim) -> tuple[Choice, ...]:
    """The four answers with their consequences for this claim, under its own terms."""
    most = _money(claim, claim.assessed_minor or claim.claimed_minor)
    figures = claim.terms.figures
    return (
        Choice(
            Answer.ACCEPT,
            "Accept the claim",
            f"We pay the customer up to {most} and ask you to reimburse it. You may pass the "
            "bill to your insurer.",
        ),
        Choice(
            Answer.HANDLE,
            "Settle it with the customer yourself",
            f"You have {figures['handling_days']} days to agree with the customer and report it "
            "here with proof. After that the claim comes back to us and we decide.",
        ),
        Choice(
            Answer.TENDER,
            "Pass it to your insurer",
            f"Your insurer has {figures['insurer_answer_days']} days to answer. If it pays, the "
            "claim is settled. If it does not, the claim comes back to us and we decide.",
        ),
        Choice(
            Answer.REJECT,
            "Reject the claim",
            "You tell us why you are not responsible. One of our adjusters reads your reasons "
            "and documents and decides. We may still pay the customer; you keep your defence.",
        ),
    )


NEXT_AFTER: Mapping[str, str] = MappingProxyType(
    {
        Answer.ACCEPT: "We approve the claim and pay the customer. Then we write to you about "
        "reimbursement.",
        Answer.HANDLE: "Agree with the customer, pay them, and report the settlement here with "
        "proof before your time is over.",
        Answer.TENDER: "Send your insurer this claim now. When we have its answer, we "
        "write to you.",
        Answer.REJECT: "One of our adjusters reads your reasons and documents. We write to you "
        "when the claim is decided.",
    }
)


def _money(claim: Claim, minor: int) -> str:
    return display_amount(minor, currency=claim.currency)


def _zero(claim: Claim) -> str:
    return _money(claim, 0)


def _day(claim: Claim) -> str:
    return f"{claim.incident_on.day} {claim.incident_on:%B %Y}"
