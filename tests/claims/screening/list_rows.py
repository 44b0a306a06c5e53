"""A small sanctions list in OFAC's format, and the files it is imported from."""

from datetime import UTC, date, datetime
from pathlib import Path

from claims.models import SanctionsList
from claims.screening.list_import import ListPaths, import_list

IMPORTED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LIST_DATE = date(2026, 2, 27)
_NULLS = ",-0- " * 6

PARTIES = (
    f'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- {_NULLS},-0- \n'
    f'587,"CRUZ, Juan M. de la","individual","CUBA","Director"{_NULLS},"DOB 1950."\n'
    f'9011,"MARIA LOPEZ","vessel","IRAN",-0- {_NULLS},-0- \n'
    f'26235,"MALKEVICH, Alexander Aleksandrovich","individual","CYBER2",-0- {_NULLS},'
    '"DOB 14 Jun 1975; POB Leningrad, Russia."\n'
    "\x1a"
)
ALIASES = '36,12,"aka","AERO-CARIBBEAN",-0- \n587,13,"fka","DE LA CRUZ, Johannes",-0-\n'
ADDRESSES = '36,25,-0- ,"Havana","Cuba",-0- \n587,26,-0- ,-0- ,-0- ,-0\n'


def write_list(
    folder: Path, *, parties: str = PARTIES, aliases: str = ALIASES, addresses: str = ADDRESSES
) -> ListPaths:
    """The three files of a list in a folder."""
    paths = ListPaths(folder / "sdn.csv", folder / "alt.csv", folder / "add.csv")
    for path, text in zip(paths.given, (parties, aliases, addresses), strict=True):
        path.write_bytes(text.encode("latin-1"))
    return paths


def import_small_list(folder: Path, *, list_date: date = LIST_DATE) -> SanctionsList:
    """The small list as the current one."""
    return import_list(
        paths=write_list(folder), list_date=list_date, source="OFAC SDN", at=IMPORTED
    )
