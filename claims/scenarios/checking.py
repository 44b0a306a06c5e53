"""What must be true: each key of a check is answered from the rows, as they stand then."""

from collections.abc import Callable, Mapping
from typing import Any

from claims.agenda import open_deadlines
from claims.ledger import borne_by
from claims.models import WAITING_KINDS, Appeal, Claim, Notice, Payout, PayoutState, Recovery
from claims.scenarios.scenario import Check
from claims.scenarios.world import World
from insurance.models import Certificate
from insurance.queries import compliance_of
from sellers.money import to_decimal_string

type Answers = Mapping[str, Callable[[], Any]]

# What is true of a claim that has not been reported yet, or whose report was refused.
NOT_THERE: Answers = {
    "status": lambda: None,
    "paid": lambda: 0,
    "payments": lambda: 0,
    "borne_by": dict,
    "recovery": lambda: "NONE",
    "bars": list,
    "due_at": lambda: None,
    "reason": lambda: "",
    "notices": lambda: {"seller": [], "claimant": []},
    "appeal": lambda: "NONE",
}
# What null, or an empty text, means in a check.
NOTHING: Mapping[str, Any] = {
    "recovery": "NONE",
    "appeal": "NONE",
    "reason": "",
    "bars": [],
    "refused": [],
    "defects": [],
    "borne_by": {},
    "paid": 0,
}


def find_differences(
    world: World, check: Check, refused: list[str]
) -> list[tuple[str, object, object]]:
    """(key, expected, found) of everything in a check that does not hold."""
    answers: dict[str, Callable[[], Any]] = {"refused": lambda: sorted(set(refused))}
    if check.seller is not None:
        answers |= _of_seller(world, check)
    if check.claim is not None:
        answers |= _of_claim(world, check)
    differences = []
    for key, given in check.expected.items():
        expected = NOTHING.get(key) if given is None or given == "" else given
        found = answers[key]()
        if key == "notices" and expected is not None:
            found = {who: found[who] for who in expected}
        if expected != found:
            shown = _shown(world, key)
            differences.append((key, shown(expected), shown(found)))
    return differences


def _shown(world: World, key: str) -> Callable[[Any], object]:
    """How a value of a check is written for people."""
    currency = world.market.currency
    if key == "paid":
        return lambda minor: to_decimal_string(minor, currency=currency)
    if key == "borne_by":
        return lambda amounts: {
            who: to_decimal_string(minor, currency=currency) for who, minor in amounts.items()
        }
    if key == "due_at":
        return lambda moment: moment and f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return lambda value: value


def _of_seller(world: World, check: Check) -> Answers:
    seller = world.sellers[str(check.seller)]
    today = check.at.astimezone(world.market.zone).date()
    return {
        "compliance": lambda: compliance_of(seller.pk, world.market.code, on=today).status.value,
        "defects": lambda: _latest_defects(seller.pk, world.market.code),
    }


def _latest_defects(seller_id: int, market: str) -> list[str]:
    latest = (
        Certificate.objects.filter(policy__seller_id=seller_id, policy__marketplace_id=market)
        .order_by("submitted_at", "pk")
        .last()
    )
    return [] if latest is None else sorted(set(latest.defect_codes))


def _of_claim(world: World, check: Check) -> Answers:
    reported = world.claims.get(str(check.claim))
    if reported is None:
        return NOT_THERE
    claim = Claim.objects.get(pk=reported.pk)
    return {
        "status": lambda: claim.status,
        "paid": lambda: _paid(claim),
        "payments": lambda: len(world.server.payments_for(claim.reference)),
        "borne_by": lambda: _bearers(claim),
        "recovery": lambda: _latest_status(Recovery.objects.filter(claim=claim)),
        "bars": lambda: sorted(set(claim.bars)),
        "due_at": lambda: _due_at(claim),
        "reason": lambda: claim.reason,
        "notices": lambda: _notices(claim),
        "appeal": lambda: _latest_status(Appeal.objects.filter(claim=claim)),
    }


def _paid(claim: Claim) -> int:
    confirmed = Payout.objects.filter(claim=claim, state=PayoutState.CONFIRMED)
    return sum(confirmed.values_list("amount_minor", flat=True))


def _bearers(claim: Claim) -> dict[str, int]:
    bearers = borne_by(claim)
    amounts = {
        "insurer": bearers.insurer_minor,
        "programme": bearers.programme_minor,
        "seller": bearers.seller_minor,
    }
    return {name: minor for name, minor in amounts.items() if minor}


def _latest_status(rows: Any) -> str:
    latest = rows.order_by("opened_at", "pk").last()
    return "NONE" if latest is None else str(latest.status)


def _due_at(claim: Claim) -> object:
    clocks = open_deadlines().filter(claim=claim, kind__in=WAITING_KINDS).order_by("due_at")
    return clocks.values_list("due_at", flat=True).first()


def _notices(claim: Claim) -> dict[str, list[str]]:
    kinds: dict[str, set[str]] = {"seller": set(), "claimant": set()}
    for recipient, kind in Notice.objects.filter(claim=claim).values_list("recipient", "kind"):
        kinds[recipient.lower()].add(kind)
    return {who: sorted(found) for who, found in kinds.items()}
