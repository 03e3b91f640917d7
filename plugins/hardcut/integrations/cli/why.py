"""`hardcut why`: what the plan says about a name, and what is left of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.names import words
from hardcut.api.paths import relative
from hardcut.api.usage import ground_of
from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.engine.usage import liveness_of, removed_names, usages_of
from hardcut.engine.why import answer, ask, near
from hardcut.integrations.cli.output import emit
from hardcut.plan.errors import listing, quoted
from hardcut.report.terminal import detect
from hardcut.report.why import FORMATS, Found, as_json, as_text
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree


@click.command("why")
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--wave", "waves", metavar="LIST", help="Every name that these waves remove.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="The output format.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="The largest number of processes.")
def command(
    names: tuple[str, ...],
    waves: str | None,
    form: str,
    plan: tuple[str, ...],
    root: str | None,
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Show what the plan says about each NAME, and whether the project's code needs it.

    NAME is a module, a symbol, a Class.member, a path, or a package above. What the plan says: its wave,
    the reason, the new module, and every reference that is left. For a symbol, in the plan or not, the
    verdict: dead, dead with others, tests only, types only, re-exported only, alive (and what keeps it
    alive), or uncertain (and why). Exits with 0, or with 2 if neither the plan nor the code has a NAME.
    """
    ground = ground_of(plan, root)
    asked = [*names, *(removed_names(ground.plans, words([waves])) if waves is not None else [])]
    if not asked:
        raise plain("give a NAME, or --wave")
    liveness = liveness_of(ground)
    answers: list[Found] = []
    for name in asked:
        usages = usages_of(liveness, name)
        described = None
        if ground.plans and (len(asked) == 1 or not usages):
            described = look_up(name, plan, root, cache=not no_cache, jobs=jobs, known=bool(usages))
        elif not usages:
            raise plain(f"no definition of {quoted(name)} was found, and there is no plan")
        answers.append(
            Found(
                ground.root,
                described.answers if described else [],
                described.below if described else [],
                usages,
                name,
            )
        )
    if form == "json":
        emit(as_json(answers))
        return 0
    terminal = detect(sys.stdout, os.environ)
    emit(as_text(answers, terminal), terminal.colour)
    return 0


def look_up(
    name: str, plan: Sequence[str], root: str | None, cache: bool, jobs: int | None, known: bool = False
) -> Found:
    """What the plans say about a module, a symbol or a path, with all that is left of it.

    With `known`, the name is one of the code, and the plans need not say anything about it.

    Raises:
        Unusable: a plan cannot be used, or none has an entry for the name; with the nearest names.
    """
    plans = plans_of(plan, root)
    folders = list(dict.fromkeys(folder for loaded in plans for folder in loaded.manifest.plan.source))
    top = plans[0].root
    inside = relative(top, name) if "/" in name or os.sep in name else None
    asked = ask(plans, [name] if inside is None else [inside, name], Roots(DiskTree(Path(top)), folders))
    if not asked.found and not asked.below:
        if known:
            return Found(top, [], [], [], name)
        close = near(plans, name)
        hint = f"; did you mean {listing(close, 'or')}?" if close else ""
        raise plain(f"the plan does not speak of {quoted(name)}{hint}")
    report = check(Options(root=top, plans=plans, cache=cache, jobs=jobs, compare=False, every_gate=True))
    return Found(top, answer(plans, asked.found, report), answer(plans, asked.below, report), [], name)
