"""`hardcut.check`: a run as a function call, with the command line's options by name."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence

from hardcut.api.inputs import plans_of, texts
from hardcut.api.names import Names
from hardcut.api.options import Path, options_of
from hardcut.engine.gather import Sources
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import checked as run


def check(
    root: Path | None = None,
    *,
    plans: Path | Sequence[Path] = (),
    paths: Path | Sequence[Path] = (),
    waves: Names = (),
    assume_landed: Names = (),
    select: Names = (),
    ignore: Names = (),
    exclude: Names = (),
    force_exclude: bool = False,
    cache: bool = True,
    jobs: int | None = None,
    source: tuple[Path, bytes] | None = None,
    base: str | None = None,
    compare: bool = True,
    today: str | datetime.date | None = None,
) -> Report:
    """Hold a project to its cutover plan, as `hardcut check` does, and give what was found.

    The checked code is read, never imported or run. Relative paths start at the working directory.

    Args:
        root: the folder that the manifest's paths are relative to; the manifest is looked for
            upward from there. Without it, both start at the working directory.
        plans: manifests to use instead of those found upward (`--plan`).
        paths: files and folders below the root to check; without any, the whole project. A run over
            some paths does not judge what only the whole project can tell.
        waves: ids of waves; only these are looked at, planned ones too (`--wave`).
        assume_landed: ids of waves to judge as if they had landed.
        select: the only rules to ask, by name, by code, or `CUT1` for a family.
        ignore: rules not to ask.
        exclude: globs of further files that are not checked.
        force_exclude: pass over `paths` that are excluded, outside of the root or gone.
        cache: whether to read and write the cache in the user's cache folder.
        jobs: at most so many processes; without it, as many as pay. 1 forks no process.
        source: a path and its content, which stands for what is on disk; it is checked alone.
        base: the revision that waves which have not landed are compared with (`--base`); without it,
            the merge-base with the default branch, or with a pull request's target.
        compare: False compares with nothing: every finding of an active wave counts.
        today: the day by which waivers end, a date or YYYY-MM-DD; without it, today.

    Names of rules and waves may be a list, or one string with commas in it.

    Raises:
        Unusable: a manifest is broken or there is none, a name does not exist, or a path is not
            there or outside of the root; with every problem. Nothing has been checked.
    """
    loaded = plans_of(texts(plans), None if root is None else os.fspath(root))
    options = options_of(
        loaded,
        paths=texts(paths),
        waves=waves,
        assume_landed=assume_landed,
        select=select,
        ignore=ignore,
        exclude=exclude,
        force_exclude=force_exclude,
        cache=cache,
        jobs=jobs,
        source=source,
        base=base,
        compare=compare,
        today=today,
    )
    return outcome(options)


def outcome(options: Options | None) -> Report:
    """The report of a run; without options, of one that was given no file to check."""
    return traced_outcome(options)[0]


def traced_outcome(options: Options | None) -> tuple[Report, Sources | None]:
    """The same, with the sources that know what the run looked at; None where there was no run."""
    if options is None:
        return Report(findings=[], contested=[], pending=[], files=0, read=0, whole=False, notes=[]), None
    return run(options)
