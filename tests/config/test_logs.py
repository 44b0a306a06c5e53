"""Logs are events with fields: one JSON object a line, whoever logs."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from config.logs import logging_settings


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the handler writes, on a logger of this test's own."""
    structlog.contextvars.clear_contextvars()  # the last request of this thread left its reference
    settings = logging_settings(level="INFO", plain=False)
    formatter = settings["formatters"]["events"]
    handler = logging.StreamHandler(io.StringIO())
    factory = {key: value for key, value in formatter.items() if key != "()"}
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**factory))
    logger = logging.getLogger("test.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield handler.stream
    logger.removeHandler(handler)


def test_a_line_is_one_event_with_its_fields(stream: io.StringIO) -> None:
    """A field given to the standard logger stands in the event."""
    logging.getLogger("test.logs").warning("Payout %s waits", "RC-1-2", extra={"claim": 7})
    event = json.loads(stream.getvalue())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "Payout RC-1-2 waits",
        "claim": 7,
        "level": "warning",
        "logger": "test.logs",
    }


def test_an_exception_stays_on_its_line(stream: io.StringIO) -> None:
    """A traceback is a field, so that one event is one line."""
    try:
        int("no\nway")
    except ValueError:
        logging.getLogger("test.logs").exception("It failed")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_lines_for_people_are_not_json() -> None:
    """While debugging, lines are for reading."""
    plain = logging_settings(level="DEBUG", plain=True)
    renderer = plain["formatters"]["events"]["processors"][-1]
    assert isinstance(renderer, structlog.dev.ConsoleRenderer)
    assert plain["root"]["level"] == "DEBUG"
