"""The published files that tests may read where they are there; none is in the repository."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[4] / "shared" / "data"
SDN, ALT, ADD = (SHARED / "sanctions" / f"{name}.csv" for name in ("sdn", "alt", "add"))
RECALLS_JSON = SHARED / "recalls" / "cpsc_recalls.json"
RECALLS_CSV = SHARED / "recalls" / "cpsc_recalls_2026-04.csv"

needs_published_files = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the published files lie in ../shared/data, which is not here"
)
