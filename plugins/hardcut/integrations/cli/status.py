"""`hardcut status`: how far each wave is."""

from __future__ import annotations

import os
import sys

import click

from hardcut.api.inputs import plans_of
from hardcut.api.names import waves
from hardcut.engine.options import Options
from hardcut.engine.progress import progress
from hardcut.engine.run import check
from hardcut.integrations.cli.output import emit, write_file
from hardcut.report.status import FORMATS, render
from hardcut.report.terminal import PLAIN, detect


@click.command("status")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="The output format.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves.")
@click.option("--all", "every", is_flag=True, help="List the gates that are done, too.")
@click.option("--output-file", metavar="FILE", help="Write it there.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
def command(
    form: str,
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    every: bool,
    output_file: str | None,
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Show the waves and gates: state, what is done, what remains, what blocks.

    Exits with 0 even if findings remain, and with 2 if the input cannot be used.
    """
    plans = plans_of(plan, root)
    only = waves(wave, plans) or None
    options = Options(
        root=plans[0].root, plans=plans, cache=not no_cache, jobs=jobs, compare=False, every_gate=True
    )
    report = check(options)
    output_file = None if output_file == "-" else output_file
    terminal = PLAIN if output_file or form != "text" else detect(sys.stdout, os.environ)
    text = render(progress(plans, report, only), form, every, terminal)
    if output_file is None:
        emit(text, terminal.colour)
    else:
        write_file(output_file, text.encode("utf-8", "backslashreplace"), plans[0].root)
    return 0
