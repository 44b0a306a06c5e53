"""The documents tell the truth: what they link to, name and promise is there."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GLOSSARY = ROOT / "docs" / "glossary.md"
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
ROOMS = ("sellers", "insurance", "claims")
FOLDERS = {"claims", "sellers", "insurance", "config", "docs", "tests", "templates", "static"}
# Classes of these kinds name something of the trade, or something that cannot be done.
KINDS = {
    *("Model", "TextChoices", "StrEnum", "IntEnum", "Enum"),
    *("Exception", "BaseException", "ValueError"),
}

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def read(document: Path) -> str:
    """A document without its fenced blocks, in which other conventions hold."""
    return re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)


def named(document: Path) -> set[str]:
    """Everything that a document writes in backticks."""
    return set(re.findall(r"`([^`\n]+)`", read(document)))


def paths_named(document: Path) -> Iterator[str]:
    """What looks like a path of this repository, without a test's name after it."""
    for text in named(document):
        path = text.partition("::")[0].rstrip("/")
        if re.fullmatch(r"[\w./*-]+", path) and path.partition("/")[0] in FOLDERS and "/" in path:
            yield path


@each_document
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", read(document))
    ours = [t.partition("#")[0] for t in targets if not re.match(r"[a-z]+:|#", t)]
    assert [target for target in ours if not (document.parent / target).exists()] == []


@each_document
def test_every_path_of_the_repository_is_there(document: Path) -> None:
    missing = {path for path in paths_named(document) if not any(ROOT.glob(path))}
    assert missing == set()


@each_document
def test_every_test_that_is_named_exists(document: Path) -> None:
    missing = []
    for text in named(document):
        path, _, name = text.partition("::")
        if name and f"def {name}(" not in (ROOT / path).read_text():
            missing.append(text)
    assert missing == []


@cache
def usage() -> str:
    """What `./redress --help` says."""
    command = [sys.executable, str(ROOT / "redress"), "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@each_document
def test_every_command_exists(document: Path) -> None:
    calls = re.findall(r"\./redress +([a-z]+)(?: +([a-z_]+))?", document.read_text())
    known = set(re.findall(r"^  ([a-z]+) ", usage(), flags=re.MULTILINE))
    benches = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    below = {"manage": set(get_commands()), "bench": benches}
    unknown = [
        f"{command} {word}".strip()
        for command, word in calls
        if command not in known or (word and word not in below.get(command, {word}))
    ]
    assert unknown == []


@each_document
def test_lines_can_be_read_side_by_side(document: Path) -> None:
    prose = [line for line in read(document).splitlines() if not line.startswith(("|", "!["))]
    assert [line for line in prose if len(line) > 115] == []


def classes() -> dict[str, set[str]]:
    """Every class of the domain, with the names of its bases."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                    found.setdefault(node.name, set()).update(bases)
    return found


def terms_of_the_code() -> set[str]:
    """Every model, enumeration and exception of the domain."""
    bases = classes()
    terms: set[str] = set()
    while more := {n for n, b in bases.items() if n not in terms and b & (KINDS | terms)}:
        terms |= more
    return terms


def test_every_name_of_the_domain_is_in_the_glossary() -> None:
    assert terms_of_the_code() - named(GLOSSARY) == set()


def test_the_glossary_names_no_class_that_is_gone() -> None:
    candidates = {name for name in named(GLOSSARY) if re.fullmatch(r"[A-Z][a-z]\w+", name)}
    assert candidates - set(classes()) == set()


def test_the_glossary_is_sorted_and_names_each_term_once() -> None:
    entries = re.findall(r"^\*\*([^*]+)\*\*", read(GLOSSARY), re.MULTILINE)
    assert entries == sorted(set(entries), key=str.casefold)


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("adr", ADRS, ids=lambda path: path.stem)
def test_a_decision_says_context_decision_and_consequences(adr: Path) -> None:
    headings = re.findall(r"^#+ .*$", adr.read_text(), flags=re.MULTILINE)
    assert headings[0].startswith(f"# {int(adr.name[:4])}. ")
    assert headings[1:] == ["## Context", "## Decision", "## Consequences"]
    index = (ROOT / "docs" / "architecture.md").read_text()
    assert f"](adr/{adr.name})" in index


def test_documents_that_are_referred_to_exist() -> None:
    sources = [path for folder in (*ROOMS, "config") for path in (ROOT / folder).rglob("*.py")]
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in [*DOCUMENTS, *sources, ROOT / "pyproject.toml", ROOT / "redress"]
        for name in re.findall(r"\bdocs/[\w/-]+", path.read_text())
        if not any(ROOT.glob(f"{name}*"))
    }
    assert missing == set()
