"""What a person fills in for each act about a seller's requirement."""

from typing import Any

from django import forms

from insurance.accelerator.admin.acting import ReasonForm
from insurance.accelerator.fields import AmountField
from insurance.models import RestrictionLevel
from sellers.models import Marketplace

__all__ = ["ReasonForm", "RestrictForm", "SalesForm", "WaiveForm"]


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        # 02/03/2026 is asked about, never guessed.
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": f"{label}: give a date",
            "invalid": f"{label}: give a date like 2026-03-31",
        },
    )


class SalesForm(ReasonForm):
    """Gross proceeds of one month, in the marketplace's currency, and why they are entered."""

    month = forms.DateField(
        label="Month",
        help_text="Like 2026-03.",
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={
            "required": "Month: give a month",
            "invalid": "Month: give a month like 2026-03",
        },
    )
    gross_minor = AmountField(
        label="Gross proceeds",
        error_messages={"required": "Gross proceeds: give an amount, 0 if there were none"},
    )
    crossed_on = _day(
        "Passed the monthly figure on",
        required=False,
        help_text="Only where the day is known; else the month’s last day counts.",
    )
    field_order = ("month", "gross_minor", "crossed_on", "reason")

    def __init__(self, *args: Any, market: Marketplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gross_minor"]
        if isinstance(field, AmountField):
            field.in_currency(market.currency)


class WaiveForm(ReasonForm):
    """From which day through which day cover is not asked for."""

    from_on = _day("First day")
    until_on = _day("Last day", help_text="The waiver holds through this day.")
    field_order = ("from_on", "until_on", "reason")


class RestrictForm(ReasonForm):
    """What follows, and from when. The seller reads the reason."""

    level = forms.TypedChoiceField(
        label="Decision",
        choices=RestrictionLevel.choices,
        coerce=RestrictionLevel,
        widget=forms.RadioSelect,
        error_messages={"required": "Decision: choose one"},
    )
    from_on = _day("From")
    field_order = ("level", "from_on", "reason")
