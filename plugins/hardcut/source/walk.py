"""The files of a tree without git: a walk that honours .gitignore files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from hardcut.source.globs import Globs
from hardcut.source.textfiles import language_of

_NEVER = frozenset(
    (
        *(".bzr", ".git", ".hg", ".jj", ".svn"),
        *(".conda", ".direnv", ".eggs", ".nox", ".pixi", ".tox", ".venv", "__pycache__", "node_modules"),
        *(".hypothesis", ".import_linter_cache", ".ipynb_checkpoints"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache"),
    )
)
_LARGEST_IGNORE = 256 * 1024


def is_tool(name: str) -> bool:
    """Whether a folder of this name holds no sources of the project: it is read only where it is named."""
    return name in _NEVER or name.endswith((".egg-info", ".dist-info", ".evidence"))


def below(folder: str, whole: str) -> str | None:
    """A path below a folder, relative to it; None outside."""
    if whole == folder:
        return ""
    start = os.path.join(folder, "")
    return whole[len(start) :].replace(os.sep, "/") if whole.startswith(start) else None


_Rule = tuple[int, str, Globs]
"""One .gitignore: how much of a path to cut off, what to put before it, and the patterns."""


def walk_files(real: str, bases: list[str]) -> list[str]:
    """The files below the bases that no .gitignore leaves out; links to folders are not followed."""
    return walked(real, bases)[0]


def walked(real: str, bases: list[str]) -> tuple[list[str], list[str]]:
    """The files as `walk_files` gives them, and the folders whose entries decide which files these are.

    A nested repository is such a folder, and what is below it is not.
    """
    everything = "" in bases
    above, repository = _above(real)
    found: list[str] = []
    folders: list[str] = []
    waiting: list[tuple[str, tuple[_Rule, ...]]] = [("", above)]
    while waiting:
        folder, rules = waiting.pop()
        folders.append(folder)
        try:
            with os.scandir(f"{real}/{folder}") as listed:
                entries = {entry.name: entry for entry in listed}
        except (OSError, ValueError):
            continue
        named = not folder or any(base == folder or base.startswith(folder + "/") for base in bases)
        if folder and ((repository and ".git" in entries) or ("pyvenv.cfg" in entries and not named)):
            continue
        if ".gitignore" in entries and (own := _patterns(f"{real}/{folder}/.gitignore")):
            rules = (*rules, (len(folder) + 1 if folder else 0, "", own))
        for name, entry in entries.items():
            path = f"{folder}/{name}" if folder else name
            try:
                inner = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if inner:
                deeper = any(base == path or base.startswith(path + "/") for base in bases)
                within = everything or any(path.startswith(base + "/") for base in bases)
                if (deeper or (within and not is_tool(name))) and not _is_ignored(path, True, rules):
                    waiting.append((path, rules))
            elif ("." not in name or language_of(path)) and not _is_ignored(path, False, rules):
                found.append(path)
    return found, folders


def _is_ignored(path: str, folder: bool, rules: Iterable[_Rule]) -> bool:
    for cut, before, patterns in reversed(tuple(rules)):
        decided = patterns.decide(before + path[cut:], folder)
        if decided is not None:
            return decided
    return False


def _above(real: str) -> tuple[tuple[_Rule, ...], bool]:
    """The ignores of the folders above the root, up to its repository's top; and whether there is one.

    None of them where they leave out the root itself: then it is a tree of its own.
    """
    top = real
    while not os.path.lexists(os.path.join(top, ".git")):
        top, last = os.path.dirname(top), top
        if top == last:
            return (), False
    rules: list[_Rule] = []
    parts = (below(top, real) or "").split("/") if real != top else []
    own = _patterns(os.path.join(top, ".git", "info", "exclude"))
    if own:
        rules.append((0, "".join(f"{part}/" for part in parts), own))
    for depth in range(len(parts)):
        own = _patterns(os.path.join(top, *parts[:depth], ".gitignore"))
        if own:
            rules.append((0, "".join(f"{part}/" for part in parts[depth:]), own))
        rest = sum(len(part) + 1 for part in parts[depth + 1 :])
        for _, before, patterns in reversed(rules):
            decided = patterns.decide(before[: len(before) - rest - 1], True)
            if decided:
                return (), True
            if decided is not None:
                break
    return tuple(rules), True


def _patterns(path: str) -> Globs | None:
    """The patterns of an ignore file; None where there is no plain file of that name."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as file:
            text = file.read(_LARGEST_IGNORE).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return None
    return Globs(text.removeprefix("\ufeff").split("\n"))
