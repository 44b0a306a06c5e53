"""A worker outlives its broker, also one that is killed and back at once."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Message, Queue
from kombu.common import ignore_errors

import config.celery  # noqa: F401 - what it changes in Kombu is what is tested here
from config.embedded import places, valkey
from config.embedded.children import Child, Children

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("stack")]
log = logging.getLogger(__name__)
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


def test_with_a_message_in_hand_and_the_broker_back_at_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever Celery's consumer does then to what it had is a lost connection, not a crash."""
    messages: list[Message] = []
    with Children(folder, folder) as children:
        broker = start(children, folder)
        connection = Connection(f"redis+socket://{valkey.socket_in(folder)}")
        consumer = connection.Consumer([MINE, CONTROL], on_message=messages.append)
        consumer.consume()
        connection.Producer().publish({}, routing_key="mine", exchange=MINE.exchange)
        while not messages:
            connection.drain_events(timeout=5)
        with suppress(TimeoutError):
            connection.drain_events(timeout=0.1)  # it waits for the next one, as a worker does
        kill(broker)
        connection.collect(socket_timeout=1)
        back = start(children, folder)
        ignore_errors(connection, connection.close)
        messages[0].ack_log_error(log, connection.connection_errors)
        kill(back)
    [said] = [record.message for record in caplog.records if record.name == __name__]
    assert said.startswith("Couldn't ack")
    assert "AttributeError" in said
