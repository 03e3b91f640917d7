"""A burn-down as an SVG picture: text and shapes alone, no script, nothing loaded."""

from __future__ import annotations

from html import escape

from hardcut.engine.history.burndown_data import Burndown
from hardcut.report.burndown.picture import PAPER, Area, Label, Picture, Rule, picture
from hardcut.report.escape import clean

_FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"


def render(burndown: Burndown) -> str:
    """The picture as a document of its own."""
    return drawn(picture(burndown))


def drawn(shown: Picture) -> str:
    """A picture as SVG; what comes from a plan is text, never markup."""
    width, height = f"{shown.width:g}", f"{shown.height:g}"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{_FONT}">',
        f"<title>{_text(shown.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *(_area(one) for one in shown.areas),
        *(_rule(one) for one in shown.rules),
        *(_label(one) for one in shown.labels),
        "</svg>",
    ]
    return "".join(f"{line}\n" for line in out)


def _area(one: Area) -> str:
    (x, y), *rest = one.points
    steps = [f"M{_number(x)} {_number(y)}"]
    for new_x, new_y in rest:
        steps.append(f"V{_number(new_y)}" if new_x == x else f"H{_number(new_x)}")
        x, y = new_x, new_y
    return f'<path d="{"".join(steps)}Z" fill="{one.fill}"><title>{_text(one.name)}</title></path>'


def _rule(one: Rule) -> str:
    (x1, y1), (x2, y2) = one.start, one.end
    ends = f'x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
    return f'<line {ends} stroke="{one.colour}"/>'


def _label(one: Label) -> str:
    place = f'x="{_number(one.at[0])}" y="{_number(one.at[1])}"'
    style = f'font-size="{one.size}" fill="{one.colour}" text-anchor="{one.anchor}"'
    return f"<text {place} {style}>{_text(one.text)}</text>"


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
