"""What the child asks the kernel for; `test_sandbox` sees that it holds."""

import os
import struct
import sys
from pathlib import Path

import pytest

from insurance.reading import confinement
from insurance.reading.child import _peak_bytes
from insurance.reading.confinement import landlock_version


@pytest.mark.parametrize(
    ("version", "withheld"),
    [
        (1, (0x1FFF,)),
        (2, (0x3FFF,)),
        (3, (0x7FFF,)),
        (4, (0x7FFF, 3)),
        (5, (0xFFFF, 3)),
        (6, (0xFFFF, 3, 3)),
        (99, (0xFFFF, 3, 3)),
    ],
)
def test_every_right_is_withheld_that_a_kernel_knows(
    version: int, withheld: tuple[int, ...]
) -> None:
    """linux/landlock.h: thirteen rights over files at first, then three more, TCP, and scopes."""
    ruleset = confinement._ruleset(version)

    assert struct.unpack(f"={len(withheld)}Q", ruleset) == withheld


def test_only_what_is_there_can_be_opened() -> None:
    folders = list(confinement._folders())
    paths = {str(Path(f"/proc/self/fd/{folder}").readlink()) for folder in folders}
    for folder in folders:
        os.close(folder)

    assert os.path.realpath(sys.base_prefix) in paths
    assert not any("media" in path or path in {"/", "/tmp", "/var"} for path in paths)  # noqa: S108


def test_a_kernel_has_a_version_of_landlock_or_none() -> None:
    assert landlock_version() >= 0


@pytest.mark.parametrize(
    ("status", "peak"),
    [
        (b"Name:\tpython\nVmHWM:\t   58480 kB\nVmRSS:\t 1 kB\n", 58_480 * 1024),
        (b"Name:\tpython\n", None),
        (b"", None),
    ],
)
def test_the_peak_is_the_kernel_s_figure(status: bytes, peak: int | None) -> None:
    assert _peak_bytes(status) == peak
