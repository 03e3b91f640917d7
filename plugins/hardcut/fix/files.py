"""A source file as lines to edit, and back to bytes: its encoding, byte order mark and line ends kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from hardcut.source.decode import LIMIT, decode

_MARK = b"\xef\xbb\xbf"
_END = re.compile(r"\r\n|\r|\n")


class Content(msgspec.Struct, frozen=True):
    """A file's lines without their ends, which are in `ends`, one fewer than the lines."""

    lines: list[str]
    ends: list[str]
    encoding: str
    marked: bool

    def encoded(self, lines: Sequence[str]) -> bytes:
        """Other lines as this file's bytes; lines that are the same keep their ends,
        and new ones end like the first that changed.

        Raises UnicodeEncodeError where the file's encoding cannot hold them.
        """
        head = _common(self.lines, lines)
        tail = _common(self.lines[head:][::-1], lines[head:][::-1])
        usual = self.ends[min(head, len(self.ends) - 1)] if self.ends else "\n"
        first, last = self.ends[:head], self.ends[len(self.ends) - tail :] if tail else []
        between = [usual] * (len(lines) - 1 - len(first) - len(last))
        ends = [*first, *between, *last]
        text = "".join(f"{line}{end or ''}" for line, end in zip_longest(lines, ends))
        return (_MARK if self.marked else b"") + text.encode(self.encoding)


def read(path: str) -> Content | None:
    """A file as it is; None where it cannot be read, or not be written again just as it was."""
    try:
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except OSError:
        return None
    found = decode(data)
    if found.problems or len(data) > LIMIT:
        return None
    marked = data.startswith(_MARK)
    try:
        text = data.removeprefix(_MARK).decode(found.encoding)
    except ValueError:
        return None
    content = Content(_END.split(text), _END.findall(text), found.encoding, marked)
    return content if content.encoded(content.lines) == data else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts have in common at their beginnings."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count
