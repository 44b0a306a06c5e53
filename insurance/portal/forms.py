"""The forms of certificates: they read what a person typed and decide nothing."""

from datetime import date
from typing import Any

from django import forms

from insurance.certificates.fields import LABELS, NAMING_WORDS, place_words
from insurance.certificates.keeping import check_certificate_file
from insurance.certificates.refusals import FileRefused
from insurance.certificates.suggesting import HOLDER, INSURED, YES
from insurance.dates import date_text
from insurance.models.policy import PolicyBasis, PolicyKind
from insurance.portal.fields import AmountField, ChoiceField, DateField, yes_or_no
from insurance.terms import RequirementTerms
from sellers.markets import MARKETS

OTHER, UNCLEAR = "other", "unclear"
_LONGEST_LIST = 8_000
_FILE_HINT = "A PDF, DOC or DOCX file of at most 20 MB, without a password."


class UploadForm(forms.Form):
    """One file with one certificate of insurance."""

    certificate = forms.FileField(
        label="Your certificate of insurance",
        help_text=_FILE_HINT,
        widget=forms.FileInput(attrs={"accept": ".pdf,.doc,.docx"}),
        error_messages={"required": "Choose the file of your certificate"},
    )

    def clean_certificate(self) -> Any:
        """The file, or why it cannot be kept."""
        file = self.cleaned_data["certificate"]
        try:
            check_certificate_file(file)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class SuggestedForm(forms.Form):
    """A form whose fields carry what was read: the words of the certificate, to be checked."""

    def suggest(self, suggested: dict[str, Any]) -> None:
        """Show the words of the certificate beside the fields."""
        for name, field in self.fields.items():
            field.read_text = suggested.get(name, {}).get("text", "")  # type: ignore[attr-defined]

    def initial_of(self, suggested: dict[str, Any]) -> dict[str, Any]:
        """What the fields are filled with before a person typed anything."""
        return {name: one["value"] for name, one in suggested.items() if name in self.fields}


class WholeForm(SuggestedForm):
    """What the certificate states for all its policies."""

    named_insured = forms.CharField(
        label="Named insured",
        help_text="The insured company, exactly as the certificate shows it.",
        max_length=200,
        error_messages={"required": "Give the named insured"},
    )
    cancellation_notice_days = forms.IntegerField(
        label="Days’ notice of cancellation",
        help_text="How many days before a cancellation the marketplace is told. Leave it empty "
        "if the certificate does not say.",
        required=False,
        min_value=0,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    is_signed = yes_or_no(
        "Is the certificate signed?", no="No", required="Say whether the certificate is signed"
    )


class PolicyForm(SuggestedForm):
    """What the certificate states of one policy."""

    insurer = forms.CharField(
        label="Insurer",
        help_text="The company that writes the policy, not the broker.",
        max_length=200,
        error_messages={"required": "Give the insurer"},
    )
    number = forms.CharField(
        label="Policy number", max_length=80, error_messages={"required": "Give the policy number"}
    )
    rating = forms.CharField(
        label="Insurer’s rating",
        help_text="By AM Best or S&P, like A-. Leave it empty if the certificate does not say.",
        max_length=8,
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind of policy",
        choices=[("", "Choose"), *PolicyKind.choices],
        error_messages={"required": "Choose the kind of policy"},
    )
    basis = ChoiceField(
        PolicyBasis.choices, label="Basis", required="Choose occurrence or claims-made"
    )
    tail_years = forms.IntegerField(
        label="Years of tail",
        help_text="Only for claims-made policies: for how many years after its end claims may "
        "still be made.",
        required=False,
        min_value=0,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    products_completed_operations = yes_or_no(
        "Are products and completed operations included?",
        no="No, or not stated",
        required="Say whether products and completed operations are included",
    )
    bodily_injury = yes_or_no(
        "Is bodily injury included?",
        no="No, or not stated",
        required="Say whether bodily injury is included",
    )
    naming = ChoiceField(
        [(code, f"It is {words}") for code, words in NAMING_WORDS.items()],
        label="How does the certificate name the marketplace?",
        help_text="Look for the column ADDL INSD and for the description below the policies. A "
        "name in the box of the certificate holder alone is not enough.",
        required="Say how the certificate names the marketplace",
    )
    additional_insured = forms.CharField(
        label="Name of the additional insured",
        help_text="Copied word by word from the certificate.",
        max_length=300,
        required=False,
    )
    products = forms.CharField(
        label="Products covered",
        help_text="One product or category a line, if the policy is limited to some. Leave it "
        "empty if it covers all your products.",
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, terms: RequirementTerms, read: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions: dict[str, Any] = read.get("questions", {})
        suggested = read.get("fields", {})
        self._add_amounts(terms.currency)
        self._add_dates()
        self._add_territory(terms.market, suggested.get("territory", {}).get("value", ()))
        self.order_fields(_ORDER)
        # What is asked is quoted with its question.
        self.suggest({name: one for name, one in suggested.items() if name not in self.questions})

    def _add_amounts(self, currency: str) -> None:
        hint = f"In {currency}, figures only, like 1000000. Empty: the certificate states none."
        nil = f"{hint} Type 0 if it says nil."
        for name in ("each_occurrence", "aggregate", "deductible"):
            self.fields[name] = AmountField(
                currency=currency,
                label=LABELS[name],
                help_text=nil if name == "deductible" else hint,
            )

    def _add_dates(self) -> None:
        for name in ("effective_on", "expires_on"):
            label = LABELS[name]
            hint = "With the month in words, like 2 March 2026."
            if (question := self.questions.get(name)) is not None:
                self.fields[f"{name}_choice"] = _which_day(label, question)
                label, hint = f"{label}: another date", f"Only for “Another date”. {hint}"
            self.fields[name] = DateField(label=label, help_text=hint)

    def _add_territory(self, market: str, suggested: list[str]) -> None:
        union = ["EU"] if MARKETS[market].region == "EU" else []
        codes = dict.fromkeys([market, *union, "WORLDWIDE", *suggested])
        self.fields["territory"] = forms.MultipleChoiceField(
            label="Territory",
            help_text="Where the policy covers claims. Leave all empty if it does not say.",
            choices=[(code, place_words(code)) for code in codes],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """The name where there is one, and the days that the seller chose."""
        cleaned = super().clean() or {}
        if cleaned.get("naming") == INSURED and not cleaned.get("additional_insured"):
            self.add_error("additional_insured", "Copy the name of the additional insured")
        for name in self.questions:
            self._choose_day(cleaned, name)
        return cleaned

    def _choose_day(self, cleaned: dict[str, Any], name: str) -> None:
        chosen = cleaned.get(f"{name}_choice")
        if chosen in {None, UNCLEAR}:
            cleaned[name] = None
        elif chosen != OTHER:
            cleaned[name] = date.fromisoformat(chosen)
        elif not cleaned.get(name) and name not in self.errors:
            self.add_error(name, f"{LABELS[name]}: write the date")

    def policy_values(self) -> dict[str, Any]:
        """The fields of `ConfirmedPolicy` that one policy has of its own."""
        typed = self.cleaned_data
        is_named = typed["naming"] == INSURED
        products = [line.strip() for line in typed["products"].splitlines() if line.strip()]
        return {
            **{name: typed[name] for name in ("number", "insurer", "rating", "kind", "basis")},
            "tail_years": typed["tail_years"] or 0,
            "each_occurrence_minor": typed["each_occurrence"],
            "aggregate_minor": typed["aggregate"],
            "deductible_minor": typed["deductible"],
            "products_completed_operations": typed["products_completed_operations"] == YES,
            "bodily_injury": typed["bodily_injury"] == YES,
            "additional_insured": typed["additional_insured"] if is_named else "",
            "certificate_holder_only": typed["naming"] == HOLDER,
            "territory": typed["territory"],
            "effective_on": typed["effective_on"],
            "expires_on": typed["expires_on"],
            "dates_text": self._unclear_dates(),
            "products": products or None,
        }

    def _unclear_dates(self) -> str:
        unclear = (
            question["text"]
            for name, question in self.questions.items()
            if self.cleaned_data.get(f"{name}_choice") == UNCLEAR
        )
        return ", ".join(unclear)[:80]


def _which_day(label: str, question: dict[str, Any]) -> ChoiceField:
    days = [(iso, date_text(date.fromisoformat(iso))) for iso in question["candidates"]]
    note = f" {question['note']}" if question["note"] else ""
    return ChoiceField(
        [
            *days,
            (OTHER, "Another date, which I type below"),
            (UNCLEAR, "I cannot tell from the certificate"),
        ],
        label=label,
        help_text=f"The certificate says “{question['text']}”, which "
        f"{'can be read in more than one way' if days else 'we cannot read as a date'}.{note}",
        required=f"{label}: say which date is meant",
    )


_ORDER = (
    "insurer",
    "number",
    "rating",
    "kind",
    "basis",
    "tail_years",
    "effective_on_choice",
    "effective_on",
    "expires_on_choice",
    "expires_on",
    "each_occurrence",
    "aggregate",
    "deductible",
    "products_completed_operations",
    "bodily_injury",
    "naming",
    "additional_insured",
    "territory",
    "products",
)
