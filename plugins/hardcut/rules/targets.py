"""The names a plan is about, ready to be matched: deleted modules, removed and moved symbols, surfaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.implied import deletions
from hardcut.plan.model import Delete, Entry, FailFast, Keep, Move, NoShims, Remove, Surface
from hardcut.source.project import Project

E = TypeVar("E", bound=Entry)
STRICT = {"planned": 0, "active": 1, "landed": 2}
"""How strictly the gates of a wave are held, by its state."""


def strictest(gates: Iterable[Gate[E]]) -> list[Gate[E]]:
    """Gates as they speak for one another: those that are held more strictly first, contested ones last."""
    return sorted(gates, key=_rank)


def is_as_strict(other: Gate[Any], gate: Gate[Any]) -> bool:
    """Whether another gate is held as strictly as a gate, by the states of their waves, or more so.

    Only such a gate may lift what the gate asks for.
    """
    return STRICT[other.state] >= STRICT[gate.state]


def _rank(gate: Gate[Any]) -> tuple[bool, int]:
    return gate.entry.contested is not None, -STRICT[gate.state]


class Symbol(msgspec.Struct, frozen=True):
    """A removed or moved name: its home, where it may live now, and the packages above those.

    `homes` are the modules in which the name would be the symbol itself: its home, and the modules
    that its home was split into. `facades` are packages above them, which may hand the name on.
    """

    gate: Gate[Remove] | Gate[Move]
    name: str
    home: str
    homes: tuple[str, ...]
    facades: tuple[str, ...]
    new: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The symbol's dotted path at its home."""
        return f"{self.home}.{self.name}"


class Targets:
    """All targets of the plans of one run."""

    def __init__(self, plans: Sequence[LoadedPlan], project: Project) -> None:
        self.project = project
        self.deletes: dict[str, list[Gate[Delete]]] = {}
        self._deletions: dict[str, tuple[tuple[str, Gate[Delete]], ...]] = {}
        self.keeps: list[Gate[Keep]] = []
        self.closed = {name for plan in plans for gate in plan.of(NoShims) for name in gate.entry.packages}
        self.removed: dict[str, list[Symbol]] = {}
        self.moved: dict[str, list[Symbol]] = {}
        self._split: dict[str, list[str]] = {}
        self.revived = {one.module for plan in plans for one in plan.manifest.revive}
        for plan in plans:
            for delete in deletions(plan):
                module = delete.entry.module
                if not self.is_revived(module):
                    self.deletes.setdefault(module, []).append(delete)
            self.keeps += plan.of(Keep)
        self.deletes = {module: strictest(gates) for module, gates in self.deletes.items()}
        self.deleted = {module: gates[0] for module, gates in self.deletes.items()}
        self.surfaces = strictest(gate for plan in plans for gate in plan.of(Surface))
        self.fail_fast = strictest(gate for plan in plans for gate in plan.of(FailFast))
        self.moves = strictest(gate for plan in plans for gate in plan.of(Move))
        self._moves_from: dict[str, list[Gate[Move]]] = {}
        for move in self.moves:
            self._moves_from.setdefault(move.entry.from_, []).append(move)
        named = (*self.deleted, *self.revived)
        self._depths = sorted({module.count(".") + 1 for module in named}, reverse=True)
        for move in self.moves:
            if not move.entry.symbols:
                self._split.setdefault(move.entry.from_, []).extend(_listed(move.entry.to))
        for plan in plans:
            for remove in plan.of(Remove):
                for name in remove.entry.symbols:
                    self._add(self.removed, remove, name, remove.entry.module, ())
        for move in self.moves:
            for name in move.entry.symbols:
                self._add(self.moved, move, name, move.entry.from_, tuple(_listed(move.entry.to)))
        self._whole_moves()

    def _add(
        self,
        where: dict[str, list[Symbol]],
        gate: Gate[Remove] | Gate[Move],
        name: str,
        home: str,
        new: tuple[str, ...],
    ) -> None:
        homes = tuple(dict.fromkeys([home, *self._split.get(home, [])])) if not new else (home,)
        facades = tuple(
            dict.fromkeys(above for one in (*homes, *new) for above in _above(one) if above not in homes)
        )
        symbol = Symbol(gate, name, home, homes, facades, new)
        where.setdefault(name.rsplit(".", 1)[-1], []).append(symbol)

    def _whole_moves(self) -> None:
        """Every name of the new homes of a split module has moved, unless the plan says otherwise."""
        for move in self.moves:
            if move.entry.symbols:
                continue
            for home in _listed(move.entry.to):
                for name, definition in (self.project.names(home) or {}).items():
                    own = definition.kind in ("function", "class", "assign", "alias") and "." not in name
                    if own and not name.startswith("__") and not self._listed(name, move):
                        self._add(self.moved, move, name, move.entry.from_, (home,))

    def _listed(self, name: str, move: Gate[Move]) -> bool:
        """Whether a move that is held as strictly names a name of a module that moves as a whole."""
        home = move.entry.from_
        return any(one.home == home and is_as_strict(one.gate, move) for one in self.moved.get(name, ()))

    def deleted_by(self, path: str) -> tuple[str, Gate[Delete]] | None:
        """The deleted module that a dotted path is or is below, with the gate that is held most strictly."""
        return next(iter(self.deletions(path)), None)

    def deletions(self, path: str) -> tuple[tuple[str, Gate[Delete]], ...]:
        """Every gate that deletes a module which a path is or is below, each with that module.

        The strictest gate comes first, of equals that of the innermost module: it speaks for the others
        in a run that selects nothing. What is above a revived module does not count.
        """
        found = self._deletions.get(path)
        if found is None:
            found = self._deletions[path] = tuple(self._deletions_of(path.split(".")))
        return found

    def _deletions_of(self, parts: list[str]) -> list[tuple[str, Gate[Delete]]]:
        found: list[tuple[str, Gate[Delete]]] = []
        for count in self._depths:
            if count > len(parts):
                continue
            module = ".".join(parts[:count])
            if module in self.revived:
                break
            found += [
                (module, gate)
                for gate in self.deletes.get(module, ())
                if not gate.entry.submodules_only
                or (count < len(parts) and not self._is_name(module, parts[count]))
            ]
        return sorted(found, key=lambda one: _rank(one[1]))

    def is_revived(self, module: str) -> bool:
        """Whether a module, or a package above it, comes back on purpose."""
        return not self.revived.isdisjoint((module, *_above(module)))

    def homes(self, home: str, name: str, gate: Gate[Any]) -> list[str]:
        """Where a name may be defined by the plan: its home, and where that (or the name) moves to.

        A move counts if it is held as strictly as `gate`: one that has not landed sends nothing away that
        a landed gate asks for. What moves may move on from its new home.
        """
        found = {home: None}
        waiting = [home]
        while waiting:
            module = waiting.pop()
            for move in self.moves_of(module, name):
                new = [one for one in _listed(move.entry.to) if one not in found]
                if is_as_strict(move, gate):
                    found.update(dict.fromkeys(new))
                    waiting += new
        return list(found)

    def moves_of(self, home: str, name: str) -> list[Gate[Move]]:
        """The moves that send a name of a module, or the whole module, to a new home."""
        return [
            move
            for move in self._moves_from.get(home, ())
            if not move.entry.symbols or name in move.entry.symbols
        ]

    def takes(self, home: str, name: str | None, gate: Gate[Any]) -> bool:
        """Whether another entry, held as strictly as `gate`, takes a module, or a name of it, away again."""
        found = self.deleted_by(home if name is None else f"{home}.{name}")
        others: list[Gate[Any]] = [found[1]] if found is not None else []
        others += [
            move
            for move in self.moves
            if move.entry.from_ == home and (not move.entry.symbols or name in move.entry.symbols)
        ]
        others += [symbol.gate for symbol in self.removed.get(name or "", ()) if home in symbol.homes]
        return any(is_as_strict(other, gate) for other in others)

    def asks_deletion(self, path: str, gate: Gate[Any]) -> bool:
        """Whether a gate itself asks for the deletion of a module that a path is or is below.

        Then the rules about deleted modules report what it would say of the path.
        """
        return any(other.declared == gate.declared for _, other in self.deletions(path))

    def covers(self, path: str, gate: Gate[Any]) -> bool:
        """Whether the deletion of a module on a path says all that another gate would say about the path.

        A deletion of a later wave does not: it is held less strictly, and so is one that is contested.
        """
        found = self.deleted_by(path)
        if found is None:
            return False
        other = found[1]
        return is_as_strict(other, gate) and (
            other.entry.contested is None or gate.entry.contested is not None
        )

    def _is_name(self, module: str, name: str) -> bool:
        """Whether the module that replaced a package binds a name itself, not merely imports a submodule."""
        names = self.project.names(module)
        if names is None:
            return True
        bound = names.get(name)
        return bound.target != f"{module}.{name}" if bound is not None else "__getattr__" in names

    def banned_by(self, path: str) -> tuple[str, Gate[Surface]] | None:
        """The banned module that a dotted path is or lies below."""
        return next(self.bans(path), None)

    def bans(self, path: str) -> Iterator[tuple[str, Gate[Surface]]]:
        """Every gate that bans a dotted path, with the banned module that it is or lies below."""
        for gate in self.surfaces:
            for module in gate.entry.banned:
                if path == module or path.startswith(module + "."):
                    yield module, gate

    def symbols(self, where: dict[str, list[Symbol]], path: str) -> Iterator[tuple[Symbol, str]]:
        """The symbols that a dotted path is (or lies below), with the module or facade it goes through."""
        parts = path.split(".")
        for at in range(1, len(parts)):
            for symbol in where.get(parts[at], ()):
                tail = symbol.name.split(".")
                begin = at - len(tail) + 1
                if begin < 1 or parts[begin : at + 1] != tail:
                    continue
                through = ".".join(parts[:begin])
                if through in symbol.homes or through in symbol.facades:
                    yield symbol, through

    def new_names(self, path: str) -> set[str]:
        """What the plan calls a dotted path from now on, by deletions that name a new home and by moves."""
        found: set[str] = set()
        for module, gate in self.deletions(path):
            if gate.entry.to:
                found.add(gate.entry.to + path[len(module) :])
        for symbol, through in self.symbols(self.moved, path):
            rest = path[len(through) :]
            found.update(f"{home}{rest}" for home in symbol.new)
        return found

    def moved_to(self, path: str) -> set[tuple[str, ...]]:
        """The new homes that moves name for a symbol at its old path; several if moves contradict."""
        return {one.new for one in self.moved.get(path.rpartition(".")[2], ()) if one.path == path}

    def last_home(self, module: str) -> str | None:
        """Where a new home leads if it has been deleted itself: its own new home; None if it has none.

        A deletion of a wave that has not landed counts only once the module is gone.
        """
        seen: set[str] = set()
        while module not in seen and (gate := self.deleted.get(module)) is not None:
            if gate.entry.submodules_only or (gate.state != "landed" and self.project.exists(module)):
                break
            seen.add(module)
            if gate.entry.to is None:
                return None
            module = gate.entry.to
        return module

    def replacements(self, module: str) -> set[str]:
        """The modules that deletions of a module name as its new home; several if plans contradict."""
        return {gate.entry.to for gate in self.deletes.get(module, ()) if gate.entry.to}

    def words(self) -> frozenset[str]:
        """The identifiers that a file must hold to say anything about the plan."""
        found = {module.rsplit(".", 1)[-1] for module in self.deleted}
        for gate in self.surfaces:
            found |= {module.rsplit(".", 1)[-1] for module in gate.entry.banned}
        found |= {name.rsplit(".", 1)[-1] for name in self.guarded_modules()}
        return frozenset(found) | self.symbol_words()

    def symbol_words(self) -> frozenset[str]:
        """The last names of removed and moved symbols, and of guarded functions."""
        modules = self.guarded_modules()
        guarded = {
            name.rsplit(".", 1)[-1]
            for gate in self.fail_fast
            for name in gate.entry.guard
            if name not in modules
        }
        return frozenset(self.removed) | frozenset(self.moved) | guarded

    def guard_words(self) -> frozenset[str]:
        """The last names of all guards."""
        return frozenset(name.rsplit(".", 1)[-1] for gate in self.fail_fast for name in gate.entry.guard)

    def guarded_modules(self) -> set[str]:
        """The guards that are modules: those that exist, and those outside of the project."""
        return {
            name
            for gate in self.fail_fast
            for name in gate.entry.guard
            if self.project.exists(name)
            or not (self.project.roots.is_first_party(name) and self.project.exists(name.rpartition(".")[0]))
        }

    def parents(self) -> dict[str, set[str]]:
        """For each module word, the names one of which stands above it in a dotted path."""
        found: dict[str, set[str]] = {}
        banned = [module for gate in self.surfaces for module in gate.entry.banned]
        for module in [*self.deleted, *banned, *self.guarded_modules()]:
            above, _, leaf = module.rpartition(".")
            found.setdefault(leaf, set()).add(above.rsplit(".", 1)[-1])
        return found


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _above(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rsplit(".", 1)[0]
        yield module
