"""A PostgreSQL of a row's own, which may be stopped, starved and started again.

    python -m tests.faults.server --folder F --sockets S [--connections 30]

It becomes the server: who kills this process kills PostgreSQL.
"""

import argparse
import os
from pathlib import Path

from config.embedded import account, binaries, postgres


def main() -> None:
    """Make the cluster unless it is there, and become its server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sockets", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=30)
    options = parser.parse_args()
    programs = binaries.find_postgres()
    become = account.lent_by_root(programs / "postgres")
    cluster = postgres.Cluster(programs, options.folder, options.sockets, True, become)
    account.let_pass([options.folder, options.folder.parent], become)
    postgres.create(cluster)
    account.hand_over(cluster.folder, become)
    account.hand_over(cluster.sockets, become)
    postgres.clear_after_crash(cluster.folder, cluster.sockets)
    if become is not None:
        become()
    where = ["-D", str(cluster.folder), "-k", str(cluster.sockets)]
    settings = ["-c", "listen_addresses=", "-c", f"max_connections={options.connections}"]
    reserve = ["-c", "superuser_reserved_connections=0", "-c", "timezone=UTC"]
    program = str(programs / "postgres")
    os.chdir("/")
    os.execve(program, [program, *where, *settings, *reserve], postgres.environment())  # noqa: S606


if __name__ == "__main__":
    main()
