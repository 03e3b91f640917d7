"""Build files that are tables: pyproject.toml, setup.cfg, Cargo.toml, .gitmodules, .gitignore."""

from __future__ import annotations

import configparser
import posixpath
import tomllib
from collections.abc import Iterator
from typing import Any

from hardcut.source.builds.declared import Declared, Placed, generated, words_of

_BUILDERS = (
    *("build-system", "setuptools", "hatch", "scikit-build", "maturin", "poetry", "pdm", "flit", "meson"),
    *("version", "cython", "mypyc", "cffi", "grpc", "proto", "betterproto", "py-build-cmake"),
)
"""How the names of tables begin that speak about the build; linters' tables name files that may be gone."""
_CHECKERS = ("flake8", "mypy", "pylint", "isort", "tool:", "pytest", "coverage", "pycodestyle", "pydocstyle")
_SCRIPT_KEYS = frozenset({"script", "path", "setup-script", "build-script"})


def of_pyproject(text: str, path: str) -> Declared:
    """What a pyproject.toml declares; nothing if it is no TOML."""
    tables = _toml(text)
    folder = posixpath.dirname(path)
    tools = _table(tables, "tool")
    modules = [
        name
        for entry in _list(_table(tools, "setuptools").get("ext-modules"))
        if isinstance(entry, dict) and isinstance(name := entry.get("name"), str)
    ]
    maturin = _table(tools, "maturin")
    module = maturin.get("module-name")
    if isinstance(module, str):
        modules.append(module)
    manifest = maturin.get("manifest-path")
    included = [posixpath.join(folder, manifest)] if isinstance(manifest, str) else []
    cmake = _table(_table(tools, "scikit-build"), "cmake").get("source-dir")
    if isinstance(cmake, str):
        included.append(posixpath.normpath(posixpath.join(folder, cmake, "CMakeLists.txt")))
    strings: list[str] = []
    for key, table in (*tools.items(), ("build-system", tables.get("build-system"))):
        if key.startswith(_BUILDERS):
            for name, value in _strings(table):
                strings.append(value)
                if name in _SCRIPT_KEYS and value.endswith(".py"):
                    included.append(posixpath.join(folder, value))
    placed = [found for value in strings if (found := generated(value)) is not None]
    return Declared(
        [name for name in modules if "." in name],
        placed + [Placed(name) for name in modules if "." not in name],
        words_of(strings),
        included,
    )


def of_setup_cfg(text: str) -> Declared:
    """The files that a setup.cfg names, except for linters."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Declared()
    values = [
        word.strip(",")
        for section in parser.sections()
        if not section.startswith(_CHECKERS)
        for value in parser[section].values()
        for word in value.replace("=", " ").split()
    ]
    return Declared([], [found for value in values if (found := generated(value)) is not None])


def of_cargo(text: str) -> Declared:
    """The extension module of a crate that is built as a shared library."""
    tables = _toml(text)
    library = _table(tables, "lib")
    kinds = _list(library.get("crate-type", library.get("crate_type")))
    if "cdylib" not in kinds:
        return Declared()
    name = library.get("name", _table(tables, "package").get("name"))
    return Declared([], [Placed(name.replace("-", "_"))] if isinstance(name, str) else [])


def of_gitignore(text: str) -> Declared:
    """The files that a .gitignore names: what is not tracked may be made by the build.

    Folders and patterns for file types say nothing about a single module.
    """
    lines = (line.strip() for line in text.splitlines())
    found = (generated(line.lstrip("/")) for line in lines if line and line[0] not in "#!")
    return Declared([], [placed for placed in found if placed is not None])


def of_gitmodules(text: str) -> Declared:
    """The folders of a repository's submodules."""
    found: list[str] = []
    for line in text.splitlines():
        key, sign, value = line.partition("=")
        if sign and key.strip() == "path":
            found.append(posixpath.normpath(value.strip().strip('"')))
    return Declared(folders=found)


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(tables: dict[str, Any], key: str) -> dict[str, Any]:
    found = tables.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _strings(value: object) -> Iterator[tuple[str, str]]:
    """All strings in nested tables and lists, each with the key that it is under."""
    waiting = [("", value)]
    while waiting:
        key, found = waiting.pop()
        if isinstance(found, str):
            yield key, found
        elif isinstance(found, dict):
            waiting += found.items()
        elif isinstance(found, list):
            waiting += [(key, element) for element in found]
