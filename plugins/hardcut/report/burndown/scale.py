"""What all charts share: names, colours, dates, round numbers, the largest steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hardcut.engine.history.burndown_data import Burndown, Line, Step
from hardcut.report.escape import clean

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7f7f7f")
"""Okabe and Ito's colours, which people with any colour vision can tell apart (the yellow is darker)."""
_DAYS = (1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1826, 3652)
LATEST = 253_402_300_799
"""The last second of the year 9999, beyond which there are no dates."""


def colour(at: int) -> str:
    """The colour of a line, by its position."""
    return COLOURS[at % len(COLOURS)]


def name(line: Line, several: bool) -> str:
    """A line's name on one line, with its plan where there are several."""
    plan = f"{line.plan} " if several else ""
    title = f": {line.title}" if line.title else ""
    said = clean(f"{plan}wave {line.wave}{title}")
    return said if len(said) <= 60 else said[:57] + "..."


def names(burndown: Burndown) -> list[str]:
    """The names of all lines."""
    several = len({line.plan for line in burndown.lines}) > 1
    return [name(line, several) for line in burndown.lines]


def moment(seconds: int) -> datetime:
    """A commit's time; one that no date can tell counts as the nearest that one can."""
    return datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC)


def date(seconds: int) -> str:
    """A commit's time as people read it, in UTC."""
    return moment(seconds).strftime("%Y-%m-%d %H:%M")


def places(steps: Sequence[Step]) -> list[float]:
    """Each commit's place between 0 and 1, by time; a commit that claims to be older than the one before
    stands where that one does. By number where all have the same time."""
    times: list[int] = []
    for step in steps:
        when = min(max(step.when, 0), LATEST)
        times.append(max(when, times[-1]) if times else when)
    span = times[-1] - times[0] if times else 0
    if span == 0:
        last = max(1, len(steps) - 1)
        return [at / last for at in range(len(steps))]
    return [(when - times[0]) / span for when in times]


def ticks(highest: int, about: int = 5) -> list[int]:
    """Round numbers from 0 up to the first that is not below `highest`, about so many."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = size * factor
            if step * about >= highest:
                return list(range(0, max(highest, 1) + step, step))
        size *= 10


def days(first: int, last: int, about: int = 7) -> list[tuple[float, str]]:
    """Dates for the time axis: the place of each between 0 and 1, and what to write there."""
    start, end = moment(first), moment(max(first, last))
    span = (end - start).total_seconds()
    if span < 1:
        return [(0.0, date(first))]
    if span < 3 * 86_400:
        return [(0.0, date(first)), (1.0, date(last))]
    step = next((one for one in _DAYS if one * about * 86_400 >= span), int(span / 86_400 / about))
    day = start.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    found: list[tuple[float, str]] = []
    while day <= end:
        found.append(((day - start).total_seconds() / span, day.strftime("%Y-%m-%d")))
        if (datetime.max.replace(tzinfo=UTC) - day).days <= step:
            break
        day += timedelta(days=step)
    return found


def largest(burndown: Burndown, most: int = 8) -> list[tuple[Step, list[int]]]:
    """The commits that changed the counts most, in order, each with the change of every line."""
    changed: list[tuple[int, int, list[int]]] = []
    for at in range(1, len(burndown.steps)):
        before, after = burndown.steps[at - 1].counts, burndown.steps[at].counts
        change = [new - old for old, new in zip(before, after, strict=True)]
        weight = sum(map(abs, change))
        if weight:
            changed.append((weight, at, change))
    changed.sort(key=lambda one: -one[0])
    return [(burndown.steps[at], change) for _, at, change in sorted(changed[:most], key=lambda one: one[1])]
