"""An example adapter, on the conventions that Stripe made common (docs/payment-providers.md).

Forms in, JSON out; `Idempotency-Key`; our reference in `metadata`; notifications signed with
`t=…,v1=…`. It speaks to no real provider: copy it, and change what yours does otherwise.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from claims.providers.base import Found, PaymentInstruction, PaymentStatus, RefusalReason
from claims.providers.http import NoAnswer, Reply, json_object
from claims.providers.http_adapter import Ask, HttpProvider, TheirPayment

STATUSES = {
    "pending": PaymentStatus.ACCEPTED,
    "in_transit": PaymentStatus.ACCEPTED,
    "paid": PaymentStatus.CONFIRMED,
    "returned": PaymentStatus.RETURNED,
    "failed": PaymentStatus.REFUSED,
    "canceled": PaymentStatus.REFUSED,
}
# Codes of errors that say for certain that no payment was made.
REFUSALS = {
    "account_invalid": RefusalReason.FIX_DETAILS,
    "bank_account_unusable": RefusalReason.FIX_DETAILS,
    "payouts_not_allowed": RefusalReason.NEVER,
    "amount_too_large": RefusalReason.NEVER,
    "balance_insufficient": RefusalReason.LATER,
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class StripeLikeProvider(HttpProvider):
    """A `PaymentProvider` on these conventions."""

    signature_header = "Stripe-Signature"

    def ask_for(self, instruction: PaymentInstruction) -> Ask:
        """A form, with our reference in the metadata."""
        form = {
            "amount": instruction.amount_minor,
            "currency": instruction.currency.lower(),
            "destination": instruction.payee_account,
            "statement_descriptor": instruction.purpose_text,
            "metadata[our_reference]": instruction.our_reference,
            "metadata[payee_name]": instruction.payee_name,
        }
        return Ask("POST", "/v1/payouts", urlencode(form).encode("ascii"), FORM)

    def ask_about(self, our_reference: str) -> Ask:
        """A search by the metadata."""
        return Ask("GET", f"/v1/payouts?our_reference={quote(our_reference)}")

    def ask_to_cancel(self, found: Found) -> Ask:
        """By their own number."""
        return Ask("POST", f"/v1/payouts/{quote(found.provider_reference)}/cancel")

    def read_payment(self, fields: Any) -> TheirPayment:
        """Their payout in our words."""
        try:
            return TheirPayment(
                our_reference=fields["metadata"]["our_reference"],
                provider_reference=fields["id"],
                status=STATUSES[fields["status"]],
                amount_minor=fields["amount"],
                currency=fields["currency"].upper(),
                at=datetime.fromtimestamp(fields["created"], UTC),
            )
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise NoAnswer("the provider's answer describes no payment") from error

    def read_payments(self, answer: Mapping[str, Any]) -> Iterable[Any]:
        """A list under `data`."""
        if not isinstance(answer.get("data"), list):
            raise NoAnswer("the provider's answer lists no payments")
        return list(answer["data"])

    def read_refusal(self, reply: Reply) -> tuple[RefusalReason, str] | None:
        """By the code of the error; a code we do not know is a doubt."""
        error = json_object(reply).get("error")
        if not isinstance(error, dict) or error.get("code") not in REFUSALS:
            return None
        return REFUSALS[error["code"]], str(error.get("message"))[:500]

    def read_event(self, fields: Mapping[str, Any]) -> tuple[str, Any]:
        """The payment is in `data.object`."""
        inner = fields.get("data")
        return str(fields.get("id")), inner.get("object") if isinstance(inner, dict) else None
