"""The command `due_date`: one clock explained, or many answered line by line."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.management.commands.due_date import Command

ROOT = Path(__file__).resolve().parents[2]


def ask(*arguments: str) -> str:
    out = io.StringIO()
    call_command(Command(), *arguments, stdout=out)
    return out.getvalue()


def ask_lines(monkeypatch: pytest.MonkeyPatch, text: bytes) -> tuple[list[str], str]:
    """Answer lines given on standard input: the answers, and the closing error if any."""
    out, closing = io.StringIO(), ""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    try:
        call_command(Command(), "-", stdout=out)
    except CommandError as error:
        closing = str(error)
    return out.getvalue().split("\n")[:-1], closing


# ── one clock ──────────────────────────────────────────────────────────────


def test_a_clock_of_working_days_is_explained_day_by_day() -> None:
    answer = ask("2026-04-01T10:00Z", "--days", "3", "--unit", "working", "--market", "DE")
    assert answer == (
        "due    2026-04-08T22:00:00Z\n"
        "local  2026-04-09 00:00:00 CEST (Europe/Berlin)\n"
        "counted 3 working days in DE:\n"
        "    Wed 2026-04-01  day 0: the clock starts\n"
        "  + Thu 2026-04-02  working day 1\n"
        "    Fri 2026-04-03  Good Friday\n"
        "    Sat 2026-04-04  Saturday\n"
        "    Sun 2026-04-05  Sunday\n"
        "    Mon 2026-04-06  Easter Monday\n"
        "  + Tue 2026-04-07  working day 2\n"
        "  + Wed 2026-04-08  working day 3\n"
    )


def test_calendar_days_in_the_us_are_the_default() -> None:
    assert ask("2026-03-06T18:00:00Z", "--days", "2") == (
        "due    2026-03-09T07:00:00Z\n"
        "local  2026-03-09 00:00:00 PDT (America/Los_Angeles)\n"
        "counted 2 calendar days in US:\n"
        "    Fri 2026-03-06  day 0: the clock starts\n"
        "  + Sat 2026-03-07  day 1\n"
        "  + Sun 2026-03-08  day 2\n"
    )


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-04", "2026-03-12T07:00:00Z"),
        ("2026-03-04T18:00Z", "2026-03-12T07:00:00Z"),
        ("2026-03-04T18:00:00+00:00", "2026-03-12T07:00:00Z"),
        ("2026-03-05T08:59+01:00", "2026-03-12T07:00:00Z"),
        ("2026-03-05T09:00+01:00", "2026-03-13T07:00:00Z"),
    ],
)
def test_a_start_is_a_date_or_a_moment_with_its_zone(start: str, due: str) -> None:
    assert ask(start, "--days", "7").splitlines()[0] == f"due    {due}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2026-03-04"], "Say how long the clock runs, with --days."),
        (
            ["2026-03-04T18:00", "--days", "7"],
            "2026-03-04T18:00:00 has no time zone: write it like 2026-03-04T18:00:00Z.",
        ),
        (
            ["tomorrow", "--days", "7"],
            "“tomorrow” is not a start: write it like 2026-03-04T18:00:00Z or 2026-03-04.",
        ),
        (["2026-03-04", "--days", "1e3"], "“1e3” is not a number of days: write it like 7."),
        (["2026-03-04", "--days", "７"], "“７” is not a number of days: write it like 7."),
        (
            ["2026-03-04", "--days", "7", "--unit", "weeks"],
            "“weeks” is not a unit: write calendar or working.",
        ),
        (
            ["2026-03-04", "--days", "7", "--market", "GB"],
            (
                "“GB” is not a marketplace: "
                "choose one of US, CA, UK, DE, FR, IT, ES, NL, BE, SE, PL, MX, JP."
            ),
        ),
        (
            ["2026-03-04", "--days", "99999"],
            "A clock runs for 0 to 36525 days, not 99999.",
        ),
        (
            ["9999-12-30", "--days", "7"],
            "The clock does not end within the years 1 to 9999.",
        ),
    ],
)
def test_what_cannot_be_counted_is_said_in_words(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        ask(*arguments)
    assert str(refused.value) == words


# ── many clocks ────────────────────────────────────────────────────────────


def test_each_line_is_answered_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ask_lines(
        monkeypatch,
        b"2026-03-04T18:00:00Z,7,calendar,US\n"
        b"2026-03-04T18:00:00Z,7,working,UK\n"
        b" 2026-04-01T10:00Z , 7 , Working , de \r\n"
        b"2026-03-04,7,calendar,US",
    )
    assert answers == (
        [
            "2026-03-12T07:00:00Z",
            "2026-03-14T00:00:00Z",
            "2026-04-14T22:00:00Z",
            "2026-03-12T07:00:00Z",
        ],
        "",
    )


def test_a_bad_line_is_answered_too_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ask_lines(
        monkeypatch,
        b"\xef\xbb\xbf2026-03-04,7,calendar,US\n"
        b"2026-03-04T18:00,7,calendar,US\n"
        b"\n"
        b"2026-03-04,7,calendar\n"
        b"2026-03-04,-7,calendar,US\n"
        b"2026-03-04,,calendar,US\n"
        b"\xff\xfe,7,calendar,US\n"
        b"a\rb\xe2\x80\xa8c,7,calendar,US\n"
        b"9999-12-31,0,working,US\n"
        b"0001-01-01,0,calendar,US\n"
        b"2026-03-04,0,calendar,JP\n",
    )
    not_a_start = "is not a start: write it like 2026-03-04T18:00:00Z or 2026-03-04."
    assert answers == (
        [
            "2026-03-12T07:00:00Z",
            "error: 2026-03-04T18:00:00 has no time zone: write it like 2026-03-04T18:00:00Z.",
            "error: a line has four fields, start,days,unit,market; this one has 1.",
            "error: a line has four fields, start,days,unit,market; this one has 3.",
            "error: “-7” is not a number of days: write it like 7.",
            "error: “” is not a number of days: write it like 7.",
            f"error: “\ufffd\ufffd” {not_a_start}",
            f"error: “a b c” {not_a_start}",
            "error: The clock does not end within the years 1 to 9999.",
            "0001-01-02T07:52:58Z",
            "2026-03-04T15:00:00Z",
        ],
        "Lines that could not be answered: 8.",
    )


def test_no_lines_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask_lines(monkeypatch, b"") == ([], "")


# ── the real command ───────────────────────────────────────────────────────


def run(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the command as a person would, with a database that does not exist."""
    environment: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
        "SECRET_KEY": "not-used",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "due_date", *arguments],
        cwd=ROOT,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_ten_thousand_lines_take_less_than_ten_seconds_and_no_database() -> None:
    units, markets = ("calendar", "working"), ("US", "UK", "DE", "JP", "MX")
    lines = [
        f"20{21 + n % 15}-{1 + n % 12:02}-{1 + n % 28:02}T12:00:00Z,{n % 91},{units[n % 2]},"
        f"{markets[n % 5]}\n"
        for n in range(10_000)
    ]
    started = time.monotonic()
    done = run("".join(lines), "-")
    assert time.monotonic() - started < 10
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 10_000
    assert all(line.endswith("Z") for line in done.stdout.splitlines())


def test_one_bad_line_makes_the_exit_status_1() -> None:
    done = run("2026-03-04,7,calendar,US\nnonsense\n", "-")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "2026-03-12T07:00:00Z",
        "error: a line has four fields, start,days,unit,market; this one has 1.",
    ]
    assert done.stderr == "CommandError: Lines that could not be answered: 1.\n"
