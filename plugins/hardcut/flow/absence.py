"""Whether code asserts that a name is gone: by a condition, or by a failure that a test expects."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final

from hardcut.flow.conditions import last_name
from hardcut.flow.effects import expects_failure
from hardcut.flow.exceptions import FAILURES
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression, Node
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk

FAILED_ACCESS: Final = frozenset({"AttributeError"})
"""What is raised where an attribute of a module is gone."""
FAILED_IMPORT: Final = FAILED_ACCESS.union(FAILURES)
"""What an import of it raises, also one of an import function that is given the name as a text."""
QUESTIONS: Final = frozenset(
    {"hasattr", "getattr", "find_spec", "find_loader", "get_loader", "get", "dir", "vars", "getattr_static"}
)
"""Last names of functions that tell whether a name is there, and do not fail if it is not."""
DENYING: Final = frozenset({"assertFalse", "assertIsNone", "assertNotIn", "assertNotHasAttr", "assert_not"})
"""Assertions of unittest that hold if their argument is false, None or absent."""
HOLDING: Final = frozenset({"assertTrue", "assert_"})
COMPARING: Final = frozenset({"assertIs", "assertEqual", "assertEquals"})
CONTAINING: Final = frozenset({"assertNotIn", "assertNotHasAttr"})

MOST_NAMES: Final = 4
"""So many names are followed from a text to where it is asked for: a constant, a loop over it, and so on."""
_IMPORTS: Final = (nodes.Import, nodes.ImportFrom, nodes.Alias, nodes.Constant, nodes.JoinedStr)
_SCOPES: Final = (nodes.Module, nodes.FunctionDef, nodes.ClassDef)
_OUTERMOST: Final = re.compile(rb"(?!(?:elif|else|except|finally)\b)[^\s)\]}#]")
_STATEMENT: Final = re.compile(
    rb"(?:async|class|def|from|if|import|try|while|with)\b(?!\s*=)|[A-Za-z_][\w.]*\("
)
_ASSERTING: Final = re.compile(
    rb"\bassert\b|\b(?:self|cls|case)\.assert|\b(?:raises|except)\b|assertRaises|RaisesExc|raises_group"
)
_TEXTS: Final = (nodes.Constant, nodes.JoinedStr, nodes.Name, nodes.BinOp)


def asserts_absence(source: bytes, line: int, column: int, imports: bool) -> bool:
    """Whether code asserts that what is named at a place (line from 1, column in bytes from 0) is gone.

    `imports` says that the code there imports something, so that an ImportError tells that it is gone. That
    holds for import statements and texts anyway; a function of a module may raise it for any reason.

    The place is in `with raises(ImportError)`, in a call `raises(ImportError, function, ...)`, in a `try`
    that catches ImportError and fails if nothing is caught, or in the condition of an assertion that holds if
    the name is absent: `assert not hasattr(shop, "legacy")`, `self.assertNotIn("shop.legacy", sys.modules)`.
    """
    if not _may_assert(source, line):
        return False
    tree, lines = _parsed(source)
    if not 1 <= line <= len(lines):
        return False
    return _is_asserted(tree, lines[line - 1] + column, imports, MOST_NAMES)


def _is_asserted(tree: nodes.Module, offset: int, imports: bool, steps: int) -> bool:
    """As `asserts_absence`; `steps` names that hold what is named are followed."""
    around = _around(tree, offset)
    imports = imports or isinstance(around[-1], _IMPORTS)
    expected = FAILED_IMPORT if imports else FAILED_ACCESS
    # A text may be held by a name; the result of what is called at the place is something else.
    is_text = steps < MOST_NAMES or isinstance(around[-1], nodes.Constant | nodes.JoinedStr)
    for number in range(len(around) - 1, -1, -1):
        node, inside = around[number], around[number + 1 :]
        outer = around[number - 1] if number else node
        if isinstance(node, nodes.Lambda) and isinstance(outer, nodes.Call) and _expects(outer, expected):
            return True
        held = _holder(node, inside, around[:number]) if is_text and steps else None
        if held is not None:
            uses = _uses(*held)
            return bool(uses) and all(_is_asserted(tree, use, True, steps - 1) for use in uses)
        if isinstance(node, nodes.FunctionDef | nodes.Lambda):
            return False
        if isinstance(node, nodes.With) and (not inside or inside[0] not in node.body):
            return False
        if _asserts(node, inside, expected):
            return True
    return False


def _may_assert(source: bytes, line: int) -> bool:
    """Whether the outermost statement at a line may assert something: most files need not be parsed then.

    A constant, loop or decorator may bear on code further down.
    """
    lines = _lines(source)
    first = last = min(line, len(lines)) - 1
    while first > 0 and not _OUTERMOST.match(lines[first]):
        first -= 1
    while last + 1 < len(lines) and not _OUTERMOST.match(lines[last + 1]):
        last += 1
    block = b"\n".join(lines[first : last + 1])
    return _STATEMENT.match(block) is None or _ASSERTING.search(block) is not None


@lru_cache(maxsize=1)
def _lines(source: bytes) -> list[bytes]:
    return source.split(b"\n")


@lru_cache(maxsize=1)
def _parsed(source: bytes) -> tuple[nodes.Module, list[int]]:
    """The tree of a file and where its lines begin; kept, because each finding of a file asks for it."""
    parsed = parse(source.decode("utf-8", "replace").encode())
    return read_module(parsed), parsed.lines


def _around(root: Node, offset: int) -> list[Node]:
    """The nodes that hold an offset, outermost first."""
    found = [root]
    while True:
        for child in found[-1].children():
            if _holds(child, offset):
                found.append(child)
                break
        else:
            return found


def _holds(node: Node, offset: int) -> bool:
    """Whether an offset is in a node; decorators stand before the range of what they decorate."""
    if node.start <= offset < node.end:
        return True
    return isinstance(node, nodes.FunctionDef | nodes.ClassDef) and any(
        _holds(decorator, offset) for decorator in node.decorator_list
    )


def _asserts(node: Node, inside: list[Node], expected: Container[str]) -> bool:
    """Whether a node asserts that what is named in it is gone; `inside` leads to the place."""
    if isinstance(node, nodes.With | nodes.Try):
        is_sole = len(node.body) == 1 and _is_sole_access(inside)
        if expected is FAILED_ACCESS and not is_sole:
            return False
    if isinstance(node, nodes.With):
        return any(_expects(item.context_expr, expected) for item in node.items)
    if isinstance(node, nodes.Assert):
        return bool(inside) and inside[0] is node.test and _is_denied(inside, False)
    if isinstance(node, nodes.Call):
        return (len(node.args) > 1 and _expects(node, expected)) or _is_denied_by(node, inside)
    return isinstance(node, nodes.Try) and bool(inside) and inside[0] in node.body and _fails(node, expected)


# Names that hold what is named.


def _holder(node: Node, inside: list[Node], outside: list[Node]) -> tuple[str, list[Node]] | None:
    """The name that is bound to a text, or to one of several, and the code in which it is read.

    The text is an element of a loop, a case of a parametrized test, or the value of a constant.
    """
    if isinstance(node, nodes.For) and inside and inside[0] is node.iter:
        return (node.target.id, [*node.body]) if isinstance(node.target, nodes.Name) else None
    if isinstance(node, nodes.Assign) and inside and inside[0] is node.value and len(node.targets) == 1:
        scope = next((around for around in reversed(outside) if isinstance(around, _SCOPES)), None)
        target = node.targets[0]
        return (target.id, [scope]) if scope is not None and isinstance(target, nodes.Name) else None
    if isinstance(node, nodes.FunctionDef) and inside and inside[0] in node.decorator_list:
        call = inside[0]
        if isinstance(call, nodes.Call) and last_name(call.func) == "parametrize" and call.args:
            name = call.args[0]
            if isinstance(name, nodes.Constant) and isinstance(name.value, str) and name.value.isidentifier():
                return name.value, [*node.body]
    return None


def _uses(name: str, code: list[Node]) -> list[int]:
    """Where a name is read in some code, as offsets."""
    targets: set[int] = set()
    found: list[int] = []
    for root in code:
        for node in walk(root):
            if isinstance(node, nodes.Assign):
                targets.update(target.start for target in node.targets)
            elif isinstance(node, nodes.Name) and node.id == name:
                found.append(node.start)
    return [start for start in found if start not in targets]


# Conditions.


def _is_denied_by(call: nodes.Call, inside: list[Node]) -> bool:
    """Whether an assertion of unittest holds if what its first argument names is absent."""
    if not inside or not call.args or inside[0] is not call.args[0]:
        return False
    name = last_name(call.func)
    if name in CONTAINING:
        return True
    if name in COMPARING:
        return len(call.args) > 1 and _is_false(call.args[1]) and _is_denied(inside, True)
    return (name in DENYING or name in HOLDING) and _is_denied(inside, name in DENYING)


def _is_denied(inside: list[Node], denied: bool) -> bool:
    """Whether a condition asks if a name is there, and what is asserted is that it is not.

    `denied` says that the condition is asserted to be false; `inside` leads from it to the place.
    """
    for number, node in enumerate(inside):
        inner = inside[number + 1] if number + 1 < len(inside) else None
        if isinstance(node, nodes.UnaryOp):
            denied = denied != (node.op == "not")
        elif isinstance(node, nodes.Compare):
            if len(node.ops) != 1:
                return False
            operator = node.ops[0]
            if operator in ("in", "not in"):
                # `"shop.legacy" not in sys.modules`; the container is used, and so is what is no plain text.
                return inner is node.left and isinstance(inner, _TEXTS) and denied != (operator == "not in")
            if inner is not node.left or not _is_false(node.comparators[0]):
                return False
            if operator in ("is", "=="):
                denied = not denied
            elif operator not in ("is not", "!="):
                return False
        elif isinstance(node, nodes.BoolOp):
            # All of `a and b` is asserted, and neither of `not (a or b)`.
            if (node.op == "or") != denied:
                return False
        elif isinstance(node, nodes.Call):
            return denied and _asks(node, inside[number + 1 :])
        else:
            return False
    return False


def _asks(call: nodes.Call, inside: list[Node]) -> bool:
    """Whether a call asks if the name is there that begins with it, or that it is given as a text."""
    given = [node for node in inside if not isinstance(node, nodes.Keyword)]
    inner = given[0] if given else None
    if inner is call.func:
        return isinstance(inner, nodes.Name) and inner.id in ("hasattr", "getattr")
    return last_name(call.func) in QUESTIONS and isinstance(inner, _TEXTS)


def _is_false(node: Expression) -> bool:
    """Whether an expression is None or False."""
    return isinstance(node, nodes.Constant) and (node.value is None or node.value is False)


# Failures.


def _is_sole_access(inside: list[Node]) -> bool:
    """Whether a statement does nothing but read an attribute, or call it: what else it does may fail, too."""
    statement, *expressions = inside
    if not isinstance(statement, nodes.Expr | nodes.Assign):
        return False
    for number, node in enumerate(expressions):
        inner = expressions[number + 1] if number + 1 < len(expressions) else None
        if isinstance(node, nodes.Call):
            # `getattr(shop, "old")` reads one itself.
            if inner is not node.func or any(
                isinstance(outer, nodes.Attribute) for outer in expressions[:number]
            ):
                return False
        elif not isinstance(node, nodes.Attribute | nodes.Name | nodes.Await):
            return False
    return True


def _expects(manager: Expression, expected: Container[str]) -> bool:
    return (
        expects_failure(manager)
        and isinstance(manager, nodes.Call)
        and bool(manager.args)
        and _names_failure(manager.args[0], expected)
    )


def _names_failure(types: Expression | None, expected: Container[str]) -> bool:
    kinds = types.elts if isinstance(types, nodes.Tuple) else [types] if types is not None else []
    return any(last_name(kind) in expected for kind in kinds)


def _fails(attempt: nodes.Try, expected: Container[str]) -> bool:
    """Whether a `try` catches the failure, and its `else`, or the end of its body, fails."""
    is_caught = any(_names_failure(handler.type, expected) for handler in attempt.handlers)
    return is_caught and _ends_badly((attempt.orelse or attempt.body)[-1])


def _ends_badly(last: nodes.Statement) -> bool:
    if isinstance(last, nodes.Raise):
        return True
    if isinstance(last, nodes.Assert):
        return isinstance(last.test, nodes.Constant) and not last.test.value
    call = last.value if isinstance(last, nodes.Expr) else None
    call = call.value if isinstance(call, nodes.Await) else call
    return isinstance(call, nodes.Call) and last_name(call.func) == "fail"
