"""`hardcut land`: a wave lands once nothing is missing."""

from __future__ import annotations

import os
import sys

import click

from hardcut.api.inputs import plans_of
from hardcut.engine.landing import Lack, lacks
from hardcut.engine.options import Options
from hardcut.integrations.cli.edits import edit, place_of, wave_of, writable
from hardcut.integrations.cli.output import emit
from hardcut.plan.edit import with_state
from hardcut.plan.gates import LoadedPlan
from hardcut.report.escape import clean
from hardcut.report.landing import as_json, lacking, to_json
from hardcut.report.terminal import detect


@click.command("land")
@click.argument("wave")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option(
    "--run", "run_first", is_flag=True, help="First run what the wave requires, and keep the evidence."
)
@click.option("--python", metavar="COMMAND", help="With --run: the Python of the project's environment.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=3600.0,
    metavar="SECONDS",
    help="With --run: for each command.",
)
@click.option("--dry-run", "--check", is_flag=True, help="Write nothing; only list what is missing.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="The output format."
)
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
def command(
    wave: str,
    plan: tuple[str, ...],
    root: str | None,
    run_first: bool,
    python: str | None,
    timeout: float,
    dry_run: bool,
    form: str,
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Set WAVE's state to landed if nothing is missing; otherwise list what is missing.

    Checks, in this order: the waves that it requires, open decisions, the findings of every gate as if the
    wave had landed, gates that no rule checks, evidence, and the selftest of the gates. Exits with 0 if the
    wave has landed (or could), 1 if something is missing, 2 if the input cannot be used, or if an entry
    matches nothing and the history is incomplete (a shallow clone, no git).
    """
    plans = plans_of(plan, root)
    chosen, table = wave_of(plans, wave)
    found: list[Lack] = []
    if table.state != "landed":
        if not dry_run:
            writable(chosen)
        if run_first:
            _run(chosen, wave, timeout, python)
        options = Options(root=chosen.root, plans=plans, cache=not no_cache, jobs=jobs, compare=False)
        found = lacks(options, chosen, wave)
        if not found and not dry_run:
            edit(chosen, lambda loaded: with_state(loaded, wave, "landed"))
    lands = not found and not dry_run
    if form == "json":
        emit(as_json(to_json(chosen.name, wave, "landed" if lands else table.state, found)))
    elif found:
        terminal = detect(sys.stdout, os.environ)
        emit(lacking(wave, found, terminal), terminal.colour)
    else:
        emit(clean(f"{_outcome(wave, table.state, lands)} ({place_of(chosen, wave)})") + "\n")
    if not found:
        return 0
    return 2 if any(lack.step == "history" for lack in found) else 1


def _outcome(wave: str, state: str, lands: bool) -> str:
    if state == "landed":
        return f"wave {wave} has landed already"
    return f"wave {wave} has landed" if lands else f"nothing is missing: wave {wave} can land"


def _run(plan: LoadedPlan, wave: str, timeout: float, python: str | None) -> None:
    from hardcut.engine.evidence.commands import Limits
    from hardcut.integrations.cli.gate_run import evidence_gates, run_gates

    run_gates(evidence_gates([plan], [], frozenset({wave})), Limits(seconds=timeout), python)
