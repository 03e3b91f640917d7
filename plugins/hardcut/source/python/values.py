"""What a name holds while a failure is followed, as far as it matters to a condition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hardcut.source.python.tree import COMPREHENSIONS, arguments, field, named, operands, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.exceptions import Exceptions
    from hardcut.source.python.tree import Tree

T = TypeVar("T")
NONE, TRUE, FALSE, SOME, SET, EMPTY, FALSY = "None", "True", "False", "some", "set", "empty", "falsy"
"""None; True; False; a true object; an object, true or false; an empty one; something that is false."""
EXCEPTION = "exc:"
MAKERS = frozenset({"str", "repr", "format", "type", "int", "float", "bytes"})
MOST_PARTS = 60
"""So many ways through one expression are kept apart; of more, what they have in common is kept."""
DEPTH = 100
"""How deep an expression is looked into."""
OVER = frozenset({"all", "any", "list", "tuple", "set", "sorted", "next", "len", "sum"})
"""Functions that make something of all the items of a comprehension."""
COPIES = frozenset({"list", "tuple", "set", "sorted", "len"})
"""Those of them whose answer is empty where there are no items."""
SPACES = frozenset({"locals()", "globals()", "vars()", "dir()"})
"""What names are bound where it is called."""
ASKS = {(">", "0"): True, ("!=", "0"): True, (">=", "1"): True, ("==", "0"): False, ("<", "1"): False}
"""Comparisons of a number of things, and whether they hold where there is one."""


class State(NamedTuple):
    """One way a program may have come here.

    `hurt` is the number of the touch that failed, or -1; `by` the node that caught it, or another
    failure; `env` what names are known to hold.
    """

    env: frozenset[tuple[str, str]]
    hurt: int = -1
    by: int = 0

    def get(self, name: str) -> str | None:
        """What a name is known to hold."""
        return next((value for key, value in self.env if key == name), None)

    def put(self, name: str, value: str | None) -> State:
        """The state after an assignment; None for an unknown value."""
        below = f"{name}."
        left = [one for one in self.env if one[0] != name and not one[0].startswith(below)]
        if value is not None:
            left.append((name, value))
        elif len(left) == len(self.env):
            return self
        return self._replace(env=frozenset(left))


class Probe(NamedTuple):
    """An expression that tells whether something is there: its number, and what it is if not."""

    number: int
    missing: str
    present: str | None


def joined(states: Iterable[State]) -> list[State]:
    """One state for each failure and catcher, in which a name holds what it holds in all of them."""
    found: dict[tuple[int, int], dict[str, str]] = {}
    for state in states:
        known = found.get((state.hurt, state.by))
        if known is None:
            found[state.hurt, state.by] = dict(state.env)
            continue
        env = dict(state.env)
        for name in list(known):
            value = _common(known[name], env.get(name))
            if value is None:
                del known[name]
            else:
                known[name] = value
    return [State(frozenset(env.items()), hurt, by) for (hurt, by), env in found.items()]


def _common(one: str, other: str | None) -> str | None:
    """What holds for either of two values; None where nothing does."""
    if one == other or other is None:
        return one if one == other else None
    if one.startswith(EXCEPTION) and other.startswith(EXCEPTION):
        return f"{EXCEPTION}?"
    if truth(one) is True and truth(other) is True:
        return SOME
    if truth(one) is False and truth(other) is False:
        return FALSY
    return SET if is_none(one) is False and is_none(other) is False else None


def _fewer(answers: list[tuple[T, State]]) -> list[tuple[T, State]]:
    """Answers, each with the states in which it is given; of too many, states are joined."""
    answers = list(dict.fromkeys(answers))
    if len(answers) <= MOST_PARTS:
        return answers
    by_answer: dict[T, list[State]] = {}
    for answer, state in answers:
        by_answer.setdefault(answer, []).append(state)
    return [(answer, state) for answer, states in by_answer.items() for state in joined(states)]


def truth(value: str | None) -> bool | None:
    """Whether a value is true, None where nobody knows."""
    if value is None or value == SET:
        return None
    return value not in (NONE, FALSE, EMPTY, FALSY)


def is_none(value: str | None) -> bool | None:
    """Whether a value is None, None where nobody knows."""
    if value is None or value == FALSY:
        return None
    return value == NONE


class Values:
    """Evaluates expressions and conditions in a state."""

    def __init__(self, tree: Tree, exceptions: Exceptions, probes: dict[int, Probe]) -> None:
        self.tree = tree
        self.exceptions = exceptions
        self.probes = probes

    def key(self, node: Node) -> str | None:
        """The name under which a target is kept: a plain name or a dotted chain."""
        if node.type == "identifier":
            return self.tree.text(node)
        if node.type == "attribute":
            text = self.tree.text(node)
            return text if "(" not in text and "[" not in text else None
        return None

    def of(self, node: Node, state: State, depth: int = 0) -> list[tuple[str | None, State]]:
        """What an expression may be; a probe also answers as if nothing were there."""
        node = unwrap(node)
        kind = node.type
        probe = self.probes.get(node.id)
        held = state.get(self.key(node) or "") if probe is not None and state.hurt >= 0 else None
        if held is not None:
            return [(held, state)]
        if probe is not None:
            found: list[tuple[str | None, State]] = [(probe.present, state)]
            if state.hurt < 0:
                found.append((probe.missing, state._replace(hurt=probe.number, by=node.id)))
            return found
        if depth > DEPTH:
            self.tree.give_up(node, f"an expression was read {DEPTH} levels deep only")
            return [(None, state)]
        if kind == "none":
            return [(NONE, state)]
        if kind in ("true", "false"):
            return [(TRUE if kind == "true" else FALSE, state)]
        if kind in ("string", "concatenated_string"):
            plain = self.tree.text(node).lower()
            if kind == "string" and "f" in plain.split("'")[0].split('"')[0]:
                return [(SET, state)]
            return [(EMPTY if plain.strip("rbu") in ("''", '""', '""""""', "''''''") else SOME, state)]
        if kind == "integer":
            return [(EMPTY if self.tree.text(node).strip("0_") == "" else SOME, state)]
        if kind in ("list", "tuple", "dictionary", "set"):
            return [(SOME if named(node) else EMPTY, state)]
        if kind in ("identifier", "attribute"):
            name = self.key(node)
            if name and name.rsplit(".", 1)[-1] == "TYPE_CHECKING":
                return [(FALSE, state)]
            return [(state.get(name) if name else None, state)]
        if kind == "conditional_expression":
            parts = named(node)
            if len(parts) == 3:
                return [
                    one
                    for says, after in self.test(parts[1], state, depth + 1)
                    for one in self.of(parts[0 if says else 2], after, depth + 1)
                ]
        if kind == "boolean_operator":
            return self._either(node, state, depth)
        if kind in ("not_operator", "comparison_operator"):
            return [
                (TRUE if says else FALSE, after) for says, after in self.test(node, state, depth + 1, False)
            ]
        if kind == "named_expression":
            name_node, value = field(node, "name"), field(node, "value")
            if name_node is not None and value is not None:
                name = self.tree.text(name_node)
                return [(one, after.put(name, one)) for one, after in self.of(value, state, depth + 1)]
        if kind == "await" and named(node):
            return self.of(named(node)[0], state, depth + 1)
        if kind == "call":
            return self._call(node, state, depth)
        if kind in COMPREHENSIONS and _filters(node):
            return self._filtered(node, state, depth)
        if kind == "lambda":
            return [(SOME, state)]
        return [(None, state)]

    def _filtered(self, node: Node, state: State, depth: int) -> list[tuple[str | None, State]]:
        """What a comprehension gives that asks of each item; of one item alone, what is left is known."""
        over = [field(one, "right") or one for one in named(node) if one.type == "for_in_clause"]
        alone = len(over) == 1 and over[0].type in ("tuple", "list", "set") and len(named(over[0])) == 1
        left = [(True, state)]
        for clause in _filters(node):
            left = [
                one
                for says, after in left
                for one in (self.test(named(clause)[0], after, depth + 1, False) if says else [(says, after)])
            ]
        return _fewer([(SOME if says else EMPTY if alone else None, after) for says, after in left])

    def _call(self, node: Node, state: State, depth: int) -> list[tuple[str | None, State]]:
        function = field(node, "function")
        name = self.tree.text(function) if function is not None else ""
        positional, _ = arguments(node)
        if name.removesuffix(".get") in SPACES and name.endswith(".get") and len(positional) == 1:
            return [(state.get(self._quoted(positional[0])), state)]
        if name in ("bool", "callable") and len(positional) == 1:
            found: list[tuple[str | None, State]] = []
            for value, after in self.of(positional[0], state, depth + 1):
                says = truth(value)
                if name == "callable":
                    says = False if is_none(value) else None
                found.append((None if says is None else TRUE if says else FALSE, after))
            return found
        if name == "cast" and len(positional) == 2:
            return self.of(positional[1], state, depth + 1)
        if name in OVER and positional and positional[0].type in COMPREHENSIONS:
            whole = positional[0]
            if _filters(whole):
                kept = self._filtered(whole, state, depth)
                return kept if name in COPIES else [(None, after) for _, after in kept]
            body = field(whole, "body") if name in ("all", "any") else None
            return [
                (None if (says := truth(value)) is None else TRUE if says else FALSE, after)
                for value, after in (self.of(body, state, depth + 1) if body is not None else [(None, state)])
            ]
        if name == "len" and len(positional) == 1:
            return [
                (value if value in (SOME, EMPTY) else None, after)
                for value, after in self.of(positional[0], state, depth + 1)
            ]
        if name in ("list", "dict", "set", "tuple") and not positional:
            return [(EMPTY, state)]
        if name in MAKERS or name.rsplit(".", 1)[-1][:1].isupper():
            return [(SET, state)]
        return [(None, state)]

    def _either(self, node: Node, state: State, depth: int) -> list[tuple[str | None, State]]:
        operator = field(node, "operator")
        first, *rest = operands(node)
        if operator is None or not rest:
            return [(None, state)]
        stays = operator.type == "or"
        found: list[tuple[str | None, State]] = []
        open_ = self.of(first, state, depth + 1)
        for part in rest:
            left: list[tuple[bool, State]] = []
            for value, after in open_:
                says = truth(value)
                if says is None or says is stays:
                    found.append((value, after))
                if says is None or says is not stays:
                    left.append((True, after))
            open_ = [one for _, after in _fewer(left) for one in self.of(part, after, depth + 1)]
            found = _fewer(found)
        return _fewer([*found, *open_])

    def test(self, node: Node, state: State, depth: int = 0, refine: bool = True) -> list[tuple[bool, State]]:
        """Which ways a condition may go, and what is known then."""
        node = unwrap(node)
        kind = node.type
        if depth > DEPTH:
            self.tree.give_up(node, f"a condition was read {DEPTH} levels deep only")
            return [(True, state), (False, state)]
        if kind == "not_operator":
            inner = field(node, "argument")
            if inner is not None:
                return [(not says, after) for says, after in self.test(inner, state, depth + 1, refine)]
        if kind == "boolean_operator":
            return self._both(node, state, depth, refine)
        if kind == "comparison_operator" and node.id not in self.probes:
            found = self._compared(node, state, depth, refine)
            if found is not None:
                return found
        if kind == "call" and (known := self._isinstance(node, state)) is not None:
            return [(known, state)]
        answers: list[tuple[bool, State]] = []
        name = self.key(node)
        for value, after in (
            self.of(node, state, depth + 1)
            if kind != "comparison_operator" or (node.id in self.probes)
            else [(None, state)]
        ):
            says = truth(value)
            if says is not None:
                answers.append((says, after))
            elif name and refine:
                answers += [(True, after.put(name, SOME)), (False, after.put(name, FALSY))]
            else:
                answers += [(True, after), (False, after)]
        return _fewer(answers)

    def _both(self, node: Node, state: State, depth: int, refine: bool) -> list[tuple[bool, State]]:
        operator = field(node, "operator")
        first, *rest = operands(node)
        if operator is None or not rest:
            return [(True, state), (False, state)]
        ends = operator.type == "or"
        found: list[tuple[bool, State]] = []
        open_ = self.test(first, state, depth + 1, refine)
        for part in rest:
            found = _fewer([*found, *(one for one in open_ if one[0] is ends)])
            left = _fewer([one for one in open_ if one[0] is not ends])
            open_ = [one for _, after in left for one in self.test(part, after, depth + 1, refine)]
        return _fewer([*found, *open_])

    def _compared(
        self, node: Node, state: State, depth: int, refine: bool
    ) -> list[tuple[bool, State]] | None:
        parts = named(node)
        if len(parts) != 2:
            return None
        signs = [one.type for one in node.children if not one.is_named]
        sign = " ".join(signs)
        if sign in ("is", "is not", "==", "!=") and parts[1].type in ("none", "true", "false"):
            wanted = parts[1].type
            found: list[tuple[bool, State]] = []
            name = self.key(parts[0])
            for value, after in self.of(parts[0], state, depth + 1):
                same = is_none(value) if wanted == "none" else self._is_bool(value, wanted)
                positive = sign in ("is", "==")
                if same is not None:
                    found.append((same is positive, after))
                    continue
                known = {"none": NONE, "true": TRUE, "false": FALSE}[wanted]
                yes = after.put(name, known) if name and refine else after
                no = after.put(name, SET) if name and refine and wanted == "none" and value is None else after
                found += [(positive, yes), (not positive, no)]
            return found
        if sign in ("in", "not in") and self.tree.text(parts[1]) in SPACES:
            held = state.get(self._quoted(parts[0]))
            return [(sign == "in", state)] if held is not None else None
        return self._counted(parts[0], sign, self.tree.text(parts[1]), state, depth)

    def _quoted(self, node: Node) -> str:
        """The name in a plain string."""
        return self.tree.text(node).strip("\"'") if node.type == "string" else ""

    def _counted(
        self, node: Node, sign: str, number: str, state: State, depth: int
    ) -> list[tuple[bool, State]] | None:
        """A comparison that asks whether there is anything: `len(errors) > 0`, `failed >= 1`."""
        asks = ASKS.get((sign, number))
        if asks is None:
            return None
        found: list[tuple[bool, State]] = []
        for value, after in self.of(node, state, depth + 1):
            says = {SOME: True, EMPTY: False}.get(value or "")
            found += [(asks is says, after)] if says is not None else [(True, after), (False, after)]
        return found

    @staticmethod
    def _is_bool(value: str | None, wanted: str) -> bool | None:
        if value in (TRUE, FALSE):
            return value.lower() == wanted
        return None if value in (None, SET, FALSY) else False

    def _isinstance(self, node: Node, state: State) -> bool | None:
        function = field(node, "function")
        positional, _ = arguments(node)
        if function is None or self.tree.text(function) != "isinstance" or len(positional) != 2:
            return None
        name = self.key(positional[0])
        held = state.get(name) if name else None
        if held == NONE:
            return False
        if held is None or not held.startswith(EXCEPTION):
            return None
        raised = held.removeprefix(EXCEPTION)
        if raised == "?":
            return None
        return self.exceptions.catches(self.exceptions.types(positional[1]), raised)


def _filters(node: Node) -> list[Node]:
    """The conditions of a comprehension."""
    return [one for one in named(node) if one.type == "if_clause" and named(one)]
