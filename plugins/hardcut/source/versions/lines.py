"""Where in a TOML or JSON text a value stands; the text itself has been read by a parser before."""

from __future__ import annotations

import re
from typing import NamedTuple

FEW = 50
"""Places of one value that are looked at."""

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_KEY = re.compile(r"\s*([\"']?)([^\"'=:]*?)\1\s*[.=:]")

Spot = tuple[int, int, int]
"""A line, a column, and the column after the last character; all from 1."""
NOWHERE: Spot = (1, 1, 1)


class _Place(NamedTuple):
    table: str
    key: str
    line: int
    column: int


class Lines:
    """The quoted values of a text, each with its line, the TOML table above it and the key before it."""

    def __init__(self, text: str) -> None:
        self._places: dict[str, list[_Place]] = {}
        table = ""
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header is not None:
                table = re.sub(r"[\s\"']", "", header[1])
            if line.lstrip().startswith("#"):
                continue
            key = _KEY.match(line)
            for found in _QUOTED.finditer(line):
                value = found[1] if found[1] is not None else found[2]
                places = self._places.setdefault(value, [])
                if len(places) < FEW:
                    name = re.split(r"\s*\.", key[2], maxsplit=1)[0] if key else ""
                    places.append(_Place(table, name, number, found.start() + 2))

    def find(self, value: str, *wanted: tuple[str, str]) -> Spot:
        """The first place of a quoted value: in a table behind a key (empty: any), else anywhere."""
        for table, key in (*wanted, ("", "")):
            for place in self._places.get(value, ()):
                if table in ("", place.table) and key in ("", place.key):
                    return place.line, place.column, place.column + len(value)
        return NOWHERE
