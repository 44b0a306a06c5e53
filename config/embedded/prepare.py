"""What stands between running stores and a stack that can be used, in one process."""

import hashlib
import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Each does nothing when there is nothing to do, but that every start has a claim to watch.
STEPS = (("migrate", "--no-input"), ("createcachetable",), ("load_demo", "--watch"))


def static_state() -> str:
    """What the static files are collected from: every file with its size and time of change."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            seen.update(f"{path}|{file.st_size}|{file.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def collect_static() -> None:
    """Collect the static files, unless those that are there came from the same sources."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    state = static_state()
    if not (stamp.exists() and stamp.read_text() == state and Path(settings.STATIC_ROOT).is_dir()):
        call_command("collectstatic", "--no-input", "--clear", verbosity=0)
        stamp.write_text(state)


def main(shown: Path) -> None:
    """Run every step, then write what a person should see of the demo into a file."""
    django.setup()
    for step in STEPS:
        call_command(*step)
    collect_static()
    demo = io.StringIO()
    call_command("show_demo", stdout=demo)
    shown.write_text(demo.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
