"""`hardcut check`: hold the code to its plan and report what is left."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import click

from hardcut.api.check import traced_outcome
from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.options import options_of
from hardcut.engine.gather import Sources
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.stored_answer import Printed, Request
from hardcut.finding import Declared
from hardcut.integrations.cli.output import emit, write_file
from hardcut.plan.gates import LoadedPlan
from hardcut.report import formats
from hardcut.report.terminal import PLAIN, detect
from hardcut.report.view import Asked, View

STDIN = "-"
COLLECTING = 50_000, 20, 100
"""When unreachable objects are looked for: seldom, for what a run makes lives to its end."""


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--format", "form", type=click.Choice(formats.names()), default="text", help="The output format."
)
@click.option(
    "--plan",
    multiple=True,
    metavar="FILE",
    help="A manifest, instead of those found upward; dist:NAME is the one that a library ships.",
)
@click.option("--python", metavar="PATH", help="The environment in which dist:NAME is installed.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option(
    "--draft", is_flag=True, help="Check the deletions and moves of the change itself; needs no manifest."
)
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves, planned ones too.")
@click.option(
    "--assume-landed", multiple=True, metavar="LIST", help="Check these waves as if they had landed."
)
@click.option(
    "--select", multiple=True, metavar="LIST", help="Only these rules: names, codes, or CUT1 for a family."
)
@click.option("--ignore", multiple=True, metavar="LIST", help="All rules but these.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Further files that are not checked.")
@click.option("--force-exclude", is_flag=True, help="Skip named files that are excluded.")
@click.option("--show-planned", is_flag=True, help="List the findings of planned waves.")
@click.option(
    "--show-remaining", is_flag=True, help="Also list the findings of active waves that are not new."
)
@click.option("--statistics", is_flag=True, help="Add a table of counts by wave and rule.")
@click.option(
    "--base", metavar="REV", help="The revision that waves which have not landed are compared with."
)
@click.option("--today", metavar="DATE", help="The day for which waivers are checked, as YYYY-MM-DD.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are errors in the code.")
@click.option("--output-file", metavar="FILE", help="Write the report there.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
@click.option("--stdin-filename", metavar="NAME", help="The path of what `-` reads from standard input.")
def command(
    paths: tuple[str, ...],
    form: str,
    plan: tuple[str, ...],
    python: str | None,
    root: str | None,
    draft: bool,
    wave: tuple[str, ...],
    assume_landed: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
    show_planned: bool,
    show_remaining: bool,
    statistics: bool,
    base: str | None,
    today: str | None,
    exit_zero: bool,
    output_file: str | None,
    no_cache: bool,
    jobs: int | None,
    stdin_filename: str | None,
) -> int:
    """Check the project, or only PATHS in it, against its cutover plan.

    Exits with 0 if nothing is wrong, 1 if there are errors, 2 if the input cannot be used. Warnings,
    planned and contested findings are not errors.
    """
    output_file = None if output_file == "-" else output_file
    if draft:
        if plan or wave or assume_landed or STDIN in paths or stdin_filename is not None:
            raise plain("--draft infers the plan, and checks files: no --plan, --wave, --assume-landed or -")
        return _checked_draft(
            paths=paths,
            form=form,
            root=root,
            base=base,
            output_file=output_file,
            exit_zero=exit_zero,
            no_cache=no_cache,
            jobs=jobs,
        )
    if any(name.startswith("dist:") for name in plan):
        if STDIN in paths or stdin_filename is not None or select or ignore or base is not None:
            raise plain("the plan of a library is checked in files: no -, --select, --ignore or --base")
        return _checked_library(
            paths=paths,
            plan=plan,
            python=python,
            waves=wave,
            assume_landed=assume_landed,
            exclude=exclude,
            form=form,
            root=root,
            output_file=output_file,
            exit_zero=exit_zero,
            show_planned=show_planned,
            no_cache=no_cache,
            jobs=jobs,
        )
    if python is not None:
        raise plain("--python goes with --plan dist:NAME")
    plans = plans_of(plan, root)
    source = None
    if STDIN in paths or (stdin_filename is not None and not paths):
        if len(paths) > 1:
            raise plain("standard input (-) is checked by itself")
        paths = ()
        source = stdin_filename or os.path.join(plans[0].root, "stdin.py"), _stdin()
    options = options_of(
        plans,
        paths=paths,
        waves=wave,
        assume_landed=assume_landed,
        select=select,
        ignore=ignore,
        exclude=exclude,
        force_exclude=force_exclude,
        cache=not no_cache,
        jobs=jobs,
        source=source,
        base=base,
        today=today,
    )
    gc.set_threshold(*COLLECTING)
    report, sources = traced_outcome(options)
    view = View(
        root=plans[0].root,
        sources=dict([options.stdin]) if options and options.stdin else {},
        reasons=_reasons(plans) if form == "text" else {},
        planned=show_planned or bool(wave),
        remaining=show_remaining or bool(wave),
        statistics=statistics,
        terminal=PLAIN if output_file or form != "text" else detect(sys.stdout, os.environ),
        asked=_asked(options, report) if options and formats.find(form).asked else [],
    )
    code = 1 if report.failed and not exit_zero else 0
    text, aside = show(report, view, form, output_file)
    # Where colours are unwanted, click takes escape sequences out on the way.
    plain_text = view.terminal.colour or "\x1b" not in text + aside
    if output_file is None and plain_text and options is not None and sources is not None:
        _store(options, sources, (text, aside, code))
    return code


def _checked_draft(**given: Any) -> int:
    from hardcut.integrations.cli.check_draft import DraftRequest, check_draft

    return check_draft(DraftRequest(**given), show)


def _checked_library(**given: Any) -> int:
    from hardcut.integrations.cli.check_library import LibraryRequest, check_library

    return check_library(LibraryRequest(**given), show)


def show(report: Report, view: View, form: str, output_file: str | None) -> tuple[str, str]:
    """Write a report where it goes; gives its text, and what was written beside it to standard error."""
    text, aside = formats.render(form, report, view)
    if output_file is None:
        emit(text, view.terminal.colour)
    else:
        write_file(output_file, text.encode("utf-8", "backslashreplace"), view.root)
    if aside:
        emit(aside, err=True)
    return text, aside


def _store(options: Options, sources: Sources, printed: Printed) -> None:
    """Store what was printed, if a request of the same kind may be answered by it."""
    request: Request | None = click.get_current_context().obj
    if request is not None and options.cache and not options.paths and options.stdin is None:
        from hardcut.engine.answer_inputs import store_answer

        store_answer(request, options, sources, printed)


def _reasons(plans: list[LoadedPlan]) -> dict[Declared, str]:
    return {gate.declared: gate.entry.reason for plan in plans for gate in plan.gates if gate.entry.reason}


def _asked(options: Options, report: Report) -> list[Asked]:
    from hardcut.integrations.cli.asked import asked

    return asked(options, report.whole)


def _stdin() -> bytes:
    try:
        return sys.stdin.buffer.read()
    except (OSError, AttributeError, ValueError):
        raise plain("cannot read standard input") from None
