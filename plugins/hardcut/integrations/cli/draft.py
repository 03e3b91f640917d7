"""`hardcut draft`: the plan that a change implies."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hardcut.api.draft_sides import Sides, project_root, sides_of
from hardcut.api.drafting import Drafted, as_manifest, drafted, existing_plans, merged
from hardcut.api.errors import plain
from hardcut.integrations.cli.edits import writable
from hardcut.integrations.cli.output import emit, write_file
from hardcut.plan.errors import listing
from hardcut.plan.gates import LoadedPlan


@click.command("draft")
@click.argument("sides", nargs=-1, metavar="[OLD..NEW | OLD NEW]")
@click.option("--base", metavar="REV", help="Compare the working tree with its merge-base with REV.")
@click.option("--plan", metavar="FILE", help="The manifest to add to, instead of the one found upward.")
@click.option("--root", metavar="DIR", help="The project's folder, instead of the nearest one upward.")
@click.option("--merge", is_flag=True, help="Add the draft to the manifest that is there, and write it.")
@click.option("--output-file", metavar="FILE", help="Write the draft there.")
def command(
    sides: tuple[str, ...],
    base: str | None,
    plan: str | None,
    root: str | None,
    merge: bool,
    output_file: str | None,
) -> int:
    """Print a manifest of the moves, deletions and removals between OLD and NEW.

    Each is a revision, a folder, a wheel or a source distribution. Without them, the merge-base with the
    default branch is compared with the working tree. Each entry has a confidence, and a comment about
    what was compared. If there is a manifest, the draft is added at its end: its text and comments stay, and
    entries that it has already are left out.
    """
    if base is not None and sides:
        raise plain("--base is for the working tree; OLD..NEW names both sides")
    start = Path(root) if root is not None else Path.cwd()
    if not start.is_dir():
        raise plain(f"no such folder: {root}")
    plans = existing_plans(start.absolute(), [plan] if plan is not None else [])
    if len(plans) > 1:
        raise plain(f"several plans are here: {listing(one.path for one in plans)}; name one with --plan")
    there = plans[0] if plans else None
    if merge and there is None:
        raise plain("there is no manifest to merge with; `hardcut draft > cutover.toml` makes one")
    top = Path(there.root) if there is not None else start.absolute() if root else project_root(start)
    compared = sides_of(sides, top, base)
    found = drafted(compared, there.manifest.plan.source if there is not None else ())
    if not found.draft.waves:
        emit(f"nothing was moved, deleted or removed between {compared.said}\n", err=True)
    text = _text(found, compared, there, top)
    target = writable(there) if merge and there is not None else output_file
    if target is None or target == "-":
        emit(text.decode("utf-8", "backslashreplace"))
    elif not merge or found.draft.waves:
        write_file(target, text, str(top))
        emit(f"{os.path.relpath(target)} written\n", err=True)
    return 0


def _text(found: Drafted, sides: Sides, there: LoadedPlan | None, top: Path) -> bytes:
    if there is None:
        return as_manifest(found, sides, top.name or "cutover").encode("utf-8", "backslashreplace")
    text = merged(found, there)
    if text is None:
        emit(f"{there.path} says all of it already\n", err=True)
        return (Path(there.root) / there.path).read_bytes()
    return text
