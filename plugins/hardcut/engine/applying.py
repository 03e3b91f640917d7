"""Performing a wave's moves: in an overlay first, with the references rewritten and the outcome compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources
from hardcut.engine.history.base import changed, untracked
from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.engine.runner import judge
from hardcut.finding import Finding
from hardcut.fix.edit import applied
from hardcut.fix.files import content_of
from hardcut.fix.planning import edits
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Delete, Keep, Move, Remove
from hardcut.refactor.comparison import Comparison, Side, compare
from hardcut.refactor.moving import Ground, Moves, moves
from hardcut.rules.registry import RULES
from hardcut.source.definitions import standing
from hardcut.source.git import head
from hardcut.source.modules import Roots
from hardcut.source.overlay import Overlay
from hardcut.source.revision import RevisionTree
from hardcut.source.tree import DiskTree, Tree

ROUNDS = 20
"""Edits make further ones possible, as in `hardcut fix`."""


_REFERENCES = frozenset(rule.code for rule in RULES if rule.family in ("deleted", "removed"))
"""The rules that find references to what has moved."""


class Applied(msgspec.Struct):
    """What a wave's moves do: `files` are the new contents by path, None for a file that goes.

    `references` counts the findings that edits fixed, `left` are those about the moves that none fixes.
    """

    moves: Moves
    files: dict[str, bytes | None]
    references: int
    left: list[Finding]
    comparison: Comparison


def apply(options: Options, plan: LoadedPlan, wave: str) -> Applied:
    """Perform the moves of a wave in memory; nothing is written."""
    disk = DiskTree(Path(options.root))
    options = msgspec.structs.replace(
        options, waves=frozenset({wave}), select=_REFERENCES, compare=False, stdin=None, paths=[]
    )
    listed, _ = listing_of(disk, options)
    gates = _moves_of(plan, wave)
    folders = _folders(options)
    ground = Ground(disk, folders, listed, _kept(plan), _deleted(plan, wave))
    made = moves(gates, ground)
    files = dict(made.files)
    references, left = _rewrite(options, disk, files, made)
    files = {path: data for path, data in files.items() if data != _there(disk, path)}
    comparison = _compared(options, plan, wave, disk, Overlay(disk, files))
    return Applied(made, files, references, left, comparison)


def verify(options: Options, plan: LoadedPlan, wave: str, revision: str) -> Comparison | None:
    """Compare the working tree with a revision; None if git cannot read it."""
    before = RevisionTree(Path(options.root), revision)
    if not before.there:
        return None
    return _compared(options, plan, wave, before, DiskTree(Path(options.root)))


def uncommitted(root: str, paths: Sequence[str]) -> list[str] | None:
    """Those of some paths whose changes are in no commit; None if git cannot tell."""
    top = Path(root)
    if not head(top):
        return None
    differing = changed(top, "HEAD")
    if differing is None:
        return None
    loose = {*differing, *untracked(top)}
    return sorted(path for path in paths if path in loose)


def _moves_of(plan: LoadedPlan, wave: str) -> list[Gate[Move]]:
    return [gate for gate in plan.of(Move) if gate.wave == wave]


def _folders(options: Options) -> list[str]:
    return list(dict.fromkeys(folder for plan in options.plans for folder in plan.manifest.plan.source))


def _kept(plan: LoadedPlan) -> frozenset[str]:
    return frozenset(
        f"{gate.entry.module}.{name}"
        for gate in plan.of(Keep)
        if gate.entry.module and gate.entry.contested is None
        for name in gate.entry.symbols
    )


def _deleted(plan: LoadedPlan, wave: str) -> frozenset[str]:
    return frozenset(gate.entry.module for gate in plan.of(Delete) if gate.wave == wave)


def _removed(plan: LoadedPlan) -> frozenset[str]:
    return frozenset(f"{gate.entry.module}.{name}" for gate in plan.of(Remove) for name in gate.entry.symbols)


def _there(tree: Tree, path: str) -> bytes | None:
    return tree.read(path) if tree.kind(path) == "file" else None


def _rewrite(
    options: Options, disk: Tree, files: dict[str, bytes | None], made: Moves
) -> tuple[int, list[Finding]]:
    """Make the edits of `hardcut fix` that are about what has moved; gives how many, and what is left."""
    moved = {f"{name.old}.{name.name}" if name.name else name.old for name in made.names if not name.along}
    moved.update(made.re_exports)
    moved.update(name.old for name in made.names if name.old in made.deleted)
    if not moved:
        return 0, []
    cache = Cache(Path(options.root), options.cache)
    count = 0
    found: list[Finding] = []
    for _ in range(ROUNDS):
        tree = Overlay(disk, files)
        listed, unmatched = listing_of(tree, options)
        report = judge(Sources(tree, _folders(options), cache), options, listed, unmatched)
        found = [finding for finding in report.findings if _is_about(finding, moved)]
        before = count
        fixable = [finding for finding in found if finding.fix and finding.unfixed is None]
        for path, group in groupby(fixable, lambda finding: finding.place.path):
            findings = list(group)
            content = content_of(tree.read(path))
            if content is None or tree.kind(path) != "file":
                continue
            chosen = [edit for edit in edits(findings, content.lines) if edit is not None]
            if len(chosen) == len(findings):
                files[path] = content.encoded(applied(content.lines, chosen))
                count += len(findings)
        if count == before:
            break
    cache.save(False)
    left = {(finding.place, finding.subject): finding for finding in found}
    return count, list(left.values())


def _is_about(finding: Finding, moved: set[str]) -> bool:
    """Whether a finding is about a reference to something that has moved."""
    names = [finding.subject, *(finding.fix or {})]
    return any(name.replace(":", ".") in moved or _is_below(name, moved) for name in names)


def _is_below(name: str, moved: set[str]) -> bool:
    while "." in name:
        name = name.rpartition(".")[0]
        if name in moved:
            return True
    return False


def _compared(options: Options, plan: LoadedPlan, wave: str, before: Tree, after: Tree) -> Comparison:
    folders = _folders(options)
    options = msgspec.structs.replace(options, paths=[], stdin=None)
    listed, _ = listing_of(after, options)
    sources = Sources(after, folders, Cache(Path(options.root), False))
    return compare(
        _moves_of(plan, wave),
        _removed(plan),
        Side(before, Roots(before, folders), listed),
        Side(after, sources.roots, listed),
        lambda path: standing(sources.project, path),
    )
