"""What import-linter's own contract types can carry of a plan, and what they cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import Delete, Entry, Move, Surface
from hardcut.report.escape import clean
from hardcut.source.files import listing
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree

ABSENT = "no module that import-linter reads; from version 2.16 on, a contract that names it ends the run"


class Settings(msgspec.Struct, frozen=True):
    """What import-linter is told for all contracts: its root packages, and whether it knows others."""

    roots: frozenset[str]
    external: bool


class Contract(msgspec.Struct, frozen=True):
    """One contract: `options` are in their order, lists stay lists."""

    id: str
    name: str
    type: str
    options: dict[str, str | list[str]]


class Carried(msgspec.Struct, frozen=True):
    """The contracts, and for all that they do not hold, why."""

    contracts: list[Contract]
    left: list[str]


class Contracts:
    """Makes contracts of gates; a module counts as there if import-linter would read it."""

    def __init__(self, plans: Sequence[LoadedPlan], settings: Settings) -> None:
        self._plans = plans
        self._root = Path(plans[0].root)
        folders = list(dict.fromkeys(one for plan in plans for one in plan.manifest.plan.source))
        self._modules = Roots(DiskTree(self._root), folders)
        self._settings = settings
        self._found: dict[str, Contract] = {}
        self._left: list[str] = []
        self._others = Counter[str]()

    def carried(self, waves: frozenset[str]) -> Carried:
        """The contracts of these waves, or else of all that are active or landed."""
        for plan in self._plans:
            revived = {one.module for one in plan.manifest.revive}
            for gate in plan.gates:
                if gate.wave in waves if waves else gate.state != "planned":
                    self._add(gate, revived)
        for kind, number in sorted(self._others.items()):
            gates = f"{number:,} {kind} gate{'' if number == 1 else 's'}"
            self._left.append(f"{gates}: contracts speak of modules and their imports only")
        return Carried(list(self._found.values()), self._left)

    def _add(self, gate: Gate[Entry], revived: set[str]) -> None:
        entry = gate.entry
        if not isinstance(entry, Delete | Surface | Move):
            self._others[kind_of(entry)] += 1
        elif entry.contested:
            self._leave(gate, f"{_subject(entry)}: contested")
        elif isinstance(entry, Delete):
            if entry.submodules_only:
                self._leave(gate, f"{entry.module}: only what is below it is deleted")
            elif entry.module not in revived:
                self._forbid(gate, entry.module, f"{entry.module} is deleted", [], [])
        elif isinstance(entry, Surface):
            allowed = self._allowed(entry)
            for module in entry.banned:
                said = f"{module} is banned, {entry.only} is the only surface"
                self._forbid(gate, module, said, entry.within, allowed)
        else:
            self._layers(gate, entry)

    def _forbid(
        self, gate: Gate[Entry], module: str, said: str, within: Sequence[str], allowed: Sequence[str]
    ) -> None:
        own = module.partition(".")[0] in self._settings.roots
        sources = [one for one in within or sorted(self._settings.roots) if self._is_read(one)]
        if own and not self._is_read(module):
            self._leave(gate, f"{module}: {ABSENT}")
        elif own and not within:
            importers = [module, *allowed]
            self._put(
                gate, module, said, "protected", protected_modules=[module], allowed_importers=importers
            )
        elif not own and "." in module:
            self._leave(gate, f"{module}: of packages outside, import-linter knows the top level only")
        elif not own and not self._settings.external:
            self._leave(gate, f"{module}: lies outside, and include_external_packages is not set")
        elif sources:
            options: dict[str, str | list[str]] = {"source_modules": sources, "forbidden_modules": [module]}
            options["allow_indirect_imports"] = "True"
            if allowed:
                ends = (module, f"{module}.**") if own else (module,)
                options["ignore_imports"] = [f"{one} -> {end}" for one in allowed for end in ends]
                options["unmatched_ignore_imports_alerting"] = "none"
            self._put(gate, module, said, "forbidden", **options)
        else:
            self._leave(gate, f"{module}: import-linter reads none of {', '.join(within)}")

    def _layers(self, gate: Gate[Entry], entry: Move) -> None:
        """A new home that imports the old one has moved nothing: the old home stands above."""
        old, homes = entry.from_, [entry.to] if isinstance(entry.to, str) else entry.to
        missing = next((one for one in (old, *homes) if not self._is_read(one)), None)
        if entry.symbols:
            self._leave(gate, f"{old}: single names move, and contracts speak of modules")
        elif missing is not None:
            self._leave(gate, f"{missing}: {ABSENT}")
        elif any(_over(one, other) for one in (old, *homes) for other in (old, *homes) if one is not other):
            self._leave(gate, f"{old}: an old and a new home lie one in the other")
        else:
            said = f"{old} moves, and its new home does not look back"
            self._put(gate, old, said, "layers", layers=[old, " : ".join(homes)])

    def _is_read(self, module: str) -> bool:
        """Whether a module is one of a root package, in whole packages, as source."""
        *above, last = [module[: at or None] for at in [*_dots(module), 0]]
        file = self._modules.find(last) or ""
        whole = all((self._modules.find(one) or "").endswith("/__init__.py") for one in above)
        return whole and file.endswith(".py") and module.partition(".")[0] in self._settings.roots

    def _allowed(self, entry: Surface) -> list[str]:
        """The modules at the paths where the banned ones may be used."""
        files = listing(self._root, list(entry.allow), []).files if entry.allow else []
        names = [self._modules.module_of(path)[0] for path in files if path.endswith(".py")]
        return sorted({name for name in names if name is not None and self._is_read(name)})

    def _put(self, gate: Gate[Entry], module: str, said: str, kind: str, **options: str | list[str]) -> None:
        name = f"hardcut: {said} [wave {gate.wave}]"
        slug = f"hardcut-{kind_of(gate.entry)}-{module}"
        if slug in self._found:
            self._leave(gate, f"{module}: a contract about it is there already")
        else:
            self._found[slug] = Contract(slug, clean(name), kind, options)

    def _leave(self, gate: Gate[Entry], text: str) -> None:
        self._left.append(clean(f"{kind_of(gate.entry)} {text} [wave {gate.wave}]"))


def _subject(entry: Delete | Surface | Move) -> str:
    if isinstance(entry, Surface):
        return ", ".join(entry.banned)
    return entry.module if isinstance(entry, Delete) else entry.from_


def _dots(module: str) -> list[int]:
    return [at for at, sign in enumerate(module) if sign == "."]


def _over(one: str, other: str) -> bool:
    return one == other or other.startswith(f"{one}.")
