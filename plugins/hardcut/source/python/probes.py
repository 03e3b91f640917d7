"""Questions whether something is there: find_spec, hasattr, sys.modules, versions, flags, soft helpers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.python.guards import SEPARATE, Guards, Unit
from hardcut.source.python.importers import Importers
from hardcut.source.python.tree import Tree, arguments, climb, field, inside, named, same, unwrap
from hardcut.source.python.values import FALSE, NONE, SOME, TRUE, Probe

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.paths import Paths

FINDERS = frozenset({"find_spec", "find_loader", "get_loader"})
VERSIONS = ("__version__", "VERSION", "version_info", "__version_info__")
FIRST = 1_000_000
"""Probes are numbered from here, touches from 0."""


class Question(msgspec.Struct, frozen=True):
    """A probe: what it asks about, and how."""

    node: Node
    paths: tuple[str, ...]
    form: str


class Probes:
    """Collects the probes of one file and hands them to its guards."""

    def __init__(self, tree: Tree, paths: Paths, importers: Importers, guards: Guards) -> None:
        self.tree = tree
        self.paths = paths
        self.importers = importers
        self.guards = guards
        self.found: list[Question] = []

    def read(self) -> None:
        """The probes that stand in the file as such."""
        for call in self.importers.calls:
            if call.function.rsplit(".", 1)[-1] in FINDERS:
                self._add(call.node, [one.text for one in call.values if one.exact], "find_spec", NONE, SOME)
        for node in self.tree.nodes("hasattr"):
            hasattr_call = node.parent
            if hasattr_call is None or hasattr_call.type != "call":
                continue
            given, _ = arguments(hasattr_call)
            if len(given) == 2:
                holders = [one.path for one in self.paths.of(given[0]) if not one.instance]
                self._add(hasattr_call, holders, "hasattr", FALSE, TRUE)
        self._loaded()
        self._versions()

    def _add(self, node: Node, paths: list[str], form: str, missing: str, present: str | None) -> None:
        wanted = tuple(
            dict.fromkeys(path for path in paths if self.guards.words.intersection(path.split(".")))
        )
        if wanted and len(self.found) < 200:
            self.guards.probe(node, Probe(FIRST + len(self.found), missing, present))
            self.found.append(Question(node, wanted, form))

    def _loaded(self) -> None:
        """`"x" in sys.modules`, and `sys.modules.get("x")`."""
        for node in self.tree.nodes("modules"):
            whole = node.parent
            above = whole.parent if whole is not None else None
            if whole is None or above is None or self.tree.text(whole) != "sys.modules":
                continue
            if above.type == "comparison_operator":
                parts = named(above)
                sign = " ".join(one.type for one in above.children if not one.is_named)
                if len(parts) != 2 or sign not in ("in", "not in") or not same(parts[1], whole):
                    continue
                if self._unloads(above):
                    continue
                missing, present = (FALSE, TRUE) if sign == "in" else (TRUE, FALSE)
                self._add(above, self.paths.constant(parts[0]), "sys.modules", missing, present)
            elif above.type == "attribute" and self.tree.text(above) == "sys.modules.get":
                call = above.parent
                given, _ = arguments(call) if call is not None and call.type == "call" else ([], {})
                if call is not None and given:
                    self._add(call, self.paths.constant(given[0]), "sys.modules", NONE, SOME)

    def _unloads(self, test: Node) -> bool:
        """Whether what is asked for is only taken out of `sys.modules`, or put back."""
        branch = next((one for one in climb(test) if one.type == "if_statement"), None)
        text = self.tree.text(branch) if branch is not None else ""
        return "del sys.modules" in text or "sys.modules.pop" in text or "monkeypatch" in text

    def _versions(self) -> None:
        for name in VERSIONS:
            for node in self.tree.nodes(name):
                whole = node.parent
                if whole is None or whole.type != "attribute" or not same(field(whole, "attribute"), node):
                    continue
                test = next(
                    (
                        one
                        for one in climb(whole)
                        if one.type == "comparison_operator" or one.type.endswith("statement")
                    ),
                    None,
                )
                if test is not None and test.type == "comparison_operator":
                    self._add(test, [one.path for one in self.paths.of(whole)], "version", FALSE, TRUE)

    def learn(self, units: list[Unit]) -> bool:
        """Flags that a handler sets, and helpers that give nothing; whether there was anything new."""
        before = len(self.found)
        known = {question.node.id for question in self.found}
        for unit in units:
            for caught in sorted(unit.caught):
                alike = [one for one in unit.caught if one.ending == caught.ending]
                paths = sorted({path for one in alike for path in self._touched(unit, one.touch)})
                if unit.node.type == "function_definition":
                    if caught.ending in ("returns None", "returns False"):
                        for call in self.guards.calls_of(unit.node):
                            if call.id not in known:
                                known.add(call.id)
                                missing = NONE if caught.ending == "returns None" else FALSE
                                self._add(call, paths, "soft", missing, None)
                    continue
                clause = unit.flow.nodes.get(caught.by) if unit.flow is not None else None
                for use, missing, present in self._flags(clause):
                    if use.id not in known:
                        known.add(use.id)
                        self._add(use, paths, "flag", missing, present)
        return len(self.found) > before

    def _touched(self, unit: Unit, number: int) -> list[str]:
        if number >= FIRST:
            return list(self.found[number - FIRST].paths)
        touch = unit.order[number]
        return list(touch.paths) if touch.how not in SEPARATE else []

    def _flags(self, clause: Node | None) -> Iterator[tuple[Node, str, str]]:
        """Uses, within functions, of the names to which a handler of the module gives a constant."""
        block = next((one for one in clause.named_children if one.type == "block"), None) if clause else None
        for statement in named(block) if block is not None else ():
            inner = named(statement)[0] if named(statement) else None
            if statement.type != "expression_statement" or inner is None or inner.type != "assignment":
                continue
            target, value = field(inner, "left"), field(inner, "right")
            if target is None or value is None or target.type != "identifier":
                continue
            values = {"none": (NONE, SOME), "true": (TRUE, FALSE), "false": (FALSE, TRUE)}
            given = values.get(unwrap(value).type)
            if given is None:
                continue
            name = self.tree.text(target)
            for node in self.tree.nodes(name):
                if node.type != "identifier" or not self._is_tested(node):
                    continue
                if any(one.node.id == target.id for one in self.guards.names.resolve(name, node)):
                    yield node, *given

    def _is_tested(self, node: Node) -> bool:
        """Whether a name stands in a condition, inside a function."""
        test = False
        child = node
        for parent in climb(node):
            if parent.type in ("if_statement", "elif_clause", "while_statement"):
                test = test or inside(child, field(parent, "condition"))
            elif parent.type == "conditional_expression":
                parts = named(parent)
                test = test or (len(parts) == 3 and same(parts[1], child))
            elif parent.type == "function_definition":
                return test
            elif parent.type in ("call", "attribute", "subscript"):
                return False
            child = parent
        return False
