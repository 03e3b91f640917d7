"""An import statement, with some of its names imported from where they live now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from hardcut.finding import Unfixed
from hardcut.fix.comments import directives
from hardcut.source.statement import Name, Statement

WIDTH = 88
"""Columns after which a new statement is broken into lines."""

_DOTTED = re.compile(r"[\w.]")


class Target(msgspec.Struct, frozen=True):
    """Where a name of a statement is imported from now: `module` as it is to be written."""

    module: str
    name: str


class Rewritten(msgspec.Struct, frozen=True):
    """A statement's new text, and the changed names: the number of each, its old and new absolute path."""

    text: str
    names: list[tuple[int, str, str]]


def rewritten(statement: Statement, paths: Mapping[str, str]) -> Rewritten | Unfixed:
    """The statement with old paths (absolute) replaced by new ones, or why that cannot be done.

    Names that stay keep their places, lines and comments. What goes to another home than the rest is
    imported in a statement of its own, above.
    """
    if statement.module is None:
        return _plain(statement, paths)
    package, tail = _package(statement, paths)
    targets: dict[int, Target] = {}
    names: list[tuple[int, str, str]] = []
    for index, name in enumerate(statement.names):
        old = ".".join(part for part in (package, tail, name.name) if part)
        if package is None or old not in paths:
            continue
        home, _, leaf = paths[old].rpartition(".")
        if not home:
            return Unfixed.PLAIN_IMPORT
        targets[index] = Target(_written(statement, package, home), leaf)
        names.append((index, old, paths[old]))
    if not targets:
        return Unfixed.UNRESOLVED
    base = targets[0].module if len(targets) == len(statement.names) else None
    taken = {index: target for index, target in targets.items() if target.module != base}
    above = _above(statement, taken)
    if above is None:
        return Unfixed.LAYOUT
    renamed = {index: target.name for index, target in targets.items() if index not in taken}
    return Rewritten(above + _kept(statement, base, set(taken), renamed), names)


def _plain(statement: Statement, paths: Mapping[str, str]) -> Rewritten | Unfixed:
    """`import old as x`: the name stays, so that all that follows does."""
    text = statement.text
    names: list[tuple[int, str, str]] = []
    for index, name in reversed(list(enumerate(statement.names))):
        if name.name in paths and name.alias is not None:
            text = f"{text[: name.start]}{paths[name.name]} as {name.alias}{text[name.end :]}"
            names.append((index, name.name, paths[name.name]))
    return Rewritten(text, names) if names else Unfixed.PLAIN_IMPORT


def _package(statement: Statement, paths: Mapping[str, str]) -> tuple[str | None, str]:
    """What a statement's leading dots stand for, and the module behind them; None where no path tells."""
    module = statement.module or ""
    tail = module.lstrip(".")
    if tail == module:
        return "", module
    ending = f".{tail}" if tail else ""
    for old in paths:
        home, _, name = old.rpartition(".")
        if f".{home}".endswith(ending) and any(imported.name == name for imported in statement.names):
            return home[: len(home) - len(tail)].rstrip("."), tail
    return None, tail


def _written(statement: Statement, package: str, home: str) -> str:
    """A module as this statement would name it: relative where it was and can be."""
    module = statement.module or ""
    dots = len(module) - len(module.lstrip("."))
    above = package
    while dots and above:
        if home == above or home.startswith(f"{above}."):
            return "." * dots + home[len(above) :].lstrip(".")
        above, dots = above.rpartition(".")[0], dots + 1
    return home


def _above(statement: Statement, taken: Mapping[int, Target]) -> str | None:
    """The new statements, up to where the old one begins; None if a comment has no place in them."""
    if not taken:
        return ""
    alone = not statement.before.strip()
    indent = statement.before if alone else ""
    found: list[str] = []
    homes: dict[tuple[str, str], list[str]] = {}
    for index, target in taken.items():
        name = statement.names[index]
        comment = _comment(statement, name)
        tail = directives(_comments(statement, name))
        if not alone:
            # New statements share the first line with the old one, and so the comments at its end. A
            # comment of any other line cannot go along.
            first = statement.text.split("\n", 1)[0] + ("" if "\n" in statement.text else statement.after)
            if comment or any(part not in first for part in tail.strip().split("  ")):
                return None
            tail = ""
        item = _item(statement, name, target.name)
        if comment and comment not in tail:
            found.append(f"from {target.module} import {item}{tail}  {comment}")
        else:
            homes.setdefault((target.module, tail), []).append(item)
    found += [_statement(module, names, tail, indent, alone) for (module, tail), names in homes.items()]
    between = f"\n{indent}" if alone else "; "
    return between.join(found) + between


def _statement(module: str, names: Sequence[str], tail: str, indent: str, alone: bool) -> str:
    """A new statement, broken into lines where it is too long and no comment has to stay on its line."""
    line = f"from {module} import {', '.join(names)}{tail}"
    if alone and not tail and len(indent) + len(line) > WIDTH and len(names) > 1:
        inner = "".join(f"{indent}    {name},\n" for name in names)
        return f"from {module} import (\n{inner}{indent})"
    return line


def _item(statement: Statement, imported: Name, name: str) -> str:
    """A name as it is to be imported, bound to what it was bound to."""
    if name == imported.name:
        return " ".join(re.sub(r"\\\n|#[^\n]*", " ", statement.text[imported.start : imported.end]).split())
    return f"{name} as {imported.alias or imported.name}"


def _kept(statement: Statement, base: str | None, taken: set[int], renamed: Mapping[int, str]) -> str:
    """The old statement without the names that were taken out of it."""
    text = statement.text
    if taken and not statement.parentheses:
        kept = [
            _item(statement, imported, renamed.get(index, imported.name))
            for index, imported in enumerate(statement.names)
            if index not in taken
        ]
        text = text[: statement.names[0].start] + ", ".join(kept)
    else:
        cuts = [
            (*_whole(statement, imported), "")
            for index, imported in enumerate(statement.names)
            if index in taken
        ]
        cuts += _comma(statement, taken)
        cuts += [
            (imported.start, imported.end, _item(statement, imported, renamed[index]))
            for index, imported in enumerate(statement.names)
            if renamed.get(index, imported.name) != imported.name
        ]
        last = len(text)
        for start, end, new in sorted(cuts, reverse=True):
            text = text[:start] + new + text[min(end, last) :] if start < last else text
            last = min(start, last)
    if base is not None:
        start, end = statement.at
        text = text[:start] + base + text[end:]
    return text


def _whole(statement: Statement, imported: Name) -> tuple[int, int]:
    """All that goes with a name in parentheses: its comma; the line that it has to itself."""
    if (line := _line(statement, imported)) is not None:
        return line
    after = imported.end if imported.comma is None else imported.comma + 1
    rest = statement.text[after:]
    stripped = rest.lstrip(" \t")
    if stripped.startswith("#"):
        # A comment that stays keeps its distance from what is now before it.
        return len(statement.text[: imported.start].rstrip(" \t")), after
    return imported.start, after + len(rest) - len(stripped)


def _comma(statement: Statement, taken: set[int]) -> list[tuple[int, int, str]]:
    """The comma behind the last name that stays, where none was behind the last of all, on that line."""
    kept = [imported for index, imported in enumerate(statement.names) if index not in taken]
    last = statement.names[-1]
    if not kept or kept[-1].comma is None or last.comma is not None:
        return []
    between = statement.text[kept[-1].comma : last.end]
    return [] if "\n" in between else [(kept[-1].comma, last.end, "")]


def _line(statement: Statement, imported: Name) -> tuple[int, int] | None:
    """The lines that a name has to itself, line end included."""
    text = statement.text
    start = text.rfind("\n", 0, imported.start) + 1
    after = imported.end if imported.comma is None else imported.comma + 1
    end = text.find("\n", after)
    rest = text[after:end].strip()
    if not start or end < 0 or text[start : imported.start].strip() or (rest and not rest.startswith("#")):
        return None
    return start, end + 1


def _comment(statement: Statement, imported: Name) -> str:
    """The comment of a name that has a line to itself."""
    line = _line(statement, imported)
    if line is None:
        return ""
    after = imported.end if imported.comma is None else imported.comma + 1
    return statement.text[after : line[1]].strip()


def _comments(statement: Statement, name: Name) -> list[str]:
    """The comments that are about a name: of the statement's first line and last, and of its own line.

    flake8 takes a `noqa` anywhere in a statement for all of it, mypy a `type: ignore` on the first line.
    """
    start = name.end if name.comma is None else name.comma + 1
    between = statement.text[start:].split("\n", 1)[0] if "\n" in statement.text[start:] else ""
    own = between[between.index("#") :] if "#" in between else ""
    return [statement.opening, own, statement.after]


def changed(old: str, new: str) -> tuple[int, int, str]:
    """The part of a text that becomes another, in whole dotted names: its offsets, and what to put there."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while start and _DOTTED.match(old[start - 1]):
        start -= 1
    while end and _DOTTED.match(old[-end]):
        end -= 1
    return start, len(old) - end, new[start : len(new) - end]
