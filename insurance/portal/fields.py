"""Fields of the certificate's form: amounts, dates and choices, strict about what is unclear."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from insurance.certificates.suggesting import NO, YES
from insurance.checks import AmbiguousDate, read_date
from insurance.dates import date_text
from sellers.money import AmountNotUnderstood, parse_amount


class AmountField(forms.CharField):
    """An amount in the marketplace's currency; empty where the certificate states none."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, **kwargs)
        self.currency = currency
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> int | None:
        """The amount in minor units; None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, currency=self.currency)
        except AmountNotUnderstood as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class DateField(forms.CharField):
    """A date in words that nobody can read in two ways; empty where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> date | None:
        """The one date that the text means; None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        read = read_date(text)
        if isinstance(read, AmbiguousDate):
            raise forms.ValidationError(_ask_again(read))
        return read


def _ask_again(read: AmbiguousDate) -> str:
    example = "Write the month in words, like 2 March 2026."
    if not read.readings:
        return f"“{read.text}” is not a date. {example}"
    either = " or ".join(date_text(day) for day in read.readings)
    return f"“{read.text}” may be {either}. {example}"


class ChoiceField(forms.ChoiceField):
    """One of a few answers, none chosen beforehand."""

    def __init__(self, choices: Sequence[tuple[str, str]], *, required: str, **kwargs: Any) -> None:
        super().__init__(
            choices=list(choices),
            widget=forms.RadioSelect,
            error_messages={"required": required},
            **kwargs,
        )


def yes_or_no(label: str, *, no: str, required: str, **kwargs: Any) -> ChoiceField:
    """A question that the certificate answers with yes, or else not."""
    return ChoiceField([(YES, "Yes"), (NO, no)], label=label, required=required, **kwargs)
