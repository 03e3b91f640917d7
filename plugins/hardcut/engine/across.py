"""Failures followed from file to file: helpers, flags and questions that other files define."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.select import select
from hardcut.rules.context import RuleContext
from hardcut.rules.fail_fast.guarding import is_guarded
from hardcut.source.facts import Facts, Limit, Span
from hardcut.source.python.imports import absolute
from hardcut.source.told import Known, Told

ROUNDS = 40
"""How often the files of an import cycle are read again, until their summaries stop changing."""
Seen = list[tuple[str, list[str]]]
"""What a file imports: absolute modules, with the names that are taken from each (none for the module)."""


class Table:
    """What files tell, by the dotted path under which others reach it."""

    def __init__(self) -> None:
        self.told: dict[str, list[Told]] = {}
        self.inner: dict[str, dict[str, str]] = {}
        self.stamps: dict[str, int] = {}

    def add(self, path: str, told: Told) -> bool:
        """Take up what is told about a path; whether it is new."""
        known = self.told.setdefault(path, [])
        at = next((i for i, one in enumerate(known) if _topic(one) == _topic(told)), None)
        if at is not None and known[at] == told:
            return False
        if at is None:
            known.append(told)
        else:
            known[at] = told
        self.stamps[path] = self.stamps.get(path, 0) + 1
        inner = path
        while "." in inner:
            above, _, name = inner.rpartition(".")
            self.inner.setdefault(above, {})[name] = inner
            inner = above
        return True

    def is_near(self, seen: Seen) -> bool:
        """Whether a file with some imports may name anything at all."""
        return any(module.partition(".")[0] in self.inner for module, _ in seen)

    def handed(self, seen: Seen, bound: Container[str]) -> Iterator[str]:
        """The paths that a module with some imports, which binds some names, hands on."""
        for module, names in seen:
            for path in self.inner.get(module, {}).values() if "*" in names else ():
                if path in self.told:
                    yield path
            for name in names:
                if name in bound and f"{module}.{name}" in self.told:
                    yield f"{module}.{name}"

    def visible(self, seen: Seen, words: frozenset[str]) -> set[str]:
        """The paths that a file with some imports and words may name."""
        starred: set[str] = set()
        found: set[str] = set()
        waiting: list[str] = []
        for module, names in seen:
            inner = self.inner.get(module, {})
            if "*" in names:
                starred.update(inner[name] for name in inner.keys() & words)
            waiting += [inner[name] for name in names if name in inner] if names else [module]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                inner = self.inner.get(path, {})
                waiting += [inner[name] for name in inner.keys() & words]
        return (found | starred) & self.told.keys()


class Followed:
    """How far failures have been followed in one state of a tree: what is told, and by which files.

    What a file tells rests on nothing but the files that it imports, straight or through others. So a set
    of files that is closed under imports is `settled` for good, whatever is asked next.
    """

    def __init__(self) -> None:
        self.table = Table()
        self.answers: dict[str, tuple[Known, Facts]] = {}
        self.settled: set[str] = set()


def across(sources: Sources, run: RuleContext, listed: list[str], jobs: int | None) -> dict[str, Facts]:
    """The facts of those listed files that use what others tell of, with what they then say of failures."""
    if not sources.guarded or not run.targets.fail_fast:
        return {}
    known = sources.followed
    if not isinstance(known, Followed):
        known = sources.followed = Followed()
    python = [path for path in listed if sources.language(path) == "python"]
    pool, imported = _pool(sources, run, python, known.settled)
    if pool:
        _settle(sources, run, pool, imported, known, jobs)
        known.settled.update(pool)
        sources.vocabulary.update(name for inner in known.table.inner.values() for name in inner)
    return {path: known.answers[path][1] for path in listed if path in known.answers}


def _settle(
    sources: Sources,
    run: RuleContext,
    pool: list[str],
    imported: set[str],
    followed: Followed,
    jobs: int | None,
) -> None:
    """Hand what files tell to those that can name it, until nothing new is told.

    Files that no other one imports wait until the others are settled, so that they are read once.
    """
    _first(sources, run, pool, followed, jobs)
    handing = Handing(sources, run, followed, {path: _imports(path, sources) for path in pool})
    handing.rounds([path for path in pool if path in imported])
    handing.look_ahead([path for path in pool if path not in imported], jobs)
    handing.rounds(pool)


class Handing:
    """Hands what files tell to those that can name it; `seen` is what each file imports."""

    def __init__(self, sources: Sources, run: RuleContext, followed: Followed, seen: dict[str, Seen]) -> None:
        self.sources = sources
        self.run = run
        self.table = followed.table
        self.answers = followed.answers
        self.seen = seen
        self.asked: dict[str, dict[str, int]] = {}
        self.words: dict[str, frozenset[str]] = {}

    def rounds(self, pool: list[str]) -> None:
        """Read those files again that may name what is told, until nothing new is told."""
        fresh = list(pool) if self.table.told else []
        for _ in range(ROUNDS):
            if not fresh:
                return
            fresh = [path for path in pool if self._read(path)]
        what = f"what other files do with failures was followed {ROUNDS} times only"
        for path in fresh:
            self.sources.project.note(path, [Limit(Span(1, 1, 1, 1), what)])

    def _read(self, path: str) -> bool:
        """Read a file again, if there is something for it to know; whether it then tells something new."""
        module = self.sources.roots.module_of(path)[0]
        fresh = _hand_on(path, module, self.sources, self.table, self.seen[path])
        known = self._known(path, module)
        if known is not None:
            known, facts = _ended(path, known, self.sources.taught(path, known), self.sources, self.run)
            self.answers[path] = (known, facts)
            fresh = _take(self.table, self.run, module, facts.told) or fresh
        return fresh

    def look_ahead(self, pool: list[str], jobs: int | None) -> None:
        """Read some files with what is told so far, in a second process too where that is faster."""
        found = {path: self._known(path, self.sources.roots.module_of(path)[0]) for path in pool}
        self.sources.teach({path: known for path, known in found.items() if known is not None}, jobs)
        for path in pool:
            self.asked.pop(path, None)

    def _known(self, path: str, module: str | None) -> Known | None:
        """What a file has to know by now; None where that is nothing, or what it knew."""
        seen, table = self.seen[path], self.table
        if not table.is_near(seen):
            return None
        if path not in self.words:
            self.words[path] = self.sources.identifiers(path)
        paths = {one: table.stamps[one] for one in table.visible(seen, self.words[path])}
        if not paths or self.asked.get(path) == paths:
            return None
        self.asked[path] = paths
        known = _known(module, paths, self.run, table, seen)
        before = self.answers[path][0] if path in self.answers else Known()
        known = msgspec.structs.replace(known, ends=before.ends)
        return known if known.told and known != before else None


def _topic(told: Told) -> tuple[str, str, int]:
    return told.name, told.kind, told.missing


def _pool(
    sources: Sources, run: RuleContext, listed: list[str], settled: set[str]
) -> tuple[list[str], set[str]]:
    """The listed files and all that they import, straight or through others, as far as not settled.

    With them come those that another one imports. What a file imports stands before it, but in a circle,
    so that most files are told all they need at once.
    """
    found: dict[str, None] = {}
    begun = set(settled)
    imported: set[str] = set()
    queue = [(path, False) for path in reversed(listed)]
    while queue:
        path, done = queue.pop()
        if done:
            found[path] = None
        elif path not in begun:
            begun.add(path)
            queue.append((path, True))
            needed = [one for one in _files(path, sources, run) if one != path]
            imported.update(needed)
            queue.extend((one, False) for one in needed if one not in begun)
    return list(found), imported


def _files(path: str, sources: Sources, run: RuleContext) -> Iterator[str]:
    """The project's files that a file imports."""
    for module, names in _imports(path, sources):
        if run.project.roots.is_first_party(module):
            for one in [module, *(f"{module}.{name}" for name in names if name != "*")]:
                file = run.project.file(one)
                if file is not None:
                    yield file


def _imports(path: str, sources: Sources) -> Seen:
    found: Seen = []
    for written, names in sources.scan(path).imports:
        tail = written.lstrip(".")
        level = len(written) - len(tail)
        module = absolute(tail, level, sources.roots.package_of(path)) if level else tail
        if module:
            found.append((module, names))
    return found


def _first(sources: Sources, run: RuleContext, pool: list[str], followed: Followed, jobs: int | None) -> None:
    """Take up what the files tell that reach a guarded thing themselves."""
    table, answers = followed.table, followed.answers
    guarded = sources.guarded
    free = run.targets.symbol_words() & guarded
    parents = {word: names for word, names in run.targets.parents().items() if word in guarded}
    never: Callable[[str], bool] = lambda _: False  # noqa: E731
    for path in select(sources, pool, guarded, free, parents, never, set(), jobs):
        known, facts = _ended(path, Known(), sources.facts(path), sources, run)
        if known.ends:
            answers[path] = (known, facts)
        _take(table, run, sources.roots.module_of(path)[0], facts.told)


def _ended(path: str, known: Known, facts: Facts, sources: Sources, run: RuleContext) -> tuple[Known, Facts]:
    """What a file says when it knows which functions of others, called after a failure, never return."""
    asked = dict.fromkeys(each for one in facts.guards for each in one.passed if each not in known.ends)
    ends = {each: list(kinds) for each in asked if (kinds := run.catching.ends(each))}
    if not ends:
        return known, facts
    known = msgspec.structs.replace(known, ends={**known.ends, **ends})
    return known, sources.taught(path, known)


def _take(table: Table, run: RuleContext, module: str | None, told: Iterable[Told]) -> bool:
    """Take up what a module tells about things that the plan guards."""
    fresh = False
    for one in told:
        paths = [path for path in one.paths if is_guarded(path, module, run)]
        if paths:
            types = list(dict.fromkeys(_home(kind, run) for kind in one.types))
            above = {_home(kind, run): bases for kind, bases in one.above.items()}
            for kind in types:
                if "." in kind and kind not in above:
                    above[kind] = [base for base in run.catching.types(kind, True) if base != kind]
            kept = msgspec.structs.replace(one, paths=paths, types=types, above=above)
            fresh = table.add(one.name, kept) or fresh
    return fresh


def _home(kind: str, run: RuleContext) -> str:
    """Where an exception is defined."""
    return run.project.resolve(kind)[-1] if "." in kind else kind


def _hand_on(path: str, module: str | None, sources: Sources, table: Table, seen: Seen) -> bool:
    """Names that a module takes from others and hands on; whether there was a new one."""
    fresh = False
    for known in list(table.handed(seen, sources.bound(path))) if module is not None else ():
        above, _, name = known.rpartition(".")
        for told in list(table.told[known]) if above != module else ():
            fresh = table.add(f"{module}.{name}", told) or fresh
    return fresh


def _known(module: str | None, paths: Iterable[str], run: RuleContext, table: Table, seen: Seen) -> Known:
    """What a file has to know: what it names, but for what it defines itself."""
    told: dict[str, list[Told]] = {}
    for one in sorted(paths):
        others = [
            each for each in table.told[one] if module is None or not each.name.startswith(f"{module}.")
        ]
        if others:
            told[one] = sorted(others, key=_topic)
    kinds = {
        kind for each in told.values() for one in each for kind in (*one.types, *one.above) if "." in kind
    }
    kinds |= {
        base
        for each in told.values()
        for one in each
        for bases in one.above.values()
        for base in bases
        if "." in base
    }
    leaves = {kind.rsplit(".", 1)[-1] for kind in kinds}
    same: dict[str, str] = {}
    for above, names in seen if kinds else ():
        for name in names:
            full = f"{above}.{name}"
            if name in leaves and full not in kinds:
                home = next((one for one in run.project.resolve(full) if one in kinds), None)
                if home is not None:
                    same[full] = home
    return Known(told, same)
