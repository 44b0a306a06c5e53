"""The inbox's filters: seller, status, due within, amount, text."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters.filters import CharFilter, ChoiceFilter, Filter, ModelChoiceFilter
from django_filters.filterset import FilterSet

from claims.lifecycle import Status
from claims.models import Claim
from claims.portal.words import STATUS_WORDS
from claims.references import ReferenceNotUnderstood, parse_reference
from sellers.models import Seller
from sellers.money import MINOR_DIGITS, AmountNotUnderstood, parse_amount

_LATE = "late"
_DUE_CHOICES = (
    ("1", "1 day"),
    ("3", "3 days"),
    ("7", "7 days"),
    ("30", "30 days"),
    (_LATE, "Already over"),
)
_STATUS_CHOICES = tuple(
    (status.value, words.label)
    for status, words in STATUS_WORDS.items()
    if status != Status.REPORTED
)
# Amounts are typed in whole units or with cents; yen have none.
_WHOLE_ONLY = tuple(currency for currency, digits in MINOR_DIGITS.items() if digits == 0)


class _AmountField(forms.CharField):
    def clean(self, value: Any) -> int | None:
        """The amount in hundredths, whatever the currency of a claim."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, currency="USD")
        except AmountNotUnderstood:
            raise forms.ValidationError("Type an amount in figures, like 250 or 250.50") from None


class _AmountFilter(Filter):
    field_class: type[forms.Field] = _AmountField

    def filter(self, qs: QuerySet[Claim], value: int | None) -> QuerySet[Claim]:
        """Claims whose amount is at least, or at most, what was typed, in their own currency."""
        if value is None:
            return qs
        # Whole currencies compare with the amount rounded towards what still satisfies it.
        whole = -(-value // 100) if self.lookup_expr == "gte" else value // 100
        key = f"amount_minor__{self.lookup_expr}"
        is_whole = Q(currency__in=_WHOLE_ONLY)
        return qs.filter((is_whole & Q(**{key: whole})) | (~is_whole & Q(**{key: value})))


class ClaimFilter(FilterSet):
    """What a member asked the inbox for, over claims that carry `due_at` and `amount_minor`."""

    # The library's constructors carry no types.
    seller = ModelChoiceFilter(  # type: ignore[no-untyped-call]
        label="Seller", queryset=Seller.objects.none(), empty_label="All"
    )
    status = ChoiceFilter(  # type: ignore[no-untyped-call]
        label="Status", choices=_STATUS_CHOICES, empty_label="All"
    )
    due = ChoiceFilter(  # type: ignore[no-untyped-call]
        label="Due within", choices=_DUE_CHOICES, empty_label="Any time", method="filter_due"
    )
    amount_min = _AmountFilter(  # type: ignore[no-untyped-call]
        label="Amount from", lookup_expr="gte"
    )
    amount_max = _AmountFilter(  # type: ignore[no-untyped-call]
        label="Amount to", lookup_expr="lte"
    )
    text = CharFilter(  # type: ignore[no-untyped-call]
        label="Reference, order or product", method="filter_text"
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, *args: Any, visitor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.visitor = visitor
        if visitor.acts_for_several:
            sellers = [member.seller_id for member in visitor.memberships]
            self.filters["seller"].queryset = Seller.objects.filter(pk__in=sellers)
        else:
            del self.filters["seller"]

    def filter_due(self, claims: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        """Claims whose clock ends within so many days, or is over."""
        now = self.visitor.at
        if value == _LATE:
            return claims.filter(Q(due_at__lte=now))
        return claims.filter(Q(due_at__gt=now), Q(due_at__lte=now + timedelta(days=int(value))))

    def filter_text(self, claims: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        """Claims with this reference, however it is typed, or this order or product."""
        found = (
            Q(reference__icontains=value)
            | Q(order__external_reference__icontains=value)
            | Q(order__product__title__icontains=value)
            | Q(order__product__sku__icontains=value)
        )
        with suppress(ReferenceNotUnderstood):
            found |= Q(reference=parse_reference(value))
        return claims.filter(found)
