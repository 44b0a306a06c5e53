"""The forms of the portal: they read what a person typed and decide nothing."""

from typing import Any

from django import forms

from claims.models import Answer, Claim
from claims.operations.evidence import EvidenceRefused, check_evidence, check_number
from sellers.money import AmountNotUnderstood, parse_amount
from sellers.uploads import Upload

LONGEST_TEXT = 8_000
_ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf"
_FILES_HINT = (
    "Photos or documents: JPEG, PNG, WEBP or PDF, at most 10 at once and 10 MB each. Hold Ctrl "
    "or Shift to choose several."
)


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Any number of files, each checked to be what its name says."""

    widget = _SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _FILES_HINT)
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = _ACCEPT

    def clean(self, data: Any, _initial: Any = None) -> list[Upload]:
        """The files, or every reason why one of them cannot be kept."""
        files: list[Upload] = [file for file in data or [] if file]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        try:
            check_number(files)
        except EvidenceRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if reasons := [reason for file in files if (reason := _refusal(file))]:
            raise forms.ValidationError(reasons)
        return files


def _refusal(file: Upload) -> str:
    try:
        check_evidence(file)
    except EvidenceRefused as refusal:
        return str(refusal)
    return ""


def _text(label: str, help_text: str, required: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": required},
    )


class AnswerForm(forms.Form):
    """A seller's answer to a claim above the ceiling (rules §3)."""

    answer = forms.ChoiceField(
        label="How do you answer this claim?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you answer the claim"},
    )
    reason = _text(
        "Your reasons",
        "Needed if you reject. Say what happened as far as you know, and why you are not "
        "responsible. Do not write about the customer's health or bank details.",
        "Give your reasons",
    )
    evidence = EvidenceField(label="Documents and photos")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        """Rejecting takes reasons (rules §3)."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == Answer.REJECT and not cleaned.get("reason"):
            self.add_error("reason", "Give your reasons for rejecting the claim")
        return cleaned


class SettlementForm(forms.Form):
    """What the seller agreed with the customer itself."""

    amount = forms.CharField(label="What the customer received", max_length=30)
    proof = _text(
        "How and when the customer was paid",
        "For example: refunded to the customer's card on 3 March, order message attached.",
        "Say how and when the customer was paid",
    )
    evidence = EvidenceField(
        label="Proof",
        required=True,
        error_messages={"required": "Add the proof of the settlement"},
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = claim.currency
        self.fields["amount"].help_text = f"In {claim.currency}, like {_example(claim.currency)}."
        self.fields["amount"].error_messages["required"] = "Give what the customer received"

    def clean_amount(self) -> int:
        """The amount in minor units."""
        try:
            amount = parse_amount(self.cleaned_data["amount"], currency=self.currency)
        except AmountNotUnderstood as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if amount == 0:
            raise forms.ValidationError("The customer must have received something")
        return amount


def _example(currency: str) -> str:
    return "1234" if currency == "JPY" else "1234.50"


class InformationForm(forms.Form):
    """Something the seller wants in the file of a claim."""

    text = _text(
        "What we should know",
        "Anything that helps: a known fault, a recall, what you agreed with the customer, "
        "your certificate of insurance.",
        "Write what we should know",
    )
    evidence = EvidenceField(label="Documents and photos")


class AppealForm(forms.Form):
    """New facts against the decision to pay."""

    new_facts = _text(
        "What is new",
        "Facts or documents that we did not have when we decided. Somebody who did not decide "
        "before reads them.",
        "Write what is new",
    )
    evidence = EvidenceField(label="Documents and photos")
