"""The form of a change of limits: every limit as it stands, to be written over."""

from typing import Any

from django import forms

from claims.admin.step_forms import MinorUnitsField, words_field
from claims.models import PayoutLimits
from claims.payout_figures import COUNTS, limit_effect, limit_name
from sellers.markets import MARKETS
from sellers.money import to_decimal_string


class LimitsForm(forms.Form):
    """Limits to change, and why."""

    reason = words_field("Reason", "Everybody who looks at the limits reads it.")

    def __init__(self, *args: Any, limits: PayoutLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = limits.figures
        others = dict.fromkeys(sorted({m.currency for m in MARKETS.values()} - set(stands)))
        for figure, value in (stands | others).items():
            self.fields[figure] = _field(figure, value)

    def limit_fields(self) -> list[forms.BoundField]:
        """The fields of the limits, in their order."""
        return [self[figure] for figure in self.fields if figure != "reason"]

    def clean(self) -> dict[str, Any]:
        """The reason, and every limit that was given."""
        given = super().clean() or {}
        return {name: value for name, value in given.items() if value is not None}


def _field(figure: str, value: int | None) -> forms.Field:
    name, effect = limit_name(figure), limit_effect(figure)
    if figure in COUNTS:
        return forms.IntegerField(
            label=name, help_text=effect, initial=value, min_value=0, max_value=1_000_000
        )
    typed = "" if value is None else to_decimal_string(value, currency=figure)
    # A currency that nobody set a limit for is one nobody meant to pay in.
    return MinorUnitsField(
        currency=figure,
        label=name,
        help_text="" if typed else "Without a limit nothing is paid in this currency.",
        initial=typed,
        required=value is not None,
    )
