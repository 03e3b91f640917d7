"""Every use of a string: where it is written, and where the name is used that it is bound to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.source.facts import Context, StringUse
from hardcut.source.python.constants import literal_text
from hardcut.source.python.importers import SEEKERS
from hardcut.source.python.imports import is_guarded
from hardcut.source.python.names import is_plain_name
from hardcut.source.python.tree import Tree, climb, field, inside, named, same, wrap
from hardcut.source.python.uses import CONTAINERS, Uses

if TYPE_CHECKING:
    from tree_sitter import Node

CHOICES = frozenset({"parenthesized_expression", "conditional_expression", "boolean_operator"})
"""Expressions whose value may be that of a part: `x or "shop.legacy"`."""
COMPOSING = frozenset({"join", "format"})
TEXT_METHODS = frozenset(
    {"startswith", "endswith", "removeprefix", "removesuffix", "replace", "find", "rfind", "index", "rindex"}
    | {"count", "split", "rsplit", "partition", "rpartition", "strip", "lstrip", "rstrip", "translate"}
    | {"encode", "casefold", "lower", "upper", "title", "swapcase", "splitlines", "zfill", "ljust", "rjust"}
)
"""Methods that look into a text or make another one of it."""
LOG_RECORD = re.compile(r"(?:\b|_)(?:rec|record|records\[-?\d+\]|logger|log)\.name\Z")
"""The name of a log record or logger."""
GIVING_MODULES = frozenset({"import_module", "__import__", "importorskip"})
"""Last names of functions that give the module which they import."""
READING = frozenset({"getattr", "setattr", "delattr", "hasattr", "object"})
"""Last names of functions that take a module and the name of an attribute, `patch.object` among them."""
PATCH_OPTIONS = frozenset({"target", "spec", "create", "spec_set", "autospec", "new_callable"})
"""Keywords of `unittest.mock.patch.multiple` that name no attribute."""
HOPS = 3
"""How many names a string is followed through: a constant, the loop over it, and one more."""
MOST_BESIDE = 20
EXPECTING = re.compile(r"\b(?:raises|assertRaises\w*|assert_raises\w*|RaisesExc|RaisesGroup)\s*\(")
ABSENT = re.compile(r"assert(?:Not\w*|False|IsNone|Raises\w*|_not\w*|_raises\w*)")
"""Last names of functions that assert that something is absent or fails."""
PATTERNS = frozenset({"case_pattern", "case_clause", "dict_pattern", "union_pattern", "value_pattern"})
MAPPINGS = frozenset({"dict", "OrderedDict", "MappingProxyType"})
"""Last names of functions that make a table of pairs: `OrderedDict([(key, value)])`."""
SET_OPERATORS = frozenset({"-", "&", "^", "-=", "&=", "^="})
"""Operators by which a set is compared with another one; a union adds to it."""
FUNCTIONS = frozenset({"function_definition", "class_definition", "lambda", "module"})


class StringUses:
    """Finds the uses of one file's strings."""

    def __init__(self, tree: Tree, uses: Uses) -> None:
        self._tree = tree
        self._uses = uses
        self._first: dict[int, list[tuple[Node, list[str]]]] = {}
        """The first parts of a container with their strings: a table of 6,000 entries is read once."""

    def of(self, whole: Node) -> list[StringUse]:
        """The uses of a string expression, its own first."""
        found: list[StringUse] = []
        seen: set[int] = set()
        waiting = [(wrap(whole), 0)]
        while waiting:
            node, hops = waiting.pop(0)
            if node.id in seen:
                continue
            seen.add(node.id)
            name = self._bound_to(node)
            found.append(self._use(node, name))
            if name is not None and hops < HOPS:
                waiting += [(use, hops + 1) for use in self._places(name)]
        return found

    def _use(self, node: Node, name: str | None) -> StringUse:
        use = self._uses.of(node)
        # `name.startswith(("shop.legacy", "shop.old"))`: the tuple is the argument, for its strings.
        given = use if use.role != "element" else self._uses.of(_outermost(node))
        callee, argument = given.callee, given.argument
        if use.role in ("subscript", "assigned"):
            callee = argument = None
        pair = _pair_around(node)
        key = field(pair, "key") if pair is not None else None
        is_value = key is not None and not inside(node, key)
        contexts = self._contexts(node)
        if callee is not None and callee.rsplit(".", 1)[-1] in MAPPINGS and _is_first_of_pair(node):
            contexts.add(Context.KEY)
        return StringUse(
            callee,
            argument,
            sorted(contexts, key=lambda context: context.value),
            literal_text(self._tree, key) if is_value and key is not None and key.type == "string" else None,
            name,
            self._beside(node),
            self._read(node),
        )

    def _bound_to(self, node: Node) -> str | None:
        """The name that an expression, or the list that it is in, is bound to or looped over with."""
        child = node
        for parent in climb(node):
            kind = parent.type
            if kind in ("assignment", "augmented_assignment", "for_statement", "for_in_clause"):
                left, right = field(parent, "left"), field(parent, "right")
                return self._name(left) if right is not None and inside(child, right) else None
            if kind in ("default_parameter", "typed_default_parameter", "named_expression"):
                return self._name(field(parent, "name"))
            if kind not in CONTAINERS and kind not in CHOICES:
                return None
            if kind == "dictionary":
                return None
            child = parent
        return None

    def _name(self, target: Node | None) -> str | None:
        """The last name of a target."""
        if target is not None and target.type == "attribute":
            target = field(target, "attribute")
        return self._tree.text(target) if target is not None and target.type == "identifier" else None

    def _places(self, name: str) -> list[Node]:
        """Where a name is used in the file, in whichever scope, as a name or as an attribute."""
        found: list[Node] = []
        for node in self._tree.nodes(name):
            parent = node.parent
            if parent is not None and parent.type == "attribute" and same(field(parent, "attribute"), node):
                found.append(wrap(parent))
            elif is_plain_name(node):
                found.append(wrap(node))
        return found

    def _contexts(self, node: Node) -> set[Context]:
        found: set[Context] = set()
        child, called = node, False
        for parent in climb(node):
            if parent.type in FUNCTIONS:
                break
            if parent.type == "call":
                found |= self._in_call(parent, child, called)
                called = called or not same(field(parent, "function"), child)
            elif parent.type == "with_statement":
                if same(field(parent, "body"), child) and EXPECTING.search(self._tree.text(named(parent)[0])):
                    found.add(Context.EXPECTED_FAILURE)
            else:
                found |= self._in_expression(parent, child, called)
            child = parent
        if called and is_guarded(self._tree, node):
            found.add(Context.CAUGHT)
        return found

    def _in_call(self, call: Node, child: Node, called: bool) -> set[Context]:
        function = field(call, "function")
        if function is None or same(function, child):
            return set()
        name = self._tree.text(function).rsplit(".", 1)[-1]
        if name == "parametrize" and not called:
            return {Context.PARAMETRIZED}
        if name in COMPOSING and not called and self._is_text_method(function):
            return {Context.COMPOSED}
        if ABSENT.fullmatch(name):
            return {Context.NEGATED}
        if name in SEEKERS and not called and (call.parent is None or call.parent.type != "attribute"):
            # What `find_spec(x).origin` names has to be there.
            return {Context.SOUGHT}
        # `raises(ImportError, import_module, "shop.legacy")`
        return {Context.EXPECTED_FAILURE} if EXPECTING.match(f"{name}(") else set()

    def _by_method(self, attribute: Node, owner: Node) -> set[Context]:
        """What a method of a literal, or of a name that holds a text, does with it."""
        name = field(attribute, "attribute")
        method = self._tree.text(name) if name is not None else ""
        is_text = owner.type in ("string", "concatenated_string", "identifier", "attribute")
        if owner.type == "set" or (is_text and method in TEXT_METHODS):
            return {Context.COMPARED}
        return set()

    def _is_text_method(self, function: Node) -> bool:
        """Whether a called method is one of a literal text: `".".join`, `"{}.Cart".format`."""
        owner = field(function, "object")
        return owner is not None and owner.type in ("string", "concatenated_string")

    def _read(self, node: Node) -> list[str]:
        """The names that are read from the module that a call with this argument gives."""
        parent = node.parent
        if parent is not None and parent.type == "keyword_argument":
            parent = parent.parent
        call = parent.parent if parent is not None and parent.type == "argument_list" else None
        if call is None or call.type != "call":
            return []
        function = field(call, "function")
        last = self._tree.text(function).rsplit(".", 1)[-1] if function is not None else ""
        listed = self._listed(call, last)
        return [*listed, *self._attributes(call)] if last in GIVING_MODULES else listed

    def _listed(self, call: Node, last: str) -> list[str]:
        """The names that a call lists: `__import__(m, fromlist=["Cart"])`, `patch.multiple(m, Cart=1)`."""
        arguments = field(call, "arguments")
        if last not in ("__import__", "multiple") or arguments is None:
            return []
        given = named(arguments)
        keywords = {
            self._tree.text(name): field(argument, "value")
            for argument in given
            if argument.type == "keyword_argument" and (name := field(argument, "name")) is not None
        }
        if last == "multiple":
            return [name for name in keywords if name not in PATCH_OPTIONS]
        positional = [argument for argument in given if argument.type != "keyword_argument"]
        names = keywords.get("fromlist") or (positional[3] if len(positional) > 3 else None)
        texts = [literal_text(self._tree, part) for part in named(names)] if names is not None else []
        return [text for text in texts if text is not None and text.isidentifier()]

    def _attributes(self, call: Node) -> list[str]:
        """The names that are read from a call's result, there or where it is kept or returned to."""
        kept = self._bound_to(call)
        places = [call, *(self._places(kept) if kept is not None else [])]
        if (statement := call.parent) is not None and statement.type == "return_statement":
            places += self._calls_around(statement)
        return list(dict.fromkeys(name for place in places for name in self._attribute(place)))

    def _calls_around(self, statement: Node) -> list[Node]:
        """The calls of the function that a `return` is in."""
        function = next((parent for parent in climb(statement) if parent.type in FUNCTIONS), None)
        name = field(function, "name") if function is not None else None
        if name is None:
            return []
        around = [(place, place.parent) for place in self._places(self._tree.text(name))]
        return [
            wrap(parent)
            for place, parent in around
            if parent is not None and parent.type == "call" and same(field(parent, "function"), place)
        ]

    def _attribute(self, node: Node) -> list[str]:
        """The attribute of an expression: `m.Cart`, `getattr(m, "Cart")`, `attrgetter("Cart")(m)`."""
        parent = node.parent
        if parent is not None and parent.type == "attribute":
            name = field(parent, "attribute")
            return [self._tree.text(name)] if name is not None and not same(name, node) else []
        outer = parent.parent if parent is not None and parent.type == "argument_list" else None
        function = field(outer, "function") if outer is not None and outer.type == "call" else None
        if parent is None or function is None:
            return []
        getter = field(function, "arguments") if function.type == "call" else None
        if getter is not None:
            made_by = self._tree.text(function).split("(", 1)[0].rsplit(".", 1)[-1]
            parts = named(getter) if made_by == "attrgetter" else []
        else:
            last = self._tree.text(function).rsplit(".", 1)[-1]
            parts = named(parent)[1:2] if last in READING else []
        texts = [literal_text(self._tree, part) for part in parts if part.type == "string"]
        return [text.split(".", 1)[0] for text in texts if text]

    def _in_expression(self, parent: Node, child: Node, called: bool) -> set[Context]:
        kind = parent.type
        if kind == "not_operator":
            return {Context.NEGATED}
        if kind == "raise_statement" or (kind == "assert_statement" and not same(named(parent)[0], child)):
            return {Context.RAISED}
        if kind == "comparison_operator":
            others = [self._tree.text(other) for other in named(parent) if not same(other, child)]
            if not called:
                is_logger = any(LOG_RECORD.search(other) for other in others)
                return {Context.COMPARED, Context.LOGGER} if is_logger else {Context.COMPARED}
            return {Context.NEGATED} if {"None", "False"}.intersection(others) else set()
        if called:
            return set()
        if kind == "pair" and same(field(parent, "key"), child):
            return {Context.KEY}
        if kind == "subscript" and not same(field(parent, "value"), child):
            return {Context.KEY}
        if kind in ("binary_operator", "augmented_assignment") and (operator := field(parent, "operator")):
            if child.type == "set" and self._tree.text(operator) in SET_OPERATORS:
                return {Context.COMPARED}
            return {Context.COMPOSED} if self._tree.text(operator) in ("+", "%", "+=") else set()
        if kind == "match_statement":
            return {Context.COMPARED}
        if kind == "attribute":
            return self._by_method(parent, child)
        if kind == "interpolation":
            return {Context.COMPOSED}
        return {Context.COMPARED} if kind in PATTERNS else set()

    def _beside(self, node: Node) -> list[str]:
        """The strings in the same containers, entry and call."""
        found: dict[str, None] = {}
        child = node
        for parent in climb(node):
            kind = parent.type
            if kind not in CONTAINERS and kind not in (
                "pair",
                "argument_list",
                "keyword_argument",
                "parenthesized_expression",
            ):
                break
            if kind != "dictionary":
                for other, strings in self._first_parts(wrap(parent)):
                    if not same(other, child):
                        found.update(dict.fromkeys(strings))
            if kind == "argument_list":
                break
            child = parent
        return list(found)[:MOST_BESIDE]

    def _first_parts(self, container: Node) -> list[tuple[Node, list[str]]]:
        parts = self._first.get(container.id)
        if parts is None:
            parts = [(part, self._strings(part)) for part in named(container)[:MOST_BESIDE]]
            self._first[container.id] = parts
        return parts

    def _strings(self, node: Node) -> list[str]:
        """A string, or the strings of a tuple or list, joined where they are a pair."""
        if node.type == "keyword_argument":
            node = field(node, "value") or node
        if node.type == "string":
            text = literal_text(self._tree, node)
            return [text] if text is not None else []
        if node.type not in ("tuple", "list", "parenthesized_expression"):
            return []
        texts = [
            text
            for part in named(node)[:MOST_BESIDE]
            if part.type == "string" and (text := literal_text(self._tree, part)) is not None
        ]
        if len(texts) == 2 and texts[1].isidentifier():
            return [f"{texts[0]}.{texts[1]}", *texts]
        return texts


def _outermost(node: Node) -> Node:
    """The outermost tuple, list or set around an expression; the expression itself if there is none."""
    for parent in climb(node):
        if parent.type not in CONTAINERS or parent.type == "dictionary":
            break
        node = wrap(parent)
    return node


def _is_first_of_pair(node: Node) -> bool:
    """Whether an expression is the first of two in a tuple or list, which is in another."""
    parent = node.parent
    if parent is None or parent.type not in ("tuple", "list") or len(parts := named(parent)) != 2:
        return False
    above = parent.parent
    return above is not None and above.type in ("tuple", "list", "set") and same(parts[0], node)


def _pair_around(node: Node) -> Node | None:
    """The dictionary entry of which an expression is the key or the value, or part of one."""
    for parent in climb(node):
        if parent.type == "pair":
            return parent
        if parent.type not in CONTAINERS and parent.type != "parenthesized_expression":
            return None
        if parent.type == "dictionary":
            return None
    return None
