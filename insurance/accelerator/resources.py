# The library carries no types.
# mypy: disable-error-code="no-untyped-call"
"""The directory as a spreadsheet, out and in: one row a provider, one row an appetite.

A cell that a spreadsheet would run as a formula leaves with an apostrophe before it, and comes
back without it. What vetting writes goes out and never comes in.
"""

import re
from typing import Any, Final, override

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.widgets import (
    DateWidget,
    ForeignKeyWidget,
    IntegerWidget,
    SimpleArrayWidget,
    Widget,
)

from insurance.models import Appetite, PolicyKind, Provider
from sellers.markets import MARKETS
from sellers.models import Marketplace
from sellers.money import AmountNotUnderstood, parse_amount, to_decimal_string

_RUNS_AS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# Of a tag; a cell's own text has its angle brackets escaped.
_OWN_STYLE: Final = re.compile(r'<(ins|del) style="[^"]*">')
_SEPARATOR: Final = "; "
_LISTS: Final = (
    "countries",
    "licence_states",
    "lines",
    "categories_accepted",
    "categories_refused",
    "languages",
)
_DATES: Final = ("licences_on", "rated_on", "sourced_on", "vetted_on", "vet_again_by")
_AMOUNTS: Final = (
    "annual_sales_from_minor",
    "annual_sales_to_minor",
    "each_occurrence_to_minor",
    "aggregate_to_minor",
    "deductible_from_minor",
    "deductible_to_minor",
    "minimum_premium_minor",
)


def guarded(value: Any) -> Any:
    """A cell as it may stand in a spreadsheet."""
    is_risky = isinstance(value, str) and value.startswith(_RUNS_AS_FORMULA)
    return f"'{value}" if is_risky else value


def unguarded(value: Any) -> Any:
    """A cell as it was before it was guarded."""
    if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_RUNS_AS_FORMULA):
        return value[1:]
    return value


class ListWidget(SimpleArrayWidget):
    """A list in one cell, with semicolons."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> list[str]:  # noqa: ARG002 - theirs
        """The parts of a cell."""
        return [part.strip() for part in (value or "").split(";") if part.strip()]

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:  # noqa: ARG002 - theirs
        """The parts as one cell."""
        return _SEPARATOR.join(value or ())


class AmountWidget(Widget):
    """An amount in the currency of the row's marketplace; empty is not stated."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> int | None:
        """The amount in minor units."""
        text = str(value or "").strip()
        market = MARKETS.get((row or {}).get("marketplace", ""))
        if not text:
            return None
        if market is None:
            raise ValueError("The marketplace is not known, so no amount can be read.")
        try:
            return parse_amount(text, currency=market.currency)
        except AmountNotUnderstood as refusal:
            raise ValueError(str(refusal)) from refusal

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        """The amount as it may be typed again."""
        if value is None or obj is None:
            return ""
        return to_decimal_string(value, currency=MARKETS[obj.marketplace_id].currency)


class SheetDiff(Diff):
    """What a row would change, in `ins` and `del`."""

    @override
    def as_html(self) -> list[SafeString]:
        # The library gives them styles of their own, which the site's policy blocks.
        return [mark_safe(_OWN_STYLE.sub(r"<\1>", cell)) for cell in super().as_html()]  # noqa: S308


class SheetResource(ModelResource):
    """All rows or none: every row is checked first, and one that is wrong stops the import."""

    @classmethod
    @override
    def get_diff_class(cls) -> type[SheetDiff]:
        return SheetDiff

    @override
    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for column in row:
            row[column] = unguarded(row[column])

    @override
    def get_import_fields(self) -> list[Field]:
        return [field for field in super().get_import_fields() if not field.readonly]

    @override
    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> Any:
        if isinstance(field.widget, AmountWidget):
            # In the currency of its row's marketplace, which the library does not hand on.
            return field.widget.render(field.get_value(instance), instance)
        return guarded(super().export_field(field, instance, **kwargs))


class ProviderResource(SheetResource):
    """Providers by their legal name."""

    quote_within_days = Field("quote_within_days", "quote_within_days", IntegerWidget())
    certificate_within_hours = Field(
        "certificate_within_hours", "certificate_within_hours", IntegerWidget()
    )
    status = Field("status", "status", readonly=True)
    vetted_on = Field("vetted_on", "vetted_on", readonly=True)
    vet_again_by = Field("vet_again_by", "vet_again_by", readonly=True)
    is_made_up = Field("is_made_up", "is_made_up", readonly=True)

    class Meta:
        model = Provider
        exclude = ("id",)
        import_id_fields = ("legal_name",)
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in _LISTS:
            self.fields[name].widget = ListWidget()
        for name in _DATES:
            # One way to write a day: 02/03/2026 is refused, never guessed.
            self.fields[name].widget = DateWidget(format="%Y-%m-%d")

    @override
    def after_init_instance(self, instance: Provider, new: bool, row: Any, **kwargs: Any) -> None:
        # A cell that is not there keeps what stands; an empty one of a number is not stated.
        for name in ("quote_within_days", "certificate_within_hours"):
            if row.get(name) == "":
                row[name] = None

    @override
    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: Any = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        if unknown := sorted(set(instance.lines) - set(PolicyKind.values)):
            errors["lines"] = ValidationError(f"Not a kind of policy: {', '.join(unknown)}.")
        super().validate_instance(instance, errors, validate_unique)


class AppetiteResource(SheetResource):
    """What providers write, by provider and marketplace; amounts in the market's currency."""

    provider = Field("provider", "provider", ForeignKeyWidget(Provider, "legal_name"))
    marketplace = Field("marketplace", "marketplace", ForeignKeyWidget(Marketplace, "code"))

    class Meta:
        model = Appetite
        exclude = ("id",)
        import_id_fields = ("provider", "marketplace")
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in _AMOUNTS:
            self.fields[name].widget = AmountWidget()
