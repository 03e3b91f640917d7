"""`hardcut apply`: a wave's moves, performed on the code."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.engine.applying import Applied, apply, uncommitted, verify
from hardcut.engine.history.base import find_base
from hardcut.engine.journal import JournalError, roll_back, write_all
from hardcut.engine.options import Options
from hardcut.fix.files import is_inside
from hardcut.integrations.cli.edits import wave_of
from hardcut.integrations.cli.output import emit, write_file
from hardcut.plan.errors import listing
from hardcut.plan.gates import LoadedPlan
from hardcut.refactor.comparison import DifferenceKind
from hardcut.refactor.moving_plan import NoteKind
from hardcut.report import applied as report
from hardcut.report.escape import tame


@click.command("apply")
@click.argument("wave")
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "--verify", "only_verify", is_flag=True, help="Change nothing: compare the code with a revision."
)
@click.option("--base", metavar="REV", help="With --verify: the revision before the moves.")
@click.option("--allow-dirty", is_flag=True, help="Change files that have uncommitted changes too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="The output format."
)
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--no-cache", is_flag=True, help="Read and write no cache of the analysis.")
def command(
    wave: str,
    diff: bool,
    only_verify: bool,
    base: str | None,
    allow_dirty: bool,
    form: str,
    plan: tuple[str, ...],
    root: str | None,
    no_cache: bool,
) -> int:
    """Perform the moves of WAVE: definitions go to their new modules, and references follow.

    The result is built in memory and compared with the current code. Then the files are written together;
    the next run rolls an interrupted one back. Exits with 0 if everything that the wave moves has moved,
    with 1 if something was refused, left or differs (with --diff if there is a change), and with 2 if the
    input cannot be used or nothing could be written.
    """
    plans = plans_of(plan, root)
    chosen, _ = wave_of(plans, wave)
    if base is not None and not only_verify:
        raise plain("--base is the revision that --verify compares with: add --verify")
    _restore(chosen.root)
    options = Options(root=chosen.root, plans=plans, cache=not no_cache)
    if only_verify:
        return _verify(options, chosen, wave, base, form)
    found = apply(options, chosen, wave)
    before = {path: _content(chosen.root, path) for path in {*found.files, *dict(found.moves.renames)}}
    if diff:
        emit(tame(report.diff(before, found.files, found.moves.renames)))
    elif found.files and _may_write(found):
        _write(chosen.root, found, allow_dirty)
    written = not diff and bool(found.files) and _may_write(found)
    if form == "json":
        emit(report.as_json(wave, found, found.comparison, written))
    else:
        emit(report.as_text(wave, found, written), err=diff)
    if diff:
        return int(bool(found.files))
    return int(not _is_complete(found))


def _may_write(found: Applied) -> bool:
    """Whether what has moved is as it was. Refused moves and references that are left are the user's."""
    return not any(
        difference.path in found.files
        and difference.kind not in (DifferenceKind.PLACE, DifferenceKind.IMPORT)
        for difference in found.comparison.differences
    )


def _is_complete(found: Applied) -> bool:
    refused = any(note.kind is NoteKind.REFUSED for note in found.moves.notes)
    return not (refused or found.left or found.comparison.differences)


def _verify(options: Options, plan: LoadedPlan, wave: str, base: str | None, form: str) -> int:
    """Compare the working tree with a revision."""
    start = find_base(Path(options.root), base)
    if start.commit is None:
        raise plain(f"there is no revision to compare with: {start.said}")
    found = verify(options, plan, wave, start.commit)
    if found is None:
        raise plain(f"git cannot read the revision {start.commit}")
    if form == "json":
        emit(report.as_json(wave, None, found, False))
    else:
        emit(report.verified_as_text(wave, found))
    return int(bool(found.differences))


def _restore(root: str) -> None:
    """Roll an interrupted run back."""
    try:
        found = roll_back(root, lambda path, data: write_file(path, data, root))
    except JournalError as problem:
        raise plain(str(problem)) from None
    if found is None:
        return
    emit(f"an interrupted run was rolled back: {len(found.restored)} files are as before\n", err=True)
    if found.left:
        raise plain(f"changed since an interrupted run, and left as they are: {listing(found.left)}")


def _write(root: str, found: Applied, allow_dirty: bool) -> None:
    existing = [path for path in found.files if os.path.lexists(os.path.join(root, path))]
    outside = [path for path in existing if not is_inside(root, path)]
    inside = os.path.join(os.path.realpath(root), "")
    outside += [
        path for path in found.files if not os.path.realpath(os.path.join(root, path)).startswith(inside)
    ]
    if outside:
        raise plain(f"no file of the project, or a link out of it: {listing(outside)}")
    if not allow_dirty:
        dirty = uncommitted(root, existing)
        if dirty is None:
            raise plain("there is no commit to go back to; --allow-dirty changes the files nevertheless")
        if dirty:
            raise plain(f"uncommitted changes in {listing(dirty)}; commit them, or use --allow-dirty")
    try:
        write_all(root, found.files, lambda path, data: write_file(path, data, root))
    except JournalError as problem:
        raise plain(str(problem)) from None
    except OSError as problem:
        raise plain(f"cannot write: {problem.strerror}; all files are as before") from None


def _content(root: str, path: str) -> bytes | None:
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError:
        return None
