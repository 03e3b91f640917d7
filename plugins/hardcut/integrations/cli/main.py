"""The `hardcut` command: its commands, and how it ends.

This module imports only what Python has loaded at its start, because a stored answer needs no more.
"""

import os
import sys

from hardcut.engine.stored_answer import Answer, request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

UNUSABLE = 2
INTERRUPTED = 130


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run a command and give its exit code: 0 clean, 1 findings, 2 unusable input, 130 interrupted.

    No exception gets out; HARDCUT_DEBUG=1 shows the traceback of an error of our own.
    """
    try:
        words = list(sys.argv[1:] if argv is None else argv)
        request = request_of(words)
        answer = request.stored() if request is not None else None
        if answer is not None:
            return _print(answer)
        from hardcut.integrations.cli.commands import run

        return run(words, request)
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


def _print(answer: Answer) -> int:
    """Print a stored answer; gives its exit code."""
    out, err, code = answer.printed
    for stream, text in ((sys.stdout, out), (sys.stderr, err)):
        try:
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
            stream.write(text)
            stream.flush()
        except OSError as problem:
            from hardcut.integrations.cli.output import failed

            if (failure := failed(problem, stream is sys.stderr)) is not None:
                sys.stderr.write(f"{failure.message}\n")
                return UNUSABLE
    return code
