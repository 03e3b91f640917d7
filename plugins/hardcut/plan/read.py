"""A manifest's bytes to TOML, with a clear problem for whatever may be wrong with the file."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeGuard

from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import Problem

LIMIT = 4 * 1024 * 1024
"""Bytes a manifest may have."""

PARTS = 300
"""Parts a dotted key may have; tomllib takes quadratic time in them."""

KEY_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
LONG_KEY = re.compile(rf"(?<![\w-])(?:{KEY_PART}){{{PARTS}}}")
PLACED = re.compile(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)")


class Document(NamedTuple):
    """A TOML file as read: `shown` is its path for people, `text` has no byte order mark."""

    path: Path
    shown: str
    data: bytes
    text: str
    tables: dict[str, Any]


def is_table(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a TOML value is a table."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a TOML value is an array."""
    return isinstance(value, list)


def shown_path(path: Path, root: Path) -> str:
    """The path for people: relative to the root where it lies below it, else absolute."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def absolute(path: Path) -> Path:
    """The path from the file system's root on, with symbolic links as they are.

    Raises:
        ManifestError: the path is relative, and the working directory is gone.
    """
    try:
        return Path(os.path.abspath(path))
    except OSError:
        _stop(path.as_posix(), "the working directory is gone")


def read(path: Path, shown: str) -> Document:
    """Read one TOML file.

    Raises:
        ManifestError: it cannot be read, is too large, not UTF-8 or not TOML.
    """
    return parse(path, shown, _bytes(path, shown))


def read_mentioning(word: bytes, path: Path, shown: str) -> Document | None:
    """Read one TOML file, or nothing where it does not hold the word.

    Raises:
        ManifestError: as `read` does; a file without the word may be anything that can be read.
    """
    data = _bytes(path, shown)
    return parse(path, shown, data) if word in data else None


def parse(path: Path, shown: str, data: bytes) -> Document:
    """A TOML file's bytes as a document.

    Raises:
        ManifestError: they are too many, not UTF-8 or not TOML.
    """
    if len(data) > LIMIT:
        _stop(shown, f"too large for a manifest: more than {LIMIT // 1024 // 1024} MiB")
    text = _text(data, shown)
    return Document(path, shown, data, text, _tables(text, shown))


def _stop(shown: str, message: str, line: int = 1, column: int = 1) -> NoReturn:
    raise ManifestError([Problem(shown, line, column, "", message)]) from None


def _bytes(path: Path, shown: str) -> bytes:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            _stop(shown, "this is a folder, not a manifest")
        if not stat.S_ISREG(mode):
            _stop(shown, "this is not a regular file")
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        what = (
            "this is a symbolic link to a file that is not there" if os.path.islink(path) else "no such file"
        )
        _stop(shown, what)
    except (OSError, ValueError) as error:
        _stop(shown, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    return data


def _text(data: bytes, shown: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _stop(shown, "not UTF-8, as TOML must be: this looks like UTF-16")
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        line, column = _place(body[: error.start].decode(), error.start)
        _stop(shown, f"not UTF-8, as TOML must be: byte 0x{body[error.start]:02x}", line, column)


def _tables(text: str, shown: str) -> dict[str, Any]:
    if found := LONG_KEY.search(text):
        _stop(shown, f"a key with more than {PARTS} parts", *_place(text, found.start()))
    try:
        return tomllib.loads(text)
    except RecursionError:
        deepest = max(text.split("\n"), key=lambda line: line.count("[") + line.count("{"))
        _stop(shown, "arrays or tables are nested too deeply", *_place(text, text.index(deepest)))
    except tomllib.TOMLDecodeError as error:
        placed = PLACED.match(str(error))
        message = placed[1] if placed else str(error)
        if placed and placed[2]:
            line, column = int(placed[2]), int(placed[3])
        else:
            line, column = _place(text, len(text.rstrip()))
        _stop(shown, f"not valid TOML: {message[:1].lower()}{message[1:]}", line, column)
    except ValueError:
        digits = re.search(r"[0-9_]{1000}", text)
        _stop(shown, "a number that is too long", *_place(text, digits.start() if digits else 0))


def _place(text: str, at: int) -> tuple[int, int]:
    at = min(at, len(text))
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
