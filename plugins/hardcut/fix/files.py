"""A source file as lines to edit, and back to bytes: its encoding, byte order mark and line ends kept."""

from __future__ import annotations

import os
import re
import stat
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
        first = self.ends[: min(head, len(lines) - 1)]
        tail = min(tail, len(lines) - 1 - len(first))
        last = self.ends[len(self.ends) - tail :] if tail > 0 else []
        between = [usual] * (len(lines) - 1 - len(first) - len(last))
        ends = [*first, *between, *last]
        text = "".join(f"{line}{end or ''}" for line, end in zip_longest(lines, ends))
        return (_MARK if self.marked else b"") + text.encode(self.encoding)


def content_of(data: bytes) -> Content | None:
    """A file's bytes as lines; None if they cannot be read, or not be written again just as they were."""
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


def is_inside(root: str, path: str) -> bool:
    """Whether a path is a regular file of the project's own, and no link out of it."""
    real = os.path.realpath(os.path.join(root, path))
    if not real.startswith(os.path.join(os.path.realpath(root), "")):
        return False
    try:
        return stat.S_ISREG(os.stat(real).st_mode)
    except OSError:
        return False


def _common(first: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts have in common at their beginnings."""
    count = 0
    while count < min(len(first), len(other)) and first[count] == other[count]:
        count += 1
    return count
