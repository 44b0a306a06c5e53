"""What a person fills in for each act about a seller's requirement."""

from typing import Any

from django import forms

from insurance.accelerator.admin.acting import ReasonForm
from insurance.accelerator.fields import AmountField
from insurance.models import RestrictionLevel
from sellers.day_field import day_field
from sellers.models import Marketplace

__all__ = ["ReasonForm", "RestrictForm", "SalesForm", "WaiveForm"]


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
    crossed_on = day_field(
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

    from_on = day_field("First day")
    until_on = day_field("Last day", help_text="The waiver holds through this day.")
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
    from_on = day_field("From")
    field_order = ("level", "from_on", "reason")
