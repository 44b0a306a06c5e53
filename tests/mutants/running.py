"""A copy of the tree is broken and its tests are run: red is what we want to see."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.catalogue import Mutant

ROOT = Path(__file__).resolve().parents[2]
# pytest's own exit statuses: every test passed; some test failed.
GREEN, RED = 0, 1
_MIGRATION = '''"""Made by tests/mutants: breaks the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", {after!r})]
    operations = [migrations.RunSQL({sql!r})]
'''


class MutantDoesNotApply(Exception):
    """The text that a mutant breaks is not in its file exactly once: the catalogue is old."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tests said of a mutant: whether some test turned red, and which was the first."""

    mutant: Mutant
    was_seen: bool
    first_red: str


def copy_tree(into: Path) -> None:
    """Copy what git knows, or would know, of this tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, into / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def break_tree(mutant: Mutant, root: Path) -> None:
    """Apply a mutant to the tree under `root`.

    Raises:
        MutantDoesNotApply: its text is not there, or there more than once.
    """
    if mutant.sql:
        _break_database(mutant, root)
        return
    path = root / mutant.path
    text = path.read_text()
    if text.count(mutant.before) != 1:
        raise MutantDoesNotApply(
            f"“{mutant.name}” finds its text {text.count(mutant.before)} times in {mutant.path}."
        )
    path.write_text(text.replace(mutant.before, mutant.after))


def _break_database(mutant: Mutant, root: Path) -> None:
    folder = root / "claims/migrations"
    last = max(path.stem for path in folder.glob("0*.py"))
    text = _MIGRATION.format(after=last, sql=mutant.sql)
    (folder / "9999_mutant.py").write_text(text)


def run_tests(mutant: Mutant, root: Path) -> Verdict:
    """Run a mutant's tests in its broken tree until the first one is red.

    Raises:
        MutantDoesNotApply: the tests did not run, so their colour says nothing.
    """
    status, said = _pytest(mutant.tests, root)
    # A test whose world cannot be laid out any more is red too; a file that cannot be read is not.
    words = [line.split(" - ")[0].split() for line in said.splitlines()]
    red = [line[1] for line in words if line[:1] in (["FAILED"], ["ERROR"]) and "::" in line[-1]]
    if status not in {GREEN, RED} or (status == RED and not red):
        raise MutantDoesNotApply(f"The tests of “{mutant.name}” did not run:\n{said[-3000:]}")
    return Verdict(mutant, was_seen=bool(red), first_red=red[0] if red else "")


def check_control(mutants: Iterable[Mutant], root: Path) -> None:
    """Run all their tests in a tree that nobody broke: red there would prove nothing elsewhere.

    Raises:
        MutantDoesNotApply: some test is red without any mutant.
    """
    tests = dict.fromkeys(test for mutant in mutants for test in mutant.tests)
    status, said = _pytest(tests, root)
    if status != GREEN:
        raise MutantDoesNotApply(f"The tests are red without a mutant:\n{said[-3000:]}")


def _pytest(tests: Iterable[str], root: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--create-db"]
    done = subprocess.run(
        [*command, "-m", "not processes and not browser and not faults", *tests],
        cwd=root,
        env=os.environ | {"TEST_DB_SUFFIX": "_mutant"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
