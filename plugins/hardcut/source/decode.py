"""Source bytes to text, as Python reads them."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterator

import msgspec

from hardcut.source.facts import Span, Unreadable

LIMIT = 8 * 1024 * 1024
"""Files of more bytes are not read."""
MAX_BRACKETS = 200
"""CPython's limit on nested brackets."""
MAX_INDENTS = 100
"""CPython's limit on indentation levels."""
MAX_REPORTED = 20
"""At most so many lines are reported for one kind of problem."""

TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
          | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'?)
      | (?P<open>[(\[{]+) | (?P<close>[)\]}]+)
      | (?P<joined>\\\n) | (?P<newline>\n)""",
    re.VERBOSE | re.DOTALL,
)
"""Python's layout in a few tokens; every unterminated string ends somewhere, so a scan is linear."""

_COOKIE = re.compile(rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"()[]{}")
_DEEP_INDENT = re.compile(rb"(?:^|\n)[ \t\f]{%d}" % (MAX_INDENTS + 1))
_INDENT = re.compile(r"[ \t\f]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NEVER = frozenset({"idna", "punycode", "undefined"})


class Decoded(msgspec.Struct, frozen=True):
    """One file as text.

    `text` has `\\n` line ends only, no BOM and no NUL; `data` is its UTF-8 encoding, so both have
    the lines that Python counts. Lines that cannot be read keep their number: what is unreadable
    in them is blanked or replaced, and told in `problems`.
    """

    text: str
    data: bytes
    encoding: str
    problems: list[Unreadable] = []


def decode(data: bytes) -> Decoded:
    """Python source as Python reads it: BOM, PEP 263 cookie, universal newlines. Never raises."""
    if len(data) > LIMIT:
        return _too_large()
    problems: list[Unreadable] = []
    raw, encoding = data, "utf-8"
    bom = raw.startswith(b"\xef\xbb\xbf")
    if bom:
        raw = raw[3:]
    cookie = _cookie(raw)
    if cookie is not None:
        name, line = cookie
        span = Span(line, 1, line, 1)
        encoding = _normal(name)
        if bom and encoding != "utf-8":
            problems.append(Unreadable(span, f"encoding {name[:40]!r} with a UTF-8 byte order mark"))
            encoding = "utf-8"
        elif not _known(encoding):
            problems.append(Unreadable(span, f"unknown encoding {name[:40]!r}, read as latin-1"))
            encoding = "iso8859-1"
        else:
            encoding = codecs.lookup(encoding).name
    text, exact = _text(raw, encoding)
    clean, marks = _clean(text)
    if not exact:
        problems += _marked(marks, _SURROGATE, f"bytes that are no {encoding}")
    if "\0" in marks:
        problems += _marked(marks, re.compile("\0"), "NUL bytes")
    ready = raw if encoding == "utf-8" and clean is text else clean.encode()
    if too_deep(ready):
        clean, deep = _flatten(clean)
        if deep:
            problems += deep
            ready = clean.encode()
    return Decoded(clean, ready, encoding, problems)


def too_deep(data: bytes) -> bool:
    """True where nesting may pass CPython's limits: quick, and never wrong in saying no."""
    if _DEEP_INDENT.search(data) if b"\t" in data or b"\f" in data else b" " * (MAX_INDENTS + 1) in data:
        return True
    rest = data.translate(None, _NOT_BRACKETS)
    levels = 0
    # each round takes away at most three levels: one of each kind of bracket
    while len(rest) + levels > MAX_BRACKETS:
        less = rest.replace(b"()", b"").replace(b"[]", b"").replace(b"{}", b"")
        levels += 3
        if len(less) == len(rest) or levels > MAX_BRACKETS:
            return True
        rest = less
    return False


def _too_large() -> Decoded:
    why = f"larger than {LIMIT // 1024 // 1024} MiB: not read"
    return Decoded("", b"", "utf-8", [Unreadable(Span(1, 1, 1, 1), why)])


def _cookie(raw: bytes) -> tuple[str, int] | None:
    """The encoding that the first two lines declare, and the line."""
    start = 0
    for line in (1, 2):
        if found := _COOKIE.match(raw, start):
            return found[1].decode("ascii"), line
        blank = _BLANK.match(raw, start)
        if blank is None:
            return None
        start = blank.end()
    return None


def _normal(name: str) -> str:
    """CPython's own short cuts for the common encodings."""
    plain = name[:12].lower().replace("_", "-")
    if plain == "utf-8" or plain.startswith("utf-8-"):
        return "utf-8"
    for latin in ("latin-1", "iso-8859-1", "iso-latin-1"):
        if plain == latin or plain.startswith(latin + "-"):
            return "latin-1"
    return name.lower()


def _known(encoding: str) -> bool:
    """True for a text encoding that keeps ASCII, as a cookie's encoding has to."""
    if len(encoding) > 40 or encoding.replace("-", "_") in _NEVER:
        return False
    try:
        return b"# coding: x\n".decode(encoding) == "# coding: x\n"
    except (LookupError, ValueError):
        return False


def _text(raw: bytes, encoding: str) -> tuple[str, bool]:
    """The text, and whether every byte could be read; one that could not is a lone surrogate."""
    try:
        if encoding == "utf-8":
            return raw.decode(), True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return raw.decode(encoding), True
    except ValueError:
        pass
    try:
        return raw.decode(encoding, "surrogateescape"), False
    except (ValueError, TypeError):
        return raw.decode("ascii", "surrogateescape"), False


def _clean(text: str) -> tuple[str, str]:
    """The text with plain line ends, NULs blanked, bad bytes replaced; and before the last two."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    marks = text
    if "\0" in text:
        text = text.replace("\0", " ")
    if not text.isascii() and _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    return text, marks


def _marked(text: str, mark: re.Pattern[str], why: str) -> Iterator[Unreadable]:
    """One problem for each line that holds the mark, from its first to its last."""
    line, start, position = 1, 0, 0
    for _ in range(MAX_REPORTED):
        found = mark.search(text, position)
        if found is None:
            return
        line += text.count("\n", start, found.start())
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Unreadable(Span(line, found.start() - start + 1, line, end - start + 1), why)
        line, start, position = line + 1, end + 1, end + 1


def _flatten(text: str) -> tuple[str, list[Unreadable]]:
    """The text with everything beyond CPython's nesting limits blanked."""
    pieces: list[str] = []
    problems: list[Unreadable] = []
    done, line = 0, 1
    for start, end, why in _deep(text):
        kept, cut = text[done:start], text[start:end]
        line += kept.count("\n")
        if len(problems) < MAX_REPORTED:
            column = start - (text.rfind("\n", 0, start) + 1) + 1
            last = end - (text.rfind("\n", 0, end) + 1) + 1
            problems.append(Unreadable(Span(line, column, line + cut.count("\n"), last), why))
        line += cut.count("\n")
        pieces += (kept, re.sub(r"[^\n]", " ", cut))
        done = end
    return "".join([*pieces, text[done:]]), problems


def _deep(text: str) -> Iterator[tuple[int, int, str]]:
    """The regions nested too deeply: start, end, why; in order, never touching each other."""
    depth, begun, outdented = 0, -1, -1
    levels = [0]
    position = 0
    fresh = True
    while True:
        if fresh:
            indent = _INDENT.match(text, position)
            after = indent.end() if indent else position
            if after < len(text) and text[after] not in "#\n":
                width = len(text[position:after].expandtabs(8))
                while width < levels[-1]:
                    levels.pop()
                if width > levels[-1]:
                    levels.append(width)
                if len(levels) - 1 > MAX_INDENTS:
                    outdented = position if outdented < 0 else outdented
                elif outdented >= 0:
                    yield outdented, position - 1, "indented too deeply"
                    outdented = -1
            fresh = False
        token = TOKENS.search(text, position)
        if token is None:
            break
        kind, position = token.lastgroup, token.end()
        if kind == "newline":
            fresh = depth == 0
        elif kind == "open":
            if depth <= MAX_BRACKETS < depth + len(token[0]) and outdented < 0:
                begun = token.start() + MAX_BRACKETS - depth
            depth += len(token[0])
        elif kind == "close":
            left = depth - len(token[0])
            if begun >= 0 and left <= MAX_BRACKETS:
                yield begun, token.start() + depth - MAX_BRACKETS, "brackets nested too deeply"
                begun = -1
            depth = max(0, left)
        elif kind == "string" and begun < 0 and outdented < 0 and _nests(token):
            yield token.start(), token.end(), "brackets nested too deeply"
    if begun >= 0:
        yield begun, len(text), "brackets nested too deeply"
    elif outdented >= 0:
        yield outdented, len(text), "indented too deeply"


def _nests(string: re.Match[str]) -> bool:
    """Whether an f-string nests too deeply: its fields hold code, other strings are no code."""
    prefix = string.string[max(0, string.start() - 2) : string.start()].lower()
    return ("f" in prefix or "t" in prefix) and len(string[0]) > MAX_BRACKETS and too_deep(string[0].encode())
