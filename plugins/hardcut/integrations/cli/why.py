"""`hardcut why`: what the plan says about a name, and what is left of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.paths import relative
from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.engine.why import Answer, answer, ask, near
from hardcut.integrations.cli.output import emit
from hardcut.plan.errors import listing, quoted
from hardcut.report.terminal import detect
from hardcut.report.why import FORMATS, as_json, as_text
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree


@click.command("why")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="The output format.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
def command(
    name: str, form: str, plan: tuple[str, ...], root: str | None, no_cache: bool, jobs: int | None
) -> int:
    """Show what the plan says about NAME: a module, a symbol, a Class.member, a path, or a package above.

    Shows its wave, the reason, the new module, and every reference that is left. Exits with 0, or with 2 if
    the plan does not contain it.
    """
    found = look_up(name, plan, root, cache=not no_cache, jobs=jobs)
    if form == "json":
        emit(as_json(name, found.answers, found.below))
        return 0
    terminal = detect(sys.stdout, os.environ)
    emit(as_text(found.root, found.answers, found.below, terminal), terminal.colour)
    return 0


class Found(msgspec.Struct, frozen=True):
    """What the plans of a root say about a name, and about the names below it."""

    root: str
    answers: list[Answer]
    below: list[Answer]


def look_up(name: str, plan: Sequence[str], root: str | None, cache: bool, jobs: int | None) -> Found:
    """What the plans say about a module, a symbol or a path, with all that is left of it.

    Raises:
        Unusable: a plan cannot be used, or none speaks of the name; with the nearest names.
    """
    plans = plans_of(plan, root)
    folders = list(dict.fromkeys(folder for loaded in plans for folder in loaded.manifest.plan.source))
    top = plans[0].root
    inside = relative(top, name) if "/" in name or os.sep in name else None
    asked = ask(plans, [name] if inside is None else [inside, name], Roots(DiskTree(Path(top)), folders))
    if not asked.found and not asked.below:
        close = near(plans, name)
        hint = f"; did you mean {listing(close, 'or')}?" if close else ""
        raise plain(f"the plan does not speak of {quoted(name)}{hint}")
    report = check(Options(root=top, plans=plans, cache=cache, jobs=jobs, compare=False, every_gate=True))
    return Found(top, answer(plans, asked.found, report), answer(plans, asked.below, report))
