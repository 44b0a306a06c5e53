"""How near two names are: order, accents, titles, slips, middle names (rules §7, sanctions)."""

import pytest
from hypothesis import example, given, strategies as st

from claims.screening.names import (
    edit_similarity,
    is_comparable,
    jaro_winkler,
    name_key,
    score_names,
    words_of,
)

THRESHOLD = 85


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MALKEVICH, Alexander Aleksandrovich", ("alexander", "aleksandrovich", "malkevich")),
        ("Dr. José  Núñez-Ørsted", ("jose", "nunez", "orsted")),
        ("ACME CO., LTD.", ("acme",)),
        ("Banco Nacional de Cuba S.A.", ("banco", "nacional", "de", "cuba", "s", "a")),
        ("O'Brien, Seán", ("sean", "obrien")),
        ("Straße Łódź Æsir", ("strasse", "lodz", "aesir")),
        ("Ｆｕｌｌ Ｗｉｄｔｈ", ("full", "width")),
        ("Mr. Sir", ("mr", "sir")),
        ("Smith,", ("smith",)),
        ("Иван Петров", ("иван", "петров")),
        ("", ()),
        (" - . ", ()),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_the_key_of_a_name_does_not_depend_on_its_order() -> None:
    assert name_key("CRUZ, Juan M. de la") == name_key("de la Cruz Juan M") == "cruz de juan la m"


@pytest.mark.parametrize(
    ("name", "comparable"),
    [
        ("Anna Müller", True),
        ("Иван Петров", False),
        ("Ivan Петров", False),
        ("山田太郎", False),
        ("", False),
        ("12345", False),
    ],
)
def test_only_latin_letters_can_be_compared_with_the_list(name: str, *, comparable: bool) -> None:
    assert is_comparable(name) is comparable


@pytest.mark.parametrize(
    ("one", "listed"),
    [
        ("Alexander Malkevich", "MALKEVICH, Alexander Aleksandrovich"),
        ("malkevich alexander aleksandrovich", "MALKEVICH, Alexander Aleksandrovich"),
        ("Mr Alexandr Malkevitch", "MALKEVICH, Alexander Aleksandrovich"),
        ("Jose Gutierez", "GUTIERREZ REYES, Jose"),
        ("Muammar Gaddafi", "QADHAFI, Muammar"),
        ("Usama bin Laden", "BIN LADIN, Usama bin Muhammad bin Awad"),
        ("Abdulrahman Al Zawahiri", "AL-ZAWAHIRI, Abdul Rahman"),
        ("Acme Holdings LLC", "ACME HOLDINGS CO., LTD."),
        ("Coiba", "COIBA"),
    ],
)
def test_a_mangled_name_is_still_a_hit(one: str, listed: str) -> None:
    assert score_names(one, listed) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "listed"),
    [
        ("Maria Garcia", "GARCIA, Jose"),
        ("Ali Hassan", "HASSAN, Ahmed"),
        ("Mary Taylor", "TAYLOR, Mark John"),
        ("Alex Smith", "ALEX"),
        ("Ivan", "IVANOV, Ivan"),
        ("Anna Smith", "SMITH, Joanna"),
        ("Customer 17", "GARCIA, Jose"),
        ("", "GARCIA, Jose"),
        ("Jose Garcia", ""),
        ("abc", "xyz"),
    ],
)
def test_another_person_is_no_hit(one: str, listed: str) -> None:
    assert score_names(one, listed) < THRESHOLD


def test_scores_stand_where_they_stood() -> None:
    scores = {
        (one, other): score_names(one, other)
        for one, other in [
            ("Juan Cruz", "CRUZ, Juan M. de la"),
            ("Maria Garcia", "GARCIA, Jose"),
            ("Alexander Malkevich", "MALKEVICH, Alexander Aleksandrovich"),
            ("J Cruz", "CRUZ, J"),
            ("J Cruz", "CRUZ, Juan"),
        ]
    }
    assert scores == {
        ("Juan Cruz", "CRUZ, Juan M. de la"): 92,
        ("Maria Garcia", "GARCIA, Jose"): 0,
        ("Alexander Malkevich", "MALKEVICH, Alexander Aleksandrovich"): 91,
        ("J Cruz", "CRUZ, J"): 100,
        ("J Cruz", "CRUZ, Juan"): 0,
    }


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.840),
        ("dixon", "dicksonx", 0.813),
        ("abc", "xyz", 0.0),
        ("same", "same", 1.0),
        ("", "a", 0.0),
    ],
)
def test_jaro_winkler_as_published(one: str, other: str, likeness: float) -> None:
    """The first three are the examples of Winkler's own paper."""
    assert jaro_winkler(one, other) == pytest.approx(likeness, abs=0.001)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("kitten", "sitting", 1 - 3 / 7),
        ("ca", "ac", 0.5),
        ("same", "same", 1.0),
        ("", "abc", 0.0),
        ("", "", 1.0),
    ],
)
def test_edit_similarity(one: str, other: str, likeness: float) -> None:
    assert edit_similarity(one, other) == pytest.approx(likeness)


names = st.text(alphabet="abcdeé -,.'ABC", max_size=24)


@given(names, names)
@example("a, b", "b a")
@example("ltd", "inc")
def test_a_score_is_symmetric_within_bounds_and_full_for_the_same_words(
    one: str, other: str
) -> None:
    score = score_names(one, other)
    assert 0 <= score <= 100
    assert score == score_names(other, one)
    if words_of(one) and sorted(words_of(one)) == sorted(words_of(other)):
        assert score == 100


@given(st.lists(st.text("abcdefghij", min_size=2, max_size=9), min_size=2, max_size=4, unique=True))
def test_the_order_of_words_never_matters(words: list[str]) -> None:
    assert score_names(" ".join(words), " ".join(reversed(words))) == 100


def distance_by_table(one: str, other: str) -> int:
    """Insertions, deletions, replacements, swaps of neighbours: the table, as a book has it."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        rows.append([i])
        for j, wanted in enumerate(other, start=1):
            cost = min(rows[i - 1][j], rows[i][j - 1]) + 1
            cost = min(cost, rows[i - 1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                cost = min(cost, rows[i - 2][j - 2] + 1)
            rows[i].append(cost)
    return rows[-1][-1]


@example(one="", other="")
@example(one="abc", other="")
@example(one="ca", other="abc")
@example(one="abdulrahman", other="abudlraham")
@given(one=st.text("abc", max_size=12), other=st.text("abcd", max_size=12))
def test_the_distance_by_bits_is_the_distance_by_table(one: str, other: str) -> None:
    if longest := max(len(one), len(other)):
        likeness = 1 - distance_by_table(one, other) / longest
        assert edit_similarity(one, other) == likeness
        assert edit_similarity(other, one) == likeness
