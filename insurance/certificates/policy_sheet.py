# The library carries no types.
# mypy: disable-error-code="no-untyped-call"
"""Policies as a spreadsheet, out and in: one row a policy, in each market's own currency.

A policy that operations bring in this way is submitted at once, and checked on every line as any
other; what operations enter themselves needs no second look.
"""

from typing import Any, override

from django.utils import timezone
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from insurance.accelerator.resources import AmountWidget, ListWidget, SheetResource
from insurance.models import Policy
from insurance.operations import submit_policy
from sellers.models import Marketplace, Seller

_AMOUNTS = ("each_occurrence_minor", "aggregate_minor", "deductible_minor")


class _ProductsWidget(ListWidget):
    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        """The products; None, which is all of them, for an empty cell."""
        return super().clean(value, row) or None


class PolicyResource(SheetResource):
    """Policies by seller, marketplace, number and start; amounts in the market's currency."""

    seller = Field("seller", "seller", ForeignKeyWidget(Seller, "external_reference"))
    marketplace = Field("marketplace", "marketplace", ForeignKeyWidget(Marketplace, "code"))
    is_made_up = Field("is_made_up", "is_made_up", readonly=True)

    class Meta:
        model = Policy
        exclude = ("id", "provider", "dates_text")
        import_id_fields = ("seller", "marketplace", "number", "effective_on")
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in _AMOUNTS:
            self.fields[name].widget = AmountWidget()
        self.fields["territory"].widget = ListWidget()
        self.fields["products"].widget = _ProductsWidget()

    @override
    def after_save_instance(self, instance: Policy, row: Any, **kwargs: Any) -> None:
        """What was written is submitted in the same transaction; a trial run takes both back."""
        user = kwargs.get("user")
        submit_policy(policy=instance, at=timezone.now(), by_user=user.pk if user else None)
