"""Whether a name of the project is dead: nothing that runs needs it, as far as sources can show.

A name is dead only if nothing else is possible. Whatever only running code decides makes the answer
`uncertain`: names that are looked up by strings, modules that are loaded or handed on as values, registration
by decorators and base classes, and names that frameworks find by convention.
"""

from __future__ import annotations

import re
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final, final

import msgspec

from hardcut.refactor.draft.code_tree import is_test
from hardcut.refactor.moving_parts import PartKind
from hardcut.refactor.references import Reference, ReferenceKind, References
from hardcut.semantic.scopes import BindingKind
from hardcut.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardcut.refactor.moving_parts import Part
    from hardcut.refactor.references import PythonFile

MOST_NAMES: Final = 5000
"""Names that are followed for one answer. Where more depend on each other, the answer is uncertain."""


class Verdict(Enum):
    """What becomes of a project without the name."""

    DEAD = "dead"
    """Nothing refers to it but its module's own `__all__`."""
    DEAD_WITH_OTHERS = "dead with others"
    """Only dead names refer to it, itself among them."""
    TESTS_ONLY = "tests only"
    TYPES_ONLY = "types only"
    """Only annotations need it: it cannot go without an edit, though nothing runs it."""
    RE_EXPORTED = "re-exported only"
    """Nothing in the project uses it, but a package offers it to others."""
    ALIVE = "alive"
    UNCERTAIN = "uncertain"
    MISSING = "missing"
    """No module of the project defines it."""


DEAD: Final = frozenset({Verdict.DEAD, Verdict.DEAD_WITH_OTHERS})


class Usage(msgspec.Struct, kw_only=True):
    """The answer about one name.

    `name` is the definition that was found for the question. `keepers` are what keeps the name alive: the
    definitions and files, from the one that refers to it to where code surely runs. `reasons` say why the
    answer is uncertain. `others` are the dead names that refer to it.
    """

    name: str
    verdict: Verdict
    references: list[Reference] = []
    keepers: list[str] = []
    reasons: list[str] = []
    others: list[str] = []


PASSIVE: Final = frozenset(
    {ReferenceKind.ALL, ReferenceKind.RE_EXPORT, ReferenceKind.LAZY, ReferenceKind.DOCS, ReferenceKind.IMPORT}
)
"""References that offer a name, or describe it, and need it for nothing else."""
_HARMLESS_DECORATORS: Final = frozenset(
    {
        "dataclass",
        "dataclasses.dataclass",
        "functools.cache",
        "functools.lru_cache",
        "functools.wraps",
        "functools.total_ordering",
        "cache",
        "lru_cache",
        "wraps",
        "total_ordering",
        "contextmanager",
        "contextlib.contextmanager",
        "asynccontextmanager",
        "contextlib.asynccontextmanager",
        "overload",
        "typing.overload",
        "final",
        "typing.final",
        "runtime_checkable",
        "typing.runtime_checkable",
        "no_type_check",
        "override",
        "deprecated",
        "warnings.deprecated",
        "enum.unique",
        "unique",
        "attr.s",
        "attrs.define",
        "attrs.frozen",
        "define",
        "frozen",
    }
)
"""Decorators of the standard library, typing and attrs that keep no list of what they decorate."""
_HARMLESS_BASES: Final = frozenset(
    {
        "object",
        "dict",
        "list",
        "tuple",
        "set",
        "frozenset",
        "str",
        "int",
        "float",
        "bytes",
        "type",
        "property",
    }
    | {"Exception", "BaseException", "ValueError", "TypeError", "RuntimeError", "KeyError", "LookupError"}
    | {"AttributeError", "ImportError", "OSError", "IndexError", "NotImplementedError", "Warning"}
    | {"UserWarning", "DeprecationWarning", "AssertionError", "ArithmeticError", "StopIteration"}
    | {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "NamedTuple", "TypedDict", "Protocol", "Generic"}
    | {"ABC", "Struct", "UserDict", "UserList", "UserString", "OrderedDict", "defaultdict", "Mapping"}
    | {"MutableMapping", "Sequence", "MutableSequence", "Iterator", "Iterable", "Callable", "Thread", "local"}
)
"""Last names of base classes that keep no list of their subclasses."""
_NAMESPACE_WORDS: Final = re.compile(
    rb"\b(?:globals|vars|locals|dir|eval|exec)\s*\(|\b__dict__\b|sys\.modules\s*\[\s*__name__"
    rb"|import_module\(\s*__name__|__import__\(\s*__name__"
)
_LOADERS: Final = ("import_module", "__import__", "load_module", "import_string")
_COMPUTED: Final = re.compile(
    rb"""\b(?:import_module|__import__|load_module|import_string)\s*\(\s*(?!["'][^"'\n]*["']\s*[,)])"""
)
"""A loader whose argument is not one string."""
_MODULE_LOADERS: Final = re.compile(
    rb"\b(?:iter_modules|walk_packages|import_module|__import__|spec_from_file_location|run_module|run_path"
    rb"|find_modules|import_string|load_module|autodiscover\w*)\b"
)
_BY_CONVENTION: Final = (
    frozenset({"conftest", "conf", "setup", "noxfile", "fabfile", "dodo", "tasks", "hubconf", "settings"})
    | {"local_settings", "urls", "apps", "admin", "models", "migrations", "wsgi", "asgi", "manage", "env"}
    | {"sitecustomize", "usercustomize", "__main__", "gunicorn", "signals", "receivers"}
)
"""Last names of modules whose names pytest, Sphinx, Django, Alembic, nox and others look up."""
_COLLECTED: Final = re.compile(r"^(?:test|Test|pytest_|setUp|tearDown|setup_|teardown_|load_tests|__\w+__$)")


_ONE_NAME: Final = re.compile(rb"""\s*\)\s*(?:\[\s*["']|\.get\(\s*["']|\[[^\]\n]*\]\s*=(?!=))""")
"""What follows `globals(` where one name is read that is written out, or a name is written."""
_ONE_ATTRIBUTE: Final = re.compile(rb"""\s*,\s*["']""")
"""What follows a module in `getattr(module, "name")` and `monkeypatch.setattr(module, "name", value)`: the
string is a reference of its own."""
_FILTERS: Final = re.compile(r"""\.(endswith|startswith)\(\s*["']([^"'\n]+)["']\s*\)""")

_UNCLEAR: Final = re.compile(
    r"\bor\b|\bnot\b\s*\(?\s*$|\bnot\b[^\n]{0,200}\.(?:ends|starts)with\(", re.MULTILINE
)
_SKIPS: Final = re.compile(r"if not (.*:\n\s*continue\b)")
"""A filter of a loop: names that do not pass are skipped."""


def _is_filtered(text: str, name: str) -> bool:
    """Whether code that goes through `globals()` takes only names with another suffix or prefix.

    The templates of CodeAnatomy are found so: `symbol.endswith("_TEMPLATE")`. Code with `or` or `not` is not
    understood, and counts as a look at every name.
    """
    plain = _SKIPS.sub(r"\1", text)
    filters = _FILTERS.findall(text)
    if not filters or re.search(
        r"\bor\b|\bnot\b\s*\(?\s*$|\bnot\b[^\n]*\.(?:ends|starts)with\(", plain, re.M
    ):
        return False
    return not any(
        name.endswith(word) if method == "endswith" else name.startswith(word) for method, word in filters
    )


@final
class _Trail:
    """What is known while the references of one name are followed, through the names that hold them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen = {name}
        self.waiting = deque([name])
        self._came_from: dict[str, str] = {}
        self.test: list[str] = []
        self.types: list[str] = []
        self.reasons: list[str] = []
        self.unsure: list[str] = []
        """Why a name that refers to the first one, directly or not, may be needed."""

    def chain(self, name: str) -> list[str]:
        """The names from one that refers to the first name to another that keeps it alive."""
        chain: list[str] = []
        while name in self._came_from:
            chain.append(name)
            name = self._came_from[name]
        return chain[::-1]

    def follow(self, current: str, reference: Reference) -> list[str]:
        """Take up the definitions that hold a reference; gives what keeps the name alive, if any."""
        kept = [*self.chain(current), f"{reference.path}:{reference.line}"]
        if reference.is_test:
            self.test = self.test or kept
        elif reference.holders:
            for holder in reference.holders:
                if holder not in self.seen:
                    self.seen.add(holder)
                    self._came_from[holder] = current
                    self.waiting.append(holder)
        elif reference.kind is ReferenceKind.TYPE and current == self.name:
            self.types = self.types or kept
        else:
            return kept
        return []


@final
class Liveness:
    """Answers about names, with the references of one tree."""

    def __init__(self, references: References, kept: Mapping[str, str] | None = None) -> None:
        """`kept` are names that a plan keeps, as `module.name`, with the place that says so."""
        self._references = references
        self._kept = dict(kept or {})
        self._reasons: dict[str, list[str]] = {}
        self._open: dict[str, list[str]] = {}
        self._loaders: dict[str, str | None] = {}

    def of(self, name: str) -> Usage:
        """The answer about a dotted name: `module.name` or `module.Class.member`; `:` may stand for a dot."""
        path = self.definition(name.strip().replace(":", "."))
        if path is None:
            return Usage(name=name, verdict=Verdict.MISSING)
        module, owner, member = self._split(path)
        if member:
            return self._member(module, owner, member)
        references = self._references.to(path)
        answer = Usage(name=path, verdict=Verdict.UNCERTAIN, references=references)
        self._decide(answer)
        return answer

    def definition(self, path: str) -> str | None:
        """The definition that a dotted path leads to; None if the project has none, or several."""
        if self._defines(path):
            return path
        found = [leaf for leaf in self._references.leads_to(path) if self._defines(leaf)]
        return found[0] if len(found) == 1 else None

    def names_called(self, name: str) -> list[str]:
        """The definitions of all modules that have a given last name, sorted."""
        found: set[str] = set()
        for path in self._references.holding([name]):
            if self._references.languages[path] == "python":
                file = self._references.file(path)
                if file.module and file.parts.defining(name):
                    found.add(f"{file.module}.{name}")
        return sorted(found)

    def lines_of(self, module: str, names: Sequence[str]) -> int:
        """How many lines some top-level names of a module have together; without names, the whole module."""
        file = self._references.python_file(module)
        if file is None:
            return 0
        source = file.index.module.source
        if not names:
            return source.count(b"\n")
        parts = {part.number: part for name in names for part in file.parts.group(name)}
        return sum(source.count(b"\n", part.start, part.end) for part in parts.values())

    def importers(self, modules: Sequence[str]) -> Iterator[tuple[str, str | None, int]]:
        """The files that import a module, or something below it: path, module, line of the first import."""
        leaves = [module.rpartition(".")[2] for module in modules]
        for path in self._references.holding(leaves):
            if self._references.languages[path] != "python":
                continue
            file = self._references.file(path)
            for imported in file.index.imports:
                base = file.base(imported)
                whole = base if imported.name is None or imported.star else f"{base}.{imported.name}"
                if any(f"{whole}.".startswith(f"{module}.") for module in modules):
                    yield path, file.module, file.index.module.place(imported.start)[0]
                    break

    def _split(self, path: str) -> tuple[str, str, str]:
        """A module, a top-level name of it, and the rest of the path."""
        parts = path.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            if self._references.exists(module):
                return module, parts[count], ".".join(parts[count + 1 :])
        return "", path, ""

    def _defines(self, path: str) -> bool:
        module, owner, member = self._split(path)
        file = self._references.python_file(module) if module else None
        if file is None or owner not in file.parts.by_name or not file.parts.defining(owner):
            return bool(file is not None and not member and self._binds_otherwise(file, owner))
        return not member or any(
            member.partition(".")[0] in scope for scope in file.index.scopes if scope.name == owner
        )

    @staticmethod
    def _binds_otherwise(file: PythonFile, name: str) -> bool:
        """Whether a module binds a name by a statement that is neither a definition nor an import."""
        return any(
            binding.imported is None and binding.kind is not BindingKind.DELETION
            for binding in file.index.names.get(name, ())
        )

    # The verdict.

    def _decide(self, answer: Usage) -> None:
        """Follow the references of references, until code is found that surely runs."""
        trail = _Trail(answer.name)
        trail.reasons = self._own_reasons(answer.name)
        while trail.waiting:
            current = trail.waiting.popleft()
            if len(trail.seen) > MOST_NAMES:
                trail.unsure = [f"more than {MOST_NAMES} names refer to each other"]
                break
            for reference in self._references.to(current):
                self._follow_text(current, reference, trail)
                if reference.kind in PASSIVE or reference.kind in _UNSURE:
                    continue
                keepers = trail.follow(current, reference)
                if keepers:
                    answer.verdict, answer.keepers = _living(answer), keepers
                    return
            if current != answer.name and not trail.unsure:
                kept_by = self._own_reasons(current) or self._offers(current)
                if kept_by:
                    trail.unsure = [*trail.chain(current), kept_by[0]]
        answer.others = sorted(trail.seen - {answer.name})
        self._conclude(answer, trail)

    def _conclude(self, answer: Usage, trail: _Trail) -> None:
        """The verdict where no code surely runs; stronger reasons to keep the name come first."""
        if trail.unsure:
            answer.verdict, answer.keepers = _living(answer), trail.unsure
        elif trail.types:
            answer.verdict, answer.keepers = Verdict.TYPES_ONLY, trail.types
        elif trail.reasons:
            answer.verdict, answer.reasons = Verdict.UNCERTAIN, trail.reasons
        elif trail.test:
            answer.verdict, answer.keepers = Verdict.TESTS_ONLY, trail.test
        elif offers := self._offers(answer.name):
            answer.verdict, answer.keepers = Verdict.RE_EXPORTED, offers
        else:
            answer.verdict = Verdict.DEAD_WITH_OTHERS if answer.others else Verdict.DEAD

    @staticmethod
    def _follow_text(name: str, reference: Reference, trail: _Trail) -> None:
        """Note references that only running code decides about."""
        reasons = trail.reasons if name == trail.name else trail.unsure
        if reference.kind not in _UNSURE or len(reasons) >= _MOST_REASONS:
            return
        place = f"{reference.path}:{reference.line}"
        reason = f"{place} names {name.rpartition('.')[2]} in a string"
        if reference.kind is ReferenceKind.UNREAD:
            reason = f"{place} holds the name and cannot be read as Python"
        if reason not in reasons:
            reasons.append(reason)

    def _offers(self, name: str) -> list[str]:
        """Where a name is offered to code outside the project: re-exports and documentation."""
        return [
            f"{found.path}:{found.line} ({found.kind.value})"
            for found in self._references.to(name)
            if found.kind in (ReferenceKind.RE_EXPORT, ReferenceKind.LAZY, ReferenceKind.DOCS)
            and not found.is_test
        ][:_MOST_REASONS] + self._documented(name)

    def _documented(self, name: str) -> list[str]:
        """The documentation that describes all names of a module."""
        module = name.rpartition(".")[0]
        pattern = re.compile(rb"(?:automodule::|automodapi::|:::)\s*%s\b" % re.escape(module.encode()))
        return [
            f"{path} (documentation of the module)"
            for path in self._references.holding([module])
            if pattern.search(self._references.data[path])
        ]

    # What only running code decides.

    def _own_reasons(self, name: str) -> list[str]:
        """Why a definition may be needed though nothing refers to it."""
        if name in self._reasons:
            return list(self._reasons[name])
        self._reasons[name] = []
        module, owner, _ = self._split(name)
        file = self._references.python_file(module)
        found: list[str] = [f"the plan keeps it ({self._kept[name]})"] if name in self._kept else []
        if file is not None:
            found += self._by_convention(file, module, owner)
            for part in file.parts.by_name.get(owner, ()):
                found += self._part_reasons(file, part)
            found += self._namespace_reasons(file, owner)
            found += self._module_reasons(module)
            found += self._computed_reasons(file, owner)
        self._reasons[name] = found[:_MOST_REASONS]
        return list(self._reasons[name])

    @staticmethod
    def _by_convention(file: PythonFile, module: str, name: str) -> list[str]:
        leaf = module.rpartition(".")[2]
        if leaf in _BY_CONVENTION or "migrations" in module.split("."):
            return [f"tools look up names of {leaf} modules"]
        if _COLLECTED.match(name) and (is_test(file.path) or name.startswith("__") or "pytest_" in name):
            return [f"Python or a test runner looks up {name}"]
        return []

    def _part_reasons(self, file: PythonFile, part: Part) -> Iterator[str]:
        node = part.node
        if part.kind is PartKind.BLOCK and any(
            isinstance(found, nodes.Expr) and isinstance(found.value, nodes.Call)
            for found in part.node.children()
        ):
            yield "it is defined in a block that runs other code"
        if not isinstance(node, nodes.ClassDef | nodes.FunctionDef):
            return
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, nodes.Call) else decorator
            text = file.index.module.text(called.start, called.end)
            if text not in _HARMLESS_DECORATORS and text.rpartition(".")[2] not in _HARMLESS_DECORATORS:
                yield f"the decorator @{text} may register it"
        if isinstance(node, nodes.ClassDef):
            yield from self._base_reasons(file, node, set())

    def _base_reasons(self, file: PythonFile, node: nodes.ClassDef, seen: set[str]) -> Iterator[str]:
        """Base classes that may know their subclasses."""
        if node.keywords:
            yield "its class takes keywords, which a base or metaclass may use to register it"
        for base in node.bases:
            value = base.value if isinstance(base, nodes.Subscript) else base
            text = file.index.module.text(value.start, value.end)
            if text.rpartition(".")[2] in _HARMLESS_BASES:
                continue
            target = self.definition(f"{file.module}.{text}") if file.module else None
            if target in seen:
                continue
            owner = self._class(target) if target is not None else None
            if target is None or owner is None:
                yield f"its base class {text} is not in the project and may register it"
                continue
            seen.add(target)
            found_in, definition = owner
            body = found_in.index.module.text(definition.start, definition.end)
            if "__init_subclass__" in body or self._lists_subclasses(target):
                yield f"its base class {text} looks for its subclasses"
            yield from self._base_reasons(found_in, definition, seen)

    def _class(self, path: str) -> tuple[PythonFile, nodes.ClassDef] | None:
        module, name, member = self._split(path)
        file = self._references.python_file(module) if not member else None
        for part in file.parts.defining(name) if file is not None else ():
            if file is not None and isinstance(part.node, nodes.ClassDef):
                return file, part.node
        return None

    def _lists_subclasses(self, path: str) -> bool:
        """Whether some file asks for the subclasses of a class, or for classes that are derived from it.

        Scrapy goes through the namespace of a module and takes what `issubclass(obj, Spider)` holds for.
        """
        name = re.escape(path.rpartition(".")[2].encode())
        asks = re.compile(
            rb"\b%s\.__subclasses__\(|\bissubclass\([^()]{0,200},[^()]{0,100}\b%s\b" % (name, name)
        )
        return any(
            asks.search(self._references.data[found])
            or (b"__subclasses__(" in self._references.data[found] and name in self._references.data[found])
            for found in self._references.holding(["__subclasses__", "issubclass"])
        )

    def _computed_reasons(self, file: PythonFile, name: str) -> list[str]:
        """Attributes that may be the name, in a package that loads modules by names that it puts together.

        The package `encodings` of the standard library imports a module by such a name, and calls the
        `getregentry` that it finds there.
        """
        top = (file.module or "").partition(".")[0]
        loader = self._loader_of(top)
        if loader is None:
            return []
        known = {(found.path, found.line) for found in self._references.to(f"{file.module}.{name}")}
        for found in self._attributes(name):
            is_code = self._references.languages[found.path] == "python"
            if is_code and found.kind is ReferenceKind.ATTRIBUTE and (found.path, found.line) not in known:
                place = f"{found.path}:{found.line}"
                return [f"{loader} loads modules by computed names, and {place} reads .{name}"]
        return []

    def _loader_of(self, top: str) -> str | None:
        """A file of a top-level package that imports modules by names that are not written out."""
        if top not in self._loaders:
            loading = self._references.holding(_LOADERS)
            self._loaders[top] = next((path for path in loading if self._computes(path, top)), None)
        return self._loaders[top]

    def _computes(self, path: str, top: str) -> bool:
        """Whether a file is in a top-level package and calls a loader with a computed name."""
        if self._references.languages[path] != "python" or not _COMPUTED.search(self._references.data[path]):
            return False
        return (self._references.file(path).module or "").partition(".")[0] == top

    def _module_reasons(self, module: str) -> list[str]:
        """Why any name of a module may be looked up."""
        known = self._open.get(module)
        if known is None:
            known = self._open[module] = list(self._value_reasons(module))[:_MOST_REASONS]
        return known

    def _namespace_reasons(self, file: PythonFile, name: str) -> Iterator[str]:
        """Places where a module looks up names of its own that may be the given one."""
        source = file.index.module.source
        for match in _NAMESPACE_WORDS.finditer(source):
            if not self._is_of_module(file, match.start(), match[0]):
                continue
            part = file.parts.at(match.start())
            text = file.index.module.text(part.head, part.node.end) if part is not None else ""
            if match[0].startswith(b"globals") and (
                _ONE_NAME.match(source, match.end()) or _is_filtered(text, name)
            ):
                continue
            line, _ = file.index.module.place(match.start())
            yield f"{file.path}:{line} looks up names of its own module"
            return

    def _value_reasons(self, module: str) -> Iterator[str]:
        leaf = module.rpartition(".")[2]
        package = module.rpartition(".")[0]
        for path in self._references.holding([leaf]):
            if self._references.languages[path] == "python" and not is_test(path):
                yield from self._handed_on(self._references.file(path), module)
        for path in self._references.holding(["iter_modules", "walk_packages", "find_modules"]):
            if self._references.languages[path] == "python" and package:
                other = self._references.file(path)
                above = (other.package or "").split(".")[0]
                if above == package.split(".")[0]:
                    yield f"{path} loads the modules of a package, and may look up their names"

    @staticmethod
    def _is_of_module(file: PythonFile, offset: int, word: bytes) -> bool:
        """Whether code looks at the namespace of its module, and not at an object or at text."""
        index = file.index
        if word.endswith(b"__dict__"):
            return False
        called = word.partition(b"(")[0].strip()
        if called in (b"vars", b"dir", b"eval", b"exec", b"locals"):
            closing = index.module.source[offset + len(word) : offset + len(word) + 1] == b")"
            scope = index.scope_at(offset)
            if called in (b"eval", b"exec"):
                return index.reading_scope(offset) is not None
            return closing and scope is index.top and index.reading_scope(offset) is not None
        return index.reading_scope(offset) is not None or called not in (b"globals",)

    def _handed_on(self, file: PythonFile, module: str) -> Iterator[str]:
        """Places where a file uses a module as a value, or loads it by its name."""
        for imported in file.index.imports:
            base = file.base(imported)
            if base is None or imported.star:
                continue
            whole = base if imported.name is None else f"{base}.{imported.name}"
            if (
                module != whole
                and not module.startswith(f"{whole}.")
                and (module not in self._references.leads_to(whole))
            ):
                continue
            start = whole if imported.alias is not None or imported.name is not None else imported.bound
            start = module if module in self._references.leads_to(start) else start
            for access in file.index.accesses(imported.bound):
                path = start + file.index.path(access)[len(imported.bound) :]
                if path in (module, f"{module}.__dict__") and any(
                    binding.imported is imported for binding in file.index.referents(access)
                ):
                    if _ONE_ATTRIBUTE.match(file.index.module.source, access.chain_end):
                        continue
                    line, _ = file.index.module.place(access.start)
                    yield f"{file.path}:{line} uses the module {module} as a value"
        if _MODULE_LOADERS.search(file.index.module.source) is None:
            return
        has_table = file.index.has_module_getattr
        for text, offset, is_alone in file.strings():
            relative = text.startswith(".") and module.endswith(text.lstrip("."))
            if not is_alone and not has_table and (text == module or (relative and len(text) > 1)):
                line, _ = file.index.module.place(offset)
                yield f"{file.path}:{line} loads the module {module} by its name"

    # Members.

    def _member(self, module: str, owner: str, member: str) -> Usage:
        """The answer about a member of a class, by its name: what an attribute belongs to is not known."""
        path = f"{module}.{owner}"
        usage = Usage(name=f"{path}.{member}", verdict=Verdict.UNCERTAIN)
        leaf = member.rpartition(".")[2]
        usage.references = list(self._attributes(leaf))
        of_class = self.of(path)
        if of_class.verdict in DEAD:
            usage.verdict, usage.others = Verdict.DEAD_WITH_OTHERS, [path]
            return usage
        reasons = self._member_reasons(path, leaf)
        uses = [found for found in usage.references if not found.is_test]
        if uses:
            place = f"{uses[0].path}:{uses[0].line}"
            reasons.insert(0, f"{place} reads {leaf} of an object whose class is not known")
        if reasons:
            usage.reasons = reasons[:_MOST_REASONS]
        else:
            usage.verdict = Verdict.TESTS_ONLY if usage.references else Verdict.DEAD
        return usage

    def _attributes(self, name: str) -> Iterator[Reference]:
        pattern = re.compile(
            rf"(?:(?<!\.)\.\s*{re.escape(name)}\b)|([\"']){re.escape(name)}\1|\b{re.escape(name)}\s*=(?!=)"
        )
        for path in self._references.holding([name]):
            text = self._references.data[path].decode("utf-8", "replace")
            for number, line in enumerate(text.split("\n"), 1):
                for match in pattern.finditer(line):
                    if match[0].endswith("=") and not line[: match.start()].strip():
                        # `name = value` at the beginning of a line may be the member's own definition.
                        continue
                    is_attribute = match[0].startswith(".")
                    yield Reference(
                        path=path,
                        line=number,
                        column=match.start() + 1,
                        kind=ReferenceKind.ATTRIBUTE if is_attribute else ReferenceKind.NAMED,
                        is_test=is_test(path),
                    )

    def _member_reasons(self, path: str, member: str) -> list[str]:
        found = self._class(path)
        if found is None:
            return ["its class cannot be read"]
        file, node = found
        reasons = list(self._base_reasons(file, node, set()))
        if node.bases and not reasons:
            reasons += self._overrides(file, node)
        if member.startswith("__") and member.endswith("__"):
            reasons.append(f"Python calls {member} by itself")
        for statement in node.body:
            if isinstance(statement, nodes.FunctionDef) and statement.name == member:
                for decorator in statement.decorator_list:
                    text = file.index.module.text(decorator.start, decorator.end)
                    if text not in ("property", "staticmethod", "classmethod", "cached_property"):
                        reasons.append(f"the decorator @{text} may register it")
            elif isinstance(statement, nodes.AnnAssign) and _name_of(statement.target) == member:
                reasons.append("it is a field, which code may read by iterating over fields")
        return reasons

    @staticmethod
    def _overrides(file: PythonFile, node: nodes.ClassDef) -> list[str]:
        names = [file.index.module.text(base.start, base.end) for base in node.bases]
        return [f"a base class may call it: {', '.join(names)}"] if names else []


_UNSURE: Final = frozenset({ReferenceKind.NAMED, ReferenceKind.UNREAD})
_MOST_REASONS: Final = 5


def _living(answer: Usage) -> Verdict:
    """Alive; types only if annotations are all that needs the name."""
    kinds = {found.kind for found in answer.references if not found.is_test}
    is_type = ReferenceKind.TYPE in kinds and kinds <= PASSIVE | {ReferenceKind.TYPE}
    return Verdict.TYPES_ONLY if is_type else Verdict.ALIVE


def _name_of(node: nodes.Expression) -> str:
    return node.id if isinstance(node, nodes.Name) else ""
