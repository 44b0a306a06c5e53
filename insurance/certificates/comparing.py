"""What was read beside what the seller confirmed, with every difference named. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from insurance.certificates.fields import LABELS, in_words

# A policy that agrees with what was read in fewer fields is another one.
LEAST_AGREEMENT = 2


class Difference(StrEnum):
    """How what the seller confirmed stands to what was read."""

    SAME = "SAME"
    CHANGED = "CHANGED"
    TYPED = "TYPED"
    LEFT_OUT = "LEFT_OUT"
    CHOSEN = "CHOSEN"
    NEITHER = "NEITHER"


DIFFERENCE_WORDS = {
    Difference.SAME: "as read",
    Difference.CHANGED: "changed by the seller",
    Difference.TYPED: "typed by the seller, not read",
    Difference.LEFT_OUT: "read, left out by the seller",
    Difference.CHOSEN: "unclear, chosen by the seller",
    Difference.NEITHER: "not stated",
}
# What a reviewer need not compare again.
AGREED = frozenset({Difference.SAME, Difference.NEITHER})


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: the words of the certificate, what was read in them, what was confirmed."""

    name: str
    label: str
    text: str
    read: str
    confirmed: str
    difference: Difference

    @property
    def differs(self) -> bool:
        """Whether somebody must look at this field on the picture."""
        return self.difference not in AGREED

    @property
    def words(self) -> str:
        """The difference in words."""
        return DIFFERENCE_WORDS[self.difference]


def compare(
    suggested: Mapping[str, Any] | None, confirmed: Mapping[str, Any], *, currency: str
) -> list[Compared]:
    """Every field of one policy, as read and as confirmed (`fields.values_of`).

    `suggested` is `CertificateFile.suggested`; the policy on it that agrees most is the one that
    was confirmed.
    """
    whole = (suggested or {}).get("whole", {})
    policy = _same_policy((suggested or {}).get("policies", ()), confirmed)
    read = {**policy.get("fields", {}), **whole}
    questions = policy.get("questions", {})
    return [
        _compared(
            name,
            read.get(name) or questions.get(name) or {},
            confirmed[name],
            is_unclear=name in questions,
            currency=currency,
        )
        for name in LABELS
    ]


def _same_policy(
    policies: Sequence[Mapping[str, Any]], confirmed: Mapping[str, Any]
) -> Mapping[str, Any]:
    best = max(policies, key=lambda policy: _agreement(policy, confirmed), default={})
    return best if _agreement(best, confirmed) >= LEAST_AGREEMENT else {}


def _agreement(policy: Mapping[str, Any], confirmed: Mapping[str, Any]) -> int:
    fields = policy.get("fields", {})
    agreed = [name for name, one in fields.items() if one["value"] == confirmed[name]]
    # The number names the policy; two of one insurer agree in much else.
    return len(agreed) + len(LABELS) * ("number" in agreed)


def _compared(
    name: str, read: Mapping[str, Any], confirmed: Any, *, is_unclear: bool, currency: str
) -> Compared:
    value = read.get("value", "")
    return Compared(
        name=name,
        label=LABELS[name],
        text=read.get("text", ""),
        read=in_words(name, value, currency=currency) if value else "",
        confirmed=in_words(name, confirmed, currency=currency),
        difference=_difference(value, confirmed, is_unclear=is_unclear),
    )


def _difference(read: Any, confirmed: Any, *, is_unclear: bool) -> Difference:
    if is_unclear:
        return Difference.CHOSEN
    if not read and not confirmed:
        return Difference.NEITHER
    if read == confirmed:
        return Difference.SAME
    if not read:
        return Difference.TYPED
    return Difference.CHANGED if confirmed else Difference.LEFT_OUT
