"""The faults that chaos mixes. Each strikes once, and says how often it really struck."""

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import httpx
import redis
from django.db import connection
from kombu import Connection

from claims.providers.sandbox_faults import GARBAGE
from tests.faults.machines import Process
from tests.faults.proxy import CutAfter, CutBefore, Delay, Drip, Fault, Swallow, Truncate, Way
from tests.faults.stack import Stack

type Injection = Callable[[Stack, random.Random], int]

SCRIPTS = (
    "timeout_after_accept",
    "timeout_before_accept",
    "error_500",
    "error_500_after",
    "garbage",
    "reset",
    "slow",
    "late_accept",
    "429",
)


def alive(processes: list[Process]) -> list[Process]:
    """Those that run."""
    return [one for one in processes if one.child and one.child.popen.poll() is None]


def kill_worker(stack: Stack, chance: random.Random) -> int:
    """A worker and its pool are gone at once, and start again a moment later."""
    there = alive(stack.workers)
    if not there:
        return 0
    worker = chance.choice(there)
    worker.kill()
    time.sleep(chance.uniform(0, 1.5))
    worker.start()
    return 1


def kill_pool_child(stack: Stack, chance: random.Random) -> int:
    """One process of a pool is gone."""
    children = [pid for worker in alive(stack.workers) for pid in worker.forked]
    if not children:
        return 0
    with suppress(ProcessLookupError):
        os.kill(chance.choice(children), signal.SIGKILL)
        return 1
    return 0


def end_worker(stack: Stack, chance: random.Random) -> int:
    """A worker is asked to end, as an upgrade does, and starts again."""
    there = alive(stack.workers)
    if not there:
        return 0
    worker = chance.choice(there)
    worker.ask_to_end()
    worker.await_end(seconds=60)
    worker.start()
    return 1


def kill_beat(stack: Stack, chance: random.Random) -> int:
    """A beat is gone, and comes back."""
    there = alive(stack.beats)
    if not there:
        return 0
    beat = chance.choice(there)
    beat.kill()
    time.sleep(chance.uniform(0, 2))
    beat.start()
    return 1


def kill_broker(stack: Stack, chance: random.Random) -> int:
    """The broker is gone with everything that it held."""
    stack.valkey.kill()
    time.sleep(chance.uniform(0, 2))
    stack.valkey.start()
    return 1


def empty_broker(stack: Stack, _chance: random.Random) -> int:
    """Everything in the broker is forgotten."""
    with suppress(redis.RedisError), stack.broker() as broker:
        broker.flushall()
        return 1
    return 0


def cut_broker(stack: Stack, _chance: random.Random) -> int:
    """Every connection to the broker ends."""
    return stack.doors.broker.cut_all()


def redeliver(stack: Stack, _chance: random.Random) -> int:
    """Every message that is being worked on is given out a second time."""
    with (
        suppress(redis.RedisError, OSError),
        Connection(f"redis+socket://{stack.folder / 'valkey'}") as broker,
    ):
        channel: Any = broker.channel()
        tags = stack.broker().hkeys(channel.unacked_key)
        for tag in tags:
            channel.qos.restore_by_tag(tag)
        return len(tags)
    return 0


def script_provider(stack: Stack, chance: random.Random) -> int:
    """The provider goes wrong with its next payments."""
    times = chance.randint(1, 3)
    fault: dict[str, object] = {"do": chance.choice(SCRIPTS), "times": times}
    if fault["do"] == "garbage":
        fault["garbage"] = chance.choice(sorted(GARBAGE))
    with suppress(httpx.HTTPError):
        stack.book.script(fault)
        return times
    return 0


def kill_provider(stack: Stack, chance: random.Random) -> int:
    """The provider is gone; its book stays."""
    stack.provider.kill()
    time.sleep(chance.uniform(0, 1))
    stack.provider.start()
    stack.aim()
    return 1


def strike(door_name: str, chance: random.Random, stack: Stack, *faults: Fault) -> int:
    """One of these faults at a door for a moment; how often it struck."""
    door = getattr(stack.doors, door_name)
    fault = door.add(chance.choice(faults))
    time.sleep(chance.uniform(0.5, 3))
    door.heal()
    return int(fault.struck)


def spoil_provider_wire(stack: Stack, chance: random.Random) -> int:
    """Calls to the provider are swallowed, cut, cut short, delayed, or come byte by byte."""
    return strike(
        "provider",
        chance,
        stack,
        Swallow(Way.TO_SERVER, times=2),
        Swallow(Way.TO_CLIENT, times=2),
        CutBefore(Way.TO_CLIENT, match=b"HTTP/1.1 20", times=2),
        Truncate(Way.TO_CLIENT, match=b"HTTP/1.1 20", times=2, keep=40),
        Delay(Way.TO_CLIENT, seconds=0.5),
        Drip(Way.TO_CLIENT, times=1, seconds=0.5),
    )


def spoil_mail_wire(stack: Stack, chance: random.Random) -> int:
    """The mail server is cut off: at a command, after the letter, or altogether."""
    return strike(
        "mail",
        chance,
        stack,
        CutBefore(Way.TO_SERVER, match=b"RCPT", times=2),
        CutBefore(Way.TO_CLIENT, match=b"250 OK", times=1, skip=2),
        Swallow(Way.TO_CLIENT, times=1),
    )


def refuse_mail(stack: Stack, chance: random.Random) -> int:
    """Nobody listens where the mail server was."""
    before = stack.doors.mail.refused
    stack.doors.mail.refuses = True
    stack.doors.mail.cut_all()
    time.sleep(chance.uniform(0.5, 3))
    stack.doors.mail.heal()
    return stack.doors.mail.refused - before


def cut_database(stack: Stack, _chance: random.Random) -> int:
    """Every connection of the workers to PostgreSQL ends."""
    return stack.doors.postgres.cut_all()


def cut_commit(stack: Stack, chance: random.Random) -> int:
    """The connection ends with COMMIT: before it arrives, or before its answer does."""
    return strike(
        "postgres",
        chance,
        stack,
        CutBefore(Way.TO_SERVER, match=b"COMMIT", times=2),
        CutAfter(Way.TO_SERVER, match=b"COMMIT", times=2),
        CutBefore(Way.TO_CLIENT, match=b"COMMIT\x00", times=2),
    )


def terminate_backends(_stack: Stack, _chance: random.Random) -> int:
    """PostgreSQL ends the sessions of the workers, wherever they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE 'worker%'"
        )
        (ended,) = cursor.fetchone()
    return int(ended)


def forge_notification(stack: Stack, chance: random.Random) -> int:
    """Somebody who is not the provider says that a payment failed."""
    body = {"our_reference": f"RC-{chance.randint(0, 9999)}", "status": "RETURNED"}
    with suppress(httpx.HTTPError), httpx.Client(trust_env=False, timeout=5) as client:
        url = f"http://127.0.0.1:{stack.doors.web.port}/provider/notifications"
        return int(client.post(url, json=body).status_code == httpx.codes.BAD_REQUEST)
    return 0


# Name → (the fault, how often it comes compared with the others).
INJECTIONS: Mapping[str, tuple[Injection, int]] = MappingProxyType(
    {
        "worker killed": (kill_worker, 4),
        "pool child killed": (kill_pool_child, 3),
        "worker asked to end": (end_worker, 1),
        "beat killed": (kill_beat, 1),
        "broker killed": (kill_broker, 2),
        "broker emptied": (empty_broker, 2),
        "broker connections cut": (cut_broker, 2),
        "messages redelivered": (redeliver, 2),
        "provider scripted to fail": (script_provider, 6),
        "provider killed": (kill_provider, 1),
        "provider wire spoilt": (spoil_provider_wire, 4),
        "mail wire spoilt": (spoil_mail_wire, 2),
        "mail refused": (refuse_mail, 1),
        "database connections cut": (cut_database, 2),
        "COMMIT cut": (cut_commit, 4),
        "database sessions terminated": (terminate_backends, 2),
        "notification forged": (forge_notification, 1),
    }
)
# After these a letter may have left twice, with one Message-ID (docs/reliability.md); a killed
# worker is counted by the stack itself.
MAY_REPEAT_LETTERS = frozenset(
    {
        "pool child killed",
        "mail wire spoilt",
        "mail refused",
        "database connections cut",
        "COMMIT cut",
        "database sessions terminated",
    }
)
