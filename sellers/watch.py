"""Sweeps and senders that are watched, by a room that the one which runs them may not know."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

# Called with a sweep's name; entered while it runs. `claims` joins here with its heartbeats.
watchers: list[Callable[[str], AbstractContextManager[None]]] = []


@contextmanager
def watched(name: str) -> Iterator[None]:
    """Run a sweep under every watcher; its errors pass them and go on to the worker."""
    with ExitStack() as stack:
        for watcher in watchers:
            stack.enter_context(watcher(name))
        yield
