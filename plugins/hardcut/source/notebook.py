"""Notebooks: their cells, and code cells as Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

import msgspec

from hardcut.source.decode import TOKENS
from hardcut.source.facts import Span, Unreadable

LIMIT = 64 * 1024 * 1024
"""Notebooks of more bytes are not read: they carry their images, so they may be large."""

Language = Literal["python", "shell", "markdown", "text"]

_SHELL = frozenset({"bash", "sh", "script", "system", "sx", "!"})
_PYTHON = frozenset(
    {
        "capture",
        "debug",
        "ipytest",
        "memit",
        "prun",
        "px",
        "pypy",
        "python",
        "python3",
        "pyinstrument",
        "time",
        "timeit",
    }
)
_CELL_MAGIC = re.compile(r"\s*^%%(!|[\w.]+)", re.MULTILINE)
_MAGIC = re.compile(r"[%!?]")
_ASSIGNED = re.compile(r"[^\W\d][\w.,\[\]'\" \t]*=[ \t]*(?=[%!])")
_HELP = re.compile(r"(\*?[^\W\d][\w.*]*)[ \t]*(\?{1,2})[ \t]*$", re.MULTILINE)
_TIMED = re.compile(r"%(?:time|timeit|prun|memit)[ \t]+(?=[^\s\-])")
_COMPOUND = re.compile(r"(?:async|class|def|for|if|try|while|with|match)\b")
_JOINED_LINE = re.compile(r"(?:[^\n]*\\\n)*[^\n]*")
_BLANK = re.compile(r"[ \t\f\n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Cell(msgspec.Struct, frozen=True):
    """One cell; `number` counts all cells from 1.

    `text` is what the cell says, with `\\n` line ends. `code` is the same for Python to read: magics,
    shell lines and help requests are comments, `pass` or constants there, at the same columns. Only
    where `language` is `python` is it code; a `%%bash` cell is `shell`, another language's is `text`.
    """

    number: int
    kind: Literal["code", "markdown", "raw"]
    text: str
    code: str
    language: Language


class Notebook(msgspec.Struct, frozen=True):
    """A notebook's cells, and what could not be read of it (without a cell, lines are the file's own)."""

    cells: list[Cell]
    problems: list[Unreadable] = []

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)


def cells(data: bytes) -> Notebook:
    """The cells of a notebook of format 3 or 4, as far as they can be read. Never raises."""
    if len(data) > LIMIT:
        return _unreadable(f"larger than {LIMIT // 1024 // 1024} MiB: not read")
    if not data.strip():
        return Notebook([])
    import json

    try:
        whole: object = json.loads(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        return _unreadable(f"no JSON: {error.msg}", error.lineno, error.colno)
    except RecursionError:
        return _unreadable("JSON nested too deeply")
    except ValueError:
        return _unreadable("a number with too many digits")
    listed = _listed(whole)
    if listed is None:
        return _unreadable("no notebook: it has no list of cells")
    about = _get(whole, "metadata")
    python = _is_python(_get(about, "kernelspec"), "language") and _is_python(
        _get(about, "language_info"), "name"
    )
    found: list[Cell] = []
    problems: list[Unreadable] = []
    for number, cell in enumerate(listed, 1):
        text = _source(cell)
        if text is None:
            problems.append(Unreadable(Span(1, 1, 1, 1, number), "a cell without a source"))
        else:
            found.append(_cell(number, cell, text, python))
    return Notebook(found, problems)


def as_python(text: str) -> str:
    """A code cell for Python to read: same lines and columns, without IPython's own syntax."""
    if not any(mark in text for mark in "%!?"):
        return text
    pieces: list[str] = []
    done = 0
    for start, end, instead in _foreign(text):
        pieces += (text[done:start], instead)
        done = end
    return "".join([*pieces, text[done:]])


def _unreadable(why: str, line: int = 1, column: int = 1) -> Notebook:
    return Notebook([], [Unreadable(Span(line, column, line, column), why)])


def _get(value: object, key: str) -> object:
    return cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None


def _listed(whole: object) -> list[object] | None:
    """The cells of format 4, or of format 3's worksheets."""
    listed = _get(whole, "cells")
    if isinstance(listed, list):
        return cast("list[object]", listed)
    sheets = _get(whole, "worksheets")
    if not isinstance(sheets, list):
        return None
    found: list[object] = []
    for sheet in cast("list[object]", sheets):
        inside = _get(sheet, "cells")
        if isinstance(inside, list):
            found += cast("list[object]", inside)
    return found


def _is_python(where: object, key: str) -> bool:
    """False only where another language is named."""
    name = _get(where, key)
    return not isinstance(name, str) or not name or "python" in name.lower()


def _source(cell: object) -> str | None:
    source = _get(cell, "source")
    if source is None:
        source = _get(cell, "input")
    if isinstance(source, list):
        lines = cast("list[object]", source)
        source = "".join(line for line in lines if isinstance(line, str))
    if not isinstance(source, str):
        return None
    return _SURROGATE.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))


def _cell(number: int, cell: object, text: str, python: bool) -> Cell:
    kind = _get(cell, "cell_type")
    if kind == "code":
        if not python or not _is_python(cell, "language"):
            return Cell(number, "code", text, text, "text")
        magic = _CELL_MAGIC.match(text)
        if magic is None:
            return Cell(number, "code", text, as_python(text), "python")
        if magic[1] in _PYTHON:
            sign = magic.start(1) - 2
            return Cell(number, "code", text, text[:sign] + as_python("#" + text[sign + 1 :]), "python")
        return Cell(number, "code", text, text, "shell" if magic[1] in _SHELL else "text")
    if kind == "markdown" or kind == "heading":
        return Cell(number, "markdown", text, text, "markdown")
    return Cell(number, "raw", text, text, "text")


def _foreign(text: str) -> Iterator[tuple[int, int, str]]:
    """IPython's syntax, sought where a logical line starts: begin, end, and what stands for it."""
    start = 0
    while True:
        blank = _BLANK.match(text, start)
        start = blank.end() if blank else start
        if start == len(text):
            return
        found = _replaced(text, start)
        if found:
            # it is no Python, so its quotes and brackets are passed over unread
            yield found
            start = _line(text, start)
            continue
        depth = 0
        for token in TOKENS.finditer(text, start):
            kind = token.lastgroup
            if kind == "open":
                depth += len(token[0])
            elif kind == "close":
                depth = max(0, depth - len(token[0]))
            elif kind == "newline" and depth == 0:
                start = token.end()
                break
        else:
            return


def _line(text: str, start: int) -> int:
    """The end of a line, with those that a backslash joins to it."""
    found = _JOINED_LINE.match(text, start)
    return found.end() if found else len(text)


def _replaced(text: str, start: int) -> tuple[int, int, str] | None:
    """What stands for IPython's syntax in the logical line at `start`, None for plain Python."""
    helped = _HELP.match(text, start)
    if helped:
        if "*" in helped[1]:
            return start, helped.end(), _as_comment(helped[0])
        return helped.start(2), helped.end(2), " " * len(helped[2])
    if _MAGIC.match(text, start):
        end = _line(text, start)
        timed = _TIMED.match(text, start)
        if timed and not _COMPOUND.match(text, timed.end()):
            return start, timed.end(), "if" + " " * (timed.end() - start - 5) + "1: "
        return start, end, _commented(text[start:end], start == 0 or text[start - 1] == "\n")
    assigned = _ASSIGNED.match(text, start)
    if assigned:
        end = _line(text, start)
        return assigned.end(), end, "0" + _as_comment(text[assigned.end() + 1 : end])
    return None


def _commented(line: str, outermost: bool) -> str:
    """A comment; in a block a statement too, since it may be all that the block holds."""
    if outermost:
        return _as_comment(line)
    first, joined, rest = line.partition("\n")
    first = "0".ljust(len(first)) if len(first) < 4 else "pass" + _as_comment(first[4:])
    return first + joined + _as_comment(rest)


def _as_comment(line: str) -> str:
    """The line, or lines joined by backslashes, each with `#` for its first character."""
    return "\n".join("#" + part[1:] if part else "" for part in line.split("\n"))
