"""Letters about the requirement: found for all sellers at once, each written once."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.db import connection

from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import Draft, write_letters
from insurance.requirement.letters_sql import LETTERS_DUE
from insurance.requirement.standings import Question
from insurance.terms import RequirementTerms
from sellers.models import Marketplace, Seller

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class LetterDue:
    """A letter that is to be written, with what it speaks of."""

    seller_id: int
    kind: InsuranceLetterKind
    key: str
    triggered_on: date
    figure_minor: int | None
    due_on: date
    cover_ends_on: date | None
    waived_until: date | None


def write_letters_due(question: Question, *, at: datetime) -> int:
    """Write the letters that are due to the sellers a question is about; how many they were.

    Read from the stored positions, so refresh those first.
    """
    market = Marketplace.objects.get(pk=question.market)
    due = letters_due(question)
    for chunk in batched(due, CHUNK):
        sellers = Seller.objects.in_bulk([one.seller_id for one in chunk])
        write_letters(
            [
                Draft(
                    kind=one.kind,
                    key=one.key,
                    seller=sellers[one.seller_id],
                    marketplace=market,
                    facts=facts_of(one, day=question.day, terms=question.terms),
                )
                for one in chunk
            ],
            at=at,
        )
    return len(due)


def letters_due(question: Question) -> list[LetterDue]:
    """The letters that are due and not written, by seller."""
    parameters = question.parameters | {
        "reminders": list(question.terms.reminder_days),
        "expiring_reminders": list(question.terms.expiring_reminder_days),
    }
    with connection.cursor() as cursor:
        cursor.execute(LETTERS_DUE, parameters)
        rows = cursor.fetchall()
    return [LetterDue(row[0], InsuranceLetterKind(row[1]), *row[2:]) for row in rows]


def facts_of(due: LetterDue, *, day: date, terms: RequirementTerms) -> dict[str, Any]:
    """What a letter says, as plain JSON."""
    match due.kind:
        case InsuranceLetterKind.COVER_REQUIRED:
            return _required(due, day=day, terms=terms)
        case InsuranceLetterKind.COVER_REMINDER:
            return {"due_on": due.due_on.isoformat(), "left": left((due.due_on - day).days)}
        case InsuranceLetterKind.WAIVER_ENDED:
            return {"until_on": _iso(due.waived_until)}
    ends = due.cover_ends_on or day
    return {"cover_ends_on": ends.isoformat(), "left": left((ends - day).days)}


def left(days: int) -> str:
    """So many days in words, for a sentence like “due in …”."""
    if days <= 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"


def _required(due: LetterDue, *, day: date, terms: RequirementTerms) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "triggered_on": due.triggered_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "has_passed": due.due_on < day,
        "each_occurrence_minor": terms.each_occurrence_minor,
        "aggregate_minor": terms.aggregate_minor,
        "deductible_max_minor": terms.deductible_max_minor,
        "additional_insured": terms.additional_insured_wording,
        "notice_of_cancellation_days": terms.notice_of_cancellation_days,
        "minimum_days_to_run": terms.minimum_days_to_run,
    }
    if due.figure_minor is not None:
        facts |= {"figure_minor": due.figure_minor, "trigger_minor": terms.monthly_trigger_minor}
    return facts


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
