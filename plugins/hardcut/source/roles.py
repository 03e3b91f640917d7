"""What a word in a text file is: comment, logger's name, prose, code, key or value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

Region = tuple[int, int]
"""Start and end in a text, in characters; the end is exclusive."""

_DOUBLE = r'"(?:[^"\\\n]|\\.)*+"?'
_SINGLE = r"(?<!\w)'[^'\n]*+'?"
_TRIPLE = r'"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})?' + "|" + r"'{3}(?:[^']|'(?!''))*+(?:'{3})?"
_HASH = r"(?P<comment>(?<!\S)\#[^\n]*)"
_SLASHES = r"(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
_COMMENTS: dict[str, str] = {
    "yaml": f"{_DOUBLE}|{_SINGLE}|{_HASH}",
    "shell": f"{_DOUBLE}|{_SINGLE}|{_HASH}",
    "cython": f"{_DOUBLE}|{_SINGLE}|{_HASH}",
    "requirements": _HASH,
    "codeowners": _HASH,
    "make": _HASH,
    "dockerfile": r"(?P<comment>^[ \t]*\#[^\n]*)",
    "ini": r"(?P<comment>^[ \t]*[\#;][^\n]*)",
    "toml": f"{_TRIPLE}|{_DOUBLE}|'[^'\n]*+'?|" + r"(?P<comment>\#[^\n]*)",
    "json": f"{_DOUBLE}|{_SLASHES}",
    "ci": f"{_DOUBLE}|{_SINGLE}|{_SLASHES}",
    "rust": r'"(?:[^"\\]|\\.)*+"?|' + r"'(?:\\.|[^\\'\n])'|" + _SLASHES,
}
"""Strings are matched so that no comment begins in them; an unterminated one ends somewhere too."""
_MULTILINE: dict[str, tuple[str, ...]] = {
    "toml": ('"""', "'''"),
    "rust": ('"', "/*"),
    "json": ("/*",),
    "ci": ("/*",),
}
"""Only where one of these stands can a line's meaning depend on the lines before it."""

_BASE: dict[str, str] = {
    **dict.fromkeys(("markdown", "rst", "text"), "prose"),
    **dict.fromkeys(("toml", "yaml", "ini", "json", "requirements", "codeowners"), "value"),
}
_SEPARATORS: dict[str, str] = {"yaml": ":", "ini": "=:", "toml": "="}
_KEY_WITHIN = 500
_JSON_KEY = re.compile(r'[^"\n]{0,500}"[ \t]{0,50}:')


class Roles:
    """The regions of one text that decide what its words are, found once."""

    def __init__(self, text: str, language: str, lines: Sequence[Region]) -> None:
        """`lines` are the regions of the lines that are asked about, in order."""
        self._text, self._language = text, language
        self._code: list[Region] = []
        self._comments: list[Region] = []
        self._loggers: list[Region] = []
        if language == "markdown":
            self._code, self._comments = _fenced(text)
        elif language == "rst":
            self._code, self._comments = _blocks(text)
        else:
            whole = any(mark in text for mark in _MULTILINE.get(language, ()))
            self._comments = list(_commented(text, language, [(0, len(text))] if whole else lines))
        if "logger" in text and language in _LOGGERS:
            self._loggers = sorted(_LOGGERS[language](text))

    def of(self, word: Region, start: int) -> str:
        """The role of one word in the line that begins at `start`."""
        if _inside(word, self._comments):
            return "comment"
        if _inside(word, self._loggers):
            return "logger"
        if _inside(word, self._code):
            return "code"
        if self._language == "json":
            return "key" if _JSON_KEY.match(self._text, word[1]) else "value"
        for sign in _SEPARATORS.get(self._language, ""):
            first = self._text.find(sign, start, start + _KEY_WITHIN)
            end = self._text.find("\n", start, start + _KEY_WITHIN)
            if first >= word[1] and not 0 <= end < first:
                return "key"
        return _BASE.get(self._language, "code")


def _inside(word: Region, regions: list[Region]) -> bool:
    at = bisect_right(regions, word[0], key=lambda region: region[0]) - 1
    return at >= 0 and word[1] <= regions[at][1]


def _commented(text: str, language: str, parts: Sequence[Region]) -> Iterator[Region]:
    if language in _COMMENTS:
        lexer = re.compile(_COMMENTS[language], re.MULTILINE | re.DOTALL)
        for start, end in parts:
            for token in lexer.finditer(text, start, end):
                if token.lastgroup:
                    yield token.span()


_MARKS = ("```", "~~~", "<!--")
_FENCE = re.compile(r"`{3,}|~{3,}")
_BEFORE_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def _fenced(text: str) -> tuple[list[Region], list[Region]]:
    """Markdown's fenced code, and its HTML comments."""
    code: list[Region] = []
    comments: list[Region] = []
    last = text.rfind("-->")
    position, opened, fence = 0, -1, ""
    # Three searches for fixed strings are several times as fast as one expression for such lines.
    following = [text.find(sign) for sign in _MARKS]
    while any(at >= 0 for at in following):
        at = min(at for at in following if at >= 0)
        mark = _FENCE.match(text, at)
        before, position = position, mark.end() if mark else at + len(_MARKS[-1])
        if mark is None:
            if opened < 0 and position <= last:
                position = text.find("-->", position)
                comments.append((at, position))
        elif (start := text.rfind("\n", 0, at) + 1) >= before and _BEFORE_FENCE.fullmatch(text, start, at):
            end = text.find("\n", position)
            info = text[position:] if end < 0 else text[position:end]
            position += len(info)
            if opened < 0:
                if "`" not in info:
                    opened, fence = position, mark[0]
            elif mark[0].startswith(fence) and not info.strip():
                code.append((opened, start))
                opened = -1
        following = [
            found if found < 0 or found >= position else text.find(sign, position)
            for sign, found in zip(_MARKS, following, strict=True)
        ]
    if opened >= 0:
        code.append((opened, len(text)))
    return code, comments


_EXPLICIT = re.compile(r"^([ \t]*)(?:\.\.(?=[ \t]|$)[ \t]*([^\n]*)|\S[^\n]*::[ \t]*)$", re.MULTILINE)
_MARKUP = re.compile(r"_|\[|\||[\w.:+-]+::")
_CODE = re.compile(r"(?:code|code-block|sourcecode|parsed-literal|prompt|doctest|testcode|ipython)::")
_FILLED = re.compile(r"^([ \t]*)[^\s#][^\n]*$", re.MULTILINE)


def _blocks(text: str) -> tuple[list[Region], list[Region]]:
    """reStructuredText's literal blocks, and its comments."""
    code: list[Region] = []
    comments: list[Region] = []
    position = 0
    while found := _EXPLICIT.search(text, position):
        position = found.end()
        markup: str | None = found[2]
        literal = markup is None or _CODE.match(markup) is not None
        if literal or not _MARKUP.match(markup or ""):
            end = position
            for line in _FILLED.finditer(text, position):
                if len(line[1]) <= len(found[1]):
                    break
                end = line.end()
            (code if literal else comments).append((position if literal else found.start(), end))
            position = end
    return code, comments


_YAML_BLOCK = re.compile(r"^([ \t]*(?:-[ \t]+)?)[\"']?loggers[\"']?[ \t]*:[ \t]*(?=$|#)", re.MULTILINE)
_YAML_FLOW = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?loggers[\"']?[ \t]*:[ \t]*(?=\{)", re.MULTILINE)
_YAML_KEY = re.compile(r"[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'#:][^:\n]*):(?=\s|$)")
_JSON_FLOW = re.compile(r'"loggers"[ \t]*:\s*(?=\{)')
_TOML_FLOW = re.compile(r"^[^\n=#]*(?<![\w-])loggers[\"']?[ \t]*=[ \t]*(?=\{)", re.MULTILINE)
_TOML_DOTTED = re.compile(r"^[^\n=#]*(?<![\w-])loggers[\"']?[ \t]*\.([^\n=#]*)=", re.MULTILINE)
_TOML_TABLE = re.compile(r"(?:^|\.)[ \t]*[\"']?loggers[\"']?[ \t]*(\.|$)")
_TOML_KEY = re.compile(r"^[^\n=#]*=", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[{1,2}((?:[^\[\]\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*+)\]", re.MULTILINE)
_INI_NAME = re.compile(r"^[ \t]*(?:qualname|keys)[ \t]*[=:][^\n]*", re.MULTILINE)
_FLOW = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?|[{}\[\]:=,]|\#[^\n]*')


def _flows(text: str, opening: re.Pattern[str]) -> Iterator[Region]:
    """The keys right inside the braces that follow an opening."""
    position = 0
    while found := opening.search(text, position):
        depth, key, position = 0, -1, len(text)
        for token in _FLOW.finditer(text, found.end()):
            sign = token[0]
            if sign in ("{", "["):
                depth += 1
            elif sign in ("}", "]"):
                depth -= 1
            if depth == 0:
                position = token.end()
                break
            if depth == 1 and sign in ("{", ","):
                key = token.end()
            elif depth == 1 and sign in (":", "=") and key >= 0:
                yield key, token.start()
                key = -1


def _yaml(text: str) -> Iterator[Region]:
    """The keys one level below `loggers:`."""
    yield from _flows(text, _YAML_FLOW)
    for found in _YAML_BLOCK.finditer(text):
        depth = 0
        for line in _FILLED.finditer(text, found.end()):
            indent = len(line[1])
            if indent <= len(found[1]):
                break
            depth = depth or indent
            if indent == depth and (key := _YAML_KEY.match(text, line.start())):
                yield key.span(1)


def _json(text: str) -> Iterator[Region]:
    yield from _flows(text, _JSON_FLOW)


def _sections(text: str) -> Iterator[tuple[str, Region, Region]]:
    """Each `[section]` of TOML or INI: its name, the name's region, the body's region."""
    headers = list(_SECTION.finditer(text))
    for header, following in zip_longest(headers, headers[1:]):
        body = (header.end(), following.start() if following else len(text))
        yield header[1], header.span(1), body


def _toml(text: str) -> Iterator[Region]:
    """What follows `loggers.` in a table's name, the keys of a `loggers` table, dotted and inline."""
    yield from _flows(text, _TOML_FLOW)
    yield from (found.span(1) for found in _TOML_DOTTED.finditer(text))
    for name, where, body in _sections(text):
        if found := _TOML_TABLE.search(name):
            if found[1]:
                yield where[0] + found.end(), where[1]
            else:
                yield from (key.span() for key in _TOML_KEY.finditer(text, *body))


def _ini(text: str) -> Iterator[Region]:
    """A `[logger_x]` section's name and `qualname`, and the names listed in `[loggers]`."""
    for name, where, body in _sections(text):
        if name.startswith("logger_"):
            yield where
        if name.startswith("logger_") or name == "loggers":
            yield from (found.span() for found in _INI_NAME.finditer(text, *body))


_LOGGERS: dict[str, Callable[[str], Iterator[Region]]] = {
    "yaml": _yaml,
    "json": _json,
    "toml": _toml,
    "ini": _ini,
}
