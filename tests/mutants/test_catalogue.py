"""The mutants of `./redress mutants` still fit the code that they break."""

import shutil
from pathlib import Path

import pytest

from tests.mutants.catalogue import MUTANTS, Mutant
from tests.mutants.running import ROOT, MutantDoesNotApply, break_tree

CODE = [mutant for mutant in MUTANTS if not mutant.sql]
# Issue 5 names these.
PROMISED = 12


def copied(mutant: Mutant, into: Path) -> Path:
    target = into / mutant.path
    target.parent.mkdir(parents=True)
    shutil.copy2(ROOT / mutant.path, target)
    return target


@pytest.mark.parametrize("mutant", CODE, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_its_file_in_one_place(mutant: Mutant, tmp_path: Path) -> None:
    target = copied(mutant, tmp_path)
    break_tree(mutant, tmp_path)
    compile(target.read_text(), mutant.path, "exec")
    original = (ROOT / mutant.path).read_text()
    assert target.read_text() == original.replace(mutant.before, mutant.after) != original


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_tests_of_a_mutant_are_there(mutant: Mutant) -> None:
    assert [test for test in mutant.tests if not (ROOT / test).exists()] == []


def test_a_mutant_of_the_database_is_the_last_migration(tmp_path: Path) -> None:
    folder = tmp_path / "claims/migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").touch()
    (folder / "0002_more.py").touch()
    break_tree(Mutant(name="m", says="s", tests=(), sql="DROP INDEX one"), tmp_path)
    text = (folder / "9999_mutant.py").read_text()
    assert "('claims', '0002_more')" in text.replace('"', "'")
    assert "migrations.RunSQL('DROP INDEX one')" in text


def test_a_text_that_is_gone_is_said(tmp_path: Path) -> None:
    mutant = Mutant(name="m", says="s", tests=(), path="a.py", before="x = 1", after="x = 2")
    (tmp_path / "a.py").write_text("y = 1\n")
    with pytest.raises(MutantDoesNotApply, match="0 times"):
        break_tree(mutant, tmp_path)
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    with pytest.raises(MutantDoesNotApply, match="2 times"):
        break_tree(mutant, tmp_path)


def test_names_differ_and_are_as_many_as_promised() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= PROMISED
