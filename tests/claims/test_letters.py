"""Letters in words: figures, deadlines on the reader's clock, and nothing that is not theirs."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims.launch_terms import launch_rows
from claims.letter_text import render
from claims.letters import (
    FORMS,
    LetterKind,
    ReasonNotKnown,
    check_letter,
    denial_words,
)
from claims.models import Claim, Recipient
from claims.terms import Terms, read_terms
from sellers.markets import MARKETS
from sellers.post.forms import LetterNotPossible
from sellers.post.text import MADE_UP_LINE, local_moment, long_date
from tests.claims.letter_rows import (
    CLAIMANT_EMAIL,
    CLAIMANT_NAME,
    PRODUCT,
    facts_for,
    make_claim,
    make_notice,
)

TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"
TO_SELLER = [kind for kind, form in FORMS.items() if form.recipient == Recipient.SELLER]
WITH_DEADLINE = [kind for kind, form in FORMS.items() if "due_at" in form.needs]
WITH_AMOUNT = [kind for kind, form in FORMS.items() if "amount_minor" in form.needs]
PACIFIC_DUE = (
    "Tuesday 24 November 2026, 00:00 PST (Los Angeles time), "
    "which is the end of Monday 23 November 2026"
)


def words_of(kind: LetterKind, *, claim: Claim | None = None, **facts: Any) -> tuple[str, str]:
    notice = make_notice(claim or make_claim(), kind)
    notice.facts |= facts
    return render(notice)


def terms_of(market: str) -> Terms:
    figures = next(figures for code, figures, _ in launch_rows() if code == market)
    return read_terms(
        version_id=1,
        market=market,
        currency=MARKETS[market].currency,
        effective_on=date(2021, 9, 1),
        figures=figures,
    )


# ── every kind ─────────────────────────────────────────────────────────────


def test_every_kind_has_a_form_and_a_template_and_no_template_is_left_over() -> None:
    templates = {path.stem for path in TEMPLATES.glob("[a-z]*.txt")}
    assert set(FORMS) == set(LetterKind)
    assert templates == {kind.lower() for kind in LetterKind}


@pytest.mark.parametrize("kind", LetterKind)
def test_the_first_line_of_a_template_is_its_subject(kind: LetterKind) -> None:
    first, second, *_ = (TEMPLATES / f"{kind.lower()}.txt").read_text().splitlines()
    assert first.startswith("Subject: ")
    assert second == ""


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_names_the_claim_and_the_product_and_leaves_nothing_open(
    kind: LetterKind,
) -> None:
    claim = make_claim()
    subject, body = words_of(kind, claim=claim)
    assert claim.reference in subject
    assert "\n" not in subject
    assert claim.reference in body
    assert PRODUCT in body, "plain text: quotes and brackets stay as they are"
    assert "{{" not in body
    assert "None" not in body
    assert "\n\n\n" not in body


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_can_be_written_from_the_facts_that_it_needs(kind: LetterKind) -> None:
    notice = make_notice(make_claim(), kind)
    notice.facts = {name: notice.facts[name] for name in FORMS[kind].needs}
    _, body = render(notice)
    assert ": \n" not in body, "no label without its figure"
    assert "None" not in body


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TO_SELLER)
def test_a_seller_reads_nothing_private_of_the_claimant(kind: LetterKind) -> None:
    claim = make_claim(narrative="My hand was burnt.", bars=["FRAUD_HOLD"])
    subject, body = words_of(kind, claim=claim)
    letter = f"{subject}\n{body}"
    for private in (CLAIMANT_EMAIL, CLAIMANT_NAME, "1983", "17 May", "burnt", "FRAUD", "fraud"):
        assert private not in letter
    assert f"/portal/claims/{claim.reference}/" in letter


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WITH_AMOUNT)
def test_amounts_are_written_in_the_currency_of_the_claim(kind: LetterKind) -> None:
    assert "$1,850.00" in words_of(kind)[1]
    assert "¥185,000" in words_of(kind, claim=make_claim(market="JP"))[1]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WITH_DEADLINE)
def test_deadlines_are_written_on_the_clock_of_the_reader(kind: LetterKind) -> None:
    assert PACIFIC_DUE in words_of(kind)[1]
    _, abroad = words_of(kind, claim=make_claim(seller_zone="Asia/Shanghai"))
    shanghai = "Tuesday 24 November 2026, 16:00 CST (Shanghai time)"
    expected = shanghai if FORMS[kind].recipient == Recipient.SELLER else PACIFIC_DUE
    assert expected in abroad


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [LetterKind.CLAIM_NOTICE, LetterKind.QUESTION])
@pytest.mark.parametrize(
    "made_up", [{"is_made_up": True}, {"made_up_fields": ["claimant"]}, {}], ids=repr
)
def test_letters_about_made_up_data_say_so_first(kind: LetterKind, made_up: dict[str, Any]) -> None:
    _, body = words_of(kind, claim=make_claim(**made_up))
    assert body.startswith(f"{MADE_UP_LINE}\n\nHello") is bool(made_up)


# ── what single letters say ────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_notice_names_the_four_answers_and_what_silence_means() -> None:
    claim = make_claim()
    subject, body = words_of(LetterKind.CLAIM_NOTICE, claim=claim)
    assert subject == f"Claim {claim.reference}: it needs your answer"
    for words in ("- accept: ", "- handle it ", "- tender it ", "- reject it: "):
        assert words in body
    assert "within 30 days and send us proof" in body
    assert "If you do not answer by then, we may pay the customer without you" in body


@pytest.mark.django_db
def test_the_body_stays_as_it_was_sent() -> None:
    notice = make_notice(make_claim(), subject="As sent", body="These words.\n")
    assert render(notice) == ("As sent", "These words.\n")


@pytest.mark.django_db
def test_names_of_several_lines_cannot_add_a_header() -> None:
    claim = make_claim()
    claim.order.product.title = "Kettle\nBcc: x@evil.example"
    subject, body = words_of(LetterKind.CLAIM_NOTICE, claim=claim)
    assert "\n" not in subject
    assert "Kettle Bcc: x@evil.example" in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("ACCEPT", "recover the amount from you"),
        ("HANDLE", f"Settle with the customer before {PACIFIC_DUE}"),
        ("TENDER", f"Your insurer has until {PACIFIC_DUE} to answer"),
        ("REJECT", "We may uphold your rejection"),
    ],
)
def test_an_answer_is_confirmed_with_what_happens_next(answer: str, words: str) -> None:
    assert words in words_of(LetterKind.ANSWER_RECEIVED, answer=answer)[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (LetterKind.RESPONSE_LAPSED, {}, "We approved the claim for $1,850.00"),
        (LetterKind.RESPONSE_LAPSED, {"amount_minor": None}, "without your answer"),
        (LetterKind.CLAIMANT_APPEAL_DECIDED, {}, "in your favour"),
        (LetterKind.CLAIMANT_APPEAL_DECIDED, {"outcome": "UPHELD"}, "stays as it was"),
        (LetterKind.SELLER_APPEAL_DECIDED, {}, "The customer keeps the money"),
        (LetterKind.SELLER_APPEAL_DECIDED, {"outcome": "UPHELD"}, "stays as it was"),
        (LetterKind.SELLER_APPEAL_CLOSED, {"why": "WITHDRAWN"}, "the customer withdrew the claim"),
        (LetterKind.SELLER_APPEAL_CLOSED, {"why": "VOID"}, "you can appeal within 30 days"),
        (LetterKind.CLAIMANT_APPEAL_CLOSED, {"why": "WITHDRAWN"}, "you withdrew your claim"),
        (LetterKind.CLAIMANT_APPEAL_CLOSED, {"why": "PAID"}, "had already been made"),
        (LetterKind.RECOVERY_COLLECTED, {}, "Left to pay: $350.00"),
        (LetterKind.RECOVERY_COLLECTED, {"left_minor": 0}, "Nothing is left to pay"),
        (LetterKind.CLAIM_SETTLED, {"by": "INSURER"}, "the seller's insurer paid you"),
        (LetterKind.SETTLED_CONFIRMED, {}, "settled by you, and"),
        (LetterKind.SETTLED_CONFIRMED, {"by": ""}, "settled by you or your insurer, and"),
        (LetterKind.CLAIM_RETURNED, {}, "no settlement"),
        (LetterKind.CLAIM_RETURNED, {"by": "INSURER"}, "Your insurer does not pay"),
        (LetterKind.CLAIM_RETURNED, {"by": ""}, "was not settled, so"),
        (LetterKind.PAYEE_DETAILS_NEEDED, {"why": "RETURNED"}, "the bank sent the money back"),
        (LetterKind.PAYEE_DETAILS_NEEDED, {"why": "REFUSED"}, "the bank refused the details"),
        (LetterKind.CLAIM_CLOSED, {"why": "WITHDRAWN"}, "the customer withdrew it"),
        (LetterKind.CLAIM_CLOSED, {}, "nothing will be paid"),
        (LetterKind.STATUS_UPDATE, {}, "working out what we can pay"),
        (LetterKind.PAYEE_CHANGED, {}, "we wait 72 hours"),
    ],
)
def test_the_facts_choose_the_words(kind: LetterKind, facts: dict[str, Any], words: str) -> None:
    assert words in words_of(kind, **facts)[1]


@pytest.mark.django_db
def test_a_denial_says_why_and_how_to_appeal() -> None:
    _, body = words_of(LetterKind.CLAIM_DENIED)
    assert "does not show that a defect of the product caused a loss" in body
    assert "The invoice names another product." in body
    assert "You can appeal within 30 days of this decision" in body


@pytest.mark.django_db
def test_what_screening_wrote_stays_inside() -> None:
    facts: dict[str, Any] = {"reason": "SCREENED_OUT", "text": "Same photo as RC-1111, a ring."}
    _, body = words_of(LetterKind.CLAIM_DENIED, **facts)
    assert "ring" not in body
    assert "cannot take it up as a claim" in body


# ── what cannot be written ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "recipient", "facts", "message"),
    [
        ("GREETING", "SELLER", {}, "There is no letter of the kind “GREETING”."),
        (
            "QUESTION",
            "SELLER",
            FORMS[LetterKind.QUESTION].needs,
            "The letter QUESTION is never written to the seller.",
        ),
        ("QUESTION", "CLAIMANT", {}, "The letter QUESTION lacks: due_at, question."),
    ],
)
def test_a_letter_that_cannot_be_written_is_refused(
    kind: str, recipient: str, facts: Any, message: str
) -> None:
    with pytest.raises(LetterNotPossible) as refused:
        check_letter(kind, recipient=recipient, facts=dict.fromkeys(facts, "x"))
    assert str(refused.value) == message


@pytest.mark.parametrize("kind", LetterKind)
def test_a_complete_letter_has_its_form(kind: LetterKind) -> None:
    form = FORMS[kind]
    assert check_letter(kind, recipient=form.recipient, facts=facts_for(kind)) == form
    assert len(kind) <= 32, "the column of the kind"


# ── reasons and dates ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reason", "market", "words"),
    [
        ("FILED_LATE", "US", "You can claim within 90 days of an incident. Yours was on 1 March"),
        ("BEFORE_PROGRAMME_START", "US", "covers incidents from 1 September 2021 on. Yours was"),
        ("NOT_PHYSICAL", "US", "covers physical products"),
        ("OVER_MAXIMUM", "US", "up to $1,000,000.00. You claimed $1,250,000.00."),
        ("OVER_MAXIMUM", "UK", "up to £1,000,000.00. You claimed £1,250,000.00."),
        ("DUPLICATE", "US", "the same order and the same incident"),
        ("SCREENED_OUT", "US", "we cannot take it up"),
        ("NOT_PROVEN", "US", "does not show that a defect"),
        ("SELLER_DEFENCE_UPHELD", "US", "the seller's reasons hold"),
    ],
)
def test_denials_are_explained_with_the_figures_of_the_claims_terms(
    reason: str, market: str, words: str
) -> None:
    text = denial_words(
        reason,
        terms=terms_of(market),
        incident_on=date(2026, 3, 1),
        claimed_minor=125_000_000,
    )
    assert words in text
    assert reason not in text


def test_a_reason_without_words_is_an_error() -> None:
    with pytest.raises(ReasonNotKnown, match="“MOOD”"):
        denial_words("MOOD", terms=terms_of("US"), incident_on=date(2026, 3, 1), claimed_minor=1)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/Los_Angeles", PACIFIC_DUE),
        ("Europe/London", "Tuesday 24 November 2026, 08:00 GMT (London time)"),
        ("America/Sao_Paulo", "Tuesday 24 November 2026, 05:00 UTC-03 (Sao Paulo time)"),
        ("UTC", "Tuesday 24 November 2026, 08:00 UTC"),
    ],
)
def test_moments_carry_weekday_local_time_and_zone(zone: str, expected: str) -> None:
    assert local_moment(datetime(2026, 11, 24, 8, tzinfo=UTC), ZoneInfo(zone)) == expected


def test_dates_are_written_out() -> None:
    assert long_date(date(2026, 3, 3)) == "3 March 2026"
