"""Text files: what language a path holds, and the lines that name a word of the plan."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.facts import Span, Text, Unreadable

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

LIMIT = 8 * 1024 * 1024
"""Texts of more characters are not read."""
LONG_LINE = 20_000
"""A longer line is shown in pieces around its words."""
AROUND = 200
"""So many characters on either side of a word make such a piece."""
BLOCK = 1 << 18
"""So many characters are searched at once, which bounds the memory for hits."""

_SUFFIXES = {
    suffix: language
    for language, suffixes in {
        "python": "py pyi pyw",
        "notebook": "ipynb",
        "toml": "toml",
        "yaml": "yaml yml",
        "ini": "ini cfg conf",
        "json": "json jsonc json5",
        "markdown": "md markdown mdx",
        "rst": "rst",
        "text": "txt",
        "dockerfile": "dockerfile containerfile",
        "shell": "sh bash zsh ksh fish",
        "rust": "rs",
        "make": "mk mak",
        "cython": "pyx pxd pxi",
    }.items()
    for suffix in suffixes.split()
}
_NAMES = {
    name: language
    for language, names in {
        "ini": ".flake8 .coveragerc .pylintrc pylintrc .importlinter .pydocstyle .style.yapf",
        "toml": "Pipfile",
        "dockerfile": "Dockerfile Containerfile",
        "make": "Makefile makefile GNUmakefile justfile Justfile .justfile",
        "ci": ".gitlab-ci.yml .gitlab-ci.yaml Jenkinsfile",
        "codeowners": "CODEOWNERS",
        "text": "Procfile MANIFEST.in",
    }.items()
    for name in names.split()
}
_LOCK = re.compile(r"npm-shrinkwrap\.json|pylock(?:\..*)?\.toml|.*[.-]lock(?:\.\w+)?")
_REQUIREMENTS = re.compile(r"(?:.*/)?(?:[^/]*(?:requirements|constraints)[^/]*|requirements/[^/]+)\.(?:txt|in)")
_BUILD = re.compile(r"(?:Dockerfile|Containerfile)[.\-_].*")
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish"})


def language_of(path: str, head: bytes = b"") -> str | None:
    """The language of a file by its name, None for files that are not read (lock files too).

    `head` is the file's beginning, if at hand: it tells the language of a script without a suffix.
    """
    name = path[path.rfind("/") + 1 :]
    known = _NAMES.get(name)
    if known is not None:
        return known
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        return _interpreter(head) if not dot and head.startswith(b"#!") else None
    language = _SUFFIXES.get(suffix.lower())
    if language in ("python", "markdown"):
        return language
    if _LOCK.fullmatch(name):
        return None
    if _REQUIREMENTS.fullmatch(path):
        return "requirements"
    return language or ("dockerfile" if _BUILD.fullmatch(name) else None)


def text_facts(
    path: str, text: str, language: str, words: frozenset[str]
) -> tuple[list[Text], list[Unreadable]]:
    """Each line that holds one of the words whole, as a `Text` of kind `text`, and what was not read.

    `text` has `\\n` line ends. Its role: comment, logger (provably a logger's name), prose, code, key,
    value; a line of several takes the role that counts most. Lines of more than `LONG_LINE`
    characters give several pieces.
    """
    if len(text) > LIMIT:
        return [], [Unreadable(Span(1, 1, 1, 1), f"larger than {LIMIT // 1024 // 1024} MiB: not read")]
    lines = list(_lines(text, _hits(text, words)))
    if not lines:
        return [], []
    shape = "yaml" if language == "ci" and not path.endswith("Jenkinsfile") else language
    roles = _Roles(text, shape, lines)
    found: list[Text] = []
    for line in lines:
        for start, end, hits in _pieces(line):
            role = min((roles.of(hit, line) for hit in hits), key=_RANK.__getitem__)
            span = Span(line.number, start - line.start + 1, line.number, end - line.start + 1)
            found.append(Text("text", text[start:end], span, role=role))
    return found, []


class _Line(NamedTuple):
    """One line that holds words: its number, its region, and the words' regions."""

    number: int
    start: int
    end: int
    hits: list[tuple[int, int]]


_RANK = {"code": 0, "prose": 0, "key": 0, "value": 0, "logger": 1, "comment": 2}
_WORD = frozenset("_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _interpreter(head: bytes) -> str | None:
    parts = head[2:].split(b"\n", 1)[0].decode("ascii", "replace").split()
    while parts and (parts[0].startswith("-") or "=" in parts[0] or parts[0].rpartition("/")[2] == "env"):
        del parts[0]
    name = parts[0].rpartition("/")[2] if parts else ""
    if name in _SHELLS:
        return "shell"
    return "python" if name.startswith(("python", "pypy")) or name in ("uv", "pipx") else None


@lru_cache(maxsize=8)
def _automaton(words: frozenset[str]) -> AhoCorasick:
    import ahocorasick_rs

    return ahocorasick_rs.AhoCorasick(sorted(words))


def _hits(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The words that stand whole in the text, in order of their ends."""
    words -= {""}
    if not words:
        return
    automaton = _automaton(words)
    overlap = max(map(len, words)) - 1
    for start in range(0, len(text), BLOCK):
        base = max(0, start - overlap)
        block = text[base : start + BLOCK]
        for _, begin, end in automaton.find_matches_as_indexes(block, overlapping=True):
            begin, end = base + begin, base + end
            # what ends at or before the block's start was found in the block before
            if end <= start or (begin and text[begin - 1] in _WORD) or (end < len(text) and text[end] in _WORD):
                continue
            yield begin, end


def _lines(text: str, hits: Iterable[tuple[int, int]]) -> Iterator[_Line]:
    line: _Line | None = None
    number, counted = 1, 0
    for begin, end in hits:
        if line is not None and begin < line.end:
            line.hits.append((begin, end))
            continue
        if line is not None:
            yield line
        number += text.count("\n", counted, begin)
        counted = begin
        stop = text.find("\n", begin)
        line = _Line(number, text.rfind("\n", 0, begin) + 1, len(text) if stop < 0 else stop, [(begin, end)])
    if line is not None:
        yield line


def _pieces(line: _Line) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """The whole line, or the surroundings of its words where it is long."""
    if line.end - line.start <= LONG_LINE:
        yield line.start, line.end, line.hits
        return
    inside: list[tuple[int, int]] = []
    stop = -1
    for hit in sorted(line.hits):
        if inside and hit[1] > stop:
            yield max(line.start, inside[0][0] - AROUND), stop, inside
            inside = []
        if not inside:
            stop = min(line.end, hit[1] + AROUND)
        inside.append(hit)
    yield max(line.start, inside[0][0] - AROUND), stop, inside


Region = tuple[int, int]

_DOUBLE = r'"(?:[^"\\\n]|\\.)*+"?'
_SINGLE = r"(?<!\w)'[^'\n]*+'?"
_HASH = rf"{_DOUBLE}|{_SINGLE}|(?P<comment>(?<!\S)\#[^\n]*)"
_SLASHES = r"(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
_COMMENTS = {
    language: re.compile(pattern, re.MULTILINE | re.DOTALL)
    for language, pattern in {
        "yaml": _HASH,
        "shell": _HASH,
        "cython": _HASH,
        "requirements": r"(?P<comment>(?<!\S)\#[^\n]*)",
        "codeowners": r"(?P<comment>(?<!\S)\#[^\n]*)",
        "make": r"(?P<comment>(?<!\S)\#[^\n]*)",
        "dockerfile": r"(?P<comment>^[ \t]*\#[^\n]*)",
        "ini": r"(?P<comment>^[ \t]*[\#;][^\n]*)",
        "toml": rf'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|{"'" * 3}(?:[^\']|\'(?!\'\'))*+(?:{"'" * 3})?|'
        rf"{_DOUBLE}|'[^'\n]*+'?|(?P<comment>\#[^\n]*)",
        "json": rf"{_DOUBLE}|{_SLASHES}",
        "ci": rf"{_DOUBLE}|{_SINGLE}|{_SLASHES}",
        "rust": rf'"(?:[^"\\]|\\.)*+"?|\'(?:\\.|[^\\\'\n])\'|{_SLASHES}',
    }.items()
}
_MULTILINE = {"toml": ('"""', "'''"), "rust": ("/*", '"'), "json": ("/*",), "ci": ("/*",)}
_BASE = dict.fromkeys(("markdown", "rst", "text"), "prose") | dict.fromkeys(
    ("toml", "yaml", "ini", "json", "requirements", "codeowners"), "value"
)
_SEPARATORS = {"yaml": ":", "ini": "=:", "toml": "="}


class _Roles:
    """What the words of one text say: the regions of comments, loggers and code, found once."""

    def __init__(self, text: str, language: str, lines: list[_Line]) -> None:
        self._text, self._language = text, language
        self._base = _BASE.get(language, "code")
        self._comments = list(self._commented(lines))
        self._code: list[Region] = []
        self._loggers: list[Region] = []
        if language == "markdown":
            self._code, self._comments = _fenced(text)
        elif language == "rst":
            self._code, self._comments = _directives(text)
        elif language in _LOGGERS and "logger" in text:
            self._loggers = sorted(_LOGGERS[language](text))

    def of(self, hit: Region, line: _Line) -> str:
        """The role of one word."""
        if _inside(hit, self._comments):
            return "comment"
        if _inside(hit, self._loggers):
            return "logger"
        if _inside(hit, self._code):
            return "code"
        if self._language == "json":
            return "key" if _JSON_KEY.match(self._text, hit[1]) else "value"
        for sign in _SEPARATORS.get(self._language, ""):
            # only the first part of a line can be a key
            first = self._text.find(sign, line.start, min(line.end, line.start + 500))
            if first >= hit[1]:
                return "key"
        return self._base

    def _commented(self, lines: list[_Line]) -> Iterator[Region]:
        lexer = _COMMENTS.get(self._language)
        if lexer is None:
            return
        whole = any(mark in self._text for mark in _MULTILINE.get(self._language, ()))
        for start, end in [(0, len(self._text))] if whole else [(line.start, line.end) for line in lines]:
            for token in lexer.finditer(self._text, start, end):
                if token.lastgroup:
                    yield token.span()


_JSON_KEY = re.compile(r'[^"\n]{0,500}"[ \t]{0,50}:')
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)$|<!--", re.MULTILINE)
_DIRECTIVE = re.compile(r"^([ \t]*)(?:\.\.(?=[ \t]|$)[ \t]*([^\n]*)|\S[^\n]*::[ \t]*)$", re.MULTILINE)
_MARKUP = re.compile(r"_|\[|\||[\w.:+-]+::")
_CODE_DIRECTIVE = re.compile(r"(?:code|code-block|sourcecode|parsed-literal|prompt|doctest|testcode|ipython)::")
_SECTION = re.compile(r"^[ \t]*\[+((?:[^\]\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*+)\]", re.MULTILINE)
_YAML_LOGGERS = re.compile(r"^([ \t]*(?:-[ \t]+)?)[\"']?loggers[\"']?[ \t]*:[ \t]*(?=$|[#{])", re.MULTILINE)
_YAML_LINE = re.compile(r"^([ \t]*)([^\s#][^\n]*)$", re.MULTILINE)
_YAML_KEY = re.compile(r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'#:][^:\n]*):(?=\s|$)")
_JSON_LOGGERS = re.compile(r'"loggers"\s*+:\s*+(?=\{)')
_TOML_INLINE = re.compile(r"^[ \t]*(?:[^\n=#]*\.[ \t]*)?[\"']?loggers[\"']?[ \t]*=[ \t]*(?=\{)", re.MULTILINE)
_TOML_DOTTED = re.compile(r"^[ \t]*(?:[^\n=#]*\.[ \t]*)?[\"']?loggers[\"']?[ \t]*\.([^\n=#]*)=", re.MULTILINE)
_TOML_TABLE = re.compile(r"(?:^|[^=]*\.)[ \t]*[\"']?loggers[\"']?[ \t]*(?:\.|$)")
_INI_NAME = re.compile(r"^[ \t]*(?:qualname|keys)[ \t]*[=:][^\n]*", re.MULTILINE)
_FLOW = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?|[{}\[\]:=,]|\#[^\n]*')


def _inside(hit: Region, regions: list[Region]) -> bool:
    at = bisect_right(regions, (hit[0], LIMIT + 1)) - 1
    return at >= 0 and hit[1] <= regions[at][1]


def _fenced(text: str) -> tuple[list[Region], list[Region]]:
    """Markdown's fenced code, and its HTML comments."""
    code: list[Region] = []
    comments: list[Region] = []
    position, opened, fence = 0, -1, ""
    while found := _FENCE.search(text, position):
        position = found.end()
        if found[1] is None:
            end = text.find("-->", position) if opened < 0 else -1
            if end >= 0:
                comments.append((found.start(), end))
                position = end
        elif opened < 0:
            if found[1][0] == "~" or "`" not in found[2]:
                opened, fence = found.end(), found[1]
        elif found[1].startswith(fence) and not found[2].strip():
            code.append((opened, found.start()))
            opened = -1
    if opened >= 0:
        code.append((opened, len(text)))
    return code, comments


def _directives(text: str) -> tuple[list[Region], list[Region]]:
    """reStructuredText's literal blocks, and its comments."""
    code: list[Region] = []
    comments: list[Region] = []
    position = 0
    while found := _DIRECTIVE.search(text, position):
        end = _block(text, found.end(), len(found[1].expandtabs()))
        markup = found[2]
        if markup is None or _CODE_DIRECTIVE.match(markup):
            code.append((found.end(), end))
        elif not _MARKUP.match(markup):
            comments.append((found.start(), end))
        position = found.end() if markup and _MARKUP.match(markup) and not _CODE_DIRECTIVE.match(markup) else end
    return code, comments


def _block(text: str, start: int, indent: int) -> int:
    """The end of the lines after `start` that are indented more deeply."""
    end = start
    for line in _YAML_LINE.finditer(text, start):
        if len(line[1].expandtabs()) <= indent:
            break
        end = line.end()
    return end
