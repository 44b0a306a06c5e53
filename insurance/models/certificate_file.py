"""Files that sellers send as certificates, how far each was read, and the pictures of its pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sellers.models import Marketplace, Seller

OLD_WORD_TYPE = "application/msword"


class FileState(models.TextChoices):
    """How far a seller's file has come; what it proves stands in its certificates."""

    UPLOADED = "UPLOADED", "Received"
    READING = "READING", "Being read"
    READ = "READ", "To be confirmed"
    UNREADABLE = "UNREADABLE", "Could not be read"
    CONFIRMED = "CONFIRMED", "Sent as proof"
    SUPERSEDED = "SUPERSEDED", "Replaced by a newer file"
    ABANDONED = "ABANDONED", "Not sent"


class CertificateFile(models.Model):
    """A certificate of insurance as a seller's file: kept as it came, read once, never run.

    `suggested` is what was read, as suggestions only. `draft` is what the seller typed and has
    not sent yet, `draft_number` counts its versions; `confirmed` is what was sent last. `next_at`
    is the one column that says when to read it (again); empty: there is nothing to read.
    """

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="certificate_files")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    file = models.FileField(upload_to="certificates/", max_length=200)
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    state = models.CharField(max_length=10, choices=FileState, default=FileState.UPLOADED)
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    problem_code = models.CharField(max_length=20, blank=True)
    problem_words = models.CharField(max_length=300, blank=True)
    suggested = models.JSONField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    draft_number = models.PositiveIntegerField(default=0)
    confirmed = models.JSONField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_made_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FileState.values), name="certificate_file_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="UNREADABLE") | ~Q(problem_words=""),
                name="certificate_file_unreadable_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED")
                | Q(confirmed_at__isnull=False, confirmed__isnull=False),
                name="certificate_file_confirmed_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("UPLOADED", "READING")) | Q(next_at__isnull=False),
                name="certificate_file_to_read_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=("UPLOADED", "READING")),
                name="certificate_file_to_read",
            ),
            models.Index(fields=["seller", "marketplace"], name="certificate_file_of_seller"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_confirmed(self) -> bool:
        """Whether its seller can say what it states: it was read, or sent before with mistakes."""
        return self.state in {FileState.READ, FileState.CONFIRMED}

    @property
    def is_scan(self) -> bool:
        """Whether it has no text of its own, so that a person fills in the form."""
        return bool((self.suggested or {}).get("is_scan"))

    @property
    def is_old_word(self) -> bool:
        """Whether it is a DOC, whose text we do not read: a person fills in the form."""
        return self.media_type == OLD_WORD_TYPE


class CertificatePage(models.Model):
    """The picture of one page of a seller's file, drawn by us; a Word file has none."""

    file = models.ForeignKey(CertificateFile, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField(help_text="1 is the first page.")
    picture = models.FileField(upload_to="certificate-pages/", max_length=200)

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="certificate_page_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file}, page {self.number}"
