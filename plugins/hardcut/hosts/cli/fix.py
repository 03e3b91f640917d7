"""`hardcut fix`: mend what can be mended without a decision."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from hardcut.api.check import outcome
from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.options import options_of
from hardcut.engine.options import Options
from hardcut.finding import Finding
from hardcut.fix.edit import Edit, applied
from hardcut.fix.edits import edits, mendable
from hardcut.fix.files import Content, read
from hardcut.hosts.cli.output import emit, write_file
from hardcut.report.escape import tame

ROUNDS = 5
"""Edits may make further ones possible: a comment that silenced what is mended, say."""


@click.command("fix")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that the manifest's paths are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves, planned ones too.")
@click.option("--select", multiple=True, metavar="LIST", help="Only these rules: names, codes, or CUT1.")
@click.option("--ignore", multiple=True, metavar="LIST", help="Not these rules.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Further files that are not touched.")
@click.option("--force-exclude", is_flag=True, help="Pass over named files that are excluded.")
def command(
    paths: tuple[str, ...],
    diff: bool,
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Mend the project, or only PATHS in it: what has moved is imported and named at its new home.

    Of waves that are planned, only those that --wave names are mended. Exits with 0 if it is done, 1
    if --diff shows a change, 2 if the input cannot be used.
    """
    options = options_of(
        plans_of(plan, root),
        paths=paths,
        waves=wave,
        select=select,
        ignore=ignore,
        exclude=exclude,
        force_exclude=force_exclude,
    )
    if options is None:
        emit("nothing to mend\n")
        return 0
    if diff:
        return _show(options, bool(wave))
    files: set[str] = set()
    count = 0
    for _ in range(ROUNDS):
        done = 0
        for path, content, changes, mended in _changes(options, bool(wave)):
            new = content.encoded(applied(content.lines, changes))
            write_file(os.path.join(options.root, path), new, options.root)
            files.add(path)
            done += mended
        if not done:
            break
        count += done
    emit(_said(count, len(files)))
    return 0


def _show(options: Options, planned: bool) -> int:
    count, files = 0, 0
    for path, content, changes, mended in _changes(options, planned):
        old, new = list(content.lines), applied(content.lines, changes)
        lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
        emit("".join(f"{tame(line)}\n" for line in lines))
        count, files = count + mended, files + 1
    emit(_said(count, files, "would be "), err=True)
    return 1 if count else 0


def _changes(options: Options, planned: bool) -> Iterator[tuple[str, Content, list[Edit], int]]:
    """Each file that can be mended, with its edits and how many findings they mend."""
    report = outcome(options)
    for path, group in groupby(mendable(report.findings, planned), lambda one: one.place.path):
        found: Sequence[Finding] = list(group)
        if not any(one.fix for one in found) or _leads_out(options.root, path):
            continue
        content = read(os.path.join(options.root, path))
        changes = edits(found, content.lines) if content is not None else []
        made = [one for one in changes if one is not None]
        if content is None or not made:
            continue
        try:
            content.encoded(applied(content.lines, made))
        except UnicodeEncodeError:
            raise plain(f"cannot mend {path}: a new name cannot be written in {content.encoding}") from None
        yield path, content, made, len(made)


def _leads_out(root: str, path: str) -> bool:
    """Whether a path is no file of the project's own: a link out of it, or no regular file."""
    real = os.path.realpath(os.path.join(root, path))
    if not real.startswith(os.path.join(os.path.realpath(root), "")):
        return True
    try:
        return not stat.S_ISREG(os.stat(real).st_mode)
    except OSError:
        return True


def _said(count: int, files: int, would: str = "") -> str:
    if not count:
        return "nothing to mend\n"
    findings = f"{count} finding{'s' if count != 1 else ''}"
    return f"{findings} {would}mended in {files} file{'s' if files != 1 else ''}\n"
