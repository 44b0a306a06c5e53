"""The chart of a backtest: two stacked bars a month, in plain numbers for an SVG. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from claims.admin.words import amount
from claims.backtest.report import Backtest, Total

# In units of the drawing; the page scales it.
HEIGHT, TOP, BOTTOM, LEFT = 260, 14, 30, 96
MONTH_WIDTH, BAR_WIDTH, GAP, LEAST_WIDTH = 64, 22, 6, 640
FLOOR = HEIGHT - BOTTOM
GRID_LINES = 4
ROUND = (1, 2, 5)
BEFORE, AFTER = "as it was", "draft"
PARTS = (
    ("programme", "programme_minor"),
    ("sellers", "seller_minor"),
    ("insurers", "insurer_minor"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of one bar: who carries it, under which terms, where it stands in the drawing."""

    who: str
    side: str
    x: int
    y: float
    width: int
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A label of an axis, with where it stands."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the drawing needs."""

    width: int
    height: int
    left: int
    label_x: int
    month_y: int
    words: str
    bars: tuple[Bar, ...]
    months: tuple[Mark, ...]
    grid: tuple[Mark, ...]


def draw(result: Backtest) -> Chart:
    """The months of a backtest, as they were beside the draft."""
    highest = _round_above(
        max((_sum(t) for _, side in _sides(result) for t in side.values()), default=0)
    )
    months = len(result.months)
    return Chart(
        width=max(LEAST_WIDTH, LEFT + months * MONTH_WIDTH + GAP),
        height=HEIGHT,
        left=LEFT,
        label_x=LEFT - GAP,
        month_y=FLOOR + 20,
        words=_in_words(result),
        bars=tuple(_bars(result, scale=(FLOOR - TOP) / highest)),
        months=tuple(
            Mark(LEFT + place * MONTH_WIDTH + BAR_WIDTH + 1.5 * GAP, f"{month:%b %y}")
            for place, month in enumerate(result.months)
        ),
        grid=tuple(_grid(highest, result.currency)),
    )


def _bars(result: Backtest, *, scale: float) -> Iterator[Bar]:
    for place, month in enumerate(result.months):
        for number, (side, totals) in enumerate(_sides(result)):
            yield from _stack(
                totals[month],
                side=side,
                x=LEFT + place * MONTH_WIDTH + number * (BAR_WIDTH + GAP) + GAP,
                scale=scale,
                words=f"{month:%B %Y}, {side}",
                currency=result.currency,
            )


def _grid(highest: int, currency: str) -> Iterator[Mark]:
    for part in range(GRID_LINES + 1):
        at = FLOOR - (FLOOR - TOP) * part / GRID_LINES
        yield Mark(round(at, 1), amount(highest * part // GRID_LINES, currency))


def _round_above(highest: int) -> int:
    """The end of an axis whose lines stand at round amounts, in minor units."""
    step, power = 0, 10
    while step * GRID_LINES < max(highest, 1):
        step = next((n * power for n in ROUND if n * power * GRID_LINES >= highest), 0)
        power *= 10
    return step * GRID_LINES


def _sides(result: Backtest) -> tuple[tuple[str, dict[date, Total]], ...]:
    return (BEFORE, result.before), (AFTER, result.after)


def _sum(total: Total) -> int:
    return total.programme_minor + total.seller_minor + total.insurer_minor


def _stack(
    total: Total, *, side: str, x: int, scale: float, words: str, currency: str
) -> list[Bar]:
    bars, base = [], float(FLOOR)
    for who, column in PARTS:
        minor = getattr(total, column)
        if not minor:
            continue
        height = round(minor * scale, 1)
        base -= height
        bars.append(
            Bar(
                who=who,
                side="before" if side == BEFORE else "after",
                x=x,
                y=round(base, 1),
                width=BAR_WIDTH,
                height=height,
                words=f"{words}, {who}: {amount(minor, currency)}",
            )
        )
    return bars


def _in_words(result: Backtest) -> str:
    before, after = result.total(result.before), result.total(result.after)
    return (
        f"For each month, what programme, sellers and insurers carry: as it was, and under the "
        f"draft. In total {amount(_sum(before), result.currency)} as it was and "
        f"{amount(_sum(after), result.currency)} under the draft. The table has every figure."
    )
