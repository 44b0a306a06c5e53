"""The process that opens strangers' files: its limits hold, and its death is an answer.

Issue 4: bad files get a clear message within 5 s and 300 MB and harm nothing. Each test starts a
real child; the limits are those of production unless the test says otherwise.
"""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from insurance.reading import read_certificate, sandbox
from insurance.reading.confinement import landlock_version
from insurance.reading.facts import (
    DEFAULT,
    FileKind,
    Limits,
    Problem,
    ProblemCode,
    Reading,
    problem,
)
from insurance.reading.parsing import read_bytes
from tests.insurance.certificates import hostile
from tests.insurance.certificates.american import SOUND
from tests.insurance.certificates.collection import write

MOST_SECONDS = 5.0
MOST_BYTES = 300 * 1024 * 1024
# Enough for a machine that also runs the rest of the suite; what is tested is not the speed.
PATIENT = replace(DEFAULT, seconds=60.0, cpu_seconds=30)
HOME = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SOUND, tmp_path_factory.mktemp("sandbox"))


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_certificate_is_read_as_without_the_sandbox(certificate: Path) -> None:
    reading = read_certificate(certificate, name="coi.pdf", limits=PATIENT)

    assert replace(reading, seconds=0, peak_bytes=None) == read_bytes(certificate.read_bytes())
    assert reading.peak_bytes is not None
    assert 0 < reading.peak_bytes < MOST_BYTES / 2


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("deflated-twice.pdf", {ProblemCode.ZIP_BOMB}),
        ("deflated.pdf", {ProblemCode.ZIP_BOMB}),
        ("forms-in-forms.pdf", {ProblemCode.TOO_BIG_TO_READ}),
    ],
)
def test_what_bursts_is_stopped_in_time_and_memory(
    name: str, codes: set[ProblemCode], tmp_path: Path
) -> None:
    """With production's limits: on a busy machine the clock may be what stops it."""
    make = {**hostile.PDFS[ProblemCode.ZIP_BOMB], **hostile.EXHAUSTING}[name]
    path = written(tmp_path, name, make())

    reading = read_certificate(path, name=name)

    assert reading.problem is not None
    assert reading.problem.code in codes | {ProblemCode.TOO_SLOW}
    assert reading.seconds < MOST_SECONDS
    assert (reading.peak_bytes or 0) < MOST_BYTES


def test_a_picture_larger_than_the_memory_stays_within_it(tmp_path: Path) -> None:
    """It is drawn in strips, or given up: never held."""
    path = written(tmp_path, "a.pdf", hostile.EXHAUSTING["vast-picture.pdf"]())

    reading = read_certificate(path, name="a.pdf")

    assert reading.seconds < MOST_SECONDS
    assert (reading.peak_bytes or 0) < MOST_BYTES
    assert reading.policies == ()


def test_a_file_of_sixty_megabytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(60 * 1024 * 1024)

    reading = read_certificate(path, name="large.pdf")

    assert replace(reading, seconds=0) == Reading(problem=problem(ProblemCode.TOO_LARGE))
    assert reading.seconds < 0.5


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    reading = read_certificate(written(tmp_path, "a.pdf", b""), name="a.pdf")

    assert replace(reading, seconds=0) == Reading(problem=problem(ProblemCode.EMPTY))


def test_a_name_that_says_another_kind_is_sent_back(certificate: Path) -> None:
    reading = read_certificate(certificate, name="coi.docx", limits=PATIENT)

    assert replace(reading, seconds=0) == Reading(
        kind=FileKind.PDF,
        problem=Problem(
            ProblemCode.WRONG_TYPE,
            "This file is a PDF file, but its name does not end in .pdf. Rename it.",
        ),
    )


def test_time_that_is_up_is_an_answer(certificate: Path) -> None:
    started = time.monotonic()

    reading = read_certificate(certificate, name="coi.pdf", limits=Limits(seconds=0.05))

    assert reading.problem == problem(ProblemCode.TOO_SLOW)
    assert time.monotonic() - started < MOST_SECONDS


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", ProblemCode.TOO_BIG_TO_READ),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ProblemCode.NOT_READ),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", ProblemCode.TOO_SLOW),
        ("raise SystemExit(3)", ProblemCode.NOT_READ),
        ("print('<html>')", ProblemCode.NOT_READ),
        ("print('{}')", ProblemCode.NOT_READ),
        ("print('[' * 200000)", ProblemCode.NOT_READ),
        ("pass", ProblemCode.NOT_READ),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_an_answer(
    program: str, code: ProblemCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes over the child can say anything; the parent believes none of it."""
    written(tmp_path, "stand_in.py", program.encode())
    monkeypatch.setattr(sandbox, "_HOME", tmp_path)
    monkeypatch.setattr(sandbox, "_MODULE", "stand_in")
    path = written(tmp_path, "a.pdf", b"%PDF-1.7")

    reading = read_certificate(path, name="a.pdf", limits=PATIENT)

    assert replace(reading, seconds=0) == Reading(problem=problem(code))


def confined(program: str, *, limits: Limits = DEFAULT, before: str = "") -> str:
    """What a program prints that runs after the child's own `confine`."""
    whole = (
        "import errno, os, signal, socket\n"
        "from insurance.reading.confinement import confine\n"
        "from insurance.reading.facts import Limits\n"
        f"{before}\nconfine({limits!r})\n{program}"
    )
    done = subprocess.run(
        [sys.executable, "-c", whole],
        cwd=HOME,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


def attempted(act: str) -> str:
    """A program that tries something and prints the name of the error."""
    return (
        f"try:\n    {act}\n    print('done')\n"
        "except OSError as error:\n    print(errno.errorcode[error.errno])\n"
        "except MemoryError:\n    print('ENOMEM')\n"
    )


def test_the_child_may_not_hold_more_than_its_memory() -> None:
    assert confined(attempted("held = bytearray(310 * 1024 * 1024)")) == "ENOMEM\n"


def test_the_child_may_not_write_much(tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = (
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"file = open({str(out)!r}, 'wb', buffering=0)"
    )
    act = attempted("file.write(bytes(2000)); file.write(b'more')")

    assert confined(act, limits=Limits(answer_bytes=1_000), before=before) == "EFBIG\n"
    assert out.stat().st_size == 1_000


def test_the_child_may_not_open_many_files() -> None:
    assert confined(attempted("[os.dup(0) for _ in range(40)]")) == "EMFILE\n"


def test_the_child_cannot_take_its_limits_back() -> None:
    program = (
        "import resource\n"
        "print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU))\n"
    )

    assert confined(program) == f"({MOST_BYTES}, {MOST_BYTES}) (4, 4)\n"


def test_the_child_has_no_network_where_the_system_allows_it() -> None:
    """Where users may not have a network of their own this proves nothing, and docs say so."""
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody have a network of their own")

    assert confined("print([name for _, name in socket.if_nameindex()])") == "['lo']\n"


needs_landlock = pytest.mark.skipif(landlock_version() < 4, reason="a kernel without Landlock")


@needs_landlock
@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "os.listdir('/')",
        f"open({str(HOME / 'pyproject.toml')!r})",
        f"open({str(HOME / 'insurance' / 'new.py')!r}, 'w')",
        "os.mkdir('/tmp/new')",
        "socket.create_connection(('127.0.0.1', 9), timeout=1)",
    ],
)
def test_the_child_may_open_nothing_of_ours(act: str) -> None:
    """Another seller's certificate is as far away as the password file."""
    assert confined(attempted(act)) in {"EACCES\n", "ENETUNREACH\n"}


@needs_landlock
def test_the_child_may_still_load_what_it_is_made_of() -> None:
    module = HOME / "insurance" / "reading" / "facts.py"

    assert confined(attempted(f"open({str(module)!r}); import wave")) == "done\n"


def test_the_child_knows_nothing_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment holds passwords and keys: the child gets none of it."""
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    seen = tmp_path / "seen"
    program = f"import os; open({str(seen)!r}, 'w').write(repr(sorted(os.environ)))"
    written(tmp_path, "stand_in.py", program.encode())
    monkeypatch.setattr(sandbox, "_HOME", tmp_path)
    monkeypatch.setattr(sandbox, "_MODULE", "stand_in")

    read_certificate(written(tmp_path, "a.pdf", b"%PDF-1.7"), name="a.pdf", limits=PATIENT)

    assert "SECRET_KEY" not in seen.read_text()
    assert "DATABASE_URL" not in seen.read_text()


def test_nothing_is_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a child started goes with it, though nobody asked for it."""
    mark = tmp_path / "grandchild"
    program = (
        "import subprocess, sys\n"
        "sleeper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(mark)!r}, 'w').write(str(sleeper.pid))\n"
    )
    written(tmp_path, "stand_in.py", program.encode())
    monkeypatch.setattr(sandbox, "_HOME", tmp_path)
    monkeypatch.setattr(sandbox, "_MODULE", "stand_in")

    read_certificate(written(tmp_path, "a.pdf", b"%PDF-1.7"), name="a.pdf", limits=PATIENT)

    assert not is_running(int(mark.read_text()))


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        os.sched_yield()
        time.sleep(0.02)
    return True


def test_a_file_that_is_not_there_is_our_own_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_certificate(tmp_path / "nothing.pdf", name="nothing.pdf")
