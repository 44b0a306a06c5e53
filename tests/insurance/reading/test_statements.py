"""What sentences state, and what they do not."""

import pytest

from insurance.reading.additional_insured import find_additional_insured
from insurance.reading.statements import Statements, sentences_of
from tests.insurance.certificates import WORDING


def said(text: str) -> Statements:
    return Statements(sentences_of(text))


def test_sentences_end_at_full_stops_and_at_lines_with_labels_of_their_own() -> None:
    text = (
        "Amazon.com Services LLC is an additional\ninsured. Deductible: $5,000 per claim\n"
        "Coverage territory: USA; notice as below\nSee Acme Inc. Products"
    )

    assert sentences_of(text) == (
        "Amazon.com Services LLC is an additional insured.",
        "Deductible: $5,000 per claim",
        "Coverage territory: USA; notice as below See Acme Inc. Products",
    )


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Deductible: $5,000 per occurrence.", "5000"),
        ("A deductible of USD 2,500 applies to each claim.", "2500"),
        ("$10,000 deductible applies.", "10000"),
        ("Self-insured retention: $25,000.", "25000"),
        ("Deductible: Nil.", "0"),
        ("Deductible: $0.", "0"),
        ("Selbstbehalt: 1.000 EUR je Schadenfall", "1000"),
        ("Franchise : néant", "0"),
        ("The limit is $1,000,000.", None),
        ("A deductible applies.", None),
    ],
)
def test_the_deductible(text: str, figure: str | None) -> None:
    amount = said(text).deductible()

    assert (amount and amount.figure, amount and amount.text) == (figure, figure and text)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Insurer A is rated A- (Excellent) by AM Best.", "A-"),
        ("AM Best rating: A++ XV", "A++"),
        ("A.M. Best A+ rated carrier", "A+"),
        ("S&P rating AA−", "AA-"),
        ("Rating: B+", "B+"),
        ("Rated A by AM Best.", "A"),
        ("A rated vessel", None),
        ("The insurer is not rated.", None),
    ],
)
def test_the_rating(text: str, grade: str | None) -> None:
    found = said(text).rating()

    assert (found and found.value) == grade


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 days’ written notice of cancellation.", 30),
        ("30 (thirty) days' notice of cancellation, 10 days for non-payment of premium.", 30),
        ("Notice of cancellation: 60 days", 60),
        ("Cancellation: 10 days for non-payment of premium, otherwise 45 days notice.", 45),
        ("30 days notice of cancellation and 20 days notice of non-renewal.", 20),
        ("Kündigungsfrist: 30 Tage", 30),
        ("Résiliation : préavis de 60 jours", 60),
        ("Should a policy be cancelled, notice is given as the policy provides.", None),
        ("Payment within 30 days.", None),
    ],
)
def test_days_of_notice(text: str, days: int | None) -> None:
    """The fewest of several; the short notice for unpaid premium does not count."""
    found = said(text).cancellation_notice_days()

    assert (found and found.value) == days


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Extended reporting period: 3 years.", 3),
        ("An extended reporting period of 36 months applies.", 3),
        ("Tail of 5 years", 5),
        ("Nachmeldefrist: 5 Jahre", 5),
        ("Three years of cover", None),
    ],
)
def test_the_tail(text: str, years: int | None) -> None:
    found = said(text).tail_years()

    assert (found and found.value) == years


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Products covered: kettles, toasters and lamps.", ("kettles", "toasters", "lamps")),
        ("Covered products are kettles", ("kettles",)),
        ("Products covered: all products of the insured.", None),
        ("Nothing about them.", None),
    ],
)
def test_products_that_are_named(text: str, names: tuple[str, ...] | None) -> None:
    found = said(text).products()

    assert (found and found.value) == names


@pytest.mark.parametrize(
    ("text", "products", "injury"),
    [
        ("Products/completed operations are included.", True, None),
        ("Products and completed operations: excluded.", False, None),
        ("Products liability is not covered.", False, None),
        ("Bodily injury and property damage are covered.", None, True),
        ("Bodily injury is excluded.", None, False),
        ("Cover without products liability and bodily injury.", False, False),
        ("Personen- und Sachschäden sind versichert.", None, True),
        ("General liability.", None, None),
    ],
)
def test_what_is_included_or_left_out(
    text: str, products: bool | None, injury: bool | None
) -> None:
    found = said(text)
    included, injuries = found.products_included(), found.bodily_injury()

    assert (included and included.value, injuries and injuries.value) == (products, injury)


@pytest.mark.parametrize(
    "text",
    [
        f"{WORDING} is an additional insured.",
        f"{WORDING} are included as additional insureds with respect to general liability.",
        f"“{WORDING}” is named as additional insured as required by written contract.",
        f"Additional insured: {WORDING}.",
        f"Additional insured is {WORDING} per form CG 20 15.",
        f"As required by written contract, {WORDING} is hereby added as an additional insured.",
        f"It is agreed that {WORDING} has been added as additional insured under the policy.",
        f"{WORDING} ist mitversichert.",
        f"Assuré additionnel : {WORDING}",
        "The certificate holder is an additional insured.",
    ],
)
def test_the_additional_insured_is_named_in_exactly_the_certificate_s_words(text: str) -> None:
    """Rules §4, check 4: the exact wording counts, so nothing is lost or added."""
    found = find_additional_insured(sentences_of(text), holder_name=WORDING)

    assert found is not None
    assert (found.value, found.text) == (WORDING, text)


@pytest.mark.parametrize(
    "text",
    [
        "The certificate holder is not an additional insured.",
        f"{WORDING} is not named as additional insured.",
        "Additional insured: none",
        "Certificate holder only.",
        "If the certificate holder is an additional insured, the policy must be endorsed.",
        "A holder may ask for additional insured status.",
    ],
)
def test_nobody_is_additional_insured_by_a_sentence_that_denies_it(text: str) -> None:
    assert find_additional_insured(sentences_of(text), holder_name=WORDING) is None
