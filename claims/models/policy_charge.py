"""What insurers paid for claims, policy by policy: it uses up the policy's limits."""

import pgtrigger
from django.db import models
from django.db.models import Q

from claims.models.claim import Claim
from insurance.models import Policy


class PolicyCharge(models.Model):
    """An insurer paid for a claim under a policy: to the customer, or back to the programme.

    The sum over a policy is what its aggregate has been used for in its period. Rows never
    change.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="policy_charges")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="charges")
    amount_minor = models.BigIntegerField(help_text="Minor units of the claim's currency.")
    charged_at = models.DateTimeField()

    class Meta:
        ordering = ["charged_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="policy_charge_is_positive"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="policy_charge_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.amount_minor}"
