"""Codes taken out of a comment that asks a linter to be silent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_NOQA = re.compile(
    r"#\s*(?:(?:flake8|ruff)\s*[:=]\s*)?noqa\s*:\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|pyright:|mypy:|pylint:|ruff:|flake8:|isort:|pragma:|nosec)", re.I)
_TYPED = re.compile(r"#\s*type:")


def without(comment: str, codes: Collection[str]) -> str:
    """A comment without some codes, and without its directive where no code is left."""

    def left(match: re.Match[str]) -> str:
        every = _CODE.findall(match["codes"])
        kept = [code for code in every if code.upper() not in codes]
        if len(kept) == len(every):
            return match[0]
        head = match[0][: match.start("codes") - match.start()]
        return head + ", ".join(kept) if kept else ""

    text = _NOQA.sub(left, comment)
    rest = text.strip()
    return text if not rest or rest.startswith("#") else f"# {rest}"


def directives(comments: Iterable[str]) -> str:
    """Those of some comments that tools read, as one comment with two spaces before; empty without any.

    hardcut's own codes are left out: what they silence is fixed. A type checker's directive comes first,
    because mypy reads `type: ignore` only at the beginning of a comment.
    """
    found: dict[str, None] = {}
    for comment in map(str.strip, comments):
        if comment.startswith("#") and _DIRECTIVE.search(comment) is not None:
            ours = {code.upper() for code in _CODE.findall(comment) if code.upper().startswith("CUT")}
            if kept := without(comment, ours).strip():
                found[kept] = None
    ordered = sorted(found, key=lambda comment: _TYPED.match(comment) is None)
    return f"  {'  '.join(ordered)}" if ordered else ""
