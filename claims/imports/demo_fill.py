"""What --demo makes up where a file has nothing: the same for the same reference, every time.

Only absent values are made up, never wrong ones, and every field that was is named.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from claims.imports.made_up_orders import PREFIX, MadeUpOrder
from claims.models import Harm, Head, Severity
from sellers.calendars import market_named
from sellers.models import Fulfilment
from sellers.money import MINOR_DIGITS

# Invented people and shops; any likeness is chance.
GIVEN = [
    "Ada",
    "Ben",
    "Carla",
    "Dev",
    "Elif",
    "Femi",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaya",
    "Lena",
    "Marco",
    "Nora",
    "Omar",
    "Petra",
]
FAMILY = [
    "Abbot",
    "Brandt",
    "Castell",
    "Dunmore",
    "Eriksen",
    "Farrow",
    "Grieves",
    "Holm",
    "Imber",
    "Jarrow",
    "Kessel",
]
SHOPS = ("Bluebird Trading", "Copper Kettle Goods", "Northgate Supply", "Willow & Finch")
# Whole units of a currency, from and to, that a person hurt so badly claims for treatment.
TREATMENT = {
    Severity.FIRST_AID: (8, 60),
    Severity.TREATMENT: (120, 2_400),
    Severity.HOSPITAL: (2_500, 38_000),
    Severity.GRIEVOUS: (40_000, 240_000),
    Severity.DEATH: (5_000, 40_000),
}
# Harm that spoils other things than the product itself.
SPREADING = frozenset({Harm.FIRE, Harm.ELECTRICAL, Harm.BATTERY, Harm.WATER})
_BASIS = ("market", "external_reference", "reported_at")
_DAYS_BEFORE_REPORT = 100
_LONGEST_KEY = 40


def fill_in(values: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """What is absent of a claim, made up, with the names of it all in `made_up_fields`.

    Nothing is made up for a row without market, reference or moment of report: that row is
    refused for what it lacks.
    """
    if not all(values.get(name) for name in _BASIS):
        return {}
    made: dict[str, Any] = {}
    for maker in (_incident, _severity, _harm, _claimant, _payee, _order_and_amounts):
        # Each has its own dice: a column that a later map adds changes nothing else.
        dice = Random(f"{source}/{values['external_reference']}/{maker.__name__}")  # noqa: S311
        made |= maker({**values, **made}, dice)
    kinds = {"claimed" if name.startswith("claimed_") else name for name in made}
    return made | {"made_up_fields": tuple(sorted(kinds))}


def _incident(values: dict[str, Any], dice: Random) -> dict[str, Any]:
    if "incident_on" in values:
        return {}
    reported = _report_day(values)
    day = reported - timedelta(days=dice.randint(0, _DAYS_BEFORE_REPORT))
    return {"incident_on": min(max(day, values.get("purchased_on") or day), reported)}


def _severity(values: dict[str, Any], _dice: Random) -> dict[str, Any]:
    return {} if "severity" in values else {"severity": Severity.NONE.value}


def _harm(values: dict[str, Any], _dice: Random) -> dict[str, Any]:
    return {} if "harm" in values else {"harm": Harm.OTHER.value}


def _claimant(values: dict[str, Any], dice: Random) -> dict[str, Any]:
    name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
    address = f"{name.replace(' ', '.').lower()}.{_mark(values['external_reference'])}"
    born = _report_day(values) - timedelta(days=dice.randint(22 * 365, 70 * 365))
    made = {
        "claimant_name": name,
        # A name under .example can never receive mail.
        "claimant_email": f"{address}@claimant.example",
        "claimant_born_on": born,
    }
    return {key: value for key, value in made.items() if key not in values}


def _payee(values: dict[str, Any], dice: Random) -> dict[str, Any]:
    given = {"payee_name", "payee_account"} & values.keys()
    # Some claimants give no account with their report: they are asked for it later.
    if given or dice.random() < 1 / 8:
        return {}
    account = f"{PREFIX}-{_mark(values['external_reference'])}"
    return {"payee_name": values["claimant_name"], "payee_account": account}


def _order_and_amounts(values: dict[str, Any], dice: Random) -> dict[str, Any]:
    price = dice.randint(8, 180) * _unit(values) - _unit(values) // 100
    made = {} if "order" in values else {"order": _order(values, dice, price)}
    if any(name.startswith("claimed_") for name in values):
        return made
    return made | _amounts(values, dice, price)


def _amounts(values: dict[str, Any], dice: Random, price: int) -> dict[str, Any]:
    def some(least: int, most: int) -> int:
        return dice.randint(least, most) * _unit(values)

    claimed = {Head.PURCHASE_PRICE: price}
    severity = Severity(values["severity"])
    if severity in TREATMENT:
        claimed[Head.MEDICAL] = some(*TREATMENT[severity])
    if severity == Severity.HOSPITAL and dice.random() < 1 / 2:
        claimed[Head.LOST_WAGES] = some(300, 4_000)
    if values["harm"] in SPREADING and dice.random() < 2 / 3:
        claimed[Head.PROPERTY_DAMAGE] = some(40, 6_000)
    if severity != Severity.NONE and dice.random() < 1 / 8:
        claimed[Head.PAIN_AND_SUFFERING] = some(200, 2_000)
    return {f"claimed_{head.lower()}": minor for head, minor in claimed.items()}


def _order(values: dict[str, Any], dice: Random, price: int) -> MadeUpOrder:
    incident, bought = values["incident_on"], values.get("purchased_on")
    arrived = bought or incident - timedelta(days=dice.randint(3, 200))
    name = values.get("seller_name") or dice.choice(SHOPS)
    reference = values["external_reference"]
    return MadeUpOrder(
        market=values["market"],
        reference=f"{PREFIX}-{reference}"[:80],
        seller_key=_key(name),
        seller_name=name,
        sku=f"{PREFIX}-{_mark(reference)}",
        title=values.get("product_title") or "A product without a name",
        brand=values.get("product_brand", ""),
        category=values.get("product_category", ""),
        price_minor=price,
        delivered_on=min(arrived + timedelta(days=dice.randint(0, 5)), incident),
        fulfilment=dice.choice(list(Fulfilment)),
    )


def _report_day(values: dict[str, Any]) -> date:
    reported_at: datetime = values["reported_at"]
    return reported_at.astimezone(market_named(values["market"]).zone).date()


def _unit(values: dict[str, Any]) -> int:
    """Minor units in one whole unit of the row's currency."""
    decimals = MINOR_DIGITS[market_named(values["market"]).currency]
    return int(10**decimals)


def _mark(reference: str) -> str:
    return f"{crc32(reference.encode()):08x}"


def _key(name: str) -> str:
    """One key for the spellings of one shop: "Wal-Mart", "walmart.com" → "walmart"."""
    folded = name.casefold().removeprefix("www.")
    plain = re.sub(r"[^a-z0-9]", "", re.sub(r"\.(com|net|org)\b.*", "", folded))
    return plain[:_LONGEST_KEY] or f"shop-{_mark(name)}"
