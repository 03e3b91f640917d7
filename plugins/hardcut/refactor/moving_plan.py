"""Which parts of a module go where: what entries ask for, what comes along, and what cannot move and why."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final, final

import msgspec

from hardcut.refactor.moving_parts import Moment, Part, PartKind, Parts
from hardcut.semantic.scopes import BindingKind, ConditionKind
from hardcut.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hardcut.refactor.moving_parts import Use
    from hardcut.semantic.scopes import Import


class NoteKind(Enum):
    """What a note says about a move."""

    REFUSED = "refused"
    WARNING = "warning"
    MOVED = "moved"


class Note(msgspec.Struct, frozen=True):
    """Something to know about a move: `path` and `line` are a place in the old text, or in the manifest."""

    kind: NoteKind
    path: str
    line: int
    subject: str
    text: str


class Wish(msgspec.Struct, frozen=True):
    """A name of a module that an entry moves to a home, with the entry's reason and place."""

    name: str
    home: str
    reason: str
    path: str
    line: int


@final
class Assignment:
    """Which module each part of `module` is in afterwards.

    `owners` are the new homes by the number of the part; a part that is not among them stays. `along` are
    private names that no entry moves, and that go with the only code that uses them.
    """

    def __init__(self, module: str, path: str, parts: Parts) -> None:
        self.module = module
        self.path = path
        self.parts = parts
        self.owners: dict[int, str] = {}
        self.homes: dict[str, str] = {}
        """The new home of each name that moves."""
        self.along: dict[str, str] = {}
        self.notes: list[Note] = []

    def owner(self, part: Part) -> str:
        """The module that a part is in afterwards."""
        return self.owners.get(part.number, self.module)

    def note(self, kind: NoteKind, part: Part | None, subject: str, text: str) -> None:
        """Add a note about a part."""
        line = 1 if part is None else self.parts.line(part)
        self.notes.append(Note(kind, self.path, line, subject, text))


def assign(
    module: str,
    path: str,
    parts: Parts,
    wishes: Iterable[Wish],
    fixed: frozenset[str],
    emptied: bool,
) -> Assignment:
    """Assign the parts of a module to homes.

    `fixed` are private names that stay, because other modules use them or the plan keeps them. If the plan
    deletes the module (`emptied`), private names that several homes use go to the first of them.
    """
    return _Assigner(Assignment(module, path, parts), list(wishes), fixed, emptied).run()


@final
class _Assigner:
    def __init__(self, found: Assignment, wishes: list[Wish], fixed: frozenset[str], emptied: bool) -> None:
        self.found = found
        self.parts = found.parts
        self.fixed = fixed
        self.emptied = emptied
        self.wishes: dict[str, Wish] = {}
        for wish in wishes:
            other = self.wishes.setdefault(wish.name, wish)
            if other.home != wish.home:
                self._refuse(wish.name, f"entries name two homes, {other.home} and {wish.home}")
                self.wishes[wish.name] = msgspec.structs.replace(wish, home="")
        self._declarative: dict[int, bool] = {}
        self.users: dict[str, list[Part]] = {}
        for part in self.parts.all:
            for name in dict.fromkeys(use.name for use in part.uses):
                self.users.setdefault(name, []).append(part)

    def run(self) -> Assignment:
        """Move what is asked for, then what is private to it, and drop what cannot move."""
        wanted = {name: wish.home for name, wish in self.wishes.items() if wish.home}
        wanted = {name: home for name, home in wanted.items() if not self._is_refused(name, wanted)}
        while True:
            along = self._private(wanted)
            moving = {**wanted, **along}
            split = self._split_statements(moving)
            if not split:
                break
            for name, (part, other) in split.items():
                if name in wanted:
                    text = f"its statement also binds `{other}`, which does not move to {wanted[name]}"
                    self._refuse(name, text, part)
                    del wanted[name]
                else:
                    self.fixed |= {name}
        self.found.homes, self.found.along = moving, along
        for name, home in moving.items():
            for part in self._group(name):
                self.found.owners[part.number] = home
        return self.found

    def _group(self, name: str) -> list[Part]:
        """The parts that move with a name: those that define it, and statements that change its value."""
        return self.parts.group(name)

    def _refuse(self, name: str, text: str, part: Part | None = None) -> None:
        defining = self.parts.defining(name)
        self.found.note(NoteKind.REFUSED, part or (defining[0] if defining else None), name, text)

    def _is_refused(self, name: str, wanted: Mapping[str, str]) -> bool:
        reason = self._obstacle(name, wanted)
        if reason is not None:
            self._refuse(name, reason)
        return reason is not None

    def _obstacle(self, name: str, wanted: Mapping[str, str]) -> str | None:
        """Why a name cannot move; None if it can."""
        parts = self.parts.defining(name)
        if name.startswith("__") and name.endswith("__"):
            return "names with double underscores belong to their module"
        if not parts:
            return "is not defined here by a statement of the module's top level"
        if name in self.parts.deleted:
            return "is deleted by a `del` statement"
        for check in (self._shape, self._repeated, self._rebound, self._reads):
            reason = check(name, parts, wanted)
            if reason is not None:
                return reason
        return None

    def _shape(self, name: str, parts: list[Part], wanted: Mapping[str, str]) -> str | None:
        for part in self._group(name):
            if part.shares_line:
                return "shares a line with another statement"
            if part.kind is PartKind.BLOCK and not self._only_declares(part):
                return "is bound in a block that does more than define names"
            if part.kind is PartKind.EFFECT and part.binds and part.subject is None:
                return f"is bound by a `{type(part.node).__name__.lower()}` statement, which runs other code"
        return None

    def _only_declares(self, part: Part) -> bool:
        if part.number not in self._declarative:
            self._declarative[part.number] = _is_declarative(part)
        return self._declarative[part.number]

    def _repeated(self, name: str, parts: list[Part], wanted: Mapping[str, str]) -> str | None:
        plain = [part for part in parts if part.subject != name and not is_overload(part)]
        if len(plain) < 2:
            return None
        lines = ", ".join(str(self.parts.line(part)) for part in plain)
        if not all(_reads_at_import(part, name) for part in plain[1:]):
            return f"is defined more than once (lines {lines})"
        # `X = wrapped(X)`: what reads the first value has to stay between the two.
        for part in self.parts.all[plain[0].number : plain[-1].number]:
            if part not in parts and _reads_at_import(part, name):
                homes = {wanted.get(other) for other in part.binds}
                if homes != {wanted[name]}:
                    line = self.parts.line(part)
                    return f"is defined in steps (lines {lines}), and line {line} reads one between them"
        return None

    def _rebound(self, name: str, parts: list[Part], wanted: Mapping[str, str]) -> str | None:
        for part in self.parts.rebinders.get(name, ()):
            owners = {wanted.get(other) for other in part.binds}
            if owners != {wanted[name]}:
                bound = ", ".join(f"`{other}`" for other in part.binds) or "a statement"
                return f"{bound} rebinds it with `global`, and does not move along"
        return None

    def _reads(self, name: str, parts: list[Part], wanted: Mapping[str, str]) -> str | None:
        """What the moved code reads or rebinds that it would not find, or not change, in another module."""
        index = self.parts.index
        dynamic = "a star import" if index.star_imports else ""
        dynamic = dynamic or ("the module's `__getattr__`" if index.has_module_getattr else "")
        dynamic = dynamic or ("code that writes to `globals()`" if index.exports.writes_unknown_names else "")
        for part in self._group(name):
            for other, rebinders in self.parts.rebinders.items():
                if part in rebinders and wanted.get(other) != wanted[name]:
                    return f"rebinds `{other}` with `global`, which does not move to the same module"
            unknown = [other for other in self.parts.unknown.get(part.number, ()) if not is_builtin(other)]
            if unknown and dynamic:
                return f"reads `{unknown[0]}`, which {dynamic} may give"
        return None

    # Private names.

    def _private(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """The private names that move along, with their homes."""
        movable = {
            name: name
            for name in self.parts.by_name
            if (is_private(name) or self._is_conditional_import(name))
            and name not in wanted
            and name not in self.fixed
            and name not in self.wishes
        }
        alone = {name: name for name in movable}
        candidates = [name for name in movable if self._obstacle(name, alone) is None]
        candidates = self._without_shared(candidates)
        reached = self._reached(candidates, wanted)
        found: dict[str, str] = {}
        for name in candidates:
            homes = reached[name]
            if len(homes) == 1 and self.found.module not in homes:
                (found[name],) = homes
            elif self.emptied and homes and self.found.module not in homes:
                found[name] = next(home for home in self._homes() if home in homes)
        return found

    def _is_conditional_import(self, name: str) -> bool:
        """Whether a name is imported in an `if` or `try`: that is no definition of the module's own."""
        bindings = self.parts.index.top[name]
        return any(found.imported is not None for found in bindings) and not copied_imports(self.parts, name)

    def _homes(self) -> list[str]:
        return list(dict.fromkeys(wish.home for wish in self.wishes.values()))

    def _without_shared(self, candidates: list[str]) -> list[str]:
        """Candidates whose statements bind candidates only."""
        known = set(candidates)
        return [
            name
            for name in candidates
            if all(other in known for part in self._group(name) for other in part.binds)
        ]

    def _reached(self, candidates: list[str], wanted: Mapping[str, str]) -> dict[str, set[str]]:
        """For each candidate, the modules whose code uses it, also through other candidates."""
        known = set(candidates)
        reached: dict[str, set[str]] = {name: set() for name in candidates}
        groups = {name: {part.number for part in self._group(name)} for name in candidates}
        waiting = deque(candidates)
        queued = set(candidates)
        while waiting:
            name = waiting.popleft()
            queued.discard(name)
            before = len(reached[name])
            for part in self.users.get(name, ()):
                if part.number not in groups[name]:
                    reached[name] |= self._owners_of(part, known, wanted, reached)
            if len(reached[name]) > before:
                for other in self._read_by(name, known):
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return reached

    def _read_by(self, name: str, known: set[str]) -> Iterator[str]:
        for part in self._group(name):
            yield from {use.name for use in part.uses if use.name in known and use.name != name}

    def _owners_of(
        self, part: Part, known: set[str], wanted: Mapping[str, str], reached: dict[str, set[str]]
    ) -> set[str]:
        names = list(part.binds) or ([part.subject] if part.subject else [])
        if part.subject is not None and part.kind is not PartKind.EXPORTS:
            names = [part.subject]
        if not names:
            return {self.found.module}
        found: set[str] = set()
        for name in names:
            found |= reached[name] if name in known else {wanted.get(name, self.found.module)}
        return found

    def _split_statements(self, moving: Mapping[str, str]) -> dict[str, tuple[Part, str]]:
        """Names whose statement also binds a name that goes elsewhere, with that name."""
        found: dict[str, tuple[Part, str]] = {}
        for name, home in moving.items():
            for part in self._group(name):
                for other in part.binds:
                    if moving.get(other) != home and not (part.subject == name and is_unnamed(other)):
                        found[name] = (part, other)
        return found


def _reads_at_import(part: Part, name: str) -> bool:
    return any(use.name == name and use.moment is Moment.IMPORT for use in part.uses)


def is_private(name: str) -> bool:
    """Whether a name is private by convention; names of double underscores are not."""
    return name.startswith("_") and not name.endswith("__")


def is_unnamed(name: str) -> bool:
    """Whether a function's name says that nobody uses it: `_`."""
    return not name.strip("_")


def is_builtin(name: str) -> bool:
    """Whether every module has a name without binding it."""
    return name in _BUILTINS


def is_overload(part: Part) -> bool:
    """Whether a part is an `@overload`, or an effect on what an earlier part defines."""
    if not isinstance(part.node, nodes.FunctionDef):
        return False
    return any(
        (isinstance(decorator, nodes.Name) and decorator.id == "overload")
        or (isinstance(decorator, nodes.Attribute) and decorator.attr == "overload")
        for decorator in part.node.decorator_list
    )


def copied_imports(parts: Parts, name: str) -> list[Import] | None:
    """The imports that bind a name, if they can be repeated in another module; None if not.

    An import that may not run, such as one in a `try`, is not repeated: the module's outcome counts.
    """
    found: list[Import] = []
    for binding in parts.index.top[name]:
        if binding.kind is BindingKind.DELETION:
            continue
        if binding.imported is None or binding.within is not parts.index.top:
            return None
        under = list(binding.conditions())
        if under and not (
            len(under) == 1 and under[0].kind is ConditionKind.IF and parts.index.is_type_checking(binding)
        ):
            return None
        found.append(binding.imported)
    return found or None


def _is_declarative(part: Part) -> bool:
    """Whether a block only imports, defines and assigns names; what definitions hold does not count."""
    waiting: list[nodes.Node] = [part.node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.FunctionDef | nodes.ClassDef):
            continue
        if isinstance(node, nodes.Statement) and not isinstance(node, _DECLARATIVE):
            if not (isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Constant)):
                return False
        elif not isinstance(node, nodes.Expression):
            waiting += node.children()
    return True


_DECLARATIVE: Final = (
    nodes.If,
    nodes.Try,
    nodes.Import,
    nodes.ImportFrom,
    nodes.FunctionDef,
    nodes.ClassDef,
    nodes.Assign,
    nodes.AnnAssign,
    nodes.TypeAlias,
    nodes.Pass,
    nodes.Raise,
)
_BUILTINS: Final = frozenset(dir(__import__("builtins"))) | {
    "__file__",
    "__builtins__",
    "__path__",
    "__annotations__",
    "WindowsError",
    "reveal_type",
}


# How the modules of a split import each other.


class Link(Enum):
    """How one module of a split gets names of another."""

    MODULE = "at the top of the module"
    FUNCTION = "in the functions that use them"


@final
class Need:
    """What one module of a split reads of another: the uses by name."""

    def __init__(self, user: str, owner: str) -> None:
        self.user = user
        self.owner = owner
        self.uses: dict[str, list[Use]] = {}
        self.link = Link.FUNCTION

    @property
    def moment(self) -> Moment:
        """The earliest moment at which something is read."""
        return max(use.moment for uses in self.uses.values() for use in uses)

    @property
    def functions(self) -> int:
        """In how many functions names are read."""
        return len(
            {
                use.function.start
                for uses in self.uses.values()
                for use in uses
                if use.moment is Moment.CALL and use.function is not None
            }
        )

    def names_at(self, moment: Moment) -> list[str]:
        """The names that are read at a moment."""
        return [name for name, uses in self.uses.items() if any(use.moment is moment for use in uses)]


def needs(found: Assignment) -> dict[tuple[str, str], Need]:
    """What the modules of a split read of each other, by user and owner."""
    result: dict[tuple[str, str], Need] = {}
    for part in found.parts.all:
        user = found.owner(part)
        for use in part.uses:
            owner = found.homes.get(use.name, found.module)
            if owner == user or copied_imports(found.parts, use.name) is not None:
                continue
            need = result.setdefault((user, owner), Need(user, owner))
            need.uses.setdefault(use.name, []).append(use)
    return result


def link(found: dict[tuple[str, str], Need], given: Iterable[tuple[str, str]]) -> list[Need]:
    """Choose how the modules of a split import each other, so that no circle closes.

    `given` are imports between these modules that are there already. Returns the needs that cannot be met:
    they are at import time, and in a circle.
    """
    graph: dict[str, set[str]] = {}
    for user, owner in given:
        graph.setdefault(user, set()).add(owner)
    order = sorted(found.values(), key=lambda need: (-need.moment, -need.functions, need.user, need.owner))
    unmet: list[Need] = []
    for need in order:
        if not _leads(graph, need.owner, need.user):
            graph.setdefault(need.user, set()).add(need.owner)
            need.link = Link.MODULE
        elif need.moment is Moment.IMPORT:
            unmet.append(need)
    return unmet


def _leads(graph: Mapping[str, set[str]], start: str, end: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        current = waiting.pop()
        if current == end:
            return True
        for following in graph.get(current, ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False
