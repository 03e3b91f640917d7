"""Input that cannot be used: said in a line or several, with exit code 2."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import click

from hardcut.plan.errors import ManifestError, describe, listing, nearest, quoted
from hardcut.report.escape import clean


class Unusable(click.ClickException):
    """What the user gave cannot be used; every line is shown, nothing else happens."""

    exit_code = 2

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(clean(line) for line in lines))

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the lines to standard error, or to a file."""
        click.echo(self.message, file=file, err=file is None)


def plain(text: str) -> Unusable:
    """An error of the command line itself, which has no place in a file."""
    return Unusable(f"hardcut: {text}")


def of_manifest(problem: ManifestError) -> Unusable:
    """All that is wrong in manifests, one problem a line: `path:line:col: key: message`."""
    return Unusable(*(describe(one) for one in problem.problems))


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
