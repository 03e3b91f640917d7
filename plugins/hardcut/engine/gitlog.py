"""Questions to git; nothing of the checked project is run."""

from __future__ import annotations

import os
from pathlib import Path

SECONDS = 10
KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "USERPROFILE", "TMPDIR", "TEMP")


def head(root: Path) -> bytes:
    """The commit that is checked out, empty where there is none."""
    return git(root, "rev-parse", "-q", "--verify", "HEAD") or b""


def git(root: Path, *arguments: str) -> bytes | None:
    """What a git command prints, None where it fails, is missing or takes too long."""
    import subprocess

    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "-C", str(root), "--literal-pathspecs", *arguments],
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return done.stdout if done.returncode == 0 else None
