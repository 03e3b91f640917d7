"""Which of a module's names are handed on from elsewhere, and by which gate that is a shim."""

from __future__ import annotations

from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.shims.new_homes import Home
from hardcut.rules.shims.policy import Asked
from hardcut.source.outline import Brought, Entry, Forward


def re_export(found: Asked, one: Brought) -> Gate[Any] | None:
    """The gate by which an import is a re-export.

    An import hands on what it stars, what `__all__` lists, what it imports `as` itself, and what the
    file does not use. A package's submodule, imported as a module, is bound there in any case.
    """
    home = found.home
    if one.name == "*":
        return home.gate(None, one.path)
    gate = home.gate(one.name, one.path)
    if gate is None:
        foreign = home.closed is not None and one.name not in home.kept
        return home.closed if foreign and (one.listed or one.same) else None
    if home.is_module(one.path):
        lazy = one.checking and any(entry.name == one.name for entry in found.outline.entries)
        own = one.path.rpartition(".")[0] == home.module
        return gate if lazy or ((one.listed or one.same) and not own) else None
    return gate if one.listed or one.same or not one.used else None


def answers(found: Asked) -> bool:
    """Whether the module makes names when they are asked for."""
    made = found.outline.getattr
    if made is not None:
        return made.shape != "raises"
    return any(one.kind == "modules" and one.module == found.home.module for one in found.outline.replaced)


def lazy_entries(found: Asked) -> list[tuple[Entry, Gate[Any]]]:
    """The rows of lazy tables that hand on what the plan has moved or closed."""
    if not answers(found):
        return []
    pairs = ((one, found.home.gate(one.name, one.target)) for one in found.outline.entries)
    return [(one, gate) for one, gate in pairs if gate is not None]


def forwards(found: Asked) -> list[tuple[Forward, Gate[Any]]]:
    """The wrappers, empty subclasses, aliases and proxies that stand for what has moved or is closed."""
    home = found.home
    pairs: list[tuple[Forward, Gate[Any]]] = []
    for one in found.outline.forwards:
        gate = home.gate(one.name, one.target)
        leaf = one.target.rpartition(".")[2]
        known = one.name in home.moved or any(one.name in move.entry.symbols for move, _ in home.new)
        if gate is None or (home.is_module(one.target) and not one.listed):
            continue
        if one.name in home.moved and not _leads_on(home, one):
            continue
        if one.name.startswith("_") and not (known or one.listed):
            continue
        if one.kind == "class" and not (known or one.name == leaf):
            continue
        if one.kind == "assign" and one.used and not (known or one.listed):
            continue
        pairs.append((one, gate))
    return pairs


def _leads_on(home: Home, one: Forward) -> bool:
    """Whether a moved name's wrapper stands for its new home, not for a part of its own work."""
    new = home.moved[one.name].new
    leaf = one.target.rpartition(".")[2]
    return leaf == one.name or any(one.target == at or one.target.startswith(f"{at}.") for at in new)


def handed(found: Asked) -> dict[str, list[Gate[Any]]]:
    """Every name that the module re-exports as a shim, with the gates; the first one is the shim's own."""
    home = found.home
    gates: dict[str, list[Gate[Any]]] = {}
    for brought in found.outline.brought:
        gate = re_export(found, brought)
        if gate is not None:
            name = None if brought.name == "*" else brought.name
            gates[brought.name] = [gate, *home.gates(name, brought.path)]
    for entry, gate in lazy_entries(found):
        gates[entry.name] = [gate, *home.gates(entry.name, entry.target)]
    for forward, gate in forwards(found):
        gates[forward.name] = [gate, *home.gates(forward.name, forward.target)]
    closed = [home.closed] if home.closed is not None and answers(found) else []
    unseen = gates.get("*") or closed
    if unseen:
        own = home.project.names(home.module) or {}
        for one in found.outline.listed:
            if one.name not in own and one.name not in home.kept:
                gates.setdefault(one.name, list(unseen))
    return gates
