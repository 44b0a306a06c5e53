"""Why a claim stands where it stands: rule by rule, with figures, version and source mark."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.explain import READS, FigureUsed, explain
from claims.lifecycle import STEPS
from claims.models import Claim, Deadline, HoldKind, Payout
from claims.operations.extending import add_information
from claims.operations.holds import place_hold
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.references import new_reference
from claims.terms import FIGURES
from tests.claims.core.stories import abandoned, denied, paid, paid_within_ceiling
from tests.claims.core.world import DAY, adjuster, reject
from tests.claims.operations.conftest import clock, provider, server
from tests.factories import NOON, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
FIXTURES = (clock, provider, server)
LATER = NOON + 20 * DAY


def standing(claim: Claim) -> tuple[str, ...]:
    return explain(claim, at=LATER).standing


def test_what_steps_read_are_figures_of_the_terms() -> None:
    assert {name for names in READS.values() for name in names} <= set(FIGURES)
    assert set(READS) - {"report"} <= set(STEPS)


def test_a_claim_with_its_seller_says_its_path_and_its_clock() -> None:
    claim = report_awaiting_seller()

    explained = explain(claim, at=NOON)

    assert explained.reference == claim.reference
    assert re.fullmatch(
        r"Terms of United States in force from 2021-09-01, version \d+", explained.terms
    )
    assert explained.standing[:3] == (
        "Awaiting seller since 2026-03-02 20:00 UTC.",
        "Assessed at 2,500.00 USD, which is above the ceiling of its terms.",
        "Clock: The seller's response, due 2026-03-10 07:00 UTC.",
    )


def test_a_clock_that_has_run_out_is_said_to_be_past() -> None:
    claim = report_awaiting_seller()
    assert "Clock: The seller's response, due 2026-03-10 07:00 UTC (past)." in standing(claim)


def test_each_step_has_rule_inputs_and_figures_with_their_mark() -> None:
    told = {step.label: step for step in explain(report_awaiting_seller(), at=NOON).steps}

    step = told["Notify the seller"]
    assert (step.moved_to, step.rule) == (
        "Awaiting seller",
        "rules §2: above the ceiling the seller is asked first",
    )
    assert dict(step.inputs) == {"amount": "2,500.00 USD", "ceiling": "1,000.00 USD"}
    assert step.figures == (
        FigureUsed("Ceiling at no cost to the seller", "$1,000.00", "published by the programme"),
        FigureUsed(
            "A claim of exactly the ceiling is within it", "Yes", "published by the programme"
        ),
        FigureUsed("Seller's response within", "7 days", "published by the programme"),
        FigureUsed("Seller's response counts", "calendar days", "default, not published"),
    )
    assert step.who.startswith("Operations: person")
    assert told["Reported"].who == "Claimant"


def test_steps_that_move_nothing_say_no_status() -> None:
    claim = add_information(claim=report(), text="A photo comes.", at=NOON, by=CLAIMANT)

    last = explain(claim, at=NOON).steps[-1]

    assert (last.moved_to, last.text) == ("", "A photo comes.")


def test_bars_and_open_holds_are_named_and_explained() -> None:
    claim = place_hold(
        claim=reject(report_awaiting_seller()),
        kind=HoldKind.FRAUD,
        reason="Twice seen.",
        at=NOON + 2 * DAY,
        by=adjuster(),
    )
    Claim.objects.filter(pk=claim.pk).update(bars=["CLAIMANT_MINOR"], crossed_ceiling_later=True)

    said = standing(Claim.objects.get(pk=claim.pk))

    for line in (
        "CLAIMANT_MINOR: The claimant is under age.",
        "Fraud hold since 2026-03-04: Twice seen.",
        "A re-assessment crossed the ceiling later; the path stayed as it was.",
        "It waits in the queue: Adjudication.",
    ):
        assert line in said


def test_a_payment_held_back_says_by_what() -> None:
    claim = report_assessed(claimed_minor=80_000)
    Payout.objects.filter(claim=claim).update(held_by=["PAYOUTS_PAUSED"])
    reference = Payout.objects.get(claim=claim).our_reference

    said = standing(claim)

    assert "Assessed at 800.00 USD, which is within the ceiling of its terms." in said
    assert f"Payout {reference} of 800.00 USD: Queued." in said
    assert "Held back, PAYOUTS_PAUSED: Payouts are paused." in said


def test_an_absorbed_claim_says_who_bears_it(provider: SandboxProvider) -> None:
    said = standing(paid_within_ceiling(provider))

    assert "Borne by the programme: 800.00 USD." in said
    assert not any(line.startswith("It waits in the queue") for line in said)
    assert not any(line.startswith("Held back") for line in said)


def test_a_claim_above_the_ceiling_says_what_is_recovered(provider: SandboxProvider) -> None:
    said = standing(paid(provider))

    assert "Borne by the seller: 2,500.00 USD." in said
    assert "Recovery: Demanded." in said


def test_a_denial_says_its_coded_reason() -> None:
    assert "Reason: SELLER_DEFENCE_UPHELD." in standing(denied())


def test_what_the_programme_did_by_itself_says_so() -> None:
    last = explain(abandoned(), at=LATER).steps[-1]
    assert (last.label, last.who) == ("Close as abandoned", "The programme, by itself")


def test_a_claim_without_a_clock_says_none() -> None:
    claim = report()
    Deadline.objects.filter(claim=claim).update(cancelled_at=NOON + timedelta(hours=1))
    assert not any(line.startswith("Clock") for line in standing(claim))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("amount_minor", 123_456, "1,234.56 USD"),
        ("bars", ["FRAUD_HOLD", "LEGAL_HOLD"], "FRAUD_HOLD, LEGAL_HOLD"),
        ("bars", [], "none"),
        ("is_automatic", True, "yes"),
        ("is_automatic", False, "no"),
        ("days", 7, "7"),
        ("amount_minor", None, "None"),
    ],
)
def test_inputs_in_words(name: str, value: object, words: str) -> None:
    from claims.explain import _input_words

    assert _input_words(name, value, "USD") == words


def printed(reference: str) -> str:
    out = StringIO()
    call_command("explain", reference, stdout=out)
    return out.getvalue()


def test_the_command_takes_a_reference_as_people_type_it() -> None:
    claim = reject(report_awaiting_seller())

    told = printed(claim.reference.lower().replace("-", ""))

    first, *rest = told.splitlines()
    assert first.startswith(f"{claim.reference} — Terms of United States")
    assert "  In adjudication since 2026-03-03 20:00 UTC." in rest
    assert "How it came there:" in rest
    for line in (
        "2026-03-02 20:00:00 UTC  Notify the seller → Awaiting seller  (Operations: ",
        "      rules §2: above the ceiling the seller is asked first\n",
        "      input: amount = 2,500.00 USD\n",
        "      figure: Ceiling at no cost to the seller = $1,000.00 (published by the programme)\n",
        "      The kettle was misused.\n",
    ):
        assert line in told


@pytest.mark.parametrize(
    ("typed", "words"), [("RC-2222-2222", "There is no claim|not"), ("nonsense", ".")]
)
def test_the_command_says_what_it_cannot_find(typed: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        printed(typed)


def test_the_command_says_that_a_well_formed_reference_is_nobody_s() -> None:
    reference = new_reference()
    assert not Claim.objects.filter(reference=reference).exists()

    with pytest.raises(CommandError, match=f"There is no claim {reference}."):
        printed(reference)
