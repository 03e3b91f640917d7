"""One import statement in parts, read from its own text: an edit of it waits for no parse of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

LONGEST = 2000
"""Lines after which a statement is not looked for any further."""

_HEAD = re.compile(r"(?:^|[;:])[ \t\f]*(?P<head>from|import)\b(?=[\s.\\])")
_TOKEN = re.compile(
    r"(?P<space>(?:[ \t\f]|\\\n)+)|(?P<comment>#[^\n]*)|(?P<newline>\n)|(?P<word>[^\W\d]\w*)|(?P<sign>[.,()])"
)

_OPENING = re.compile(r"\([ \t\f]*(?P<comment>#[^\n]*)")


class Name(msgspec.Struct, frozen=True):
    """A name that a statement imports, with its `as`; offsets in the statement's text.

    `name` may be dotted in `import a.b`. `comma` is the offset of the comma after it.
    """

    name: str
    alias: str | None
    start: int
    end: int
    comma: int | None


class Statement(msgspec.Struct, frozen=True):
    """`from module import names`, or `import names` where `module` is None; `line` and `column` from 1.

    `module` is as written, without spaces; `at` are its offsets in `text`. `before` is what stands before
    the statement on its first line, `after` what follows it on its last. `opening` is the comment behind
    the opening parenthesis.
    """

    line: int
    column: int
    text: str
    module: str | None
    at: tuple[int, int]
    names: list[Name]
    parentheses: bool
    before: str
    after: str
    opening: str = ""

    def covers(self, line: int, column: int) -> bool:
        """Whether a place (from 1) lies in it."""
        last = self.text.rsplit("\n", 1)
        end = self.line + self.text.count("\n"), len(last[-1]) + (self.column if len(last) == 1 else 1)
        return (self.line, self.column) <= (line, column) <= end


def statement_at(lines: Sequence[str], line: int, column: int) -> Statement | None:
    """The import statement that covers a place (from 1); None for a star import, or no statement."""
    for number in range(line, max(0, line - LONGEST), -1):
        text = lines[number - 1] if number <= len(lines) else ""
        for match in reversed(list(_HEAD.finditer(text))):
            head = match.start("head")
            goes_on = match.start() == 0 and number > 1 and lines[number - 2].endswith("\\")
            if not goes_on and (number < line or head < column):
                found = _read(lines, number, head, (line, column))
                if found is not None:
                    return found
    return None


def _read(lines: Sequence[str], line: int, head: int, place: tuple[int, int]) -> Statement | None:
    for count in (0, 20, LONGEST):
        below = lines[line : line + count]
        text = "\n".join([lines[line - 1][head:], *below])
        found = None if text.endswith("\\") and line + len(below) < len(lines) else _parse(text)
        if found is not None:
            break
    else:
        return None
    module, at, names, end, parentheses = found
    before, rest = lines[line - 1][:head], text[end:].split("\n", 1)[0]
    opening = _OPENING.match(text, text.index("(")) if parentheses else None
    comment = opening["comment"] if opening is not None else ""
    statement = Statement(line, head + 1, text[:end], module, at, names, parentheses, before, rest, comment)
    return statement if statement.covers(*place) else None


Parsed = tuple["str | None", tuple[int, int], list[Name], int, bool]


def _parse(text: str) -> Parsed | None:
    tokens = list(_tokens(text))
    module, at, index = None, (0, 0), 1
    if tokens and tokens[0].group() == "from":
        while index < len(tokens) and tokens[index].group() != "import":
            if tokens[index].lastgroup != "word" and tokens[index].group() != ".":
                return None
            index += 1
        parts = tokens[1:index]
        if not parts or index == len(tokens):
            return None
        module, at = "".join(one.group() for one in parts), (parts[0].start(), parts[-1].end())
        index += 1
    parentheses = module is not None and index < len(tokens) and tokens[index].group() == "("
    index += parentheses
    names: list[Name] = []
    end = None
    while index < len(tokens) and tokens[index].lastgroup == "word":
        start = index
        while index < len(tokens) and (tokens[index].lastgroup == "word" or tokens[index].group() == "."):
            index += 1
        named = _named(tokens[start:index])
        if named is None:
            return None
        comma = index < len(tokens) and tokens[index].group() == ","
        last = tokens[index - 1].end()
        after = tokens[index].start() if comma else None
        names.append(Name(*named, tokens[start].start(), last, after))
        end, index = last, index + comma
        if not comma:
            break
    if not names or end is None or (not parentheses and names[-1].comma is not None):
        return None
    if parentheses:
        if index == len(tokens) or tokens[index].group() != ")":
            return None
        end = tokens[index].end()
    return module, at, names, end, parentheses


def _named(tokens: list[re.Match[str]]) -> tuple[str, str | None] | None:
    """A name and its alias."""
    words = [one.group() for one in tokens]
    alias = None
    if len(words) > 2 and words[-2] == "as":
        words, alias = words[:-2], words[-1]
    dots = words[1::2]
    if len(words) % 2 == 0 or any(dot != "." for dot in dots) or "." in words[::2] or "as" in words:
        return None
    return "".join(words), alias


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The words and signs up to the statement's end, or to what an import statement has not."""
    position, inner = 0, False
    while (token := _TOKEN.match(text, position)) is not None:
        position = token.end()
        if token.lastgroup in ("comment", "newline") and not inner:
            return
        if token.group() in ("(", ")"):
            inner = token.group() == "("
        if token.lastgroup in ("word", "sign"):
            yield token
            if token.group() == ")":
                return
