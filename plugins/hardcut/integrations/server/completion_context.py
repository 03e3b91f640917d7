"""Where a cursor stands in a manifest that is being typed, valid or not."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADER = re.compile(r"^[ \t]*(\[{1,2})[ \t]*([\w.\- \t\"']*)\]{0,2}")
_KEY = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*(=|$)")
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>\"{3}(?:[^\\]|\\.)*?(?:\"{3}|\Z) | '{3}.*?(?:'{3}|\Z)
          | "(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z) | '[^'\n]*(?:'|(?=\n)|\Z))
      | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<key>[A-Za-z0-9_-]+(?=[ \t]*=)) | (?P<newline>\n)""",
    re.VERBOSE | re.DOTALL,
)
_ENTRY = re.compile(r"""(?m)^[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*["']([^"'\n]*)["']""")


class Cursor(NamedTuple):
    """What a cursor is in.

    `table` is the table's name in the manifest (`("wave", "delete")`, empty above all headers), `key`
    the key that the cursor is on or in the value of. `written` is what stands before it in its string,
    None outside of one; `rest` what follows there. `line` is that of the table's header, from 1 (0
    without one), `siblings` the texts of the table's other keys.
    """

    table: tuple[str, ...]
    key: str | None
    written: str | None
    rest: str
    line: int
    siblings: dict[str, str]


def cursor(lines: list[str], line: int, column: int) -> Cursor:
    """What is at a place (line and column from 1, the column in characters) of a manifest's text.

    In a pyproject.toml, tables are named from below `tool.hardcut`; another tool's have no name.
    """
    begin, table = _header(lines, line)
    end = next((at for at in range(line, len(lines)) if _HEADER.match(lines[at])), len(lines))
    siblings = dict(_ENTRY.findall("\n".join(lines[begin:end])))
    if begin == line:
        return Cursor(table, None, None, "", begin, siblings)
    before = "\n".join([*lines[begin : line - 1], lines[line - 1][: column - 1]])
    after = lines[line - 1][column - 1 :]
    key, written = _inside(before)
    if written is not None:
        rest = re.match(r"""[^"'\n]*""", after)
        return Cursor(table, key, written, rest[0] if rest else "", begin, siblings)
    if (match := _KEY.match(lines[line - 1])) is not None and column <= match.end(1) + 1:
        key = match[1]
    return Cursor(table, key, None, "", begin, siblings)


def _header(lines: list[str], line: int) -> tuple[int, tuple[str, ...]]:
    """The line of the header above, from 1, and the table that it names."""
    for at in range(min(line, len(lines)), 0, -1):
        match = _HEADER.match(lines[at - 1])
        if match is not None and _names_a_table(lines[at - 1], match):
            parts = tuple(part.strip().strip("\"'") for part in match[2].split("."))
            return at, parts[2:] if parts[:2] == ("tool", "hardcut") else parts
    return 0, ()


def _names_a_table(line: str, match: re.Match[str]) -> bool:
    """Whether a line with a bracket is a header, not a line of an array."""
    rest = line[match.end() :].strip()
    return bool(re.match(r"[A-Za-z]", match[2].strip())) and (not rest or rest.startswith("#"))


def _inside(before: str) -> tuple[str | None, str | None]:
    """The key whose value a text ends in, and how far its string is written; None for what is not there."""
    keys: list[str | None] = [None]
    written: str | None = None
    for match in _TOKEN.finditer(before):
        kind = match.lastgroup
        if kind == "key":
            keys[-1] = match[0]
        elif kind == "open":
            keys.append(keys[-1])
        elif kind == "close" and len(keys) > 1:
            keys.pop()
        elif kind == "newline" and len(keys) == 1:
            keys[-1] = None
        written = None
        if kind == "text" and match.end() == len(before):
            quote = match[0][:3] if match[0][:3] in ('"""', "'''") else match[0][0]
            closed = len(match[0]) >= 2 * len(quote) and match[0].endswith(quote)
            written = None if closed else match[0].removeprefix(quote)
    return keys[-1], written
