"""What must be true: each key of a check is answered from the rows, as they stand then."""

from collections.abc import Callable, Mapping
from typing import Any

from claims.agenda import open_deadlines
from claims.ledger import borne_by
from claims.models import WAITING_KINDS, Appeal, Claim, Notice, Payout, PayoutState, Recovery
from claims.scenarios.files import Check, FileNotUnderstood, read_moment
from claims.scenarios.world import World
from insurance.models import Certificate
from insurance.queries import compliance_of
from sellers.money import to_decimal_string


def find_differences(
    world: World, check: Check, refused: list[str]
) -> list[tuple[str, object, object]]:
    """(key, expected, found) of everything in a check that does not hold.

    Raises:
        FileNotUnderstood: the check names a claim or seller that is not there.
    """
    where = f"checks[{check.number}]"
    found = _seller_answers(world, check, where) if check.seller else None
    answers = found or _claim_answers(world, check, where, refused)
    differences = []
    for key, expected in check.expected.items():
        if key not in answers:
            raise FileNotUnderstood(f"{where}.{key}: cannot be checked of this")
        wanted, actual = _alike(key, expected, answers[key](), where)
        if wanted != actual:
            differences.append((key, wanted, actual))
    return differences


def _seller_answers(world: World, check: Check, where: str) -> dict[str, Callable[[], Any]]:
    seller = world.seller_named(str(check.seller), f"{where}.seller")
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
    return [] if latest is None else list(latest.defect_codes)


def _claim_answers(
    world: World, check: Check, where: str, refused: list[str]
) -> dict[str, Callable[[], Any]]:
    if check.claim not in world.claims:
        if "refused" in check.expected:
            return {"refused": lambda: refused}
        raise FileNotUnderstood(f"{where}.claim: no claim “{check.claim}” was reported")
    claim = Claim.objects.get(pk=world.claims[check.claim].pk)
    return {
        "status": lambda: claim.status,
        "paid": lambda: _money(claim, _paid(claim)),
        "payments": lambda: len(world.server.payments_for(claim.reference)),
        "borne_by": lambda: _bearers(claim),
        "recovery": lambda: _recovery(claim),
        "bars": lambda: list(claim.bars),
        "due_at": lambda: _due_at(claim),
        "reason": lambda: claim.reason,
        "refused": lambda: refused,
        "notices": lambda: _notices(claim),
        "appeal": lambda: _appeal(claim),
    }


def _money(claim: Claim, minor: int) -> str:
    return to_decimal_string(minor, currency=claim.currency)


def _paid(claim: Claim) -> int:
    confirmed = Payout.objects.filter(claim=claim, state=PayoutState.CONFIRMED)
    return sum(confirmed.values_list("amount_minor", flat=True))


def _bearers(claim: Claim) -> dict[str, str]:
    bearers = borne_by(claim)
    amounts = {
        "programme": bearers.programme_minor,
        "seller": bearers.seller_minor,
        "insurer": bearers.insurer_minor,
    }
    return {name: _money(claim, minor) for name, minor in amounts.items() if minor}


def _recovery(claim: Claim) -> str:
    recovery = Recovery.objects.filter(claim=claim).first()
    return "none" if recovery is None else recovery.status


def _appeal(claim: Claim) -> str:
    appeal = Appeal.objects.filter(claim=claim).order_by("opened_at", "pk").last()
    return "none" if appeal is None else appeal.status


def _due_at(claim: Claim) -> str | None:
    clock = open_deadlines().filter(claim=claim, kind__in=WAITING_KINDS).order_by("due_at").first()
    return None if clock is None else clock.due_at.isoformat()


def _notices(claim: Claim) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {"seller": [], "claimant": []}
    for recipient, kind in Notice.objects.filter(claim=claim).values_list("recipient", "kind"):
        kinds[recipient.lower()].append(kind)
    return kinds


def _alike(key: str, expected: Any, actual: Any, where: str) -> tuple[object, object]:
    """Both sides in one form: codes as sets, moments as moments, amounts without zeros."""
    if key in {"bars", "refused", "defects"}:
        return sorted(set(expected)), sorted(set(actual))
    if key == "due_at":
        return _moment(expected, where), _moment(actual, where)
    if key == "borne_by":
        return _without_zeros(expected), actual
    if key == "notices":
        wanted = {who: sorted({kind.upper() for kind in kinds}) for who, kinds in expected.items()}
        return wanted, {who: sorted(set(actual[who])) for who in wanted if who in actual}
    if key in {"recovery", "appeal"}:
        return str(expected or "none").upper(), str(actual).upper()
    return expected, actual


def _moment(text: object, where: str) -> str | None:
    return None if text in {None, "none"} else read_moment(text, f"{where}.due_at").isoformat()


def _without_zeros(amounts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in amounts.items() if text.strip("0.")}
