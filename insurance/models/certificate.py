"""Certificates of insurance: submissions of a policy as proof."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from insurance.models.certificate_file import CertificateFile
from insurance.models.policy import Policy
from insurance.models.terms import InsuranceTerms


class Review(models.TextChoices):
    """What operations said of a certificate that has no defect on its face."""

    PENDING = "PENDING", "To be reviewed"
    ACCEPTED = "ACCEPTED", "Accepted"
    REFUSED = "REFUSED", "Refused"


class Certificate(models.Model):
    """One submission of a policy as proof: checked on every line at once (rules §4).

    A certificate without defects that is accepted proves cover from `submitted_at` on. Dates and
    products are those that this submission stated; the policy's own may be corrected later.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="certificates")
    file = models.ForeignKey(
        CertificateFile, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    products = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    defects = models.JSONField(
        default=list, help_text="Every defect: code, found, needed, words for the broker."
    )
    defect_codes = ArrayField(models.CharField(max_length=40), default=list)
    terms = models.ForeignKey(InsuranceTerms, models.PROTECT)
    checked_facts = models.JSONField(help_text="What was checked, as it stood then.")
    review = models.CharField(max_length=8, choices=Review, default=Review.ACCEPTED)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_reason = models.CharField(max_length=500, blank=True)
    review_defects = models.JSONField(
        default=list, help_text="What a person found beside the checks, with words for the broker."
    )

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review__in=Review.values), name="certificate_review_known"
            ),
            models.CheckConstraint(
                condition=~Q(review=Review.REFUSED) | ~Q(review_reason=""),
                name="certificate_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=Q(review=Review.PENDING),
                name="certificate_to_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} submitted {self.submitted_at:%Y-%m-%d}"

    @property
    def all_defects(self) -> list[dict[str, str]]:
        """What the checks found and what a person found: code, found, needed, words."""
        return [*self.defects, *self.review_defects]

    @property
    def waits_for_review(self) -> bool:
        """Whether operations must compare it with its file; one with defects waits for nobody."""
        return self.review == Review.PENDING and not self.defect_codes

    @property
    def is_proof(self) -> bool:
        """Whether this certificate proves cover: it has no defect and was accepted."""
        return not self.defect_codes and self.review == Review.ACCEPTED
