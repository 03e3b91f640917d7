"""`hardcut burndown`: what remained of each wave, commit by commit."""

from __future__ import annotations

import os
import shutil
import sys
import time

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.names import codes, waves
from hardcut.engine.history.burndown import burndown
from hardcut.engine.history.burndown_data import Burndown
from hardcut.engine.options import Options
from hardcut.integrations.cli.output import emit, write_file
from hardcut.report.terminal import detect
from hardcut.source.log import LogError

ENDINGS = ("svg", "png", "html", "json")


@click.command("burndown")
@click.option(
    "--since", metavar="REV|DATE", help="Start with this commit, or with the last one before this date."
)
@click.option("--until", metavar="REV", default="HEAD", help="End with this commit (HEAD).")
@click.option("--output", metavar="FILE", help="Write a picture (.svg, .png), a page (.html) or .json there.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), help="What to print without --output.")
@click.option(
    "--commits",
    "most",
    type=click.IntRange(min=2),
    metavar="N",
    help="The largest number of commits, evenly chosen.",
)
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves.")
@click.option("--select", multiple=True, metavar="LIST", help="Only these rules: names, codes, or CUT1.")
@click.option("--ignore", multiple=True, metavar="LIST", help="All rules but these.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
def command(
    since: str | None,
    until: str,
    output: str | None,
    form: str | None,
    most: int | None,
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Show what was left of each wave in every commit of the history, checked against the current plan.

    Follows first parents. Nothing is checked out. Exits with 0, or 2 if there is no history to read.
    """
    ending = _ending(output, form)
    _ready(ending)
    plans = plans_of(plan, root)
    options = Options(
        root=plans[0].root,
        plans=plans,
        waves=waves(wave, plans) or None,
        select=codes(select),
        ignore=codes(ignore),
        cache=not no_cache,
        jobs=jobs,
    )
    progress = Progress()
    try:
        found = burndown(options, until, since, most, progress.tick)
    except LogError as problem:
        raise plain(str(problem)) from None
    finally:
        progress.clear()
    if not found.lines:
        raise plain("the plan has no waves")
    if output is None or output == "-":
        _show(found, ending)
    else:
        write_file(output, _drawn(found, ending), options.root)
    return 0


class Progress:
    """A line on standard error that tells how far a long run is; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._said = 0.0
        self._shown = False

    def tick(self, done: int, of: int) -> None:
        """So many commits are done."""
        now = time.monotonic()
        if self._on and now - self._said > 0.1:
            self._said, self._shown = now, True
            sys.stderr.write(f"\r{done:,} of {of:,} commits")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _ending(output: str | None, form: str | None) -> str:
    """What is wanted: `text`, or one of the endings."""
    if output is None or output == "-":
        return form or "text"
    ending = os.path.splitext(output)[1].lower().lstrip(".")
    if ending not in ENDINGS:
        raise plain(f"{output} ends in none of {', '.join(f'.{one}' for one in ENDINGS)}")
    if form is not None:
        raise plain("--output FILE decides the format by its ending; --format is for what is printed")
    return ending


def _ready(ending: str) -> None:
    """Say that Pillow is missing before the work, not after it."""
    if ending != "png":
        return
    from importlib.util import find_spec

    if find_spec("PIL") is None:
        raise plain("a PNG needs Pillow: pip install 'hardcut[png]'; .svg and .html need nothing")


def _drawn(found: Burndown, ending: str) -> bytes:
    if ending == "png":
        from hardcut.integrations.cli import png

        return png.render(found)
    if ending == "svg":
        from hardcut.report.burndown import svg

        return svg.render(found).encode()
    if ending == "html":
        from hardcut.report.burndown import page

        return page.render(found).encode()
    from hardcut.report.burndown import as_json

    return as_json.render(found).encode()


def _show(found: Burndown, form: str) -> None:
    if form == "json":
        from hardcut.report.burndown import as_json

        emit(as_json.render(found))
        return
    from hardcut.report.burndown import chart

    terminal = detect(sys.stdout, os.environ)
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    width = min(shutil.get_terminal_size((100, 24)).columns, 140)
    emit(chart.render(found, terminal, width, plain=not encoding.startswith("utf")), terminal.colour)
