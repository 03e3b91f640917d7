"""The commits of a repository along its first parents, and what a date or revision stands for."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path

import msgspec

from hardcut.source.git import commit, git

_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2})?)?( ?(Z|[+-]\d{2}:?\d{2}))?|yesterday|today"
    r"|\d{1,6} (second|minute|hour|day|week|month|year)s? ago"
)
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|yesterday|today")
_FORMAT = "%H%x00%T%x00%ct%x00%an%x00%s"
_FIELDS = 5
SECONDS = 120
MOST_LIMITS = 300
"""So many paths are given to git on its command line; for more, all of the root is listed."""


class Commit(msgspec.Struct, frozen=True):
    """One commit: its full name, its tree's, its time in seconds since 1970, author and first line."""

    name: str
    tree: str
    when: int
    author: str
    subject: str


class LogError(ValueError):
    """History that cannot be read, or a revision that is not there; the message says which."""


def commits(root: Path, until: str, since: str | None) -> list[Commit]:
    """The commits along the first parents up to a revision, the oldest first.

    `since` is a revision or a date (`2026-01-31`, `2 weeks ago`); the first commit is then that
    revision, or the last one before that date, so that a history begins with the state that it starts
    from.

    Raises:
        LogError: there is no git, no repository or no commit, or no such revision or date.
    """
    _readable(root)
    last = commit(root, until)
    if last is None:
        raise LogError(f"git knows no commit {until!a}")
    found = _log(root, last)
    if since is None:
        return found
    first = commit(root, since)
    if first is not None:
        begin = next((at for at, one in enumerate(found) if one.name == first), None)
        if begin is None:
            return _beside(root, found, first, since, until)
        return found[begin:]
    start = _moment(root, since)
    if start is None:
        raise LogError(
            f"{since!a} is no commit that git knows, and no date such as 2026-01-31 or '2 weeks ago'"
        )
    after = next((at for at, one in enumerate(found) if one.when >= start), len(found))
    return found[max(0, after - 1) :]


def is_shallow(root: Path) -> bool:
    """Whether a clone lacks the older part of its history."""
    return (git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def is_cut_off(root: Path, since: str | None) -> bool:
    """Whether the commits up to HEAD (those that `since` does not reach) are known in part only."""
    if not is_shallow(root):
        return False
    if since is None:
        return True
    place = git(root, "rev-parse", "--git-path", "shallow")
    listed = git(root, "rev-list", "--end-of-options", f"{since}..HEAD", seconds=SECONDS)
    if place is None or listed is None:
        return True
    try:
        boundary = (root / os.fsdecode(place.rstrip(b"\n"))).read_bytes().split()
    except OSError:
        return True
    return not set(listed.split()).isdisjoint(boundary)


def past_files(root: Path, since: str | None, below: Collection[str]) -> dict[str, list[str]] | None:
    """Every file that a commit up to HEAD added, changed or deleted: path -> names of its contents.

    Of the commits that `since` does not reach, where it is given; the newest content first. `below` are
    the files and folders to look at, relative to the root. Paths are relative to the root. None: git
    cannot list them (there is no commit yet, or a partial clone lacks folders of old commits).
    """
    limits = sorted(below) if len(below) <= MOST_LIMITS else ["."]
    # Merges too ("-c"): a file may be added by the merge itself. Nothing is simplified: a file that came
    # and went on a branch is part of the history.
    said = git(
        root,
        "log",
        "--format=",
        "--raw",
        "--no-abbrev",
        "-z",
        "--no-renames",
        "--full-history",
        "-c",
        "--relative",
        "--end-of-options",
        "HEAD" if since is None else f"{since}..HEAD",
        "--",
        *limits,
        seconds=SECONDS,
    )
    if said is None:
        return None
    found: dict[str, list[str]] = {}
    fields = iter(said.split(b"\0"))
    for head in fields:
        head = head.lstrip(b"\n")
        if not head.startswith(b":"):
            continue
        parents = len(head) - len(head.lstrip(b":"))
        # `:` per parent, the modes of parents and result, their names, the status: git's raw format.
        names = head.split()[parents + 1 : 2 * parents + 2]
        contents = found.setdefault(os.fsdecode(next(fields, b"")), [])
        for name in reversed(names):
            text = name.decode("ascii", "replace")
            if text.strip("0") and text not in contents:
                contents.append(text)
    return found


def _readable(root: Path) -> None:
    if git(root, "rev-parse", "--git-dir") is None:
        if shutil.which("git") is None:
            raise LogError("git is not installed, and only git knows the history")
        raise LogError(f"{root} is in no git repository (or one that git does not trust): it has no history")
    if commit(root, "HEAD") is None and git(root, "rev-list", "-n", "1", "--all") in (None, b""):
        raise LogError("this repository has no commits yet")


def _log(root: Path, last: str, *more: str) -> list[Commit]:
    said = git(
        root, "log", "--first-parent", "--reverse", "-z", f"--format={_FORMAT}", last, *more, seconds=SECONDS
    )
    if said is None:
        raise LogError("git could not list the commits")
    fields = said.decode("utf-8", "surrogateescape").removesuffix("\0").split("\0")
    return [
        Commit(name, tree, int(when) if when.lstrip("-").isdigit() else 0, author, subject)
        for name, tree, when, author, subject in zip(
            *(fields[at::_FIELDS] for at in range(_FIELDS)), strict=False
        )
    ]


def _beside(root: Path, found: list[Commit], first: str, since: str, until: str) -> list[Commit]:
    """Where `first` is no first parent: it, and what came after the merge that brought it in."""
    names = {one.name for one in found}
    inside = git(root, "merge-base", "--is-ancestor", first, found[-1].name)
    if inside is None:
        raise LogError(f"{since!a} is not among the ancestors of {until!a}")
    later = _log(root, found[-1].name, f"^{first}")
    (start,) = _log(root, first, "-n", "1")
    return [start, *(one for one in later if one.name in names)]


def _moment(root: Path, text: str) -> int | None:
    """The time that a date stands for, as git reads it; a day begins at midnight, not at this hour."""
    text = text.strip()
    if not _DATE.fullmatch(text):
        return None
    text += " 00:00" if _DAY.fullmatch(text) else ""
    said = git(root, "rev-parse", f"--since={text}") or b""
    number = said.decode("ascii", "replace").strip().removeprefix("--max-age=")
    return int(number) if number.isdigit() else None
