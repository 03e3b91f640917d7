"""Whether a test asks for a parameter that is missing or empty, and whether an answer is as empty."""

from __future__ import annotations

from hardcut.flow.cfg import Body
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression

NAMESAKES = frozenset({"self", "cls"})
"""Parameters that are always given."""
EMPTY_MAKERS = frozenset({"dict", "list", "tuple", "set", "frozenset", "str", "bytes"})
POSITIVE = frozenset({"is", "=="})
NEGATIVE = frozenset({"is not", "!=", ">"})


class Given:
    """Answers for one function; `parameters` are the names of its own and of those of functions around it."""

    def __init__(self, parameters: frozenset[str]) -> None:
        self.parameters = parameters - NAMESAKES

    def is_empty(self, node: Expression) -> bool:
        """Whether an answer is as empty as what was given: None, zero, nothing in brackets, the argument."""
        if isinstance(node, nodes.Constant):
            return node.value is not ... and (isinstance(node.value, bool) or not node.value)
        if isinstance(node, (nodes.Tuple, nodes.List)):
            return all(self.is_empty(element) for element in node.elts)
        if isinstance(node, nodes.Dict):
            return not node.values
        if isinstance(node, nodes.Call) and not node.args and not node.keywords:
            return isinstance(node.func, nodes.Name) and node.func.id in EMPTY_MAKERS
        return self._is_given(node)

    def _is_given(self, node: Expression) -> bool:
        """Whether an expression is a parameter, or an attribute of one."""
        while isinstance(node, nodes.Attribute):
            node = node.value
        return isinstance(node, nodes.Name) and node.id in self.parameters

    def missing(self, test: Expression) -> tuple[bool, bool]:
        """Whether a parameter is missing or empty where a test holds, and where it does not.

        `and`, `or` and `not` are edges of the graph, and do not come here.
        """
        if isinstance(test, nodes.Compare) and len(test.ops) == 1:
            left, right, sign = test.left, test.comparators[0], test.ops[0]
            if isinstance(left, nodes.Call) and isinstance(left.func, nodes.Name) and left.func.id == "len":
                left = left.args[0] if left.args else left
            is_nothing = not self._is_given(right) and not _is_boolean(right) and self.is_empty(right)
            if not is_nothing or not self._is_given(left):
                return False, False
            return sign in POSITIVE, sign in NEGATIVE
        return False, self._is_given(test)


def _is_boolean(node: Expression) -> bool:
    return isinstance(node, nodes.Constant) and isinstance(node.value, bool)


def parameters_of(function: Body) -> frozenset[str]:
    """The names of the parameters of a function or lambda."""
    if isinstance(function, nodes.Module):
        return frozenset()
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return frozenset(arg.arg for arg in every if arg is not None)
