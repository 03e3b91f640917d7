"""Reading one file: bytes, words, facts, top-level names; the same for every process."""

from __future__ import annotations

import msgspec

from hardcut.source.bodies import Body
from hardcut.source.facts import Definition, Facts, Guarded, Span, Unreadable
from hardcut.source.fingerprints import Fingerprint
from hardcut.source.limits import collected
from hardcut.source.measure import Measure
from hardcut.source.modules import Roots
from hardcut.source.namespace import Namespace
from hardcut.source.outline import Made, Outline
from hardcut.source.python.spot import Spot
from hardcut.source.textfiles import language_of
from hardcut.source.told import Known, Told


def read_facts(path: str, data: bytes, words: frozenset[str], roots: Roots, guarded: frozenset[str]) -> Facts:
    """What a file of any kind says about words; of those that are `guarded`, failures are followed."""
    with collected() as limits:
        facts = _facts(path, data, words, roots, guarded)
    known = {one.why for one in facts.unreadable}
    return msgspec.structs.replace(facts, limits=[one for one in limits if one.what not in known])


def _facts(path: str, data: bytes, words: frozenset[str], roots: Roots, guarded: frozenset[str]) -> Facts:
    language = language_of(path, data[:256])
    if language == "python":
        return _python(path, data, words, roots, guarded)
    if language == "notebook":
        return _notebook(path, data, words, roots, guarded)
    from hardcut.source.textfiles import text_facts

    decoded = decode_text(data)
    texts, unreadable = text_facts(path, decoded, language or "text", words)
    return Facts(path, None, language=language or "text", texts=texts, unreadable=unreadable)


def read_taught(
    path: str, data: bytes, roots: Roots, guarded: frozenset[str], known: Known
) -> tuple[list[Guarded], list[Told]]:
    """What a Python file says about failures when it knows what other files tell."""
    from hardcut.source.decode import decode
    from hardcut.source.python.read import read_python

    module, is_package = roots.module_of(path)
    leaves = frozenset(one.rsplit(".", 1)[-1] for one in known.told)
    source = decode(data).data
    facts = read_python(
        path, source, guarded | leaves, module, roots.package_of(path), is_package, (), guarded, known
    )
    return facts.guards, facts.told


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
    from hardcut.source.decode import decode
    from hardcut.source.python.toplevel import top_level

    return top_level(decode(data).data, roots.package_of(path))


def read_namespace(path: str, data: bytes, roots: Roots) -> Namespace:
    """What a Python file's code does to its namespace."""
    from hardcut.source.decode import decode
    from hardcut.source.python.namespace import namespace

    return namespace(decode(data).data, roots.module_of(path)[0], roots.package_of(path))


def read_measure(path: str, data: bytes, deep: bool) -> Measure:
    """How big a file is; lines alone, unless it is to be parsed."""
    from hardcut.source.python.size import measure

    return measure(data, language_of(path) == "python", deep)


def read_fingerprints(data: bytes) -> list[Fingerprint]:
    """What a Python file's bodies look like."""
    from hardcut.source.decode import decode
    from hardcut.source.fingerprints import fingerprints

    return fingerprints(decode(data).data)


def read_outline(path: str, data: bytes, roots: Roots) -> Outline:
    """What a Python file hands on."""
    from hardcut.source.decode import decode
    from hardcut.source.python.outline import outline

    module, is_package = roots.module_of(path)
    return outline(decode(data).data, module, roots.package_of(path), is_package)


def read_made(path: str, data: bytes, roots: Roots, leaves: frozenset[str]) -> list[Made]:
    """Where a Python file makes something by means of given last names."""
    from hardcut.source.decode import decode
    from hardcut.source.python.made import made

    return made(decode(data).data, roots.module_of(path)[0], roots.package_of(path), leaves)


def read_spots(path: str, data: bytes, places: list[tuple[int, int, int | None]]) -> list[Spot]:
    """What surrounds each place (line, column, cell); of a file that is no Python, the line itself."""
    from hardcut.source.decode import decode
    from hardcut.source.python.spot import line_of, spots

    language = language_of(path, data[:256])
    if language == "python":
        return spots(decode(data).data, [(line, column) for line, column, _ in places])
    if language == "notebook":
        from hardcut.source.notebook import cells

        code = {cell.number: cell.text for cell in cells(data)}
        return [("", line_of(code.get(cell or 0, ""), line)) for line, _, cell in places]
    text = decode_text(data)
    return [("", line_of(text, line)) for line, _, _ in places]


def read_bodies(path: str, data: bytes, roots: Roots, name: str) -> list[Body]:
    """What each definition of a name in a Python file does."""
    from hardcut.source.decode import decode
    from hardcut.source.python.bodies import bodies

    return bodies(decode(data).data, roots.module_of(path)[0], roots.package_of(path), name)


def read_absence(data: bytes, span: Span, imports: bool) -> bool:
    """Whether code asserts that what it names at a place is gone."""
    from hardcut.flow.absence import asserts_absence
    from hardcut.source.decode import decode

    source = decode(data).data
    line = source.split(b"\n", span.line)[span.line - 1 : span.line]
    before = b"".join(line).decode("utf-8", "replace")[: span.column - 1]
    return asserts_absence(source, span.line, len(before.encode()), imports)


def read_binds(data: bytes, name: str) -> bool:
    """Whether a Python file's bytes bind a name at module level."""
    from hardcut.source.decode import decode
    from hardcut.source.python.toplevel import binds

    return binds(decode(data).data, name)


def _python(path: str, data: bytes, words: frozenset[str], roots: Roots, guarded: frozenset[str]) -> Facts:
    from hardcut.source.decode import decode
    from hardcut.source.python.read import read_python

    module, is_package = roots.module_of(path)
    decoded = decode(data)
    facts = read_python(path, decoded.data, words, module, roots.package_of(path), is_package, (), guarded)
    return _with_problems(facts, decoded.problems)


def _notebook(path: str, data: bytes, words: frozenset[str], roots: Roots, guarded: frozenset[str]) -> Facts:
    from hardcut.source.decode import decode
    from hardcut.source.notebook import cells
    from hardcut.source.python.read import read_python
    from hardcut.source.textfiles import text_facts

    notebook = cells(data)
    code, rows, starts = [], 0, []
    for cell in notebook.cells:
        if cell.language == "python":
            starts.append((rows, cell.number))
            code.append(cell.code)
            rows += cell.code.count("\n") + 1
    source = "\n".join(code).encode("utf-8", "replace")
    facts = read_python(
        path, decode(source).data, words, None, roots.package_of(path), False, starts, guarded
    )
    texts = list(facts.texts)
    for cell in notebook.cells:
        if cell.language != "python":
            for text in text_facts(path, cell.text, cell.language, words)[0]:
                span = msgspec.structs.replace(text.span, cell=cell.number)
                texts.append(msgspec.structs.replace(text, span=span))
    unreadable = [*notebook.problems, *facts.unreadable]
    return msgspec.structs.replace(facts, language="notebook", texts=texts, unreadable=unreadable)


def _with_problems(facts: Facts, problems: list[Unreadable]) -> Facts:
    return msgspec.structs.replace(facts, unreadable=facts.unreadable + problems) if problems else facts
