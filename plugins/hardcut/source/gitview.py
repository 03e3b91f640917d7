"""The files that git sees in a folder."""

from __future__ import annotations

import os

_MOST_PATHSPECS = 100
_SECONDS = 120


def git_files(real: str, bases: list[str]) -> list[str] | None:
    """Tracked files and untracked ones that are not ignored; None where git has no answer."""
    from hardcut.source.git import git

    command = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if "" not in bases and len(bases) <= _MOST_PATHSPECS:
        command += ["--", *bases]
    answer = git(real, *command, seconds=_SECONDS)
    return None if answer is None else [path for path in os.fsdecode(answer).split("\0") if path]
