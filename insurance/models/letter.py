"""Letters about insurance: to a seller about its cover, to a provider about a quote."""

import re

from django.db import models
from django.db.models import Q

from insurance.models.provider import Provider
from sellers.models import Marketplace, Seller
from sellers.post.letter import Letter

_LINK = re.compile(r"(/quote-requests/)[^/\s]+/")


class LetterReader(models.TextChoices):
    """To whom a letter about insurance goes."""

    SELLER = "SELLER", "Seller"
    PROVIDER = "PROVIDER", "Provider"


class InsuranceLetter(Letter):
    """One letter about insurance. A provider's may name the seller that it is about.

    `marketplace` gives amounts their currency; only a letter to a provider may have none.
    """

    recipient = models.CharField(max_length=8, choices=LetterReader)
    seller = models.ForeignKey(
        Seller, models.PROTECT, null=True, blank=True, related_name="insurance_letters"
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, null=True, blank=True)

    class Meta(Letter.Meta):
        constraints = [
            *Letter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(recipient="SELLER", seller__isnull=False, marketplace__isnull=False)
                | Q(recipient="PROVIDER", provider__isnull=False),
                name="insuranceletter_has_its_reader",
            ),
        ]
        indexes = [
            *Letter.Meta.indexes,
            models.Index(fields=["seller", "written_at"], name="insuranceletter_of_seller"),
        ]

    @property
    def body_to_keep(self) -> str:
        """Without a provider's link: whoever reads kept letters must not answer in its name."""
        return _LINK.sub(r"\1…/", self.body)
