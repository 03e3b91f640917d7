"""The plan that a change implies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from hardcut.plan.value_validation import path_complaint
from hardcut.refactor.draft.change import Change, IsSame
from hardcut.refactor.draft.code_tokens import Vocabulary
from hardcut.refactor.draft.code_tree import CodeTree, Definition, is_test
from hardcut.refactor.draft.definition_matches import Match, match_definitions
from hardcut.refactor.draft.draft_entries import (
    Confidence,
    Draft,
    DraftAbsent,
    DraftEntry,
    DraftMove,
)
from hardcut.refactor.draft.infer_modules import ModuleEntries
from hardcut.refactor.draft.infer_symbols import SymbolEntries, imports_of
from hardcut.refactor.draft.module_matches import MOVED, SMALL, match_modules
from hardcut.refactor.draft.wave_grouping import group_waves
from hardcut.source.layout import changelogs, import_roots
from hardcut.source.tree import Tree

SHIM_LEFT = 0.2
"""A module is a shim if it defines no more than this share of the code that it had."""


def change_between(
    old: Tree, new: Tree, is_same: IsSame | None = None, sources: Sequence[str] = ()
) -> Change:
    """What differs between two trees.

    `is_same` tells whether a file is the same in both; without it, contents are compared. `sources` are the
    import roots of both trees; without them, each tree's are found.
    """
    vocabulary = Vocabulary()
    before = CodeTree(old, sources or import_roots(old), vocabulary)
    after = CodeTree(new, sources or import_roots(new), vocabulary)
    return Change(before, after, is_same or _comparing(old, new))


def draft(change: Change) -> Draft:
    """The plan that a change implies."""
    matches = match_definitions(change.lost, change.fresh)
    modules = ModuleEntries(change, match_modules(change, matches), matches)
    shims = list(_shims(change, matches))
    symbols = SymbolEntries(change, matches, {shim.module: shim.to[0] for shim in shims})
    entries = [*modules.all(), *symbols.all(), *shims, *_files(change)]
    return Draft(
        waves=group_waves(change, entries),
        sources=tuple(change.new.sources),
        exclude=tuple(changelogs(change.new.tree)),
        left_out=symbols.left_out,
    )


def _comparing(old: Tree, new: Tree) -> IsSame:
    def is_same(path: str) -> bool:
        one, other = old.content_of(path), new.content_of(path)
        if one is not None and other is not None:
            return one == other
        return old.read(path) == new.read(path)

    return is_same


def _shims(change: Change, matches: Mapping[Definition, Match]) -> Iterator[DraftMove]:
    """Modules whose code moved, and that are left to pass its names on: a hard cutover would delete them."""
    for module in change.changed:
        code = change.old.code(module)
        weight = code.weight
        if weight < SMALL or change.new.code(module).weight > SHIM_LEFT * weight:
            continue
        shares: dict[str, int] = {}
        for definition in code.definitions.values():
            match = matches.get(definition)
            if match is not None and match.new.module != module:
                shares[match.new.module] = shares.get(match.new.module, 0) + definition.size
        if not shares:
            continue
        home = max(sorted(shares), key=lambda name: shares[name])
        if shares[home] >= MOVED * weight:
            yield DraftMove(
                module=module,
                to=(home,),
                confidence=Confidence.LOW,
                evidence=(
                    f"{shares[home] / weight:.0%} of its code are in {home}",
                    "the old module is still there, as a shim",
                ),
            )


def _files(change: Change) -> Iterator[DraftEntry]:
    """Tests of modules that are gone, and files of other kinds that were in packages of the project."""
    gone = {
        path
        for path in change.old.files
        if change.new.tree.kind(path) is None and path_complaint(path) is None
    }
    modules = set(change.gone)
    tests = sorted(
        path for path in gone if path.endswith(".py") and is_test(path) and _uses(change, path, modules)
    )
    if tests:
        evidence = "tests that are gone, and that imported modules which are gone"
        yield DraftAbsent(paths=tuple(tests), confidence=Confidence.MEDIUM, evidence=(evidence,))
    folders = {posixpath.dirname(path) for path in change.old.paths.values()} - {""}
    came = {posixpath.basename(path) for path in change.new.files if change.old.tree.kind(path) is None}
    others = sorted(
        path
        for path in gone
        if not path.endswith((".py", ".pyi"))
        and posixpath.dirname(path) in folders
        and posixpath.basename(path) not in came
    )
    if others:
        evidence = "files of packages that are gone, and have not moved"
        yield DraftAbsent(paths=tuple(others), confidence=Confidence.MEDIUM, evidence=(evidence,))


def _uses(change: Change, path: str, modules: set[str]) -> bool:
    """Whether a file of the old tree imports one of some modules, or a name of it."""
    for module, names in imports_of(change.old, path, change.old.tree.read(path)):
        if module in modules or any(f"{module}.{name}" in modules for name in names):
            return True
    return False
