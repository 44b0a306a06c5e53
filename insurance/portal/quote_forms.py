"""The seller's form of an application: answered once, prefilled from the last answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from django import forms

from insurance.accelerator.answers import LABELS, MAY_BE_SHARED, Answers
from insurance.accelerator.directory import needs_of
from insurance.accelerator.fields import AmountField, CountriesField, WordsField, in_currency
from insurance.models import Provider, QuoteApplication
from insurance.portal.doors import Visitor
from sellers.models import Marketplace, Seller

_DAYS_BEFORE_COVER: Final = 14
# In the order in which they are read everywhere else.
_ANSWERS: Final = tuple(LABELS)
_TEXT: Final = {"rows": 5}


def _need(words: str) -> dict[str, str]:
    return {"required": words}


class ApplicationForm(forms.Form):
    """Everything that providers ask, once for all of them, and what they may see of it."""

    legal_entity = forms.CharField(
        label=LABELS["legal_entity"],
        help_text="As it will stand on the policy as named insured.",
        max_length=200,
        error_messages=_need("Give the legal entity"),
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=LABELS["country"],
        help_text="Two letters, like US or CN.",
        error_messages=_need("Give the country") | {"invalid": "Give the country in two letters"},
    )
    years_trading = forms.IntegerField(
        label=LABELS["years_trading"],
        min_value=0,
        max_value=200,
        error_messages=_need("Give the years of trading"),
    )
    annual_sales_minor = AmountField(
        label=LABELS["annual_sales_minor"],
        help_text="Gross, in the last twelve months.",
        error_messages=_need("Give the annual sales"),
    )
    categories = WordsField(
        label=LABELS["categories"],
        help_text="With commas between them.",
        error_messages=_need("Give the categories that you sell"),
    )
    products = forms.CharField(
        label=LABELS["products"],
        help_text="What you sell, in a few sentences.",
        max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
        error_messages=_need("Describe the products"),
    )
    countries_of_manufacture = CountriesField(
        label=LABELS["countries_of_manufacture"],
        help_text="Two letters each, with commas between them, like CN, VN.",
        error_messages=_need("Say where the products are made"),
    )
    each_occurrence_minor = AmountField(
        label=LABELS["each_occurrence_minor"], error_messages=_need("Give the limit you want")
    )
    aggregate_minor = AmountField(
        label=LABELS["aggregate_minor"], error_messages=_need("Give the aggregate you want")
    )
    deductible_minor = AmountField(
        label=LABELS["deductible_minor"],
        help_text="The most that you would bear of each loss.",
        error_messages=_need("Give the highest deductible; 0 for none"),
    )
    losses = forms.IntegerField(
        label=LABELS["losses"],
        min_value=0,
        max_value=9999,
        error_messages=_need("Give the number of claims; 0 for none"),
    )
    losses_minor = AmountField(
        label=LABELS["losses_minor"], error_messages=_need("Give what was paid; 0 for nothing")
    )
    loss_history = forms.CharField(
        label=LABELS["loss_history"],
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=_TEXT),
    )
    starts_on = forms.DateField(
        label=LABELS["starts_on"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        # 02/03/2026 is asked about, never guessed.
        input_formats=["%Y-%m-%d"],
        error_messages=_need("Give the day on which cover begins")
        | {"invalid": "Give the day like 2026-03-31"},
    )
    contact_name = forms.CharField(label=LABELS["contact_name"], max_length=120, required=False)
    contact_email = forms.EmailField(label=LABELS["contact_email"], required=False)
    shares = forms.MultipleChoiceField(
        label="May providers see these too?",
        help_text="They see every other answer. Of these only what you tick.",
        choices=[(name, LABELS[name]) for name in MAY_BE_SHARED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    providers = forms.ModelMultipleChoiceField(
        label="Who is asked?",
        help_text="Each gets a link to this application only, and sees nothing of the others.",
        queryset=Provider.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_need("Choose at least one provider"),
    )
    agrees = forms.BooleanField(
        label="I agree that the providers I chose see these answers",
        error_messages=_need("Agree, or leave the form: no provider quotes without answers"),
    )

    def __init__(
        self,
        *args: Any,
        marketplace: Marketplace,
        providers: Sequence[Provider],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        in_currency(self, marketplace.currency)
        choice: Any = self.fields["providers"]
        choice.queryset = Provider.objects.filter(pk__in=[one.pk for one in providers])
        self.initial.setdefault("providers", [one.pk for one in providers])

    def clean(self) -> dict[str, Any]:
        """The aggregate holds at least one occurrence."""
        cleaned = super().clean() or {}
        each, aggregate = cleaned.get("each_occurrence_minor"), cleaned.get("aggregate_minor")
        if each is not None and aggregate is not None and aggregate < each:
            self.add_error("aggregate_minor", "The aggregate cannot be below the limit each")
        if each == 0:
            self.add_error("each_occurrence_minor", "The limit is above zero")
        return cleaned

    def answers(self) -> Answers:
        """What was answered."""
        given = {name: self.cleaned_data[name] for name in _ANSWERS}
        given["country"] = given["country"].upper()
        return Answers(**given, shares=self.cleaned_data["shares"])

    def plain_fields(self) -> list[forms.BoundField]:
        """The questions; who is asked and what they see comes after."""
        return [self[name] for name in _ANSWERS]


def first_answers(visitor: Visitor, seller: Seller, marketplace: Marketplace) -> dict[str, Any]:
    """What a new application starts with: the last one's answers, else what we know."""
    mine = QuoteApplication.objects.filter(seller=seller).order_by("-applied_at", "-pk")
    last = mine.filter(marketplace__currency=marketplace.currency).first()
    needs = needs_of(seller, marketplace, at=visitor.at)
    known: dict[str, Any] = {
        "legal_entity": seller.legal_name,
        "country": seller.country,
        "annual_sales_minor": needs.annual_sales_minor,
        "categories": sorted(needs.categories),
        "each_occurrence_minor": needs.each_occurrence_minor,
        "aggregate_minor": needs.aggregate_minor,
        "deductible_minor": needs.deductible_max_minor,
        "contact_name": visitor.user.get_full_name(),
        "contact_email": visitor.user.email,
        "losses_minor": 0,
    }
    if last is not None:
        known |= {name: getattr(last, name) for name in _ANSWERS if name != "starts_on"}
        known["shares"] = [name for name in MAY_BE_SHARED if name in last.shared]
    starts_on = needs.on + timedelta(days=_DAYS_BEFORE_COVER)
    return known | {"starts_on": max(starts_on, last.starts_on) if last else starts_on}


def unsaved(
    answers: Answers, *, seller: Seller, marketplace: Marketplace, shared: Sequence[str]
) -> QuoteApplication:
    """The answers as an application that is not sent yet, to be read once more."""
    values: Mapping[str, Any] = {k: v for k, v in asdict(answers).items() if k != "shares"}
    return QuoteApplication(seller=seller, marketplace=marketplace, shared=list(shared), **values)
