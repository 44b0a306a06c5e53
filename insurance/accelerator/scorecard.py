"""How providers serve: what they were asked in a period, and what became of it. One query."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from insurance.accelerator.quoting import UNANSWERED
from insurance.models import (
    Certificate,
    InvitationState,
    Quote,
    QuoteInvitation,
    QuoteState,
    Review,
)

_ONE_DAY = Value(timedelta(days=1), output_field=DurationField())
# By when a provider answers, as it promises; empty where it promises nothing.
_PROMISED = ExpressionWrapper(
    F("sent_at") + F("provider__quote_within_days") * _ONE_DAY, output_field=DateTimeField()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A provider's figures for the applications that it was sent in a period.

    `in_time` is within the days it promises for a quote; who promises none is in time while its
    link works. `refused` counts accepted quotes of which a certificate was sent back.
    """

    provider_id: int
    name: str
    asked: int
    answered: int
    in_time: int
    quoted: int
    declined: int
    unanswered: int
    accepted: int
    refused: int


def scorecard(*, first: datetime, until: datetime) -> list[Score]:
    """The figures of every provider asked from `first` and before `until`, by name."""
    # Of an invitation's versions one at most is accepted; nothing is joined that would count twice.
    chosen = Quote.objects.filter(invitation=OuterRef("pk"), state=QuoteState.ACCEPTED)
    sent_back = Certificate.objects.filter(
        ~Q(defect_codes=[]) | Q(review=Review.REFUSED),
        policy__quote__invitation=OuterRef("pk"),
    )
    in_time = Q(answered_at__isnull=False) & (
        Q(provider__quote_within_days=None) | Q(answered_at__lte=_PROMISED)
    )
    rows = (
        QuoteInvitation.objects.filter(sent_at__gte=first, sent_at__lt=until)
        .order_by("provider__legal_name")
        .values("provider_id", name=F("provider__legal_name"))
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=in_time),
            quoted=Count("pk", filter=Q(state=InvitationState.QUOTED)),
            declined=Count("pk", filter=Q(state=InvitationState.DECLINED)),
            unanswered=Count("pk", filter=Q(state=InvitationState.EXPIRED)),
            accepted=Count("pk", filter=Exists(chosen)),
            refused=Count("pk", filter=Exists(sent_back)),
        )
    )
    return [Score(**row) for row in rows]


def late_answers(*, at: datetime) -> QuerySet[QuoteInvitation]:
    """Invitations not answered within the days that their provider promises, each `promised_at`."""
    unanswered = QuoteInvitation.objects.filter(state__in=UNANSWERED)
    return unanswered.annotate(promised_at=_PROMISED).filter(promised_at__lte=at)
