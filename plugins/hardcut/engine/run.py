"""A run: a pure function of files and plans."""

from __future__ import annotations

from pathlib import Path

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources
from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.result_cache import key_of, recall, remember
from hardcut.engine.scopes import uncovered
from hardcut.source.git import unanswered
from hardcut.source.tree import DiskTree

GIT = "`git {}` {}, and was ended: what rests on its answer could not be judged"


def check(options: Options) -> Report:
    """Hold the code to the plans; the whole project, or some of its files."""
    return checked(options)[0]


def checked(options: Options) -> tuple[Report, Sources]:
    """The report of a run, and the sources that know what it looked at.

    An earlier outcome is given again where nothing that it depended on has changed. The rules are
    imported only where they are needed, so that such a run starts fast.
    """
    whole = not options.paths and options.stdin is None
    unanswered.clear()
    tree = DiskTree(Path(options.root))
    listed, unmatched = listing_of(tree, options)
    folders = list(dict.fromkeys(one for plan in options.plans for one in plan.manifest.plan.source))
    cache = Cache(Path(options.root), options.cache)
    sources = Sources(tree, folders, cache, options.stdin)
    key = key_of(options, listed) if whole and options.cache else None
    report = recall(sources, key, options) if key is not None else None
    if report is None:
        if sources.words:  # Files were asked again: what that noted about them is not part of this run.
            sources = Sources(tree, folders, cache, options.stdin)
        sources.asked = {} if key is not None else None
        report = _judged(sources, options, listed, unmatched)
        if key is not None and sources.lasting and not unanswered:
            remember(sources, key, report)
    cache.save(whole)
    left = uncovered(Path(options.root), options.plans, options.exclude) if whole else []
    notes = [*report.notes, cache.note] if cache.note else list(report.notes)
    notes += [GIT.format(command, why) for command, why in unanswered.items()]
    return msgspec.structs.replace(report, notes=notes, uncovered=left), sources


def _judged(sources: Sources, options: Options, listed: list[str], unmatched: dict[str, list[str]]) -> Report:
    from hardcut.engine.runner import judge

    return judge(sources, options, listed, unmatched)
