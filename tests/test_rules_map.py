"""The map from the rules to what runs them has no gap, and leads to files that are there."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests.rules_text import mark, pieces

ROOT = Path(settings.BASE_DIR)
MAP = ROOT / "docs/rules-map.md"
RULES = ROOT.parent / "shared/rules.md"
ROW = re.compile(
    r"\| §(?P<rule>\d\.\d+) \| (?P<mark>[0-9a-f]{8}) \| (?P<says>[^|]+) \| (?P<by>.+) \|"
)
# Nothing runs these yet. The list may only get shorter.
NOT_BUILT: set[str] = set()


def rows() -> list[re.Match[str]]:
    lines = MAP.read_text(encoding="utf-8").splitlines()
    found = [ROW.fullmatch(line) for line in lines if line.startswith("| §")]
    assert found, "the map has rows"
    assert None not in found, "every row of the map can be read"
    return [row for row in found if row is not None]


def test_every_rule_is_there_once() -> None:
    assert [
        rule for rule, times in Counter(row["rule"] for row in rows()).items() if times > 1
    ] == []


def test_every_rule_leads_to_a_scenario_or_a_test_that_is_there() -> None:
    nowhere = []
    for row in rows():
        paths = re.findall(r"`(tests/[^`]+)`", row["by"])
        missing = [path for path in paths if not list(ROOT.glob(path))]
        stated = row["by"] == "information" or row["by"].startswith("not built: ")
        if missing or not (paths or stated):
            nowhere.append((row["rule"], missing))
    assert nowhere == []


def test_what_is_not_built_is_known() -> None:
    assert {row["rule"] for row in rows() if row["by"].startswith("not built: ")} == NOT_BUILT


def test_every_scenario_of_ours_runs_a_rule() -> None:
    patterns = re.findall(r"`(tests/scenarios/[^`]+)`", MAP.read_text(encoding="utf-8"))
    named = {path.name for pattern in patterns for path in ROOT.glob(pattern)}
    assert {path.name for path in (ROOT / "tests/scenarios").glob("*.json")} - named == set()


@pytest.mark.skipif(not RULES.exists(), reason="the rules are not beside the repository")
def test_every_sentence_of_the_rules_has_its_row() -> None:
    """A new or changed sentence has a new hash: read it, and say what runs it."""
    mapped = {row["mark"]: row["rule"] for row in rows()}
    said = {mark(piece): (section, piece) for section, piece in pieces(RULES.read_text("utf-8"))}

    assert {piece for key, piece in said.items() if key not in mapped} == set(), "no row yet"
    assert {rule for key, rule in mapped.items() if key not in said} == set(), (
        "no sentence any more"
    )
    sections = {(mapped[key].split(".")[0], section) for key, (section, _) in said.items()}
    assert all(one == other for one, other in sections)


def test_pieces_are_sentences_items_and_rows() -> None:
    text = """# Title
Marks: a · b (c. d). Second sentence.

## 3. Paths
**Above.** The clock starts; it *ends*. No answer → lapse.
- one item. Two sentences of it
1. numbered
| Term | US |
|---|---|
| ceiling | 1,000.00 |
"""

    assert pieces(text) == [
        ("0", "Marks: a · b (c. d)."),
        ("0", "Second sentence."),
        ("3", "**Above.** The clock starts; it *ends*."),
        ("3", "No answer → lapse."),
        ("3", "- one item. Two sentences of it"),
        ("3", "1. numbered"),
        ("3", "| ceiling | 1,000.00 |"),
    ]


def test_emphasis_and_space_do_not_change_a_mark_but_words_do() -> None:
    assert mark("**Above**  the `ceiling`") == mark("Above the ceiling")
    assert mark("Above the ceiling") != mark("Above a ceiling")
