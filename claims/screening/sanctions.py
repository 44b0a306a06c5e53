"""Claimant and payee against the sanctions list, before every payment (rules §3, §7).

The trigram index offers candidates, `names.score_names` scores them, and every screening is kept
with the version of the list it was made against. A hit places a hold; a person clears it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from claims.decisions.base import need_reason
from claims.lifecycle import OPEN, ActorKind, Refused
from claims.models import (
    Claim,
    Hold,
    HoldKind,
    NameKind,
    PartyType,
    SanctionsList,
    ScreenedRole,
    ScreeningFinding,
    ScreeningRecord,
)
from claims.operations.holds import place_hold
from claims.outcome import SYSTEM, Actor
from claims.screening.figures import figures_at
from claims.screening.names import is_comparable, name_key, score_names
from claims.screening.trigrams import offered_from

# Low enough that a name with two of six words, or joined words, is still a candidate.
_CANDIDATE_SIMILARITY = 0.25
_MOST_CANDIDATES = 100
# A ship or a plane is neither claimant nor payee, and many bear a first name.
_PARTIES = (PartyType.INDIVIDUAL, PartyType.ENTITY)
# Apart, so that the index of trigrams finds the names; the index of lists would offer them all.
_CANDIDATES = """
WITH alike AS MATERIALIZED (
    SELECT id, sanctions_list_id, party_type, entity_number, name, kind, programme, name_key
    FROM claims_sanctionsname WHERE name_key %% %(key)s
)
SELECT entity_number, name, kind, programme FROM alike
WHERE sanctions_list_id = %(list)s AND party_type = ANY(%(parties)s)
ORDER BY similarity(name_key, %(key)s) DESC, id
LIMIT %(most)s
"""


class ScreeningNotPossible(Refused):
    """No sanctions list has been imported."""


class ClearingRefused(Refused):
    """A screening cannot be cleared: it hit nothing, is cleared already, or by nobody of staff."""


@dataclass(frozen=True, slots=True)
class ScreeningOutcome:
    """Whether both names were screened, and whether one of them waits for a person."""

    done: bool
    hit: bool


def current_list() -> SanctionsList | None:
    """The version that names are screened against now."""
    return SanctionsList.objects.filter(is_current=True).first()


def is_screening_possible() -> bool:
    """Whether any list was imported; without one, payments wait (SCREENING_NOT_DONE)."""
    return current_list() is not None


def lay_down_empty_list(*, at: datetime, source: str) -> SanctionsList:
    """Make a list with nobody on it current, unless there is a list: for demos and scenarios.

    `source` says so to everybody who looks at a screening.
    """
    return current_list() or SanctionsList.objects.create(
        source=source,
        list_date=at.astimezone(UTC).date(),
        imported_at=at,
        entries=0,
        names=0,
        is_current=True,
    )


def screen_for_payment(
    *, claim_id: int, payee_name: str, claimant_name: str, at: datetime
) -> ScreeningOutcome:
    """Screen both names before a payment; a screening made with the current list is used again.

    A hit that nobody cleared has a sanctions hold afterwards, even where it was released before
    the screening was cleared.
    """
    version = current_list()
    if version is None:
        return ScreeningOutcome(done=False, hit=False)
    claim = Claim.objects.get(pk=claim_id)
    named = ((ScreenedRole.CLAIMANT, claimant_name), (ScreenedRole.PAYEE, payee_name))
    with transaction.atomic():
        records = [_screen_once(claim, version, role, name, at) for role, name in named]
    return ScreeningOutcome(done=True, hit=any(r.waits_for_a_person for r in records))


def screen_party(*, claim: Claim, name: str, role: ScreenedRole, at: datetime) -> ScreeningRecord:
    """Screen a name against the current list and keep what was found.

    Raises:
        ScreeningNotPossible: no list was imported.
    """
    version = current_list()
    if version is None:
        raise ScreeningNotPossible("No sanctions list has been imported yet.")
    with transaction.atomic():
        return _screen(claim, version, role, name, at)


def clear_screening(
    *, screening: ScreeningRecord, reason: str, at: datetime, by: Actor
) -> ScreeningRecord:
    """Say that this is not the listed party, for a reason; the hold is released apart from it.

    The same name in the same claim and list is cleared with it, and the same listed parties do
    not hit that name in that claim again. A name that could not be compared is compared anew
    with every version of the list.

    Raises:
        ClearingRefused: see there. ReasonMissing: no reason.
    """
    words = need_reason(reason, for_what="why this is not the listed party")
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise ClearingRefused("Only a person of operations can clear a screening.")
    cleared = _alike(screening).update(
        cleared_at=at, cleared_by_id=by.user_id, cleared_reason=words
    )
    if not cleared:
        raise ClearingRefused("This screening found nothing to clear, or is cleared already.")
    return ScreeningRecord.objects.get(pk=screening.pk)


def _alike(screening: ScreeningRecord) -> Any:
    return ScreeningRecord.objects.filter(
        claim=screening.claim_id,
        sanctions_list=screening.sanctions_list_id,
        name_key=screening.name_key,
        outcome=screening.outcome,
        cleared_at__isnull=True,
    ).exclude(outcome=ScreeningFinding.CLEAR)


def _screen_once(
    claim: Claim, version: SanctionsList, role: ScreenedRole, name: str, at: datetime
) -> ScreeningRecord:
    made = ScreeningRecord.objects.filter(
        claim=claim,
        sanctions_list=version,
        role=role,
        name=name,
        threshold=figures_at(at).sanctions_score,
    )
    record = made.order_by("-id").first()
    if record is None:
        return _screen(claim, version, role, name, at)
    _hold(record, at)
    return record


def _screen(
    claim: Claim, version: SanctionsList, role: ScreenedRole, name: str, at: datetime
) -> ScreeningRecord:
    threshold = figures_at(at).sanctions_score
    found = _scored(version, name) if is_comparable(name) else []
    record = ScreeningRecord.objects.create(
        claim=claim,
        sanctions_list=version,
        role=role,
        name=name,
        name_key=name_key(name),
        screened_at=at,
        threshold=threshold,
        best_score=max((hit["score"] for hit in found), default=0),
        hits=(hits := _hits(claim, name, found, threshold)),
        outcome=_finding(name, hits),
    )
    _hold(record, at)
    return record


def _scored(version: SanctionsList, name: str) -> list[dict[str, Any]]:
    """The best name of every listed party that is anywhere near, nearest first."""
    best: dict[int, dict[str, Any]] = {}
    for entity_number, listed, kind, programme in _candidates(version, name):
        hit = {
            "entity_number": entity_number,
            "name": listed,
            "listed_as": NameKind(kind).label,
            "programme": programme,
            "score": score_names(name, listed),
        }
        if hit["score"] > best.get(entity_number, {"score": -1})["score"]:
            best[entity_number] = hit
    return sorted(best.values(), key=lambda hit: (-hit["score"], hit["entity_number"]))


def _candidates(version: SanctionsList, name: str) -> list[tuple[int, str, str, str]]:
    """Entity number, name, kind and programme of the listed names most alike, nearest first."""
    asked: dict[str, Any] = {
        "key": name_key(name),
        "list": version.pk,
        "parties": [str(party) for party in _PARTIES],
        "most": _MOST_CANDIDATES,
    }
    with offered_from(_CANDIDATE_SIMILARITY), connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, asked)
        return list(cursor.fetchall())


def _hits(
    claim: Claim, name: str, found: list[dict[str, Any]], threshold: int
) -> list[dict[str, Any]]:
    near = [hit for hit in found if hit["score"] >= threshold]
    cleared = _cleared_parties(claim, name) if near else frozenset()
    return [hit | {"cleared_earlier": hit["entity_number"] in cleared} for hit in near]


def _cleared_parties(claim: Claim, name: str) -> frozenset[int]:
    records = ScreeningRecord.objects.filter(
        claim=claim, name_key=name_key(name), cleared_at__isnull=False
    )
    return frozenset(
        hit["entity_number"] for hits in records.values_list("hits", flat=True) for hit in hits
    )


def _finding(name: str, hits: list[dict[str, Any]]) -> ScreeningFinding:
    if not is_comparable(name):
        return ScreeningFinding.NOT_COMPARABLE
    if any(not hit["cleared_earlier"] for hit in hits):
        return ScreeningFinding.HIT
    return ScreeningFinding.CLEAR


def _hold(record: ScreeningRecord, at: datetime) -> None:
    if not record.waits_for_a_person or record.claim.status not in OPEN:
        return
    held = Hold.objects.filter(
        claim=record.claim_id, kind=HoldKind.SANCTIONS, released_at__isnull=True
    )
    if not held.exists():
        place_hold(
            claim=record.claim, kind=HoldKind.SANCTIONS, reason=_why(record), at=at, by=SYSTEM
        )


def _why(record: ScreeningRecord) -> str:
    who = f"The {record.role.lower()}'s name “{record.name}”"
    if record.outcome == ScreeningFinding.NOT_COMPARABLE:
        return f"{who} is not in Latin letters: a person compares it with {record.sanctions_list}."
    hit = next(hit for hit in record.hits if not hit["cleared_earlier"])
    return (
        f"{who} is near “{hit['name']}” (score {hit['score']} of 100) on {record.sanctions_list}. "
        "Clear the screening before you release the hold."
    )
