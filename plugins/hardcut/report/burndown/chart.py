"""A burn-down in the terminal: columns for all that remains, a row for each wave, the largest steps."""

from __future__ import annotations

from collections.abc import Sequence

from hardcut.engine.history.burndown_data import Burndown
from hardcut.report.burndown.scale import date, days, largest, names, places, ticks
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.summary import count
from hardcut.report.terminal import Terminal

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:-=+*#@"
_LONGEST = 60


def render(
    burndown: Burndown, terminal: Terminal, width: int = 80, height: int = 10, plain: bool = False
) -> str:
    """The chart, `width` columns wide; `plain` uses ASCII alone."""
    signs = _PLAIN if plain else _BLOCKS
    parts = [_columns(burndown, terminal, width, height, signs), _rows(burndown, width, signs, terminal)]
    parts.append(_steps(burndown, terminal))
    parts.append("".join(f"note: {clean(note)}\n" for note in burndown.notes))
    parts.append(ending(burndown))
    return "\n".join(filter(None, parts))


def _columns(burndown: Burndown, terminal: Terminal, width: int, height: int, signs: str) -> str:
    """All that remains, a column for each stretch of time; a column shows what its last commit left."""
    marks = ticks(max((step.total for step in burndown.steps), default=0), 4)
    top = marks[-1]
    margin = len(f"{top:,}") + 1
    wide = max(10, width - margin - 2)
    values = _sampled(burndown, [step.total for step in burndown.steps], wide)
    named = {round(mark / top * height): mark for mark in marks}
    lines: list[str] = []
    for row in range(height, 0, -1):
        label = f"{named[row]:,}" if row in named else ""
        cells = "".join(_cell(value / top * height - (row - 1), signs) for value in values)
        lines.append(f"{label:>{margin}} |{terminal.paint(cells.rstrip(), 'key')}")
    lines.append(f"{'0':>{margin}} +{'-' * wide}")
    lines.append(" " * (margin + 2) + _dates(burndown, wide))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cell(filled: float, signs: str) -> str:
    """One cell of a column of which so much (from 0 to 1) is filled."""
    if filled <= 0:
        return signs[0]
    return signs[min(len(signs) - 1, max(1, round(filled * (len(signs) - 1))))]


def _sampled(burndown: Burndown, values: Sequence[int], wide: int) -> list[int]:
    """The value that stood at the end of each of `wide` equal stretches of time."""
    at = places(burndown.steps)
    found: list[int] = []
    index = 0
    for column in range(wide):
        end = (column + 1) / wide if column + 1 < wide else 2.0
        while index + 1 < len(values) and at[index + 1] < end:
            index += 1
        found.append(values[index])
    return found


def _dates(burndown: Burndown, wide: int) -> str:
    line = [" "] * wide
    free = 0
    for place, text in days(burndown.steps[0].when, burndown.steps[-1].when, max(2, wide // 14)):
        start = min(int(place * wide), wide - len(text))
        if start >= free:
            line[start : start + len(text)] = text
            free = start + len(text) + 2
    return "".join(line)


def _rows(burndown: Burndown, width: int, signs: str, terminal: Terminal) -> str:
    """For each wave: the most there ever was, what remains, and its course, to its own scale."""
    first, last = burndown.steps[0], burndown.steps[-1]
    rows = [["", "first", "most", "now", "contested"]]
    for at, name in enumerate(names(burndown)):
        counts = [step.counts[at] for step in burndown.steps]
        now = (counts[0], max(counts), counts[-1], last.contested[at])
        rows.append([name, *(f"{number:,}" for number in now)])
    rows.append(
        ["together", f"{first.total:,}", f"{max(s.total for s in burndown.steps):,}", f"{last.total:,}"]
    )
    rows[-1].append(f"{sum(last.contested):,}")
    padded = ["  ".join(row) for row in aligned(rows, (1, 2, 3, 4))]
    wide = min(40, width - len(padded[0]) - 2)
    lines = [terminal.paint(padded[0].rstrip(), "faint")]
    for at, text in enumerate(padded[1:]):
        course = ""
        if at < len(burndown.lines) and wide >= 10:
            counts = [step.counts[at] for step in burndown.steps]
            most = max(max(counts), 1)
            course = "".join(_cell(value / most, signs) for value in _sampled(burndown, counts, wide))
        lines.append(f"{text}  {terminal.paint(course, 'key')}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def _steps(burndown: Burndown, terminal: Terminal) -> str:
    """The commits that changed most."""
    found = largest(burndown)
    if not found:
        return ""
    several = len({line.plan for line in burndown.lines}) > 1
    rows: list[list[str]] = []
    for step, change in found:
        said = [
            f"{f'{line.plan} ' if several else ''}wave {line.wave} {number:+,}"
            for line, number in zip(burndown.lines, change, strict=True)
            if number
        ]
        subject = clean(step.subject)
        subject = subject if len(subject) <= _LONGEST else subject[: _LONGEST - 3] + "..."
        rows.append([date(step.when), step.commit[:8], f"{sum(change):+,}", subject, clean(", ".join(said))])
    head = terminal.paint(heading(burndown), "path")
    return "".join(f"{line}\n" for line in [head, *("  ".join(row).rstrip() for row in aligned(rows, (2,)))])


def heading(burndown: Burndown) -> str:
    """What the largest steps are called: in a sample, one step is what several commits did."""
    sampled = len(burndown.steps) < burndown.commits
    return "the largest steps" + (", each up to a commit of the sample" if sampled else "")


def ending(burndown: Burndown) -> str:
    """One line: how many commits, from when to when, and what remains."""
    first, last = burndown.steps[0], burndown.steps[-1]
    sample = "" if len(burndown.steps) == burndown.commits else f"{len(burndown.steps):,} of "
    return (
        f"{sample}{count(burndown.commits, 'commit')}, {date(first.when)} to {date(last.when)} (UTC); "
        f"{last.total:,} remaining\n"
    )
