"""A day in a form of the console: asked for, and read in one way only."""

from django import forms


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A field for a day, written as 2026-03-31; 02/03/2026 is asked about, never guessed."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": f"{label}: give a date",
            "invalid": f"{label}: give a date like 2026-03-31",
        },
    )
