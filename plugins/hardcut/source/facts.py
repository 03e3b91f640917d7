"""What one source file says about the words of a plan.

Facts are small, serialisable and keyed by content, module name and words: they hold no syntax
node and nothing of the plan but its words. Every span is (line, column, end line, end column),
lines and columns from 1, columns in characters, the end column exclusive.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal as OneOf

import msgspec

from hardcut.source.told import Told


class Span(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A region of a file; `cell` counts a notebook's cells from 1, lines then count in it."""

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None


class Import(msgspec.Struct, frozen=True, array_like=True):
    """One name bound by an import statement.

    `module` is absolute (relative imports are resolved; None where the package is unknown).
    `name` is None for `import a.b`, `*` for a star import. `span` covers the imported name (the
    module for `import a.b`), `module_span` the module. `guarded` tells that an enclosing `try`
    (or `suppress`) catches ImportError or wider.
    """

    module: str | None
    name: str | None
    alias: str
    span: Span
    module_span: Span
    scope: str
    type_checking: bool
    guarded: bool

    @property
    def path(self) -> str:
        """The absolute dotted path of what is imported."""
        return f"{self.module}.{self.name}" if self.name and self.name != "*" else (self.module or "")


Bound = OneOf["function", "class", "assign", "import", "alias", "lazy", "star"]
Form = OneOf["name", "attribute", "getattr", "instance", "inherited"]


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """A name bound at module level, or a class member as `Class.member`.

    `target` is the absolute path behind an import, a plain rebinding or a lazy registry entry.
    """

    name: str
    kind: Bound
    span: Span
    target: str | None = None


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """A use of a dotted path in code, resolved to an absolute path as far as the file tells.

    form: `name` a plain name, `attribute` a chain, `getattr` a chain through a constant getattr,
    `instance` a member through an instance, `delete`/`assign` a target. `root` is the local name the
    chain starts from, `imported` the path that name stands for.
    """

    path: str
    form: Form
    span: Span
    root: str
    imported: str
    scope: str


class Sink(msgspec.Struct, frozen=True, array_like=True):
    """An import function that a string reaches: its dotted name and the way there.

    way: direct, relative, fromlist, constant, loop, default, conditional, computed, wrapper.
    """

    function: str
    way: str
    span: Span


class Context(Enum):
    """What the code around a string does with it, beyond handing it to a function."""

    KEY = "key"
    """It is (part of) a key of a dictionary, or a subscript."""
    COMPARED = "compared"
    """It is (part of) an operand of a comparison, or a pattern of `match`."""
    LOGGER = "logger"
    """It is compared with the name of a log record: `record.name == x`."""
    NEGATED = "negated"
    """It is part of a condition that holds if something is absent: `not f(x)`, `f(x) is None`."""
    EXPECTED_FAILURE = "expected failure"
    """It is in a block that a test expects to fail: `with raises(...)`."""
    PARAMETRIZED = "parametrized"
    """It is a case of a parametrized test."""
    SOUGHT = "sought"
    """A function looks whether it can be imported: `find_spec(x)`."""
    COMPOSED = "composed"
    """It is a part that a longer text is put together from: `f"{HOME}.Cart"`, `HOME + ".Cart"`."""
    RAISED = "raised"
    """It is part of the exception of a `raise` statement, or the message of an `assert`."""
    CAUGHT = "caught"
    """The failure of an import around it is caught, by `except ImportError` or `suppress(...)`."""


class StringUse(msgspec.Struct, frozen=True, array_like=True):
    """What the code does with a string at one place: where it is written, or where its constant is used.

    `callee` and `argument` are as in a text, `key` is the key of a dictionary's value, `name` the name
    that it is bound to. `beside` are the strings in the same container, entry or call; a pair of strings
    (`("module", "name")`) is joined by a dot. `read` are names that are read from the module that the
    string names: `import_module(x).Cart`, `patch.multiple(x, Cart=1)`.
    """

    callee: str | None = None
    argument: str | None = None
    contexts: list[Context] = []
    key: str | None = None
    name: str | None = None
    beside: list[str] = []
    read: list[str] = []


class Text(msgspec.Struct, frozen=True, array_like=True):
    """A string, docstring, comment or line of a text file that holds a word of the plan.

    `text` is the source between the quotes (escapes as written); `value` the evaluated constant, or
    None. `callee` is the dotted path of the function whose argument the string is, `argument` the
    keyword or position. `role`: all (`__all__`), key, pair (`("mod", "name")` in a registry; then
    `pair` is the joined path), compare, element, argument, subscript, other. `uses` are what the code does
    with a string: at its own place, and where the name is used that it is bound to.
    """

    kind: OneOf["string", "docstring", "comment", "text"]
    text: str
    span: Span
    value: str | None = None
    callee: str | None = None
    argument: str | None = None
    role: str = "other"
    pair: str | None = None
    container: OneOf["tuple", "list", "set", "dict", "none"] = "none"
    siblings: list[str] = []
    sinks: list[Sink] = []
    scope: str = ""
    uses: list[StringUse] = []


class Computed(msgspec.Struct, frozen=True, array_like=True):
    """A string put together from parts (f-string, +, %, format, join, variables).

    `exact` is False where only a constant head is known (`value` is then that head).
    """

    value: str
    exact: bool
    span: Span
    callee: str | None = None
    argument: str | None = None
    sinks: list[Sink] = []
    scope: str = ""


class Unreadable(msgspec.Struct, frozen=True, array_like=True):
    """A region that could not be read, and why."""

    span: Span
    why: str


class Limit(msgspec.Struct, frozen=True, array_like=True):
    """A place at which an analysis stopped at a bound, and what it did not follow, as a part of a message."""

    span: Span
    what: str


class Fallback(msgspec.Struct, frozen=True, array_like=True):
    """A place that tries one path and then another.

    `first` and `second` are the dotted paths (or texts) tried, in order; `form`: try, branch,
    call (a local helper that may give nothing, then another path).
    """

    first: list[str]
    second: list[str]
    form: str
    span: Span
    scope: str = ""


class Guarded(msgspec.Struct, frozen=True, array_like=True):
    """A place where the failure of an import or call does not reach the caller, or is tried again.

    kind: `swallow` a handler, `retry`, `probe` a question whether something is there, `soft` a call whose
    empty answer is handed on. `paths` are what fails; `how`: import, dynamic, call, helper (a function
    of the file around one of these), other (a function of another file), given (what a guarded thing
    returned), own (anything tried in the function of path `paths`), probe. `caught` is what a handler
    catches, as written; `ending` how the function is left; `through` the imported names of which one has
    to catch (a type, a context manager, a decorator, a helper) one of the types `raised`, for it to be true.
    `passed` are functions of other files that the code calls after the failure: it is true if they return.
    """

    kind: OneOf["swallow", "retry", "probe", "soft"]
    form: str
    paths: list[str]
    how: str
    span: Span
    touched: Span
    scope: str = ""
    caught: str = ""
    ending: str = ""
    through: list[str] = []
    raised: list[str] = []
    passed: list[str] = []


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """All that one file says; `module` is its dotted name, None outside the import roots.

    `wrappers` maps functions that pass a parameter to an importing function to that parameter's name and
    position; `guards` tells where a failure is kept from the caller, `told` what other files have to know
    about failures; `limits` are the places at which the reading stopped at a bound.
    """

    path: str
    module: str | None
    is_package: bool = False
    language: str = "python"
    imports: list[Import] = []
    definitions: list[Definition] = []
    references: list[Reference] = []
    texts: list[Text] = []
    computed: list[Computed] = []
    fallbacks: list[Fallback] = []
    unreadable: list[Unreadable] = []
    wrappers: dict[str, tuple[str, int]] = {}
    guards: list[Guarded] = []
    told: list[Told] = []
    limits: list[Limit] = []

    def bound(self) -> list[Definition]:
        """The noted definitions, and what import statements bind at module level."""
        found = list(self.definitions)
        for entry in self.imports:
            if entry.scope or entry.module is None:
                continue
            if entry.name == "*":
                found.append(Definition("*", "star", entry.span, entry.module))
            else:
                whole = entry.name is not None or entry.alias != entry.path.split(".", 1)[0]
                found.append(
                    Definition(entry.alias, "import", entry.span, entry.path if whole else entry.alias)
                )
        return found
