"""The files that a run is about."""

from __future__ import annotations

from hardcut.engine.options import Options
from hardcut.source.files import is_excluded
from hardcut.source.tree import Tree


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
