"""Where the paths in a function's body lead: to the native side, or to a function of the project."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from hardcut.source.bodies import Body, Called
from hardcut.source.project import Project

STEPS = 2_000
"""How many steps a path is followed."""
LONGEST = 4_000
"""Characters of a path that is followed: one that refers to itself grows without end."""
HANDED = 12
"""How many functions in a row may hand on what they are given, until one calls a member of it."""
INSPECTORS = frozenset(
    {"wraps", "update_wrapper", "signature", "cast", "getdoc", "iscoroutinefunction", "convert", "hasattr"}
)
"""Last names of calls that look at what they are given, and do not call it."""


class Leading:
    """Answers for one native surface: a module, or a function of one."""

    def __init__(self, project: Project, to: str) -> None:
        self.project = project
        self.to = to
        self._known: dict[tuple[str, int, bool], list[str]] = {}
        self._both: dict[tuple[int, int], Body] = {}
        self._given: dict[tuple[str, int, str], bool] = {}

    def is_native(self, path: str, body: Body) -> bool:
        """Whether a path of a body is the native side's, or lies in it."""
        return any(self.is_native_end(one) for one in self.ends(path, body))

    def is_result(self, path: str, body: Body) -> bool:
        """Whether a path of a body is something that the native side gave it, and not merely its name."""
        return any("()" in one and self.is_native_end(one) for one in self.ends(path, body, False))

    def is_object(self, path: str, body: Body) -> bool:
        """Whether a path of a body is an object of a native class: operators on it are the native side's."""
        return any(
            self.is_native_end(one) and one.endswith("()") and _is_class(one) for one in self.ends(path, body)
        )

    def is_own_object(self, path: str) -> bool:
        """Whether a path is an object of a class of the project: an operator on it calls a method."""
        written = self.written(path.removesuffix("()"))
        if written is None or "." in written[1]:
            return False
        return any(one.kind == "class" for one in self.project.defined(*written))

    def calls_native(self, call: Called, body: Body) -> bool:
        """Whether a call is the native side's, or is handed what it is to call there."""
        if any(self.is_native(one, body) for one in call.paths):
            return True
        leaves = {one.rsplit(".", 1)[-1] for one in call.paths}
        if not leaves or leaves & INSPECTORS or any(_is_class(one) for one in leaves):
            return False
        handed = {end for one in call.given for end in self.ends(one, body) if "()" not in end}
        if any(self.is_native_end(one) and self._is_function(one) for one in handed):
            return True
        module, _, leaf = self.to.rpartition(".")
        for end in handed:
            if self.is_native_end(end) or (end == module and leaf):
                wanted = re.escape(leaf) if end == module else r"\w+|\*"
                if leaf in call.texts and end == module:
                    return True
                pattern = re.compile(rf"\$\w+\.({wanted})(\.|\(|\Z)")
                if any(self._calls_given(one, body, pattern, 0) for one in call.paths):
                    return True
        return False

    def _is_function(self, end: str) -> bool:
        """Whether a native path is a function: the surface itself, or a name in it, that is no class."""
        return (end != self.to or "." in self.to) and not _is_class(end)

    def _calls_given(self, path: str, body: Body, pattern: re.Pattern[str], depth: int) -> bool:
        """Whether a function of the project calls a member of what it is given, or hands it on for that."""
        key = path, id(body), pattern.pattern
        if key not in self._given:
            self._given[key] = False
            self._given[key] = self._gives(path, body, pattern, depth)
        return self._given[key]

    def _gives(self, path: str, body: Body, pattern: re.Pattern[str], depth: int) -> bool:
        functions = self.functions(path, body)
        if functions and depth >= HANDED:
            self.project.give_up(
                functions[0][0], f"what is given to a function was followed {HANDED} calls only"
            )
            return False
        for function in functions:
            for inner in self.project.bodies(*function):
                for call in inner.calls:
                    if any(pattern.match(one) for one in call.paths):
                        return True
                    on = any(one.startswith("$") and "." not in one for one in call.given)
                    if on and any(self._calls_given(one, inner, pattern, depth + 1) for one in call.paths):
                        return True
        return False

    def is_native_end(self, end: str) -> bool:
        """Whether a path that leads no further is the native side's."""
        plain = end.replace("()", "")
        return plain == self.to or plain.startswith(f"{self.to}.")

    def functions(self, path: str, body: Body) -> list[tuple[str, str]]:
        """The functions of the project that a path of a body may be, each as module and name."""
        found = (self.home(one) for one in self.ends(path, body))
        return list(dict.fromkeys(one for one in found if one is not None))

    def home(self, path: str) -> tuple[str, str] | None:
        """The module and the name within it of a function of the project."""
        plain = path.replace("()", "") if "()." in path else path
        found = self._split(plain.split("."))
        if found is None or not found[1] or plain.endswith("()"):
            return None
        module, rest = found
        bodies = self.project.bodies(module, ".".join(rest))
        if (
            not bodies
            and len(rest) == 1
            and any(one.kind == "class" for one in self.project.defined(module, rest[0]))
        ):
            rest.append("__init__")
            bodies = self.project.bodies(module, ".".join(rest))
        return (module, ".".join(rest)) if any(one.kind != "bound" for one in bodies) else None

    def ends(self, path: str, body: Body | None = None, helpers: bool = True) -> list[str]:
        """Where a path leads: by imports, aliases, attributes, and `helpers` that give what they found."""
        asked = (path, id(body), helpers)
        if asked in self._known:
            return self._known[asked]
        waiting: deque[tuple[str, Body | None]] = deque([(path, body)])
        seen: set[tuple[str, int]] = set()
        found: dict[str, None] = {}
        while waiting:
            if len(seen) >= STEPS:
                self._give_up(path, f"`{path}` was followed {STEPS:,} steps only")
                break
            one, inside = waiting.popleft()
            if (one, id(inside)) in seen:
                continue
            seen.add((one, id(inside)))
            following = [] if self.is_native_end(one) else self._step(one, inside, helpers)
            if any(len(step) >= LONGEST for step, _ in following):
                self._give_up(path, f"`{path[:80]}` refers to itself, and was followed in part only")
            waiting += [(step, within or inside) for step, within in following if len(step) < LONGEST]
            if not following or any(step == one for step, _ in following):
                found[one] = None
        self._known[asked] = list(found)
        return self._known[asked]

    def _give_up(self, path: str, what: str) -> None:
        found = self._split(path.split("."))
        if found is not None:
            self.project.give_up(found[0], what)

    def _told(self, path: str, body: Body | None) -> list[str]:
        """A path with a name that only texts tell: one for each text that the body hands to a call."""
        texts = {text for call in body.calls for text in call.texts} if body is not None else set()
        return [
            path.replace("*", text, 1)
            for text in sorted(texts)
            if text.replace(".", "").replace("_", "").isalnum()
        ]

    def written(self, path: str) -> tuple[str, str] | None:
        """The module and the name in it by which a path is written."""
        found = self._split(path.split("."))
        return (found[0], ".".join(found[1])) if found is not None and found[1] else None

    def _split(self, parts: Sequence[str]) -> tuple[str, list[str]] | None:
        """The longest Python module that a path starts with, and what is left."""
        for count in range(len(parts), 0, -1):
            module = ".".join(parts[:count])
            if "(" not in module and self.project.file(module) is not None:
                return module, list(parts[count:])
        return None

    def _step(self, path: str, body: Body | None, helpers: bool) -> list[tuple[str, Body | None]]:
        """One step from a path: what its first name stands for in its module."""
        if "*" in path:
            return [(one, None) for one in self._told(path, body)]
        found = self._split(path.split("."))
        if found is None or not found[1]:
            return []
        module, rest = found
        first = rest[0].removesuffix("()")
        definitions = self.project.defined(module, first)
        found_steps: list[tuple[str, Body | None]] = [
            (".".join([one.target + rest[0].removeprefix(first), *rest[1:]]), None)
            for one in definitions
            if one.kind == "import" and one.target
        ]
        if not definitions:
            return [(".".join([star, *rest]), None) for star in self.project.starred(module)]
        if any(one.kind == "class" for one in definitions) and len(rest) > 1 and body is not None:
            found_steps += [(".".join([one, *rest[2:]]), None) for one in self._set(path, rest, body)]
        for size in range(min(3, len(rest)), 0, -1):
            name = ".".join(one.removesuffix("()") for one in rest[:size])
            bodies = self.project.bodies(module, name)
            if bodies:
                return [*found_steps, *self._within(path, rest[size - 1 :], bodies, body, helpers)]
        return found_steps

    def _set(self, path: str, rest: list[str], body: Body) -> list[str]:
        """What an object's attribute was given by the keyword of its name, where the body makes it."""
        made = path[: path.index("()")] if "()" in path else path
        name = rest[1]
        return [one for call in body.calls if made in call.paths for one in call.keyed.get(name, ())]

    def _within(
        self, path: str, rest: list[str], bodies: list[Body], outer: Body | None, helpers: bool
    ) -> list[tuple[str, Body | None]]:
        """What a called function gives, or what a name or attribute is bound to; itself, if nothing."""
        called = "()" if rest[0].endswith("()") else ""
        found: list[tuple[str, Body | None]] = []
        for one in bodies:
            if one.kind == "bound":
                found += [(".".join([give + called, *rest[1:]]), one) for give in one.gives]
            elif called and helpers:
                inside = self._joined(one, outer)
                found += [(".".join([give, *rest[1:]]), inside) for give in one.gives]
            else:
                found.append((path, None))
        return found

    def _joined(self, one: Body, outer: Body | None) -> Body:
        """A helper's body with the texts that it may have been handed."""
        if outer is None:
            return one
        key = (id(one), id(outer))
        if key not in self._both:
            self._both[key] = Body(one.name, one.kind, one.span, [*one.calls, *outer.calls])
        return self._both[key]


def _is_class(path: str) -> bool:
    """Whether a path's last name is written as a class is."""
    return path.rsplit(".", 1)[-1].lstrip("_")[:1].isupper()
