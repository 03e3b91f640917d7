"""Questions whether something is there: find_spec, hasattr, sys.modules, versions, flags, soft helpers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from hardcut.flow.conditions import ANYTHING, FALSE, NONE, SOME, TRUE
from hardcut.source.python.failure_flow import Caught, Question
from hardcut.source.python.flags import flags
from hardcut.source.python.guards import SEPARATE, Guards
from hardcut.source.python.importers import FINDERS, Importers
from hardcut.source.python.tree import Tree, arguments, climb, field, inside, named, same, unwrap
from hardcut.source.python.units import Unit
from hardcut.source.python.versions import Versions, uses_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.paths import Paths

PASSING = frozenset(
    {"parenthesized_expression", "not_operator", "boolean_operator", "comparison_operator", "argument_list"}
)
"""Expressions whose value depends on the truth of a part."""
FIRST = 1_000_000
"""Probes are numbered from here, touches from 0."""


class Probe(msgspec.Struct, frozen=True):
    """A question: what it asks about, how, and what it gives where that is missing.

    `through` are the functions of other files that have to answer.
    """

    node: Node
    paths: tuple[str, ...]
    form: str
    missing: int
    through: tuple[str, ...] = ()


class Probes:
    """Collects the probes of one file and hands them to its guards."""

    def __init__(self, tree: Tree, paths: Paths, importers: Importers, guards: Guards) -> None:
        self.tree = tree
        self.paths = paths
        self.importers = importers
        self.guards = guards
        self.found: list[Probe] = []
        self._known: set[int] = set()
        self._far: set[int] = set()

    def read(self) -> None:
        """The probes that stand in the file as such."""
        for call in self.importers.calls:
            if call.function.rsplit(".", 1)[-1] in FINDERS:
                self._add(call.node, self.importers.handed(call), "find_spec", NONE, SOME)
        for node in self.tree.nodes("hasattr"):
            hasattr_call = node.parent
            if hasattr_call is None or hasattr_call.type != "call":
                continue
            given, _ = arguments(hasattr_call)
            if len(given) == 2:
                found = self.paths.of(given[0])
                holders = [one.path for one in found if one.form not in ("instance", "inherited")]
                self._add(hasattr_call, holders, "hasattr", FALSE, TRUE)
        self._listed()
        self._loaded()
        for node, paths, missing, present in Versions(self.tree, self.guards.names, self.paths).read():
            self._add(node, paths, "version", missing, present)

    def _add(
        self,
        node: Node,
        paths: list[str],
        form: str,
        missing: int,
        present: int,
        through: tuple[str, ...] = (),
    ) -> None:
        wanted = tuple(
            dict.fromkeys(path for path in paths if self.guards.words.intersection(path.split(".")))
        )
        if wanted:
            self.guards.ask(FIRST + len(self.found), Question(node, missing, present))
            self.found.append(Probe(node, wanted, form, missing, through))

    def _listed(self) -> None:
        """`"x" in dir(module)`, and `"x" in vars(module)`."""
        for word in ("dir", "vars"):
            for node in self.tree.nodes(word):
                call = node.parent
                test = call.parent if call is not None and call.type == "call" else None
                given, _ = arguments(call) if call is not None and test is not None else ([], {})
                if test is None or test.type != "comparison_operator" or len(given) != 1:
                    continue
                sign = " ".join(one.type for one in test.children if not one.is_named)
                missing, present = (FALSE, TRUE) if sign == "in" else (TRUE, FALSE)
                if sign in ("in", "not in") and same(named(test)[-1], call):
                    self._add(
                        test, [one.path for one in self.paths.of(given[0])], "hasattr", missing, present
                    )

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
                self._add(above, self.paths.constants.texts(parts[0]), "sys.modules", missing, present)
            elif above.type == "attribute" and self.tree.text(above) == "sys.modules.get":
                call = above.parent
                given, _ = arguments(call) if call is not None and call.type == "call" else ([], {})
                if call is not None and given:
                    self._add(call, self.paths.constants.texts(given[0]), "sys.modules", NONE, SOME)

    def _unloads(self, test: Node) -> bool:
        """Whether what is asked for is only taken out of `sys.modules`, or put back."""
        branch = next((one for one in climb(test) if one.type == "if_statement"), None)
        text = self.tree.text(branch) if branch is not None else ""
        return "del sys.modules" in text or "sys.modules.pop" in text or "monkeypatch" in text

    def learn(self, units: list[Unit]) -> bool:
        """Flags that hold nothing, and helpers that give nothing; whether there was anything new."""
        before = len(self.found)
        for unit in units:
            if unit.node.type == "function_definition":
                for missing, paths, asked in self.answers(unit):
                    for call in self.guards.calls_of(unit.node):
                        own = self._given(call)
                        self.ask(call, own or paths, "asked" if asked else "soft", missing, ANYTHING)
                continue
            for name, paths, missing, present in flags(self.guards, self.touched, unit):
                for node in self.tree.nodes(name):
                    for use in self.tested(node, missing) if self._is_own(name, node) else ():
                        self.ask(use, paths, "flag", missing, present or ANYTHING)
            for caught in sorted(unit.caught):
                clause = unit.flow.place(caught.by) if unit.flow is not None else None
                for use, missing, present in self._flags(clause):
                    alike = [one for one in unit.caught if one.ending == caught.ending]
                    paths = tuple(sorted({path for one in alike for path in self.touched(unit, one.touch)}))
                    self.ask(use, paths, "flag", missing, present)
        return len(self.found) > before

    def answers(self, unit: Unit, every: bool = True) -> list[tuple[int, tuple[str, ...], bool]]:
        """None or False, where a function answers so for want of something; what; whether it only asked.

        A question about an argument tells nothing. Without `every`, what rests on the empty answer of another
        file's helper is left out, and an answer that a function gives for other reasons too, or much later.
        """
        found: list[tuple[int, tuple[str, ...], bool]] = []
        through = unit.flow.through if unit.flow is not None else {}
        for ending, missing in (("returns None", NONE), ("returns False", FALSE)):
            alike = [one for one in sorted(unit.caught) if one.ending == ending and one.by not in through]
            alike = [one for one in alike if every or one.touch not in self._far]
            paths = sorted({path for one in alike for path in self.touched(unit, one.touch)})
            asked = all(one.touch >= FIRST and self.found[one.touch - FIRST].form != "soft" for one in alike)
            if self._looks(unit):
                asked = True
            elif asked and self._is_about_more(unit):
                continue
            elif not asked and not every:
                alike = [one for one in alike if self._is_at_once(unit, one)]
                if unit.flow is not None and ending in unit.flow.answers():
                    continue
            if alike:
                found.append((missing, tuple(paths), asked))
        return found

    def _is_at_once(self, unit: Unit, caught: Caught) -> bool:
        """Whether a function answers in the handler, or does nothing else after it."""
        by = unit.flow.place(caught.by) if unit.flow is not None else None
        if by is None or "return" in self.tree.text(by):
            return True
        last = by
        for parent in climb(by):
            if same(parent, unit.body):
                break
            last = parent
        after = [one for one in named(unit.body) if one.start_byte > last.start_byte]
        return all(one.type in ("return_statement", "comment") for one in after)

    def _looks(self, unit: Unit) -> bool:
        """Whether a function looks for the module that it is given."""
        name = field(unit.node, "name")
        own = self.tree.text(name) if name is not None else ""
        return any(one.rsplit(".", 1)[-1] == own for one in self.importers.finders)

    def _is_about_more(self, unit: Unit) -> bool:
        """Whether a function has to be given something: it is no mere question whether a thing is there."""
        listed = field(unit.node, "parameters")
        given = [
            self.tree.text(one)
            for one in (named(listed) if listed is not None else ())
            if one.type in ("identifier", "typed_parameter")
        ]
        return any(one not in ("self", "cls") for one in given)

    def ask(
        self,
        node: Node,
        paths: tuple[str, ...],
        form: str,
        missing: int,
        present: int,
        through: tuple[str, ...] = (),
    ) -> None:
        """Note a question, once for each place; `through` tells of which other file it depends."""
        if node.id not in self._known:
            self._known.add(node.id)
            self._add(node, list(paths), form, missing, present, through)

    def touched(self, unit: Unit, number: int) -> list[str]:
        """The paths behind a number that a flow gives."""
        if number >= FIRST:
            return list(self.found[number - FIRST].paths)
        touch = unit.order[number]
        return list(touch.paths) if touch.how not in SEPARATE else []

    def _given(self, call: Node) -> tuple[str, ...]:
        """What a call hands to a helper that looks for the module it is given."""
        found = next((one for one in self.importers.calls if one.node.id == call.id), None)
        return tuple(one.text for one in found.values if one.exact) if found is not None else ()

    def _is_own(self, name: str, use: Node) -> bool:
        """Whether an identifier is a use of a name of the module, and not where that is found out."""
        if use.type != "identifier" or self.guards.names.is_binding(use) is not None:
            return False
        bound = self.guards.names.resolve(name, use)
        if not any(one.scope.type == "module" for one in bound):
            return False
        for parent in climb(use):
            if parent.type == "function_definition":
                return True
            if parent.type == "try_statement" and any(inside(one.node, parent) for one in bound):
                return False
        return True

    def _flags(self, clause: Node | None) -> Iterator[tuple[Node, int, int]]:
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
                for use in self.tested(node, given[0]) if self._is_own(name, node) else ():
                    yield use, *given

    def tested(self, node: Node, missing: int) -> Iterator[Node]:
        """Where the value of a name decides something; of a parameter's default, where the parameter does."""
        above = node.parent
        if above is None or above.type not in ("default_parameter", "typed_default_parameter"):
            if self.is_tested(node, missing):
                yield node
            return
        name = field(above, "name")
        yield from (
            one
            for one in (uses_of(self.tree, self.guards.names, name) if name else ())
            if self.is_tested(one, missing)
        )

    def is_tested(self, node: Node, missing: int) -> bool:
        """Whether a name's value decides something: a condition, an answer, another name.

        A thing that is None where it is missing may be handed on; only what asks about it counts.
        """
        child, asked = node, missing != NONE
        for parent in climb(node):
            kind = parent.type
            if kind == "boolean_operator" and same(field(parent, "left"), child):
                operator = field(parent, "operator")
                if operator is not None and operator.type == "or" and not asked:
                    return True
            if kind == "match_statement":
                return same(field(parent, "subject"), child)
            if kind in ("if_statement", "elif_clause", "while_statement"):
                return inside(child, field(parent, "condition"))
            if kind == "conditional_expression":
                parts = named(parent)
                if len(parts) == 3 and same(parts[1], child):
                    return True
            elif kind == "assignment":
                return asked and same(field(parent, "right"), child)
            elif kind in ("return_statement", "named_expression"):
                return asked
            elif kind == "assert_statement":
                return True
            elif kind == "call":
                function = field(parent, "function")
                if same(function, child) or function is None or self.tree.text(function) != "bool":
                    return False
            elif kind not in PASSING:
                return False
            asked = asked or kind in ("not_operator", "comparison_operator")
            child = parent
        return False
