"""Violations of gates about modules and names: delete, remove, keep, move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardcut.engine.selftest.plant import NAME, Ground, Plant, Snippet, Unplantable, Want
from hardcut.plan.gates import Gate
from hardcut.plan.implied import new_homes
from hardcut.plan.model import Delete, Keep, Move, Remove

GONE = ("CUT101",)


def delete(gate: Gate[Delete], ground: Ground) -> Iterator[Plant]:
    """An import of the deleted module, then the module itself."""
    module = gate.entry.module
    if module not in ground.run.targets.deleted:
        raise Unplantable("it is revived")
    yield from _gone(gate, module, gate.entry.submodules_only, ground)


def _gone(gate: Gate[Any], module: str, only_below: bool, ground: Ground) -> Iterator[Plant]:
    """An import of a module that is to be gone, then the module itself."""
    name = f"{module}.{_below(module, ground)}" if only_below else module
    yield ground.anywhere(gate, [Snippet(f"`import {name}`", f"import {name}", GONE)])
    path = ground.project.expected(module)
    if only_below:
        path = f"{path.removesuffix('/__init__.py').removesuffix('.py')}/{NAME}.py"
    yield Plant({path: b""}, [Want(f"{path} there again", ("CUT104",), subject=module)])


def _below(module: str, ground: Ground) -> str:
    """The name of a submodule, one that is there if there is any."""
    for path in ground.project.leftover(module, True):
        stem = path.rpartition("/")[2].removesuffix(".py")
        if stem.isidentifier() and stem != "__init__":
            return stem
    return NAME


def remove(gate: Gate[Remove], ground: Ground) -> Iterator[Plant]:
    """A use of each removed name, then a definition of each at its home."""
    home = gate.entry.module
    yield ground.anywhere(gate, [_use(home, name, "CUT202", ground) for name in gate.entry.symbols])
    by_file: dict[str, list[Snippet]] = {}
    for name in gate.entry.symbols:
        homes = ground.run.targets.homes(home, name, gate)
        there = [path for one in homes if (path := ground.project.file(one))]
        snippet = Snippet(f"a definition of `{name}`", _definition(name), ("CUT201",))
        by_file.setdefault(there[0] if there else "", []).append(snippet)
    for path, snippets in by_file.items():
        if path:
            yield ground.appended(path, snippets)


def _use(home: str, name: str, code: str, ground: Ground) -> Snippet:
    """An import of a name; where its home is deleted too, that is what has to be found."""
    owner, _, member = name.partition(".")
    text = f"from {home} import {owner}\n" + (f"{owner}.{member}\n" if member else "")
    codes = (code, *GONE) if ground.run.targets.deleted_by(home) else (code,)
    return Snippet(f"a use of `{home}.{name}`", text, codes)


def _definition(name: str) -> str:
    owner, _, member = name.partition(".")
    if member:
        return f"class {owner}:\n    def {member}(self):\n        pass\n"
    return f"def {owner}():\n    pass\n"


def keep(gate: Gate[Keep], ground: Ground) -> Iterator[Plant]:
    """Each kept name under another name, each kept file gone."""
    for pattern in gate.entry.files:
        want = Want(f"{pattern} taken away", ("CUT203",), subject=pattern)
        yield Plant(dict.fromkeys(ground.files(pattern)), [want])
    home = gate.entry.module or ""
    by_files: dict[tuple[str, ...], list[str]] = {}
    for name in gate.entry.symbols:
        homes = ground.run.targets.homes(home, name, gate)
        if any(ground.project.roots.kind(one) == "compiled" for one in homes):
            raise Unplantable(f"`{home}` is there as a compiled module")
        files = tuple(path for one in homes if (path := ground.project.file(one)))
        by_files.setdefault(files, []).append(name)
    for files, names in by_files.items():
        lasts = "|".join(re.escape(name.rpartition(".")[2]) for name in names)
        word = re.compile(rf"(?<!\w)(?:{lasts})(?!\w)".encode())
        changed: dict[str, bytes | None] = {
            path: word.sub(NAME.encode(), ground.read(path)) for path in files
        }
        wants = [
            Want(f"`{name}` of `{home}` under another name", ("CUT203",), subject=f"{home}.{name}")
            for name in names
        ]
        yield Plant(changed, wants)


def move(gate: Gate[Move], ground: Ground) -> Iterator[Plant]:
    """A use of each name through its old home, then a re-export there.

    Of a whole module: an import of it, its file there again, and a new home gone.
    """
    entry = gate.entry
    homes = [entry.to] if isinstance(entry.to, str) else entry.to
    names = entry.symbols or _moved(gate, ground)
    old = ground.project.file(entry.from_)
    gone = ground.run.targets.asks_deletion(entry.from_, gate)
    if gone:
        yield from _gone(gate, entry.from_, False, ground)
        yield from _without_new_home(gate, ground)
    if not names and old is None and not ground.run.targets.deleted_by(entry.from_):
        raise Unplantable("no name is at a new home yet")
    if names:
        yield ground.anywhere(gate, [_use(entry.from_, name, "CUT204", ground) for name in names])
    if old is not None and entry.from_ not in homes and ground.project.exists(homes[0]):
        name = (names or [NAME])[0].partition(".")[0]
        text = f"from {homes[0]} import {name}\n__all__ = [{name!r}]\n"
        yield ground.appended(old, [Snippet(f"a re-export of `{name}`", text, ("CUT501",))])


def _without_new_home(gate: Gate[Move], ground: Ground) -> Iterator[Plant]:
    """Each new home that is there taken away, while the old one is there."""
    project, old = ground.project, gate.entry.from_
    for home in new_homes(gate.entry):
        top = project.roots.find(home.partition(".")[0])
        path = project.file(home)
        if path is None:
            continue
        folder = path.removesuffix("/__init__.py")
        files = ground.files(folder) if folder != path else project.files(home)
        if top not in files and f"{top}/" != f"{folder}/":
            away: dict[str, bytes | None] = dict.fromkeys(files)
            want = Want(f"`{home}` taken away", ("CUT203",), subject=home)
            yield Plant({**away, project.expected(old): b""}, [want])


def _moved(gate: Gate[Move], ground: Ground) -> list[str]:
    """A name that has moved with its whole module, if one has."""
    found = [one.name for every in ground.run.targets.moved.values() for one in every if one.gate == gate]
    if not found and ground.run.targets.deleted_by(gate.entry.from_):
        return [NAME]
    return sorted(found)[:1]
