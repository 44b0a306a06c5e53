"""The thirteen marketplaces: currency, time zone and holiday calendar, as launch data.

Source: programme rules §8 (time zones are our default [D]; currencies follow the country).
The rows of `sellers.Marketplace` are made from this table by a migration.
"""

from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Market:
    """One marketplace. `region` groups markets whose terms agree (US, CA, UK, EU, MX, JP)."""

    code: str
    name: str
    currency: str
    timezone: str
    country: str
    subdivision: str | None
    region: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this market's local days begin and end."""
        return ZoneInfo(self.timezone)


_TABLE = (
    Market("US", "United States", "USD", "America/Los_Angeles", "US", None, "US"),
    Market("CA", "Canada", "CAD", "America/Toronto", "CA", None, "CA"),
    # The UK calendar is that of England and Wales.
    Market("UK", "United Kingdom", "GBP", "Europe/London", "GB", "ENG", "UK"),
    Market("DE", "Germany", "EUR", "Europe/Berlin", "DE", None, "EU"),
    Market("FR", "France", "EUR", "Europe/Paris", "FR", None, "EU"),
    Market("IT", "Italy", "EUR", "Europe/Rome", "IT", None, "EU"),
    Market("ES", "Spain", "EUR", "Europe/Madrid", "ES", None, "EU"),
    Market("NL", "Netherlands", "EUR", "Europe/Amsterdam", "NL", None, "EU"),
    Market("BE", "Belgium", "EUR", "Europe/Brussels", "BE", None, "EU"),
    Market("SE", "Sweden", "SEK", "Europe/Stockholm", "SE", None, "EU"),
    Market("PL", "Poland", "PLN", "Europe/Warsaw", "PL", None, "EU"),
    Market("MX", "Mexico", "MXN", "America/Mexico_City", "MX", None, "MX"),
    Market("JP", "Japan", "JPY", "Asia/Tokyo", "JP", None, "JP"),
)

MARKETS = MappingProxyType({market.code: market for market in _TABLE})
