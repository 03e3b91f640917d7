"""The new texts of the modules of a split: the old one without what moved, the new ones with it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, final

from hardcut.refactor.moving_imports import (
    WIDTH,
    Edit,
    NewImport,
    edited,
    rebased,
    rendered,
    repeated,
    without_elements,
    without_imports,
)
from hardcut.refactor.moving_parts import Moment, Part, PartKind, Parts, has_annotations, head_of
from hardcut.refactor.moving_plan import Assignment, Link, Need, NoteKind, copied_imports
from hardcut.source.python.imports import absolute
from hardcut.syntax import nodes
from hardcut.syntax.tree import walk

if TYPE_CHECKING:
    from hardcut.semantic.scopes import Import


@final
class ModuleText:
    """A module of a split: its name, the package its relative imports start from, and its source if it is
    there already."""

    def __init__(self, name: str, package: str | None, parts: Parts | None) -> None:
        self.name = name
        self.package = package
        self.parts = parts


@final
class SplitTexts:
    """Builds the texts of one split.

    `reasons` are the docstrings of new modules. `used_elsewhere` are the names of the old module that other
    modules use, `re_exported` those that it only imports and that other modules are to import
    from where they are defined; `is_own` says whether a top-level package is the project's.
    """

    def __init__(
        self,
        found: Assignment,
        needs: Mapping[tuple[str, str], Need],
        modules: Mapping[str, ModuleText],
        reasons: Mapping[str, str],
        used_elsewhere: frozenset[str],
        re_exported: set[str],
        is_own: Callable[[str], bool],
    ) -> None:
        self._found = found
        self._parts = found.parts
        self._needs = needs
        self._modules = modules
        self._reasons = reasons
        self._used_elsewhere = used_elsewhere
        self._re_exported = re_exported
        self._is_own = is_own
        self._old = modules[found.module]
        self._local: list[Edit] = []
        """Edits of the old source: imports in functions, and relative imports of moved functions."""
        self._checked: dict[str, list[NewImport]] = {}
        self._linked: dict[str, list[NewImport]] = {}

    def build(self) -> dict[str, bytes]:
        """The new texts by module."""
        for need in self._needs.values():
            self._link(need)
        self._rebase()
        homes = dict.fromkeys(self._found.homes.values())
        texts = {home: self._home(self._modules[home]) for home in homes}
        texts[self._found.module] = self._remaining()
        return texts

    def _link(self, need: Need) -> None:
        """Note the imports by which one module of the split gets names of another."""
        linked = self._linked.setdefault(need.user, [])
        shared = [name for name in need.uses if self._is_conditional_import(name)]
        if shared and need.owner == self._found.module:
            text = f"imported in an `if` or `try` of {need.owner}, from where {need.user} imports it:"
            self._note(", ".join(shared), f"{text} nothing else may use it there")
        if need.link is Link.MODULE:
            linked += [NewImport(need.owner, name) for name in need.uses]
            return
        functions: dict[int, tuple[nodes.FunctionDef, dict[str, None]]] = {}
        for name, uses in need.uses.items():
            for use in uses:
                if use.moment is Moment.CALL and use.function is not None:
                    _, names = functions.setdefault(use.function.start, (use.function, {}))
                    names[name] = None
            if any(use.moment <= Moment.FIELD for use in uses):
                linked.append(NewImport(need.owner, name, None, True))
        for function, names in functions.values():
            self._local.append(self._in_function(need.owner, function, list(names)))
        self._warn(need)

    def _is_conditional_import(self, name: str) -> bool:
        bindings = self._parts.index.top[name]
        return bool(bindings) and all(binding.imported is not None for binding in bindings)

    def _warn(self, need: Need) -> None:
        called, fields = need.names_at(Moment.CALL), need.names_at(Moment.FIELD)
        if called:
            text = (
                f"imported from {need.owner} in the functions of {need.user} that use it: at the top of the"
            )
            text += " module the import would close a circle"
            self._note(", ".join(called), text)
        if fields:
            text = (
                f"imported from {need.owner} for type checkers only in {need.user}, because the import would"
            )
            text += " close a circle; code that evaluates annotations of classes does not find it"
            self._note(", ".join(fields), text)

    def _note(self, subject: str, text: str) -> None:
        self._found.note(NoteKind.WARNING, None, subject, text)

    def _in_function(self, owner: str, function: nodes.FunctionDef, names: list[str]) -> Edit:
        """An import at the beginning of a function's body, behind its docstring."""
        source = self._parts.source
        first = function.body[0]
        place = _line_start(source, head_of(first, source))
        indent = source[place : head_of(first, source)].decode()
        lines = rendered([NewImport(owner, name) for name in names], self._is_own, indent)
        text = "".join(f"{line}\n" for line in lines)
        if isinstance(first, nodes.Expr) and isinstance(first.value, nodes.Constant):
            end = source.find(b"\n", first.end)
            place = len(source) if end < 0 else end + 1
            text = text if end >= 0 else f"\n{text}"
            text = f"{text}\n" if len(function.body) > 1 and source[place : place + 1] != b"\n" else text
        return place, place, text.encode()

    def _rebase(self) -> None:
        """Make relative imports in moved code absolute if the new module is in another package."""
        for found in self._parts.index.imports:
            part = self._parts.at(found.start)
            if part is None or not found.level or part.number not in self._found.owners:
                continue
            home = self._modules[self._found.owner(part)]
            module = absolute(found.module, found.level, self._old.package)
            if home.package == self._old.package or found.number or module is None:
                continue
            self._local += rebased(self._parts.source, found, module)

    # The new modules.

    def _moved(self, home: str) -> list[Part]:
        return [part for part in self._parts.all if self._found.owners.get(part.number) == home]

    def _imports(self, home: ModuleText) -> list[NewImport]:
        """The imports that a home needs for what moves there."""
        found: dict[NewImport, None] = dict.fromkeys(self._linked.get(home.name, ()))
        for part in self._moved(home.name):
            for use in part.uses:
                if self._found.homes.get(use.name) == home.name:
                    continue
                for imported in copied_imports(self._parts, use.name) or ():
                    new = self._repeated(imported, home)
                    if new is not None:
                        found[new] = None
        return list(found)

    def _repeated(self, imported: Import, home: ModuleText) -> NewImport | None:
        checking = self._parts.index.are_type_checking(imported.condition)
        new = repeated(imported, self._old.package, home.package, checking)
        module = absolute(imported.module, imported.level, self._old.package)
        if module == home.name and imported.name is not None:
            # The home already has the name itself.
            return None
        if new is None:
            self._note(imported.bound, f"the relative import of it has no meaning in {home.name}")
        return new

    def _home(self, home: ModuleText) -> bytes:
        if home.parts is None:
            return self._new_module(home)
        return self._extended(home, home.parts)

    def _new_module(self, home: ModuleText) -> bytes:
        lines = _docstring(self._reasons.get(home.name, ""))
        imports = self._imports(home)
        if self._parts.future:
            imports.append(NewImport("__future__", "annotations"))
        checked = [found for found in imports if found.checking]
        plain = [found for found in imports if not found.checking]
        if checked:
            plain.append(NewImport("typing", "TYPE_CHECKING"))
        if plain:
            lines += ["", *rendered(plain, self._is_own)]
        if checked:
            lines += ["", "if TYPE_CHECKING:", *rendered(checked, self._is_own, "    ")]
        listed = self._listed(home.name)
        if listed is not None:
            lines += ["", "__all__ = [", *(f'    "{name}",' for name in listed), "]"]
        head = "".join(f"{line}\n" for line in lines).encode().lstrip(b"\n")
        body = self._body(self._moved(home.name))
        blank = b"\n\n" if _is_definition(self._moved(home.name)[0]) else b"\n"
        return head + (blank if head else b"") + body

    def _body(self, parts: Sequence[Part]) -> bytes:
        """The texts of parts in the order of the old module, with the blank lines between them."""
        source = self._parts.source
        pieces: list[bytes] = []
        before: Part | None = None
        for part in parts:
            if before is not None:
                gap = source[before.end : part.start]
                if before.number + 1 == part.number:
                    pieces.append(_blank_lines(gap))
                else:
                    pieces.append(b"\n\n" if _is_definition(before) or _is_definition(part) else b"\n")
            text = edited(source, self._local, part.start, part.end)
            pieces.append(text if text.endswith(b"\n") else text + b"\n")
            before = part
        return b"".join(pieces)

    def _listed(self, home: str) -> list[str] | None:
        """What the old `__all__` lists of a home's names; None if the old module has none."""
        exports = self._parts.index.exports
        if not exports.has_all:
            return None
        return [found.name for found in exports.listed if self._found.homes.get(found.name) == home]

    def _extended(self, home: ModuleText, parts: Parts) -> bytes:
        """An existing module with what moves there at its end."""
        moved = self._moved(home.name)
        editor = _Editor(parts, self._is_own)
        bound = parts.index.top
        missing: list[NewImport] = []
        for found in self._imports(home):
            have = [other.imported for other in bound[found.bound] if other.imported is not None]
            if not any(_is_same(found, other, parts, home.package) for other in have):
                missing.append(found)
        editor.drop_imports(
            {
                (found.start, found.number)
                for found in parts.index.imports
                if absolute(found.module, found.level, home.package) == self._found.module
                and found.name is not None
                and self._found.homes.get(found.name) == home.name
                and found.alias in (None, found.name)
            }
        )
        editor.add_imports(missing)
        if self._parts.future and not parts.future:
            editor.add_future()
        if self._parts.future != parts.future:
            self._warn_of_annotations(home, parts, moved)
        listed = self._listed(home.name)
        if parts.index.exports.has_all and listed:
            known = {found.name for found in parts.index.exports.listed}
            if not editor.add_exports([name for name in listed if name not in known]):
                self._note("__all__", f"of {home.name} is composed: add the moved names by hand")
        editor.append(self._body(moved), _is_definition(moved[0]))
        return editor.text()

    def _warn_of_annotations(self, home: ModuleText, parts: Parts, moved: Sequence[Part]) -> None:
        """Annotations are text in one of the modules, and values in the other."""
        if self._parts.future and any(map(has_annotations, parts.all)):
            text = "its annotations are text now: `from __future__ import annotations` comes from "
            self._note(home.name, text + self._old.name)
        elif parts.future and any(map(has_annotations, moved)):
            text = f"annotations that come from {self._old.name} are text here: it imports `annotations`"
            self._note(home.name, text)

    # The old module.

    def _remaining(self) -> bytes:
        editor = _Editor(self._parts, self._is_own, self._local)
        gone = {part.number for part in self._parts.all if part.number in self._found.owners}
        editor.drop_parts(gone)
        linked = self._linked.get(self._found.module, [])
        editor.drop_imports(self._unused(gone, any(found.checking for found in linked)))
        editor.add_imports(linked)
        exports = self._parts.index.exports
        gone_names = self._found.homes.keys() | self._re_exported
        names = {found.name for found in exports.listed if found.name in gone_names}
        if names and not editor.drop_exports(names):
            self._note("__all__", f"of {self._found.module} is composed: take the moved names out by hand")
        return editor.text()

    def _unused(self, gone: set[int], checks: bool) -> set[tuple[int, int]]:
        """The imports of the old module that only moved code used."""
        index = self._parts.index
        listed = {found.name for found in index.exports.listed}
        kept = {use.name for part in self._parts.all if part.number not in gone for use in part.uses}
        used = {use.name for part in self._parts.all if part.number in gone for use in part.uses}
        names = (used - listed | self._re_exported) - kept - self._used_elsewhere
        names = {name for name in names if copied_imports(self._parts, name) is not None}
        dropped = self._imports_of(names)
        if not checks and "TYPE_CHECKING" in kept and self._empties_checks(dropped):
            dropped |= self._imports_of({"TYPE_CHECKING"})
        return dropped

    def _imports_of(self, names: Iterable[str]) -> set[tuple[int, int]]:
        return {
            (found.start, found.number)
            for name in names
            for found in copied_imports(self._parts, name) or ()
            if found.alias is None or found.alias != found.name
        }

    def _empties_checks(self, dropped: set[tuple[int, int]]) -> bool:
        """Whether no use of TYPE_CHECKING is left: its blocks hold dropped imports only."""
        imports = self._parts.index.imports
        for part in self._parts.all:
            if all(use.name != "TYPE_CHECKING" for use in part.uses):
                continue
            if part.number in self._found.owners:
                continue
            inside = [found for found in imports if part.head <= found.start < part.end]
            if not is_import_block(part) or any((f.start, f.number) not in dropped for f in inside):
                return False
        return "TYPE_CHECKING" not in self._used_elsewhere


@final
class _Editor:
    """Edits of one module's source, by part."""

    def __init__(self, parts: Parts, is_own: Callable[[str], bool], edits: Iterable[Edit] = ()) -> None:
        self._parts = parts
        self._source = parts.source
        self._is_own = is_own
        self._edits: list[Edit] = list(edits)
        self._gone: set[int] = set()
        self._added: list[tuple[int, bytes]] = []
        """What is inserted between parts: it stays if the part before goes."""
        self._tail = b""
        self._tail_is_definition = False

    def drop_parts(self, numbers: set[int]) -> None:
        """Take whole parts out."""
        self._gone |= numbers

    def drop_imports(self, dropped: set[tuple[int, int]]) -> None:
        """Take imports out, with the blocks that are empty then."""
        edits, whole = without_imports(self._parts.index, dropped)
        self._edits += edits
        for part in self._parts.all:
            inside = [node for node in walk(part.node) if isinstance(node, nodes.Import | nodes.ImportFrom)]
            gone = [node for node in inside if node.start in whole]
            if not gone:
                continue
            if part.kind is PartKind.IMPORT or (len(gone) == len(inside) and is_import_block(part)):
                self._gone.add(part.number)
                continue
            for node in gone:
                first = _line_start(self._source, node.start)
                last = self._source.find(b"\n", node.end) + 1
                self._edits.append((first, last or len(self._source), b""))

    def add_imports(self, imports: Sequence[NewImport]) -> None:
        """Add imports behind those that the module has."""
        plain = [found for found in imports if not found.checking]
        checked = [found for found in imports if found.checking]
        blocks = [part for part in self._parts.all if is_import_block(part) and _checks(part)]
        block = next((part for part in blocks if part.number not in self._gone), None)
        if checked and block is not None and isinstance(block.node, nodes.If):
            last = block.node.body[-1]
            indent = self._source[_line_start(self._source, last.start) : last.start].decode()
            self._insert(block.end, rendered(checked, self._is_own, indent))
            checked = []
        if checked and "TYPE_CHECKING" not in self._parts.index.top:
            plain.append(NewImport("typing", "TYPE_CHECKING"))
        lines = rendered(plain, self._is_own)
        if checked:
            lines += ["", "if TYPE_CHECKING:", *rendered(checked, self._is_own, "    ")]
        if not lines:
            return
        anchor = self._anchor()
        if anchor is None:
            place = self._parts.all[0].start if self._parts.all else len(self._source)
            self._insert(place, [*lines, ""])
            return
        lines = ["", *lines] if anchor.kind is PartKind.DOCSTRING or _is_future(anchor) else lines
        self._insert(anchor.end, lines)

    def add_future(self) -> None:
        """Make annotations text, by the first import of the module."""
        first = next((part for part in self._parts.all if part.kind is not PartKind.DOCSTRING), None)
        place = len(self._source) if first is None else first.start
        self._insert(place, ["from __future__ import annotations", ""])

    def _anchor(self) -> Part | None:
        """The last import of the module's head, or its docstring."""
        found: Part | None = None
        for part in self._parts.all:
            if part.kind in (PartKind.IMPORT, PartKind.DOCSTRING):
                found = found if part.number in self._gone else part
            elif not is_import_block(part):
                break
        return found

    def _insert(self, place: int, lines: Sequence[str]) -> None:
        text = "".join(f"{line}\n" for line in lines).encode()
        if place and not self._source[:place].endswith(b"\n"):
            text = b"\n" + text
        self._edits.append((place, place, text))
        self._added.append((place, text))

    def drop_exports(self, names: set[str]) -> bool:
        """Take names out of `__all__`; False if it does not list them in one place each."""
        left = set(names)
        for operation in self._parts.index.exports.operations:
            elements = operation.names
            gone = {number for number, found in enumerate(elements) if found.name in names}
            if not gone:
                continue
            places = [(found.start, found.end) for found in elements]
            if not _is_literal(self._source, places):
                return False
            if len(gone) == len(elements):
                self._edits.append(_whole_list(self._source, places))
            else:
                self._edits += without_elements(places, gone)
            left -= {elements[number].name for number in gone}
        return not left

    def add_exports(self, names: Sequence[str]) -> bool:
        """Add names to `__all__`; False if it is no list of strings."""
        if not names:
            return True
        for operation in self._parts.index.exports.operations:
            places = [(found.start, found.end) for found in operation.names]
            if not places or not _is_literal(self._source, places):
                continue
            start, end = places[-1]
            line = _line_start(self._source, start)
            before = self._source[line:start]
            separator = b",\n" + before if len(places) > 1 and not before.strip() else b", "
            text = b"".join(separator + f'"{name}"'.encode() for name in names)
            self._edits.append((end, end, text))
            return True
        return False

    def append(self, text: bytes, is_definition: bool) -> None:
        """Add definitions at the end, before a block that runs the module as a script."""
        self._tail = text
        self._tail_is_definition = is_definition

    def text(self) -> bytes:
        """The new source."""
        parts = self._parts.all
        script = next((part for part in parts if _runs_script(part)), None)
        pieces: list[bytes] = []
        position = 0
        for run_start, run_end in self._runs():
            first, last = parts[run_start], parts[run_end]
            stop = parts[run_start - 1].end if run_start else _header_end(self._source, first.start)
            pieces.append(edited(self._source, self._edits, position, stop))
            following = parts[run_end + 1].start if run_end + 1 < len(parts) else len(self._source)
            gaps = [self._source[stop : first.start]]
            gaps += [
                self._source[parts[number].end : parts[number + 1].start]
                for number in range(run_start, run_end)
            ]
            gaps.append(self._source[last.end : following])
            pieces += [text for place, text in self._added if stop < place <= last.end]
            pieces.append(_joined(gaps, run_end + 1 == len(parts)))
            position = following
        rest = edited(self._source, self._edits, position)
        if not self._tail:
            return b"".join([*pieces, rest])
        if script is not None and script.number not in self._gone and script.start >= position:
            cut = edited(self._source, self._edits, position, script.start)
            tail = edited(self._source, self._edits, script.start)
            whole = b"".join([*pieces, cut])
            return self._with_tail(whole) + b"\n\n" + tail
        return self._with_tail(b"".join([*pieces, rest]))

    def _with_tail(self, whole: bytes) -> bytes:
        bare = whole.rstrip(b"\n")
        ends_in_definition = bool(self._parts.all) and _is_definition(self._parts.all[-1])
        blank = b"\n\n\n" if self._tail_is_definition or ends_in_definition else b"\n\n"
        return (bare + blank if bare else b"") + self._tail

    def _runs(self) -> list[tuple[int, int]]:
        """The runs of parts that go, by their first and last numbers."""
        runs: list[tuple[int, int]] = []
        for number in sorted(self._gone):
            if runs and runs[-1][1] == number - 1:
                runs[-1] = runs[-1][0], number
            else:
                runs.append((number, number))
        return runs


def _joined(gaps: Sequence[bytes], ends: bool) -> bytes:
    """What stays between two parts when those between them go: the blank lines, and comments that belong
    to none of them."""
    comments = [gap for gap in gaps[1:] if gap.strip()]
    if not comments:
        if ends:
            return gaps[0] if gaps[0].strip() else b""
        return max(gaps[0], gaps[-1], key=lambda gap: gap.count(b"\n")) if not gaps[0].strip() else gaps[0]
    head = gaps[0]
    if not head.strip():
        head = max(head, comments[0][: len(comments[0]) - len(comments[0].lstrip(b"\n"))], key=len)
    text = head + b"".join(gap.lstrip(b"\n") for gap in comments)
    if not gaps[-1].strip():
        bare = text.rstrip(b"\n")
        text = bare + (b"\n" if ends else max(text[len(bare) :], b"\n" + gaps[-1], key=len))
    return text


def _header_end(source: bytes, start: int) -> int:
    """The end of the comments in front of the first statement."""
    bare = source[:start].rstrip(b"\n")
    return min(len(bare) + 1, start) if bare else 0


def _blank_lines(gap: bytes) -> bytes:
    """The blank lines between two statements, without comments that are apart."""
    if not gap.strip():
        return gap
    head = len(gap) - len(gap.lstrip(b"\n"))
    tail = len(gap) - len(gap.rstrip(b"\n")) - 1
    return b"\n" * max(head, tail)


def _is_definition(part: Part) -> bool:
    return isinstance(part.node, nodes.FunctionDef | nodes.ClassDef)


def is_import_block(part: Part) -> bool:
    """Whether a part is an `if` without `else` that holds imports only."""
    node = part.node
    return (
        isinstance(node, nodes.If)
        and not node.orelse
        and all(isinstance(statement, nodes.Import | nodes.ImportFrom) for statement in node.body)
    )


def _checks(part: Part) -> bool:
    return any(use.name == "TYPE_CHECKING" for use in part.uses)


def _is_future(part: Part) -> bool:
    return isinstance(part.node, nodes.ImportFrom) and part.node.module == "__future__"


def _runs_script(part: Part) -> bool:
    node = part.node
    return isinstance(node, nodes.If) and any(
        isinstance(found, nodes.Name) and found.id == "__name__" for found in walk(node.test)
    )


def _is_same(new: NewImport, other: Import, parts: Parts, package: str | None) -> bool:
    """Whether a module has an import already, or at run time what would be for type checkers only."""
    if parts.index.are_type_checking(other.condition) and not new.checking:
        return False
    written = new.module.lstrip(".")
    module = absolute(written, len(new.module) - len(written), package)
    return (module, new.name) == (absolute(other.module, other.level, package), other.name)


def _is_literal(source: bytes, places: Sequence[tuple[int, int]]) -> bool:
    """Whether strings stand side by side in one list."""
    between = [source[end:start] for (_, end), (start, _) in pairwise(places)]
    return all(_COMMA.fullmatch(text) is not None for text in between)


_COMMA: Final = re.compile(rb"\s*,(?:\s|#[^\n]*)*")


def _whole_list(source: bytes, places: Sequence[tuple[int, int]]) -> Edit:
    """All elements, with a comma behind the last."""
    start, end = places[0][0], places[-1][1]
    comma = re.compile(rb"\s*,").match(source, end)
    return start, comma.end() if comma is not None else end, b""


def _docstring(reason: str) -> list[str]:
    """A module docstring of an entry's reason."""
    text = " ".join(reason.replace("\\", "/").replace('"""', "'''").split())
    if not text:
        return []
    text = text[0].upper() + text[1:]
    text = text if text.endswith((".", "!", "?")) else f"{text}."
    if len(text) + 6 <= WIDTH:
        return [f'"""{text}"""']
    return [
        '"""' + line if not number else line for number, line in enumerate(textwrap.wrap(text, WIDTH - 4))
    ] + ['"""']


def _line_start(source: bytes, offset: int) -> int:
    return source.rfind(b"\n", 0, offset) + 1
