"""Both stores together: durable under `var/`, or thrown away after use."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded import account, binaries, places, postgres, valkey
from config.embedded.children import Children


@dataclass(frozen=True)
class Addresses:
    """Where the two stores are."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        """The two variables of config/settings.py."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def start(
    children: Children, *, parent: Path, sockets: Path, durable: bool, source: str = "any"
) -> Addresses:
    """Start the stores that the environment does not name (DATABASE_URL, REDIS_URL)."""
    database_url = os.environ.get("DATABASE_URL") if durable else None
    redis_url = os.environ.get("REDIS_URL") if durable else None
    if not database_url:
        programs = binaries.find_postgres(source=source)
        become = account.lent_by_root(programs / "postgres")
        cluster = postgres.Cluster(programs, parent, sockets, durable, become)
        postgres.start(children, cluster)
        database_url = cluster.url
    if not redis_url:
        valkey.start(children, parent=parent, sockets=sockets, durable=durable)
        redis_url = valkey.url(sockets)
    return Addresses(database_url, redis_url)


@contextmanager
def thrown_away(*, source: str = "any") -> Iterator[tuple[Children, Path, Addresses]]:
    """Stores in a temporary folder; they and the folder are gone afterwards, however it ends."""
    folder = places.short_folder()
    try:
        logs = places.private_folder(folder / "log")
        with Children(folder, logs, remove_after=[folder]) as children:
            sockets = places.private_folder(folder / "sock")
            yield (
                children,
                folder,
                start(children, parent=folder, sockets=sockets, durable=False, source=source),
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
