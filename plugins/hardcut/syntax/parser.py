"""Python source to the parser's byte stream, without anything in it that serves a type checker's view.

`parse` is the only way in. The parser behind it is ast_serialize: the parser of ruff, with the byte stream
that mypy reads. It reads every version of Python's syntax on every version of Python, and goes on behind a
syntax error.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, final

from hardcut.syntax.stream import StreamReader

if TYPE_CHECKING:
    from ast_serialize import ParseError
    from mypy_extensions import i64

STREAM_VERSION: Final = 5
"""The version of the stream that `hardcut.syntax.tags` describes."""
NEWEST_PYTHON: Final = (3, 99)
"""The parser reports syntax that is too new for a version, and none is too new here."""

PLACEHOLDER: Final = "zz"
"""Stands in what was altered for the parser: two letters that no keyword, prefix or escape is made of."""

_NOT_ASCII: Final = bytes(byte if byte < 0x80 else 0x7A for byte in range(256))
"""Bytes of other characters than ASCII become `z`: the parser counts columns in bytes then, and exactly."""

_TYPE_COMMENT: Final = re.compile(rb"(?<=#)([ \t\x0b\x0c\r]*)(?:ty(?=pe:)|my(?=py:))")
"""What makes a comment one for type checkers: it adds annotations that the code has not got, or drops the
code."""

_ASSERT: Final = re.compile(rb"assert\b")
_REACHABILITY: Final = re.compile(rb"\b(?:TYPE_CHECKING|MYPY|PY2|PY3|version_info|platform)\b")
"""Names by which the parser finds a module-level assertion false, and leaves out the rest of the module
then."""

SHALLOW: Final = 1500
"""Source with fewer links is parsed with the stack there is, which is 512 KB on some platforms."""
MOST_LINKS: Final = 2_000_000
STACK_PER_LINK: Final = 512
"""Bytes of stack for each link; 160 were needed on x86-64."""
STACK_UNIT: Final = 1024 * 1024
# A link is an operator, a dot, an opening bracket, or a backslash, which may stand for one in a quoted
# annotation.
_NO_LINKS: Final = bytes(byte for byte in range(256) if byte not in b".([+-*/%@&|^<>\\")
_NOTHING: Final = b"\x03\x14"
"""A stream without statements."""

_IDENTIFIER: Final = re.compile(rb"[A-Za-z0-9_\x80-\xff]+")


@final
class SyntaxProblem:
    """Source that does not follow Python's grammar; `start` and `end` are byte offsets.

    The parser names the place where it noticed the problem; the end is that of the line.
    """

    __slots__ = ("end", "message", "start")

    def __init__(self, start: int, end: int, message: str) -> None:
        self.start = start
        self.end = end
        self.message = message

    def __repr__(self) -> str:
        return f"SyntaxProblem({self.start}, {self.end}, {self.message!r})"


@final
class ParsedModule:
    """A parsed file: its bytes and the stream that its tree is read from.

    `source` are the UTF-8 bytes that were parsed, and all offsets are offsets in them. `lines` are the
    offsets at which lines begin, with the length of the source as the last. `altered` says that names and
    strings of the stream may hold placeholders; `identifier` and `text` give what the source has.
    """

    __slots__ = ("altered", "lines", "prepared", "problems", "source", "stream")

    def __init__(
        self, source: bytes, prepared: bytes, stream: bytes, lines: list[int], problems: list[SyntaxProblem]
    ) -> None:
        self.source = source
        self.prepared = prepared
        """What the parser was given: the same, or altered at equal length."""
        self.stream = stream
        self.lines = lines
        self.problems = problems
        self.altered = prepared != source

    def reader(self, position: i64 = 0) -> StreamReader:
        """A reader of the stream: at its beginning, a tagged integer and that many statements, or
        elsewhere."""
        return StreamReader(self.stream, self.lines, position)

    def text(self, start: i64, end: i64) -> str:
        """The source between two offsets."""
        return self.source[start:end].decode("utf-8", "replace")

    def identifier(self, name: str, start: i64) -> str:
        """The identifier that begins at an offset, of which the stream says `name`."""
        if not self.altered or PLACEHOLDER not in name:
            return name
        found = _IDENTIFIER.match(self.source, start)
        return name if found is None else normal(found[0])

    def place(self, offset: i64) -> tuple[int, int]:
        """The line of an offset and its column in characters, both counted from 1."""
        row = bisect_right(self.lines, offset) - 1
        if row >= len(self.lines) - 1:
            row = max(len(self.lines) - 2, 0)
            if self.source.endswith(b"\n") and offset >= len(self.source):
                return len(self.lines), 1
        start = self.lines[row]
        before = self.source[start:offset]
        return row + 1, (len(before) if before.isascii() else len(before.decode("utf-8", "replace"))) + 1

    def dotted_name(self, start: i64, end: i64) -> str:
        """The dotted name between two offsets, without spaces."""
        return ".".join(normal(word) for word in _IDENTIFIER.findall(self.source, start, end))

    def parse_expressions(self, ranges: list[tuple[int, int]]) -> StreamReader | None:
        """Parse expressions that the stream leaves out, given by their ranges in the source.

        The reader is at the first of as many expression statements, and its offsets are those of the
        source; an expression that begins with a star is in a list. None if one of them is no expression.
        """
        pieces: list[bytes] = []
        lines: list[int] = []
        for start, end in ranges:
            text = self.prepared[start:end]
            pieces.append(b"[%b]\n" % text if text.startswith(b"*") else b"(%b)\n" % text)
            # The first line has a bracket in front, the others are as in the source.
            lines.append(start - 1)
            at = text.find(b"\n")
            while at >= 0:
                lines.append(start + at + 1)
                at = text.find(b"\n", at + 1)
        lines.append(len(self.source))
        stream, errors = _run(b"".join(pieces))
        reader = StreamReader(stream, lines)
        return reader if not errors and reader.integer() == len(ranges) else None


def parse(source: bytes) -> ParsedModule:
    """Parse UTF-8 source with `\\n` line ends, as `hardcut.source.decode` gives it.

    Never raises for what the source says: what is no Python is among `problems`.
    """
    prepared = source if source.isascii() else source.translate(_NOT_ASCII)
    if b"#" in prepared:
        prepared = _TYPE_COMMENT.sub(rb"\1zz", prepared)
    if _ASSERT.search(prepared):
        prepared = _REACHABILITY.sub(_placeholder, prepared)
    stream, errors = _run(prepared)
    lines = list(accumulate(map(len, source.splitlines(keepends=True)), initial=0))
    problems = [_problem(error["line"], error["column"], error["message"], lines) for error in errors]
    return ParsedModule(source, prepared, stream, lines, problems)


def normal(word: bytes) -> str:
    """An identifier as Python stores it."""
    text = word.decode("utf-8", "replace")
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFKC", text)


def _run(prepared: bytes) -> tuple[bytes, list[ParseError]]:
    """The stream and the syntax errors of source.

    The parser recurses over chains of operators, attributes, calls and subscripts, and ends the process
    where the stack ends. What may be deep is parsed by a thread with a stack that is large enough.
    """
    links = 0 if len(prepared) < SHALLOW else len(prepared.translate(None, _NO_LINKS))
    if links < SHALLOW:
        return _parse_here(prepared)
    return _with_large_stack(prepared, links)


def _parse_here(prepared: bytes) -> tuple[bytes, list[ParseError]]:
    try:
        import ast_serialize
    except ImportError as error:
        raise ImportError(_MISSING) from error

    try:
        stream, errors, _, _, _ = ast_serialize.parse(
            "", prepared, python_version=NEWEST_PYTHON, cache_version=STREAM_VERSION
        )
    except BaseException as error:
        # A defect of the parser on damaged strings. Its exception is no Exception and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return _NOTHING, [{"line": 1, "column": 1, "message": "the parser failed on this code"}]
    return stream, errors


_MISSING: Final = (
    "the parser is missing; install ast-serialize 0.13: it has wheels of CPython "
    "for Linux, macOS and Windows, and needs a Rust toolchain elsewhere"
)

_STACK_LOCK: Final = threading.Lock()
"""The size of new threads' stacks is one setting of the process."""


def _with_large_stack(prepared: bytes, links: int) -> tuple[bytes, list[ParseError]]:
    found: list[tuple[bytes, list[ParseError]]] = []

    def run() -> None:
        found.append(_parse_here(prepared))

    if links > MOST_LINKS:
        return _NOTHING, [{"line": 1, "column": 1, "message": f"more than {MOST_LINKS} operators"}]
    size = (links * STACK_PER_LINK // STACK_UNIT + 2) * STACK_UNIT
    with _STACK_LOCK:
        before = threading.stack_size(size)
        try:
            thread = threading.Thread(target=run, name="hardcut-parser")
            thread.start()
        except RuntimeError:
            return _NOTHING, [
                {"line": 1, "column": 1, "message": "expressions that may be nested too deeply"}
            ]
        finally:
            threading.stack_size(before)
    thread.join()
    return found[0]


def is_written(name: str, word: bytes) -> bool:
    """Whether a word of the source is what the stream calls `name`: the same, or altered to it."""
    seen = word.translate(_NOT_ASCII)
    if seen == name.encode():
        return True
    return _REACHABILITY.fullmatch(word) is not None and name.encode() == b"zz" + word[2:]


def parse_unaltered(source: bytes) -> ParsedModule:
    """Parse a literal as it is written: its values are right, its places are not.

    The places of other characters than ASCII may point behind the source; there are lines for them.
    """
    readable = source.decode("utf-8", "replace").encode()
    return ParsedModule(source, source, _run(readable)[0], [0] * (source.count(b"\n") + 3), [])


def _placeholder(name: re.Match[bytes]) -> bytes:
    """A name of the same length that means nothing to a type checker."""
    return b"zz" + name[0][2:]


def _problem(line: int, column: int, message: str, lines: list[int]) -> SyntaxProblem:
    last = len(lines) - 1
    row = min(line - 1, last)
    end = lines[min(row + 1, last)]
    return SyntaxProblem(min(lines[row] + column - 1, end), end, message)
