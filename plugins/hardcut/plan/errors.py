"""What is wrong with a manifest, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable

from hardcut.plan.gates import Problem

BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
SHOWN = 80
"""Longer texts from a manifest are cut in messages."""


class ManifestError(Exception):
    """A manifest that cannot be used; `problems` are sorted by path, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(set(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Every problem, each on its line."""
        return "\n".join(describe(problem) for problem in self.problems)


def describe(problem: Problem) -> str:
    """One line for people: `cutover.toml:12:1: wave.delete: unknown key "modul"`; no place without a path."""
    if not problem.path:
        return problem.message
    key = f"{problem.key}: " if problem.key else ""
    return f"{problem.path}:{problem.line}:{problem.column}: {key}{problem.message}"


def quoted(text: str) -> str:
    """A text of the manifest in quotes: on one line, without control characters, not too long."""
    if len(text) > SHOWN:
        text = text[: SHOWN - 3] + "..."
    clean = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    return f'"{clean}"'


def dotted_key(parts: Iterable[str | int]) -> str:
    """A key as TOML writes it, without the positions in arrays: `wave.delete.module`."""
    names = [part for part in parts if isinstance(part, str)]
    return ".".join(name if name and BARE.issuperset(name) else quoted(name) for name in names)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name that `name` most likely stands for, if one is near."""
    import difflib

    known = list(names)
    for folded in (name, name.lower().replace("-", "_")):
        if folded in known:
            return folded
    found = difflib.get_close_matches(name[:SHOWN].lower(), known, n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(name: str, names: Iterable[str]) -> str:
    """`; did you mean "module"?`, or nothing."""
    found = nearest(name, names)
    return f"; did you mean {quoted(found)}?" if found else ""


def listing(names: Iterable[str], last: str = "and", limit: int = 8) -> str:
    """`"a", "b" and "c"`: at most `limit` names, and how many more."""
    shown = [quoted(name) for name in names]
    if len(shown) > limit:
        return f"{', '.join(shown[:limit])} {last} {len(shown) - limit} more"
    return f" {last} ".join(part for part in (", ".join(shown[:-1]), "".join(shown[-1:])) if part)
