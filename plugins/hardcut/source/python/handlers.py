"""What becomes of failures: the facts about handlers, retries, probes and soft answers of one file."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Literal

import msgspec

from hardcut.flow.conditions import ANYTHING, NONE
from hardcut.flow.exceptions import FAILURES
from hardcut.source.facts import Guarded, Span
from hardcut.source.python.contexts import Contexts
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.failure_flow import Followed
from hardcut.source.python.guards import Guards
from hardcut.source.python.imports import scope_name
from hardcut.source.python.insisting import insists
from hardcut.source.python.probes import FIRST, Probes
from hardcut.source.python.retries import Retries, is_retrier, taints
from hardcut.source.python.telling import tell
from hardcut.source.python.tree import Tree, arguments, field
from hardcut.source.python.units import Unit
from hardcut.source.told import Known, Told

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.importers import Importers
    from hardcut.source.python.names import Names
    from hardcut.source.python.paths import Paths
    from hardcut.source.python.references import References

FORMS = {
    "except_clause": "handler",
    "except_group_clause": "handler",
    "finally_clause": "finally",
    "with_item": "suppress",
    "call": "suppress",
    "identifier": "suppress",
}

LIBRARY = frozenset({"importlib.import_module", "importlib.util.find_spec", "pytest.importorskip"})
"""Functions of libraries that are handed a module's name, and of which all is known."""
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
        known: Known,
    ) -> None:
        self.known = known
        self.told: list[Told] = []
        self.tree = tree
        self.names = names
        self.paths = paths
        self.importers = importers
        self.references = references
        self.words = words
        self.contexts = Contexts(tree, names, Exceptions(tree, names, paths))
        self.contexts.exceptions.same = known.same
        self.contexts.ends = lambda path: tuple(known.ends.get(path, ()))
        self.guards = Guards(tree, names, self.contexts, words, module)
        self.probes = Probes(tree, paths, importers, self.guards)

    def read(self) -> list[Guarded]:
        """Every place where a failure does not reach the caller, or is tried again."""
        if not self.words:
            return []
        self._touches()
        self.probes.read()
        self.tree.refuel()
        fresh = self.guards.follow()
        while self.probes.learn(fresh):
            fresh = self.guards.follow()
        units = self.guards.followed()
        found: dict[tuple[Span, str, str], Guarded] = {}
        for unit in units:
            for one in self._caught(unit):
                key = (one.span, one.kind, "own" if one.how == "own" else "")
                known = found.get(key)
                found[key] = one if known is None else _merged(known, one)
        self.told = tell(self.guards, self.probes, units, self.importers.wrappers)
        for one in (*self._retries(), *self._elsewhere()):
            found.setdefault((one.span, one.kind, "own" if one.how == "own" else ""), one)
        return sorted(found.values(), key=lambda one: (one.span, one.kind, one.how))

    def _touches(self) -> None:
        for entry, statement in self.names.imports:
            if entry.module and not entry.type_checking:
                self.guards.add(statement, [entry.path], "import")
        for call in self.importers.calls:
            if not self.importers.only_looks(call) and not call.function.endswith("importorskip"):
                self.guards.add(call.node, self.importers.handed(call), "dynamic")
        for node, reference in list(self.references.nodes):
            parent = node.parent
            called = parent if parent is not None and field(parent, "function") == node else None
            if called is not None and called.type == "call":
                self.guards.add(called, [reference.path], "call")
            else:
                self.guards.hand_on(node, [reference.path])
            for told in self.known.told.get(reference.path, ()):
                self._told(node, called, told)
        for word in sorted(self.words):
            for node in self.tree.nodes(word):
                parent = node.parent
                if parent is not None and parent.type == "string":
                    self._named(parent, self.tree.text(node))
                if (
                    parent is not None
                    and parent.type == "function_definition"
                    and field(parent, "name") == node
                ):
                    self.guards.own(parent)

    def _named(self, string: Node, name: str) -> None:
        """A guarded module's name that is handed to a function of another file, which may look for it."""
        listed = string.parent
        keyword = field(listed, "name") if listed is not None and listed.type == "keyword_argument" else None
        listed = listed.parent if listed is not None and keyword is not None else listed
        call = listed.parent if listed is not None and listed.type == "argument_list" else None
        function = field(call, "function") if call is not None and call.type == "call" else None
        if call is None or function is None or not all(one.isidentifier() for one in name.split(".")):
            return
        place = next((str(i) for i, one in enumerate(arguments(call)[0]) if one.id == string.id), "")
        at = self.tree.text(keyword) if keyword is not None else place
        paths = [path for path in self.contexts.foreign(function) if path not in LIBRARY]
        if paths and at:
            through = tuple(f"{path}:{at}" for path in paths)
            self.probes.ask(call, (name,), "named", NONE, ANYTHING, through)

    def _told(self, node: Node, call: Node | None, told: Told) -> None:
        """A use of a name that another file tells of."""
        if told.kind == "escapes":
            types = tuple(self._here(one) for one in told.types)
            for one, bases in told.above.items():
                self.contexts.exceptions.hierarchy.note(self._here(one), map(self._here, bases))
            if call is not None:
                self.guards.add(call, told.paths, "other", types)
            else:
                self.guards.hand_on(node, told.paths, types)
        elif told.kind == "gives":
            if call is not None:
                self.probes.ask(
                    call, tuple(told.paths), "asked" if told.asked else "soft", told.missing, ANYTHING
                )
        elif call is None and self.probes.is_tested(node, told.missing):
            self.probes.ask(node, tuple(told.paths), "flag", told.missing, told.present or ANYTHING)

    def _here(self, kind: str) -> str:
        """A type as this file names it: a class of its own by its own name."""
        module, _, name = kind.rpartition(".")
        return f"own:{name}" if module and module == self.guards.module else kind

    def _caught(self, unit: Unit) -> list[Guarded]:
        found: list[Guarded] = []
        if unit.flow is None:
            return found
        passed = self._passed(unit.flow) if unit.caught else []
        for caught in sorted(unit.caught):
            if caught.touch >= FIRST:
                question = self.probes.found[caught.touch - FIRST]
                span = self.tree.span(question.node)
                found.append(
                    Guarded(
                        "soft" if question.form in ("soft", "named") else "probe",
                        question.form,
                        list(question.paths),
                        "probe",
                        span,
                        span,
                        self._scope(question.node),
                        ending=caught.ending,
                        through=list(question.through),
                        raised=list(FAILURES) if question.through else [],
                        passed=passed,
                    )
                )
                continue
            touch = unit.order[caught.touch]
            by = unit.flow.place(caught.by)
            if by is None or (touch.how == "empty" and not NAMED.search(self._said(by))):
                continue
            found.append(
                Guarded(
                    "swallow",
                    "decorator" if _is_decorator(by) else FORMS.get(by.type, by.type),
                    list(touch.paths),
                    "helper" if touch.how == "empty" else touch.how,
                    self._header(by),
                    self.tree.span(touch.node),
                    self._scope(by),
                    self._said(by),
                    caught.ending,
                    *self._through(unit.flow, caught.by),
                    passed,
                )
            )
        return found

    def _passed(self, flow: Followed) -> list[str]:
        """The functions of other files that code calls after a failure, but for the standard library's."""
        functions = [field(call, "function") for call in flow.passed()]
        paths = {path for one in functions if one is not None for path in self.contexts.foreign(one)}
        return sorted(path for path in paths if path.partition(".")[0] not in sys.stdlib_module_names)

    def _through(self, flow: Followed, by: int) -> tuple[list[str], list[str]]:
        """The names of other files on which a swallow depends, and what is raised there."""
        if flow.is_sure(by):
            return [], []
        return list(flow.through[by]), sorted(flow.failures.entered.get(by, ()))

    def _elsewhere(self) -> list[Guarded]:
        """What may fail and is handed to a decorator or helper of another file: swallowed, or tried again."""
        found: list[Guarded] = []
        for one in self.guards.handing.foreign.values():
            form, _, at = one.how.partition(":")
            span, name = self.tree.span(one.node), one.path.rsplit(".", 1)[-1]
            through = [f"{one.path}:{at}" if at else one.path]
            kinds: list[Literal["swallow", "retry"]] = ["swallow", "retry"]
            if is_retrier(one.path):
                kinds, through = ["retry"], []
            found += [
                Guarded(
                    kind,
                    form,
                    list(one.paths),
                    "helper",
                    span,
                    span,
                    self._scope(one.node),
                    name,
                    "",
                    through,
                    sorted(one.types),
                )
                for kind in kinds
            ]
        return found

    def _scope(self, node: Node) -> str:
        return scope_name(self.tree, node)

    def _header(self, node: Node) -> Span:
        """The first line of a handler, without its block."""
        values = node.children_by_field_name("value")
        if FORMS.get(node.type) == "suppress":
            return self.tree.span(node)
        keyword = node.children[0]
        return self.tree.span(keyword, values[-1] if values else keyword)

    def _said(self, node: Node) -> str:
        """What a handler catches, as written."""
        if node.type == "finally_clause":
            return "finally"
        values = node.children_by_field_name("value")
        if FORMS.get(node.type) == "suppress":
            return " ".join(self.tree.text(node).split())[:80]
        texts = [
            self.tree.text((one.named_child(0) or one) if one.type == "as_pattern" else one) for one in values
        ]
        return " ".join(", ".join(texts).split())[:80]

    def _retries(self) -> list[Guarded]:
        touches = [touch for unit in self.guards.units.values() for touch in unit.touches.values()]
        touches = [touch for touch in touches if touch.how != "empty"]
        if touches:
            touches += taints(self.tree, self.contexts, self.guards, self.words)
        found = Retries(self.tree, self.contexts, self.guards, touches).read()
        imports = {one.node.id for one in self.importers.calls}
        for one in self.probes.found:
            if one.form == "soft" and one.node.id not in imports:
                loop = insists(self.contexts, one.node, one.paths, one.missing)
                found += [loop] if loop is not None else []
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
            for one in found
        ]


def _is_decorator(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "decorator"


def _merged(one: Guarded, other: Guarded) -> Guarded:
    """Two failures that end at one place."""
    rank = ("import", "dynamic", "call", "helper", "other", "own", "probe")
    first = min(one, other, key=lambda each: (rank.index(each.how), each.touched))
    endings = {one.ending, other.ending} - {""}
    told = next((each for each in ("returns None", "returns False", "returns True") if each in endings), None)
    return msgspec.structs.replace(
        first,
        paths=list(dict.fromkeys((*one.paths, *other.paths))),
        ending=told or max(endings, default=""),
        through=[] if not (one.through and other.through) else one.through,
        raised=sorted({*one.raised, *other.raised}) if one.through and other.through else [],
    )
