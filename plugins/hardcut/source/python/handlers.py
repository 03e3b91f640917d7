"""What becomes of failures: the facts about handlers, retries, probes and soft answers of one file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.facts import Guarded, Span
from hardcut.source.python.contexts import Contexts
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.guards import Guards, Unit
from hardcut.source.python.imports import scope_name
from hardcut.source.python.probes import FIRST, Probes
from hardcut.source.python.retries import Retries, taints
from hardcut.source.python.tree import Tree, climb, field

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.importers import ImportCall, Importers
    from hardcut.source.python.names import Names
    from hardcut.source.python.paths import Paths
    from hardcut.source.python.references import References

FORMS = {
    "except_clause": "handler",
    "except_group_clause": "handler",
    "finally_clause": "finally",
    "with_item": "suppress",
}

NAMED = re.compile(r"\b(ImportError|ModuleNotFoundError)\b")
"""What a handler around a helper that swallows has to name, to be one for the import."""


class Handlers:
    """Reads one file's guarded places."""

    def __init__(
        self,
        tree: Tree,
        names: Names,
        paths: Paths,
        importers: Importers,
        references: References,
        words: frozenset[str],
        module: str | None,
    ) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self.importers = importers
        self.references = references
        self.words = words
        self.contexts = Contexts(tree, names, Exceptions(tree, names, paths))
        self.guards = Guards(tree, names, self.contexts, words, module)
        self.probes = Probes(tree, paths, importers, self.guards)

    def read(self) -> list[Guarded]:
        """Every place where a failure does not reach the caller, or is tried again."""
        if not self.words:
            return []
        self._touches()
        self.probes.read()
        units = self.guards.follow()
        for _ in range(4):
            if not self.probes.learn(units):
                break
            units = self.guards.follow()
        found: dict[tuple[Span, str, str], Guarded] = {}
        for unit in units:
            for one in self._caught(unit):
                key = (one.span, one.kind, "own" if one.how == "own" else "")
                known = found.get(key)
                found[key] = one if known is None else _merged(known, one)
        for retry in self._retries():
            found.setdefault((retry.span, retry.kind, "own" if retry.how == "own" else ""), retry)
        return sorted(found.values(), key=lambda one: (one.span, one.kind, one.how))

    def _touches(self) -> None:
        for entry, statement in self.names.imports:
            if entry.module and not entry.type_checking:
                self.guards.add(statement, [entry.path], "import")
        for call in self.importers.calls:
            last = call.function.rsplit(".", 1)[-1]
            if last not in ("find_spec", "find_loader", "get_loader", "importorskip"):
                self.guards.add(call.node, self._modules(call), "dynamic")
        for node, reference in list(self.references.nodes):
            parent = node.parent
            if parent is not None and parent.type == "call" and field(parent, "function") == node:
                self.guards.add(parent, [reference.path], "call")
            else:
                self.guards.hand_on(node, [reference.path])
        for word in sorted(self.words):
            for node in self.tree.nodes(word):
                parent = node.parent
                if (
                    parent is not None
                    and parent.type == "function_definition"
                    and field(parent, "name") == node
                ):
                    self.guards.own(parent)

    def _modules(self, call: ImportCall) -> list[str]:
        """What an import call may import: also what this file hands to the function around it."""
        found = [one.text for one in call.values if one.exact and not one.text.startswith(".")]
        around = next((one for one in climb(call.node) if one.type == "function_definition"), None)
        name = field(around, "name") if around is not None else None
        if around is None or name is None:
            return found
        outer = scope_name(self.tree, around)
        qualified = f"{outer}.{self.tree.text(name)}" if outer else self.tree.text(name)
        if qualified in self.importers.wrappers:
            for other in self.importers.calls:
                if other.function == qualified:
                    found += [one.text for one in other.values if one.exact]
        return list(dict.fromkeys(found))

    def _caught(self, unit: Unit) -> list[Guarded]:
        found: list[Guarded] = []
        if unit.flow is None:
            return found
        for caught in sorted(unit.caught):
            if caught.touch >= FIRST:
                question = self.probes.found[caught.touch - FIRST]
                span = self.tree.span(question.node)
                found.append(
                    Guarded(
                        "soft" if question.form == "soft" else "probe",
                        question.form,
                        list(question.paths),
                        "probe",
                        span,
                        span,
                        self._scope(question.node),
                        ending=caught.ending,
                    )
                )
                continue
            touch = unit.order[caught.touch]
            by = unit.flow.nodes.get(caught.by)
            if by is None or (touch.how == "empty" and not NAMED.search(self._said(by))):
                continue
            found.append(
                Guarded(
                    "swallow",
                    FORMS.get(by.type, by.type),
                    list(touch.paths),
                    "helper" if touch.how == "empty" else touch.how,
                    self._header(by),
                    self.tree.span(touch.node),
                    self._scope(by),
                    self._said(by),
                    caught.ending,
                    list(unit.flow.through.get(caught.by, [])),
                )
            )
        return found

    def _scope(self, node: Node) -> str:
        return scope_name(self.tree, node)

    def _header(self, node: Node) -> Span:
        """The first line of a handler, without its block."""
        values = node.children_by_field_name("value")
        if node.type == "with_item":
            return self.tree.span(node)
        keyword = node.children[0]
        return self.tree.span(keyword, values[-1] if values else keyword)

    def _said(self, node: Node) -> str:
        """What a handler catches, as written."""
        if node.type == "finally_clause":
            return "finally"
        values = node.children_by_field_name("value")
        if node.type == "with_item":
            return " ".join(self.tree.text(node).split())[:80]
        texts = [
            self.tree.text((one.named_child(0) or one) if one.type == "as_pattern" else one) for one in values
        ]
        return " ".join(", ".join(texts).split())[:80]

    def _retries(self) -> list[Guarded]:
        touches = [touch for unit in self.guards.units.values() for touch in unit.touches.values()]
        touches = [touch for touch in touches if touch.how != "empty"]
        if not touches:
            return []
        touches += taints(self.tree, self.contexts, self.guards, self.words)
        return [
            Guarded(
                "retry",
                one.form,
                list(one.touch.paths),
                one.touch.how,
                self.tree.span(one.first, one.last),
                self.tree.span(one.touch.node),
                self._scope(one.first),
            )
            for one in Retries(self.tree, self.contexts, self.guards, touches).read()
        ]


def _merged(one: Guarded, other: Guarded) -> Guarded:
    """Two failures that end at one place."""
    rank = ("import", "dynamic", "call", "helper", "own", "probe")
    first = min(one, other, key=lambda each: (rank.index(each.how), each.touched))
    endings = {one.ending, other.ending} - {""}
    told = next((each for each in ("returns None", "returns False", "returns True") if each in endings), None)
    return msgspec.structs.replace(
        first,
        paths=list(dict.fromkeys((*one.paths, *other.paths))),
        ending=told or max(endings, default=""),
        through=[] if not (one.through and other.through) else one.through,
    )
