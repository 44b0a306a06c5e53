"""The form for what a claimant answered about Medicare."""

from django import forms

from claims.admin.step_forms import StepForm
from claims.models import Medicare


class MedicareForm(StepForm):
    """Whether the claimant is a beneficiary: an answer, not a guess."""

    medicare = forms.TypedChoiceField(
        choices=[(one.value, one.label) for one in (Medicare.NO, Medicare.YES)],
        coerce=Medicare,
        widget=forms.RadioSelect,
        label="Is the claimant a Medicare beneficiary?",
    )
