"""The pictures of boxes and arrows in the documents, as SVG that needs neither a script nor a network.

`python docs/generate.py` writes them again.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

WIDTH, GAP, ROW, LINE, EDGE = 130, 32, 98, 18, 10
"""Of a box, between two columns, from row to row, of a line of text, around all; in pixels."""
OUT = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
INK, PAPER, SHADE = "#24292f", "#ffffff", "#eef3f8"
FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"'
ARROW = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" '
    f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>'
)
HALO = f'stroke="{PAPER}" stroke-width="6" paint-order="stroke"'
"""What keeps a word readable on its line."""


class Box(NamedTuple):
    """A box: where in the grid, its name in bold (empty for none), and lines of text."""

    column: float
    row: float
    name: str
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Of all its lines, with room around them."""
        return LINE * (len(self.lines) + bool(self.name)) + 18


class Arrow(NamedTuple):
    """An arrow between the sides of two boxes; `bend` is how far it keeps its direction, in pixels."""

    start: str
    out: str
    end: str
    into: str
    label: str = ""
    both: bool = False
    bend: float = 32


class Picture(NamedTuple):
    """A title for those who do not see it, boxes by name, and arrows."""

    title: str
    boxes: dict[str, Box]
    arrows: list[Arrow]


FLOW = Picture(
    "How data flows, from the manifest and the files to findings, and from those to the integrations",
    {
        "manifest": Box(0, 0, "", ("cutover.toml",)),
        "files": Box(0, 2, "", ("files",)),
        "plan": Box(1, 0, "plan/", ("manifest to gates",)),
        "source": Box(1, 2, "source/", ("bytes to facts",)),
        "syntax": Box(0, 3, "syntax/", ("bytes to trees",)),
        "semantic": Box(1, 3, "semantic/", ("scopes, bindings",)),
        "flow": Box(2, 3, "flow/", ("control flow",)),
        "rules": Box(2, 0, "rules/", ("facts and gates", "to findings")),
        "engine": Box(2, 1, "engine/", ("a run",)),
        "fix": Box(3, 0, "fix/", ("findings to edits",)),
        "refactor": Box(3, 3, "refactor/", ("changes to plans",)),
        "api": Box(3, 2, "api/", ("names to options",)),
        "report": Box(4, 1, "report/", ("findings to text",)),
        "integrations": Box(
            5, 1, "integrations/", ("command line,", "flake8, ruff,", "import-linter,", "pytest, editors")
        ),
    },
    [
        Arrow("manifest", "right", "plan", "left"),
        Arrow("files", "right", "source", "left"),
        Arrow("files", "down", "syntax", "up"),
        Arrow("syntax", "right", "semantic", "left"),
        Arrow("semantic", "up", "source", "down"),
        Arrow("semantic", "right", "flow", "left"),
        Arrow("flow", "up", "source", "right"),
        Arrow("plan", "right", "engine", "left"),
        Arrow("source", "right", "engine", "left"),
        Arrow("engine", "up", "rules", "down", both=True),
        Arrow("engine", "right", "fix", "left"),
        Arrow("engine", "right", "report", "left"),
        Arrow("fix", "right", "report", "left"),
        Arrow("report", "right", "integrations", "left"),
        Arrow("integrations", "down", "api", "right"),
        Arrow("api", "left", "engine", "down"),
        Arrow("refactor", "up", "api", "down"),
    ],
)
CYCLE = Picture(
    "The steps of a wave: write the plan, preview, activate, work, land; then the next wave",
    {
        "plan": Box(0, 0, "", ("write", "the plan")),
        "look": Box(1, 0, "", ("preview", "the findings")),
        "begin": Box(2, 0, "activate"),
        "work": Box(3, 0, "", ("delete, move,", "fix")),
        "land": Box(4, 0, "land"),
        "hold": Box(5, 0, "landed", ("every finding", "is an error")),
    },
    [
        Arrow("plan", "right", "look", "left"),
        Arrow("look", "right", "begin", "left"),
        Arrow("begin", "right", "work", "left"),
        Arrow("work", "right", "land", "left"),
        Arrow("land", "right", "hold", "left"),
        Arrow("land", "down", "work", "down", "not yet"),
        Arrow("hold", "up", "begin", "up", "next wave"),
    ],
)


def draw(picture: Picture) -> str:
    """A picture as SVG, the same for the same picture."""
    boxes = picture.boxes.values()
    over = max((one.bend for one in picture.arrows if one.out == one.into == "up"), default=0)
    under = max((one.bend for one in picture.arrows if one.out == one.into == "down"), default=0)
    top = EDGE + over + max(box.height for box in boxes if not box.row) / 2
    last = max(box.row for box in boxes)
    end = max(box.height for box in boxes if box.row == last) / 2
    width = round(2 * EDGE + max(box.column for box in boxes) * (WIDTH + GAP) + WIDTH)
    height = round(top + last * ROW + end + under + EDGE)
    parts = [
        HEAD.format(width, height) + f' font-family="{FONT}" font-size="13" text-anchor="middle">',
        f"<title>{escape(picture.title)}</title>",
        ARROW,
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>',
    ]
    parts += [part for box in boxes for part in _box(box, top)]
    parts += [part for arrow in picture.arrows for part in _arrow(arrow, picture.boxes, top)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _centre(box: Box, top: float) -> tuple[float, float]:
    return EDGE + box.column * (WIDTH + GAP) + WIDTH / 2, top + box.row * ROW


def _box(box: Box, top: float) -> list[str]:
    x, y = _centre(box, top)
    left, above = x - WIDTH / 2, y - box.height / 2
    shape = f'x="{left:g}" y="{above:g}" width="{WIDTH}" height="{box.height}" rx="6"'
    parts = [f'<rect {shape} fill="{SHADE}" stroke="{INK}"/>']
    for number, line in enumerate(filter(None, (box.name, *box.lines))):
        bold = ' font-weight="600"' if line == box.name else ""
        parts.append(
            f'<text x="{x:g}" y="{above + 22 + number * LINE:g}" fill="{INK}"{bold}>{escape(line)}</text>'
        )
    return parts


def _arrow(arrow: Arrow, boxes: dict[str, Box], top: float) -> list[str]:
    points: list[tuple[float, float]] = []
    for name, side in ((arrow.start, arrow.out), (arrow.end, arrow.into)):
        x, y = _centre(boxes[name], top)
        across, along = OUT[side]
        x, y = x + across * WIDTH / 2, y + along * boxes[name].height / 2
        points += [(x, y), (x + across * arrow.bend, y + along * arrow.bend)]
    (x, y), first, (to_x, to_y), second = points
    curve = " ".join(f"{at:g}" for point in (first, second, (to_x, to_y)) for at in point)
    begin = ' marker-start="url(#end)"' if arrow.both else ""
    ends = f'{begin} marker-end="url(#end)"'
    line = f'<path d="M{x:g} {y:g}C{curve}" fill="none" stroke="{INK}" stroke-width="1.5"{ends}/>'
    if not arrow.label:
        return [line]
    at = (x + to_x) / 2, (y + to_y) / 2 + OUT[arrow.out][1] * arrow.bend * 0.75
    return [line, f'<text x="{at[0]:g}" y="{at[1] + 5:g}" fill="{INK}" {HALO}>{escape(arrow.label)}</text>']
