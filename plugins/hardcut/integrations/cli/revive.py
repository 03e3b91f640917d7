"""`hardcut revive`: a deleted module that comes back on purpose."""

from __future__ import annotations

import re

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.integrations.cli.edits import ONE, edit
from hardcut.integrations.cli.output import emit
from hardcut.plan.deletions import Deleted
from hardcut.plan.edit import with_revive
from hardcut.plan.errors import listing, nearest, quoted
from hardcut.plan.model import DOTTED
from hardcut.report.escape import clean


@click.command("revive")
@click.argument("module")
@click.option("--reason", required=True, metavar="TEXT", help="Why it comes back; kept in the manifest.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
def command(module: str, reason: str, plan: tuple[str, ...], root: str | None) -> int:
    """Record that MODULE, which the plan deletes, comes back on purpose.

    It may exist again afterwards. Exits with 0 if the manifest records it, 2 if no wave deletes
    the module or the input cannot be used.
    """
    if re.match(DOTTED, module) is None:
        raise plain(f"{quoted(module)} is no dotted name of a module")
    if not reason.strip():
        raise plain("--reason is blank: say why it comes back")
    plans = plans_of(plan, root)
    found = [one for one in plans if Deleted(one.manifest).under(module)]
    if not found:
        known = [one.module for each in plans for wave in each.manifest.wave for one in wave.delete]
        near = nearest(module, known)
        raise plain(f"no wave deletes {quoted(module)}" + (f"; did you mean {quoted(near)}?" if near else ""))
    if len(found) > 1:
        raise plain(f"{quoted(module)} is deleted in {listing(one.path for one in found)}; {ONE}")
    chosen = found[0]
    if any(one.module == module for one in chosen.manifest.revive):
        emit(clean(f"{module} is revived already in {chosen.path}") + "\n")
        return 0
    edit(chosen, lambda one: with_revive(one, module, reason))
    emit(clean(f"{module} is revived in {chosen.path}") + "\n")
    return 0
