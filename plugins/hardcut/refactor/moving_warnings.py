"""What may behave differently after a move, though every name resolves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hardcut.refactor.moving_parts import Moment, Part, PartKind
from hardcut.refactor.moving_plan import Assignment, NoteKind
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression, Node

OWN: Final = frozenset({"__name__", "__file__", "__package__", "__spec__", "__path__", "__doc__"})
"""Names whose values differ in each module."""
NAMESPACE: Final = frozenset({"globals", "locals", "vars", "exec", "eval"})
QUIET: Final = frozenset(
    [
        "ClassVar",
        "Decimal",
        "Enum",
        "Final",
        "Fraction",
        "NamedTuple",
        "NewType",
        "ParamSpec",
        "Path",
        "PurePath",
        "PurePosixPath",
        "TypeVar",
        "TypeVarTuple",
        "TypedDict",
        "auto",
        "bool",
        "bytes",
        "cast",
        "cls",
        "compile",
        "defaultdict",
        "dict",
        "field",
        "float",
        "frozenset",
        "getLogger",
        "int",
        "itemgetter",
        "attrgetter",
        "len",
        "list",
        "max",
        "min",
        "namedtuple",
        "object",
        "partial",
        "range",
        "set",
        "sorted",
        "str",
        "sum",
        "timedelta",
        "tuple",
        "MappingProxyType",
        "join",
        "split",
        "format",
    ]
)
"""Last names of calls that do nothing but give a value."""
PURE: Final = frozenset(
    [
        "abstractmethod",
        "asynccontextmanager",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "dataclass",
        "deprecated",
        "final",
        "lru_cache",
        "no_type_check",
        "override",
        "overload",
        "property",
        "runtime_checkable",
        "singledispatch",
        "staticmethod",
        "total_ordering",
        "unique",
        "wraps",
        "define",
        "frozen",
        "dataclass_transform",
        "attrs",
        "s",
    ]
)
"""Last names of decorators that register nothing."""
_SHOWN: Final = 5


def warn(found: Assignment) -> None:
    """Add the warnings about one split."""
    _about_calls(found)
    _about_decorators(found)
    _about_namespace(found)
    _about_effects(found)
    if found.parts.index.has_module_getattr and found.homes:
        found.note(
            NoteKind.WARNING, None, "__getattr__", f"of {found.module} may have given names that have moved"
        )


def _moved(found: Assignment) -> Iterator[tuple[Part, str]]:
    for part in found.parts.all:
        home = found.owners.get(part.number)
        if home is not None:
            yield part, home


def _about_calls(found: Assignment) -> None:
    """Constants that calls compute run when their new module is imported."""
    computed: dict[str, list[tuple[Part, str]]] = {}
    for part, home in _moved(found):
        if not isinstance(part.node, nodes.Assign | nodes.AnnAssign) or part.node.value is None:
            continue
        name = next(iter(part.binds), "")
        if name and any(_last(call.func) not in QUIET for call in _calls(part.node.value)):
            computed.setdefault(home, []).append((part, name))
    for home, several in computed.items():
        text = f"computed by calls when the module is imported; that happens when {home} is imported now"
        found.note(NoteKind.WARNING, several[0][0], _listed([name for _, name in several]), text)


def _calls(node: Node) -> Iterator[nodes.Call]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, nodes.Call):
            yield current
        if not isinstance(current, nodes.Lambda):
            waiting += current.children()


def _about_decorators(found: Assignment) -> None:
    registered: dict[str, list[tuple[Part, str]]] = {}
    for part, home in _moved(found):
        if not isinstance(part.node, nodes.FunctionDef | nodes.ClassDef):
            continue
        for decorator in part.node.decorator_list:
            called = decorator.func if isinstance(decorator, nodes.Call) else decorator
            if _last(called) not in PURE and part.subject is None:
                registered.setdefault(home, []).append((part, part.node.name))
                break
    for home, several in registered.items():
        names = list(dict.fromkeys(name for _, name in several))
        text = f"has a decorator that may register it: {home} has to be imported for that"
        found.note(NoteKind.WARNING, several[0][0], _listed(names), text)


def _about_namespace(found: Assignment) -> None:
    for part, home in _moved(found):
        unknown = found.parts.unknown.get(part.number, {})
        name = next(iter(part.binds), part.subject or "")
        if own := [other for other in unknown if other in OWN]:
            text = f"reads `{own[0]}`, which is another value in {home}"
            found.note(NoteKind.WARNING, part, name, text)
        if reads := [other for other in unknown if other in NAMESPACE]:
            text = f"calls `{reads[0]}`, which may read names of its module; these are those of {home} now"
            found.note(NoteKind.WARNING, part, name, text)


def _about_effects(found: Assignment) -> None:
    """Statements that stay, and are about what has moved: they run only if the old module is imported."""
    for part in found.parts.all:
        if part.kind is not PartKind.EFFECT or found.owner(part) != found.module:
            continue
        used = [use for use in part.uses if use.name in found.homes and use.moment is Moment.IMPORT]
        if used:
            name = used[0].name
            text = f"a statement of {found.module} uses it at import time; it runs only if that is imported"
            found.note(NoteKind.WARNING, part, name, text)


def _last(node: Expression) -> str:
    if isinstance(node, nodes.Attribute):
        return node.attr
    return node.id if isinstance(node, nodes.Name) else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
