"""Reads the versions that one file states of one name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from hardcut.source.versions import locks, native, python
from hardcut.source.versions.stated import Stated, Versions

LARGEST = 32 * 1024 * 1024
LARGEST_TOML = 2 * 1024 * 1024
"""Bytes of a file that a TOML parser is given; lock files are searched by lines."""
LONG_KEY = re.compile(r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){300}")
"""A dotted key in whose parts tomllib takes quadratic time."""
KINDS = (
    "pyproject.toml, uv.lock, poetry.lock, pdm.lock, pylock.toml, requirements*.txt, Cargo.toml, "
    "Cargo.lock, package.json, package-lock.json"
)


def read_versions(path: str, data: bytes, name: str) -> Versions:
    """Every statement about a name in a file, in its order; a problem for a file that cannot be read."""
    if len(data) > LARGEST:
        return Versions(problem=f"is larger than {LARGEST // 1024 // 1024} MiB")
    try:
        return Versions(sorted(_of(path, data, name), key=lambda one: (one.line, one.column)))
    except tomllib.TOMLDecodeError as wrong:
        return Versions(problem=f"is no TOML: {str(wrong)[:200]}")
    except RecursionError:
        return Versions(problem="is nested too deep")
    except Unknown as wrong:
        return Versions(problem=str(wrong))
    except ValueError as wrong:
        return Versions(problem=f"cannot be read: {str(wrong)[:200]}")


class Unknown(ValueError):
    """A file of a kind that no versions are read from."""


def _of(path: str, data: bytes, name: str) -> Iterator[Stated]:
    leaf = path.rpartition("/")[2].lower()
    text = data.decode("utf-8-sig", "replace")
    if leaf == "cargo.lock":
        return locks.of_toml_lock(text, name, "cargo")
    if leaf in ("uv.lock", "poetry.lock", "pdm.lock") or re.fullmatch(r"pylock(\..*)?\.toml", leaf):
        return locks.of_toml_lock(text, name, "python")
    if leaf in ("package-lock.json", "npm-shrinkwrap.json"):
        return locks.of_npm_lock(text, name)
    if leaf == "package.json":
        return native.of_package_json(text, name)
    if leaf == "cargo.toml":
        return native.of_cargo(_toml(text), text, name)
    if leaf.endswith(".toml"):
        return python.of_pyproject(_toml(text), text, name)
    if leaf.endswith((".txt", ".in")):
        return python.of_requirements(text, name)
    raise Unknown(f"is no file that versions are read from; there are {KINDS}")


def _toml(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_TOML:
        raise Unknown(f"is larger than {LARGEST_TOML // 1024 // 1024} MiB")
    if LONG_KEY.search(text):
        raise Unknown("has a key of too many parts")
    return tomllib.loads(text)
