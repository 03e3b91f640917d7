"""Context managers of one file: what they do with an exception, in `with`, on a stack and as decorators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hardcut.flow.conditions import FALSE, GOES_ON, NONE
from hardcut.flow.effects import EXPECTING, Leave
from hardcut.flow.exceptions import EVERYTHING, builtin
from hardcut.flow.failures import ANSWER
from hardcut.source.python.failure_flow import Touch
from hardcut.source.python.tree import arguments, climb, field, named, operands, same, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.contexts import Contexts

HOPS = 60
"""How many names, base classes and helpers in a row are followed to a manager."""
SUPPRESS = "suppress"
PARTIAL = "partial"
DECORATORS = frozenset({"ContextDecorator", "AsyncContextDecorator"})
"""Base classes (docs.python.org/library/contextlib) whose objects wrap the functions that they decorate."""
GENERATORS = ("contextmanager", "asynccontextmanager")
"""Decorators of generators that make managers, which also wrap functions that they decorate."""
TYPES = "types"
"""How a name of another file is used that holds the types to suppress."""


class ContextManagers:
    """Answers about expressions that are context managers."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.tree = contexts.tree
        self.names = contexts.names
        self.exceptions = contexts.exceptions
        self._left: dict[tuple[int, str, tuple[str, ...]], Leave] = {}
        # The types that the definition is given whose code is looked at.
        self._given: tuple[str, ...] = ()

    def leave(self, context: Node, raised: str, depth: int = 0) -> Leave:
        """What a manager does with an exception."""
        context = unwrap(context)
        if depth >= HOPS:
            self.tree.give_up(context, f"a context manager was followed {HOPS} steps only")
            return _going(raised)
        # Names that are bound to one another in many ways have more paths than can be followed.
        key = (context.id, raised, self._given)
        if key not in self._left:
            self._left[key] = _going(raised)
            self._left[key] = self._leave(context, raised, depth)
        return self._left[key]

    def _leave(self, context: Node, raised: str, depth: int) -> Leave:
        kind = context.type
        if kind == "conditional_expression":
            parts = named(context)
            return self._either([parts[0], parts[-1]], raised, depth)
        if kind == "boolean_operator":
            return self._either(operands(context), raised, depth)
        if kind in ("identifier", "attribute"):
            values = self._values(context)
            if values:
                return self._either(values, raised, depth)
            return _going(raised)._replace(through=self.contexts.foreign(context))
        function = field(context, "function") if kind == "call" else None
        return self._called(function, _given(context), raised, depth) if function else _going(raised)

    def _either(self, parts: Iterable[Node], raised: str, depth: int) -> Leave:
        """One of several managers: whichever of them swallows may be the one."""
        found = [self.leave(part, raised, depth + 1) for part in parts]
        return Leave(
            any(each.ends for each in found),
            frozenset(kind for each in found for kind in each.on),
            tuple(dict.fromkeys(path for each in found for path in each.through)),
        )

    def _values(self, name: Node) -> list[Node]:
        """What a name is assigned."""
        return [
            binding.value
            for binding in self.names.resolve(self.tree.text(name), name)
            if binding.kind == "assign" and binding.value is not None and not binding.index
        ]

    def _called(self, function: Node, given: list[Node], raised: str, depth: int) -> Leave:
        """What the manager does that a call makes."""
        function, given = self._unfolded(unwrap(function), given, depth)
        if function.type == "lambda":
            body = field(function, "body")
            return self.leave(body, raised, depth + 1) if body is not None else _going(raised)
        last = self.contexts.dotted(function).rsplit(".", 1)[-1]
        if last == PARTIAL and given:
            # Of another file only the partial is known, which that file does not call itself.
            return self._called(given[0], given[1:], raised, depth + 1) if depth < HOPS else _going(raised)
        if last == SUPPRESS or last in EXPECTING:
            return self._suppressing(given if last == SUPPRESS else given[:1], raised)
        types = tuple(kind for part in given for kind in self.exceptions.types(part))
        owner = self.contexts.local(function)
        if owner is None:
            kinds = ",".join(kind for kind in types if "." not in kind and ":" not in kind)
            paths = self.contexts.foreign(function)
            return _going(raised)._replace(
                through=tuple(f"{path}::{kinds}" if kinds else path for path in paths)
            )
        return self._made(owner, types, raised, depth)

    def _made(self, owner: Node, types: tuple[str, ...], raised: str, depth: int) -> Leave:
        """What an object of a definition of the file does that is made with some types."""
        key = (owner.id, raised, types)
        if key not in self._left:
            self._left[key] = _going(raised)
            known, given, before = self.exceptions.given, self._given, self.exceptions.given.get(owner.id)
            known[owner.id], self._given = list(types), types
            self._left[key] = self.by_owner(owner, raised, depth)
            self._given = given
            if before is None:
                del known[owner.id]
            else:
                known[owner.id] = before
        return self._left[key]

    def _unfolded(self, function: Node, given: list[Node], depth: int) -> tuple[Node, list[Node]]:
        """What a called name stands for, with the arguments that `partial` has bound."""
        for _ in range(HOPS - depth):
            values = self._values(function) if function.type in ("identifier", "attribute") else [function]
            value = unwrap(values[0]) if len(values) == 1 else function
            made = field(value, "function") if value.type == "call" else None
            if made is not None and self.tree.text(made).rsplit(".", 1)[-1] == PARTIAL:
                bound = _given(value)
                if not bound:
                    break
                function, given = bound[0], [*bound[1:], *given]
            elif value.type in ("identifier", "attribute", "lambda") and not same(value, function):
                function = value
            else:
                break
        return function, given

    def _suppressing(self, given: list[Node], raised: str) -> Leave:
        types = [kind for part in given for kind in self.exceptions.caught(part)]
        known = [kind for kind in types if "." not in kind]
        hierarchy = self.exceptions.hierarchy
        if hierarchy.catches(known, raised) or not hierarchy.kinds(raised).isdisjoint(types):
            return Leave(True, frozenset())
        return _going(raised)._replace(through=tuple(f"{kind}:{TYPES}" for kind in types if "." in kind))

    # Definitions of the file

    def by_owner(self, owner: Node, raised: str, depth: int = 0) -> Leave:
        """What a context manager that is defined in this file does with an exception."""
        if owner.type == "class_definition":
            return self._by_class(owner, raised, depth)
        if _is_marked(self._marks(owner), GENERATORS):
            return self._by_generator(owner, raised)
        found = [self.leave(value, raised, depth + 1) for value in self._returned(owner)]
        return next((each for each in found if each.ends or each.through), _going(raised))

    def _marks(self, function: Node) -> list[str]:
        """The decorators of a function, as written."""
        above = function.parent
        if above is None or above.type != "decorated_definition":
            return []
        return [self.tree.text(child) for child in above.named_children if child.type == "decorator"]

    def _returned(self, function: Node) -> Iterator[Node]:
        """The calls that a function returns: one that makes a manager hands it on."""
        for word in self.tree.nodes("return"):
            statement = word.parent
            if statement is None or not self._within(word, function):
                continue
            for value in named(statement):
                if unwrap(value).type in ("call", "conditional_expression"):
                    yield value

    def _by_generator(self, function: Node, raised: str) -> Leave:
        yields = [word.parent for word in self.tree.nodes("yield") if self._within(word, function)]
        touches = [Touch(node, (), "yield", (raised,)) for node in yields if node and node.type == "yield"]
        followed = self.contexts.flow.follow(function, touches) if touches else None
        if followed is None:
            return _going(raised)
        is_sure = followed.surely(followed.caught)
        through = () if is_sure else tuple(followed.depends(followed.caught))
        on = frozenset(kind for kinds in followed.escapes.values() for kind in kinds)
        return Leave(is_sure, on, through)

    def _within(self, node: Node, function: Node) -> bool:
        owner = next((each for each in climb(node) if each.type in ("function_definition", "lambda")), None)
        return same(owner, function)

    def _by_class(self, owner: Node, raised: str, depth: int) -> Leave:
        """By the `__exit__` of a class, or else of the first of its bases that is a manager."""
        for name in ("__exit__", "__aexit__"):
            method = self._method(owner, name)
            if method is not None:
                types = self._swallowed(method, owner)
                return (
                    Leave(True, frozenset())
                    if self.exceptions.hierarchy.catches(types, raised)
                    else _going(raised)
                )
        for base in self._bases(owner):
            left = self._by_base(owner, base, raised, depth + 1)
            if left.ends or left.through:
                return left
        return _going(raised)

    def _bases(self, owner: Node) -> list[Node]:
        listed = field(owner, "superclasses")
        return [
            base for base in (named(listed) if listed is not None else ()) if base.type != "keyword_argument"
        ]

    def _by_base(self, owner: Node, base: Node, raised: str, depth: int) -> Leave:
        if depth >= HOPS:
            self.tree.give_up(base, f"a context manager was followed {HOPS} steps only")
            return _going(raised)
        if self.contexts.dotted(base).rsplit(".", 1)[-1] == SUPPRESS:
            if self._method(owner, "__init__") is not None:
                return self._suppressing(self._initial(owner), raised)
            return self._given_types(owner, raised)
        inner = self.contexts.local(base)
        if inner is None:
            return _going(raised)._replace(through=self.contexts.foreign(base))
        if same(inner, owner):
            return _going(raised)
        return self._made(inner, tuple(self.exceptions.given.get(owner.id, ())), raised, depth)

    def _given_types(self, owner: Node, raised: str) -> Leave:
        """A class that is made with the types to suppress."""
        types = self.exceptions.given.get(owner.id, [])
        is_caught = self.exceptions.hierarchy.catches([kind for kind in types if "." not in kind], raised)
        return Leave(True, frozenset()) if is_caught else _going(raised)

    def _initial(self, owner: Node) -> list[Node]:
        """What the `__init__` of a class hands to that of its base."""
        method = self._method(owner, "__init__")
        for word in self.tree.nodes("__init__"):
            whole = word.parent
            call = whole.parent if whole is not None else None
            if method is not None and call is not None and call.type == "call" and self._within(call, method):
                given = _given(call)
                is_super = self.tree.text(call).startswith("super")
                return given if is_super else given[1:]
        return []

    def _method(self, owner: Node, name: str) -> Node | None:
        for binding in self.names.bindings(name):
            if binding.kind == "function" and same(binding.scope, owner):
                return binding.owner
        return None

    def _swallowed(self, method: Node, owner: Node) -> list[str]:
        """The types that an `__exit__` swallows: those that it names, or else all."""
        followed = self.contexts.flow.follow(method)
        left = followed.left() if followed is not None else []
        if not any(env.get(ANSWER, 0) & ~(NONE | FALSE | GOES_ON) for _, env in left):
            return []
        body = field(method, "body")
        text = self.tree.text(body) if body is not None else ""
        said = {word for word in _words(text) if builtin(word) is not None}
        return sorted(said) or self.exceptions.given.get(owner.id) or [EVERYTHING]

    # Decorators

    def is_decorator(self, expression: Node) -> bool:
        """Whether a manager wraps the function that it decorates: `@quiet()`."""
        expression = unwrap(expression)
        if expression.type in ("identifier", "attribute"):
            values = self._values(expression)
            return (
                bool(values)
                and all(unwrap(value).type == "call" for value in values)
                and all(self.is_decorator(value) for value in values)
            )
        function = field(expression, "function") if expression.type == "call" else None
        owner = self.contexts.local(unwrap(function)) if function is not None else None
        if owner is None:
            return False
        if owner.type == "class_definition":
            return self._is_decorating(owner, set())
        return _is_marked(self._marks(owner), GENERATORS)

    def _is_decorating(self, owner: Node, seen: set[int]) -> bool:
        seen.add(owner.id)
        for base in self._bases(owner):
            if self.tree.text(base).rsplit(".", 1)[-1] in DECORATORS:
                return True
            inner = self.contexts.local(base) if len(seen) < HOPS else None
            if inner is None or inner.type != "class_definition" or inner.id in seen:
                continue
            if self._is_decorating(inner, seen):
                return True
        return False


def _going(raised: str) -> Leave:
    """An exception goes on as it is."""
    return Leave(False, frozenset([raised]))


def _given(call: Node) -> list[Node]:
    """All arguments of a call, those after a `*` too."""
    listed = field(call, "arguments")
    if listed is None or listed.type != "argument_list":
        return arguments(call)[0]
    values = [field(part, "value") if part.type == "keyword_argument" else part for part in named(listed)]
    return [value for value in values if value is not None]


def _is_marked(marks: Iterable[str], names: tuple[str, ...]) -> bool:
    return any(mark.endswith(names) for mark in marks)


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() or sign == "_" else " " for sign in text).split()
