"""The Accelerator's figures in force on a day."""

from dataclasses import dataclass
from datetime import date

from insurance.models import AcceleratorTerms


@dataclass(frozen=True, slots=True)
class VettingFigures:
    """What concerns a provider in every market, in days: the strictest figure of all of them."""

    rating_good_for: int
    check_good_for: int
    vetting_lasts: int
    notice: int


def figures_of(market: str, *, on: date) -> AcceleratorTerms:
    """The version of a marketplace in force on a day; before the first version, the first."""
    rows = AcceleratorTerms.objects.filter(marketplace_id=market)
    row = rows.filter(effective_on__lte=on).order_by("-effective_on").first()
    return row or rows.order_by("effective_on")[0]


def vetting_figures(*, on: date) -> VettingFigures:
    """The strictest figures in force on a day, over all marketplaces. One query."""
    latest = {
        row.marketplace_id: row
        for row in AcceleratorTerms.objects.filter(effective_on__lte=on).order_by("effective_on")
    }
    rows = list(latest.values()) or [AcceleratorTerms()]
    return VettingFigures(
        rating_good_for=min(row.rating_good_for_days for row in rows),
        check_good_for=min(row.check_good_for_days for row in rows),
        vetting_lasts=min(row.vetting_lasts_days for row in rows),
        notice=max(row.vet_again_notice_days for row in rows),
    )
