"""Dotted names and file paths of modules, found in any text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from hardcut.source.facts import Span, Text

_IMPORTS = re.compile(r"(?:\bimport|\bfrom|\s-m)\s+\Z")


SCHEMES = ("ext", "cfg", "pkg", "module", "python", "py", "class", "entrypoint")
"""Schemes before the name of a Python object: `ext://` of logging's dictionaries, `pkg://` of Hydra, `module://`
of Matplotlib's backends, and the like. After any other scheme there is a host or a path."""


class Mention(msgspec.Struct, frozen=True):
    """A place in a text that names a module: `name` as written, `form` path or dotted."""

    module: str
    name: str
    form: str
    span: Span


class Mentions:
    """One pattern over all modules of interest.

    A name counts when it stands whole: it equals a module's dotted name or goes on with `.` or `:`,
    or it is the path of the module's file or folder, bare or below one of the source roots. A top-level
    module's bare name is a word like any other: it counts when it goes on, or is imported.
    """

    def __init__(self, modules: Sequence[str], sources: Sequence[str]) -> None:
        self.modules = sorted(set(modules), key=len, reverse=True)
        self._pattern: re.Pattern[str] | None = None
        self._signs = [sign for module in self.modules for sign in {module, module.replace(".", "/")}]
        if self.modules:
            dotted = "|".join(re.escape(module) for module in self.modules)
            paths = "|".join(re.escape(module.replace(".", "/")) for module in self.modules if "." in module)
            roots = "|".join(re.escape(source) + "/" for source in sources if source not in ("", "."))
            root = (
                rf"(?:(?<![\w\-])(?:{roots})|(?<![\w\-./\\])(?:\./)?)"
                if roots
                else r"(?<![\w\-./\\])(?:\./)?"
            )
            after = "|".join(rf"(?<=\b{scheme}://)" for scheme in SCHEMES)
            before = rf"(?:(?<![\w.\-/])|(?<=\[mypy-)|{after})"
            pattern = rf"{before}(?P<dotted>{dotted})(?![\w\-])(?P<more>(?:[.:][^\W\d]\w*)*)"
            if paths:
                pattern += rf"|{root}(?P<path>{paths})(?P<tail>(?:/[\w.\-]+)*/?|\.pyi?(?!\w))(?![\w\-])"
            self._pattern = re.compile(pattern)

    def within(self, text: Text) -> Iterator[Mention]:
        """Every mention in a text, in order."""
        if self._pattern is None or not any(sign in text.text for sign in self._signs):
            return
        for match in self._pattern.finditer(text.text):
            if match.group("dotted"):
                if "." not in match.group("dotted") and not _stands_as_module(text, match):
                    continue
                yield Mention(
                    match.group("dotted"),
                    match.group("dotted") + match.group("more"),
                    "dotted",
                    part(text, match.start(), match.end()),
                )
            else:
                tail = match.group("tail")
                if tail and not tail.startswith(("/", ".py")):
                    continue
                yield Mention(
                    match.group("path").replace("/", "."),
                    match.group(0),
                    "path",
                    part(text, match.start(), match.end()),
                )


def _stands_as_module(text: Text, match: re.Match[str]) -> bool:
    """Whether the name of a top-level module, which may be any word, is meant as one."""
    if match.group("more") or text.callee == "sys.modules":
        return True
    return _IMPORTS.search(text.text[: match.start()]) is not None


def part(text: Text, start: int, end: int) -> Span:
    """The span of a part of a text, which begins where the text's span does."""
    before = text.text[:start]
    line = text.span.line + before.count("\n")
    newline = before.rfind("\n")
    column = text.span.column + start if newline < 0 else start - newline
    inner = text.text[start:end]
    if "\n" in inner:
        return Span(line, column, line + inner.count("\n"), len(inner) - inner.rfind("\n"), text.span.cell)
    return Span(line, column, line, column + end - start, text.span.cell)
