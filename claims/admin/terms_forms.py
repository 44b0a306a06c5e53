"""The form of a change of terms: every figure as it stands, to be written over."""

from typing import Any

from django import forms

from claims.admin.step_forms import MinorUnitsField, words_field
from claims.figures import figure_name, figure_unit
from claims.models import TermsVersion
from claims.terms import FIGURES
from sellers.money import to_decimal_string

YES_NO = [("yes", "Yes"), ("no", "No")]
UNITS = [("CALENDAR", "Calendar days"), ("WORKING", "Working days")]


class TermsForm(forms.Form):
    """Figures to change, the day from which they count, and why."""

    effective_on = forms.DateField(
        label="Counts from",
        help_text="Tomorrow at the earliest. Claims reported before keep their terms.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = words_field("Reason", "The second person reads it.")

    def __init__(self, *args: Any, latest: TermsVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = latest.marketplace.currency
        for figure in FIGURES:
            self.fields[figure] = _field(figure, latest.figures[figure], currency)

    def figure_fields(self) -> list[forms.BoundField]:
        """The fields of the figures, in the order of the terms."""
        return [self[figure] for figure in FIGURES]

    def given_figures(self) -> dict[str, Any]:
        """Every figure as the terms store it."""
        return {figure: _stored(self.cleaned_data[figure]) for figure in FIGURES}


def _field(figure: str, stands: Any, currency: str) -> forms.Field:
    label = figure_name(figure)
    if figure.endswith("_minor"):
        typed = "" if stands is None else to_decimal_string(stands, currency=currency)
        may_be_empty = figure == "medicare_threshold_minor"
        return MinorUnitsField(
            currency=currency,
            label=f"{label} ({currency})",
            initial=typed,
            required=not may_be_empty,
        )
    if isinstance(stands, bool):
        return forms.TypedChoiceField(
            choices=YES_NO,
            coerce=lambda word: word == "yes",
            label=label,
            initial="yes" if stands else "no",
        )
    if figure == "response_unit":
        return forms.ChoiceField(choices=UNITS, label=label, initial=stands)
    if figure == "programme_start":
        return forms.DateField(
            label=label,
            initial=stands,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
    unit = figure_unit(figure)
    return forms.IntegerField(
        label=f"{label} ({unit})" if unit else label, initial=stands, min_value=0
    )


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
