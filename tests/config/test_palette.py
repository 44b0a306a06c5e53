"""The palette of both faces: every pair of text and ground is readable in both themes."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

PALETTE = (Path(settings.BASE_DIR) / "static" / "palette.css").read_text()
TEXTS_ON_GROUNDS = [
    *product(["ink", "muted", "link", "link-hover", "danger", "warning"], ["paper", "surface"]),
    ("ink", "sunken"),
    ("link-hover", "sunken"),
    ("on-brand", "brand"),
    ("on-action", "action"),
    ("on-action", "link-hover"),
    ("on-focus", "focus"),
    *[("ink", f"{tone}-paper") for tone in ("danger", "warning", "good", "calm")],
    *[(tone, f"{tone}-paper") for tone in ("danger", "warning", "good", "calm")],
]


def colour(name: str, theme: int) -> str:
    """The hexadecimal colour of a name; theme 0 is light, 1 is dark."""
    found = re.search(rf"--{name}: (?:light-dark\()?(#\w{{6}})(?:, (#\w{{6}})\))?;", PALETTE)
    assert found is not None, name
    return found[1] if theme == 0 or found[2] is None else found[2]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS_ON_GROUNDS)
def test_text_has_the_contrast_of_wcag_aa(text: str, ground: str, theme: int) -> None:
    assert contrast(colour(text, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_borders_of_fields_can_be_seen(ground: str, theme: int) -> None:
    assert contrast(colour("line-strong", theme), colour(ground, theme)) >= 3
