"""Where a field's text comes from: columns, constants, tables of words, joins."""

from sellers.imports.sources import Source


def test_one_column_is_stripped() -> None:
    assert Source(columns=("a",)).text({"a": " 10/31/2011 "}) == "10/31/2011"


def test_constant_needs_no_column() -> None:
    assert Source(constant="US").text({}) == "US"


def test_empty_and_words_that_mean_empty() -> None:
    source = Source(columns=("a",), means_empty=frozenset({"n/a"}), when_empty="NONE")
    assert [source.text({"a": given}) for given in ("", "  ", "N/A", "x")] == [
        "NONE",
        "NONE",
        "NONE",
        "x",
    ]


def test_value_table_ignores_case_and_has_a_default_or_refuses() -> None:
    table = {"seen by doctor": "TREATMENT"}
    assert Source(columns=("a",), values=table).text({"a": "Seen by Doctor"}) == "TREATMENT"
    assert Source(columns=("a",), values=table).text({"a": "other"}) is None
    assert Source(columns=("a",), values=table, otherwise="NONE").text({"a": "other"}) == "NONE"


def test_first_word_that_is_found_wins() -> None:
    source = Source(
        columns=("a", "b"), words=(("burn", "FIRE"), ("chok", "INGESTION")), otherwise="OTHER"
    )
    assert source.text({"a": "A choking hazard", "b": "that Burned"}) == "FIRE"
    assert source.text({"a": "He choked", "b": ""}) == "INGESTION"
    assert source.text({"a": "It fell", "b": ""}) == "OTHER"


def test_columns_are_joined_without_the_empty_ones() -> None:
    source = Source(columns=("a", "b", "c"), separator=", ")
    assert source.text({"a": " x ", "b": "", "c": "z"}) == "x, z"


def test_labels_stand_before_what_is_there() -> None:
    source = Source(columns=("a", "b", "c"), labels=("", "State", "City"), separator="\n")
    assert source.text({"a": "It broke.", "b": "Iowa", "c": ""}) == "It broke.\nState: Iowa"


def test_text_is_cut_with_a_mark() -> None:
    source = Source(columns=("a",), cut_to=5)
    assert [source.text({"a": given}) for given in ("12345", "123456")] == ["12345", "1234…"]


def test_original_is_what_the_file_says() -> None:
    assert Source(columns=("a",)).original({"a": " x "}) == " x "
    assert Source(columns=("a", "b")).original({"a": " x ", "b": "y"}) == "x y"


def test_outcomes_are_all_that_the_map_may_say() -> None:
    source = Source(
        constant="C", values={"a": "V"}, words=(("w", "W"),), otherwise="O", when_empty="E"
    )
    assert set(source.outcomes) == {"C", "V", "W", "O", "E"}
    assert Source(columns=("a",)).outcomes == ()
