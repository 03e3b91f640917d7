"""Input that cannot be used: all that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterable

from hardcut.plan.errors import ManifestError, describe, listing, nearest, quoted
from hardcut.plan.gates import Problem
from hardcut.report.escape import clean


class Unusable(Exception):
    """What was given cannot be used; nothing was checked.

    `problems` are all that is wrong, in the order in which it was found. A problem of a manifest has
    its file, line, column and key; one of a name or a path that was given has only a message (its
    `path` is empty). As text, each is one line, in which control characters are spelled out.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems: list[Problem] = list(problems)
        super().__init__(*problems)

    def __str__(self) -> str:
        """Every problem, each on its line."""
        return "\n".join(clean(describe(one)) for one in self.problems)

    @property
    def message(self) -> str:
        """The same for an integration: a line about no file says that it comes from hardcut."""
        return "\n".join(("" if one.path else "hardcut: ") + clean(describe(one)) for one in self.problems)


def plain(*texts: str) -> Unusable:
    """An error about what was given, which has no place in a file; a problem for each text."""
    return Unusable(*(Problem("", 0, 0, "", text) for text in texts))


def unusable(problem: Exception) -> Unusable:
    """Another error as one of ours: all that is wrong in manifests, or the operating system's own words."""
    if isinstance(problem, Unusable):
        return problem
    if isinstance(problem, ManifestError):
        return Unusable(*problem.problems)
    return plain(why(problem) if isinstance(problem, OSError) else str(problem))


def why(problem: OSError) -> str:
    """An operating system's error in its own words."""
    return problem.strerror or type(problem).__name__


def unknown(what: str, name: str, known: Iterable[str]) -> Unusable:
    """An error about a name that does not exist, with the nearest one that does."""
    names = sorted(set(known))
    lower = {candidate.lower(): candidate for candidate in names}
    near = nearest(name.lower(), lower)
    if near is not None:
        return plain(f"unknown {what} {quoted(name)}; did you mean {quoted(lower[near])}?")
    there = f"there are {listing(names)}" if names else "there are none"
    return plain(f"unknown {what} {quoted(name)}; {there}")


def raise_all(found: Iterable[Unusable]) -> None:
    """Raise one error with all problems of several, if there are any.

    Raises:
        Unusable: there is at least one.
    """
    problems = [one for problem in found for one in problem.problems]
    if problems:
        raise Unusable(*problems)
