"""Which modules a plan asks about shims, and whether what one hands on is a shim by the plan's letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Keep, Move, NoShims
from hardcut.rules.targets import Symbol, Targets, is_as_strict, strictest
from hardcut.source.project import Project

Moves = list[tuple[Gate[Move], list[str]]]


class Home:
    """One module that a plan asks about.

    `closed` is the gate of a package that may hand nothing on; `old` are the moves away from the
    module, `new` those into it; `moved` the names that have left it, `kept` those that may stay.
    """

    def __init__(self, module: str, project: Project) -> None:
        self.module = module
        self.project = project
        self.closed: Gate[NoShims] | None = None
        self.old: Moves = []
        self.new: Moves = []
        self.moved: dict[str, Symbol] = {}
        self.kept: set[str] = set()

    def emptied(self) -> Gate[Move] | None:
        """The gate that moves the whole module away, if one does."""
        return next((gate for gate, _ in self.old if not gate.entry.symbols), None)

    def may_keep(self, keep: Gate[Keep]) -> bool:
        """Whether a gate that keeps names is held as strictly as those by which they would be shims."""
        asking: list[Gate[Any]] = [gate for gate, _ in (*self.old, *self.new)]
        asking += [self.closed] if self.closed is not None else []
        return all(is_as_strict(keep, gate) for gate in asking)

    def gate(self, name: str | None, path: str) -> Gate[Any] | None:
        """The gate by which handing a path on (under a name, None for every name) is a shim."""
        return next(self.gates(name, path), None)

    def gates(self, name: str | None, path: str) -> Iterator[Gate[Any]]:
        """Every gate by which that is a shim; the first counts in a run without a selection."""
        if self.within(path):
            return
        if self.closed is not None and name not in self.kept and self.project.roots.is_first_party(path):
            yield self.closed
        if name is not None and name in self.moved:
            yield self.moved[name].gate
        for gate, homes in self.old:
            if any(self._leaves(gate, home, name, path) for home in homes):
                yield gate
        for gate, homes in self.new:
            if path in homes or path.rpartition(".")[0] in homes:
                yield gate

    def _leaves(self, gate: Gate[Move], home: str, name: str | None, path: str) -> bool:
        """Whether a move away from the module sends a path to a new home."""
        below = path[len(home) + 1 :] if path.startswith(f"{home}.") else None
        if gate.entry.symbols:
            return below in gate.entry.symbols or (name is None and path == home)
        return below is not None or path == home

    def within(self, path: str) -> bool:
        """Whether a path is a name of the module's own, not of a module below it."""
        if path == self.module:
            return True
        head, _, tail = path.partition(f"{self.module}.")
        return not head and bool(tail) and not self.project.exists(f"{self.module}.{tail.partition('.')[0]}")

    def is_module(self, path: str) -> bool:
        """Whether a path is a module, handed on as such."""
        return self.project.exists(path)


class Homes:
    """All modules that the plans of a run ask about."""

    def __init__(self, plans: Sequence[LoadedPlan], targets: Targets, project: Project) -> None:
        self._project = project
        self._homes: dict[str, Home] = {}
        for closed in strictest(gate for plan in plans for gate in plan.of(NoShims)):
            for package in closed.entry.packages:
                home = self._home(package)
                home.closed = home.closed or closed
        for move in targets.moves:
            to = move.entry.to
            homes = [to] if isinstance(to, str) else list(to)
            self._home(move.entry.from_).old.append((move, homes))
            for new in homes:
                self._home(new).new.append((move, [move.entry.from_]))
        for symbols in targets.moved.values():
            for symbol in symbols:
                if "." not in symbol.name and symbol.home in self._homes:
                    self._homes[symbol.home].moved.setdefault(symbol.name, symbol)
        for keep in (gate for plan in plans for gate in plan.of(Keep)):
            holder = self._homes.get(keep.entry.module or "")
            if holder is not None and holder.may_keep(keep):
                holder.kept.update(keep.entry.symbols)

    def _home(self, module: str) -> Home:
        return self._homes.setdefault(module, Home(module, self._project))

    def of(self, module: str | None, path: str) -> Home | None:
        """What the plans ask of a file, if it is such a module's file, or the stub beside it."""
        home = self._homes.get(module or "")
        return home if home is not None and path in self._project.files(home.module) else None

    def moved_away(self, module: str) -> Gate[Move] | None:
        """The gate of a move away from a module."""
        home = self._homes.get(module)
        return home.old[0][0] if home is not None and home.old else None

    def modules(self) -> list[str]:
        """The modules whose files have to be read, whatever words they hold."""
        return list(self._homes)
