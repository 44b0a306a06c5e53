"""What a person decides about a seller that did not prove its cover: the programme only recommends.

Source: rules §4: notice → restricted → suspended is a recommendation, and a person decides.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from insurance.compliance import recommendation
from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import write_letter
from insurance.models import RestrictionLevel, SellerRestriction
from insurance.queries import compliance_of, read_requirement_terms, terms_row
from insurance.requirement.refusals import RequirementRefused, reason_given
from insurance.standing import ComplianceStatus, Recommendation
from sellers.models import Marketplace, Seller

LEVEL_OF: Mapping[Recommendation, RestrictionLevel] = MappingProxyType(
    {
        Recommendation.NOTICE: RestrictionLevel.NOTICE,
        Recommendation.RESTRICT: RestrictionLevel.RESTRICTED,
        Recommendation.SUSPEND: RestrictionLevel.SUSPENDED,
    }
)
# As the seller reads it.
LEVEL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        RestrictionLevel.NOTICE: "formal notice that your proof of insurance is missing",
        RestrictionLevel.RESTRICTED: "your account is restricted",
        RestrictionLevel.SUSPENDED: "your account is suspended",
    }
)


@transaction.atomic
def decide_restriction(
    *,
    seller: Seller,
    marketplace: Marketplace,
    level: RestrictionLevel,
    from_on: date,
    reason: str,
    at: datetime,
    by: User,
) -> SellerRestriction:
    """Decide what follows for a seller whose cover is overdue or lapsed; the seller is told.

    A decision that holds is replaced by this one. The store acts on the export of restrictions.

    Raises:
        RequirementRefused: no reason; the seller need not prove anything now, or has; it would
            begin in the past; or this level holds already.
    """
    why = reason_given(reason, of="this is decided")
    today = at.astimezone(marketplace.zone).date()
    if from_on < today:
        raise RequirementRefused("It cannot begin in the past.")
    recommended = _recommended(seller, marketplace, today)
    holding = _holding(seller, marketplace)
    if holding is not None:
        _replace(holding, level, at=at, by=by)
    try:
        with transaction.atomic():
            decided = SellerRestriction.objects.create(
                seller=seller,
                marketplace=marketplace,
                level=level,
                reason=why,
                recommended=recommended,
                from_on=from_on,
                decided_at=at,
                decided_by=by,
            )
    except IntegrityError as error:
        raise RequirementRefused("Somebody else decided about this seller just now.") from error
    facts = {"from_on": from_on.isoformat(), "reason": why}
    _tell(decided, InsuranceLetterKind.RESTRICTION_DECIDED, facts, at=at)
    return decided


@transaction.atomic
def lift_restriction(
    *, restriction: SellerRestriction, reason: str, at: datetime, by: User
) -> SellerRestriction:
    """Lift what was decided about a seller; the seller is told.

    Raises:
        RequirementRefused: no reason, or it was lifted already.
    """
    why = reason_given(reason, of="it is lifted")
    if not _lift(restriction, reason=why, at=at, by=by):
        raise RequirementRefused("This was lifted already.")
    _tell(restriction, InsuranceLetterKind.RESTRICTION_LIFTED, {"reason": why}, at=at)
    return restriction


def _recommended(seller: Seller, marketplace: Marketplace, today: date) -> str:
    found = compliance_of(seller.pk, marketplace.pk, on=today)
    is_late = found.status in {ComplianceStatus.OVERDUE, ComplianceStatus.LAPSED}
    # Cover that ended before it was required leaves days to prove it anew.
    if not is_late or (found.days_left or 0) > 0:
        raise RequirementRefused(f"There is nothing to decide now. {found.reason}")
    terms = read_requirement_terms(terms_row(marketplace.pk, on=today))
    return recommendation(found, terms) or ""


def _holding(seller: Seller, marketplace: Marketplace) -> SellerRestriction | None:
    held = SellerRestriction.objects.select_for_update(of=("self",))
    return held.filter(seller=seller, marketplace=marketplace, lifted_at=None).first()


def _replace(
    holding: SellerRestriction, level: RestrictionLevel, *, at: datetime, by: User
) -> None:
    if holding.level == level:
        raise RequirementRefused(f"It is so already: {holding.get_level_display()}.")
    _lift(holding, reason=f"Replaced by: {level.label}.", at=at, by=by)


def _lift(restriction: SellerRestriction, *, reason: str, at: datetime, by: User) -> bool:
    open_ones = SellerRestriction.objects.filter(pk=restriction.pk, lifted_at=None)
    lifted = open_ones.update(lifted_at=at, lifted_by=by, lift_reason=reason)
    restriction.refresh_from_db()
    return bool(lifted)


def _tell(
    restriction: SellerRestriction,
    kind: InsuranceLetterKind,
    facts: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    occasion = kind.rpartition("_")[2].lower()
    write_letter(
        kind=kind,
        key=f"restriction/{restriction.pk}/{occasion}",
        seller=restriction.seller,
        marketplace=restriction.marketplace,
        facts={"level_words": LEVEL_WORDS[restriction.level], **facts},
        at=at,
    )
