"""What an authority must be told about a dangerous product, per region, in words (rules §7).

Pure. The hours of the clock are data (`ScreeningFigures.safety_hours`); where the rules name no
figure, the same clock runs as our own default, and the words say so.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty by its short name, and what it asks for in words."""

    code: str
    text: str


_OWN_CLOCK = "The rules name no figure for this market: the clock of this case is our own default."
_DEFAULT = Duty(
    "LOCAL", f"Ask whether this market's product safety authority must be told. {_OWN_CLOCK}"
)
_DUTIES = MappingProxyType(
    {
        "US": Duty(
            "CPSA_15B",
            "US Consumer Product Safety Act, section 15(b): report a substantial product hazard "
            "within 24 hours after reportable information. Knowledge is imputed in 5 days, an "
            "investigation normally takes at most 10. Weekends and federal holidays do not count.",
        ),
        "EU": Duty(
            "EU_GPSR",
            "EU General Product Safety Regulation: report an accident through the Safety Business "
            "Gateway without undue delay, and act on an authority's order within 2 working days. "
            "Without undue delay has no figure: the clock of this case is our own default.",
        ),
    }
)


def duty_in(region: str) -> Duty:
    """The duty that applies in a region of marketplaces ("US", "EU", "UK" …)."""
    return _DUTIES.get(region, _DEFAULT)
