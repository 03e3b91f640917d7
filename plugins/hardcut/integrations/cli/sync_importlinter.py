"""`hardcut sync importlinter`: contracts of import-linter's own types, in its configuration."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.names import waves
from hardcut.integrations.cli.output import emit, write_file
from hardcut.integrations.sync import linter_config as configuration
from hardcut.integrations.sync.linter_contracts import Contracts
from hardcut.plan.gates import LoadedPlan
from hardcut.report.escape import clean
from hardcut.report.summary import count


@click.command("importlinter", short_help="contracts of its own types")
@click.option("--check", is_flag=True, help="Write nothing; check that the block is current and in force.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="These waves, not all active and landed ones.")
@click.option("--output", metavar="FILE", help="A configuration, instead of the one that counts.")
def command(
    check: bool, plan: tuple[str, ...], root: str | None, wave: tuple[str, ...], output: str | None
) -> int:
    """Write the part of the plan that import-linter's own contract types can express into its configuration.

    With --check, exits with 1 if the block does not agree with the plan.
    """
    plans = plans_of(plan, root)
    top = plans[0].root
    used = configuration.config(top)
    path = os.path.abspath(output) if output else os.path.join(top, used or ".importlinter")
    name = os.path.basename(path)
    text = configuration.read(path) if os.path.isfile(path) else ""
    start = text or configuration.fresh(_packages(plans))
    carried = Contracts(plans, configuration.settings(start, name)).carried(waves(wave, plans))
    names = clean(", ".join(one.path for one in plans))
    wanted = configuration.placed(start, name, names, carried)
    shown = clean(os.path.relpath(path))
    if not check:
        write_file(path, wanted.encode(), plans[0].root)
        left = f"; not carried: {len(carried.left)}, see there" if carried.left else ""
        emit(f"{shown} written with {count(len(carried.contracts), 'contract')}{left}\n")
        return 0
    wrong = []
    if wanted != text:
        state = "not there" if not text else "not what the plan says"
        wrong.append(f"{shown} is {state}; `hardcut sync importlinter` writes it{' again' if text else ''}")
    elif used is not None and not os.path.samefile(path, os.path.join(top, used)):
        wrong.append(f"{shown} is not in force: import-linter reads {used}")
    emit("".join(f"{clean(one)}\n" for one in wrong))
    return 1 if wrong else 0


def _packages(plans: Sequence[LoadedPlan]) -> list[str]:
    """The packages at the top of the import roots."""
    found: set[str] = set()
    for folder in dict.fromkeys(one for plan in plans for one in plan.manifest.plan.source):
        try:
            with os.scandir(os.path.join(plans[0].root, folder)) as entries:
                found |= {
                    one.name for one in entries if os.path.isfile(os.path.join(one.path, "__init__.py"))
                }
        except OSError:
            continue
    if not found:
        raise plain("no package for import-linter to read: no folder of `plan.source` holds one")
    return sorted(found)
