"""Text files: what language a path holds, and the lines that name a word of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.facts import Span, Text, Unreadable

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

    from hardcut.source.roles import Region

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
_REQUIREMENTS = re.compile(
    r"(?:.*/)?(?:[^/]*(?:requirements|constraints)[^/]*|requirements/[^/]+)\.(?:txt|in)"
)
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
    if not dot and _BUILD.fullmatch(name):
        return "dockerfile"
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

    Its role: comment, logger (provably a logger's name), prose, code, key, value; a line of several
    takes the role that counts most. Lines of more than `LONG_LINE` characters give several pieces.
    Lines end as Python's do: at `\\n`, `\\r\\n` or `\\r`.
    """
    if len(text) > LIMIT:
        return [], [Unreadable(Span(1, 1, 1, 1), f"larger than {LIMIT // 1024 // 1024} MiB: not read")]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = list(_lines(text, _hits(text, words)))
    if not lines:
        return [], []
    shape = "yaml" if language == "ci" and path.endswith((".yml", ".yaml")) else language
    from hardcut.source.roles import Roles

    roles = Roles(text, shape, [(line.start, line.end) for line in lines])
    found: list[Text] = []
    for line in lines:
        for start, end, hits in _pieces(line):
            role = min((roles.of(hit, line.start) for hit in hits), key=_RANK.__getitem__)
            span = Span(line.number, start - line.start + 1, line.number, end - line.start + 1)
            found.append(Text("text", text[start:end], span, role=role))
    return found, []


class _Line(NamedTuple):
    """One line that holds words: its number, its region, and the words' regions."""

    number: int
    start: int
    end: int
    hits: list[Region]


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


def _hits(text: str, words: frozenset[str]) -> Iterator[Region]:
    """The words that stand whole in the text, in order of their ends."""
    if "" in words:
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
            if (
                end <= start
                or (begin and text[begin - 1] in _WORD)
                or (end < len(text) and text[end] in _WORD)
            ):
                continue
            yield begin, end


def _lines(text: str, hits: Iterable[Region]) -> Iterator[_Line]:
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


def _pieces(line: _Line) -> Iterator[tuple[int, int, list[Region]]]:
    """The whole line, or the surroundings of its words where it is long."""
    if line.end - line.start <= LONG_LINE:
        yield line.start, line.end, line.hits
        return
    inside: list[Region] = []
    stop = -1
    for hit in sorted(line.hits):
        if inside and hit[1] > stop:
            yield max(line.start, inside[0][0] - AROUND), stop, inside
            inside = []
        if not inside:
            stop = min(line.end, hit[1] + AROUND)
        inside.append(hit)
    yield max(line.start, inside[0][0] - AROUND), stop, inside
