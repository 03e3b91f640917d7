"""The `hardcut` command: its commands, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

UNUSABLE = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0 clean, 1 findings, 2 unusable input, 130 interrupted.

    No exception gets out; HARDCUT_DEBUG=1 shows the traceback of an error of our own.
    """
    try:
        from hardcut.hosts.cli.commands import run

        return run(argv)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ImportError as problem:
        if os.environ.get("HARDCUT_DEBUG"):
            raise
        sys.stderr.write(
            f"hardcut: cannot run here: {ascii(str(problem))[1:-1]} (HARDCUT_DEBUG=1 shows where)\n"
        )
        return UNUSABLE
    except Exception as problem:
        if os.environ.get("HARDCUT_DEBUG"):
            raise
        said = ascii(str(problem))[1:-1]
        name = type(problem).__name__
        sys.stderr.write(f"hardcut: internal error: {name}: {said} (HARDCUT_DEBUG=1 shows where)\n")
        return UNUSABLE
