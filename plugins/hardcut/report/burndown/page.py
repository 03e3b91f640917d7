"""A burn-down as one HTML page that needs nothing else: data, style and script are in it."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources

import msgspec

from hardcut.engine.history.burndown_data import Burndown
from hardcut.report.burndown import svg
from hardcut.report.burndown.chart import ending, heading
from hardcut.report.burndown.picture import picture
from hardcut.report.burndown.scale import LATEST, colour, largest, names
from hardcut.report.escape import clean

_LONGEST = 300
_AS_TEXT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(burndown: Burndown) -> str:
    """The page: it loads nothing, and its policy allows no script but its own; names are data."""
    files = resources.files("hardcut.report.burndown")
    template, style, script = (
        (files / f"page.{ending}").read_text(encoding="utf-8") for ending in ("html", "css", "js")
    )
    shown = picture(burndown)
    parts = {
        "STYLE_HASH": _hash(style),
        "SCRIPT_HASH": _hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "TITLE": escape(clean(shown.title)),
        "PICTURE": svg.drawn(shown),
        "DATA": data(burndown),
    }
    # One pass, so that no part is looked for in another.
    first, *rest = template.split("@")
    return first + "".join(parts[one] if at % 2 == 0 else one for at, one in enumerate(rest))


def data(burndown: Burndown) -> str:
    """What the script reads, as JSON in which no character can end the element that it stands in."""
    large = {step.commit for step, _ in largest(burndown, 12)}
    found = {
        "range": ending(burndown).strip(),
        "heading": heading(burndown),
        "sampled": len(burndown.steps) < burndown.commits,
        "notes": [clean(note) for note in burndown.notes],
        "waves": [
            {"name": name, "state": line.state, "colour": colour(at)}
            for at, (name, line) in enumerate(zip(names(burndown), burndown.lines, strict=True))
        ],
        "steps": [
            {
                "commit": step.commit,
                "when": min(max(step.when, 0), LATEST),
                "author": clean(step.author[:_LONGEST]),
                "subject": clean(step.subject[:_LONGEST]),
                "counts": step.counts,
                "contested": step.contested,
            }
            for step in burndown.steps
        ],
        "largest": [at for at, step in enumerate(burndown.steps) if step.commit in large],
    }
    return msgspec.json.encode(found).decode().translate(_AS_TEXT)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
