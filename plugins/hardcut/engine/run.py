"""A run: a pure function of files and plans."""

from __future__ import annotations

from pathlib import Path

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources
from hardcut.engine.options import Options
from hardcut.engine.recall import key_of, recall, remember
from hardcut.engine.report_data import Report
from hardcut.source.files import is_excluded
from hardcut.source.tree import DiskTree, Tree


def check(options: Options) -> Report:
    """Hold the code to the plans; the whole project, or some of its files.

    An earlier outcome is given again where nothing that it depended on has changed. The rules are
    imported only where they are needed, so that such a run starts fast.
    """
    whole = not options.paths and options.stdin is None
    tree = DiskTree(Path(options.root))
    listed, unmatched = listing_of(tree, options)
    folders = list(dict.fromkeys(one for plan in options.plans for one in plan.manifest.plan.source))
    sources = Sources(tree, folders, Cache(Path(options.root), options.cache), options.stdin)
    if not (whole and options.cache):
        return _judged(sources, options, listed, unmatched)
    key = key_of(options, listed)
    report = recall(sources, key)
    if report is None:
        report = _judged(sources, options, listed, unmatched)
        if sources.lasting:
            remember(sources, key, report)
    sources.cache.save()
    return report


def _judged(sources: Sources, options: Options, listed: list[str], unmatched: dict[str, list[str]]) -> Report:
    from hardcut.engine.judge import judge

    report = judge(sources, options, listed, unmatched)
    sources.cache.save()
    return report


def listing_of(tree: Tree, options: Options) -> tuple[list[str], dict[str, list[str]]]:
    """The files to check, and for each plan the `check` entries that match none."""
    own = {plan.path for plan in options.plans if plan.has_file}
    if options.stdin is not None:
        return [path for path in options.stdin[:1] if path not in own], {}
    if options.paths:
        globs = [*options.exclude, *(one for plan in options.plans for one in plan.manifest.plan.exclude)]
        passed_over = globs if options.force_exclude else []
        return [path for path in options.paths if path not in own and not is_excluded(path, passed_over)], {}
    files: dict[str, None] = {}
    unmatched: dict[str, list[str]] = {}
    for plan in options.plans:
        settings = plan.manifest.plan
        found = tree.listing(settings.check, [*settings.exclude, *options.exclude])
        files.update(dict.fromkeys(found.files))
        unmatched[plan.name] = found.unmatched
    return sorted(path for path in files if path not in own), unmatched
