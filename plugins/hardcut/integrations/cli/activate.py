"""`hardcut activate`: work on a wave begins."""

from __future__ import annotations

import click

from hardcut.api.inputs import plans_of
from hardcut.engine.landing import not_landed
from hardcut.integrations.cli.edits import edit, place_of, wave_of
from hardcut.integrations.cli.output import emit
from hardcut.plan.decisions import open_decisions
from hardcut.plan.edit import with_state
from hardcut.report.escape import clean


@click.command("activate")
@click.argument("wave")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
def command(wave: str, plan: tuple[str, ...], root: str | None) -> int:
    """Set WAVE's state from planned to active.

    Exits with 0 if it is active, 1 if a wave that it requires has not landed or it has landed itself,
    2 if the input cannot be used. Open decisions are listed and do not prevent it.
    """
    chosen, table = wave_of(plans_of(plan, root), wave)
    if table.state == "active":
        emit(clean(f"wave {wave} is active already") + "\n")
        return 0
    if table.state == "landed":
        said = f"wave {wave} has landed, for good; only an edit by hand sets it back"
        emit(clean(f"{said}  {place_of(chosen, wave)}") + "\n")
        return 1
    missing = not_landed(chosen, wave)
    if missing:
        for one, state, declared in missing:
            said = f"wave {wave} cannot begin: wave {one} has to land first; it is {state}"
            emit(clean(f"{said}  {declared.path}:{declared.line}") + "\n")
        return 1
    edit(chosen, lambda one: with_state(one, wave, "active"))
    emit(clean(f"wave {wave} is active") + "\n")
    for each in open_decisions(chosen, wave):
        place = f"{each.gate.declared.path}:{each.gate.declared.line}"
        emit(clean(f"note: {each.said}; it has to be settled before the wave lands  {place}") + "\n")
    return 0
