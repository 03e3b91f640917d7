"""Lookups in git's history: what existed since a plan's base revision, and the project at a revision."""

from __future__ import annotations

import bisect
import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.history.base import find_base
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_text
from hardcut.rules.history import (
    History,
    Lookup,
    NoHistory,
    Past,
    PastAnswer,
    PastModule,
    PastPath,
    PastSubmodules,
    PastSymbol,
    Unknown,
)
from hardcut.source.git import Objects, commit, git, head
from hardcut.source.globs import globs
from hardcut.source.log import is_cut_off, is_shallow, past_files
from hardcut.source.project import Project, is_quoted
from hardcut.source.python.namespace import namespace
from hardcut.source.python.toplevel import top_level
from hardcut.source.revision import RevisionTree

SHALLOW = "this clone is shallow (`fetch-depth: 0` in CI, or `git fetch --unshallow`, brings its history)"
PARTIAL = "this is a partial clone: git lacks contents of old files (clone without `--filter`)"
UNLISTED = "git cannot list the history (no commit yet, or a partial clone without old folders)"
BEGINS_LANDED = "the project's history begins with wave {} as a landed one"
STAR = re.compile(rb"import\s*\(?\s*\*")
GLOB = re.compile(r"[*?\[]")


def history(root: Path, plans: list[LoadedPlan], sources: Sources) -> History:
    """The history of the project in a folder; one that answers nothing if there is no repository."""
    if not (root / ".git").exists() and git(root, "rev-parse", "--is-inside-work-tree") is None:
        return NoHistory()
    return GitHistory(root, plans, sources)


class GitHistory:
    """The history of a project in a git repository.

    A module, name or path existed if it was there at the plan's base revision, or in a commit since then. For
    a plan without a base that git knows, every commit up to HEAD counts.
    """

    def __init__(self, root: Path, plans: list[LoadedPlan], sources: Sources) -> None:
        self.consulted = False
        self._root = root
        self._plans = {plan.name: plan for plan in plans}
        self._sources = sources
        self._earlier = Earlier(plans, sources)
        self._bases: dict[str, str | None] = {}
        self._begins: dict[str, dict[str, str]] = {}
        self._cut_off: dict[str | None, bool] = {}

    def began(self, plan: str, since: str | None = None) -> Past | Unknown | str:
        """The project where a plan's wave began: at `since`, else the plan's base, else the merge-base."""
        self.consulted = True
        return self._earlier(plan, since)

    def since(self, plan: str) -> str | None:
        """The plan's base revision as the manifest writes it; None if git does not know it."""
        if plan not in self._bases:
            named = self._plans[plan].manifest.plan.base
            self._bases[plan] = named if named is not None and commit(self._root, named) else None
        return self._bases[plan]

    def answers(self, lookups: Sequence[Lookup]) -> list[PastAnswer]:
        """The answer to each lookup, in their order; the number of git processes is constant."""
        if not lookups:
            return []
        self.consulted = True
        if not head(self._root):
            return [Unknown(UNLISTED) for _ in lookups]
        found: dict[Lookup, PastAnswer] = {}
        by_since: dict[str | None, list[Lookup]] = {}
        for lookup in dict.fromkeys(lookups):
            if self._was_at_base(lookup):
                found[lookup] = True
            else:
                by_since.setdefault(self.since(lookup.plan), []).append(lookup)
        for since, waiting in by_since.items():
            commits = Commits(self._root, since, self._sources, waiting)
            for lookup in waiting:
                answer = commits.answer(lookup)
                found[lookup] = self._checked(lookup) if answer is False else answer
        return [found[lookup] for lookup in lookups]

    def _was_at_base(self, lookup: Lookup) -> bool:
        if self.since(lookup.plan) is None:
            return False
        past = self._earlier(lookup.plan, None)
        if not isinstance(past, Past):
            return False
        match lookup.query:
            case PastModule(module):
                return past.project.exists(module) or bool(past.project.leftover(module))
            case PastSubmodules(package):
                return bool(past.project.leftover(package, below_only=True))
            case PastSymbol(homes, name):
                return any(past.project.defines(home, name) for home in homes)
            case PastPath(pattern):
                return bool(past.project.matching(pattern))

    def _checked(self, lookup: Lookup) -> PastAnswer:
        """False if the known history is complete, else the reason why it is not."""
        since = self.since(lookup.plan)
        if since not in self._cut_off:
            self._cut_off[since] = is_cut_off(self._root, since)
        if self._cut_off[since]:
            return Unknown(SHALLOW, can_be_fetched=True)
        if since is None and self._first_states(lookup.plan).get(lookup.wave) == "landed":
            return Unknown(BEGINS_LANDED.format(lookup.wave))
        return False

    def _first_states(self, plan: str) -> dict[str, str]:
        """The states of a plan's waves at its first commit, if the project's history begins there.

        A project that was imported without its history (one commit that adds all of it) has landed
        waves whose modules no commit of it ever had.
        """
        if plan not in self._begins:
            path = self._plans[plan].path
            words = ("--diff-filter=A", "--no-renames", "--full-history", "--format=%H %P")
            added = git(self._root, "log", *words, "HEAD", "--", path) or b""
            first = added.decode("ascii", "replace").split("\n")[:-1][-1:]
            commits = first[0].split() if first else []
            begins = bool(commits) and not self._had_sources(plan, commits[1:])
            self._begins[plan] = self._states_at(commits[0], path) if begins else {}
        return self._begins[plan]

    def _had_sources(self, plan: str, parents: Sequence[str]) -> bool:
        """Whether an import root of a plan was there before the plan was."""
        folders = [folder.rstrip("/") or "." for folder in self._plans[plan].manifest.plan.source]
        return any(git(self._root, "ls-tree", "-z", parent, "--", *folders) for parent in parents)

    def _states_at(self, revision: str, path: str) -> dict[str, str]:
        data = git(self._root, "cat-file", "-p", f"{revision}:./{path}")
        try:
            plan = load_text(self._root / path, self._root, data or b"")
        except ManifestError:
            return {}
        return {wave.id: wave.state for wave in plan.manifest.wave}


class Commits:
    """The files that the commits since a revision (None: all commits) added, changed or deleted.

    Only the files that some lookups name are listed.
    """

    def __init__(self, root: Path, since: str | None, sources: Sources, lookups: Iterable[Lookup]) -> None:
        self._root = root
        self._project = sources.project
        self._cache = sources.cache
        wanted: set[str] = set()
        symbols: list[PastSymbol] = []
        for lookup in lookups:
            match lookup.query:
                case PastModule(module) | PastSubmodules(module):
                    wanted.update(self._paths(module))
                case PastPath(pattern):
                    wanted.add(_literal(pattern))
                case PastSymbol() as query:
                    symbols.append(query)
                    wanted.update(path for home in query.homes for path in self._paths(home))
        self._since = since
        self._wanted = wanted
        self._files = past_files(root, since, wanted) if wanted else {}
        self._sorted = sorted(self._files or ())
        self._symbols = symbols
        self._lacking = False

    def answer(self, lookup: Lookup) -> PastAnswer:
        """Whether one of these commits held what a lookup names; False covers the known commits alone."""
        if self._files is None:
            return Unknown(UNLISTED)
        match lookup.query:
            case PastModule(module):
                return any(self._held(path) for path in self._paths(module))
            case PastSubmodules(package):
                return any(self._holds_more(path) for path in self._paths(package))
            case PastPath(pattern):
                if not GLOB.search(pattern):
                    return self._held(pattern.strip("/"))
                glob = globs((f"/{pattern.removeprefix('./').rstrip('/')}",))
                return any(glob.covers(path) for path in self._sorted)
            case PastSymbol(homes, name):
                if name in {known for home in homes for known in self._defined.get(home, ())}:
                    return True
                return Unknown(PARTIAL, can_be_fetched=True) if self._lacking else False

    def _held(self, path: str) -> bool:
        """Whether a path was a file, or a folder with files."""
        assert self._files is not None
        if path in self._files:
            return True
        at = bisect.bisect_left(self._sorted, f"{path}/")
        return at < len(self._sorted) and self._sorted[at].startswith(f"{path}/")

    def _holds_more(self, folder: str) -> bool:
        """Whether a path was a folder with files other than an `__init__` of its own."""
        inside = f"{folder}/"
        for path in self._sorted[bisect.bisect_left(self._sorted, inside) :]:
            if not path.startswith(inside):
                break
            if not path.startswith(f"{inside}__init__."):
                return True
        return False

    def _paths(self, module: str) -> list[str]:
        """The files and folders that a module may have been, below today's import roots and the root."""
        name = module.replace(".", "/")
        named = [*self._project.candidates(module), f"{name}.py", name]
        return [*named, *(f"{path[:-3]}.pyx" for path in named if path.endswith(".py"))]

    @cached_property
    def _defined(self) -> dict[str, set[str]]:
        """For each home, those of the looked-up names that a version of it defined."""
        wanted: dict[str, set[str]] = {}
        for query in self._symbols:
            for home in query.homes:
                wanted.setdefault(home, set()).add(query.name)
        found: dict[str, set[str]] = {home: set() for home in wanted}
        objects = Objects(self._root)
        for home, names in wanted.items():
            self._look(home, names, found[home], objects, {home})
        return found

    def _look(self, home: str, names: set[str], found: set[str], objects: Objects, seen: set[str]) -> None:
        """Add those names to `found` that a version of a module, or of one that it star-imports, defined."""
        stars: dict[str, None] = {}
        for path in self._paths(home):
            for content in (self._files or {}).get(path, ()):
                if names <= found:
                    return
                left = frozenset(names - found)
                version = self._version(content, self._project.roots.package_of(path), left, objects)
                if version is None:
                    self._lacking = True
                    continue
                found.update(version.names)
                stars.update(dict.fromkeys(version.stars))
        for star in stars:
            if star not in seen:
                seen.add(star)
                self._list(star)
                found |= {name for name in names - found if self._project.defines(star, name)}
                self._look(star, names, found, objects, seen)

    def _list(self, module: str) -> None:
        """List the versions of a module that no lookup is about: one that another module star-imports."""
        paths = set(self._paths(module)) - self._wanted
        if paths and self._files is not None:
            self._wanted |= paths
            for path, contents in (past_files(self._root, self._since, paths) or {}).items():
                self._files.setdefault(path, contents)

    def _version(
        self, content: str, package: str | None, names: frozenset[str], objects: Objects
    ) -> _Version | None:
        """What one version of a module says of some names; None if this clone lacks its content.

        Versions never change, so that each is read once for the same names.
        """
        key = self._cache.key("version", bytes.fromhex(content), "", names, package or "")
        known = self._cache.get(key, _Version)
        if known is not None:
            return known
        data = objects.read(content)
        if data is None:
            return None
        stars: list[str] = []
        if STAR.search(data):
            stars = [one.target for one in top_level(data, package) if one.kind == "star" and one.target]
        version = _Version(sorted(names_in(data, package, set(names))), stars)
        self._cache.put(key, version)
        return version


class _Version(msgspec.Struct, frozen=True, array_like=True):
    """Those of some names that a version of a module defines, and the modules that it star-imports."""

    names: list[str]
    stars: list[str]


def names_in(data: bytes, package: str | None, names: set[str]) -> set[str]:
    """Those of some names that a version of a module defines, in its text or at run time."""
    spelt = {name for name in names if all(is_spelt(data, part) for part in name.split("."))}
    if not spelt:
        return set()
    defined = {one.name for one in top_level(data, package)}
    # Names that a module binds at run time are in strings: in a table of its `__getattr__`, as a key of
    # `globals()`, as an argument of `setattr`.
    quoted = {name for name in spelt - defined if is_quoted(data, name)}
    if quoted and "__getattr__" not in defined:
        made = namespace(data, None, package)
        quoted = quoted if made.is_open or made.is_replaced else quoted.intersection(made.written)
    return (spelt & defined) | quoted


def is_spelt(data: bytes, word: str) -> bool:
    """Whether a source contains an identifier: a quick test, so that few versions have to be parsed."""
    name = word.encode()
    return name in data and re.search(rb"(?<!\w)%s(?!\w)" % re.escape(name), data) is not None


def _literal(pattern: str) -> str:
    """The folder above a glob's first wildcard; the path itself without one."""
    clean = os.path.normpath(pattern)
    wild = GLOB.search(clean)
    return clean if wild is None else clean[: wild.start()].rpartition("/")[0] or "."


class Earlier:
    """The project at several revisions; each revision is read from git's objects once."""

    def __init__(self, plans: list[LoadedPlan], sources: Sources) -> None:
        self._bases = {plan.name: plan.manifest.plan.base for plan in plans}
        self._sources = sources
        self._known: dict[str, Project] = {}
        self._answers: dict[str | None, Past | Unknown | str] = {}

    def __call__(self, plan: str, since: str | None) -> Past | Unknown | str:
        """The project at `since`, the plan's base or the merge-base; or the reason why it is unknown."""
        named = since or self._bases.get(plan)
        if named not in self._answers:
            self._answers[named] = self._at(named)
        return self._answers[named]

    def _at(self, named: str | None) -> Past | Unknown | str:
        root = self._sources.root
        if named is None:
            base = find_base(root)
            found, said, why = (
                base.commit,
                (base.commit or "")[:12],
                f"no `plan.base` is named, and {base.said}",
            )
        else:
            found, said, why = commit(root, named), named, f"git knows no revision `{named}` here"
        # A stored outcome is valid only while these revisions are the same commits.
        self._sources.revisions[named or ""] = found or ""
        if found is None:
            return Unknown(f"{why}; {SHALLOW}", can_be_fetched=True) if is_shallow(root) else why
        if found not in self._known:
            tree = RevisionTree(root, found)
            self._known[found] = Sources(tree, self._sources.folders, self._sources.cache).project
        return Past(said, self._known[found])
