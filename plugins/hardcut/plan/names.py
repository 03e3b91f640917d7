"""The names and paths that a plan is about, each with the entry that speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import (
    Absent,
    Align,
    Ceiling,
    Delegate,
    Delete,
    Document,
    Entry,
    EntryPoint,
    FailFast,
    Keep,
    Move,
    Native,
    NoShims,
    Remove,
    Shrink,
    Surface,
)

Reach = Literal["itself", "below", "only below"]


class Name(msgspec.Struct, frozen=True):
    """One name (or path) that one entry speaks of.

    `role` says how, for people: `deleted`, `removed`, `moved`. `reach` tells whether the entry speaks of
    what lies below the name too. `symbol` is the name as the entry lists it, where it lists several.
    `to` are the new homes.
    """

    name: str
    role: str
    gate: Gate[Entry]
    reach: Reach = "itself"
    symbol: str | None = None
    to: tuple[str, ...] = ()

    def covers(self, query: str) -> bool:
        """Whether the entry speaks of a name or path: it is this one, or lies below it."""
        if query == self.name:
            return True
        sign = "/" if "/" in self.name or "/" in query else "."
        return self.reach != "itself" and query.startswith(f"{self.name.rstrip('/')}{sign}")


def names(plans: Sequence[LoadedPlan]) -> list[Name]:
    """Every name that the plans speak of, in the manifests' order."""
    return [name for plan in plans for gate in plan.gates for name in _of(gate)]


def _of(gate: Gate[Entry]) -> Iterator[Name]:
    match gate.entry:
        case Delete(module=module, to=to, submodules_only=only_below):
            homes: tuple[str, ...] = (to,) if to is not None else ()
            reach: Reach = "only below" if only_below else "below"
            role = "deleted, all below it" if only_below else "deleted"
            yield Name(module, role, gate, reach, to=homes)
        case Remove(module=module, symbols=symbols):
            for symbol in symbols:
                yield Name(f"{module}.{symbol}", "removed", gate, "below", symbol)
        case Move(from_=home, symbols=symbols) as move:
            homes = (move.to,) if isinstance(move.to, str) else tuple(move.to)
            for symbol in symbols:
                yield Name(f"{home}.{symbol}", "moved", gate, "below", symbol, homes)
                for new in homes:
                    yield Name(f"{new}.{symbol}", f"moved here from {home}", gate, "below", symbol)
            if not symbols:
                yield Name(home, "moved", gate, "below", to=homes)
                for new in homes:
                    yield Name(new, f"a new home of {home}", gate)
        case Keep(module=module, symbols=symbols, files=files):
            for symbol in symbols:
                yield Name(f"{module}.{symbol}", "kept", gate, "below", symbol)
            for path in files:
                yield Name(path, "kept", gate)
        case Surface(only=only, banned=banned):
            yield Name(only, "the one allowed surface", gate)
            for module in banned:
                yield Name(module, "banned", gate, "below", to=(only,))
        case FailFast(guard=guard):
            for one in guard:
                yield Name(one, "fails fast", gate, "below")
        case Delegate(function=function, to=to):
            yield Name(function, "only marshals", gate, to=(to,))
        case _:
            yield from _of_others(gate)


def _of_others(gate: Gate[Entry]) -> Iterator[Name]:
    match gate.entry:
        case NoShims(packages=packages):
            yield from (Name(one, "hands nothing on", gate) for one in packages)
        case Native(within=within, what=what):
            yield from (Name(one, f"holds no {what} of its own", gate, "below") for one in within)
        case Document(module=module):
            yield Name(module, "states what it owns", gate)
        case Ceiling(path=path):
            yield Name(path, "limited in size", gate, "below")
        case Shrink(paths=paths):
            yield from (Name(one, "has to shrink", gate, "below") for one in paths)
        case Absent(paths=paths):
            yield from (Name(one, "has to be gone", gate, "below") for one in paths)
        case EntryPoint(module=module, names=exported):
            yield from (Name(f"{module}.{one}", "has to be exported", gate, symbol=one) for one in exported)
        case Align(name=distribution):
            yield Name(distribution, "one version everywhere", gate)
        case _:
            return
