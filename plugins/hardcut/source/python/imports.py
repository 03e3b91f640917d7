"""Import statements: every name that one binds, with its absolute path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.source.facts import Import
from hardcut.source.python.tree import Tree, climb, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

STATEMENTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
CATCHES = re.compile(r"\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b")
SWALLOWS = re.compile(r"\b(suppress|raises|assertRaises\w*)\b")


def absolute(module: str, level: int, package: str | None) -> str | None:
    """A module's absolute name; `level` counts leading dots, `package` is where they start.

    None where the package is unknown or the dots climb out of it.
    """
    if not level:
        return module
    if not package:
        return None
    parts = package.split(".")
    if level > len(parts):
        return None
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{module}" if module else base


def scope_name(tree: Tree, node: Node) -> str:
    """The dotted names of the functions and classes around a node, empty at module level."""
    names: list[str] = []
    for parent in climb(node):
        if parent.type in ("function_definition", "class_definition"):
            name = field(parent, "name")
            if name is not None and name.id != node.id:
                names.append(tree.text(name))
    return ".".join(reversed(names))


def is_guarded(tree: Tree, node: Node) -> bool:
    """Whether an enclosing `try` body or `suppress(...)` catches ImportError or wider."""
    child = node
    for parent in climb(node):
        if (
            parent.type == "try_statement"
            and (body := field(parent, "body")) is not None
            and body.id == child.id
        ):
            for clause in named(parent):
                if clause.type != "except_clause":
                    continue
                caught = named(clause)[:-1]
                if not caught or any(
                    CATCHES.search(tree.text(one)) or not _is_builtin(tree, one) for one in caught
                ):
                    return True
        elif parent.type == "with_statement":
            entered = tree.text(named(parent)[0])
            if SWALLOWS.search(entered) and CATCHES.search(entered):
                return True
        elif parent.type == "function_definition":
            return False
        child = parent
    return False


def _is_builtin(tree: Tree, caught: Node) -> bool:
    """Whether a caught expression names only exceptions (a constant may hide ImportError)."""
    return bool(re.search(r"(Error|Exception|Warning|Interrupt|Exit)\b", tree.text(caught)))


TYPE_CHECKING_NAME = re.compile(r"(\w+\.)*TYPE_CHECKING")


def is_type_checking(tree: Tree, node: Node) -> bool:
    """Whether a node stands below `if TYPE_CHECKING:`."""
    child = node
    for parent in climb(node):
        if parent.type == "if_statement":
            condition, then = field(parent, "condition"), field(parent, "consequence")
            said = tree.text(condition).strip("() ") if condition is not None else ""
            if TYPE_CHECKING_NAME.fullmatch(said) and then is not None and then.id == child.id:
                return True
        elif parent.type == "function_definition":
            return False
        child = parent
    return False


def read_imports(tree: Tree, package: str | None) -> list[tuple[Import, Node]]:
    """Each bound name of each import, with its statement; `package` resolves relative imports."""
    found: list[tuple[Import, Node]] = []
    seen: set[int] = set()
    for keyword in tree.nodes("import"):
        statement = keyword.parent if keyword.type == "import" else None
        if statement is None or statement.type not in STATEMENTS or statement.id in seen:
            continue
        seen.add(statement.id)
        if statement.type != "future_import_statement":
            found.extend((entry, statement) for entry in _read(tree, statement, package))
    return found


def _read(tree: Tree, statement: Node, package: str | None) -> list[Import]:
    scope = scope_name(tree, statement)
    checking, guarded = is_type_checking(tree, statement), is_guarded(tree, statement)
    names = statement.children_by_field_name("name")
    found: list[Import] = []
    if statement.type == "import_statement":
        for child in names:
            dotted, alias = _aliased(child)
            module = _dotted(tree, dotted)
            local = tree.text(alias) if alias is not None else module.split(".", 1)[0]
            span = tree.span(dotted)
            found.append(Import(module, None, local, span, span, scope, checking, guarded))
        return found
    source = field(statement, "module_name")
    if source is None:
        return found
    level, tail = 0, _dotted(tree, source)
    if source.type == "relative_import":
        level = len(tail) - len(tail.lstrip("."))
        tail = tail.lstrip(".")
    module_or_none = absolute(tail, level, package)
    module_span = tree.span(source)
    for child in names:
        dotted, alias = _aliased(child)
        name = _dotted(tree, dotted)
        local = tree.text(alias) if alias is not None else name
        found.append(
            Import(module_or_none, name, local, tree.span(dotted), module_span, scope, checking, guarded)
        )
    if any(child.type == "wildcard_import" for child in statement.named_children):
        star = next(child for child in statement.named_children if child.type == "wildcard_import")
        found.append(Import(module_or_none, "*", "*", tree.span(star), module_span, scope, checking, guarded))
    return found


def _aliased(node: Node) -> tuple[Node, Node | None]:
    if node.type == "aliased_import":
        return field(node, "name") or node, field(node, "alias")
    return node, None


def _dotted(tree: Tree, node: Node) -> str:
    return re.sub(r"\\\r?\n|\s+", "", tree.text(node))
