"""`./redress test`, `manage`, `bench`, `mutants`, `chaos`: one command above stores."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from config.embedded import checkout, environment, places, stores
from config.embedded.children import dies_with_parent
from config.embedded.stack import Layout, StoppedError, opened

# Arguments after which pytest must not spread the suite over processes.
ALONE = ("-n", "-p", "-s", "--pdb", "--collect-only", "--co", "--numprocesses", "--fixtures")
SPREAD = ("-n", "2", "--dist", "loadgroup")
# Seconds that a command on the terminal, which got the Ctrl-C too, has to end by itself.
OWN_END = 5.0
FORCED_END = 30.0


def in_foreground(
    command: Sequence[str | Path], *, variables: Mapping[str, str], folder: Path
) -> int:
    """Run a command on this terminal to its end; returns its exit status.

    Should the person stop it, its end is awaited, and StoppedError goes on.
    """
    popen = subprocess.Popen(  # noqa: S603 - commands are ours, arguments the person's
        [str(part) for part in command],
        env=dict(variables),
        cwd=folder,
        preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
    )
    try:
        return popen.wait()
    except StoppedError as stopped:
        await_end(popen, told=stopped.args == (signal.SIGINT.name,))
        raise


def await_end(popen: subprocess.Popen[bytes], *, told: bool) -> None:
    """Wait for a command's end; a Ctrl-C told it already, other signals did not."""
    if told:
        with suppress(subprocess.TimeoutExpired):
            popen.wait(OWN_END)
            return
    popen.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        popen.wait(FORCED_END)
        return
    popen.kill()
    popen.wait()


def may_spread(arguments: Sequence[str]) -> bool:
    """Whether the suite may run on several processes: not for one file, and not when told how."""
    told = any(each == flag or each.startswith(f"{flag}=") for each in arguments for flag in ALONE)
    one_file = any(each.partition("::")[0].endswith(".py") for each in arguments)
    return not (told or one_file)


def split_source(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Take `--postgres wheel|debian` out of the arguments; the rest is pytest's."""
    rest = list(arguments)
    if "--postgres" not in rest:
        return "any", rest
    at = rest.index("--postgres")
    source = rest[at + 1] if at + 1 < len(rest) else ""
    if source not in ("wheel", "debian"):
        raise SystemExit("redress: --postgres is wheel or debian.")
    return source, rest[:at] + rest[at + 2 :]


def test(arguments: Sequence[str], *, root: Path) -> int:
    """Run pytest on throw-away stores; returns its exit status."""
    source, rest = split_source(arguments)
    spread = SPREAD if may_spread(rest) else ()
    with stores.thrown_away(source=source) as (_children, folder, where):
        variables = {
            **environment.throw_away(folder=folder, root=root),
            **where.environment(),
        }
        return in_foreground(
            [sys.executable, "-m", "pytest", *spread, *rest], variables=variables, folder=root
        )


def bench(arguments: Sequence[str], *, root: Path) -> int:
    """Run a benchmark on throw-away stores; returns its exit status."""
    known = sorted(path.stem for path in (root / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in known:
        raise SystemExit(f"redress: bench takes one of: {', '.join(known) or '(none yet)'}.")
    return above_stores([root / "benchmarks" / f"{arguments[0]}.py", *arguments[1:]], root=root)


def above_stores(program: Sequence[str | Path], *, root: Path) -> int:
    """Run a Python program of ours on throw-away stores; returns its exit status."""
    with stores.thrown_away() as (_children, folder, where):
        variables = {
            **environment.throw_away(folder=folder, root=root),
            **where.environment(),
        }
        return in_foreground([sys.executable, *program], variables=variables, folder=root)


def manage(arguments: Sequence[str], *, layout: Layout) -> int:
    """Run a management command on the running stack, or on stores started for as long as it takes.

    It runs in the folder where the person stands, so that file names mean what they mean there.
    """
    command: list[str | Path] = [sys.executable, layout.root / "manage.py", *arguments]
    running = layout.run / "env.json"
    if checkout.is_held(layout.run) and running.exists():
        variables = os.environ | json.loads(running.read_text())
        return in_foreground(command, variables=variables, folder=Path.cwd())
    with opened(layout, f"manage {' '.join(arguments[:1])}") as (children, _lock):
        sockets = places.socket_folder(layout.run)
        where = stores.start(children, parent=layout.var, sockets=sockets, durable=True)
        base = environment.demo(var=layout.var, root=layout.root)
        variables = base | where.environment()
        return in_foreground(command, variables=variables, folder=Path.cwd())


def production_like() -> dict[str, str]:
    """Settings as a real installation has them, for `check --deploy`."""
    return {
        "REDRESS_DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "claims.example",
        "SITE_URL": "https://claims.example",
        "BEHIND_TLS_PROXY": "1",
    }
