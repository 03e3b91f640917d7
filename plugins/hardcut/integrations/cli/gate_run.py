"""Runs gates and keeps their evidence; for `hardcut gate run` and for landing a wave."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from hardcut.api.errors import plain
from hardcut.engine.evidence.asking import python_of
from hardcut.engine.evidence.commands import Limits
from hardcut.engine.evidence.take import is_run, take
from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.finding import Finding
from hardcut.integrations.cli.output import emit, write_file
from hardcut.plan.evidence import KINDS, path_of
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.report.escape import clean
from hardcut.source.evidence import Step, write_evidence

Chosen = tuple[LoadedPlan, Gate[Any]]
NEWLINE = "\n"
LINES = 15
"""Lines of a failed step's output that are shown; more are kept."""


def evidence_gates(plans: Sequence[LoadedPlan], kinds: Sequence[str], waves: frozenset[str]) -> list[Chosen]:
    """The gates of some kinds (of all, if none is named) and waves that evidence is kept for."""
    return [
        (plan, gate)
        for plan in plans
        for gate in plan.gates
        if type(gate.entry) in KINDS
        and gate.wave in waves
        and (not kinds or KINDS[type(gate.entry)] in kinds)
    ]


def run_gates(
    chosen: Sequence[Chosen], limits: Limits, python: str | None = None, verbose: bool = False
) -> bool:
    """Run each gate, show its steps, keep its evidence; True where all of it passed.

    `python` is the command that starts the Python which knows the project's packages. `verbose` shows
    the output of what runs as it comes.

    Raises Unusable where evidence cannot be written, or no Python is found for a question.
    """
    good = True
    for plan, gate in chosen:
        shown = Shown(verbose)
        told = msgspec.structs.replace(limits, watch=_watch if verbose else None, tick=shown.tick)
        good = _run_gate(plan, gate, told, python, shown) and good
    return good


def _run_gate(plan: LoadedPlan, gate: Gate[Any], limits: Limits, python: str | None, shown: Shown) -> bool:
    kind = KINDS[type(gate.entry)]
    emit(clean(f"{kind}:{gate.wave}  {gate.declared.path}:{gate.declared.line}") + "\n")
    passed = True
    if is_run(gate):
        _writable(plan, path_of(plan, gate))
        if kind == "snapshot" and gate.entry.run is None and not gate.entry.file.endswith((".csv", ".json")):
            raise plain(f"cannot write {gate.entry.file}: a snapshot is a .csv or a .json file")

        def words(module: str) -> list[str]:
            return python_of(Path(plan.root), python, module)

        try:
            taken = take(plan, gate, words, limits, shown.begins, shown.ends)
        except ValueError as problem:
            raise plain(f"--python: {problem}" if python else str(problem)) from None
        if taken.snapshot:
            _write(plan, gate.entry.file, taken.snapshot)
        path = path_of(plan, gate)
        _write(plan, path, write_evidence(taken.evidence))
        passed = taken.evidence.passed
        emit(f"  {'passed' if passed else 'failed'}; kept in {clean(path)}\n")
    if kind in ("benchmark", "snapshot"):
        wrong = _judged(plan, gate)
        emit("".join(f"  {one.severity}: {clean(one.message)}\n" for one in wrong))
        passed = passed and not any(one.severity in ("error", "warning") for one in wrong)
        emit("" if wrong else "  compared: nothing is wrong\n")
    return passed


def _judged(plan: LoadedPlan, gate: Gate[Any]) -> list[Finding]:
    """What the rules say of a gate now, as if its wave had landed."""
    options = Options(
        root=plan.root,
        plans=[plan],
        select=frozenset({"CUT802", "CUT803"}),
        assume_landed=frozenset({gate.wave}),
        cache=False,
        jobs=1,
    )
    report = check(options)
    return [one for one in (*report.findings, *report.contested) if one.declared == gate.declared]


class Shown:
    """The steps of one gate on the terminal: each is named when it begins, and gets its outcome behind it."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._open = ""

    def begins(self, what: str) -> None:
        """Name a step, before it is known how it goes."""
        self._open = clean(what)
        emit(f"  {self._open} ...{NEWLINE if self._verbose else ' '}")
        sys.stdout.flush()

    def tick(self, seconds: float) -> None:
        """Say how long it has taken, where somebody watches."""
        if sys.stdout.isatty() and not self._verbose:
            emit(f"\r  {self._open} ... {seconds:.0f} s ")
            sys.stdout.flush()

    def ends(self, step: Step) -> None:
        """Say how a step went, with the end of its output if it failed."""
        begun = self._open and self._open == clean(step.what) and not self._verbose
        self._open = ""
        how = ", ".join(part for part in ("passed" if step.passed else "failed", step.said) if part)
        time = f", {step.seconds:.1f} s" if step.seconds else ""
        emit(clean(f"{'' if begun else f'  {step.what}: '}{how}{time}") + NEWLINE)
        if not step.passed and step.output and not self._verbose:
            lines = step.output.rstrip(NEWLINE).splitlines()[-LINES:]
            emit("".join(f"    | {clean(line)}\n" for line in lines))


def _write(plan: LoadedPlan, path: str, data: bytes) -> None:
    write_file(_made(plan, path), data, plan.root)


def _made(plan: LoadedPlan, path: str) -> str:
    """The place where a path may be written, in a folder that is there."""
    _writable(plan, path)
    whole = os.path.join(plan.root, path)
    try:
        os.makedirs(os.path.dirname(whole), exist_ok=True)
    except OSError as problem:
        raise plain(f"cannot make the folder of {path}: {problem.strerror}") from None
    return whole


def _writable(plan: LoadedPlan, path: str) -> None:
    """Raise Unusable where evidence cannot be kept, and for a path on which a link leads elsewhere.

    Nothing is made: what is interrupted later leaves no folder behind.
    """
    whole = os.path.join(plan.root, path)
    inside = os.path.relpath(os.path.realpath(whole), os.path.realpath(plan.root))
    expected = os.path.relpath(os.path.abspath(whole), os.path.abspath(plan.root))
    if inside != expected:
        raise plain(f"cannot write {path}: a symbolic link on the way leads elsewhere")
    if os.path.lexists(whole) and not stat.S_ISREG(os.lstat(whole).st_mode):
        raise plain(f"cannot write {path}: it is no plain file")
    folder = os.path.dirname(whole)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        raise plain(f"cannot make the folder of {path}: {os.path.relpath(folder, plan.root)} is no folder")
    if not os.access(folder, os.W_OK):
        raise plain(f"cannot write {path}: {os.strerror(errno.EACCES)}")


def _watch(data: bytes) -> None:
    click.echo(data.decode("utf-8", "replace"), nl=False)
