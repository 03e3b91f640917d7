"""Reading one file: bytes, words, facts, top-level names; the same for every process."""

from __future__ import annotations

from pathlib import Path

import msgspec

from hardcut.source.decode import decode
from hardcut.source.facts import Definition, Facts, Span, Unreadable
from hardcut.source.modules import Roots
from hardcut.source.textfiles import language_of


def read_bytes(root: Path, path: str) -> bytes:
    """A file's bytes; empty where it is gone or cannot be read."""
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError):
        return b""


def read_facts(path: str, data: bytes, words: frozenset[str], roots: Roots) -> Facts:
    """What a file of any kind says about words."""
    language = language_of(path)
    if language == "python":
        return _python(path, data, words, roots)
    if language == "notebook":
        return _notebook(path, data, words, roots)
    from hardcut.source.textfiles import text_facts

    decoded = decode_text(data)
    texts, unreadable = text_facts(path, decoded, language or "text", words)
    return Facts(path, None, language=language or "text", texts=texts, unreadable=unreadable)


def decode_text(data: bytes) -> str:
    """A text file's content: UTF-8 with or without a mark, UTF-16 with one, else byte by byte."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_top_level(path: str, data: bytes, roots: Roots) -> list[Definition]:
    """All names that a Python file binds at module level."""
    from hardcut.source.python.toplevel import top_level

    return top_level(decode(data).data, roots.package_of(path))


def read_binds(data: bytes, name: str) -> bool:
    """Whether a Python file's bytes bind a name at module level."""
    from hardcut.source.python.toplevel import binds

    return binds(decode(data).data, name)


def _python(path: str, data: bytes, words: frozenset[str], roots: Roots) -> Facts:
    from hardcut.source.python.read import read_python

    module, is_package = roots.module_of(path)
    decoded = decode(data)
    facts = read_python(path, decoded.data, words, module, roots.package_of(path), is_package)
    return _with_problems(facts, decoded.problems)


def _notebook(path: str, data: bytes, words: frozenset[str], roots: Roots) -> Facts:
    from hardcut.source.notebook import cells
    from hardcut.source.python.read import read_python
    from hardcut.source.textfiles import text_facts

    notebook = cells(data)
    whole = Facts(path, None, language="notebook", unreadable=list(notebook.problems))
    package = roots.package_of(path)
    for cell in notebook.cells:
        if cell.kind == "code":
            one = read_python(
                path, cell.text.encode("utf-8", "replace"), words, None, package, False, cell.number
            )
            whole = merged(whole, one)
        else:
            texts, _ = text_facts(path, cell.text, "markdown", words)
            for text in texts:
                span = text.span
                placed = Span(span.line, span.column, span.end_line, span.end_column, cell.number)
                whole.texts.append(msgspec.structs.replace(text, span=placed))
    return whole


def merged(one: Facts, other: Facts) -> Facts:
    """The facts of two parts of one file together."""
    return Facts(
        one.path,
        one.module,
        one.is_package,
        one.language,
        one.imports + other.imports,
        one.definitions + other.definitions,
        one.references + other.references,
        one.texts + other.texts,
        one.computed + other.computed,
        one.fallbacks + other.fallbacks,
        one.unreadable + other.unreadable,
        {**one.wrappers, **other.wrappers},
        one.exports + other.exports,
    )


def _with_problems(facts: Facts, problems: list[Unreadable]) -> Facts:
    return merged(facts, Facts(facts.path, facts.module, unreadable=problems)) if problems else facts
