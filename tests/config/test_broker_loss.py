"""A worker outlives its broker: Kombu closes a broken connection twice, and neither may fail."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue

import config.celery  # noqa: F401 - what it changes in Kombu is what is tested here
from config.embedded import places, valkey
from config.embedded.children import Child, Children

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("stack")]
# As a worker has it: its own queue, and one of everybody's that goes with it.
MINE = Queue("mine", Exchange("mine"), routing_key="mine")
CONTROL = Queue("control", Exchange("everybody", type="fanout"), auto_delete=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = places.short_folder()
    yield made
    shutil.rmtree(made)


def start(children: Children, folder: Path) -> Child:
    return valkey.start(children, parent=folder, sockets=folder, durable=False)


def kill(child: Child) -> None:
    child.popen.kill()
    child.popen.wait(10)


def test_with_a_message_in_its_hands_and_the_broker_back_between_the_two(folder: Path) -> None:
    """Celery took what the second one raised for unrecoverable, and the worker ended itself."""
    with Children(folder, folder) as children:
        broker = start(children, folder)
        connection = Connection(f"redis+socket://{valkey.socket_in(folder)}")
        channel = connection.default_channel
        messages: list[object] = []
        consumer = connection.Consumer(
            [MINE, CONTROL], channel=channel, on_message=messages.append, auto_declare=True
        )
        consumer.consume()
        connection.Producer().publish({}, routing_key="mine", exchange=MINE.exchange)
        while not messages:
            connection.drain_events(timeout=5)
        with suppress(TimeoutError):
            connection.drain_events(timeout=0.1)  # it waits for the next one, as a worker does
        kill(broker)
        connection.collect(socket_timeout=1)
        back = start(children, folder)
        connection.close()
        kill(back)
    assert not connection.connected
