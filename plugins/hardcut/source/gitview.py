"""The files that git sees in a folder."""

from __future__ import annotations

import os

_SECONDS = 120
_KEPT = (
    "GIT_EXEC_PATH",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
)
"""How git itself is set up: all other GIT_ variables are about one repository, or change the output."""
_MOST_PATHSPECS = 100


def git_files(real: str, bases: list[str]) -> list[str] | None:
    """Tracked files and untracked ones that are not ignored; None where git has no answer.

    A hook's own GIT_DIR, GIT_INDEX_FILE and the like speak of the repository that is committed to,
    which need not be the one around the root: they are left out, and the root decides.
    """
    import subprocess

    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    # nothing that a repository's configuration names is run
    settings = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    command = ["git", "-C", real, *settings, "--literal-pathspecs", "ls-files", "-z", "--cached", "--others"]
    command.append("--exclude-standard")
    if "" not in bases and len(bases) <= _MOST_PATHSPECS:
        command += ["--", *bases]
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return (
        [path for path in os.fsdecode(answer.stdout).split("\0") if path] if answer.returncode == 0 else None
    )
