"""`redress`, the bootstrap: which uv, which Python, and a lock without a registry's address."""

import hashlib
import http.server
import os
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = """[project]
name = "small"
version = "0"
requires-python = ">=3.12"
dependencies = ["alone>=1"]

[tool.uv]
package = false
"""


def load(folder: Path) -> ModuleType:
    """The script as a module, as if it lay in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "redress").write_bytes((ROOT / "redress").read_bytes())
    loader = SourceFileLoader("redress_script", str(folder / "redress"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def redress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap of an empty checkout, in an empty home, with nothing on PATH but a shell."""
    for name in ("PYENV_ROOT", "UV_PROJECT_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return load(tmp_path / "checkout")


def program(path: Path, script: str) -> Path:
    """An executable that stands for a program of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


# ── uv ─────────────────────────────────────────────────────────────────────
def test_a_uv_that_does_not_run_is_passed_over(redress: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "bin/uv", "exit 127")
    good = program(tmp_path / "home/.local/bin/uv", "echo uv 1.0")
    assert redress.find_uv() == good


def test_uv_is_installed_with_pip_where_there_is_none(
    redress: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m venv` is missing here, as on Debian without python3-venv; pip is not."""
    script = """
case "$2 $3" in
  "venv "*) echo "ensurepip is not available" >&2; exit 1 ;;
  "pip install") mkdir -p "$6/bin"; echo "#!/bin/sh" > "$6/bin/uv"; chmod 755 "$6/bin/uv" ;;
esac
"""
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "python3", script)))
    monkeypatch.setenv("PATH", os.defpath)
    assert redress.install_uv() == tmp_path / "checkout/var/bootstrap/lib/bin/uv"


def test_a_python_without_venv_and_pip_is_explained(
    redress: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = program(tmp_path / "python3", 'echo "No module named $2" >&2; exit 1')
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(redress.CannotStartError) as told:
        redress.find_uv()
    assert str(told.value) == (
        "uv could not be installed: this python3 has no working venv and pip.\n"
        "Install uv, or your system's packages for venv or pip, and try again. What was said:\n"
        "No module named venv\nNo module named pip"
    )


# ── Python ─────────────────────────────────────────────────────────────────
@pytest.fixture
def old_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script itself runs on Python 3.11."""
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "python3.11", "echo 3.11")))


@pytest.mark.usefixtures("old_python")
def test_a_pyenv_shim_without_its_version_is_passed_over(
    redress: ModuleType, tmp_path: Path
) -> None:
    program(
        tmp_path / "bin/python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127"
    )
    good = program(tmp_path / "home/.pyenv/versions/3.13.0/bin/python3", "echo 3.13")
    program(tmp_path / "home/.pyenv/versions/3.9.0/bin/python3", "echo 3.9")
    assert redress.find_python(tmp_path / "uv") == good


@pytest.mark.usefixtures("old_python")
@pytest.mark.parametrize(
    ("on_path", "chosen"),
    [
        (["3.12", "3.14", "3.13"], "3.13"),
        (["3.14", "3.12"], "3.12"),
        (["3.14"], "3.14"),
    ],
)
def test_the_preferred_python_is_chosen(
    redress: ModuleType, tmp_path: Path, on_path: list[str], chosen: str
) -> None:
    for version in on_path:
        program(tmp_path / f"bin/python{version}", f"echo {version}")
    assert redress.find_python(tmp_path / "uv") == tmp_path / f"bin/python{chosen}"


@pytest.mark.usefixtures("old_python")
def test_uv_fetches_a_python_where_there_is_none(redress: ModuleType, tmp_path: Path) -> None:
    uv = program(tmp_path / "uv", '[ "$2" = find ] && echo /fetched/python3.13; exit 0')
    assert redress.find_python(uv) == Path("/fetched/python3.13")


@pytest.mark.usefixtures("old_python")
def test_no_python_at_all_is_explained(redress: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(redress.CannotStartError, match=r"Redress needs Python 3\.13"):
        redress.find_python(program(tmp_path / "uv", "exit 1"))


# ── the lock ───────────────────────────────────────────────────────────────
def wheel(folder: Path, name: str, version: str, *, comment: str = "") -> Path:
    """A package with nothing in it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"'''{comment}'''\n")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", about)
        archive.writestr(f"{name}-{version}.dist-info/WHEEL", kind)
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return path


def publish(registry: Path, file: Path) -> str:
    """Enter a file into a registry's index; returns its hash."""
    name = file.name.partition("-")[0]
    index = registry / "simple" / name / "index.html"
    index.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    link = f'<a href="/{file.relative_to(registry)}#sha256={digest}">{file.name}</a>\n'
    index.write_text((index.read_text() if index.exists() else "") + link)
    return digest


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A registry of files that says nothing."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A registry on loopback; uv is told of it as a person would tell it of a mirror."""
    folder = tmp_path / "registry"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{server.server_port}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A checkout with one dependency; its lock names the file `packages/aa/alone-1.0-….whl`."""
    # Else the environment that runs this very test would be made to hold one package.
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)
    module = load(tmp_path / "checkout")
    assert tmp_path / "checkout" / ".venv" == module.VENV
    file = wheel(tmp_path / "committed" / "packages" / "aa", "alone", "1.0")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (module.ROOT / "pyproject.toml").write_text(PROJECT)
    (module.ROOT / "uv.lock").write_text(f"""version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "alone"
version = "1.0"
source = {{ registry = "{module.NEUTRAL_REGISTRY}" }}
wheels = [
    {{ url = "{module.NEUTRAL_FILES}packages/aa/{file.name}", hash = "sha256:{digest}" }},
]

[[package]]
name = "small"
version = "0"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "alone" }},
]

[package.metadata]
requires-dist = [{{ name = "alone", specifier = ">=1" }}]
""")
    return module


def put(registry: Path, place: str, committed: Path) -> None:
    """Publish a committed file at a place of the registry's choice."""
    target = registry / place / committed.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(committed.read_bytes())
    publish(registry, target)


def locked(lock: Path) -> list[tuple[str, str]]:
    return [
        (package["name"], package["version"])
        for package in tomllib.loads(lock.read_text())["package"]
    ]


def installed(venv: Path) -> list[str]:
    return sorted(path.name for path in venv.glob("lib/python*/site-packages/alone*"))


def test_a_mirror_with_the_same_paths_is_written_into_the_lock(
    checkout: ModuleType, registry: Path, tmp_path: Path
) -> None:
    put(registry, "packages/aa", tmp_path / "committed/packages/aa/alone-1.0-py3-none-any.whl")
    python = checkout.prepare()
    base = os.environ["UV_DEFAULT_INDEX"].removesuffix("simple")
    assert checkout.render(checkout.find_uv(), Path(sys.executable)) == (f"{base}simple", base)
    assert installed(checkout.VENV) == ["alone-1.0.dist-info", "alone.py"]
    assert python == checkout.VENV / "bin" / "python"


def test_a_mirror_with_other_paths_is_locked_to_the_same_releases(
    checkout: ModuleType, registry: Path, tmp_path: Path
) -> None:
    put(registry, "elsewhere", tmp_path / "committed/packages/aa/alone-1.0-py3-none-any.whl")
    publish(registry, wheel(registry / "elsewhere", "alone", "2.0"))
    checkout.prepare()
    assert locked(checkout.RENDERED / "uv.lock") == [("alone", "1.0"), ("small", "0")]
    assert installed(checkout.VENV) == ["alone-1.0.dist-info", "alone.py"]


def test_a_mirror_with_other_files_is_refused(checkout: ModuleType, registry: Path) -> None:
    publish(registry, wheel(registry / "elsewhere", "alone", "1.0", comment="not what we locked"))
    with pytest.raises(checkout.CannotStartError) as told:
        checkout.prepare()
    assert str(told.value) == (
        "This registry does not hold the files that uv.lock names: alone 1.0"
    )
    assert not checkout.VENV.exists()


def test_locking_again_writes_neutral_addresses(
    checkout: ModuleType, registry: Path, tmp_path: Path
) -> None:
    put(registry, "packages/aa", tmp_path / "committed/packages/aa/alone-1.0-py3-none-any.whl")
    publish(registry, wheel(registry / "packages/bb", "alone", "2.0"))
    checkout.lock(["--upgrade"])
    lock = checkout.ROOT / "uv.lock"
    assert locked(lock) == [("alone", "2.0"), ("small", "0")]
    assert "127.0.0.1" not in lock.read_text()
    url = tomllib.loads(lock.read_text())["package"][0]["wheels"][0]["url"]
    assert url == "https://files.invalid/packages/bb/alone-2.0-py3-none-any.whl"


def test_a_second_preparation_asks_nobody(
    checkout: ModuleType,
    registry: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(registry, "packages/aa", tmp_path / "committed/packages/aa/alone-1.0-py3-none-any.whl")
    python = checkout.prepare()
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
    assert checkout.prepare() == python
    (checkout.ROOT / "pyproject.toml").write_text(f"{PROJECT}# changed\n")
    with pytest.raises(checkout.CannotStartError, match="Is the package registry reachable"):
        checkout.prepare()


# ── the whole ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["nonsense"], 2), (["--help"], 0)])
def test_usage(arguments: list[str], status: int) -> None:
    done = subprocess.run(
        [ROOT / "redress", *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.startswith("usage: ./redress COMMAND [arguments]\n")


def test_no_tracked_file_names_a_registry() -> None:
    """No address of a package registry stands in the repository (docs/adr/0002)."""
    hosts = [".".join(parts) for parts in (("py" + "pi", "org"), ("python" + "hosted", "org"))]
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    naming = [
        f"{name}: {host}"
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file()
        for host in hosts
        if host.encode() in (ROOT / name).read_bytes()
    ]
    assert naming == []
