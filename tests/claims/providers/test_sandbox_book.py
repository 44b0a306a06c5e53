"""The provider's book: on the disk before the answer, and the same after any death."""

import os
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claims.providers.sandbox_book import BookUnreadable, Entry, KeyReused, Order, SandboxBook
from tests.claims.providers.parties import NOON, Clock, full_disk

ORDER = Order(
    our_reference="RC-7K3M-92PX-1",
    amount_minor=40_000,
    currency="USD",
    payee_name="Dana Réyes",
    payee_account="GB00SAND0001",
    purpose_text="Claim",
)
AT_ONCE = timedelta(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.jsonl"


def accept(book: SandboxBook, key: str = "key-1", order: Order = ORDER) -> Entry:
    return book.accept(key, order, confirm_after=timedelta(seconds=2))


def filled(book: SandboxBook, clock: Clock) -> list[Entry]:
    """A book with an entry of every sort, as it then stands."""
    accept(book)
    book.accept("key-2", ORDER, confirm_after=AT_ONCE, return_after=timedelta(days=3))
    book.accept("key-3", ORDER, confirm_after=AT_ONCE, refusal="NEVER")
    accept(book, "key-4")
    book.cancel("SBX-000004")
    accept(book, "key-5")
    clock.move(days=1)
    book.send_back("SBX-000005")
    return book.entries()


def test_the_book_is_the_same_after_a_restart(path: Path, clock: Clock) -> None:
    book = SandboxBook(str(path), now=clock)
    before = filled(book, clock)
    book.mark_announced("event-1")
    book.close()
    again = SandboxBook(str(path), now=clock)
    assert again.entries() == before
    standings = [entry.standing(clock())[0] for entry in before]
    assert standings == ["CONFIRMED", "CONFIRMED", "REFUSED", "CANCELLED", "RETURNED"]
    assert [again.is_announced(event) for event in ("event-1", "event-2")] == [True, False]
    assert accept(again, "key-6").provider_reference == "SBX-000006"
    again.close()


def test_keys_outlive_a_restart_with_their_first_answer(path: Path, clock: Clock) -> None:
    book = SandboxBook(str(path), now=clock)
    first = accept(book)
    book.cancel(first.provider_reference)
    book.close()
    again = SandboxBook(str(path), now=clock)
    assert again.remembered("key-1", ORDER) == first
    assert accept(again) == first
    assert len(again.entries()) == 1
    again.close()


def test_forgotten_keys_stay_forgotten_after_a_restart(path: Path, clock: Clock) -> None:
    book = SandboxBook(str(path), now=clock)
    accept(book)
    book.forget_keys()
    book.close()
    again = SandboxBook(str(path), now=clock)
    assert again.remembered("key-1", ORDER) is None
    again.close()


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_a_line_cut_by_a_crash_is_dropped_and_the_rest_kept(
    path: Path, clock: Clock, cut: int
) -> None:
    book = SandboxBook(str(path), now=clock)
    first = accept(book)
    accept(book, "key-2")
    book.close()
    os.truncate(path, path.stat().st_size - cut)
    again = SandboxBook(str(path), now=clock)
    assert again.entries() == [first]
    assert accept(again, "key-3").provider_reference == "SBX-000002"
    again.close()
    third = SandboxBook(str(path), now=clock)
    assert len(third.entries()) == 2
    third.close()


@pytest.mark.parametrize(
    "line",
    [
        b"rubbish",
        b"[]",
        b"{}",
        b'{"line": "burnt"}',
        b'{"line": "entered"}',
        b'{"line": "amended", "provider_reference": "SBX-9", "cancelled_at": null}',
    ],
)
def test_a_damaged_book_is_not_opened_and_not_touched(
    path: Path, clock: Clock, line: bytes
) -> None:
    book = SandboxBook(str(path), now=clock)
    accept(book)
    book.close()
    damaged = line + b"\n" + path.read_bytes()
    path.write_bytes(damaged)
    with pytest.raises(BookUnreadable, match="line 1 of the book is damaged"):
        SandboxBook(str(path), now=clock)
    assert path.read_bytes() == damaged


def test_two_providers_cannot_share_a_book(path: Path, clock: Clock) -> None:
    book = SandboxBook(str(path), now=clock)
    with pytest.raises(BookUnreadable, match="another sandbox provider has"):
        SandboxBook(str(path), now=clock)
    book.close()
    SandboxBook(str(path), now=clock).close()


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_closed_book_takes_nothing(path: Path, clock: Clock, *, in_memory: bool) -> None:
    book = SandboxBook(":memory:" if in_memory else str(path), now=clock)
    book.close()
    book.close()
    with pytest.raises(OSError, match="the book is closed"):
        accept(book)
    assert book.entries() == []


@pytest.mark.parametrize("spare_bytes", [0, 100])
def test_what_the_disk_refuses_is_not_in_the_book(
    path: Path, clock: Clock, spare_bytes: int
) -> None:
    book = SandboxBook(str(path), now=clock)
    first = accept(book)
    written = path.read_bytes()
    with full_disk(path, spare_bytes=spare_bytes), pytest.raises(OSError, match="File too large"):
        accept(book, "key-2")
    assert (book.entries(), path.read_bytes()) == ([first], written)
    assert book.remembered("key-2", ORDER) is None
    assert accept(book, "key-2").provider_reference == "SBX-000002"
    book.close()


def test_a_key_is_good_for_one_payment_until_its_window_ends(clock: Clock) -> None:
    book = SandboxBook(":memory:", now=clock, key_window=timedelta(hours=1))
    first = accept(book)
    other = replace(ORDER, amount_minor=1)
    for attempt in (book.remembered, lambda key, order: accept(book, key, order)):
        with pytest.raises(KeyReused):
            attempt("key-1", other)
    clock.move(minutes=59)
    assert accept(book) == first
    clock.move(minutes=1)
    assert book.remembered("key-1", other) is None
    assert accept(book, "key-1", other).provider_reference == "SBX-000002"


def test_fifty_threads_with_one_key_make_one_entry(path: Path, clock: Clock) -> None:
    book = SandboxBook(str(path), now=clock)
    made: list[Entry] = []
    threads = [threading.Thread(target=lambda: made.append(accept(book))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [book.entries()[0]] * 50
    assert len(book.entries()) == 1
    book.close()


def test_a_confirmed_payment_is_not_cancelled(clock: Clock) -> None:
    book = SandboxBook(":memory:", now=clock)
    entry = accept(book)
    clock.move(seconds=2)
    assert book.cancel(entry.provider_reference) == entry
    assert book.entries() == [entry]


def test_payments_are_those_whose_money_moves(clock: Clock) -> None:
    book = SandboxBook(":memory:", now=clock)
    filled(book, clock)
    moving = ["SBX-000001", "SBX-000002", "SBX-000005"]
    for prefix in ("", "RC-7K3M-92PX", "RC-7K3M-92PX-1"):
        assert [e.provider_reference for e in book.payments_for(prefix)] == moving
    assert book.payments_for("RC-7K3M-92PX-11") == []
    assert book.find("RC-7K3M-92PX") == []
    assert len(book.find("RC-7K3M-92PX-1")) == 5


def test_work_is_counted_per_reference(clock: Clock) -> None:
    book = SandboxBook(":memory:", now=clock)
    with book.working_on("A"):
        with book.working_on("A"):
            assert (book.is_working_on("A"), book.is_working_on("B")) == (True, False)
        assert book.is_working_on("A")
    assert not book.is_working_on("A")


def test_a_standing_has_the_moment_since_when_it_holds(clock: Clock) -> None:
    book = SandboxBook(":memory:", now=clock)
    entry = book.accept(
        "key-1", ORDER, confirm_after=timedelta(hours=1), return_after=timedelta(days=1)
    )
    assert [entry.standing(NOON + timedelta(hours=h)) for h in (0, 1, 24)] == [
        ("ACCEPTED", NOON),
        ("CONFIRMED", NOON + timedelta(hours=1)),
        ("RETURNED", NOON + timedelta(days=1)),
    ]
