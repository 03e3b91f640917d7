"""A burn-down as shapes, for whoever draws them: areas of steps, one upon the other, axes and names."""

from __future__ import annotations

from typing import Literal

import msgspec

from hardcut.engine.history.burndown_data import Burndown
from hardcut.report.burndown.scale import colour, date, days, names, places, ticks

INK, FAINT, GRID, PAPER = "#222222", "#666666", "#dddddd", "#ffffff"
_LEFT, _RIGHT, _TOP, _PLOT, _BELOW, _ROW = 56.0, 24.0, 48.0, 300.0, 36.0, 20.0


class Area(msgspec.Struct, frozen=True):
    """A filled shape that goes up and down in steps; points in pixels, the first and last on the axis."""

    points: list[tuple[float, float]]
    fill: str
    name: str


class Rule(msgspec.Struct, frozen=True):
    """A straight line."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str


class Label(msgspec.Struct, frozen=True):
    """A line of text at its baseline."""

    at: tuple[float, float]
    text: str
    size: int
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"


class Picture(msgspec.Struct, frozen=True):
    """Shapes in the order in which they are drawn, on paper of a size in pixels."""

    width: float
    height: float
    title: str
    areas: list[Area]
    rules: list[Rule]
    labels: list[Label]


def picture(burndown: Burndown, width: float = 960.0) -> Picture:
    """The burn-down, its waves stacked; the last wave's area is the sum of all and lies below the others."""
    marks = ticks(max((step.total for step in burndown.steps), default=0))
    base, across = _TOP + _PLOT, width - _LEFT - _RIGHT
    across_at = [_LEFT + place * across for place in places(burndown.steps)]
    areas: list[Area] = []
    rules: list[Rule] = []
    labels: list[Label] = []
    shown = names(burndown)
    for at in range(len(burndown.lines) - 1, -1, -1):
        heights = [base - sum(step.counts[: at + 1]) / marks[-1] * _PLOT for step in burndown.steps]
        areas.append(Area(_stairs(across_at, heights, base, width - _RIGHT), colour(at), shown[at]))
    for mark in marks:
        y = base - mark / marks[-1] * _PLOT
        rules.append(Rule((_LEFT, y), (width - _RIGHT, y), GRID if mark else INK))
        labels.append(Label((_LEFT - 8, y + 4), f"{mark:,}", 11, FAINT, "end"))
    labels += _dates(burndown, base, across)
    plans = ", ".join(dict.fromkeys(line.plan for line in burndown.lines))
    title = f"{plans if len(plans) <= 70 else plans[:67] + '...'}: what remains of each wave"
    labels.append(Label((_LEFT, 28), title, 15, INK))
    last = burndown.steps[-1]
    for at, name in enumerate(shown):
        y = base + _BELOW + 16 + at * _ROW
        box = [(_LEFT, y), (_LEFT, y - 11), (_LEFT + 11, y - 11), (_LEFT + 11, y)]
        areas.append(Area(box, colour(at), name))
        most = max(step.counts[at] for step in burndown.steps)
        said = f"{name}: {last.counts[at]:,} remain, {most:,} at most"
        labels.append(Label((_LEFT + 18, y), said, 12, INK))
    height = base + _BELOW + 16 + len(shown) * _ROW
    return Picture(width, height, title, areas, rules, labels)


def _stairs(across: list[float], heights: list[float], base: float, end: float) -> list[tuple[float, float]]:
    """A line of steps closed along the axis; only the points at which it turns."""
    points = [(across[0], base), (across[0], heights[0])]
    for at in range(1, len(heights)):
        if heights[at] != heights[at - 1]:
            points += [(across[at], heights[at - 1]), (across[at], heights[at])]
    return [*points, (end, heights[-1]), (end, base)]


def _dates(burndown: Burndown, base: float, across: float) -> list[Label]:
    first, last = burndown.steps[0].when, burndown.steps[-1].when
    found: list[Label] = []
    for place, text in days(first, last, 8) or [(0.0, date(first))]:
        x = _LEFT + place * across
        anchor: Literal["start", "middle", "end"] = (
            "start" if place < 0.05 else "end" if place > 0.95 else "middle"
        )
        found.append(Label((x, base + 18), text, 11, FAINT, anchor))
    return found
