"""Where in a TOML or JSON text a value stands; the text itself has been read by a parser before."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")

Spot = tuple[int, int, int]
"""A line, a column, and the column after the last character; all from 1."""


class Lines:
    """The lines of a text, each with the TOML table that it stands in."""

    def __init__(self, text: str) -> None:
        self._lines: list[tuple[str, str]] = []
        header = ""
        for line in text.splitlines():
            found = _HEADER.match(line)
            if found is not None:
                header = re.sub(r"[\s\"']", "", found[1])
            self._lines.append((header, line))

    def find(self, value: str, *places: tuple[str, str]) -> Spot:
        """The first place of a quoted value: in a table behind a key (empty: any), else anywhere."""
        for table, key in (*places, ("", "")):
            start = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=:]") if key else None
            for number, (header, line) in enumerate(self._lines, start=1):
                if (table and header != table) or (start is not None and not start.match(line)):
                    continue
                at = max(line.find(f'"{value}"'), line.find(f"'{value}'"))
                if at >= 0 and not line.lstrip().startswith("#"):
                    return number, at + 2, at + 2 + len(value)
        return 1, 1, 1
