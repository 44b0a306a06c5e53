"""Certificates on forms like ACORD 25: boxes with printed labels around a table of policies."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from insurance.reading.facts import Found, PolicySuggestion
from insurance.reading.form_rows import policy_in
from insurance.reading.form_table import blocks_of
from insurance.reading.page import Line, Page
from insurance.reading.sheet import FOOTER, Sheet, is_signed_below

_INSURER: Final = re.compile(r"\bINSURER ([A-F])\b\s*:?")
_NAIC: Final = re.compile(r"^\d{5}$")
_INSURED: Final = re.compile(r"^(?:NAMED )?INSURED:?$")
_PRODUCER: Final = re.compile(r"^PRODUCER:?$")
_COVERAGES: Final = re.compile(r"^COVERAGES\b")
_DESCRIPTION: Final = re.compile(r"^DESCRIPTION OF OPERATIONS(?! below)")
_HOLDER: Final = re.compile(r"^CERTIFICATE HOLDER$")
_CANCELLATION: Final = re.compile(r"^CANCELLATION$")
_REPRESENTATIVE: Final = re.compile(r"AUTHORI[SZ]ED REPRESENTATIVE")
_REMARKS: Final = re.compile(r"ADDITIONAL REMARKS")
_EVERYWHERE: Final = (float("-inf"), float("inf"))


def read_form(pages: tuple[Page, ...]) -> Sheet | None:
    """What a form says; None when no page has its table of policies."""
    tables = [(page, blocks) for page in pages if (blocks := blocks_of(page)) is not None]
    if not tables:
        return None
    page = tables[0][0]
    insurers = dict(_insurers(page))
    rows = [policy for _, blocks in tables for block in blocks if (policy := policy_in(block))]
    description, cancellation = _description(page), _cancellation(page)
    remarks = [other.text for other in pages if _REMARKS.search(other.text)]
    return Sheet(
        policies=tuple(_with_insurer(row, insurers) for row in rows),
        insured=_box_under(page, _INSURED, until=_COVERAGES),
        producer=_box_under(page, _PRODUCER, until=_INSURED),
        description=description,
        holder=_holder(page),
        statements="\n".join((*description, "", *cancellation, "", *remarks)),
        signed=_signed(page),
    )


def _with_insurer(
    policy: PolicySuggestion, insurers: dict[str, tuple[Found[str], str | None]]
) -> PolicySuggestion:
    name, naic = insurers.get(policy.insurer_letter or "", (None, None))
    return replace(policy, insurer=name, naic=naic)


def _insurers(page: Page) -> Iterator[tuple[str, tuple[Found[str], str | None]]]:
    """Letter, name and NAIC number of every insurer that is filled in."""
    for line in page.lines:
        label = line.find(_INSURER)
        rest = None if label is None else line.after(label)
        if label is None or rest is None:
            continue
        words = [word.text for word in rest.words]
        naic = words.pop() if _NAIC.match(words[-1]) else None
        name = " ".join(words).lstrip(": ").strip()
        if name:
            letter = label.text.removeprefix("INSURER ")[0]
            yield letter, (Found(name, f"{label.text} {rest.text}"), naic)


def _label(page: Page, pattern: re.Pattern[str]) -> Line | None:
    """The first group of words on a page that is a label."""
    return next(
        (run for line in page.lines for run in line.runs() if pattern.search(run.text)), None
    )


def _box_under(page: Page, pattern: re.Pattern[str], *, until: re.Pattern[str]) -> tuple[str, ...]:
    """The lines of a box on the left, beside and under its label."""
    label, end = _label(page, pattern), _label(page, until)
    if label is None:
        return ()
    insurers = (part for line in page.lines if (part := line.find(_INSURER)) is not None)
    right = min((part.x0 for part in insurers), default=page.width / 2)
    bottom = page.height if end is None or end.top <= label.top else end.top
    lines = page.box(left=_EVERYWHERE[0], right=right - 2, top=label.top - 1, bottom=bottom)
    left = (_without(line, label) for line in lines)
    return tuple(line.text for line in left if line is not None)


def _without(line: Line, label: Line) -> Line | None:
    words = tuple(word for word in line.words if word not in label.words)
    return Line(words) if words else None


def _description(page: Page) -> tuple[str, ...]:
    label, end = _label(page, _DESCRIPTION), _label(page, _HOLDER)
    if label is None:
        return ()
    bottom = page.height if end is None else end.top
    left, right = _EVERYWHERE
    lines = page.box(left=left, right=right, top=label.bottom, bottom=bottom)
    return tuple(line.text for line in lines)


def _holder(page: Page) -> tuple[str, ...]:
    label, beside = _label(page, _HOLDER), _label(page, _CANCELLATION)
    if label is None:
        return ()
    right = page.width / 2 if beside is None else beside.x0 - 2
    lines = page.box(
        left=_EVERYWHERE[0], right=_holder_edge(page, right), top=label.bottom, bottom=page.height
    )
    return tuple(line.text for line in lines if not FOOTER.search(line.text))


def _holder_edge(page: Page, right: float) -> float:
    """The box on the right may begin left of its centred label: at the signature's label."""
    label = next((part for line in page.lines if (part := line.find(_REPRESENTATIVE))), None)
    return right if label is None else min(right, label.x0 - 2)


def _cancellation(page: Page) -> tuple[str, ...]:
    label, end = _label(page, _CANCELLATION), _label(page, _REPRESENTATIVE)
    if label is None:
        return ()
    bottom = page.height if end is None else end.top
    left = _holder_edge(page, label.x0 - 2)
    lines = page.box(left=left, right=_EVERYWHERE[1], top=label.bottom, bottom=bottom)
    return tuple(line.text for line in lines)


def _signed(page: Page) -> bool | None:
    """Whether the box of the authorised representative holds a name or a drawing."""
    for line in page.lines:
        label = line.find(_REPRESENTATIVE)
        if label is not None:
            return is_signed_below(page, label, right=page.width - 20)
    return None
