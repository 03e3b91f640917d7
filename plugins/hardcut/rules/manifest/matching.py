"""Which entries of the plans match something: in the project as it is, or in its known history."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import (
    Absent,
    Ceiling,
    Delegate,
    Delete,
    Document,
    EntryPoint,
    FailFast,
    Move,
    Native,
    NoShims,
    Remove,
    Shrink,
    Snapshot,
    Surface,
)
from hardcut.rules.history import (
    History,
    Lookup,
    PastAnswer,
    PastModule,
    PastPath,
    PastQuery,
    PastSubmodules,
    PastSymbol,
    Unknown,
)
from hardcut.rules.manifest.import_roots import WILDCARD, Misplaced, misplaced, plan_level
from hardcut.rules.targets import Targets
from hardcut.source.project import Project

JUDGED = (
    Delete,
    Remove,
    Move,
    Surface,
    FailFast,
    Delegate,
    Ceiling,
    Shrink,
    NoShims,
    Native,
    Document,
    Absent,
    EntryPoint,
    Snapshot,
)
"""The kinds of entries whose names are looked up; other rules report what the other kinds do not find."""


class MatchState(enum.Enum):
    """Whether a name of an entry matches something."""

    MATCHED = enum.auto()
    UNMATCHED = enum.auto()
    UNKNOWN = enum.auto()


class Matching(msgspec.Struct, frozen=True):
    """One name or path of an entry, and whether it matches something.

    `message` says what is not there, `reason` why the history cannot tell. With `misplaced`, the name cannot
    match anything as it is written, whatever the state of its wave and `allow_unmatched` are.
    """

    gate: Gate[Any]
    subject: str
    form: str
    state: MatchState
    message: str
    reason: str = ""
    misplaced: bool = False
    aside: bool = False


class _Candidate(msgspec.Struct, frozen=True):
    """One name of an entry before the history is looked up.

    `queries` are what may have been there earlier, one of which is enough; none for what has to be there
    now. If there is no history that can answer them, `strict` takes it for unmatched. `never` is the message
    if it never was there, `now` the message if only that is known that it is not there now.

    What is `aside` is not what the entry is about, such as a new home: it does not count as a match of the
    entry.
    """

    gate: Gate[Any]
    subject: str
    form: str
    is_there: bool
    never: str
    now: str = ""
    queries: tuple[PastQuery, ...] = ()
    strict: bool = False
    aside: bool = False


class Matcher:
    """Looks up the names of all entries of some plans."""

    def __init__(
        self, plans: Sequence[LoadedPlan], targets: Targets, project: Project, history: History
    ) -> None:
        self._plans = plans
        self._targets = targets
        self._project = project
        self._history = history

    def all(self) -> list[Matching]:
        """Every name of every entry, plan by plan, in the order of the kinds."""
        wrong = [one for plan in self._plans for one in misplaced(plan, self._project)]
        skipped: dict[int, list[str]] = {}
        for one in wrong:
            skipped.setdefault(id(one.gate), []).append(f"{one.name}.")
        candidates = [
            candidate
            for plan in self._plans
            for candidate in self._candidates(plan)
            if not f"{candidate.subject}.".startswith(tuple(skipped.get(id(candidate.gate), ())))
        ]
        lookups = [lookup for candidate in candidates for lookup in _lookups(candidate)]
        answers = dict(zip(lookups, self._history.answers(lookups), strict=True))
        return [
            *(self._matching(one, _any([answers[lookup] for lookup in _lookups(one)])) for one in candidates),
            *(_misplaced(one) for one in wrong),
        ]

    def _matching(self, candidate: _Candidate, answer: PastAnswer) -> Matching:
        state, message, reason = MatchState.UNMATCHED, candidate.never, ""
        if candidate.is_there or answer is True:
            state = MatchState.MATCHED
        elif isinstance(answer, Unknown):
            reason = answer.reason
            if answer.can_be_fetched or not candidate.strict:
                state, message = MatchState.UNKNOWN, candidate.now
        elif candidate.queries and not candidate.strict:
            since = self._history.since(candidate.gate.plan)
            message += f" (not at the base revision {since}, and not since)" if since else ""
        return Matching(
            candidate.gate,
            candidate.subject,
            candidate.form,
            state,
            message,
            reason,
            aside=candidate.aside,
        )

    def _candidates(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        yield from self._deletes(plan)
        for remove in plan.of(Remove):
            yield from self._removes(remove)
        for move in plan.of(Move):
            yield from self._moves(move)
        yield from self._modules(plan)
        for native in plan.of(Native):
            yield from self._patterns(native)
        yield from self._paths(plan)
        yield from self._settings(plan)

    def _deletes(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        for gate in plan.of(Delete):
            module = gate.entry.module
            if self._targets.is_revived(module):
                continue
            there = (
                self._project.exists(module)
                or bool(self._project.leftover(module))
                or bool(self._project.hollow(module))
            )
            if gate.entry.submodules_only:
                yield self._submodules_ever(gate, module)
            else:
                yield self._module_ever(gate, module, there)
            if gate.entry.to is not None:
                yield from self._new_name(gate, gate.entry.to, "new-home", "new home")

    def _submodules_ever(self, gate: Gate[Delete], module: str) -> _Candidate:
        """What is below a module that is no package (any more): all that the entry deletes."""
        text = f"nothing is below `{module}`, so that `submodules_only` leaves nothing to delete"
        return _Candidate(
            gate,
            module,
            "module",
            bool(self._project.leftover(module, below_only=True)),
            f"nothing ever was below `{module}`, so that `submodules_only` leaves nothing to delete",
            text,
            (PastSubmodules(module),),
        )

    def _packages(self, gate: Gate[NoShims], plan: LoadedPlan) -> Iterator[_Candidate]:
        """Packages that may hand nothing on: one that has become a plain module is held to the same."""
        plain = {
            module
            for module in gate.entry.packages
            if self._project.roots.kind(module) in ("module", "compiled", "stub")
            and not self._project.roots.below(module)
        }
        yield from self._there(gate, [module for module in gate.entry.packages if module not in plain])
        for module in gate.entry.packages:
            if module in plain:
                folder = module.replace(".", "/")
                inits = [f"{source.rstrip('/')}/{folder}/__init__.py" for source in plan.manifest.plan.source]
                text = f"`{module}` is a module and no package"
                queries = tuple(map(PastPath, inits))
                yield _Candidate(gate, module, "package", False, f"{text}, and never was one", text, queries)

    def _new_name(self, gate: Gate[Any], name: str, form: str, what: str) -> Iterator[_Candidate]:
        """What a wave may bring along: it has to be there once the wave has landed."""
        if gate.state == "landed" and self._project.roots.is_first_party(name):
            there = self._is_reachable(name) or self._project.is_built(name)
            yield _Candidate(
                gate,
                name,
                form,
                there or self._targets.takes(name, None, gate),
                f"{what} `{name}` never existed",
                f"{what} `{name}` does not exist",
                _splits(name),
                aside=True,
            )

    def _module_ever(self, gate: Gate[Any], module: str, there: bool) -> _Candidate:
        """A module that may be gone by now."""
        return _Candidate(
            gate,
            module,
            "module",
            there,
            f"module `{module}` never existed",
            f"module `{module}` does not exist",
            (PastModule(module),),
        )

    def _removes(self, gate: Gate[Remove]) -> Iterator[_Candidate]:
        home = gate.entry.module
        for name in gate.entry.symbols:
            homes = self._targets.homes(home, name, gate)
            yield _Candidate(
                gate,
                f"{home}.{name}",
                "symbol",
                any(self._project.defines(one, name) for one in homes),
                f"`{home}` never defined `{name}`",
                f"`{home}` does not define `{name}`",
                (PastSymbol(tuple(homes), name),),
            )

    def _moves(self, gate: Gate[Move]) -> Iterator[_Candidate]:
        """What moves has to be at a home that can be looked up, unless the plan takes it on from there."""
        old = gate.entry.from_
        new = [gate.entry.to] if isinstance(gate.entry.to, str) else gate.entry.to
        foreign = not all(self._project.roots.is_first_party(home) for home in new)
        origin = self._old_home(old)
        for name in gate.entry.symbols:
            text = f"neither `{old}` nor {_all(new)} defines `{name}`"
            leads_on = foreign or self._leads_on(gate, new, name)
            arrived = any(self._project.defines(home, name) for home in new)
            if arrived and origin is not None:
                text = f"`{old}`, the old home of `{name}`, "
                yield self._arrived(gate, f"{old}.{name}", text, origin)
                continue
            yield _Candidate(
                gate,
                f"{old}.{name}",
                "symbol",
                arrived or self._project.defines(old, name),
                text,
                text,
                # Once the wave has landed, the name has to have arrived, whatever else has become of it.
                (PastSymbol(tuple(new) if gate.state == "landed" and not leads_on else (old,), name),),
                strict=not leads_on,
            )
        if gate.entry.symbols:
            return
        arrived = any(self._project.exists(home) for home in new)
        if arrived and origin is not None:
            yield self._arrived(gate, old, f"the old home `{old}` ", origin)
            return
        text = f"neither `{old}` nor {_all(new)} exists"
        ever = foreign or self._leads_on(gate, new, None)
        queries = (PastModule(old),) if ever else ()
        yield _Candidate(gate, old, "module", arrived or self._project.exists(old), text, text, queries)

    def _old_home(self, module: str) -> PastModule | None:
        """The old home of a move if only the history can tell that it is one."""
        here = self._project.exists(module) or self._project.is_built(module)
        return None if here or not self._project.roots.is_first_party(module) else PastModule(module)

    def _arrived(self, gate: Gate[Move], subject: str, text: str, old: PastModule) -> _Candidate:
        """What is at its new home alone: the old one has to have been there."""
        return _Candidate(
            gate, subject, "old-home", False, f"{text}never existed", f"{text}does not exist", (old,)
        )

    def _leads_on(self, gate: Gate[Move], homes: Sequence[str], name: str | None) -> bool:
        """Whether the plan itself takes what moves away from its new homes: moves, deletes or removes it."""
        return all(self._targets.takes(home, name, gate) for home in homes)

    def _modules(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        for no_shims in plan.of(NoShims):
            yield from self._packages(no_shims, plan)
        for native in plan.of(Native):
            yield from self._there(native, native.entry.within)
        for document in plan.of(Document):
            yield from self._there(document, [document.entry.module])
        for surface in plan.of(Surface):
            yield from self._new_name(surface, surface.entry.only, "only", "the allowed module")
            yield from self._there(surface, surface.entry.within)
            for module in surface.entry.banned:
                if self._project.roots.is_first_party(module):
                    there = self._is_reachable(module) or self._project.is_built(module)
                    yield self._module_ever(surface, module, there)
        yield from self._functions(plan)

    def _functions(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        """What guards, delegations, entry points and snapshots name: modules and functions."""
        for fail_fast in plan.of(FailFast):
            yield from self._there(fail_fast, fail_fast.entry.within)
            for name in filter(self._project.roots.is_first_party, fail_fast.entry.guard):
                text = f"guard `{name}` names nothing"
                yield _Candidate(fail_fast, name, "guard", self._is_reachable(name), text)
        for entrypoint in plan.of(EntryPoint):
            yield from self._new_name(entrypoint, entrypoint.entry.module, "module", "module")
        for snapshot in plan.of(Snapshot):
            if snapshot.entry.session is not None:
                yield from self._new_name(snapshot, snapshot.entry.session, "function", "function")
        for delegate in plan.of(Delegate):
            functions = [delegate.entry.function, *delegate.entry.through]
            for name in filter(self._project.roots.is_first_party, functions):
                text = f"function `{name}` does not exist"
                yield _Candidate(delegate, name, "function", self._is_reachable(name), text)

    def _patterns(self, gate: Gate[Native]) -> Iterator[_Candidate]:
        """The bases, decorators and calls of this project that patterns name.

        Of a pattern with wildcards, the part above the first of them is looked up. A name without a dot is
        that of any module, and a pattern of `names` is about what is not there.
        """
        entry = gate.entry
        for form, patterns in (("base", entry.bases), ("decorator", entry.decorators), ("call", entry.calls)):
            for pattern in patterns:
                name = WILDCARD.split(pattern, maxsplit=1)[0]
                name = name if name == pattern else name.rpartition(".")[0]
                if "." not in pattern or not name or not self._project.roots.is_first_party(name):
                    continue
                text = f"the {form} `{pattern}`"
                text += "" if name == pattern else f": `{name}`"
                yield _Candidate(
                    gate,
                    pattern,
                    form,
                    self._is_reachable(name),
                    f"{text} never existed",
                    f"{text} does not exist",
                    _splits(name),
                    aside=True,
                )

    def _settings(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        """The functions that the plan's settings name: one that is gone imports nothing any more."""
        gate = plan_level(plan, None)
        for name in filter(self._project.roots.is_first_party, plan.manifest.plan.importers):
            text = f"plan.importers: there is no function `{name}`"
            yield _Candidate(gate, name, "importer", self._is_reachable(name), text)

    def _there(self, gate: Gate[Any], modules: Iterable[str]) -> Iterator[_Candidate]:
        """Modules that a gate looks at: they have to be there."""
        for module in modules:
            text = f"module `{module}` does not exist"
            yield _Candidate(gate, module, "module", self._project.exists(module), text)

    def _is_reachable(self, name: str) -> bool:
        """Whether a dotted name of this project leads to something. Names of others cannot be looked up."""
        if self._project.exists(name):
            return True
        parts = name.split(".")
        for count in range(len(parts) - 1, 0, -1):
            names = self._project.names(".".join(parts[:count]))
            if names is not None:
                rest = ".".join(parts[count:])
                return rest in names or (parts[count] in names and count == len(parts) - 1)
        return False

    def _paths(self, plan: LoadedPlan) -> Iterator[_Candidate]:
        for ceiling in plan.of(Ceiling):
            path = ceiling.entry.path
            # `hollow-split` reports a missing file of a ceiling with `min_lines`.
            if ceiling.state != "planned" and ceiling.entry.min_lines is None:
                there = bool(self._project.matching(path))
                yield _Candidate(ceiling, path, "path", there, f"path `{path}` matches no file")
        for shrink in plan.of(Shrink):
            yield from self._ever(shrink, shrink.entry.paths)
        for surface in plan.of(Surface):
            yield from self._ever(surface, surface.entry.allow, aside=True)
        for absent in plan.of(Absent):
            yield from self._ever(absent, absent.entry.paths)

    def _ever(self, gate: Gate[Any], paths: Iterable[str], aside: bool = False) -> Iterator[_Candidate]:
        """Paths that may be gone by now."""
        for path in paths:
            yield _Candidate(
                gate,
                path,
                "path",
                bool(self._project.matching(path)),
                f"path `{path}` never existed",
                f"path `{path}` does not exist",
                (PastPath(path),),
                aside=aside,
            )


def _lookups(candidate: _Candidate) -> list[Lookup]:
    """What the history has to answer for a candidate: nothing if it is there now."""
    gate = candidate.gate
    queries = () if candidate.is_there else candidate.queries
    return [Lookup(gate.plan, gate.wave, query) for query in queries]


def _any(answers: Sequence[PastAnswer]) -> PastAnswer:
    """The answer to several queries of which one is enough."""
    unknown = next((answer for answer in answers if isinstance(answer, Unknown)), False)
    return True if True in answers else unknown


def _splits(name: str) -> tuple[PastQuery, ...]:
    """What a dotted name may have been: a module, or a name or member of one."""
    parts = name.split(".")
    symbols = [
        PastSymbol((".".join(parts[:count]),), ".".join(parts[count:]))
        for count in range(max(1, len(parts) - 2), len(parts))
    ]
    return PastModule(name), *symbols


def _misplaced(found: Misplaced) -> Matching:
    text = f"`{found.name}` (`{found.key}`) {found.message}"
    return Matching(found.gate, found.name, "import-root", MatchState.UNMATCHED, text, misplaced=True)


def _all(names: Iterable[str]) -> str:
    return " nor ".join(f"`{name}`" for name in names)
