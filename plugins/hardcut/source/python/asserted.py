"""Whether a place in a test asserts that an import fails."""

from __future__ import annotations

from hardcut.flow.conditions import last_name
from hardcut.flow.effects import expects_failure
from hardcut.flow.exceptions import FAILURES
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Node
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module


def asserted(source: bytes, line: int, column: int) -> bool:
    """Whether a failing import at a place (line from 1, column in bytes from 0) is what a test asks for.

    The place is in `with raises(ImportError)`, in a call `raises(ImportError, function, ...)`, or in a
    `try` that catches ImportError and fails if nothing is caught.
    """
    parsed = parse(source.decode("utf-8", "replace").encode())
    if not 1 <= line <= len(parsed.lines):
        return False
    around = _around(read_module(parsed), parsed.lines[line - 1] + column)
    for number in range(len(around) - 1, -1, -1):
        node = around[number]
        inner = around[number + 1] if number + 1 < len(around) else node
        if isinstance(node, (nodes.FunctionDef, nodes.Lambda)):
            return False
        if isinstance(node, nodes.With) and inner not in node.body:
            return False
        if _asserts(node, inner):
            return True
    return False


def _around(root: Node, offset: int) -> list[Node]:
    """The nodes that hold an offset, outermost first."""
    found = [root]
    while True:
        for child in found[-1].children():
            if child.start <= offset < child.end:
                found.append(child)
                break
        else:
            return found


def _asserts(node: Node, inner: Node) -> bool:
    """Whether a node asks for the failure of a part of it."""
    if isinstance(node, nodes.With):
        return any(_expects(item.context_expr) for item in node.items)
    if isinstance(node, nodes.Call):
        return len(node.args) > 1 and _expects(node)
    return isinstance(node, nodes.Try) and inner in node.body and _fails(node)


def _expects(manager: nodes.Expression) -> bool:
    return (
        expects_failure(manager)
        and isinstance(manager, nodes.Call)
        and bool(manager.args)
        and _names_failure(manager.args[0])
    )


def _names_failure(types: nodes.Expression | None) -> bool:
    kinds = types.elts if isinstance(types, nodes.Tuple) else [types] if types is not None else []
    return any(last_name(kind) in FAILURES for kind in kinds)


def _fails(attempt: nodes.Try) -> bool:
    """Whether a `try` catches ImportError, and its `else`, or the end of its body, fails."""
    is_caught = any(_names_failure(handler.type) for handler in attempt.handlers)
    return is_caught and _ends_badly((attempt.orelse or attempt.body)[-1])


def _ends_badly(last: nodes.Statement) -> bool:
    if isinstance(last, nodes.Raise):
        return True
    if isinstance(last, nodes.Assert):
        return isinstance(last.test, nodes.Constant) and not last.test.value
    call = last.value if isinstance(last, nodes.Expr) else None
    call = call.value if isinstance(call, nodes.Await) else call
    return isinstance(call, nodes.Call) and last_name(call.func) == "fail"
