"""`hardcut selftest`: whether each gate would find what it is there for."""

from __future__ import annotations

import os
import sys

import click

from hardcut.api.inputs import plans_of
from hardcut.api.names import waves
from hardcut.engine.options import Options
from hardcut.engine.selftest.run import selftest
from hardcut.integrations.cli.output import emit
from hardcut.report.selftest import FORMATS, render
from hardcut.report.terminal import PLAIN, detect


@click.command("selftest")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="The output format.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
def command(form: str, plan: tuple[str, ...], root: str | None, wave: tuple[str, ...], no_cache: bool) -> int:
    """Plant a violation of each gate in the project's files, in memory, and check that it is found.

    No file is written, and no code of the project is run. Exits with 0 if every violation that could be
    planted was found, 1 if one was not, 2 if the input cannot be used.
    """
    plans = plans_of(plan, root)
    only = waves(wave, plans)
    chosen = [(one, table.id) for one in plans for table in one.manifest.wave if not only or table.id in only]
    tried = selftest(Options(root=plans[0].root, plans=plans, cache=not no_cache), chosen)
    terminal = PLAIN if form != "text" else detect(sys.stdout, os.environ)
    emit(render(tried, form, terminal), terminal.colour)
    return 1 if any(one.verdict == "missed" for one in tried) else 0
