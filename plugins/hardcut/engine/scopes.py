"""The scopes of plans: those that match nothing, and the Python code that no plan covers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hardcut.engine.report_data import Uncovered
from hardcut.engine.scope import covers
from hardcut.finding import State
from hardcut.plan.errors import ManifestError, quoted
from hardcut.plan.gates import LoadedPlan, Problem
from hardcut.plan.load import load_plans, places_of
from hardcut.plan.manifest_source import entries
from hardcut.plan.source_map import Path as Way
from hardcut.rules.manifest.import_roots import fronts
from hardcut.source.files import any_file, is_excluded, is_named
from hardcut.source.git import git
from hardcut.source.modules import Roots
from hardcut.source.textfiles import language_of
from hardcut.source.tree import DiskTree
from hardcut.source.walk import is_tool

NEVER = "now or in the known history"


def usable_plans(start: Path, root: Path | None = None, files: Sequence[Path] = ()) -> list[LoadedPlan]:
    """The plans as `load_plans` gives them, if their scopes match something.

    Raises:
        ManifestError: with all that is wrong with all files.
    """
    plans = load_plans(start, root, files)
    if problems := scope_problems(plans):
        raise ManifestError(problems)
    return plans


def scope_problems(plans: Sequence[LoadedPlan]) -> list[Problem]:
    """The scopes that make a plan check nothing or less than it says, each with its place.

    A scope that matches nothing now, but did in git's history, is left to the rule `unmatched-entry`.
    """
    problems: list[Problem] = []
    for plan in plans:
        found = list(_Scopes(plan).problems())
        places = places_of(plan) if found else None
        problems += [places.problem(way, text) for way, text in found] if places is not None else []
    return problems


class _Scopes:
    def __init__(self, plan: LoadedPlan) -> None:
        self._plan = plan
        self._root = Path(plan.root)

    def problems(self) -> Iterator[tuple[Way, str]]:
        settings = self._plan.manifest.plan
        empty = [number for number, one in enumerate(settings.check) if not any_file(self._root, one)]
        for number in empty:
            entry = settings.check[number]
            if not self._matched(entry):
                yield ("plan", "check", number), f"{quoted(entry)} matches no file, {NEVER}"
            elif len(empty) == len(settings.check):
                yield (
                    ("plan", "check", number),
                    f"{quoted(entry)} matches no file any more, and nothing else is checked",
                )
        some = len(empty) < len(settings.check)
        if some and not any(any_file(self._root, one, settings.exclude) for one in settings.check):
            yield ("plan", "exclude"), 'these globs exclude every file that "check" names'
        for number, source in enumerate(settings.source):
            if not any_file(self._root, source, python=True) and not self._matched(source, python=True):
                yield ("plan", "source", number), f"{quoted(source)} holds no Python module, {NEVER}"
        yield from self._within()

    def _within(self) -> Iterator[tuple[Way, str]]:
        """Modules that a gate is limited to; of a planned wave, they may be still to come."""
        planned: State = "planned"
        roots: Roots | None = None
        for found in entries(self._plan.manifest):
            modules: list[str] = getattr(found.entry, "within", [])
            if found.wave.state == planned or found.entry.allow_unmatched is not None:
                continue
            for number, module in enumerate(modules):
                roots = roots or Roots(DiskTree(self._root), self._plan.manifest.plan.source)
                if roots.kind(module) is None and not self._existed(self._files_of(module)):
                    meant = self._meant(module, roots)
                    question = f"; did you mean {quoted(meant)}?" if meant else ""
                    yield (
                        (*found.path, "within", number),
                        f"there is no module {module}, {NEVER}{question}",
                    )

    def _meant(self, module: str, roots: Roots) -> str | None:
        """The module that a name stands for if an import root is in front of it, or missing there."""
        for source in map(os.path.normpath, self._plan.manifest.plan.source):
            for front in fronts(source) if source != "." else ():
                rest = module.removeprefix(f"{front}.")
                if rest != module and roots.kind(rest) is not None:
                    return rest
        below = (f"{folder}.{module}" for folder in sorted(DiskTree(self._root).entries("")))
        return next((name for name in below if roots.kind(name) is not None), None)

    def _files_of(self, module: str) -> list[str]:
        """The folder and the files that a module may have been, below each import root."""
        name = module.replace(".", "/")
        starts = [one.rstrip("/") for one in self._plan.manifest.plan.source]
        return [f"{start}/{name}{end}" for start in starts for end in ("", ".py", ".pyi")]

    def _existed(self, paths: list[str]) -> bool:
        """Whether git's history has one of some files or folders."""
        return bool(git(self._root, "log", "-1", "--format=%h", "--", *map(os.path.normpath, paths)))

    def _matched(self, entry: str, python: bool = False) -> bool:
        """Whether an entry of `check` or `source` named a readable file in git's history."""
        wild = min((entry.find(sign) for sign in "*?[" if sign in entry), default=len(entry))
        folder = os.path.normpath(entry if wild == len(entry) else entry[:wild].rpartition("/")[0])
        words = ("--format=", "--name-only", "-z", "--no-renames", "--diff-filter=A", "--relative")
        added = git(self._root, "log", *words, "--", folder, seconds=60) or b""
        for path in filter(None, os.fsdecode(added).split("\0")):
            language = language_of(path)
            readable = language == "python" if python else language or "." not in path.rpartition("/")[2]
            if readable and is_named(path, [entry]):
                return True
        return False


def uncovered(root: Path, plans: Sequence[LoadedPlan], exclude: Sequence[str]) -> list[Uncovered]:
    """The Python files that git tracks, and that no plan checks or excludes, by topmost folder.

    Notebooks and Python scripts without a suffix count, too.
    """
    if any(entry in (".", "./") for plan in plans for entry in plan.manifest.plan.check):
        return []
    tracked = git(root, "ls-files", "-z", "--cached")
    globs = [*exclude, *(one for plan in plans for one in plan.manifest.plan.exclude)]
    checked = {""}
    left: list[str] = []
    for path in filter(None, os.fsdecode(tracked or b"").split("\0")):
        if any(is_tool(part) for part in path.split("/")[:-1]):
            continue
        if any(covers(plan, path) for plan in plans):
            checked.update(_folders(path))
        elif _is_python(root, path) and not is_excluded(path, globs) and os.path.lexists(root / path):
            left.append(path)
    found: dict[str, int] = {}
    for path in left:
        top = next((f"{folder}/" for folder in _folders(path) if folder not in checked), path)
        found[top] = found.get(top, 0) + 1
    return [Uncovered(path, count) for path, count in sorted(found.items())]


def _is_python(root: Path, path: str) -> bool:
    """Whether a file holds Python: by its name, or by the first line of a script without a suffix."""
    language = language_of(path)
    if language is None and "." not in path.rpartition("/")[2]:
        try:
            if not (root / path).is_file():
                return False
            with open(root / path, "rb") as file:
                language = language_of(path, file.read(256))
        except (OSError, ValueError):
            return False
    return language in ("python", "notebook")


def _folders(path: str) -> Iterator[str]:
    """The folders above a file, the outermost first."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
