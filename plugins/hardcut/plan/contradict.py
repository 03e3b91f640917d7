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

from hardcut.plan import clash_modules, clash_names
from hardcut.plan.book import Book
from hardcut.plan.gates import Problem
from hardcut.plan.model import Manifest
from hardcut.plan.place import Places

KINDS = (
    clash_names.kept_and_removed,
    clash_names.kept_where_removed_moves,
    clash_names.moved_nowhere,
    clash_names.moved_twice,
    clash_names.moved_and_removed,
    clash_modules.kept_and_deleted,
    clash_modules.kept_and_absent,
    clash_modules.moved_to_deleted,
    clash_modules.surface_gone,
    clash_modules.about_deleted,
    clash_modules.ceilings,
    clash_modules.revived_alive,
)


def contradictions(manifest: Manifest, places: Places) -> list[Problem]:
    """All that a valid manifest says and cannot mean together, in the manifest's order."""
    book = Book(manifest, places)
    return sorted({problem for kind in KINDS for problem in kind(book)})
