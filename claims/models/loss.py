"""Words of a loss: kinds of harm, severity, Medicare status, heads of damage (rules §2)."""

from django.db import models


class Harm(models.TextChoices):
    """What the defect did (rules §2, kinds of harm)."""

    FIRE = "FIRE", "Fire or heat"
    ELECTRICAL = "ELECTRICAL", "Electrical"
    BATTERY = "BATTERY", "Battery"
    MECHANICAL = "MECHANICAL", "Mechanical failure"
    CHEMICAL = "CHEMICAL", "Chemical or allergy"
    INGESTION = "INGESTION", "Ingestion or choking"
    CUT = "CUT", "Cut"
    FALL = "FALL", "Fall or collapse"
    WATER = "WATER", "Water leak"
    OTHER = "OTHER", "Other"


class Severity(models.TextChoices):
    """How badly a person was hurt, least first (rules §2)."""

    NONE = "NONE", "No injury"
    FIRST_AID = "FIRST_AID", "First aid"
    TREATMENT = "TREATMENT", "Treatment"
    HOSPITAL = "HOSPITAL", "Hospital admission"
    GRIEVOUS = "GRIEVOUS", "Grievous injury"
    DEATH = "DEATH", "Death"


class Medicare(models.TextChoices):
    """Whether the claimant is a Medicare beneficiary (US reporting duty, rules §7)."""

    NO = "NO", "No"
    YES = "YES", "Yes"
    UNKNOWN = "UNKNOWN", "Not known"


class Head(models.TextChoices):
    """Heads of damage. The last five are never paid (rules §2 [S])."""

    PURCHASE_PRICE = "PURCHASE_PRICE", "Purchase price"
    MEDICAL = "MEDICAL", "Medical bills"
    LOST_WAGES = "LOST_WAGES", "Lost wages"
    PROPERTY_DAMAGE = "PROPERTY_DAMAGE", "Property damage"
    PAIN_AND_SUFFERING = "PAIN_AND_SUFFERING", "Pain and suffering"
    BUSINESS_LOSS = "BUSINESS_LOSS", "Commercial or business loss"
    CONSEQUENTIAL = "CONSEQUENTIAL", "Consequential or incidental damage"
    PUNITIVE = "PUNITIVE", "Punitive damages"
    ATTORNEY_FEES = "ATTORNEY_FEES", "Attorney's fees"


PAYABLE_HEADS = frozenset(
    {Head.PURCHASE_PRICE, Head.MEDICAL, Head.LOST_WAGES, Head.PROPERTY_DAMAGE}
)
INJURY_HEADS = frozenset({Head.MEDICAL, Head.LOST_WAGES})
