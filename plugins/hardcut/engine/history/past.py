"""What used to exist, by the plan's base revision and git's history; and the project as it was."""

from __future__ import annotations

import bisect
import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

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
    """What git can tell of the project in a folder; nothing without a repository."""
    if not (root / ".git").exists() and git(root, "rev-parse", "--is-inside-work-tree") is None:
        return NoHistory()
    return GitHistory(root, plans, sources)


class GitHistory:
    """The past of a project in a git repository.

    What a plan names existed if it was there at the plan's base revision, or in a commit since then. For
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
        """The plan's base revision as the plan writes it, if git knows it; else None: all history counts."""
        if plan not in self._bases:
            named = self._plans[plan].manifest.plan.base
            self._bases[plan] = named if named is not None and commit(self._root, named) else None
        return self._bases[plan]

    def answers(self, lookups: Sequence[Lookup]) -> list[PastAnswer]:
        """What the known past answers to each, in their order; the number of git processes is constant."""
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
            commits = Commits(self._root, since, self._sources.project, waiting)
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
        """False if the known history is complete, else why nobody can tell."""
        since = self.since(lookup.plan)
        if since not in self._cut_off:
            self._cut_off[since] = is_cut_off(self._root, since)
        if self._cut_off[since]:
            return Unknown(SHALLOW)
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

    Only what some lookups are about is listed.
    """

    def __init__(self, root: Path, since: str | None, project: Project, lookups: Iterable[Lookup]) -> None:
        self._root = root
        self._since = since
        self._project = project
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
        self._files = past_files(root, since, wanted) if wanted else {}
        self._sorted = sorted(self._files or ())
        self._symbols = symbols
        self._lacking = False

    def answer(self, lookup: Lookup) -> PastAnswer:
        """What these commits answer; False means: in none of those that are known."""
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
                return Unknown(PARTIAL) if self._lacking else False

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
                data = objects.read(content)
                if data is None:
                    self._lacking = True
                    continue
                package = self._project.roots.package_of(path)
                left = names - found
                found |= names_in(data, package, left)
                if STAR.search(data):
                    kinds = top_level(data, package)
                    stars.update((one.target, None) for one in kinds if one.kind == "star" and one.target)
        for star in stars:
            if star not in seen:
                seen.add(star)
                found |= {name for name in names - found if self._project.defines(star, name)}
                self._look(star, names, found, objects, seen)


def names_in(data: bytes, package: str | None, names: set[str]) -> set[str]:
    """Those of some names that a version of a module defines, in its text or at run time."""
    spelt = {name for name in names if all(is_spelt(data, part) for part in name.split("."))}
    if not spelt:
        return set()
    defined = {one.name for one in top_level(data, package)}
    # What a module makes at run time is named by a string: in a table of its `__getattr__`, as a key of
    # `globals()`, as an argument of `setattr`.
    quoted = {name for name in spelt - defined if is_quoted(data, name)}
    if quoted and "__getattr__" not in defined:
        made = namespace(data, None, package)
        quoted = quoted if made.is_open or made.is_replaced else quoted.intersection(made.written)
    return (spelt & defined) | quoted


def is_spelt(data: bytes, word: str) -> bool:
    """Whether a source holds an identifier anywhere: quick, so that few versions have to be parsed."""
    name = word.encode()
    return name in data and re.search(rb"(?<!\w)%s(?!\w)" % re.escape(name), data) is not None


def _literal(pattern: str) -> str:
    """The folder above a glob's first wildcard; the path itself without one."""
    clean = os.path.normpath(pattern)
    wild = GLOB.search(clean)
    return clean if wild is None else clean[: wild.start()].rpartition("/")[0] or "."


class Earlier:
    """A project as it was at revisions, each read from git's objects once."""

    def __init__(self, plans: list[LoadedPlan], sources: Sources) -> None:
        self._bases = {plan.name: plan.manifest.plan.base for plan in plans}
        self._sources = sources
        self._known: dict[str, Project] = {}
        self._answers: dict[str | None, Past | Unknown | str] = {}

    def __call__(self, plan: str, since: str | None) -> Past | Unknown | str:
        """The project at `since`, else at the plan's base, else at the merge-base; or why it is not known."""
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
        # A branch may point elsewhere tomorrow, and a merge-base moves.
        self._sources.revisions[named or ""] = found or ""
        if found is None:
            return Unknown(f"{why}; {SHALLOW}") if is_shallow(root) else why
        if found not in self._known:
            tree = RevisionTree(root, found)
            self._known[found] = Sources(tree, self._sources.folders, self._sources.cache).project
        return Past(said, self._known[found])
