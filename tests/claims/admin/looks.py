"""What the pages of looks show: safety cases, screenings, signals, clocks, instructions."""

from datetime import date, datetime, timedelta
from pathlib import Path

from claims.models import (
    Claim,
    Deadline,
    Heartbeat,
    Recall,
    Recovery,
    RecoveryStatus,
    SafetyCase,
    ScreenedRole,
    ScreeningRecord,
    WithholdingInstruction,
)
from claims.screening.sanctions import screen_party
from claims.watch.heartbeats import BEATS
from tests.claims.screening.list_rows import import_small_list
from tests.factories import make_order, make_product, report

LISTED = "Alexander Malkevich"
ERROR = "ValueError: the clock's marketplace has no such zone"


def open_case(at: datetime) -> SafetyCase:
    """A burst: three customers report one product, of which a recall is near."""
    Recall.objects.create(
        number="24-001",
        recalled_on=date(2024, 5, 2),
        title="Emberline recalls space heaters for fire hazard",
        product_name="Emberline ceramic space heater",
        manufacturer="Emberline",
        hazard="The heater can overheat and catch fire.",
        url="https://recalls.example/24-001",
        brand_words=["emberline"],
        product_words=["ceramic", "space", "heater"],
    )
    product = make_product(title="Emberline ceramic space heater, 1500 W", brand="Emberline")
    for days in (9, 4, 0):
        report(make_order(product=product), at=at - timedelta(days=days))
    return SafetyCase.objects.get(product=product)


def find_hit(claim: Claim, folder: Path, *, at: datetime) -> ScreeningRecord:
    """A screening whose name is near a listed one."""
    import_small_list(folder)
    return screen_party(claim=claim, name=LISTED, role=ScreenedRole.CLAIMANT, at=at)


def set_aside(claim: Claim, *, at: datetime) -> Deadline:
    """The claim's clock after its step failed five times."""
    clock = Deadline.objects.filter(claim=claim, acts_at__isnull=False).latest("pk")
    Deadline.objects.filter(pk=clock.pk).update(
        acts_at=at - timedelta(minutes=10), failures=5, last_error=ERROR
    )
    clock.refresh_from_db()
    return clock


def beat_all(at: datetime) -> None:
    """Every sweep and sender ran at a moment."""
    for name in BEATS:
        Heartbeat.objects.update_or_create(pk=name, defaults={"beaten_at": at})


def instruct(claim: Claim, *, at: datetime, amount_minor: int = 64_000) -> WithholdingInstruction:
    """An instruction to withhold, as the recorder writes it."""
    recovery = Recovery.objects.create(
        claim=claim,
        status=RecoveryStatus.WITHHELD,
        amount_minor=amount_minor,
        currency=claim.currency,
        opened_at=at,
        status_since=at,
    )
    return WithholdingInstruction.objects.create(
        claim=claim,
        recovery=recovery,
        amount_minor=amount_minor,
        currency=claim.currency,
        instructed_at=at,
    )
