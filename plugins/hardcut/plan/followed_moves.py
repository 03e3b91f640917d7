"""An earlier state of a plan, with the names that code has after the moves of the current plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from hardcut.plan import model
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.implied import new_homes
from hardcut.plan.strictness import strength

NAMES: dict[type[model.Entry], tuple[str, ...]] = {
    model.Delete: ("to",),
    model.Keep: ("module",),
    model.Move: ("to",),
    model.Surface: ("only", "banned", "within"),
    model.FailFast: ("guard", "within"),
    model.Delegate: ("function", "to", "through"),
    model.NoShims: ("packages",),
    model.Native: ("within",),
    model.Document: ("module",),
    model.EntryPoint: ("module",),
    model.Snapshot: ("session",),
}
"""The keys whose values name code that stays. Names that an entry takes away keep their old name."""

PATHS: dict[type[model.Entry], tuple[str, ...]] = {
    model.Keep: ("files",),
    model.Surface: ("allow",),
    model.Ceiling: ("path",),
    model.Shrink: ("paths",),
}
"""The keys whose values are paths of files or folders."""

Key = tuple[type[model.Entry], str]


def with_moves_followed(before: LoadedPlan, now: LoadedPlan) -> LoadedPlan:
    """The earlier state as it would be written after the moves of `now`.

    Without this, a plan that moves a module and names the new one in its other entries would look weakened.
    A move counts for entries of waves that are not ahead of its own, and only if it has one new home and is
    not contested. A name stays if the current plan uses it in the same key: then the entry was not rewritten.
    """
    moves = [move for move in now.of(model.Move) if len(new_homes(move.entry)) == 1]
    moves = [move for move in moves if move.entry.contested is None]
    if not moves:
        return before
    followed = _Followed(moves, now)
    gates = [new for gate in before.gates for new in followed.gates(gate)]
    return msgspec.structs.replace(before, gates=gates)


class _Followed:
    def __init__(self, moves: Sequence[Gate[model.Move]], now: LoadedPlan) -> None:
        self._moves = moves
        self._roots = [root.removeprefix("./").rstrip("/") for root in now.manifest.plan.source]
        self._used: dict[Key, set[str]] = {}
        kept = [keep.entry for keep in now.of(model.Keep)]
        self._kept = {(entry.module, symbol) for entry in kept for symbol in entry.symbols}
        for gate in now.gates:
            kind = type(gate.entry)
            for key in (*NAMES.get(kind, ()), *PATHS.get(kind, ())):
                self._used.setdefault((kind, key), set()).update(_texts(getattr(gate.entry, key)))

    def gates(self, gate: Gate[model.Entry]) -> Iterator[Gate[model.Entry]]:
        """The gate with new names; a `keep` becomes several if its symbols move to several modules."""
        moves = [move.entry for move in self._moves if strength(move.state) >= strength(gate.state)]
        kind = type(gate.entry)
        for part in self._parts(gate.entry, moves):
            changes: dict[str, Any] = {}
            for key in NAMES.get(kind, ()):
                names = _Names(moves, self._used.get((kind, key), set()))
                changes[key] = names.of_value(getattr(part, key))
            for key in PATHS.get(kind, ()):
                paths = _Paths(moves, self._used.get((kind, key), set()), self._roots)
                changes[key] = paths.of_value(getattr(part, key))
            entry = msgspec.structs.replace(part, **changes)
            yield msgspec.structs.replace(gate, entry=entry)

    def _parts(self, entry: model.Entry, moves: Iterable[model.Move]) -> Iterator[model.Entry]:
        """The entry; a `keep` whose symbols move is divided by the module that then has them."""
        if not isinstance(entry, model.Keep) or entry.module is None:
            yield entry
            return
        homes: dict[str, str | None] = {
            symbol: new_homes(move)[0]
            for move in moves
            if move.from_ == entry.module
            for symbol in move.symbols
            if (entry.module, symbol) not in self._kept
        }
        files = entry.files
        modules = dict.fromkeys(homes.get(symbol, entry.module) for symbol in entry.symbols)
        for module in modules or (entry.module,):
            symbols = [symbol for symbol in entry.symbols if homes.get(symbol, entry.module) == module]
            yield msgspec.structs.replace(entry, module=module, symbols=symbols, files=files)
            files = []


class _Names:
    """Dotted names after some moves, except for those that are still `used`."""

    separator = "."

    def __init__(self, moves: Iterable[model.Move], used: set[str]) -> None:
        self._homes: dict[str, str] = {}
        for move in moves:
            home = new_homes(move)[0]
            if not move.symbols:
                self._homes[move.from_] = home
            for symbol in move.symbols:
                self._homes[f"{move.from_}.{symbol}"] = f"{home}.{symbol}"
        self._used = used

    def of_value(self, value: str | list[str] | None) -> str | list[str] | None:
        """The value of a key, with new names."""
        if value is None:
            return None
        return self.of(value) if isinstance(value, str) else list(dict.fromkeys(map(self.of, value)))

    def of(self, name: str) -> str:
        """The name after the moves: of the longest name that moves and is the same or above it."""
        if name in self._used:
            return name
        parts = name.split(self.separator)
        for count in range(len(parts), 0, -1):
            home = self._homes.get(self.separator.join(parts[:count]))
            if home is not None:
                return self.separator.join((home, *parts[count:]))
        return name


class _Paths(_Names):
    """Paths after the moves of whole modules: of a module's file, or below a package's folder."""

    separator = "/"

    def __init__(self, moves: Iterable[model.Move], used: set[str], roots: Sequence[str]) -> None:
        super().__init__((), used)
        for move in moves:
            if not move.symbols:
                for root in roots:
                    old, new = (_path(root, name) for name in (move.from_, new_homes(move)[0]))
                    self._homes[old] = new
                    self._homes[f"{old}.py"] = f"{new}.py"


def _path(root: str, module: str) -> str:
    path = module.replace(".", "/")
    return path if root in ("", ".") else f"{root}/{path}"


def _texts(value: str | list[str] | None) -> Iterable[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
