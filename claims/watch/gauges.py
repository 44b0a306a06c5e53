"""How things stand, beside how late they are: heartbeats, pauses, queues, the last check."""

from datetime import datetime

from claims.models import (
    BankTransfer,
    Heartbeat,
    InvariantReport,
    Notice,
    NoticeState,
    PauseCause,
    PayoutSwitch,
    ProviderCircuit,
    TransferStatus,
)

_WAITING = (NoticeState.QUEUED, NoticeState.SENDING)


def stand(*, at: datetime) -> dict[str, float]:
    """Gauges by name; what has never been is left out, never said to be 0."""
    circuit = ProviderCircuit.objects.filter(pk=1).first() or ProviderCircuit()
    rests = circuit.closed_until is not None and at < circuit.closed_until
    return {
        **_heartbeats(at),
        **_pauses(),
        **_last_check(at),
        "redress_letters_waiting": float(Notice.objects.filter(state__in=_WAITING).count()),
        "redress_bank_transfers_waiting": float(
            BankTransfer.objects.filter(status=TransferStatus.WAITING).count()
        ),
        "redress_provider_failures": float(circuit.failures),
        "redress_provider_rests": float(rests),
    }


def _heartbeats(at: datetime) -> dict[str, float]:
    rows = Heartbeat.objects.order_by("name").values_list("name", "beaten_at", "failures")
    ages, failures = {}, {}
    for name, beaten_at, failed in rows:
        ages[f'redress_heartbeat_age_seconds{{name="{name}"}}'] = _age(beaten_at, at)
        failures[f'redress_heartbeat_failures{{name="{name}"}}'] = float(failed)
    return ages | failures


def _pauses() -> dict[str, float]:
    causes = PayoutSwitch.objects.filter(is_paused=True).values_list("causes", flat=True).first()
    return {
        f'redress_payouts_paused_by{{cause="{cause.lower()}"}}': float(cause in (causes or ()))
        for cause in PauseCause.values
    }


def _last_check(at: datetime) -> dict[str, float]:
    last = InvariantReport.objects.order_by("-at", "-id").first()
    if last is None:
        return {}
    return {
        "redress_invariant_violations": float(last.violations),
        "redress_invariant_check_age_seconds": _age(last.at, at),
    }


def _age(moment: datetime, at: datetime) -> float:
    return max((at - moment).total_seconds(), 0.0)
