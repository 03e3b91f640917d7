"""Scopes and bindings as Python's own `symtable` has them, to compare with the binder's.

Run as a script, it compares all Python files below the paths it is given: `--sample N` takes N of them at
random, `--seed S` says which.
"""

from __future__ import annotations

import _symtable
import argparse
import random
import symtable
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from hardcut.semantic.binder import Binder
from hardcut.semantic.scopes import Scope, ScopeKind
from hardcut.source.decode import decode
from hardcut.syntax.parser import parse

_GLOBAL, _LOCAL, _PARAMETER, _NONLOCAL, _IMPORT, _ANNOTATION = 1, 2, 4, 8, 128, 256
_COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})
_IMPLICIT = frozenset({"__classdict__", "__class__", "__conditional_annotations__", "__type_params__"})
_FUNCTION, _CLASS, _MODULE = 0, 1, 2
_TYPE_PARAMETERS = 6 if sys.version_info < (3, 13) else 5
_KINDS = {ScopeKind.MODULE: _MODULE, ScopeKind.CLASS: _CLASS, ScopeKind.TYPE_PARAMETERS: _TYPE_PARAMETERS}


class Table(NamedTuple):
    """One scope: its kind and name, the same of the scope around it, and its names."""

    kind: int
    name: str
    line: int
    parent: tuple[int, str, int]
    bound: frozenset[str]
    declared_global: frozenset[str]
    declared_nonlocal: frozenset[str]


def of_python(source: bytes) -> Counter[Table]:
    """The tables that the running Python has for a source; SyntaxError or another where it has none."""
    found: Counter[Table] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = _symtable.symtable(source, "module.py", "exec")
    stack = [(top, (_MODULE, "", 0), set[str]())]
    pending: list[tuple[symtable.SymbolTable, tuple[int, str, int], tuple[int, str, int], set[str]]] = []
    while stack:
        table, parent, hidden = stack.pop()
        key = parent
        if table.type in (_FUNCTION, _CLASS, _MODULE, _TYPE_PARAMETERS):
            if _is_inlined(table.name):
                hidden |= _python_table(table, parent, parent, set()).bound
            else:
                hidden = set()
                key = _key(table.type, table.name, table.lineno)
                pending.append((table, key, parent, hidden))
        stack.extend((child, key, hidden) for child in table.children)
    for table, key, parent, hidden in pending:
        found[_python_table(table, key, parent, hidden)] += 1
    return found


def _is_inlined(name: str) -> bool:
    """Whether Python 3.12 has the names of a comprehension in the scope around it (PEP 709)."""
    return sys.version_info >= (3, 12) and name in _COMPREHENSIONS and name != "genexpr"


def _key(kind: int, name: str, line: int) -> tuple[int, str, int]:
    # Where expressions in brackets and type parameters begin differs with the version of Python.
    exact = kind in (_FUNCTION, _CLASS) and name not in _COMPREHENSIONS and name != "lambda"
    return (kind, "" if kind == _MODULE else name, line if exact else 0)


def _python_table(
    table: symtable.SymbolTable, key: tuple[int, str, int], parent: tuple[int, str, int], hidden: set[str]
) -> Table:
    comprehension = table.name in _COMPREHENSIONS
    symbols: dict[str, int] = table.symbols
    bound: set[str] = set()
    declared_global: set[str] = set()
    declared_nonlocal: set[str] = set()
    for name, flags in symbols.items():
        if name.startswith(".") or (
            name in _IMPLICIT and (name == "__type_params__" or not flags & (_LOCAL | _PARAMETER | _IMPORT))
        ):
            continue
        if key[0] == _TYPE_PARAMETERS and name in _IMPLICIT:
            continue
        walrus = comprehension and flags & (_GLOBAL | _NONLOCAL)
        if flags & (_LOCAL | _PARAMETER | _IMPORT) and not walrus:
            bound.add(name)
        if flags & _GLOBAL and not comprehension and key[0] != _MODULE:
            declared_global.add(name)
        if flags & _NONLOCAL and not comprehension:
            declared_nonlocal.add(name)
    return Table(
        *key, parent, frozenset(bound | hidden), frozenset(declared_global), frozenset(declared_nonlocal)
    )


def of_binder(source: bytes) -> Counter[Table]:
    """The same tables by the binder."""
    binder = Binder(parse(source))
    binder.bind()
    lines = binder.module.lines
    names: dict[int, set[str]] = {scope.number: set() for scope in binder.scopes}
    for scope in binder.scopes:
        for binding in scope.bindings:
            names[_outside(binding.within).number].add(binding.name)
    keys: dict[int, tuple[int, str, int]] = {}
    for scope in binder.scopes:
        keys[scope.number] = _key(_KINDS.get(scope.kind, _FUNCTION), scope.name, _line(scope, source, lines))
    found: Counter[Table] = Counter()
    for scope in binder.scopes:
        if _is_inlined(scope.name) and scope.is_comprehension:
            continue
        parent = (_MODULE, "", 0) if scope.parent is None else keys[_outside(scope.parent).number]
        found[
            Table(
                *keys[scope.number],
                parent,
                frozenset(names[scope.number]),
                frozenset(() if scope.kind is ScopeKind.MODULE else scope.globals or ()),
                frozenset(scope.nonlocals or ()),
            )
        ] += 1
    return found


def _outside(scope: Scope) -> Scope:
    """The scope that has the names of a scope."""
    while scope.is_comprehension and scope.parent is not None and _is_inlined(scope.name):
        scope = scope.parent
    return scope


def _line(scope: Scope, source: bytes, lines: list[int]) -> int:
    """The line that `symtable` names: that of the keyword, which is that of the name but for a
    continuation."""
    if scope.definition is None:
        return 0
    start = scope.definition.start
    return source.count(b"\n", 0, start) + 1


class Unreadable(Exception):
    """Python itself cannot read the file."""


class Comparison(NamedTuple):
    """A file that differs: what only Python has and what only the binder has."""

    path: Path
    python: list[Table]
    binder: list[Table]


def differences(path: Path) -> Comparison | None:
    """How the tables of a file differ; None if they do not. Unreadable if Python cannot read the file."""
    source = decode(path.read_bytes()).data
    try:
        python = of_python(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(path) from error
    binder = of_binder(source)
    if python == binder:
        return None
    return Comparison(path, list((python - binder).elements()), list((binder - python).elements()))


def python_files(roots: Iterable[Path]) -> Iterator[Path]:
    """All Python files below some folders, in order."""
    for root in roots:
        yield from sorted(path for path in root.rglob("*.py") if path.is_file())


def _shown(comparison: Comparison) -> str:
    lines = [str(comparison.path)]
    for who, tables in (("python", comparison.python), ("binder", comparison.binder)):
        lines += [f"   {who} {table[:4]} {[sorted(names) for names in table[4:]]}" for table in tables[:3]]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Compare the files below folders; 1 if one differs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("roots", nargs="+", type=Path)
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--show", type=int, default=10)
    chosen = options.parse_args()
    paths = list(python_files(chosen.roots))
    if chosen.sample:
        paths = random.Random(chosen.seed).sample(paths, min(chosen.sample, len(paths)))
    read = unreadable = 0
    found: list[Comparison] = []
    for path in paths:
        try:
            difference = differences(path)
        except Unreadable:
            unreadable += 1
            continue
        read += 1
        if difference is not None:
            found.append(difference)
            if len(found) <= chosen.show:
                sys.stdout.write(_shown(difference))
    sys.stdout.write(
        f"{read} files read by Python {sys.version.split()[0]}, {unreadable} not; {len(found)} differ\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
