"""`hardcut check --plan dist:NAME`: check the uses of a library against the plan that it ships."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from hardcut.api.check import outcome
from hardcut.api.draft_sides import project_root
from hardcut.api.errors import plain
from hardcut.api.library_plan import OMITTED, SCHEME, library_plan
from hardcut.api.options import options_of
from hardcut.engine.report_data import Report
from hardcut.report.terminal import PLAIN, detect
from hardcut.report.view import View


class LibraryRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says about such a run."""

    paths: tuple[str, ...]
    plan: tuple[str, ...]
    python: str | None
    waves: tuple[str, ...]
    assume_landed: tuple[str, ...]
    exclude: tuple[str, ...]
    form: str
    root: str | None
    output_file: str | None
    exit_zero: bool
    show_planned: bool
    no_cache: bool
    jobs: int | None


def check_library(request: LibraryRequest, show: Callable[[Report, View, str, str | None], object]) -> int:
    """Check the project's uses of some libraries, and give the exit code.

    Raises:
        Unusable: a distribution or its plan cannot be used, or a path is not there.
    """
    start = Path(request.root) if request.root is not None else Path.cwd()
    if not start.is_dir():
        raise plain(f"no such folder: {request.root}")
    if not all(name.startswith(SCHEME) for name in request.plan):
        raise plain(f"--plan {SCHEME}NAME goes with no other manifest")
    root = start.absolute() if request.root is not None else project_root(start)
    options = options_of(
        [library_plan(name.removeprefix(SCHEME), root, request.python) for name in request.plan],
        paths=request.paths,
        waves=request.waves,
        assume_landed=request.assume_landed,
        exclude=request.exclude,
        cache=not request.no_cache,
        jobs=request.jobs,
    )
    if options is not None:
        options = msgspec.structs.replace(options, omit=OMITTED, compare=False)
    report = outcome(options)
    unfixed = [msgspec.structs.replace(finding, fix=None, unfixed=None) for finding in report.findings]
    report = msgspec.structs.replace(report, findings=unfixed)
    view = View(
        root=str(root),
        planned=request.show_planned or bool(request.waves),
        terminal=PLAIN if request.output_file or request.form != "text" else detect(sys.stdout, os.environ),
    )
    show(report, view, request.form, request.output_file)
    return 1 if report.failed and not request.exit_zero else 0
