"""Comparisons of a module's version: of the attribute itself, or of a name that is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hardcut.flow.conditions import FALSE, TRUE
from hardcut.source.python.names import Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, climb, field, identifiers, inside, named, same

if TYPE_CHECKING:
    from tree_sitter import Node

VERSIONS = ("__version__", "VERSION", "version_info", "__version_info__")
ENDS = tuple(f".{name}" for name in VERSIONS)
DEPTH = 60
"""How many names in a row a version is handed on by."""
Asked = tuple["Node", list[str], int, int]
"""A test, the paths of the versions, what it gives where they are too old, and otherwise."""


class Versions:
    """Collects them for one file."""

    def __init__(self, tree: Tree, names: Names, paths: Paths) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self._seen: set[tuple[int, tuple[str, ...]]] = set()

    def read(self) -> Iterator[Asked]:
        """Every comparison, and every `startswith`."""
        imported = (entry.alias for entry, _ in self.names.imports if entry.name in VERSIONS)
        for name in dict.fromkeys((*VERSIONS, *imported)):
            for node in self.tree.nodes(name):
                parent = node.parent
                if node.type != "identifier" or parent is None:
                    continue
                whole = parent if same(field(parent, "attribute"), node) else node
                paths = [one.path for one in self.paths.of(whole) if one.path.endswith(ENDS)]
                if paths and self.names.is_binding(node) is None:
                    yield from self._asked(whole, paths, 0)

    def _asked(self, version: Node, paths: list[str], depth: int) -> Iterator[Asked]:
        """What asks for a version, or for one of the names that it is handed on by."""
        above = version.parent
        call = above.parent if above is not None and above.type == "attribute" else None
        method = self.tree.text(above) if above is not None and call is not None else ""
        if call is not None and call.type == "call" and method.endswith(".startswith"):
            yield call, paths, FALSE, TRUE
            return
        for parent in climb(version):
            if parent.type == "comparison_operator":
                old, new = (TRUE, FALSE) if self._is_old(parent, version) else (FALSE, TRUE)
                yield parent, paths, old, new
                return
            left = field(parent, "left") if parent.type == "assignment" else None
            if left is not None and depth >= DEPTH:
                self.tree.give_up(version, f"a version was passed on more than {DEPTH} times")
            for target in identifiers(left) if left is not None and depth < DEPTH else ():
                for use in uses_of(self.tree, self.names, target):
                    if (use.id, tuple(paths)) not in self._seen:
                        self._seen.add((use.id, tuple(paths)))
                        yield from self._asked(use, paths, depth + 1)
            if parent.type.endswith(("statement", "block")) or parent.type == "lambda":
                return

    def _is_old(self, test: Node, version: Node) -> bool:
        """Whether a comparison of a version holds where that is too old."""
        signs = [one.type for one in test.children if not one.is_named]
        first = inside(version, named(test)[0])
        return len(signs) == 1 and signs[0] in (("<", "<=") if first else (">", ">="))


def uses_of(tree: Tree, names: Names, bound: Node) -> Iterator[Node]:
    """The places where a name stands for what it is bound to at one place, and for nothing else."""
    for use in tree.nodes(tree.text(bound)):
        if use.type == "identifier" and names.is_binding(use) is None:
            found = names.resolve(tree.text(use), use)
            if [one.node for one in found] == [bound]:
                yield use
