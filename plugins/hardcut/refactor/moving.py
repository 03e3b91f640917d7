"""The moves of a wave: what its entries do to the files of the project, as contents in memory.

Nothing is written here, and references in other files are not touched: `hardcut fix` rewrites them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, final

import msgspec

from hardcut.fix.files import Content, content_of
from hardcut.plan.gates import Gate
from hardcut.plan.model import Move
from hardcut.refactor.moving_imports import Edit, edited, rebased
from hardcut.refactor.moving_parts import PartKind, Parts
from hardcut.refactor.moving_plan import (
    Assignment,
    Need,
    Note,
    NoteKind,
    Wish,
    assign,
    copied_imports,
    link,
    needs,
)
from hardcut.refactor.moving_text import ModuleText, SplitTexts, is_import_block
from hardcut.refactor.moving_users import STAR, names_used
from hardcut.refactor.moving_warnings import warn
from hardcut.semantic.index import index
from hardcut.source.modules import Roots
from hardcut.source.overlay import Overlay
from hardcut.source.python.imports import absolute
from hardcut.source.tree import Tree


class MovedName(msgspec.Struct, frozen=True):
    """A name that has a new home; `along` says that no entry names it."""

    name: str
    old: str
    new: str
    along: bool = False


class Moves(msgspec.Struct):
    """What the entries of a wave do: `files` are new contents by path, None for a file that is gone.

    `renames` are files that move as wholes, by their old and new paths.
    """

    files: dict[str, bytes | None] = {}
    names: list[MovedName] = []
    renames: list[tuple[str, str]] = []
    re_exports: list[str] = []
    """Dotted names that the old module only imports from the new home: nothing but references moves."""
    deleted: list[str] = []
    """Old modules of which nothing is left."""
    notes: list[Note] = []


class Ground(msgspec.Struct, frozen=True):
    """What the moves are made in: the tree, its import roots, the files to search for uses.

    `kept` are dotted names that the plan keeps, `deleted` the modules that the wave deletes.
    """

    tree: Tree
    folders: Sequence[str]
    paths: Sequence[str]
    kept: frozenset[str]
    deleted: frozenset[str]


def moves(gates: Iterable[Gate[Move]], ground: Ground) -> Moves:
    """Make the moves of a wave in memory, module after module."""
    mover = _Mover(ground)
    by_module: dict[str, list[Gate[Move]]] = {}
    for gate in gates:
        if gate.entry.contested is not None:
            mover.refuse(gate, gate.entry.from_, "the entry is contested")
        else:
            by_module.setdefault(gate.entry.from_, []).append(gate)
    for module, entries in by_module.items():
        mover.move(module, entries)
    return mover.done


@final
class _Mover:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.done = Moves()
        self._refresh()

    def _refresh(self) -> None:
        self._tree = Overlay(self._ground.tree, self.done.files)
        self._roots = Roots(self._tree, self._ground.folders)
        self._users: dict[str, frozenset[str]] = {}

    def refuse(self, gate: Gate[Move], subject: str, text: str) -> None:
        """Note why an entry's move is not made."""
        place = gate.declared
        self.done.notes.append(Note(NoteKind.REFUSED, place.path, place.line, subject, text))

    def move(self, module: str, gates: list[Gate[Move]]) -> None:
        """Make all moves out of one module."""
        path = self._roots.find(module)
        gates = [gate for gate in gates if not self._leads_out(gate)]
        whole = [gate for gate in gates if not gate.entry.symbols]
        if path is None or self._tree.kind(path) is None:
            self._without_source(module, gates)
            return
        if whole and len(gates) == 1 and isinstance(whole[0].entry.to, str):
            home = whole[0].entry.to
            if self._roots.find(home) is None:
                self._rename(module, home, path, whole[0])
                return
        if not path.endswith(".py"):
            for gate in gates:
                self.refuse(gate, module, "is no Python module whose names could move")
            return
        self._split(module, path, gates)

    def _leads_out(self, gate: Gate[Move]) -> bool:
        """Whether a home is in no package of the project; reports it.

        A new folder of that name could hide an installed package.
        """
        foreign = [home for home in _homes(gate.entry) if not self._roots.is_first_party(home)]
        for home in foreign:
            package = home.partition(".")[0]
            text = f"{package} is no package of the project; create it first if it is to be one"
            self.refuse(gate, home, text)
        return bool(foreign)

    def _without_source(self, module: str, gates: list[Gate[Move]]) -> None:
        """Of a module that is gone, what moved must be at its home already."""
        for gate in gates:
            homes = _homes(gate.entry)
            if not any(self._roots.find(home) for home in homes):
                self.refuse(gate, module, f"is not there, nor is {' or '.join(homes)}")

    # Whole modules and packages.

    def _rename(self, module: str, home: str, path: str, gate: Gate[Move]) -> None:
        source = posixpath.dirname(path) if posixpath.basename(path) == "__init__.py" else path
        if self._tree.kind(path) == "folder":
            source = path
        folder = self._tree.kind(source) == "folder"
        target = self._place(home)
        if target is None:
            self.refuse(gate, module, f"the path of {home} is outside of `source`")
            return
        target = target.removesuffix(".py") if folder else target
        files = _below(self._tree, source) if folder else [source]
        if folder and f"{target}/".startswith(f"{source}/"):
            self.refuse(gate, module, "a package cannot move into itself")
            return
        stub = source.removesuffix(".py") + ".pyi"
        if not folder and self._tree.kind(stub) == "file":
            files.append(stub)
        fresh: dict[str, bytes] = {}
        for file in files:
            renamed = target + file[len(source) :] if folder else target[:-3] + file[len(source) - 3 :]
            data = self._tree.read(file)
            if self._tree.kind(renamed) is not None:
                self.refuse(gate, module, f"{renamed} is there already")
                return
            fresh[renamed] = self._renamed(file, data, module, home)
        self.done.renames += zip(files, fresh, strict=True)
        for file in files:
            self.done.files[file] = None
        self.done.files.update(fresh)
        self._packages(target)
        self.done.names.append(MovedName("", module, home))
        self._refresh()

    def _renamed(self, path: str, data: bytes, module: str, home: str) -> bytes:
        """A renamed file: relative imports that mean another module at the new place become absolute."""
        content = content_of(data) if path.endswith((".py", ".pyi")) else None
        package = self._roots.package_of(path)
        if content is None or package is None:
            return data
        inside = package == module or package.startswith(f"{module}.")
        fresh = home + package[len(module) :] if inside else _parent(home)
        source = _source(content)
        edits: list[Edit] = []
        for imported in index(source).imports:
            target = absolute(imported.module, imported.level, package)
            if not imported.level or imported.number or target is None:
                continue
            moved = f"{target}.".startswith(f"{module}.")
            wanted = home + target[len(module) :] if moved else target
            if absolute(imported.module, imported.level, fresh) != wanted:
                edits += rebased(source, imported, wanted)
        new = edited(source, edits)
        return data if new == source else content.encoded(new.decode().split("\n"))

    # Names of a module.

    def _split(self, module: str, path: str, gates: list[Gate[Move]]) -> None:
        parts = self._parts(path, gates)
        if parts is None:
            return
        wishes = self._wishes(module, path, parts, gates)
        while wishes or self._re_exported(module):
            found = self._assignment(module, path, parts, wishes)
            if not found.homes and not self._re_exported(module):
                self.done.notes += found.notes
                break
            wanted = needs(found)
            homes = list(dict.fromkeys(found.homes.values()))
            unmet = link(wanted, self._given(module, homes, found))
            if not unmet:
                self._write(found, wanted, path, gates)
                return
            wishes = self._without_circle(wishes, unmet, found, gates)
        self._leftovers(module, path, parts, gates)

    def _re_exported(self, module: str) -> set[str]:
        names = [path.rpartition(".") for path in self.done.re_exports]
        return {name for owner, _, name in names if owner == module}

    def _parts(self, path: str, gates: list[Gate[Move]]) -> Parts | None:
        content = content_of(self._tree.read(path))
        reason = ""
        if content is None:
            reason = "cannot be decoded"
        else:
            found = index(_source(content))
            if not found.module.problems:
                return Parts(found)
            line = found.module.place(found.module.problems[0].start)[0]
            reason = f"has a syntax error in line {line}: {found.module.problems[0].message}"
        for gate in gates:
            self.refuse(gate, path, reason)
        return None

    def _assignment(self, module: str, path: str, parts: Parts, wishes: list[Wish]) -> Assignment:
        used = self._used(module, path)
        every = parts.index.names
        fixed = {name for name in every if name in used}
        fixed |= {name for name in every if f"{module}.{name}" in self._ground.kept}
        fixed |= {found.name for found in parts.index.exports.listed}
        return assign(module, path, parts, wishes, frozenset(fixed), module in self._ground.deleted)

    def _used(self, module: str, path: str) -> frozenset[str]:
        found = self._users.get(module)
        if found is None:
            found = names_used(self._tree, self._roots, self._ground.paths, module, path)
            self._users[module] = found
        return found

    def _wishes(self, module: str, path: str, parts: Parts, gates: list[Gate[Move]]) -> list[Wish]:
        """The names to move; of an entry without symbols, all that no other entry names."""
        found: list[Wish] = []
        named = {name for gate in gates for name in gate.entry.symbols}
        for gate in gates:
            homes = _homes(gate.entry)
            names = gate.entry.symbols or [
                name for name in parts.by_name if name not in named and _is_defined(parts, name)
            ]
            if len(homes) > 1:
                self._several(gate, names, homes, parts)
                continue
            for name in names:
                if self._can_be_found(gate, name, homes[0], parts):
                    found.append(
                        Wish(name, homes[0], gate.entry.reason or "", gate.declared.path, gate.declared.line)
                    )
        return found

    def _several(self, gate: Gate[Move], names: list[str], homes: list[str], parts: Parts) -> None:
        """Report the names whose home an entry with several homes leaves open."""
        open_names = [name for name in names if _is_defined(parts, name) and not name.startswith("_")]
        if open_names:
            count = len(open_names)
            said = ", ".join(f"`{name}`" for name in open_names[:_SHOWN])
            more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
            text = f"{count} names have no home of their own: name each in the `symbols` of a move entry"
            self.refuse(gate, gate.entry.from_, f"{text} to {' or '.join(homes)}: {said}{more}")

    def _can_be_found(self, gate: Gate[Move], name: str, home: str, parts: Parts) -> bool:
        """Whether the old module defines a name that has to move; reports why not."""
        if "." in name:
            self.refuse(gate, name, "a member of a class moves with its class only")
            return False
        there = self._parts_of(home)
        defined = there is not None and _is_defined(there, name)
        if not _is_defined(parts, name):
            imported = copied_imports(parts, name)
            if not defined and imported is None and self._roots.is_first_party(home):
                self.refuse(gate, name, f"neither {gate.entry.from_} nor {home} defines it")
            elif imported is not None:
                self._only_imported(gate, name, home, parts)
            return False
        if defined:
            self.refuse(gate, name, f"{gate.entry.from_} and {home} both define it")
            return False
        return True

    def _only_imported(self, gate: Gate[Move], name: str, home: str, parts: Parts) -> None:
        """Note a name that the old module imports from its new home; refuse one of another module."""
        old = gate.entry.from_
        package = self._roots.package_of(self._roots.find(old) or "")
        for imported in copied_imports(parts, name) or ():
            module = absolute(imported.module, imported.level, package)
            if module == home and imported.name == name:
                self.done.re_exports.append(f"{old}.{name}")
            else:
                self.refuse(gate, name, f"{old} imports it from {module}, and does not define it")

    def _parts_of(self, home: str) -> Parts | None:
        path = self._roots.find(home)
        content = content_of(self._tree.read(path)) if path is not None and path.endswith(".py") else None
        return None if content is None else Parts(index(_source(content)))

    def _given(self, module: str, homes: Sequence[str], found: Assignment) -> list[tuple[str, str]]:
        """The imports between the modules of a split that are there already, also through other modules."""
        every = [module, *homes]
        given: list[tuple[str, str]] = []
        for user in every:
            if self._roots.find(user) is None:
                continue
            reached = self._reached(user, found if user in homes else None)
            given += [(user, owner) for owner in every if owner != user and owner in reached]
        package = self._roots.package_of(found.path)
        for part in found.parts.all:
            owner = found.owner(part)
            for use in part.uses if owner != module else ():
                for imported in copied_imports(found.parts, use.name) or ():
                    target = absolute(imported.module, imported.level, package)
                    if target in every and target != owner:
                        given.append((owner, target))
        return given

    def _reached(self, module: str, found: Assignment | None) -> set[str]:
        """The modules that the import of a module imports, without those of names that move to it."""
        reached: set[str] = set()
        waiting = [(module, found)]
        while waiting:
            current, moving = waiting.pop()
            for target in self._imported(current, moving):
                if target not in reached and self._roots.find(target) is not None:
                    reached.add(target)
                    waiting.append((target, None))
        return reached

    def _imported(self, module: str, moving: Assignment | None) -> set[str]:
        path = self._roots.find(module)
        content = content_of(self._tree.read(path)) if path is not None and path.endswith(".py") else None
        if content is None or path is None:
            return set()
        current = index(_source(content))
        package = self._roots.package_of(path)
        found: set[str] = set()
        for imported in current.imports:
            base = absolute(imported.module, imported.level, package)
            if base is None or imported.scope.is_function or current.are_type_checking(imported.condition):
                continue
            if moving is not None and base == moving.module and imported.name in moving.homes:
                continue
            found.add(base)
            if imported.name is not None:
                found.add(f"{base}.{imported.name}")
        return found

    def _without_circle(
        self, wishes: list[Wish], unmet: list[Need], found: Assignment, gates: list[Gate[Move]]
    ) -> list[Wish]:
        """The moves without those that would close a circle of imports; reports the circle."""
        need = unmet[0]
        home = need.user if need.user != found.module else need.owner
        needed = ", ".join(f"`{name}`" for name in list(need.uses)[:_SHOWN])
        text = f"{need.user} needs {needed} of {need.owner} when it is imported, and {need.owner} imports"
        text += f" {need.user}: move these names to the same module"
        for gate in gates:
            if home in _homes(gate.entry):
                self.refuse(gate, home, text)
        return [wish for wish in wishes if wish.home != home]

    def _write(
        self, found: Assignment, wanted: Mapping[tuple[str, str], Need], path: str, gates: list[Gate[Move]]
    ) -> None:
        homes = list(dict.fromkeys(found.homes.values()))
        modules = {found.module: ModuleText(found.module, self._roots.package_of(path), found.parts)}
        places = {found.module: path}
        for home in homes:
            place = self._roots.find(home) or self._place(home)
            if place is None:
                for gate in gates:
                    self.refuse(gate, home, "its path is outside of `source`")
                return
            places[home] = place
            there = self._parts_of(home)
            modules[home] = ModuleText(home, self._roots.package_of(place) or _parent(home), there)
            if there is not None and not self._fits(found, there, home):
                return
        reasons: dict[str, str] = {}
        for gate in gates:
            for home in _homes(gate.entry):
                reasons.setdefault(home, gate.entry.reason or "")
        used = self._used(found.module, path)
        if STAR in used:
            used |= {name for name in found.parts.index.names if not name.startswith("_")}
        re_exported = self._re_exported(found.module)
        used -= re_exported
        texts = SplitTexts(
            found, wanted, modules, reasons, used, re_exported, self._roots.is_first_party
        ).build()
        for module, text in texts.items():
            self.done.files[places[module]] = self._encoded(places[module], path, text)
        for home in homes:
            self._packages(places[home])
        self.done.names += [
            MovedName(name, found.module, home, name in found.along) for name, home in found.homes.items()
        ]
        stub = path.removesuffix(".py") + ".pyi"
        if self._tree.kind(stub) == "file":
            found.note(
                NoteKind.WARNING, None, stub, "the stub is left as it is: move its definitions by hand"
            )
        warn(found)
        self.done.notes += found.notes
        self._refresh()
        self._leftovers(found.module, path, Parts(index(texts[found.module])), gates)

    def _fits(self, found: Assignment, there: Parts, home: str) -> bool:
        """Whether an existing home binds none of the names that come; reports those that it does."""
        fits = True
        for name, target in found.homes.items():
            others = [
                binding
                for binding in there.index.top[name]
                if binding.imported is None or binding.imported.name != name
            ]
            if target == home and others:
                found.note(NoteKind.REFUSED, None, name, f"{home} binds this name already")
                fits = False
        if not fits:
            self.done.notes += found.notes
        return fits

    def _leftovers(self, module: str, path: str, parts: Parts, gates: list[Gate[Move]]) -> None:
        """Delete an old module that the plan deletes if nothing is left in it; else say what is."""
        if module not in self._ground.deleted:
            return
        left = [part for part in parts.all if part.kind not in _EMPTY and not is_import_block(part)]
        if not left:
            self.done.files[path] = None
            self.done.deleted.append(module)
            self._refresh()
            return
        names = [name for part in left for name in part.binds]
        said = ", ".join(f"`{name}`" for name in names[:_SHOWN]) or f"line {parts.line(left[0])}"
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        text = f"the plan deletes it, but {len(left)} statements are left without a home: {said}{more}"
        self.refuse(gates[0], module, text)

    def _encoded(self, path: str, old: str, text: bytes) -> bytes:
        """A text as the bytes of a file: an existing one keeps its encoding and line ends."""
        data = self._tree.read(path)
        lines = text.decode().split("\n")
        if self._tree.kind(path) == "file" and (content := content_of(data)) is not None:
            return content.encoded(lines)
        model = content_of(self._tree.read(old))
        end = model.ends[0] if model is not None and model.ends else "\n"
        return end.join(lines).encode()

    def _place(self, module: str) -> str | None:
        """The path of a module that is not there yet."""
        parent, _, leaf = module.rpartition(".")
        if parent:
            above = self._roots.find(parent)
            if above is not None:
                base = posixpath.dirname(above) if above.endswith(".py") else above
                if above.endswith(".py") and posixpath.basename(above) != "__init__.py":
                    return None
                return posixpath.join(base, f"{leaf}.py")
            place = self._place(parent)
            return None if place is None else posixpath.join(place.removesuffix(".py"), f"{leaf}.py")
        folders = [folder for folder in self._ground.folders if self._tree.kind(folder) == "folder"]
        return posixpath.normpath(posixpath.join(folders[0], f"{leaf}.py")) if folders else None

    def _packages(self, path: str) -> None:
        """Give folders that are new an `__init__.py`."""
        folder = posixpath.dirname(path)
        while folder and self._ground.tree.kind(folder) is None:
            place = f"{folder}/__init__.py"
            if self.done.files.get(place) is None:
                self.done.files[place] = b""
            folder = posixpath.dirname(folder)


_SHOWN: Final = 8
"""How many names a message lists."""
_EMPTY: Final = frozenset({PartKind.DOCSTRING, PartKind.IMPORT, PartKind.EXPORTS})


def _homes(entry: Move) -> list[str]:
    return [entry.to] if isinstance(entry.to, str) else list(entry.to)


def _source(content: Content) -> bytes:
    return "\n".join(content.lines).encode()


def _is_defined(parts: Parts, name: str) -> bool:
    """Whether a module defines a name itself."""
    if copied_imports(parts, name) is not None or (name.startswith("__") and name.endswith("__")):
        return False
    return bool(parts.defining(name))


def _below(tree: Tree, folder: str) -> list[str]:
    """The files in a folder and below it, without compiled ones."""
    found: list[str] = []
    for name, kind in sorted(tree.entries(folder).items()):
        path = f"{folder}/{name}"
        if kind == "file" and not name.endswith(".pyc"):
            found.append(path)
        elif kind == "folder" and name != "__pycache__":
            found += _below(tree, path)
    return found


def _parent(module: str) -> str | None:
    return module.rpartition(".")[0] or None
