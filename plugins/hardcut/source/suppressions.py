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
    """One such comment: its line and columns from 1 (the end exclusive), and the codes, none for blanket.

    `whole` speaks of the whole file; `comment` tells that it stands in a comment, not in a string.
    """

    line: int
    column: int
    end_column: int
    codes: list[str]
    whole: bool
    comment: bool


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
            found.append(Suppression(*where, codes, match["whole"] is not None, True))
    if any(one.codes or one.whole for one in found):
        return _outside_strings(source, found)
    return found


def _outside_strings(source: bytes, found: list[Suppression]) -> list[Suppression]:
    from hardcut.source.python.spot import in_comment

    marks = in_comment(source, [(one.line, one.column) for one in found])
    return [
        msgspec.structs.replace(one, comment=mark) if not mark else one
        for one, mark in zip(found, marks, strict=True)
    ]
