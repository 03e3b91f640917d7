"""What an object's attributes hold: `self.name`, by the assignments and annotations of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.names import Names
from hardcut.source.python.paths import Path, Paths
from hardcut.source.python.tree import Tree, climb, field, inside, named, same

if TYPE_CHECKING:
    from tree_sitter import Node


def held(tree: Tree, names: Names, paths: Paths, node: Node) -> list[str]:
    """The paths of `self.name.more`, as far as the class tells what `self.name` holds."""
    steps: list[str] = []
    inner: Node | None = node
    while inner is not None and inner.type == "attribute":
        attribute = field(inner, "attribute")
        steps.insert(0, tree.text(attribute) if attribute is not None else "")
        inner = field(inner, "object")
    owner = _class_of(tree, inner) if inner is not None and inner.type == "identifier" else None
    if inner is None or owner is None or len(steps) < 2:
        return []
    found = [
        one
        for binding in names.bindings(steps[0])
        if same(binding.scope, owner)
        for one in paths.binding(binding)
    ]
    for use in tree.nodes(steps[0]):
        if not tree.spend():
            break
        if inside(use, owner):
            found += _assigned(tree, paths, use)
    rest = steps[1:]
    return list(dict.fromkeys(".".join([one.path, *rest]) for one in found if one.instance))


def _class_of(tree: Tree, node: Node) -> Node | None:
    """The class whose object a name is: the first parameter of the method around it."""
    for function in climb(node):
        if function.type == "function_definition":
            listed, above = field(function, "parameters"), function.parent
            if above is not None and above.type == "decorated_definition":
                above = above.parent
            owner = above.parent if above is not None else None
            first = named(listed)[:1] if listed is not None else []
            is_own = bool(first) and tree.text(first[0]) == tree.text(node)
            return owner if is_own and owner is not None and owner.type == "class_definition" else None
    return None


def _assigned(tree: Tree, paths: Paths, name: Node) -> list[Path]:
    """What an assignment to `self.name` gives it."""
    target = name.parent
    statement = target.parent if target is not None and target.type == "attribute" else None
    holder = field(target, "object") if target is not None else None
    if target is None or holder is None or statement is None or statement.type != "assignment":
        return []
    if (
        holder.type != "identifier"
        or not same(field(statement, "left"), target)
        or _class_of(tree, holder) is None
    ):
        return []
    kind, value = field(statement, "type"), field(statement, "right")
    found = paths.annotated(kind, tree.text(name)) if kind is not None else []
    return [*found, *(paths.of(value) if value is not None else ())]
