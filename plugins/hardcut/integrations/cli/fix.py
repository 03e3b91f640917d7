"""`hardcut fix`: fix what needs no decision, and say what is left and why."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from hardcut.api.check import outcome
from hardcut.api.inputs import plans_of
from hardcut.api.options import options_of
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.fix.edit import applied
from hardcut.fix.files import Content, content_of, is_inside
from hardcut.fix.planning import edits
from hardcut.integrations.cli.output import emit, write_file
from hardcut.report.escape import tame
from hardcut.report.fixes import Fixes, as_json, as_text
from hardcut.report.view import in_order

ROUNDS = 20
"""Edits make further ones possible: of what a module re-exports, or of a comment that silenced something.

Two plans may move a name to and fro for ever; what is left after so many rounds is reported.
"""


@click.command("fix")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="The output format."
)
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="Only these waves, planned ones too.")
@click.option("--select", multiple=True, metavar="LIST", help="Only these rules: names, codes, or CUT1.")
@click.option("--ignore", multiple=True, metavar="LIST", help="All rules but these.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Further files that are not touched.")
@click.option("--force-exclude", is_flag=True, help="Skip named files that are excluded.")
def command(
    paths: tuple[str, ...],
    diff: bool,
    form: str,
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Fix the project, or only PATHS in it: imports and strings of moved names use the new module.

    An edit is made only if each name resolves as planned afterwards. Other findings are reported with the
    reason. Findings of planned waves are fixed only if --wave names the wave. Exits with 1 if `hardcut check`
    of the same selection fails afterwards, or with --diff if there is a change; otherwise with 0, or with 2
    if the input cannot be used.
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
        fixes = Fixes(fixed=[], left=[], files=[], planned=0, failed=False, diff="" if diff else None)
    else:
        fixes = preview(options) if diff else _fix(options)
    if fixes.diff and form == "text":
        emit(tame(fixes.diff))
    if form == "json":
        emit(as_json(fixes))
    else:
        emit(as_text(fixes), err=diff)
    return int(bool(fixes.diff) if diff else fixes.failed)


def _fix(options: Options) -> Fixes:
    """Make the edits, until no further one is possible."""
    fixed: list[Finding] = []
    files: dict[str, None] = {}
    report = outcome(options)
    for _ in range(ROUNDS):
        before = len(fixed)
        for path, content, findings in _fixable(options, report):
            new = content.encoded(_edited(content, findings))
            write_file(os.path.join(options.root, path), new, options.root)
            files[path] = None
            fixed += findings
        if len(fixed) == before:
            break
        report = outcome(options)
    return _fixes(options, report, fixed, list(files))


def preview(options: Options) -> Fixes:
    """What the edits that are possible now would change."""
    report = outcome(options)
    fixed: list[Finding] = []
    files: list[str] = []
    shown: list[str] = []
    for path, content, findings in _fixable(options, report):
        old, new = content.lines, _edited(content, findings)
        shown += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
        files.append(path)
        fixed += findings
    return _fixes(options, report, fixed, files, "".join(f"{line}\n" for line in shown))


def _fixes(
    options: Options, report: Report, fixed: list[Finding], files: list[str], diff: str | None = None
) -> Fixes:
    """The outcome; `report` is of the run after the edits, or with a diff of the run before them."""
    done = set() if diff is None else set(map(id, fixed))
    found = in_order([*report.findings, *report.contested])
    named = options.waves is not None
    planned = [finding for finding in found if finding.state == "planned" and not named]
    left = [finding for finding in found if id(finding) not in done and (named or finding.state != "planned")]
    return Fixes(
        fixed=fixed,
        left=left,
        files=sorted(files),
        planned=len(planned),
        failed=report.failed,
        diff=diff,
    )


def _fixable(options: Options, report: Report) -> Iterator[tuple[str, Content, list[Finding]]]:
    """Each file that can be fixed, as it is on disk, with the findings that its edits fix."""
    chosen = [finding for finding in report.findings if finding.fix and finding.unfixed is None]
    for path, group in groupby(chosen, lambda finding: finding.place.path):
        if not is_inside(options.root, path):
            continue
        with open(os.path.join(options.root, path), "rb") as file:
            content = content_of(file.read())
        findings = list(group)
        if content is not None and None not in edits(findings, content.lines):
            yield path, content, findings


def _edited(content: Content, findings: Sequence[Finding]) -> list[str]:
    return applied(content.lines, [edit for edit in edits(findings, content.lines) if edit is not None])
