"""A reader of the byte stream in which ast_serialize writes a syntax tree.

The stream is read from front to back; it holds no lengths, so a node can be skipped only by reading it. A
position that was recorded can be read again at any time. `hardcut.syntax.tags` describes the nodes.

The module is compiled by mypyc in released wheels and runs as plain Python elsewhere, so it keeps to final
classes with declared attributes.
"""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, Final

from hardcut.syntax import tags

if TYPE_CHECKING:
    from mypy_extensions import i64


_INTEGER_SIZE: Final = bytes(1 if byte & 1 == 0 else 2 if byte & 2 == 0 else 4 for byte in range(256))
"""How many bytes an integer has, by its first; those of literals may have more."""


RECURSION_LIMIT: Final = 5_000


def allow_nesting() -> None:
    """Let Python code recurse over the 200 levels of nesting that the parser allows.

    A reader that is not compiled takes up to seven calls for each, and an analysis as many.
    """
    if sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)


class StreamError(ValueError):
    """The stream is not what this version of hardcut reads: another version of ast_serialize wrote it."""


class StreamReader:
    """A position in a stream, and the values found there.

    `lines` are the offsets in the source at which its lines begin. `location` turns a stream's lines and
    columns into the byte offsets `start` and `end` of the source, which stay until the next location is
    read.
    """

    __slots__ = ("data", "end", "line", "lines", "position", "start")

    def __init__(self, data: bytes, lines: list[int], position: i64 = 0) -> None:
        self.data = data
        self.lines = lines
        self.position: i64 = position
        self.line: i64 = 0
        self.start: i64 = 0
        self.end: i64 = 0

    def tag(self) -> i64:
        """The next byte."""
        position = self.position
        self.position = position + 1
        return self.data[position]

    def peek(self) -> i64:
        """The next byte, which stays the next."""
        return self.data[self.position]

    def expect(self, tag: i64) -> None:
        """Read one tag; StreamError if it is another."""
        position = self.position
        found: i64 = self.data[position]
        if found != tag:
            raise StreamError(f"expected tag {tag} at {position} of the syntax tree, found {found}")
        self.position = position + 1

    def boolean(self) -> bool:
        """A boolean: its tag is its value."""
        position = self.position
        self.position = position + 1
        return self.data[position] == tags.TRUE

    def bare_integer(self) -> i64:
        """An integer without a tag, of at most eight bytes: StreamError for a larger one."""
        data = self.data
        position = self.position
        first: i64 = data[position]
        if first & 1 == 0:
            self.position = position + 1
            return (first >> 1) - 10
        if first & 2 == 0:
            self.position = position + 2
            high: i64 = data[position + 1]
            return (high << 6) + (first >> 2) - 100
        if first & 4 == 0:
            self.position = position + 4
            low: i64 = data[position + 1]
            middle: i64 = data[position + 2]
            top: i64 = data[position + 3]
            return (low << 5) + (middle << 13) + (top << 21) + (first >> 3) - 10000
        return self._long_integer()

    def _long_integer(self) -> i64:
        """An integer with its length and sign in front, as literals may be."""
        self.position += 1
        header = self.bare_integer()
        size = header >> 1
        if size > 8:
            raise StreamError(f"an integer of {size} bytes at {self.position} of the syntax tree")
        position = self.position
        self.position = position + size
        value = int.from_bytes(self.data[position : position + size], "little")
        if value > 0x7FFF_FFFF_FFFF_FFFF:
            # Only the literal 2**63 with its sign is written so.
            return -0x8000_0000_0000_0000
        return -value if header & 1 else value

    def integer(self) -> i64:
        """A tagged integer."""
        self.position += 1
        return self.bare_integer()

    def string(self) -> str:
        """A tagged string."""
        self.position += 1
        return self.bare_string()

    def bare_string(self) -> str:
        """A string whose tag was read."""
        size = self.bare_integer()
        position = self.position
        self.position = position + size
        return self.data[position : position + size].decode()

    def skip_string(self) -> None:
        """Pass over a tagged string."""
        self.position += 1
        size = self.bare_integer()
        self.position += size

    def optional_string(self) -> str | None:
        """A tagged string, or None where the stream has none."""
        return self.bare_string() if self.tag() == tags.STRING else None

    def float(self) -> float:
        """A tagged float."""
        position = self.position + 1
        self.position = position + 8
        value: float = struct.unpack_from("<d", self.data, position)[0]
        return value

    def length(self) -> i64:
        """The length of the list that begins here."""
        position = self.position
        found: i64 = self.data[position]
        if found < tags.LIST or found > tags.PAIRS:
            raise StreamError(f"expected a list at {position} of the syntax tree, found tag {found}")
        self.position = position + 1
        return self.bare_integer()

    def location(self) -> None:
        """Read a location into `start` and `end`, as offsets in the source, and its first line into
        `line`."""
        self.expect(tags.LOCATION)
        data = self.data
        position = self.position
        first: i64 = data[position]
        if first & 1 == 0:
            self.position = position + 1
            line = (first >> 1) - 10
        elif first & 2 == 0:
            self.position = position + 2
            high: i64 = data[position + 1]
            line = (high << 6) + (first >> 2) - 100
        else:
            line = self.bare_integer()
        position = self.position
        column: i64 = data[position]
        lines: i64 = data[position + 1]
        columns: i64 = data[position + 2]
        if (column | lines | columns) & 1 == 0:
            self.position = position + 3
            column = (column >> 1) - 10
            lines = (lines >> 1) - 10
            columns = (columns >> 1) - 10
        else:
            column = self.bare_integer()
            lines = self.bare_integer()
            columns = self.bare_integer()
        starts = self.lines
        self.line = line
        self.start = starts[line - 1] + column
        self.end = starts[line - 1 + lines] + column + columns

    def skip_location(self) -> None:
        """Pass over a location."""
        data = self.data
        position = self.position + 1
        position += _INTEGER_SIZE[data[position]]
        position += _INTEGER_SIZE[data[position]]
        position += _INTEGER_SIZE[data[position]]
        self.position = position + _INTEGER_SIZE[data[position]]

    def type(self) -> None:
        """Pass over an annotation; its range is in `start` and `end` then."""
        tag = self.tag()
        if tag == tags.UNBOUND_TYPE:
            self.skip_string()
            self._types()
            self.position += 1
            self._optional_strings()
        elif tag == tags.UNION_TYPE:
            self._types()
            self.position += 1
            self._optional_strings()
            self.position += 1
        elif tag == tags.RAW_TYPE:
            self.raw_type_value(self.string())
        elif tag == tags.LIST_TYPE:
            self._types()
        elif tag == tags.TUPLE_TYPE:
            self._types()
            self.position += 1
        elif tag == tags.UNPACK_TYPE:
            self.type()
            self.position += 1
        elif tag == tags.CALL_TYPE:
            self._call_type()
        elif tag == tags.TYPED_DICT_TYPE:
            for _ in range(self.length()):
                self.optional_string()
            self._types()
        elif tag != tags.ELLIPSIS_TYPE:
            raise StreamError(f"no annotation at {self.position - 1} of the syntax tree, but tag {tag}")
        self.location()
        self.expect(tags.END)

    def _types(self) -> None:
        for _ in range(self.length()):
            self.type()

    def _optional_strings(self) -> None:
        self._skip_optional_string()
        self._skip_optional_string()

    def _skip_optional_string(self) -> None:
        self.position += 1
        if self.data[self.position - 1] == tags.STRING:
            size = self.bare_integer()
            self.position += size

    def raw_type_value(self, name: str) -> None:
        """What follows the name of a literal's type, or of `typing.Any`, which stands for what is no type."""
        tag = self.tag()
        if tag == tags.STRING:
            self.position -= 1
            self.skip_string()
        elif tag == tags.INTEGER:
            self.bare_integer()
        if name == "typing.Any":
            self._skip_optional_string()

    def _call_type(self) -> None:
        self.type()
        self._types()
        for _ in range(self.length()):
            self.optional_string()
            self.type()
