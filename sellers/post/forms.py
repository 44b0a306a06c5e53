"""Kinds of letters: who reads one, what it is called, and the facts its words need."""

from collections.abc import Mapping
from dataclasses import dataclass


class LetterNotPossible(ValueError):
    """A letter of this kind cannot be written to this reader, or lacks a fact."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind is called in lists, who reads it, and which facts its words cannot do without.

    `optional` facts add a sentence when they are there; empty ones count as missing.
    """

    title: str
    recipient: str
    needs: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


def form_of(
    kind: str, *, forms: Mapping[str, Form], recipient: str, facts: Mapping[str, object]
) -> Form:
    """The form of a letter that can be written.

    Raises:
        LetterNotPossible: the kind is unknown, its reader is somebody else, or a fact is missing.
    """
    if kind not in forms:
        raise LetterNotPossible(f"There is no letter of the kind “{kind}”.")
    form = forms[kind]
    if recipient != form.recipient:
        raise LetterNotPossible(f"The letter {kind} is never written to the {recipient.lower()}.")
    if missing := sorted(name for name in form.needs if facts.get(name) in (None, "")):
        raise LetterNotPossible(f"The letter {kind} lacks: {', '.join(missing)}.")
    return form
