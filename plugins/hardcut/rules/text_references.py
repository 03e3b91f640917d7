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


PYTHON_SUFFIXES = frozenset({"py", "pyi", "pyw", "pyc", "pyx", "pxd", "so", "pyd", "ipynb"})
"""Suffixes of files that hold a module."""
_DATA_SUFFIX = re.compile(
    r"\.(?:bat|bmp|bz2|cfg|conf|css|csv|db|docx?|egg|env|exe|gif|gz|html?|ico|ini|jinja2?|jpe?g|jpg|json|jsonl"
    r"|jsx?|lock|log|md|mjs|msgpack|np[yz]|parquet|pdf|pem|pickle|pkl|png|po|properties|ps1|rst|scss|service|sh"
    r"|sql|sqlite3?|svg|tar|tex|tgz|toml|tsv|tsx?|txt|vue|webp|whl|xlsx?|xml|ya?ml|zip)",
    re.IGNORECASE,
)
"""Suffixes of files without Python code: `engine.cfg` is a file, whatever becomes of the module `engine`."""
_SUFFIX = re.compile(r"\.([A-Za-z]\w*)")


class TextReference(msgspec.Struct, frozen=True):
    """A place in a text that names a module: `name` as written, `form` path or dotted."""

    module: str
    name: str
    form: str
    span: Span


class TextReferences:
    """One pattern over all modules of interest.

    A name counts when it stands whole: it equals a module's dotted name or goes on with `.` or `:`,
    or it is the path of the module's file or folder, bare or below one of the source roots. A top-level
    module's bare name is a word like any other: it counts when it goes on, or is imported. A path to a file
    of another kind counts below a source root alone: templates, styles and images lie in folders of the
    same names.
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

    def within(self, text: Text) -> Iterator[TextReference]:
        """Every reference in a text, in order."""
        if self._pattern is None or not any(sign in text.text for sign in self._signs):
            return
        for match in self._pattern.finditer(text.text):
            if match.group("dotted"):
                if "." not in match.group("dotted") and not _stands_as_module(text, match):
                    continue
                yield TextReference(
                    match.group("dotted"),
                    match.group("dotted") + match.group("more"),
                    "dotted",
                    part(text, match.start(), match.end()),
                )
            else:
                if not _is_of_module(text.text, match):
                    continue
                yield TextReference(
                    match.group("path").replace("/", "."),
                    match.group(0),
                    "path",
                    part(text, match.start(), match.end()),
                )


def _is_of_module(text: str, match: re.Match[str]) -> bool:
    """Whether a path is that of a module's file, or of something in the folder of a package."""
    tail = match.group("tail")
    if tail.startswith("."):
        return True
    if not tail:
        # The file's suffix follows, or a full stop.
        suffix = _SUFFIX.match(text, match.end())
        return suffix is None or suffix[1] in PYTHON_SUFFIXES
    stem, _, last = tail.rstrip("/.").rpartition("/")[2].rpartition(".")
    is_below_root = match.start("path") > match.start() and not match.group().startswith("./")
    return not stem or not last[:1].isalpha() or last in PYTHON_SUFFIXES or is_below_root


def _stands_as_module(text: Text, match: re.Match[str]) -> bool:
    """Whether the name of a top-level module, which may be any word, is meant as one."""
    more = match.group("more")
    if (more and not _DATA_SUFFIX.fullmatch(more)) or text.callee == "sys.modules":
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
