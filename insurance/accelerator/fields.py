"""Form fields of the Accelerator: amounts read strictly, lists typed with commas, countries."""

import re
from typing import Any

from django import forms

from sellers.money import MINOR_DIGITS, AmountNotUnderstood, parse_amount, to_decimal_string

_COUNTRY = re.compile(r"[A-Z]{2}")
LONGEST_AMOUNT_TEXT = 30


class AmountField(forms.CharField):
    """An amount as a person types it; its clean value is minor units, None where it is empty."""

    def __init__(self, *, currency: str = "USD", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_AMOUNT_TEXT)
        super().__init__(**kwargs)
        self.currency = currency
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def in_currency(self, currency: str) -> None:
        """Ask for an amount in this currency, and say so."""
        self.currency = currency
        example = "1234" if MINOR_DIGITS[currency] == 0 else "1234.50"
        hint = f"In {currency}, in figures, like {example}."
        self.help_text = f"{self.help_text} {hint}".strip()

    def clean(self, value: Any) -> int | None:
        """The amount in minor units."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, currency=self.currency)
        except AmountNotUnderstood as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def prepare_value(self, value: Any) -> Any:
        """Minor units as they are typed."""
        return to_decimal_string(value, currency=self.currency) if isinstance(value, int) else value


class WordsField(forms.CharField):
    """Several short texts, typed with commas between them."""

    def __init__(self, *, longest: int = 80, most: int = 30, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.most = longest, most

    def clean(self, value: Any) -> list[str]:
        """The texts, each once, in the order in which they were typed."""
        parts = [" ".join(part.split()) for part in super().clean(value).split(",")]
        words = list(dict.fromkeys(part for part in parts if part))
        if self.required and not words:
            raise forms.ValidationError(self.error_messages["required"])
        if any(len(word) > self.longest for word in words) or len(words) > self.most:
            raise forms.ValidationError(
                f"Give at most {self.most}, with commas between them, "
                f"none longer than {self.longest} letters"
            )
        return words

    def prepare_value(self, value: Any) -> Any:
        """A list as it is typed."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


class CountriesField(WordsField):
    """Countries by their two letters."""

    def clean(self, value: Any) -> list[str]:
        """The codes in capitals."""
        codes = [code.upper() for code in super().clean(value)]
        if wrong := [code for code in codes if not _COUNTRY.fullmatch(code)]:
            raise forms.ValidationError(
                f"Write countries by their two letters, like CN or DE: not {', '.join(wrong)}"
            )
        return codes


def in_currency(form: forms.BaseForm, currency: str) -> None:
    """Ask for every amount of a form in a market's currency."""
    for field in form.fields.values():
        if isinstance(field, AmountField):
            field.in_currency(currency)
