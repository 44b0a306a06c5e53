"""Judge our own migrations: nothing may lock or break a table that is in use.

The linter stays out of INSTALLED_APPS: it is a tool of development, and production has none.
"""

import sys

import django
from django_migration_linter import MigrationLinter

from config.embedded.places import ROOT

OURS = ["sellers", "insurance", "claims"]


def main() -> int:
    """Lint all; returns 1 when any would harm. First migrations fill tables nobody uses yet."""
    django.setup()
    linter = MigrationLinter(
        str(ROOT),
        include_apps=OURS,
        no_cache=True,
        ignore_initial_migrations=True,
        quiet=["ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
