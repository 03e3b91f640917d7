"""The two sides of a drafted plan, as people name them: revisions, folders, wheels, source archives."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardcut.api.errors import plain
from hardcut.engine.history.base import changed, find_base, untracked
from hardcut.plan.errors import quoted
from hardcut.refactor.draft.change import IsSame
from hardcut.source.archive import ArchiveError, ArchiveTree
from hardcut.source.git import commit, git
from hardcut.source.revision import RevisionTree
from hardcut.source.tree import DiskTree, Tree

PROJECT_FILES = (".git", "pyproject.toml", "setup.cfg", "setup.py")
"""What the folder of a project holds."""


class Sides(msgspec.Struct, frozen=True):
    """An old and a new tree, and what they are for people.

    `base` is the full name of the old commit if both are of one repository, None otherwise. `is_same` tells
    whether a path is the same in both, if that is known without reading.
    """

    old: Tree
    new: Tree
    said: str
    base: str | None = None
    is_same: IsSame | None = None
    is_changed: bool = True


class _Side(msgspec.Struct, frozen=True):
    tree: Tree
    said: str
    commit: str | None = None


def project_root(start: Path) -> Path:
    """The nearest folder, from one upwards, that holds a project; the folder itself if none does."""
    folder = start.absolute()
    for place in (folder, *folder.parents):
        if any(os.path.lexists(place / name) for name in PROJECT_FILES):
            return place
    return folder


def sides_of(given: Sequence[str], root: Path, base: str | None = None) -> Sides:
    """The two sides that words name.

    No word: the base revision, as `hardcut check` finds it, and the working tree. One: `OLD..NEW`, or a
    revision that is compared with the working tree. Two: the old and the new side.

    Raises:
        Unusable: a side is not there or cannot be read.
    """
    if len(given) > 2:
        raise plain("a draft compares two sides: OLD..NEW, or OLD NEW")
    if len(given) == 2:
        return _between(_needed(given[0], root), _needed(given[1], root))
    if not given:
        return with_base(root, base)
    found = _range(given[0], root)
    if found is not None:
        return _between(*found)
    old = _needed(given[0], root)
    if old.commit is None:
        raise plain(f"{quoted(given[0])} is compared with what? Name both sides: OLD..NEW")
    return _with_working_tree(root, old.commit, given[0])


def with_base(root: Path, base: str | None) -> Sides:
    """The base revision that `hardcut check` compares with, and the working tree.

    Raises:
        Unusable: there is no base.
    """
    found = find_base(root, base)
    if found.commit is None:
        raise plain(f"there is no revision to compare with: {found.said}")
    return _with_working_tree(root, found.commit, f"{found.said} ({found.commit[:12]})")


def _with_working_tree(root: Path, old: str, said: str) -> Sides:
    tree = RevisionTree(root, old)
    if not tree.there:
        raise plain(f"git cannot read the files of {said} here")
    differing = changed(root, old)
    fresh = untracked(root)
    is_changed = differing is None or bool(differing) or any(path.endswith(".py") for path in fresh)

    def is_same(path: str) -> bool:
        return differing is not None and path not in differing

    return Sides(tree, DiskTree(root), f"{said} and the working tree", old, is_same, is_changed)


def _between(old: _Side, new: _Side) -> Sides:
    for side in (old, new):
        if not any(path.endswith((".py", ".pyi")) for path in side.tree.listing(["."], []).files):
            raise plain(f"{side.said} holds no Python file")
    is_one_repository = old.commit is not None and new.commit is not None
    return Sides(old.tree, new.tree, f"{old.said} and {new.said}", old.commit if is_one_repository else None)


def _range(text: str, root: Path) -> tuple[_Side, _Side] | None:
    """The sides of `OLD..NEW`, where both are there; of `OLD...NEW` the old one is the merge-base."""
    at = text.find("..")
    while at >= 0:
        left, right = text[:at], text[at + 2 :]
        if right.startswith(".") and not right.startswith(("./", "../")):
            return _symmetric(left or "HEAD", right[1:] or "HEAD", root)
        old, new = _side(left or "HEAD", root), _side(right or "HEAD", root)
        if old is not None and new is not None:
            return old, new
        at = text.find("..", at + 1)
    return None


def _symmetric(left: str, right: str, root: Path) -> tuple[_Side, _Side] | None:
    old, new = commit(root, left), commit(root, right)
    if old is None or new is None:
        return None
    base = (git(root, "merge-base", old, new) or b"").decode("ascii", "replace").strip()
    if not base:
        raise plain(f"{left} and {right} have no common past")
    said = f"the merge-base of {left} and {right} ({base[:12]})"
    return _Side(RevisionTree(root, base), said, base), _Side(RevisionTree(root, new), right, new)


def _needed(text: str, root: Path) -> _Side:
    side = _side(text, root)
    if side is None:
        raise plain(f"{quoted(text)} is no revision here, no folder and no archive")
    return side


def _side(text: str, root: Path) -> _Side | None:
    """What a word names: an archive, a revision or a folder; None for none of these."""
    if not text or "\0" in text:
        return None
    place = Path(text)
    if place.is_file():
        try:
            return _Side(ArchiveTree(place), text)
        except ArchiveError as problem:
            raise plain(str(problem)) from None
    found = commit(root, text)
    if found is not None:
        return _Side(RevisionTree(root, found), text, found)
    return _Side(DiskTree(place.absolute()), text) if place.is_dir() else None
