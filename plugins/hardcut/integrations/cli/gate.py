"""`hardcut gate`: what a plan demands to be run, run when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from hardcut.api.errors import plain, unknown
from hardcut.api.inputs import plans_of
from hardcut.api.names import waves
from hardcut.engine.evidence.commands import Limits
from hardcut.integrations.cli.gate_run import Chosen, evidence_gates, run_gates
from hardcut.integrations.cli.output import emit
from hardcut.plan.evidence import KINDS, demand, path_of
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.report.escape import clean


@click.group("gate")
def command() -> None:
    """Collect evidence for the gates that need a command to be run."""


@command.command("run", short_help="run gates by NAME, and keep their evidence")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option(
    "--wave", multiple=True, metavar="LIST", help="Only gates of these waves, instead of all active ones."
)
@click.option("--python", metavar="COMMAND", help="The Python of the project's environment.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=3600.0, metavar="SECONDS", help="For each command."
)
@click.option("--keep-going", is_flag=True, help="Run the commands after a failed one too.")
@click.option("--verbose", "-v", is_flag=True, help="Show the output as it comes.")
@click.option("--dry-run", is_flag=True, help="Show what would be run, and run nothing.")
def of_run(
    names: tuple[str, ...],
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    python: str | None,
    timeout: float,
    keep_going: bool,
    verbose: bool,
    dry_run: bool,
) -> int:
    """Run gates by NAME and keep their evidence beside the plan.

    NAME is a kind (quality, entrypoint, benchmark, snapshot, or all), or a kind and a wave: quality:2.
    This runs commands that the manifest names. Exits with 0 if everything passed, 1 if not.
    """
    plans = plans_of(plan, root)
    chosen = _chosen(names, plans, waves(wave, plans))
    if dry_run:
        emit("".join(_planned(*one) for one in chosen))
        return 0
    limits = Limits(seconds=timeout, keep_going=keep_going)
    return 0 if run_gates(chosen, limits, python, verbose) else 1


def _chosen(names: Sequence[str], plans: list[LoadedPlan], wanted: frozenset[str]) -> list[Chosen]:
    found: list[Chosen] = []
    active = frozenset(wave.id for plan in plans for wave in plan.manifest.wave if wave.state == "active")
    for name in names:
        kind, colon, wave = name.partition(":")
        if kind not in (*KINDS.values(), "all"):
            raise unknown("gate", kind, (*KINDS.values(), "all"))
        if colon:
            if not wave:
                raise plain(f"{name} names no wave: write {kind}:ID")
            only = waves([wave], plans)
        elif wanted or active:
            only = wanted or active
        else:
            raise plain(f"no wave is active: name one, as {kind}:ID or with --wave")
        gates = evidence_gates(plans, [] if kind == "all" else [kind], only)
        if not gates:
            of = ", ".join(sorted(only))
            asked = "gate that evidence is kept for" if kind == "all" else f"{kind} gate"
            raise plain(f"no {asked} in wave {of}")
        found += [one for one in gates if one not in found]
    return found


def _planned(plan: LoadedPlan, gate: Gate[Any]) -> str:
    lines = [f"{KINDS[type(gate.entry)]}:{gate.wave}  {gate.declared.path}:{gate.declared.line}"]
    lines += [f"  {what}" for what in demand(gate.entry) if what]
    return "".join(f"{clean(line)}\n" for line in [*lines, f"  kept in {path_of(plan, gate)}"])
