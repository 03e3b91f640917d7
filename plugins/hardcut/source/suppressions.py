"""Comments that ask a linter to be silent: `# noqa`, with codes or blanket, for a line or a whole file."""

from __future__ import annotations

import re

import msgspec

WORDS = frozenset({"noqa", "NOQA", "NoQA", "noQA", "Noqa"})
"""A file with none of these words has no such comment, as far as people write it."""
# As flake8 7 and ruff read them: codes are letters and digits; anything else after `noqa` is blanket.
_COMMENT = re.compile(
    r"#\s*(?P<whole>(?:flake8|ruff)\s*[:=]\s*)?noqa\b"
    r"(?:\s*:\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)


class Suppression(msgspec.Struct, frozen=True, array_like=True):
    """One such comment: its line and columns from 1 (the end exclusive), and the codes that it names.

    `whole` speaks of the whole file; `comment` tells that it stands in a comment, not in a string.
    `blanket` ones silence every code. What is about lines is about those from `first` to `last`.
    """

    line: int
    column: int
    end_column: int
    codes: list[str]
    whole: bool
    comment: bool
    blanket: bool
    first: int
    last: int


def suppressions(data: bytes) -> list[Suppression]:
    """The comments in a Python file's bytes, in order."""
    if not any(word.encode() in data for word in WORDS):
        return []
    from hardcut.source.decode import decode

    source = decode(data).data
    found: list[Suppression] = []
    for number, line in enumerate(source.decode("utf-8", "replace").split("\n"), 1):
        if "#" not in line or "noqa" not in line.lower():
            continue
        for match in _COMMENT.finditer(line):
            codes = [code.upper() for code in _CODE.findall(match["codes"] or "")]
            where = (number, match.start() + 1, match.end() + 1)
            # flake8 skips a file for a line that begins so, whatever codes it goes on to name.
            skips = (match["whole"] or "").startswith("flake8") and not line[: match.start()].strip()
            whole = match["whole"] is not None
            found.append(Suppression(*where, codes, whole, True, skips or not codes, number, number))
    return _placed(source, found) if found else []


def _placed(source: bytes, found: list[Suppression]) -> list[Suppression]:
    """The same, told apart from texts in strings, and with the lines that they are about."""
    from hardcut.source.python.spot import in_comment, joined

    marks = in_comment(source, [(one.line, one.column) for one in found])
    lines = joined(source, [one.line for one in found])
    return [
        msgspec.structs.replace(one, comment=mark, first=first, last=last)
        for one, mark, (first, last) in zip(found, marks, lines, strict=True)
    ]
