"""The source lines behind findings, read from below the root or from what is at hand."""

from __future__ import annotations

import os
import stat

from hardcut.engine.reading import decode_text
from hardcut.finding import Place

_LARGEST = 64 * 1024 * 1024


class Lines:
    """Source lines of one run; keeps the file it read last, since findings come by file."""

    def __init__(self, root: str, sources: dict[str, bytes]) -> None:
        """Read below `root`; `sources` holds the bytes of files that are not read from disk."""
        self._root = root
        self._sources = sources
        self._path: str | None = None
        self._cells: dict[int | None, list[str]] = {}

    def line(self, place: Place) -> str | None:
        """The first line of a place, or None: no line, a file that is gone, or fewer lines than that."""
        if place.line is None:
            return None
        if place.path != self._path:
            self._path = place.path
            self._cells = self._read(place.path)
        lines = self._cells.get(place.cell, [])
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None

    def of(self, path: str) -> list[str]:
        """All lines of a file, none where it cannot be read; of a notebook, its JSON."""
        return self._read(path).get(None, [])

    def end(self, path: str) -> str:
        """How the first line of a file ends; `\\n` where there is none."""
        head, end, _ = (self._data(path) or b"").partition(b"\n")
        if end:
            return "\r\n" if head.endswith(b"\r") else "\n"
        return "\r" if b"\r" in head else "\n"

    def _data(self, path: str) -> bytes | None:
        data = self._sources.get(path)
        return data if data is not None else _bytes(os.path.join(self._root, path))

    def _read(self, path: str) -> dict[int | None, list[str]]:
        data = self._data(path)
        if data is None:
            return {}
        if path.endswith(".ipynb"):
            from hardcut.source.notebook import cells

            found: dict[int | None, list[str]] = {cell.number: cell.text.split("\n") for cell in cells(data)}
            return found | {None: _text(path, data)}
        return {None: _text(path, data)}


def _text(path: str, data: bytes) -> list[str]:
    if path.endswith((".py", ".pyi")):
        from hardcut.source.decode import decode

        text = decode(data).text
    else:
        text = decode_text(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _bytes(path: str) -> bytes | None:
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return None
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None
