"""Letters in words: one template a kind, the facts of the decision, the reader's own clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from claims.letters import (
    ANSWER_WORDS,
    CLOSED_WORDS,
    PAYEE_WORDS,
    PAYER_WORDS,
    STATUS_WORDS,
    LetterKind,
    check_letter,
    denial_words,
)
from claims.models import Claim, Notice, Recipient
from sellers.money import display_amount
from sellers.post.text import local_moment, long_date, one_line, render_letter

# Everything that the words of a letter read of a claim: no query per letter.
READS = (
    "claim__marketplace",
    "claim__seller",
    "claim__order__product",
    "claim__claimant",
    "claim__terms__marketplace",
)


def render(notice: Notice) -> tuple[str, str]:
    """Subject (one line) and body of a letter: as it left, or as it would leave now.

    Raises:
        LetterNotPossible: its kind is not known, or a fact is missing.
        ReasonNotKnown: a denial with a code that no letter has words for.
    """
    if notice.body:
        return notice.subject, notice.body
    check_letter(notice.kind, recipient=notice.recipient, facts=notice.facts)
    template = f"letters/{notice.kind.lower()}.txt"
    return render_letter(template, _words(notice), is_made_up=is_made_up(notice.claim))


def is_made_up(claim: Claim) -> bool:
    """Whether anything of the claim or its parties is demo data: then no real letter may leave."""
    parties = (claim.seller.is_made_up, claim.claimant.is_made_up, claim.order.is_made_up)
    return bool(claim.made_up_fields) or any(parties)


def portal_url(claim: Claim) -> str:
    """Where the seller finds the claim."""
    return f"{settings.SITE_URL.rstrip('/')}/portal/claims/{claim.reference}/"


def _words(notice: Notice) -> dict[str, Any]:
    claim = notice.claim
    return {
        "reference": claim.reference,
        "product": one_line(claim.order.product.title),
        "order": one_line(claim.order.external_reference),
        "market": claim.marketplace.name,
        "incident": long_date(claim.incident_on),
        "harm": claim.get_harm_display(),
        "terms": claim.terms.as_terms(),
        "reader": one_line(_reader_name(notice)),
        "portal_url": portal_url(claim),
        **_fact_words(notice.facts, claim=claim, zone=_reader_zone(notice)),
        **_code_words(notice),
        **(_denial(claim, notice.facts) if notice.kind == LetterKind.CLAIM_DENIED else {}),
    }


def _reader_name(notice: Notice) -> str:
    claim = notice.claim
    is_seller = notice.recipient == Recipient.SELLER
    return claim.seller.legal_name if is_seller else claim.claimant.name


def _reader_zone(notice: Notice) -> ZoneInfo:
    claim = notice.claim
    is_seller = notice.recipient == Recipient.SELLER
    return claim.seller.zone if is_seller else claim.marketplace.zone


def _fact_words(facts: Mapping[str, Any], *, claim: Claim, zone: ZoneInfo) -> dict[str, Any]:
    """The facts as they are, and beside them what a template shows of amounts and moments."""
    words = {name: str(value).strip() for name, value in facts.items() if value is not None}
    if facts.get("due_at"):
        words["due"] = local_moment(datetime.fromisoformat(facts["due_at"]), zone)
    for fact, name in (("amount_minor", "amount"), ("left_minor", "left_amount")):
        if facts.get(fact) is not None:
            words[name] = display_amount(facts[fact], currency=claim.currency)
    return words


def _code_words(notice: Notice) -> dict[str, Any]:
    """The codes among the facts in words; a code that nobody described is an error."""
    facts = notice.facts
    payer, payer_to_seller = PAYER_WORDS[str(facts.get("by") or "").upper()]
    words = {
        "payer_words": payer,
        "payer_to_seller_words": payer_to_seller,
        "payee_words": PAYEE_WORDS.get(facts.get("why", ""), PAYEE_WORDS[""]),
        "closed_words": CLOSED_WORDS.get(facts.get("why") or notice.claim.status, CLOSED_WORDS[""]),
    }
    if facts.get("answer"):
        words["answer_words"] = ANSWER_WORDS[facts["answer"]]
    if facts.get("status"):
        words["status_words"] = STATUS_WORDS[facts["status"]]
    return words


def _denial(claim: Claim, facts: Mapping[str, Any]) -> dict[str, Any]:
    reason = facts["reason"]
    words = denial_words(
        reason,
        terms=claim.terms.as_terms(),
        incident_on=claim.incident_on,
        claimed_minor=claim.claimed_minor,
    )
    # What screening wrote may speak of fraud signals: nobody outside reads it.
    hidden = {"text": ""} if reason == "SCREENED_OUT" else {}
    return {"reason_words": words, **hidden}
