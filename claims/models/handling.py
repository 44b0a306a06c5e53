"""What happens around a claim: clocks, the seller's answers, proposals, holds, appeals."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.lifecycle import ActorKind
from claims.models.claim import Claim
from sellers.models import Marketplace


class DeadlineKind(models.TextChoices):
    """What a clock waits for (rules §2, §8)."""

    CLAIMANT_ANSWER = "CLAIMANT_ANSWER", "The claimant's answer"
    SELLER_RESPONSE = "SELLER_RESPONSE", "The seller's response"
    SELLER_SETTLEMENT = "SELLER_SETTLEMENT", "The seller's settlement with the customer"
    INSURER_ANSWER = "INSURER_ANSWER", "The insurer's answer"
    PROOF_OF_INSURANCE = "PROOF_OF_INSURANCE", "Proof of insurance"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT", "Acknowledgement of the claim"
    STATUS_LETTER = "STATUS_LETTER", "The next status letter"
    DECISION = "DECISION", "The decision promised to the customer"


# The clocks that somebody outside runs against; the others are promises of the programme.
WAITING_KINDS = (
    DeadlineKind.CLAIMANT_ANSWER,
    DeadlineKind.SELLER_RESPONSE,
    DeadlineKind.SELLER_SETTLEMENT,
    DeadlineKind.INSURER_ANSWER,
    DeadlineKind.PROOF_OF_INSURANCE,
)


class Deadline(models.Model):
    """A clock: what it waits for, whose it is, how it was counted, when it is due, how it ended.

    `due_at` is computed once, in UTC. An extension or pause closes one deadline and opens
    another. `acts_at` is when the automatic step acts (due + grace); empty where silence has
    no automatic consequence. A step that fails waits until `next_try_at`; `acts_at` stays.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=18, choices=DeadlineKind)
    owner = models.CharField(max_length=8, choices=ActorKind)
    starts_at = models.DateTimeField()
    length = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8)
    # Nobody looks for clocks by calendar, and every clock that ends would write to its index.
    calendar = models.ForeignKey(Marketplace, models.PROTECT, db_index=False)
    due_at = models.DateTimeField()
    acts_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True, help_text="The next reminder.")
    met_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why it was extended or paused.")
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    next_try_at = models.DateTimeField(
        null=True, blank=True, help_text="After a failure: not tried again before."
    )
    retried_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person last gave it back to the sweep."
    )
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retried_at__isnull=True, retried_by__isnull=True)
                | Q(retried_at__isnull=False, retried_by__isnull=False),
                name="deadline_retried_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_one_open_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DeadlineKind.values), name="deadline_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True)
                | Q(met_at__isnull=True, cancelled_at__isnull=True)
                | Q(lapsed_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("starts_at")), name="deadline_due_after_start"
            ),
        ]
        indexes = [
            # In the order of the sweep: at midnight a market's clocks all act at one moment.
            models.Index(
                fields=["acts_at", "id"],
                condition=Q(
                    acts_at__isnull=False,
                    met_at__isnull=True,
                    lapsed_at__isnull=True,
                    cancelled_at__isnull=True,
                ),
                name="deadline_next_to_act",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(
                    remind_at__isnull=False,
                    met_at__isnull=True,
                    lapsed_at__isnull=True,
                    cancelled_at__isnull=True,
                ),
                name="deadline_next_reminder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.due_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_open(self) -> bool:
        """Whether the clock still runs."""
        return self.met_at is None and self.lapsed_at is None and self.cancelled_at is None


class Answer(models.TextChoices):
    """A seller's answers above the ceiling (rules §3)."""

    ACCEPT = "ACCEPT", "Accept: the marketplace pays and recovers from me"
    HANDLE = "HANDLE", "Handle it with the customer myself"
    TENDER = "TENDER", "Tender it to my insurer"
    REJECT = "REJECT", "Reject, with reasons and documents"


class SellerResponse(models.Model):
    """What a seller answered, when it arrived, and whether that was in time."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="responses")
    answer = models.CharField(max_length=6, choices=Answer)
    reason = models.TextField(blank=True)
    arrived_at = models.DateTimeField()
    is_late = models.BooleanField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["arrived_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(is_late=False), name="response_one_in_time"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="response_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.answer}"


class ProposalStatus(models.TextChoices):
    """Where a proposed approval stands."""

    OPEN = "OPEN", "Waits for a second person"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"
    VOID = "VOID", "Void"


class Proposal(models.Model):
    """An approval above the proposer's authority: a second person decides (rules §3)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="proposals")
    step = models.CharField(max_length=24)
    amount_minor = models.BigIntegerField()
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=ProposalStatus)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_rank = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(status="OPEN"), name="proposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount_minor} ({self.status})"


class HoldKind(models.TextChoices):
    """Why two people must look (rules §2)."""

    FRAUD = "FRAUD", "Fraud"
    SANCTIONS = "SANCTIONS", "Sanctions"
    LEGAL = "LEGAL", "Legal"


class Hold(models.Model):
    """A person, or a screening hit, stopped automatic handling of a claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=9, choices=HoldKind)
    reason = models.TextField(blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=Q(released_at__isnull=True),
                name="hold_one_open_a_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=HoldKind.values), name="hold_kind_known"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=False) | Q(released_by__isnull=True),
                name="hold_released_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} hold on {self.claim_id}"


class AppealParty(models.TextChoices):
    """Who appeals."""

    SELLER = "SELLER", "Seller, against the decision to pay"
    CLAIMANT = "CLAIMANT", "Claimant, against a denial"


class AppealStatus(models.TextChoices):
    """Where an appeal stands; CLOSED undecided: the decision that it was against is gone."""

    OPEN = "OPEN", "Open"
    UPHELD = "UPHELD", "Decision upheld"
    OVERTURNED = "OVERTURNED", "Decision overturned"
    CLOSED = "CLOSED", "Closed undecided"


class Appeal(models.Model):
    """New facts against a decision, decided by somebody else than who took it (rules §3)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals")
    party = models.CharField(max_length=8, choices=AppealParty)
    new_facts = models.TextField()
    status = models.CharField(max_length=10, choices=AppealStatus)
    opened_at = models.DateTimeField()
    against_deciders = ArrayField(
        models.BigIntegerField(), default=list, help_text="Who took the decision appealed against."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "party"], condition=Q(status="OPEN"), name="appeal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", decided_at__isnull=True)
                | (~Q(status="OPEN") & Q(decided_at__isnull=False)),
                name="appeal_decided_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.party} ({self.status})"
