"""A plan's commands, run in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from hardcut.engine.evidence.process import Ran, Tick, Watch, run
from hardcut.plan.commands import words_of
from hardcut.source.evidence import LEFT_OUT, Step


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How to run: seconds for each program, whether to go on after a failure, who is told meanwhile."""

    seconds: float = 3600.0
    keep_going: bool = False
    watch: Watch | None = None
    tick: Tick | None = None


def run_commands(
    commands: Sequence[str], folder: Path, limits: Limits, begins: Callable[[str], None]
) -> Iterator[Step]:
    """A step for each command; after a failure the rest is left out, and counts as failed.

    `begins` is told of each command before it starts.
    """
    failed = ""
    for command in commands:
        if failed and not limits.keep_going:
            yield Step(what=command, passed=False, said=LEFT_OUT)
            continue
        begins(command)
        step = run_command(command, folder, limits)
        failed = failed or ("" if step.passed else command)
        yield step


def run_command(command: str, folder: Path, limits: Limits) -> Step:
    """One command as a step."""
    try:
        words, finds_nothing = words_of(command)
    except ValueError as wrong:
        return Step(what=command, passed=False, said=str(wrong))
    ran = run(words, folder, limits.seconds, limits.watch, limits.tick)
    passed = ran.exit == (1 if finds_nothing else 0)
    said = ran.said or ("" if passed else _said(ran, finds_nothing))
    return Step(
        what=command, passed=passed, said=said, exit=ran.exit, seconds=ran.seconds, output=clipped(ran)
    )


def _said(ran: Ran, finds_nothing: bool) -> str:
    if finds_nothing and ran.exit == 0:
        return "it had to find nothing, and found something"
    if ran.exit is not None and ran.exit < 0:
        return f"ended by signal {-ran.exit}"
    return f"exit code {ran.exit}"


def clipped(ran: Ran) -> str:
    """The end of the output, without what moves a terminal's cursor."""
    text = ran.tail.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
