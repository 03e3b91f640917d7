"""A burn-down as a PNG picture, drawn by Pillow: the shapes of the SVG, at twice the size."""

from __future__ import annotations

import io

from hardcut.engine.history.burndown_data import Burndown
from hardcut.report.burndown.picture import PAPER, picture
from hardcut.report.escape import clean

SCALE = 2
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def render(burndown: Burndown) -> bytes:
    """The picture's bytes.

    Raises:
        ImportError: Pillow is not installed.
    """
    from PIL import Image, ImageDraw, ImageFont

    shown = picture(burndown)
    image = Image.new("RGB", (round(shown.width * SCALE), round(shown.height * SCALE)), PAPER)
    draw = ImageDraw.Draw(image)
    for area in shown.areas:
        draw.polygon([(x * SCALE, y * SCALE) for x, y in area.points], fill=area.fill)
    for rule in shown.rules:
        ends = [(x * SCALE, y * SCALE) for x, y in (rule.start, rule.end)]
        draw.line(ends, fill=rule.colour, width=SCALE)
    for label in shown.labels:
        font = ImageFont.load_default(label.size * SCALE)
        place = (label.at[0] * SCALE, label.at[1] * SCALE)
        draw.text(place, clean(label.text), fill=label.colour, font=font, anchor=_ANCHORS[label.anchor])
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
