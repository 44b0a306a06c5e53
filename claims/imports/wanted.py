"""What a claim needs of a row, by the names that maps use (docs/imports.md)."""

from types import MappingProxyType

from claims.models import Harm, Head, Medicare, Severity
from sellers.imports import fields
from sellers.imports.fields import Field, Reader

# One field of a map per head of damage: claimed_medical, claimed_purchase_price, …
CLAIMED = MappingProxyType({f"claimed_{head.lower()}": head for head in Head})


def _optional(name: str, label: str, read: Reader, when_missing: object = None) -> Field:
    return Field(name, label, read, is_required=False, when_missing=when_missing)


FIELDS = (
    Field("market", "marketplace", fields.market),
    Field("external_reference", "reference", fields.text(80)),
    Field("reported_at", "moment of the report", fields.moment),
    Field("incident_on", "day of the incident", fields.day),
    Field("harm", "kind of harm", fields.choice(*Harm.values)),
    Field("severity", "severity", fields.choice(*Severity.values)),
    Field("order", "order number", fields.text(80)),
    Field("claimant_name", "claimant name", fields.text(200)),
    Field("claimant_email", "claimant e-mail address", fields.email),
    _optional("claimant_born_on", "claimant's day of birth", fields.day),
    _optional("narrative", "narrative", fields.text(), ""),
    _optional("is_represented", "represented by counsel", fields.yes_no, when_missing=False),
    _optional("medicare", "Medicare status", fields.choice(*Medicare.values), Medicare.UNKNOWN),
    _optional("payee_name", "payee name", fields.text(140)),
    _optional("payee_account", "payee account", fields.text(64)),
    *(
        _optional(name, f"amount claimed: {head.label.lower()}", fields.amount)
        for name, head in CLAIMED.items()
    ),
    # What a made-up order is made from; only --demo reads these.
    _optional("seller_name", "seller's name", fields.text(200), ""),
    _optional("product_title", "product title", fields.text(200), ""),
    _optional("product_brand", "brand", fields.text(100), ""),
    _optional("product_category", "category", fields.text(80), ""),
    _optional("purchased_on", "day of purchase", fields.day),
)
