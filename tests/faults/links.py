"""Both ends of one connection through the proxy, over TCP or Unix sockets."""

import socket
import struct
from contextlib import suppress
from pathlib import Path

type Address = tuple[str, int] | Path


def listen(where: Path | None) -> socket.socket:
    """A listening socket: a Unix socket, or a port of loopback that the system chose."""
    if where is None:
        return socket.create_server(("127.0.0.1", 0), backlog=128)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(where))
    listener.listen(128)
    return listener


def connect(target: Address) -> socket.socket:
    """A connection to a port or to a Unix socket."""
    if isinstance(target, tuple):
        return socket.create_connection(target, timeout=5)
    there = socket.socket(socket.AF_UNIX)
    try:
        there.connect(str(target))
    except OSError:
        there.close()
        raise
    return there


class Link:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        peer = client.getpeername()
        self.client_port = int(peer[1]) if isinstance(peer, tuple) else 0

    def cut(self) -> None:
        """End both sides at once; a TCP client sees a reset."""
        for end in (self.client, self.server):
            with suppress(OSError):
                if end.family == socket.AF_INET:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def introduced(client: socket.socket, server: socket.socket) -> Link:
    """A link of both; where the client is gone already, the server is left alone too."""
    try:
        return Link(client, server)
    except OSError:
        server.close()
        raise
