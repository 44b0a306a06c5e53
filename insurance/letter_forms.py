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
    # to the seller, about its certificates
    CERTIFICATE_ACCEPTED = "CERTIFICATE_ACCEPTED"
    CERTIFICATE_REFUSED = "CERTIFICATE_REFUSED"
    CERTIFICATE_UNREADABLE = "CERTIFICATE_UNREADABLE"
    # about quotes: to the provider, with its link
    QUOTE_ASKED = "QUOTE_ASKED"
    QUOTE_REMINDER = "QUOTE_REMINDER"
    QUOTE_CHOSEN = "QUOTE_CHOSEN"
    QUOTE_NOT_NEEDED = "QUOTE_NOT_NEEDED"
    # about quotes: to the seller
    QUOTE_RECEIVED = "QUOTE_RECEIVED"
    QUOTE_REVISED = "QUOTE_REVISED"
    QUOTE_DECLINED = "QUOTE_DECLINED"
    QUOTE_ENDING = "QUOTE_ENDING"
    QUOTE_ENDED = "QUOTE_ENDED"
    QUOTE_ACCEPTED = "QUOTE_ACCEPTED"
    APPLICATION_ENDED = "APPLICATION_ENDED"


def _seller(title: str, needs: str = "", optional: str = "") -> Form:
    return Form(title, LetterReader.SELLER, frozenset(needs.split()), frozenset(optional.split()))


def _provider(title: str, needs: str) -> Form:
    return Form(title, LetterReader.PROVIDER, frozenset(needs.split()))


_LINK = "application invitation_id link_number ends_at"
_QUOTE = "application application_id provider premium_minor quoted_on valid_until_on"


K = InsuranceLetterKind
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        K.COVER_REQUIRED: _seller(
            "You need product liability insurance",
            "triggered_on due_on each_occurrence_minor aggregate_minor deductible_max_minor "
            "additional_insured notice_of_cancellation_days minimum_days_to_run",
            "figure_minor trigger_minor has_passed",
        ),
        K.COVER_REMINDER: _seller("Your proof of insurance is due", "due_on left"),
        K.COVER_EXPIRING: _seller("Your insurance is ending", "cover_ends_on left"),
        K.COVER_LAPSED: _seller("Your insurance has ended", "cover_ends_on"),
        K.WAIVER_GRANTED: _seller("You need no proof of insurance for now", "until_on"),
        K.WAIVER_ENDED: _seller("You need proof of insurance again", "until_on"),
        K.RESTRICTION_DECIDED: _seller(
            "A decision about your account", "level_words reason from_on"
        ),
        K.RESTRICTION_LIFTED: _seller(
            "A decision about your account is lifted", "level_words reason"
        ),
        K.CERTIFICATE_ACCEPTED: _seller(
            "Your certificate is accepted", "policy submitted_at effective_on last_on"
        ),
        K.CERTIFICATE_REFUSED: _seller("Your certificate must be corrected", "policies", "reason"),
        K.CERTIFICATE_UNREADABLE: _seller("We could not read your certificate", "file problem"),
        K.QUOTE_ASKED: _provider("A seller asks for a quote", _LINK),
        K.QUOTE_REMINDER: _provider("A quote is asked for and not answered yet", _LINK),
        K.QUOTE_CHOSEN: _provider(
            "Your quote was accepted", f"{_QUOTE} legal_entity contact_name contact_email starts_on"
        ),
        K.QUOTE_NOT_NEEDED: _provider("An application needs no answer", "application why"),
        K.QUOTE_RECEIVED: _seller("You have a quote", _QUOTE),
        K.QUOTE_REVISED: _seller(
            "A provider changed its quote",
            f"{_QUOTE} was_premium_minor was_quoted_on was_valid_until_on words",
        ),
        K.QUOTE_DECLINED: _seller(
            "A provider does not quote", "application provider reason", "words"
        ),
        K.QUOTE_ENDING: _seller("A quote is ending", _QUOTE),
        K.QUOTE_ENDED: _seller("A quote has ended", _QUOTE),
        K.QUOTE_ACCEPTED: _seller("You accepted a quote", _QUOTE),
        K.APPLICATION_ENDED: _seller("Your application has ended", "application why"),
    }
)
