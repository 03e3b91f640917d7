"""A pair of strings that names something: `("home", "name")`, or `"name": "home"` in a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hardcut.finding import Place
from hardcut.fix.edit import Edit

_BEFORE = re.compile(r"""[(\[]\s*(?P<quote>['"])(?P<home>[\w.]+)(?P=quote)\s*,\s*['"]$""")
_CLOSED = re.compile(r"""['"]\s*,?\s*[)\]]""")
_AFTER = re.compile(r"""['"]\s*:\s*(?P<quote>['"])(?P<home>[\w.]+)(?P=quote)\s*(?:[,}]|$)""")


def paired(place: Place, lines: Sequence[str], paths: Mapping[str, str]) -> tuple[Edit, str] | None:
    """The edit that puts another home beside the name at a place, and the home that is there now.

    `paths` are old and new ones, each with the name at its end.
    None where the two strings do not stand side by side, with nothing but white space between.
    """
    assert place.line is not None and place.column is not None and place.end_column is not None
    name = lines[place.line - 1][place.column - 1 : place.end_column - 1]
    homes = {
        old.removesuffix(f".{name}"): new.removesuffix(f".{name}")
        for old, new in paths.items()
        if old.endswith(f".{name}") and new.endswith(f".{name}")
    }
    first = max(0, place.line - 3)
    text = "\n".join(lines[first : place.line + 2])
    start = sum(len(line) + 1 for line in lines[first : place.line - 1]) + place.column - 1
    end = start + len(name)
    found = _AFTER.match(text, end)
    if found is None and _CLOSED.match(text, end):
        found = _BEFORE.search(text[:start])
    new = homes.get(found["home"]) if found is not None else None
    if found is None or new is None:
        return None
    line, column = _at(text, found.start("home"))
    at = first + line
    edit = Edit(at, column, at, column + len(found["home"]), new, f"Name {new} instead")
    return edit, found["home"]


def _at(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
