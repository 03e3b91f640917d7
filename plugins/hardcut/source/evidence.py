"""Evidence that is kept beside a plan: what was run for a gate, on which files, and how it went."""

from __future__ import annotations

import msgspec

FORMAT = 1
LARGEST = 4 * 1024 * 1024
LEFT_OUT = "not run: one before it failed"
"""What a step says that was never tried."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One command or question: `what` was asked, whether it `passed`, and what it said.

    `exit` is the exit code (None where there is none: it did not start, or took too long), `seconds` the
    time it took, `output` the end of what it printed.
    """

    what: str
    passed: bool
    said: str = ""
    exit: int | None = None
    seconds: float = 0.0
    output: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one gate's demand.

    `asked` is what the manifest demanded, `tree` the digest of the checked files as they were then,
    `taken` the time in UTC. It passed if every step did, and no step was left out.
    """

    hardcut: int
    plan: str
    wave: str
    kind: str
    asked: list[str]
    tree: str
    taken: str
    passed: bool
    steps: list[Step] = []


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A file of evidence as it was read: there is none, it holds one, or a problem."""

    evidence: Evidence | None = None
    problem: str = ""


def read_evidence(data: bytes) -> Kept:
    """The evidence in a file; empty bytes stand for no file."""
    if not data:
        return Kept()
    if len(data) > LARGEST:
        return Kept(problem=f"is larger than {LARGEST // 1024 // 1024} MiB")
    try:
        evidence = msgspec.json.decode(data, type=Evidence)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as wrong:
        return Kept(problem=f"is no evidence that hardcut wrote: {str(wrong)[:200]}")
    if evidence.hardcut != FORMAT:
        return Kept(problem=f"is of format {evidence.hardcut}; this version reads format {FORMAT}")
    return Kept(evidence)


def write_evidence(evidence: Evidence) -> bytes:
    """Evidence as an indented JSON text, the same for the same evidence."""
    return msgspec.json.format(msgspec.json.encode(evidence), indent=2) + b"\n"
