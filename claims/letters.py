"""Every kind of letter: who reads it, what it is called, and the facts its words need.

A decision names a kind and hands over facts as plain JSON; `claims.notices` turns them into
words with `templates/letters/<kind in lower case>.txt`. Moments are ISO texts with an offset,
amounts are minor units of the claim's currency.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from claims.lifecycle import Status
from claims.models.handling import Answer
from claims.models.notice import Recipient
from claims.terms import Terms
from sellers.money import display_amount
from sellers.post.forms import Form, form_of
from sellers.post.text import long_date


class LetterKind(StrEnum):
    """Every letter that the programme writes."""

    # to the claimant
    CLAIM_RECEIVED = "CLAIM_RECEIVED"
    QUESTION = "QUESTION"
    CLAIM_ABANDONED = "CLAIM_ABANDONED"
    CLAIM_REOPENED = "CLAIM_REOPENED"
    CLAIM_DENIED = "CLAIM_DENIED"
    CLAIM_APPROVED = "CLAIM_APPROVED"
    PAYEE_DETAILS_NEEDED = "PAYEE_DETAILS_NEEDED"
    PAYEE_CHANGED = "PAYEE_CHANGED"
    CLAIM_PAID = "CLAIM_PAID"
    CLAIM_WITHDRAWN = "CLAIM_WITHDRAWN"
    STATUS_UPDATE = "STATUS_UPDATE"
    SELLER_WAS_ASKED = "SELLER_WAS_ASKED"
    SELLER_HANDLES = "SELLER_HANDLES"
    INSURER_ASKED = "INSURER_ASKED"
    CLAIM_SETTLED = "CLAIM_SETTLED"
    CLAIMANT_APPEAL_RECEIVED = "CLAIMANT_APPEAL_RECEIVED"
    CLAIMANT_APPEAL_DECIDED = "CLAIMANT_APPEAL_DECIDED"
    CLAIMANT_APPEAL_CLOSED = "CLAIMANT_APPEAL_CLOSED"
    # to the seller
    CLAIM_NOTICE = "CLAIM_NOTICE"
    RESPONSE_REMINDER = "RESPONSE_REMINDER"
    SETTLEMENT_REMINDER = "SETTLEMENT_REMINDER"
    PROOF_REMINDER = "PROOF_REMINDER"
    CLAIM_CONCEDED = "CLAIM_CONCEDED"
    ANSWER_RECEIVED = "ANSWER_RECEIVED"
    ANSWER_LATE = "ANSWER_LATE"
    RESPONSE_LAPSED = "RESPONSE_LAPSED"
    CLAIM_STEPPED_IN = "CLAIM_STEPPED_IN"
    CLAIM_CLOSED = "CLAIM_CLOSED"
    CLAIM_RETURNED = "CLAIM_RETURNED"
    DEADLINE_EXTENDED = "DEADLINE_EXTENDED"
    SETTLED_CONFIRMED = "SETTLED_CONFIRMED"
    PAID_ABSORBED = "PAID_ABSORBED"
    PROOF_REQUESTED = "PROOF_REQUESTED"
    REIMBURSEMENT_DEMANDED = "REIMBURSEMENT_DEMANDED"
    RECOVERY_WAIVED = "RECOVERY_WAIVED"
    DISBURSEMENTS_WITHHELD = "DISBURSEMENTS_WITHHELD"
    RECOVERY_COLLECTED = "RECOVERY_COLLECTED"
    RECOVERY_WRITTEN_OFF = "RECOVERY_WRITTEN_OFF"
    RECOVERY_CANCELLED = "RECOVERY_CANCELLED"
    SELLER_APPEAL_RECEIVED = "SELLER_APPEAL_RECEIVED"
    SELLER_APPEAL_DECIDED = "SELLER_APPEAL_DECIDED"
    SELLER_APPEAL_CLOSED = "SELLER_APPEAL_CLOSED"


def _claimant(title: str, needs: str = "", optional: str = "") -> Form:
    return Form(title, Recipient.CLAIMANT, frozenset(needs.split()), frozenset(optional.split()))


def _seller(title: str, needs: str = "", optional: str = "") -> Form:
    return Form(title, Recipient.SELLER, frozenset(needs.split()), frozenset(optional.split()))


K = LetterKind
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        K.CLAIM_RECEIVED: _claimant("We received your claim"),
        K.QUESTION: _claimant("We need something from you", "question due_at"),
        K.CLAIM_ABANDONED: _claimant("Your claim is closed"),
        K.CLAIM_REOPENED: _claimant("Your claim is open again"),
        K.CLAIM_DENIED: _claimant("We cannot pay your claim", "reason", "text"),
        K.CLAIM_APPROVED: _claimant("Your claim is approved", "amount_minor"),
        K.PAYEE_DETAILS_NEEDED: _claimant("We need your bank details", "", "why"),
        K.PAYEE_CHANGED: _claimant("Your bank details changed"),
        K.CLAIM_PAID: _claimant("We paid your claim", "amount_minor"),
        K.CLAIM_WITHDRAWN: _claimant("You withdrew your claim"),
        K.STATUS_UPDATE: _claimant("Where your claim stands", "status"),
        K.SELLER_WAS_ASKED: _claimant("We asked the seller about your claim", "due_at"),
        K.SELLER_HANDLES: _claimant("The seller deals with your claim", "due_at"),
        K.INSURER_ASKED: _claimant("The seller's insurer looks at your claim", "due_at"),
        K.CLAIM_SETTLED: _claimant("Your claim is settled", "by amount_minor"),
        K.CLAIMANT_APPEAL_RECEIVED: _claimant("We received your appeal"),
        K.CLAIMANT_APPEAL_DECIDED: _claimant("We decided your appeal", "outcome", "text"),
        K.CLAIMANT_APPEAL_CLOSED: _claimant("We closed your appeal", "why"),
        K.CLAIM_NOTICE: _seller("A claim needs your answer", "amount_minor due_at"),
        K.RESPONSE_REMINDER: _seller("Your answer is due", "due_at", "left"),
        K.SETTLEMENT_REMINDER: _seller("Your settlement is due", "due_at", "left"),
        K.PROOF_REMINDER: _seller("Your proof of insurance is due", "due_at", "left amount_minor"),
        K.CLAIM_CONCEDED: _seller("We are paying a claim", "amount_minor"),
        K.ANSWER_RECEIVED: _seller("We received your answer", "answer", "due_at"),
        K.ANSWER_LATE: _seller("Your answer came after the deadline", "", "answer due_at"),
        K.RESPONSE_LAPSED: _seller("Your deadline to answer has passed", "", "due_at amount_minor"),
        K.CLAIM_STEPPED_IN: _seller("We are paying a claim", "amount_minor", "reason"),
        K.CLAIM_CLOSED: _seller("A claim is closed", "", "why"),
        K.CLAIM_RETURNED: _seller("A claim is back with us", "", "by"),
        K.DEADLINE_EXTENDED: _seller("You have more time", "due_at", "reason"),
        K.SETTLED_CONFIRMED: _seller("A claim is settled", "amount_minor", "by"),
        K.PAID_ABSORBED: _seller("A claim was paid at no cost to you", "amount_minor"),
        K.PROOF_REQUESTED: _seller("We need your proof of insurance", "amount_minor due_at"),
        K.REIMBURSEMENT_DEMANDED: _seller("You owe a reimbursement", "amount_minor"),
        K.RECOVERY_WAIVED: _seller("You owe nothing for a claim", "", "amount_minor"),
        K.DISBURSEMENTS_WITHHELD: _seller("We are withholding money", "amount_minor"),
        K.RECOVERY_COLLECTED: _seller("We received a reimbursement", "amount_minor left_minor"),
        K.RECOVERY_WRITTEN_OFF: _seller("You owe nothing more for a claim", "", "amount_minor"),
        K.RECOVERY_CANCELLED: _seller("You owe nothing for a claim any more", "", "why"),
        K.SELLER_APPEAL_RECEIVED: _seller("We received your appeal"),
        K.SELLER_APPEAL_DECIDED: _seller("We decided your appeal", "outcome", "text"),
        K.SELLER_APPEAL_CLOSED: _seller("We closed your appeal", "why"),
    }
)

STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Status.REPORTED: "We are checking what you sent us.",
        Status.AWAITING_CLAIMANT: "We asked you for something and wait for your reply. "
        "The letter with our question says until when.",
        Status.IN_ASSESSMENT: "We are working out what we can pay.",
        Status.AWAITING_SELLER: "We asked the seller and wait for an answer.",
        Status.WITH_SELLER: "The seller wants to settle with you directly and has time to do so.",
        Status.WITH_INSURER: "The seller's insurer is looking at your claim.",
        Status.IN_ADJUDICATION: "One of our people is deciding your claim.",
        Status.APPROVED: "Your claim is approved, and we are preparing the payment.",
    }
)
ANSWER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Answer.ACCEPT: "you accept it",
        Answer.HANDLE: "you settle it with the customer yourself",
        Answer.TENDER: "you tender it to your insurer",
        Answer.REJECT: "you reject it",
    }
)
# Who paid, in the claimant's letter and in the seller's.
PAYER_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "SELLER": ("the seller", "you"),
        "INSURER": ("the seller's insurer", "your insurer"),
        "": ("the seller", "you or your insurer"),
    }
)
PAYEE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "NO_PAYEE_DETAILS": "You have not told us yet where to send the money.",
        "REFUSED": "We tried to pay you, and the bank refused the details that we have.",
        "RETURNED": "We paid you, and the bank sent the money back to us.",
        "": "We need your bank details.",
    }
)
CLOSED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Status.DENIED: "we decided not to pay it",
        Status.WITHDRAWN: "the customer withdrew it",
        Status.ABANDONED: "the customer did not go on with it",
        "": "nothing will be paid",
    }
)


class ReasonNotKnown(ValueError):
    """A coded reason that no letter has words for."""


def denial_words(reason: str, *, terms: Terms, incident_on: date, claimed_minor: int) -> str:
    """Why a claim is denied, in words for the claimant, with the figures of the claim's terms.

    Source: the reasons of the scenarios; rules §2.

    Raises:
        ReasonNotKnown: no denial has this code.
    """
    incident = long_date(incident_on)
    start = long_date(terms.programme_start)
    maximum = display_amount(terms.maximum_minor, currency=terms.currency)
    claimed = display_amount(claimed_minor, currency=terms.currency)
    words = {
        "FILED_LATE": f"You can claim within {terms.filing_window_days} days of an incident. "
        f"Yours was on {incident}, and your claim reached us after that time.",
        "BEFORE_PROGRAMME_START": f"The programme covers incidents from {start} on. "
        f"Yours was on {incident}.",
        "NOT_PHYSICAL": "The programme covers physical products. It does not cover digital goods, "
        "services or stored value such as gift cards.",
        "OVER_MAXIMUM": f"The programme covers claims of up to {maximum}. You claimed {claimed}.",
        "DUPLICATE": "There is already a claim for the same order and the same incident. "
        "We deal with a loss once.",
        "SCREENED_OUT": "We looked at what you sent us, and we cannot take it up as a claim under "
        "the programme.",
        "NOT_PROVEN": "What you sent us does not show that a defect of the product caused a loss "
        "that the programme pays: the purchase price, medical bills, lost wages or damage to "
        "property.",
        "SELLER_DEFENCE_UPHELD": "The seller rejected the claim and gave reasons and documents. "
        "We looked at both sides, and the seller's reasons hold.",
    }
    if reason not in words:
        raise ReasonNotKnown(f"No letter has words for the reason “{reason}”.")
    return words[reason]


def check_letter(kind: str, *, recipient: str, facts: Mapping[str, object]) -> Form:
    """The form of a letter that can be written.

    Raises:
        LetterNotPossible: the kind is unknown, its reader is somebody else, or a fact is missing.
    """
    return form_of(kind, forms=FORMS, recipient=recipient, facts=facts)
