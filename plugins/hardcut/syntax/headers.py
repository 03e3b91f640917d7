"""Names whose places the parser does not give: in imports, type parameters and the heads of classes.

They are found by the tokens of the one statement that holds them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    rb"""(?: [ \t\f\r\n] | \\\n | \#[^\n]* )*+
    (?: (?P<word>[\w\x80-\xff]++(?!["']))
      | (?P<string>\w*+ (?: \"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
          | "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' ))
      | (?P<operator>\*\*|.) )""",
    re.VERBOSE | re.DOTALL,
)


def tokens(source: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The tokens between two offsets without space and comments: text, start and end; never raises."""
    position = start
    while position < end:
        found = _TOKEN.match(source, position, end)
        if found is None or found.lastgroup is None:
            return
        position = found.end()
        yield found[found.lastgroup], found.start(found.lastgroup), position


@final
class ImportedName:
    """The ranges of one imported name: of the name (dotted for `import a.b`), its alias and its module.

    Those of the alias are -1 if there is none, those of the module if the statement names none.
    """

    __slots__ = ("alias_end", "alias_start", "end", "module_end", "module_start", "start")

    def __init__(self, start: int, end: int, module_start: int, module_end: int) -> None:
        self.start = start
        self.end = end
        self.alias_start = -1
        self.alias_end = -1
        self.module_start = module_start
        self.module_end = module_end


def import_names(source: bytes, start: int, end: int) -> list[ImportedName]:
    """The names of the import statement between two offsets, in order; a star is a name."""
    rest = tokens(source, start, end)
    module_start = module_end = -1
    for text, first, last in rest:
        if text == b"import":
            break
        if (text not in (b"lazy", b"from") or module_start >= 0) and _is_word(text):
            module_start = first if module_start < 0 else module_start
            module_end = last
    found: list[ImportedName] = []
    fresh = True
    alias = False
    for text, first, last in rest:
        if text == b",":
            fresh = True
        elif text == b"as":
            alias = True
        elif alias:
            # Damaged code may have an `as` without a name before it.
            if found:
                found[-1].alias_start, found[-1].alias_end = first, last
            alias = False
        elif fresh and (_is_word(text) or text == b"*"):
            found.append(ImportedName(first, last, module_start, module_end))
            fresh = False
        elif found and not fresh and _is_word(text):
            found[-1].end = last
    return found


def type_parameter_names(source: bytes, start: int) -> list[tuple[int, int]]:
    """The ranges of the names in the type parameters that begin behind an offset."""
    found: list[tuple[int, int]] = []
    depth = 0
    fresh = False
    for text, first, last in tokens(source, start, len(source)):
        if text in _OPENING:
            depth += 1
            fresh = depth == 1
        elif text in _CLOSING:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 0:
            break
        elif depth == 1 and text == b",":
            fresh = True
        elif fresh and _is_word(text):
            found.append((first, last))
            fresh = False
    return found


def class_arguments(source: bytes, start: int) -> list[tuple[int, int]]:
    """The ranges of the expressions behind `**` in the head of the class whose name ends at an offset."""
    found: list[tuple[int, int]] = []
    depth = 0
    begun = -1
    before = start
    bracket = b""
    for text, _first, last in tokens(source, start, len(source)):
        if depth == 1 and begun >= 0 and text in (b",", b")"):
            found.append((begun, before))
            begun = -1
        if text in _OPENING:
            depth += 1
            bracket = text if depth == 1 else bracket
        elif text in _CLOSING:
            depth -= 1
        elif depth == 0:
            break
        elif depth == 1 and text == b"**" and bracket == b"(":
            begun = last
        before = last
    return [(_skip_space(source, first), last) for first, last in found]


def _skip_space(source: bytes, start: int) -> int:
    for _, first, _ in tokens(source, start, len(source)):
        return first
    return start


def _is_word(text: bytes) -> bool:
    return text[0] in _WORD_BYTES


_OPENING: Final = (b"(", b"[", b"{")
_CLOSING: Final = (b")", b"]", b"}")
_WORD_BYTES: Final = frozenset(range(0x80, 0x100)) | frozenset(
    b"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)
