"""`./redress check`: everything that is judged without running the product."""

import sys
import time
from pathlib import Path

from config.embedded import environment, stores
from config.embedded.commands import in_foreground, production_like
from config.embedded.stack import say

PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
DJADE = Path(PYTHON).parent / "djade"


def templates(root: Path) -> list[str]:
    """Every template, for djade, which takes files only."""
    return [str(path.relative_to(root)) for path in sorted((root / "templates").rglob("*.html"))]


def checks(root: Path) -> dict[str, list[str]]:
    """Every check by name, with its command."""
    module = (PYTHON, "-m")
    return {
        "ruff": [*module, "ruff", "check", ".", "redress"],
        "format": [*module, "ruff", "format", "--check", ".", "redress"],
        "mypy": [*module, "mypy"],
        "imports": [
            *module,
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/config/test_imports.py",
        ],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "migration linter": [*module, "config.embedded.lint_migrations"],
        "deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        "templates": [str(DJADE), "--check", *templates(root)],
    }


def check(*, root: Path) -> int:
    """Run every check, whatever the others say; returns 1 when any fails."""
    failed = []
    with stores.thrown_away() as (_children, folder, where):
        base = environment.throw_away(folder=folder, root=root) | where.environment()
        for name, command in checks(root).items():
            variables = base | production_like() if name == "deploy" else base
            say(f"── {name}")
            began = time.monotonic()
            status = in_foreground(command, variables=variables, folder=root)
            say(f"── {name}: {'failed' if status else 'passed'} ({time.monotonic() - began:.1f} s)")
            failed += [name] if status else []
    say(f"redress check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0
