"""What the failure analysis asks about names, answered for small programs without imports."""

from __future__ import annotations

from hardcut.flow.conditions import dotted
from hardcut.flow.effects import Leave
from hardcut.flow.exceptions import ANY, Hierarchy
from hardcut.syntax import nodes

NEVER = {"sys.exit": "SystemExit", "assert_never": "AssertionError", "fail_test": "GeneratorExit"}


class PlainEffects:
    """Every name stands for itself: `suppress` is that of the standard library."""

    def __init__(self, bases: dict[str, list[str]] | None = None) -> None:
        self.hierarchy = Hierarchy()
        for name, above in (bases or {}).items():
            self.hierarchy.note(name, above)

    def never_returns(self, call: nodes.Call) -> tuple[str, ...]:
        found = NEVER.get(dotted(call.func))
        return (found,) if found else ()

    def types(self, expression: nodes.Expression) -> list[str]:
        if isinstance(expression, nodes.Tuple):
            return [name for element in expression.elts for name in self.types(element)]
        if isinstance(expression, nodes.Call):
            return [f"elsewhere.{dotted(expression.func)}"]
        return [dotted(expression)]

    def raised(self, expression: nodes.Expression) -> str:
        node = expression.func if isinstance(expression, nodes.Call) else expression
        name = dotted(node)
        return name if name[:1].isupper() else ANY

    def leave(self, manager: nodes.Expression, raised: str) -> Leave:
        going = Leave(False, frozenset([raised]))
        if not isinstance(manager, nodes.Call):
            return going
        name = dotted(manager.func)
        if name == "manager":
            return Leave(True, frozenset([raised]))
        types = [kind for argument in manager.args for kind in self.types(argument)]
        if name not in ("suppress", "raises") or not self.hierarchy.catches(types, raised):
            return going
        return Leave(True, frozenset())
