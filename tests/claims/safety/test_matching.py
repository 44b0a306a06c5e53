"""How well a recall fits a product: UPC, brand, words (rules §7)."""

import pytest
from hypothesis import given, strategies as st

from claims.safety.matching import (
    Match,
    ProductWords,
    RecallWords,
    match_recall,
    product_words,
    read_upc,
    recall_words,
    split_title,
    words_in,
)

FORK = recall_words(
    title="Ritchey Design Recalls Carbon Bicycle Forks Due to Risk of Serious Injury",
    product_name="Ritchey Carbon Fiber Bicycle Forks",
    upcs=["0796941-390019", "none"],
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Children's Toothbrush Boxes", {"children", "toothbrush", "boxe"}),
        ("Glass Bus® with THE Crème", {"glass", "bus", "creme"}),
        ("32° HEAT, 2 tins of it", {"heat", "tin"}),
        ("Gas", {"gas"}),
        ("", set()),
    ],
)
def test_words_that_say_something(text: str, words: set[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("title", "firm", "product"),
    [
        ("Acme Recalls Kettles Due to Fire Hazard", "Acme", "Kettles"),
        ("Acme Voluntarily Recalls Kettles; Violates Standard", "Acme", "Kettles"),
        ("Kettles Recalled Due to Fire Hazard", "", "Kettles"),
        ("Acme Expands Recall of Kettles", "Acme", "Recall of Kettles"),
        ("Acme Recalls Kettles", "Acme", "Kettles"),
        ("Kettles on fire", "", "Kettles on fire"),
    ],
)
def test_the_two_ways_a_title_reads(title: str, firm: str, product: str) -> None:
    assert split_title(title) == (firm, product)


def test_the_words_of_a_recall() -> None:
    assert (
        RecallWords(
            upcs=frozenset({"796941390019"}),
            brand=frozenset({"ritchey", "design", "carbon", "fiber", "bicycle", "fork"}),
            product=frozenset({"ritchey", "carbon", "fiber", "bicycle", "fork"}),
        )
        == FORK
    )
    unnamed = recall_words(title="Kettles Recalled Due to Fire", manufacturer="Acme Ltd")
    assert unnamed == RecallWords(frozenset(), frozenset({"acme", "kettle"}), frozenset({"kettle"}))


@pytest.mark.parametrize(
    ("text", "upc"),
    [
        ("816153011219", "816153011219"),
        ("0816153011219", "816153011219"),
        ("8 16153-01121 9", "816153011219"),
        ("81615301121", ""),
        ("SKU-816153011219", ""),
        ("８１６１５３０１１２１９", ""),
    ],
)
def test_what_is_a_upc(text: str, upc: str) -> None:
    assert read_upc(text) == upc


@pytest.mark.parametrize(
    ("title", "brand", "sku", "match"),
    [
        ("Anything", "", "0796941390019", Match(100, ("UPC 796941390019",))),
        (
            "Ritchey carbon fork for bicycles",
            "Ritchey",
            "R-1",
            Match(88, ("brand: ritchey", "title: bicycle carbon fork ritchey")),
        ),
        ("Carbon fork for bicycles", "Other", "R-1", Match(36, ("title: bicycle carbon fork",))),
        ("Fork with four prongs", "", "R-1", Match(0, ())),
        ("Saddle", "Ritchey", "R-1", Match(40, ("brand: ritchey",))),
        ("Saddle", "Ritchey Saddles", "R-1", Match(0, ())),
    ],
)
def test_how_well_the_recall_of_a_fork_fits(title: str, brand: str, sku: str, match: Match) -> None:
    assert match_recall(product_words(title=title, brand=brand, sku=sku), FORK) == match


def test_a_recall_without_words_is_matched_by_its_brand_only() -> None:
    recall = RecallWords(frozenset(), frozenset({"acme"}), frozenset())
    assert match_recall(product_words(title="Kettle", brand="Acme", sku=""), recall) == Match(
        40, ("brand: acme",)
    )


words = st.frozensets(st.sampled_from(["a1", "b2", "c3", "d4"]))


@given(words, words, words, words)
def test_a_score_stays_within_bounds_and_says_why(
    brand: frozenset[str],
    title: frozenset[str],
    recalled_brand: frozenset[str],
    product: frozenset[str],
) -> None:
    match = match_recall(
        ProductWords("", brand, title), RecallWords(frozenset(), recalled_brand, product)
    )
    assert 0 <= match.score <= 100
    assert bool(match.score) == bool(match.words)
