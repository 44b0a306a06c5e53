"""The limits of payouts: what each is called, what passing it does, and how it is shown."""

from sellers.money import display_amount

COUNTS = ("hourly_count", "a_minute", "uncertain")
_NAMES = {
    "hourly_count": "Payments within an hour",
    "a_minute": "Payments within a minute",
    "uncertain": "Payments in doubt",
}
_EFFECTS = {
    "hourly_count": "The next one pauses payouts.",
    "a_minute": "More wait for the next minute.",
    "uncertain": "One more pauses payouts.",
}


def limit_name(figure: str) -> str:
    """What a limit is called; every figure that is no count is an hour's sum of a currency."""
    return _NAMES.get(figure, f"Sum within an hour, {figure}")


def limit_effect(figure: str) -> str:
    """What happens when the limit is reached."""
    return _EFFECTS.get(figure, "A payment that would pass it pauses payouts.")


def limit_value(figure: str, value: int | None) -> str:
    """A limit for people: a number, or an amount with its currency."""
    if value is None:
        return "none: nothing is paid"
    return f"{value:,}" if figure in COUNTS else display_amount(value, currency=figure)
