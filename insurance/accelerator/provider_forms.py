"""The provider's forms for one application: a quote, a decline, and a newer version of a quote."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from insurance.accelerator.answering import Offer
from insurance.accelerator.fields import AmountField, in_currency
from insurance.models import DeclineReason, PolicyBasis, PolicyKind, Quote, QuoteInvitation

QUOTE: Final = "quote"
DECLINE: Final = "decline"
_OFFERED_KINDS: Final = [
    (kind.value, kind.label) for kind in PolicyKind if kind is not PolicyKind.OTHER
]
# Needed for a quote only: a decline leaves them empty.
_OF_A_QUOTE: Final = {
    "insurer": "Give the insurer that would write the policy",
    "kind": "Choose the kind of policy",
    "basis": "Choose the basis",
    "premium": "Give the premium",
    "each_occurrence": "Give the limit each occurrence",
    "aggregate": "Give the aggregate limit",
    "deductible": "Give the deductible; 0 for none",
    "valid_until": "Give the day until which the quote is valid",
}


class QuoteFieldsForm(forms.Form):
    """The figures of a quote, and who gives them."""

    insurer = forms.CharField(
        label="Insurer",
        help_text="The legal name of the insurer that would write the policy.",
        max_length=200,
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind of policy", choices=[("", "Choose"), *_OFFERED_KINDS], required=False
    )
    basis = forms.ChoiceField(
        label="Basis", choices=[("", "Choose"), *PolicyBasis.choices], required=False
    )
    premium = AmountField(
        label="Premium for a year", help_text="With taxes and fees.", required=False
    )
    each_occurrence = AmountField(label="Limit each occurrence", required=False)
    aggregate = AmountField(label="Aggregate limit", required=False)
    deductible = AmountField(label="Deductible", required=False)
    assumptions = forms.CharField(
        label="Assumptions and conditions",
        help_text="What the price rests on. The seller reads this.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        required=False,
    )
    valid_until = forms.DateField(
        label="Valid until the end of",
        # 02/03/2026 is asked about, never guessed.
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Give the day like 2026-03-31"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    given_by = forms.CharField(
        label="Your name",
        help_text="Who answers for the provider. It stays in the record.",
        max_length=120,
        error_messages={"required": "Give your name"},
    )

    def __init__(self, *args: Any, invitation: QuoteInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_currency(self, invitation.application.marketplace.currency)

    def quote_fields(self) -> list[forms.BoundField]:
        """The fields of a quote, in order."""
        return [self[name] for name in (*_OF_A_QUOTE, "assumptions")]

    def offer(self) -> Offer:
        """The quote that was typed."""
        given = self.cleaned_data
        return Offer(
            insurer=given["insurer"],
            kind=PolicyKind(given["kind"]),
            basis=PolicyBasis(given["basis"]),
            premium_minor=given["premium"],
            each_occurrence_minor=given["each_occurrence"],
            aggregate_minor=given["aggregate"],
            deductible_minor=given["deductible"],
            valid_until=given["valid_until"],
            assumptions=given["assumptions"],
        )

    def need(self, fields: Mapping[str, str]) -> None:
        """Ask for fields that were left empty, each in its own words."""
        for name, words in fields.items():
            if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
                self.add_error(name, words)


class ProviderAnswerForm(QuoteFieldsForm):
    """One answer: a quote with all its figures, or a decline with a reason."""

    answer = forms.ChoiceField(
        label="Do you quote?",
        choices=[(QUOTE, "We quote"), (DECLINE, "We decline")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you quote or decline"},
    )
    decline_reason = forms.ChoiceField(
        label="Why you decline", choices=[("", "Choose"), *DeclineReason.choices], required=False
    )
    decline_words = forms.CharField(
        label="In your own words",
        help_text="Optional, except for “another reason”. The seller reads this.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )
    field_order = ("answer", *_OF_A_QUOTE, "assumptions", "decline_reason", "decline_words")

    def decline_fields(self) -> list[forms.BoundField]:
        """The fields of a decline, in order."""
        return [self["decline_reason"], self["decline_words"]]

    def clean(self) -> dict[str, Any]:
        """A quote takes its figures, a decline its reason."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == QUOTE:
            self.need(_OF_A_QUOTE)
        elif cleaned.get("answer") == DECLINE:
            self.need({"decline_reason": "Choose why you decline"})
        return cleaned


class RevisionForm(QuoteFieldsForm):
    """A newer version of a quote: its figures, as they stand now, and what was changed."""

    revises = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="What you changed",
        help_text="And why. The seller reads this.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": "Say what you changed"},
    )
    field_order = (*_OF_A_QUOTE, "assumptions", "reason")

    def clean(self) -> dict[str, Any]:
        """A version takes all figures of a quote."""
        cleaned = super().clean() or {}
        self.need(_OF_A_QUOTE)
        return cleaned


def initial_of(quote: Quote) -> dict[str, Any]:
    """A quote as its form shows it."""
    return {
        "revises": quote.version,
        "insurer": quote.insurer,
        "kind": quote.kind,
        "basis": quote.basis,
        "premium": quote.premium_minor,
        "each_occurrence": quote.each_occurrence_minor,
        "aggregate": quote.aggregate_minor,
        "deductible": quote.deductible_minor,
        "assumptions": quote.assumptions,
        "valid_until": quote.valid_until,
    }
