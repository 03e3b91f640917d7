"""What a manifest says that cannot hold together (CUT906).

Waves hold for ever once they have landed, so it mostly does not matter in which waves two entries
stand. It matters where a plan may rightly take a detour: names may move to a module that a *later*
wave deletes, if they move on from there (by a `move` of that wave or a later one than the first
move's, or by the deletion's own `to`); a name may be removed later from the home it moved to; and
a later deletion may end a module that had a ceiling, a docstring or a delegation until then. Of two
waves, that one is later which requires the other, or else stands below it.

A pair of entries is no contradiction where either is `contested`: then its authors know.
"""

from __future__ import annotations

from hardcut.plan import module_conflicts, name_conflicts
from hardcut.plan.entries import Book
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Places
from hardcut.plan.model import Manifest

KINDS = (
    name_conflicts.kept_and_removed,
    name_conflicts.kept_where_removed_moves,
    name_conflicts.moved_nowhere,
    name_conflicts.moved_twice,
    name_conflicts.moved_and_removed,
    module_conflicts.kept_and_deleted,
    module_conflicts.kept_and_absent,
    module_conflicts.moved_to_deleted,
    module_conflicts.surface_gone,
    module_conflicts.about_deleted,
    module_conflicts.ceilings,
    module_conflicts.revived_alive,
)


def contradictions(manifest: Manifest, places: Places) -> list[Problem]:
    """All that a valid manifest says and cannot mean together, in the manifest's order."""
    book = Book(manifest, places)
    return sorted({problem for kind in KINDS for problem in kind(book)})
