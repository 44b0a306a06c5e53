"""Letters about claims: written with the decision that causes them, delivered later."""

from django.db import models

from claims.models.claim import Claim
from sellers.post.letter import Letter, LetterState

# In a claim's words a letter is a notice.
NoticeState = LetterState


class Recipient(models.TextChoices):
    """To whom a letter goes."""

    SELLER = "SELLER", "Seller"
    CLAIMANT = "CLAIMANT", "Claimant"


class Notice(Letter):
    """One letter about a claim, to its seller or its claimant."""

    # The index of claim and kind begins with it.
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notices", db_index=False)
    event_version = models.PositiveIntegerField()
    recipient = models.CharField(max_length=8, choices=Recipient)

    class Meta(Letter.Meta):
        indexes = [*Letter.Meta.indexes, models.Index(fields=["claim", "kind"])]
