"""What stands between running stores and a stack that can be used, in one process."""

import io
import sys
from pathlib import Path

import django
from django.core.management import call_command

# Each does nothing when there is nothing to do.
STEPS = (
    ("migrate", "--no-input"),
    ("createcachetable",),
    ("load_demo",),
    ("collectstatic", "--no-input"),
)


def main(shown: Path) -> None:
    """Run every step, then write what a person should see of the demo into a file."""
    django.setup()
    for step in STEPS:
        call_command(*step)
    demo = io.StringIO()
    call_command("show_demo", stdout=demo)
    shown.write_text(demo.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
