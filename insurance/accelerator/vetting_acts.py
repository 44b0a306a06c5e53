"""What people of operations do about a provider: record a check, decide where it stands."""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from insurance.accelerator.figures import vetting_figures
from insurance.accelerator.refusals import VettingRefused
from insurance.accelerator.vetting import (
    MOVES,
    CheckFacts,
    StepStanding,
    looked_at,
    standing_of,
    why_not_vetted,
)
from insurance.models import (
    Provider,
    ProviderDecision,
    ProviderMove,
    ProviderStatus,
    VettingCheck,
    VettingStep,
)


def vetting_standing(provider: Provider, *, at: datetime) -> list[StepStanding]:
    """Every step of a provider's vetting as it stands at a moment. Two queries."""
    checks = [
        CheckFacts(*row)
        for row in provider.vetting_checks.values_list(
            "pk", "step", "passed", "checked_at", "checked_by", "facts"
        )
    ]
    good_for_days = vetting_figures(on=_day(at)).check_good_for
    return standing_of(checks, provider=provider, at=at, good_for_days=good_for_days)


@transaction.atomic
def record_check(
    *,
    provider: Provider,
    step: VettingStep,
    passed: bool,
    reason: str,
    source: str,
    at: datetime,
    by: User,
    document: str = "",
) -> VettingCheck:
    """Keep what a person found, with its source and what they looked at. Never changed later.

    Raises:
        VettingRefused: the provider is retired, or reason or source is missing.
    """
    current = Provider.objects.select_for_update().get(pk=provider.pk)
    if current.status == ProviderStatus.RETIRED:
        raise VettingRefused("A retired provider is not checked: take it up again first.")
    if not reason.strip() or not source.strip():
        raise VettingRefused("Say what you found, and from which source.")
    return VettingCheck.objects.create(
        provider=current,
        step=step,
        passed=passed,
        reason=reason,
        source=source,
        document=document,
        checked_at=at,
        checked_by=by,
        facts=looked_at(step, current),
    )


@transaction.atomic
def decide_provider(
    *,
    provider: Provider,
    move: ProviderMove,
    reason: str,
    at: datetime,
    by: User,
    vet_again_by: date | None = None,
) -> Provider:
    """Vet, suspend, retire or reopen a provider, as a person decides, with a reason.

    Vetting needs every step to stand and somebody who made none of the checks. `vet_again_by`
    may be earlier than the terms say, never later.

    Raises:
        VettingRefused: the provider stands elsewhere, a step does not stand, or a reason lacks.
    """
    current = Provider.objects.select_for_update().get(pk=provider.pk)
    before, after = MOVES[move]
    if current.status not in before:
        raise VettingRefused(
            f"A provider that is {current.get_status_display().lower()} cannot be "
            f"{ProviderMove(move).label.lower()}."
        )
    if not reason.strip():
        raise VettingRefused("Give the reason for the decision.")
    standing: list[StepStanding] = []
    if move == ProviderMove.VET:
        standing = _checked_standing(current, at=at, by=by)
        _set_dates(current, at=at, vet_again_by=vet_again_by)
    current.status = after
    current.save()
    ProviderDecision.objects.create(
        provider=current,
        move=move,
        reason=reason,
        decided_at=at,
        decided_by=by,
        checks=[one.check.key for one in standing if one.check],
    )
    return current


def _checked_standing(provider: Provider, *, at: datetime, by: User) -> list[StepStanding]:
    standing = vetting_standing(provider, at=at)
    if why := why_not_vetted(standing, by=by.pk):
        raise VettingRefused(why)
    return standing


def _set_dates(provider: Provider, *, at: datetime, vet_again_by: date | None) -> None:
    today = _day(at)
    latest = today + timedelta(days=vetting_figures(on=today).vetting_lasts)
    again = vet_again_by or latest
    if not today < again <= latest:
        raise VettingRefused(f"The next vetting lies after today, and by {latest} at the latest.")
    provider.vetted_on, provider.vet_again_by = today, again


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
