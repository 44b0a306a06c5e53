"""The forms of the steps: what each asks a person for, read strictly.

`arguments()` of a valid form are the keyword arguments of the step's operation.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims.lifecycle import Refused
from claims.models import PAYABLE_HEADS, AppealParty, AppealStatus, Claim, Head, HoldKind
from claims.operations.evidence import check_evidence
from sellers.money import AmountNotUnderstood, parse_amount, to_decimal_string


class MinorUnitsField(forms.CharField):
    """An amount as a person types it, read into minor units of the claim's currency."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "amount"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Minor units, or None where nothing was typed and nothing must be.

        Raises:
            ValidationError: it is no amount in this currency, in words.
        """
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_amount(typed, currency=self.currency)
        except AmountNotUnderstood as error:
            raise ValidationError(str(error)) from None


def words_field(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """A field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": f"{label}: write it down."},
    )


def hold_field(choices: Sequence[tuple[str, str]]) -> forms.TypedChoiceField:
    """A field for a kind of hold."""
    return forms.TypedChoiceField(
        choices=choices, coerce=HoldKind, widget=forms.RadioSelect, label="Hold"
    )


class StepForm(forms.Form):
    """The form of a step that asks nothing more than a confirmation.

    It carries the claim's version: a form that was opened before somebody changed the claim, or
    sent twice, is refused with its reason.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        self.fields["version"].initial = claim.version

    def arguments(self) -> dict[str, Any]:
        """What the operation is called with, beside the claim, the moment and the actor."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReasonForm(StepForm):
    """A step that must say why."""

    reason = words_field("Reason", "Kept in the claim's file.")


class QuestionForm(StepForm):
    """What to ask the claimant."""

    question = words_field("Question", "The claimant reads this as you write it.")


class AnswerForm(StepForm):
    """What the claimant answered by telephone or post."""

    answer = words_field("The claimant's answer", "As they gave it.")


class AssessForm(StepForm):
    """One amount a damage line; heads that are never paid stay at zero."""

    note = words_field(
        "Note",
        "Why you assessed it so. You can leave it empty unless you assess nothing.",
        required=False,
    )

    field_order = ["version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields.pop("note")
        for line in self.claim.lines.all():
            self.fields[line.head] = self._field(line.head, line.claimed_minor, line.assessed_minor)
        self.fields["note"] = note

    def _field(self, head: str, claimed_minor: int, assessed_minor: int | None) -> MinorUnitsField:
        currency, is_payable = self.claim.currency, head in PAYABLE_HEADS
        claimed = to_decimal_string(claimed_minor, currency=currency)
        field = MinorUnitsField(
            currency=currency,
            label=Head(head).label,
            required=is_payable,
            disabled=not is_payable,
            help_text=f"Claimed: {claimed} {currency}"
            if is_payable
            else f"Claimed: {claimed} {currency}. Never paid under the programme.",
        )
        assessed = claimed_minor if assessed_minor is None else assessed_minor
        field.initial = to_decimal_string(assessed if is_payable else 0, currency=currency)
        return field

    def arguments(self) -> dict[str, Any]:
        """Amounts by head, in minor units, and the note."""
        given = super().arguments()
        note = given.pop("note")
        return {"lines": {Head(head): minor or 0 for head, minor in given.items()}, "note": note}


class StepInForm(StepForm):
    """How much to pay, and why the programme steps in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.claim.currency
        field = MinorUnitsField(
            currency=currency, label="Amount", help_text="At most what was assessed."
        )
        if self.claim.assessed_minor is not None:
            field.initial = to_decimal_string(self.claim.assessed_minor, currency=currency)
        self.fields["amount_minor"] = field
        self.fields["reason"] = words_field("Reason", "Why the seller's side does not hold.")


class PlaceHoldForm(ReasonForm):
    """Which hold to place, and why."""

    kind = hold_field(HoldKind.choices)
    field_order = ["version", "kind", "reason"]


class ReleaseHoldForm(ReasonForm):
    """Which of the open holds to release, and why."""

    kind = hold_field([])
    field_order = ["version", "kind", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_holds = self.claim.holds.filter(released_at=None)
        choices = [(hold.kind, hold.get_kind_display()) for hold in open_holds]
        self.fields["kind"] = hold_field(choices)
        self.order_fields(self.field_order)


class ExtendForm(ReasonForm):
    """How many days to add to the open deadline, and why."""

    days = forms.IntegerField(
        min_value=1,
        max_value=365,
        label="Days to add",
        help_text="In the unit of the clock: calendar or working days.",
    )
    field_order = ["version", "days", "reason"]


class InsurerForm(StepForm):
    """What the seller's insurer answered."""

    pays = forms.TypedChoiceField(
        choices=[("yes", "The insurer pays"), ("no", "The insurer declines")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        label="Answer",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_minor"] = MinorUnitsField(
            currency=self.claim.currency,
            label="Amount the insurer pays",
            required=False,
            help_text="Empty when it declines.",
        )
        self.fields["reason"] = words_field(
            "Reason", "What the insurer wrote. You need it when it declines.", required=False
        )


class SettlementForm(StepForm):
    """What the seller paid the customer, and how that is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_minor"] = MinorUnitsField(
            currency=self.claim.currency, label="Amount the seller paid"
        )
        self.fields["proof"] = words_field("Proof", "Which document shows it.")


class PayeeForm(StepForm):
    """Where the money goes from now on."""

    name = forms.CharField(max_length=200, label="Name of the account's holder")
    account = forms.CharField(
        max_length=64, label="Account", help_text="The payment provider's token of the account."
    )
    reason = words_field("Reason", "How the claimant gave the new details, and to whom.")


class AppealForm(StepForm):
    """The new facts of somebody who appeals."""

    new_facts = words_field("New facts", "What was not known when the decision was taken.")
    party: AppealParty = AppealParty.CLAIMANT

    def arguments(self) -> dict[str, Any]:
        """The party and its facts."""
        return {"party": self.party, **super().arguments()}


class DecideAppealForm(ReasonForm):
    """How the appeal ends, and why."""

    outcome = forms.TypedChoiceField(
        choices=[
            (status.value, status.label)
            for status in (AppealStatus.UPHELD, AppealStatus.OVERTURNED)
        ],
        coerce=AppealStatus,
        widget=forms.RadioSelect,
        label="Outcome",
    )
    field_order = ["version", "outcome", "reason"]


class CollectForm(StepForm):
    """What arrived, and from whom."""

    source = forms.ChoiceField(
        choices=[("seller", "The seller"), ("insurer", "The seller's insurer")],
        widget=forms.RadioSelect,
        label="Received from",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_minor"] = MinorUnitsField(
            currency=self.claim.currency, label="Amount received"
        )


class InformationForm(StepForm):
    """A note for the file."""

    text = words_field("Note")
    is_internal = forms.BooleanField(
        required=False, initial=True, label="Internal: the seller never sees it"
    )


class EvidenceForm(StepForm):
    """A file for the claim."""

    file = forms.FileField(label="File", help_text="JPEG, PNG, WEBP or PDF.")
    is_internal = forms.BooleanField(
        required=False, initial=False, label="Internal: the seller never sees it"
    )

    def clean_file(self) -> Any:
        """The file, when its first bytes are those of a kind that is accepted."""
        file = self.cleaned_data["file"]
        try:
            check_evidence(file)
        except Refused as error:
            raise ValidationError(str(error)) from None
        return file
