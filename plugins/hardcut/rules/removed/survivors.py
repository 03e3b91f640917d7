"""What a plan took out, and where in today's files it is known again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from hardcut.plan.gates import Gate
from hardcut.plan.model import Delete, Keep, Remove
from hardcut.rules.context import RuleContext
from hardcut.rules.history import Past
from hardcut.rules.targets import is_as_strict
from hardcut.source.fingerprints import Fingerprint, share

ENOUGH = 0.8
"""So much of a body has to be there again; a rewritten function shares less, a renamed one more."""
FEWEST = {"module": 8, "function": 5, "class": 5, "value": 5}
"""Significant lines that a body has to have: fewer are alike by accident."""
FEWEST_OF_DELETED = 8
"""The same for a single body of a deleted module, of which nobody said that it has to go by itself."""
CHARACTERS = 150
"""Characters of a body that is known again by its shape alone, all its names being others."""
BIGGER = 2.5
"""A body may have become so many times longer; of a module, any file may hold it."""


class Gone(NamedTuple):
    """A body that was there at the plan's beginning, and whose name has gone since.

    `homes` are modules that the plan itself sends it to. `path` is where it was.
    """

    gate: Gate[Any]
    past: Past
    subject: str
    path: str
    fingerprint: Fingerprint
    homes: tuple[str, ...]


class Found(NamedTuple):
    """Where a body is again: the share of its lines, and whether it is the same but for names."""

    path: str
    fingerprint: Fingerprint
    share: float
    same: bool


def gone(run: RuleContext) -> Iterator[Gone]:
    """The modules and names that the plans took out, as they were."""
    for module, delete in ((name, gate) for name, gates in run.targets.deletes.items() for gate in gates):
        past = run.history.began(delete.plan)
        if isinstance(past, Past):
            yield from _modules(run, past, module, delete)
    for symbols in run.targets.removed.values():
        for symbol in symbols:
            past = run.history.began(symbol.gate.plan)
            path = past.project.file(symbol.home) if isinstance(past, Past) else None
            if not isinstance(past, Past) or path is None or _is_defined(run, symbol.name, symbol.homes):
                continue
            for one in past.project.fingerprints(path):
                if one.name == symbol.name:
                    homes = _new_homes(run, f"{symbol.home}.{symbol.name}", symbol.gate)
                    yield Gone(symbol.gate, past, symbol.path, path, one, homes)


def _modules(run: RuleContext, past: Past, module: str, gate: Gate[Delete]) -> Iterator[Gone]:
    for path in past.project.leftover(module, gate.entry.submodules_only):
        if not path.endswith(".py") or run.project.tree.kind(path) is not None:
            continue
        name = past.project.roots.module_of(path)[0] or module
        homes = [*_new_homes(run, name, gate), *([gate.entry.to] if gate.entry.to else [])]
        homes += [module] if gate.entry.submodules_only else []
        for one in past.project.fingerprints(path):
            yield Gone(gate, past, name, path, one, tuple(homes))


def _is_defined(run: RuleContext, name: str, homes: tuple[str, ...]) -> bool:
    return any(name in (run.project.names(home) or {}) for home in homes)


def _new_homes(run: RuleContext, name: str, gate: Gate[Any]) -> tuple[str, ...]:
    """The modules to which a move, held as strictly as a gate, sends a module or name, or something in it."""
    found: dict[str, None] = {}
    for move in run.targets.moves:
        whole = f"{move.entry.from_}."
        related = f"{name}.".startswith(whole) or whole.startswith(f"{name}.")
        if related and is_as_strict(move, gate):
            found.update(dict.fromkeys([move.entry.to] if isinstance(move.entry.to, str) else move.entry.to))
    return tuple(found)


def find(run: RuleContext, bodies: list[Gone]) -> dict[int, Found]:
    """For each body, by its place in the list, the place in changed files that is most like it."""
    by_line: dict[int, set[int]] = {}
    by_shape: dict[bytes, set[int]] = {}
    for at, body in enumerate(bodies):
        by_shape.setdefault(body.fingerprint.shape, set()).add(at)
        for line in body.fingerprint.lines:
            by_line.setdefault(line, set()).add(at)
    best: dict[int, Found] = {}
    for path in run.listed:
        if not path.endswith(".py"):
            continue
        old = {id(body.past): body.past for body in bodies}
        changed = [one for one in old.values() if not run.project.is_same(one.project, path)]
        if not changed:
            continue
        module = run.project.roots.module_of(path)[0]
        for there in run.project.fingerprints(path):
            like = set(by_shape.get(there.shape, ()))
            for line in set(there.lines):
                like |= by_line.get(line, set())
            for at in like:
                found = _match(run, bodies[at], path, module, there)
                if found is not None and (
                    at not in best or (found.same, found.share) > (best[at].same, best[at].share)
                ):
                    best[at] = found
    return best


def _match(run: RuleContext, body: Gone, path: str, module: str | None, there: Fingerprint) -> Found | None:
    was = body.fingerprint
    if was.kind != there.kind or (path == body.path and was.name == there.name):
        return None
    if module is not None and (_is_sent(body, module) or _is_kept(run, body.gate, module, there.name)):
        return None
    size, same = share(was, there), was.shape == there.shape
    if path == body.path and was.name.lstrip("_") == there.name.lstrip("_"):
        known = same or size >= ENOUGH
    else:
        known = (same and was.characters >= CHARACTERS) or (size >= ENOUGH and _is_telling(was, there))
    if not known or _was_there(body, path, there):
        return None
    return Found(path, there, size, same)


def _is_telling(was: Fingerprint, there: Fingerprint) -> bool:
    if len(was.lines) < FEWEST[was.kind]:
        return False
    return was.kind == "module" or len(there.lines) <= BIGGER * len(was.lines)


def _is_sent(body: Gone, module: str) -> bool:
    return any(f"{module}.".startswith(f"{home}.") for home in body.homes)


def _is_kept(run: RuleContext, gate: Gate[Any], module: str, name: str) -> bool:
    """Whether the plan keeps a name of a module, held as strictly as the gate that took the body out."""
    keeps = run.targets.keeps if name else ()
    return any(_keeps(keep, module, name) and is_as_strict(keep, gate) for keep in keeps)


def _keeps(gate: Gate[Keep], module: str, name: str) -> bool:
    return gate.entry.module == module and name in gate.entry.symbols


def _was_there(body: Gone, path: str, there: Fingerprint) -> bool:
    """Whether the place that looks like the body was there before, and like it already."""
    for one in body.past.project.fingerprints(path) if body.past.project.tree.kind(path) else ():
        if one.name == there.name and one.kind == there.kind:
            return one.kind != "module" or share(body.fingerprint, one) >= ENOUGH / 2
    return False


def apart(bodies: Iterable[Gone]) -> tuple[list[Gone], list[Gone]]:
    """Modules and removed names, which stand for themselves; and the bodies of deleted modules."""
    whole: list[Gone] = []
    parts: list[Gone] = []
    for body in bodies:
        if isinstance(body.gate.entry, Remove) or body.fingerprint.kind == "module":
            whole.append(body)
        elif _counts_alone(body.fingerprint):
            parts.append(body)
    return whole, parts


def _counts_alone(one: Fingerprint) -> bool:
    outermost = one.kind in ("function", "class") and "." not in one.name
    return outermost and len(one.lines) >= FEWEST_OF_DELETED
