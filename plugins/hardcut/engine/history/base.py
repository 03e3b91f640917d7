"""The revision that a change is compared with: named, or found as the merge-base with the default branch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from hardcut.source.git import commit, git, head, top

BRANCHES = ("origin/HEAD", "upstream/HEAD", "origin/main", "origin/master", "main", "master")
"""The names that the default branch may have, in the order in which they are tried."""
UNREADABLE = (
    "git cannot read the repository here (is git installed, and does `safe.directory` allow this folder?)"
)


class Base(msgspec.Struct, frozen=True):
    """The commit to compare with; None if there is none.

    `said` describes the commit, or gives the reason why there is none. `lacks_history` is true if the
    repository may have commits, but the base is not among those that are known.
    """

    commit: str | None
    said: str
    lacks_history: bool = False


def find_base(root: Path, given: str | None = None, environ: Mapping[str, str] = os.environ) -> Base:
    """The merge-base of what is checked out with `given`, a pull request's target, or the default branch.

    GitHub and GitLab name the target of a pull or merge request in `environ`.
    """
    if given is None and not _named_by_ci(environ):
        # One git command is enough in the most common case.
        found = _merge_base(root, BRANCHES[0])
        if found:
            return Base(found, f"the merge-base with {BRANCHES[0]}")
    if not head(root):
        return _without_commit(root)
    named = [given] if given is not None else _named_by_ci(environ)
    cut: str | None = None
    for name in named or BRANCHES:
        if commit(root, name) is None:
            continue
        found = _merge_base(root, name)
        if found:
            return Base(found, f"the merge-base with {name}")
        if given is not None:
            return Base(commit(root, name), name)
        cut = cut or name
    if named and given is None and commit(root, "HEAD^2"):
        return Base(commit(root, "HEAD^1"), "the first parent of the merge that is checked out")
    if cut is not None:
        why = "the history is cut off (a shallow clone)" if _is_shallow(root) else "they have no common past"
        return Base(None, f"no merge-base with {cut}: {why}", True)
    if given is not None:
        return Base(None, f"git knows no revision {given}", True)
    where = " or ".join(named) if named else "the default branch"
    more = " (a shallow clone: fetch its history)" if _is_shallow(root) else "; --base names a revision"
    return Base(None, f"{where} is not known here{more}", True)


def _without_commit(root: Path) -> Base:
    if git(root, "rev-parse", "--is-inside-work-tree") is not None:
        return Base(None, "there is no commit yet")
    if top(root) is not None:
        return Base(None, UNREADABLE, True)
    return Base(None, "there is no git repository here")


def _named_by_ci(environ: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    if exact := environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        found.append(exact)
    for variable in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        if branch := environ.get(variable):
            found += [f"origin/{branch}", branch]
    return found


def _merge_base(root: Path, name: str) -> str | None:
    if name.startswith("-"):
        return None
    found = git(root, "merge-base", "HEAD", name)
    return found.decode("ascii", "replace").strip() or None if found else None


def _is_shallow(root: Path) -> bool:
    return (git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def changed(root: Path, base: str) -> frozenset[str] | None:
    """The paths below the root that may differ between a commit and the files on disk; None for all paths.

    Untracked files are not included. The contents of the commit need not be in the clone. Contents are
    compared without filters. Files that are marked `assume-unchanged` or `skip-worktree` count as changed.
    """
    words = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all", "--relative")
    listed = git(root, *_without_filters(root), "diff", *words, base, seconds=120)
    if listed is None:
        return None
    return frozenset([*map(os.fsdecode, filter(None, listed.split(b"\0"))), *_overlooked(root)])


def _without_filters(root: Path) -> list[str]:
    """Options that disable the configured filters: git would run their commands to compare a file."""
    keys = git(root, "config", "-z", "--name-only", "--get-regexp", r"^filter\.") or b""
    names = {os.fsdecode(key).rpartition(".")[0] for key in keys.split(b"\0") if key}
    off = ("clean=", "process=", "required=false")
    return [word for name in sorted(names) for one in off for word in ("-c", f"{name}.{one}")]


def _overlooked(root: Path) -> list[str]:
    """The files marked `assume-unchanged`, and those marked `skip-worktree` that exist on disk."""
    listed = git(root, "ls-files", "-z", "-v", seconds=120) or b""
    marked = ((one[:1], os.fsdecode(one[2:])) for one in listed.split(b"\0") if one[:1] not in (b"H", b""))
    return [path for tag, path in marked if tag == b"h" or os.path.lexists(root / path)]


def untracked(root: Path) -> list[str]:
    """The untracked files below the root that git does not ignore."""
    listed = git(root, "ls-files", "-z", "--others", "--exclude-standard", seconds=120)
    return [os.fsdecode(one) for one in (listed or b"").split(b"\0") if one]
