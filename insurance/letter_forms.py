"""Every kind of letter about insurance: who reads it, its name, and the facts its words need.

`insurance.letter_text` turns the facts into words with
`templates/insurance_letters/<kind in lower case>.txt`, by the endings of their names: `due_on` is
an ISO date and becomes `due`, `ends_at` an ISO moment and becomes `ends`, `figure_minor` is an
amount in the market's currency and becomes `figure`. Everything else is shown as it is.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from insurance.models.letter import LetterReader
from sellers.post.forms import Form


class InsuranceLetterKind(StrEnum):
    """Every letter that is written about insurance."""

    # to the seller, about the requirement
    COVER_REQUIRED = "COVER_REQUIRED"
    COVER_REMINDER = "COVER_REMINDER"
    COVER_EXPIRING = "COVER_EXPIRING"
    COVER_LAPSED = "COVER_LAPSED"
    WAIVER_GRANTED = "WAIVER_GRANTED"
    WAIVER_ENDED = "WAIVER_ENDED"
    RESTRICTION_DECIDED = "RESTRICTION_DECIDED"
    RESTRICTION_LIFTED = "RESTRICTION_LIFTED"


def _seller(title: str, needs: str = "", optional: str = "") -> Form:
    return Form(title, LetterReader.SELLER, frozenset(needs.split()), frozenset(optional.split()))


K = InsuranceLetterKind
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        K.COVER_REQUIRED: _seller(
            "You need product liability insurance",
            "triggered_on due_on each_occurrence_minor aggregate_minor deductible_max_minor "
            "additional_insured notice_of_cancellation_days minimum_days_to_run",
            "figure_minor trigger_minor",
        ),
        K.COVER_REMINDER: _seller("Your proof of insurance is due", "due_on left"),
        K.COVER_EXPIRING: _seller("Your insurance is ending", "cover_ends_on left"),
        K.COVER_LAPSED: _seller("Your insurance has ended", "cover_ends_on"),
        K.WAIVER_GRANTED: _seller("You need no proof of insurance for now", "until_on"),
        K.WAIVER_ENDED: _seller("You need proof of insurance again", "until_on"),
        K.RESTRICTION_DECIDED: _seller("We limit your account", "level_words reason from_on"),
        K.RESTRICTION_LIFTED: _seller("Your account is free again", "level_words reason"),
    }
)
