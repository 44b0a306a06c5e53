"""A sanctions list from its files: a new version, current from the moment it is complete."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import TextIO

from django.db import models, transaction

from claims.models import NameKind, SanctionsAddress, SanctionsList, SanctionsName
from claims.screening.list_files import (
    ListedAddress,
    ListedAlias,
    ListedParty,
    ListNotUnderstood,
    read_addresses,
    read_aliases,
    read_parties,
)
from claims.screening.names import name_key

_ROWS_AT_ONCE = 2000
# A new version with less than this share of the current one's entries is probably cut short.
_LEAST_SHARE = 0.5
# Names of older versions are dropped: what a screening found is kept with the screening.
_VERSIONS_WITH_NAMES = 2


@dataclass(frozen=True, slots=True)
class ListPaths:
    """The files of one version; addresses may be left out."""

    parties: Path
    aliases: Path
    addresses: Path | None = None

    @property
    def given(self) -> tuple[Path, ...]:
        """The files that are there, in their order."""
        return tuple(path for path in (self.parties, self.aliases, self.addresses) if path)


def import_list(
    *,
    paths: ListPaths,
    list_date: date,
    source: str,
    at: datetime,
    accept_fewer: bool = False,
) -> SanctionsList:
    """Import a version and make it current, all in one transaction; screenings keep theirs.

    Raises:
        ListNotUnderstood: a file is not in OFAC's format, an alias is of nobody, the list is
            older than the current one, or has less than half of its entries and `accept_fewer`
            was not given. Nothing is changed then. OSError: a file cannot be read.
    """
    with transaction.atomic():
        current = SanctionsList.objects.select_for_update().filter(is_current=True).first()
        _check_date(current, list_date)
        version = SanctionsList.objects.create(
            source=source,
            list_date=list_date,
            imported_at=at,
            sha256=_sha256(paths.given),
            entries=0,
            names=0,
            is_current=False,
        )
        _fill(version, paths)
        _check_entries(current, version, accept_fewer=accept_fewer)
        _replace(version)
    return version


def _check_date(current: SanctionsList | None, list_date: date) -> None:
    if current is not None and list_date < current.list_date:
        raise ListNotUnderstood(
            f"This list is of {list_date}, older than the current one of {current.list_date}."
        )


def _check_entries(
    current: SanctionsList | None, version: SanctionsList, *, accept_fewer: bool
) -> None:
    if version.entries == 0:
        raise ListNotUnderstood("This list has no entries.")
    if (
        current is not None
        and version.entries < current.entries * _LEAST_SHARE
        and not accept_fewer
    ):
        raise ListNotUnderstood(
            f"This list has {version.entries} entries, the current one {current.entries}: "
            "it may be cut short. Accept it expressly if it is complete."
        )


def _replace(version: SanctionsList) -> None:
    SanctionsList.objects.filter(is_current=True).update(is_current=False)
    version.is_current = True
    version.save()
    kept = SanctionsList.objects.order_by("-id").values("id")[:_VERSIONS_WITH_NAMES]
    SanctionsName.objects.exclude(sanctions_list__in=kept).delete()
    SanctionsAddress.objects.exclude(sanctions_list__in=kept).delete()


def _fill(version: SanctionsList, paths: ListPaths) -> None:
    parties: dict[int, ListedParty] = {}
    with _opened(paths.parties) as lines:
        read = read_parties(lines, file=paths.parties.name)
        _write(SanctionsName, (_party(version, p) for p in _once(read, parties)))
    with _opened(paths.aliases) as lines:
        aliases = read_aliases(lines, file=paths.aliases.name)
        version.names = _write(SanctionsName, (_alias(version, a, parties) for a in aliases))
    if paths.addresses is not None:
        with _opened(paths.addresses) as lines:
            addresses = read_addresses(lines, file=paths.addresses.name)
            _write(SanctionsAddress, (_address(version, a) for a in addresses))
    version.entries = len(parties)
    version.names += len(parties)


def _once(read: Iterable[ListedParty], seen: dict[int, ListedParty]) -> Iterator[ListedParty]:
    for party in read:
        if party.entity_number in seen:
            raise ListNotUnderstood(f"Party {party.entity_number} is listed twice.")
        seen[party.entity_number] = party
        yield party


def _party(version: SanctionsList, party: ListedParty) -> SanctionsName:
    return SanctionsName(
        sanctions_list=version,
        entity_number=party.entity_number,
        party_type=party.party_type,
        kind=NameKind.PRIMARY,
        name=party.name,
        name_key=name_key(party.name),
        programme=party.programme,
        remarks=party.remarks,
    )


def _alias(
    version: SanctionsList, alias: ListedAlias, parties: dict[int, ListedParty]
) -> SanctionsName:
    party = parties.get(alias.entity_number)
    if party is None:
        raise ListNotUnderstood(
            f"The alias “{alias.name}” is of party {alias.entity_number}, which is not listed: "
            "are the files of the same date?"
        )
    return SanctionsName(
        sanctions_list=version,
        entity_number=alias.entity_number,
        party_type=party.party_type,
        kind=NameKind.ALIAS,
        name=alias.name,
        name_key=name_key(alias.name),
        programme=party.programme,
        remarks=alias.relation,
    )


def _address(version: SanctionsList, address: ListedAddress) -> SanctionsAddress:
    return SanctionsAddress(
        sanctions_list=version,
        entity_number=address.entity_number,
        address=address.address,
        city=address.city,
        country=address.country,
    )


def _write[Row: models.Model](model: type[Row], rows: Iterable[Row]) -> int:
    table = model._default_manager  # noqa: SLF001 - Django's own API
    return sum(len(table.bulk_create(batch)) for batch in batched(rows, _ROWS_AT_ONCE))


def _opened(path: Path) -> TextIO:
    # The publisher's files are Latin-1 where they are not ASCII; no byte can fail to decode.
    return path.open(encoding="latin-1", newline="")


def _sha256(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
