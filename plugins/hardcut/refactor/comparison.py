"""Whether a split is what its plan says: each definition arrived as it was, once, and every name resolves.

The proof compares two trees, and knows nothing of how the second was made.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, final

import msgspec

from hardcut.fix.files import content_of
from hardcut.plan.gates import Gate
from hardcut.plan.model import Move
from hardcut.refactor.moving_parts import Part, Parts, typed_strings
from hardcut.refactor.moving_plan import copied_imports, is_private
from hardcut.refactor.moving_users import may_import
from hardcut.semantic.index import ModuleIndex, index
from hardcut.semantic.scopes import BindingKind
from hardcut.source.decode import decode
from hardcut.source.definitions import Standing
from hardcut.source.modules import Roots
from hardcut.source.python.imports import absolute
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Tree
from hardcut.syntax.headers import tokens
from hardcut.syntax.tree import read_module


class DifferenceKind(Enum):
    """What is not as the plan implies."""

    PLACE = "place"
    """A definition is in another module than the plan wants."""
    LOST = "lost"
    DUPLICATE = "duplicate"
    CHANGED = "changed"
    NEW = "new"
    SYNTAX = "syntax"
    NAME = "name"
    """A name is read and not bound, imported and not used, or bound again."""
    IMPORT = "import"
    """An import leads to nothing."""


class Difference(msgspec.Struct, frozen=True):
    """Something that the plan does not imply, at a place of the new tree."""

    path: str
    line: int
    subject: str
    text: str
    kind: DifferenceKind


class Comparison(msgspec.Struct):
    """The outcome: `proved` counts the definitions that are the same, `along` are private names that moved
    with the code that uses them."""

    proved: int = 0
    moved: int = 0
    along: list[str] = []
    files: int = 0
    differences: list[Difference] = []


class Side(msgspec.Struct, frozen=True):
    """One of the two trees, with its import roots and the Python files to look at."""

    tree: Tree
    roots: Roots
    paths: Sequence[str]


def compare(
    gates: Iterable[Gate[Move]],
    removed: frozenset[str],
    before: Side,
    after: Side,
    standing: Callable[[str], Standing],
) -> Comparison:
    """Compare two trees; `removed` are dotted names that the plan takes away, `standing` resolves a dotted
    name in the new tree."""
    return _Comparer(list(gates), removed, before, after, standing).run()


@final
class _Comparer:
    def __init__(
        self,
        gates: list[Gate[Move]],
        removed: frozenset[str],
        before: Side,
        after: Side,
        standing: Callable[[str], Standing],
    ) -> None:
        self._gates = [gate for gate in gates if gate.entry.contested is None]
        self._removed = removed
        self._before = before
        self._after = after
        self._standing = standing
        self._result = Comparison()
        self._mapped: dict[str, str] = {}
        """Dotted names of the old tree, with what they are in the new one."""
        self._shared: set[tuple[str, str]] = set()
        """Names that new modules import of old ones, by the path of the old module."""

    def run(self) -> Comparison:
        """Compare module by module, then look at every file that differs."""
        homes: dict[str, dict[str, None]] = {}
        for gate in self._gates:
            homes.setdefault(gate.entry.from_, {}).update(dict.fromkeys(_homes(gate.entry)))
        splits = [self._split(module, list(found)) for module, found in homes.items()]
        for split in splits:
            if split is not None:
                self._mapped.update(split.mapped())
        for split in splits:
            if split is not None:
                self._judge(split)
        self._files(splits)
        self._result.differences = sorted(
            set(self._result.differences), key=lambda found: (found.path, found.line, found.subject)
        )
        return self._result

    def _differ(self, kind: DifferenceKind, path: str, line: int, subject: str, text: str) -> None:
        self._result.differences.append(Difference(path, line, subject, text, kind))

    # One module.

    def _split(self, module: str, homes: list[str]) -> _Split | None:
        old = _module(self._before, module)
        if old is None:
            return None
        split = _Split(module, old, _module(self._after, module))
        for home in homes:
            split.homes[home] = _module(self._after, home)
            split.earlier[home] = _module(self._before, home)
        wanted = [gate for gate in self._gates if gate.entry.from_ == module]
        named = {name for gate in wanted for name in gate.entry.symbols}
        for gate in wanted:
            homes_of = _homes(gate.entry)
            names = gate.entry.symbols or [name for name in _defined(old.parts) if name not in named]
            for name in names:
                split.wanted.setdefault(name, homes_of)
        return split

    def _judge(self, split: _Split) -> None:
        for name in _defined(split.old.parts):
            places = split.places(name)
            if len(places) > 1:
                for place in places:
                    self._differ(
                        DifferenceKind.DUPLICATE,
                        place.path,
                        place.line(name),
                        name,
                        f"is defined in {_named(places)}",
                    )
            elif not places:
                if f"{split.module}.{name}" not in self._removed and split.is_reached:
                    text = f"is gone: neither {split.module} nor {' or '.join(split.homes)} defines it"
                    self._differ(DifferenceKind.LOST, split.old.path, split.old.line(name), name, text)
            else:
                self._arrived(split, name, places[0])
        self._added(split)

    def _arrived(self, split: _Split, name: str, place: _Module) -> None:
        wanted = split.wanted.get(name)
        if wanted is not None and place.name not in wanted:
            text = f"is in {place.name}; the plan moves it to {' or '.join(wanted)}"
            self._differ(DifferenceKind.PLACE, place.path, place.line(name), name, text)
            return
        if wanted is None and place.name != split.module:
            if not is_private(name):
                text = f"has moved to {place.name}, and no entry of the plan moves it"
                self._differ(DifferenceKind.PLACE, place.path, place.line(name), name, text)
            self._result.along.append(name)
        self._result.moved += place.name != split.module
        reason = self._unlike(split, split.old, place, name)
        if reason is None:
            self._result.proved += 1
        else:
            self._differ(DifferenceKind.CHANGED, place.path, place.line(name), name, reason)

    def _unlike(self, split: _Split, old: _Module, new: _Module, name: str) -> str | None:
        """How a definition differs from what it was; None if only by what the plan implies."""
        before, after = old.parts.group(name), new.parts.group(name)
        if len(before) != len(after):
            return f"has {len(after)} statements; it had {len(before)}"
        for first, second in zip(before, after, strict=True):
            if _text(old, first) == _text(new, second) and not _relative(old, first):
                continue
            were, are = _Code(old, first), _Code(new, second)
            extra = are.imported - were.mapped_imports(self._mapped)
            if not all(path in split.paths_after() or path in self._mapped.values() for path, _ in extra):
                return f"imports {', '.join(sorted(path for path, _ in extra))}, which it did not"
            gone = were.mapped_imports(self._mapped) - are.imported
            if gone:
                return f"does not import {', '.join(sorted(path for path, _ in gone))} any more"
            place = were.first_difference(are, self._mapped)
            if place is not None:
                return place
            if were.comments != are.comments:
                return "has other comments than before"
        return None

    def _added(self, split: _Split) -> None:
        """Definitions that no old module had."""
        for home, module in [*split.homes.items(), (split.module, split.new)]:
            if module is None:
                continue
            earlier = split.earlier.get(home) if home != split.module else split.old
            known = set(_defined(split.old.parts)) | (set(_defined(earlier.parts)) if earlier else set())
            for name in _defined(module.parts):
                if name not in known and f"{home}.{name}" not in self._mapped.values():
                    self._differ(
                        DifferenceKind.NEW,
                        module.path,
                        module.line(name),
                        name,
                        "is new: no definition moved here",
                    )

    # Files.

    def _files(self, splits: Sequence[_Split | None]) -> None:
        leaves = {name.rpartition(".")[2].encode() for split in splits if split for name in split.names()}
        modules = {name for split in splits if split for name in split.names()}
        self._shared = {shared for split in splits if split for shared in split.shared()}
        for path in self._after.paths:
            if language_of(path) != "python":
                continue
            data = self._after.tree.read(path)
            earlier = self._before.tree.read(path)
            differs = data != earlier
            if not differs and not any(leaf in data for leaf in leaves):
                continue
            if not differs and not may_import(data, self._after.roots.package_of(path), modules):
                continue
            found = index(decode(data).data)
            past = self._past(path, earlier, splits)
            if differs:
                self._result.files += 1
                self._changed(path, found, past)
            self._imports(path, found, past, modules, differs)

    def _past(self, path: str, earlier: bytes, splits: Sequence[_Split | None]) -> list[ModuleIndex]:
        """What a file was before: its old content, and the old module of what has moved there."""
        found = [index(decode(earlier).data)] if earlier else []
        for split in splits:
            if split is not None and any(
                home is not None and home.path == path for home in split.homes.values()
            ):
                found.append(split.old.parts.index)
        return found

    def _changed(self, path: str, found: ModuleIndex, past: Sequence[ModuleIndex]) -> None:
        place = found.module.place
        if found.module.problems:
            problem = found.module.problems[0]
            text = f"does not parse: {problem.message}"
            self._differ(DifferenceKind.SYNTAX, path, place(problem.start)[0], "", text)
            return
        for names_of, text in _CHECKS:
            known = {name for earlier in past for name in names_of(earlier)}
            for name, offset in names_of(found).items():
                if name not in known and (names_of is not _unused or (path, name) not in self._shared):
                    self._differ(DifferenceKind.NAME, path, place(offset)[0], name, text)

    def _imports(
        self, path: str, found: ModuleIndex, past: Sequence[ModuleIndex], modules: set[str], differs: bool
    ) -> None:
        """Imports of modules of the plan, or in files that differ, have to lead to a definition."""
        package = self._after.roots.package_of(path)
        for imported in found.imports:
            base = absolute(imported.module, imported.level, package)
            if base is None or imported.star:
                continue
            whole = base if imported.name is None else f"{base}.{imported.name}"
            if not (differs or base in modules or whole in modules):
                continue
            if self._standing(whole) is Standing.MISSING and not self._was_missing(whole, past, package):
                line = found.module.place(imported.start)[0]
                self._differ(DifferenceKind.IMPORT, path, line, whole, "is imported, and nothing defines it")

    def _was_missing(self, whole: str, past: Sequence[ModuleIndex], package: str | None) -> bool:
        """Whether a file had the same import before, of something that the plan neither moves nor deletes."""
        if whole in self._mapped or any(whole == gate.entry.from_ for gate in self._gates):
            return False
        if any(whole.startswith(f"{gate.entry.from_}.") for gate in self._gates):
            return False
        return any(
            whole == _path(imported.module, imported.level, imported.name, package)
            for earlier in past
            for imported in earlier.imports
        )


@final
class _Module:
    """A module of one tree."""

    def __init__(self, name: str, path: str, package: str | None, parts: Parts) -> None:
        self.name = name
        self.path = path
        self.package = package
        self.parts = parts

    def line(self, name: str) -> int:
        """The line of a name's first definition."""
        found = self.parts.defining(name)
        return self.parts.line(found[0]) if found else 1


@final
class _Split:
    """An old module in both trees, and its new homes."""

    def __init__(self, module: str, old: _Module, new: _Module | None) -> None:
        self.module = module
        self.old = old
        self.new = new
        self.homes: dict[str, _Module | None] = {}
        self.earlier: dict[str, _Module | None] = {}
        self.wanted: dict[str, list[str]] = {}

    @property
    def is_reached(self) -> bool:
        """Whether the homes' sources can be read: names that go elsewhere are not lost."""
        return any(home is not None for home in self.homes.values())

    def names(self) -> list[str]:
        """The modules of the split."""
        return [self.module, *self.homes]

    def places(self, name: str) -> list[_Module]:
        """The modules that define a name of the old module now, and did not before."""
        found = [self.new] if self.new is not None and _is_defined(self.new.parts, name) else []
        for home, module in self.homes.items():
            earlier = self.earlier[home]
            if module is None or (earlier is not None and _is_defined(earlier.parts, name)):
                continue
            if _is_defined(module.parts, name):
                found.append(module)
        return found

    def mapped(self) -> dict[str, str]:
        """Dotted names before and after, for what has moved."""
        found: dict[str, str] = {}
        for name in _defined(self.old.parts):
            places = self.places(name)
            if len(places) == 1 and places[0].name != self.module:
                found[f"{self.module}.{name}"] = f"{places[0].name}.{name}"
        if self.new is None and len(self.homes) == 1:
            found[self.module] = next(iter(self.homes))
        return found

    def shared(self) -> set[tuple[str, str]]:
        """The names that the homes import from the old module, with its path."""
        found: set[tuple[str, str]] = set()
        for home in [module for module in self.homes.values() if module is not None]:
            for imported in home.parts.index.imports:
                if imported.name and absolute(imported.module, imported.level, home.package) == self.module:
                    found.add((self.old.path, imported.name))
        return found

    def paths_after(self) -> set[str]:
        """The dotted names that code of the split may import of its other modules."""
        return {f"{module}.{name}" for module in self.names() for name in _defined(self.old.parts)}


@final
class _Code:
    """The tokens of a part without the imports in it, which are compared by what they import."""

    def __init__(self, module: _Module, part: Part) -> None:
        source = module.parts.source
        self.imported: set[tuple[str, str]] = set()
        left_out: list[tuple[int, int]] = []
        for imported in module.parts.index.imports:
            if part.head <= imported.start < part.end:
                if imported.scope.is_function:
                    path = _path(imported.module, imported.level, imported.name, module.package)
                    self.imported.add((path, imported.bound))
                left_out.append((imported.start, imported.end))
        self.words: list[str] = []
        self.lines: list[int] = []
        for text, start, _ in tokens(source, part.head, part.end):
            if not any(first <= start < last for first, last in left_out):
                self.words.append(text.decode("utf-8", "replace"))
                self.lines.append(start)
        self.module = module
        self.comments = sorted(_comments(source, part))

    def mapped_imports(self, mapped: Mapping[str, str]) -> set[tuple[str, str]]:
        """The imports, as they are after the moves."""
        return {(mapped.get(path, path), bound) for path, bound in self.imported}

    def first_difference(self, other: _Code, mapped: Mapping[str, str]) -> str | None:
        """Where the tokens of another text differ; None if only by dotted names that moved."""
        left, right = _renamed(self.words, mapped), _renamed(other.words, mapped)
        for number, (first, second) in enumerate(zip(left, right, strict=False)):
            if first != second:
                line = other.module.parts.index.module.place(other.lines[min(number, len(other.lines) - 1)])[
                    0
                ]
                return f"differs: `{_short(first)}` is `{_short(second)}` now (about line {line})"
        if len(left) != len(right):
            return f"has {len(right)} tokens; it had {len(left)}"
        return None


def _renamed(words: Sequence[str], mapped: Mapping[str, str]) -> list[str]:
    """Tokens in which chains of names are one word, with moved names by their new paths."""
    found: list[str] = []
    for word in words:
        if found and (word == "." or (found[-1].endswith(".") and _IDENTIFIER.fullmatch(word))):
            found[-1] += word
        else:
            found.append(word)
    return [_new_name(word, mapped) for word in found]


def _new_name(word: str, mapped: Mapping[str, str]) -> str:
    if "." not in word:
        return word
    return _DOTTED.sub(lambda match: _mapped_name(match[0], mapped), word)


def _mapped_name(path: str, mapped: Mapping[str, str]) -> str:
    parts = path.split(".")
    for size in range(len(parts), 0, -1):
        new = mapped.get(".".join(parts[:size]))
        if new is not None:
            return ".".join([new, *parts[size:]])
    return path


_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_COMMENT: Final = re.compile(rb"#[^\n]*")


def _comments(source: bytes, part: Part) -> list[bytes]:
    """The comments of a part, those above it included."""
    found = [line.strip() for line in source[part.start : part.head].splitlines() if line.strip()]
    end = part.head
    for _, start, stop in tokens(source, part.head, part.end):
        found += _COMMENT.findall(source, end, start)
        end = stop
    return found + _COMMENT.findall(source, end, part.end)


def _module(side: Side, name: str) -> _Module | None:
    path = side.roots.find(name)
    if path is None or not path.endswith(".py") or side.tree.kind(path) != "file":
        return None
    content = content_of(side.tree.read(path))
    if content is None:
        return None
    parts = Parts(index("\n".join(content.lines).encode()))
    return _Module(name, path, side.roots.package_of(path), parts)


def _homes(entry: Move) -> list[str]:
    return [entry.to] if isinstance(entry.to, str) else list(entry.to)


def _is_defined(parts: Parts, name: str) -> bool:
    return bool(parts.defining(name)) and copied_imports(parts, name) is None


def _defined(parts: Parts) -> list[str]:
    """The names that a module defines, without those that belong to every module."""
    return [
        name
        for name in parts.by_name
        if _is_defined(parts, name) and not (name.startswith("__") and name.endswith("__"))
    ]


def _text(module: _Module, part: Part) -> bytes:
    return module.parts.source[part.start : part.end].rstrip(b"\n")


def _relative(module: _Module, part: Part) -> bool:
    return any(found.level and part.head <= found.start < part.end for found in module.parts.index.imports)


def _path(module: str, level: int, name: str | None, package: str | None) -> str:
    base = absolute(module, level, package) or "." * level + module
    return base if name is None else f"{base}.{name}"


def _named(places: Sequence[_Module]) -> str:
    return " and ".join(place.name for place in places)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _unknown(found: ModuleIndex) -> dict[str, int]:
    """The names that are read and that nothing binds, with the first place; none if a star import may."""
    if found.star_imports or found.exports.writes_unknown_names:
        return {}
    result: dict[str, int] = {}
    for name in found.accessed_names:
        if name in _KNOWN:
            continue
        for access in found.accesses(name):
            if found.lookup(name, access.scope) is None:
                result.setdefault(name, access.start)
    for name, offset in typed_strings([read_module(found.module)]):
        if name not in found.top and name not in _KNOWN and not _is_local(found, name, offset):
            result.setdefault(name, offset)
    return result


def _is_local(found: ModuleIndex, name: str, offset: int) -> bool:
    return found.lookup(name, found.scope_at(offset)) is not None


def _unused(found: ModuleIndex) -> dict[str, int]:
    """The names that the module imports and nothing reads, with their places."""
    listed = {entry.name for entry in found.exports.listed}
    typed = {name for name, _ in typed_strings([read_module(found.module)])}
    result: dict[str, int] = {}
    if found.module.source.strip() == b"" or found.exports.writes_unknown_names:
        return result
    for name, bindings in found.names.items():
        imports = [binding.imported for binding in bindings if binding.imported is not None]
        if not imports or len(imports) < len(bindings) or name in listed or name in typed:
            continue
        if all(imported.alias == imported.name and imported.alias for imported in imports):
            continue
        if any(imported.module == "__future__" for imported in imports):
            continue
        if not any(found.lookup(name, access.scope) is found.top for access in found.accesses(name)):
            result[name] = bindings[0].start
    return result


def _repeated(found: ModuleIndex) -> dict[str, int]:
    """The names that are imported at the top and defined or imported again, with the second place."""
    result: dict[str, int] = {}
    for name, bindings in found.names.items():
        certain = [
            binding
            for binding in bindings
            if binding.within is found.top and not any(True for _ in binding.conditions())
        ]
        kinds = (BindingKind.IMPORT, BindingKind.FUNCTION, BindingKind.CLASS)
        again = [binding for binding in certain if binding.kind in kinds]
        modules = {b.imported.path for b in again if b.imported is not None and b.imported.name is None}
        if len(again) > 1 and len(modules) < len(again) and again[0].kind is BindingKind.IMPORT:
            result[name] = again[1].start
    return result


_KNOWN: Final = frozenset(dir(builtins)) | {
    *("__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__path__", "__builtins__"),
    *("__annotations__", "__class__", "__module__", "__qualname__", "WindowsError", "reveal_type"),
}
_CHECKS: Final = (
    (_unknown, "is read, and nothing binds it"),
    (_unused, "is imported, and nothing uses it"),
    (_repeated, "is bound again before it is used"),
)
