"""Valkey for this checkout alone: a folder, a socket, no port."""

import os
from pathlib import Path

import redis

from config.embedded import binaries
from config.embedded.children import Child, Children
from config.embedded.places import private_folder


def socket_in(sockets: Path) -> Path:
    """The socket's path."""
    return sockets / "valkey.sock"


def url(sockets: Path) -> str:
    """The server, in the form of REDIS_URL."""
    return f"unix://{socket_in(sockets)}"


def start(children: Children, *, parent: Path, sockets: Path, durable: bool) -> Child:
    """Start Valkey and wait until it answers.

    Raises:
        ChildDiedError: it ended at once; the message shows its log.
        NotReadyError: it does not answer.
    """
    keeping = ["--appendonly", "yes"] if durable else ["--appendonly", "no"]
    where: list[str | Path] = [
        "--port",
        "0",
        "--unixsocket",
        socket_in(sockets),
        "--unixsocketperm",
        "700",
    ]
    child = children.start(
        "valkey",
        # The working folder is the data's: its path needs no quoting in Valkey's own syntax.
        [binaries.find_valkey(), *where, "--dir", ".", "--save", "", *keeping],
        environment={**os.environ, "LC_ALL": "C.UTF-8"},
        folder=private_folder(parent / "valkey"),
    )
    child.wait_for(lambda: answer_in(sockets))
    return child


def answer_in(sockets: Path) -> str | None:
    """The server's answer to a ping; None while there is none."""
    with redis.Redis(unix_socket_path=str(socket_in(sockets))) as client:
        try:
            return str(client.ping())
        except redis.RedisError:
            return None
