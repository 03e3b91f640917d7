"""The places of one file that may fail: imports, calls, and calls of the file's own helpers around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hardcut.flow.exceptions import FAILURES, builtin
from hardcut.source.python.contexts import Contexts, calls_in
from hardcut.source.python.failure_flow import Caught, Followed, Question, Touch
from hardcut.source.python.handing import Handing
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, climb, field, named, same
from hardcut.source.python.units import Unit, between, is_argument, is_kept, statements

if TYPE_CHECKING:
    from tree_sitter import Node

MOST = 200
"""How many places of one function are followed: the time for it grows with their square."""
NAMES = re.compile(r"\w+")
SEPARATE = ("own", "empty")
"""Touches that go nowhere from the function they are in: `own`, and `empty`, a helper that swallows."""


class Guards:
    """Finds the touches of a file, and follows each failure to its end."""

    def __init__(
        self, tree: Tree, names: Names, contexts: Contexts, words: frozenset[str], module: str | None
    ) -> None:
        self.tree = tree
        self.names = names
        self.contexts = contexts
        self.words = words
        self.module = module
        self.units: dict[int, Unit] = {}
        self._dirty: dict[int, Unit] = {}
        self._told: dict[int, tuple[frozenset[str], frozenset[str]]] = {}
        self.handing = Handing(tree, names, contexts, self.add)

    def unit_of(self, node: Node) -> Unit | None:
        """The function whose body a node stands in, or the module; None within a lambda."""
        child = node
        for parent in climb(node):
            if parent.type == "lambda":
                return None
            if parent.type == "function_definition" and same(child, field(parent, "body")):
                return self.units.setdefault(parent.id, Unit(parent, child))
            child = parent
        return self.units.setdefault(self.tree.root.id, Unit(self.tree.root, self.tree.root))

    def add(self, node: Node, paths: list[str], how: str, types: tuple[str, ...] = FAILURES) -> None:
        """Note a place that reaches paths, when they hold a word of the plan."""
        wanted = tuple(dict.fromkeys(path for path in paths if self.words.intersection(path.split("."))))
        if not wanted:
            return
        unit = self.unit_of(node)
        if unit is None:
            self.handing.around(node, list(wanted), types)
            return
        key = (node.id, how if how in SEPARATE else "")
        known = unit.touches.get(key)
        if known is not None:
            merged = Touch(
                node,
                tuple(dict.fromkeys((*known.paths, *wanted))),
                known.how,
                tuple(dict.fromkeys((*known.types, *types))),
            )
            if merged.paths == known.paths and merged.types == known.types:
                return
            unit.touches[key] = merged
        elif len(unit.touches) >= MOST:
            self.tree.give_up(
                node, f"more than {MOST} places of one function, or of the module's own code, may fail"
            )
            return
        else:
            unit.touches[key] = Touch(node, wanted, how, types)
        self._dirty[unit.node.id] = unit

    def own(self, function: Node) -> None:
        """A function that a plan may name: whatever it tries is to fail loudly."""
        body, name = field(function, "body"), field(function, "name")
        if body is None or name is None or self.module is None:
            return
        outer = scope_name(self.tree, function)
        path = ".".join(one for one in (self.module, outer, self.tree.text(name)) if one)
        tried = [part for part in statements(body) if part.type in ("try_statement", "with_statement")]
        for part in tried:
            block = field(part, "body")
            for call in calls_in(block) if block is not None else ():
                self.add(call, [path], "own")

    def follow(self) -> list[Unit]:
        """Follow every failure, through helpers of this file too; the units whose answers are new.

        That ends: touches are only added, or take up further paths and types.
        """
        fresh: dict[int, Unit] = {}
        while self._dirty:
            waiting, self._dirty = self._dirty, {}
            for unit in waiting.values():
                fresh[unit.node.id] = unit
                self._run(unit)
                self._tell(unit)
        return list(fresh.values())

    def followed(self) -> list[Unit]:
        """The units in which something may fail."""
        return [unit for unit in self.units.values() if unit.touches or unit.questions]

    def ask(self, number: int, question: Question) -> None:
        """Note an expression that tells whether something is there."""
        unit = self.unit_of(question.node)
        if unit is not None:
            unit.questions[number] = question
            self._dirty[unit.node.id] = unit

    def _run(self, unit: Unit) -> None:
        unit.order = list(unit.touches.values())
        unit.flow = None
        decorators = self.decorators(unit.node) if unit.node.type == "function_definition" else []
        decorators = [each for each in decorators if self.contexts.managers.is_decorator(each)]
        if (
            unit.questions
            or decorators
            or any(
                one.type in ("try_statement", "with_statement")
                for touch in unit.order
                for one in between(touch.node, unit.node)
            )
        ):
            unit.flow = self.contexts.flow.follow(unit.node, unit.order, unit.questions)
        if unit.flow is not None:
            flow = unit.flow
            flow.decorate(decorators)
            unit.escapes = flow.escapes
            unit.caught = {one for one in flow.caught if self._is_meant(unit, flow, one)}
        else:
            unit.escapes = {at: set(touch.types) for at, touch in enumerate(unit.order)}

    def _is_meant(self, unit: Unit, flow: Followed, caught: Caught) -> bool:
        """Whether a catcher is for a failure that comes out of another file.

        It names what is raised, an ImportError or a class of the project; or it stands around that one
        call, which fails in a function that itself reaches what is guarded.
        """
        touch = unit.order[caught.touch] if caught.touch < len(unit.order) else None
        by = flow.place(caught.by)
        if touch is None or touch.how != "other" or by is None:
            return True
        said = NAMES.findall(" ".join(self.tree.text(one) for one in by.children_by_field_name("value")))
        if {
            *FAILURES,
            *(kind.rpartition(":")[2].rpartition(".")[2] for kind in touch.types if not builtin(kind)),
        } & {*said}:
            return True
        outer = next((one for one in climb(by) if one.type in ("try_statement", "with_statement")), None)
        block = field(outer, "body") if outer is not None else None
        return block is not None and len(named(block)) == 1

    def _tell(self, unit: Unit) -> None:
        """Callers of a function from which a failure escapes may fail as it does."""
        if unit.node.type != "function_definition":
            return
        kept = [unit.order[one.touch] for one in sorted(unit.caught) if one.touch < len(unit.order)]
        swallowed = [path for touch in kept if touch.how not in SEPARATE for path in touch.paths]
        if swallowed:
            for call in self.calls_of(unit.node):
                self.add(call, swallowed, "empty")
        escaping = [at for at in unit.escapes if at < len(unit.order) and unit.order[at].how not in SEPARATE]
        paths = frozenset(path for at in escaping for path in unit.order[at].paths)
        types = frozenset(one for at in escaping for one in unit.escapes[at])
        known = self._told.get(unit.node.id, (frozenset(), frozenset()))
        if not paths or (paths <= known[0] and types <= known[1]):
            return
        self._told[unit.node.id] = (paths | known[0], types | known[1])
        kinds = tuple(sorted(types))
        other = all(unit.order[at].how == "other" for at in escaping)
        for call in self.calls_of(unit.node):
            self.add(call, sorted(paths), "other" if other else "helper", kinds)
        for argument in self.handed(unit.node):
            self.handing.thing(argument, sorted(paths), kinds)
        for decorator in self.decorators(unit.node):
            self.handing.decorator(decorator, sorted(paths), kinds)

    def told(self, unit: Unit) -> tuple[set[str], set[str]]:
        """The guarded paths whose failure a function lets through, and the types that it then raises.

        What comes out of another file is left out, and a built-in exception into which something further
        than a helper of the function turned the failure: by then it may stand for anything.
        """
        paths: set[str] = set()
        types: set[str] = set()
        for touch, kinds in self._escaping(unit):
            near = {*FAILURES, *(kinds if touch.how != "helper" else self._turned(touch))}
            kept = {kind for kind in kinds if kind in near or builtin(kind) is None}
            if kept:
                paths.update(touch.paths)
                types |= kept
        return paths, types

    def _escaping(self, unit: Unit) -> Iterator[tuple[Touch, set[str]]]:
        for at, kinds in unit.escapes.items():
            touch = unit.order[at] if at < len(unit.order) else None
            if touch is not None and touch.how not in (*SEPARATE, "other"):
                yield touch, kinds

    def _turned(self, touch: Touch) -> set[str]:
        """What a called function of this file itself turns the failure of an import or call into."""
        function = field(touch.node, "function")
        owner = self.contexts.local(function) if function is not None else None
        unit = self.units.get(owner.id) if owner is not None else None
        own = self._escaping(unit) if unit is not None else ()
        return {kind for one, kinds in own if one.how != "helper" for kind in kinds}

    def calls_of(self, function: Node) -> list[Node]:
        """The calls of a function of this file."""
        found = []
        for whole in self._uses(function):
            call = whole.parent
            if call is not None and call.type == "call" and same(field(call, "function"), whole):
                found.append(call)
        return found

    def handed(self, function: Node) -> list[Node]:
        """The places where a function of this file is handed on: as an argument, or to another name."""
        return [one for one in self._uses(function) if is_argument(one) or is_kept(one)]

    def _uses(self, function: Node) -> list[Node]:
        name = field(function, "name")
        found = []
        for node in self.tree.nodes(self.tree.text(name)) if name is not None else ():
            if node.type != "identifier" or same(node, name):
                continue
            whole = node.parent
            if whole is not None and whole.type == "attribute":
                if same(field(whole, "attribute"), node) and same(self.contexts.local(whole), function):
                    found.append(whole)
            elif same(self.contexts.local(node), function):
                found.append(node)
        return found

    def decorators(self, function: Node) -> list[Node]:
        """The decorators of a function, as expressions."""
        above = function.parent
        if above is None or above.type != "decorated_definition":
            return []
        return [named(one)[0] for one in above.named_children if one.type == "decorator" and named(one)]

    def hand_on(self, node: Node, paths: list[str], types: tuple[str, ...] = FAILURES) -> None:
        """A guarded function that is handed on as an argument."""
        if is_argument(node) and any(self.words.intersection(path.split(".")) for path in paths):
            self.handing.thing(node, paths, types)
