"""`hardcut check --draft`: check the deletions and moves of the change itself, without a manifest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from hardcut.api.check import outcome
from hardcut.api.draft_sides import project_root, with_base
from hardcut.api.drafting import UNASKED, drafted, enforced, inferred, latest_tag, of_change, plan_of
from hardcut.api.errors import plain
from hardcut.api.options import options_of
from hardcut.engine.report_data import Report
from hardcut.plan.discover import MANIFEST
from hardcut.report.terminal import PLAIN, detect
from hardcut.report.view import View

KEEP = "keep it as a plan: `hardcut draft > cutover.toml`"


class DraftRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says about such a run."""

    paths: tuple[str, ...]
    form: str
    root: str | None
    base: str | None
    output_file: str | None
    exit_zero: bool
    no_cache: bool
    jobs: int | None


def check_draft(request: DraftRequest, show: Callable[[Report, View, str, str | None], object]) -> int:
    """Infer the plan of the change since the base revision, check it, and give the exit code.

    Raises:
        Unusable: there is no base revision, or a path is not there.
    """
    start = Path(request.root) if request.root is not None else Path.cwd()
    if not start.is_dir():
        raise plain(f"no such folder: {request.root}")
    root = start.absolute() if request.root is not None else project_root(start)
    sides = with_base(root, request.base)
    view = View(
        root=str(root),
        terminal=PLAIN if request.output_file or request.form != "text" else detect(sys.stdout, os.environ),
    )
    if not sides.is_changed:
        show(_unchanged(sides.said, root, request.base), view, request.form, request.output_file)
        return 0
    found = drafted(sides)
    certain = enforced(found.draft)
    options = options_of(
        [plan_of(certain, sides, root)],
        paths=request.paths,
        exclude=[MANIFEST],  # It names what is deleted.
        cache=not request.no_cache,
        jobs=request.jobs,
        base=sides.base,
    )
    if options is not None:
        options = msgspec.structs.replace(options, omit=UNASKED)
    report = of_change(outcome(options), found)
    note = f"inferred from the change between {sides.said}: {inferred(found.draft, certain)}; {KEEP}"
    report = msgspec.structs.replace(report, notes=[note, *report.notes])
    show(report, view, request.form, request.output_file)
    return 1 if report.failed and not request.exit_zero else 0


def _unchanged(said: str, root: Path, base: str | None) -> Report:
    tag = latest_tag(root)
    other = f"`--base TAG` compares with an earlier revision{f', such as {tag}' if tag else ''}"
    note = f"no change between {said}, so that nothing is inferred and nothing was checked; {other}"
    return Report(findings=[], contested=[], pending=[], files=0, read=0, whole=True, notes=[note])
