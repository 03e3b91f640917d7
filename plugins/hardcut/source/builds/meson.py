"""meson.build: extension modules, configured files and subfolders.

Meson's own parser is part of the build tool and has no stable interface, so calls are read here: their
names, and the strings, lists and names among their arguments. Nothing is evaluated.
"""

from __future__ import annotations

import posixpath
import re

from hardcut.source.builds.declared import UNKNOWN, Declared, Placed, generated, words_of

_TOKEN = re.compile(
    r"#[^\n]*|f?'''(?P<long>(?:[^']|'(?!''))*+)(?:''')?|f?'(?P<text>(?:[^'\\\n]|\\.)*+)'?"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>[()\[\]{},:./+])"
)
_WRITES = frozenset({"configure_file", "custom_target", "vcs_tag", "copyfile"})
Token = tuple[str, str]
"""`text`, `word` or `sign`, and what it says."""


def of_meson(text: str, path: str) -> Declared:
    """What a meson.build at a path (relative to the root) declares."""
    tokens = [
        ("text", match["text"] if match["text"] is not None else match["long"])
        if match["text"] is not None or match["long"] is not None
        else (match.lastgroup or "", match[0])
        for match in _TOKEN.finditer(text)
        if match.lastgroup is not None
    ]
    reader = _Reader(posixpath.dirname(path))
    before = ""
    for kind, said in tokens:
        reader.take(kind, said, before)
        before = said if kind == "word" else ""
    words = words_of(said for kind, said in tokens if kind == "text")
    return Declared(reader.modules, reader.placed, words, reader.included)


class _Reader:
    """Follows the brackets of a file and hands each token to the innermost call around it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.modules: list[str] = []
        self.placed: list[Placed] = []
        self.included: list[str] = []
        self.brackets: list[bool] = []
        """The open brackets: whether each is a call's."""
        self.calls: list[_Call] = []

    def take(self, kind: str, said: str, before: str) -> None:
        """One token; `before` is the word right before it."""
        if kind == "sign" and said in "([{":
            is_call = said == "(" and before != ""
            self.brackets.append(is_call)
            if is_call:
                self.calls.append(_Call(before))
        elif kind == "sign" and said in ")]}":
            if self.brackets and self.brackets.pop():
                self._finish(self.calls.pop())
        elif self.calls:
            self.calls[-1].take(kind, said)

    def _finish(self, call: _Call) -> None:
        if call.name == "extension_module":
            _extension(call, self.modules, self.placed)
        elif call.name == "subdir":
            names = call.strings(0)
            self.included += [posixpath.join(self.folder, name, "meson.build") for name in names]
        elif call.name in _WRITES:
            self.placed += _written(call)
        elif call.name == "install_sources":
            self.placed += _installed(call, self.folder)


class _Call:
    """One call and the tokens of its arguments, those in lists too."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.key = ""
        self.word = ""
        self.positional: dict[int, list[Token]] = {}
        self.keywords: dict[str, list[Token]] = {}

    def take(self, kind: str, said: str) -> None:
        """One token of an argument."""
        if kind == "sign" and said == ",":
            self.number, self.key, self.word = self.number + 1, "", ""
        elif kind == "sign" and said == ":" and self.word:
            self.key = self.word
            self.positional.pop(self.number, None)
        else:
            self.word = said if kind == "word" else ""
            if self.key:
                self.keywords.setdefault(self.key, []).append((kind, said))
            else:
                self.positional.setdefault(self.number, []).append((kind, said))

    def strings(self, number: int) -> list[str]:
        """The strings of a positional argument."""
        return [said for kind, said in self.positional.get(number, ()) if kind == "text"]

    def place(self, *keys: str) -> str | None:
        """A folder that a keyword argument gives; None if it is not written out."""
        for key in keys:
            tokens = self.keywords.get(key)
            if tokens is not None:
                parts = [said for kind, said in tokens if kind == "text"]
                known = parts and all(kind == "text" or said in "/+" for kind, said in tokens)
                return "/".join(parts).strip("/") if known else (parts[-1].strip("/") if parts else None)
        return None


def _extension(call: _Call, modules: list[str], placed: list[Placed]) -> None:
    tokens = call.positional.get(0, [])
    if len(tokens) == 1 and tokens[0][0] == "text" and "@" not in tokens[0][1]:
        placed.append(Placed(tokens[0][1], call.place("subdir")))
    else:
        modules.append(UNKNOWN)


def _written(call: _Call) -> list[Placed]:
    """The modules that a target writes."""
    strings = [
        said
        for tokens in (*call.positional.values(), call.keywords.get("output", []))
        for kind, said in tokens
        if kind == "text"
    ]
    found = [placed for string in strings if (placed := generated(string)) is not None]
    folder = call.place("install_dir")
    return [Placed(placed.leaf, folder or placed.folder) for placed in found]


def _installed(call: _Call, folder: str) -> list[Placed]:
    """Sources that are installed in another folder than their own."""
    strings = [said for tokens in call.positional.values() for kind, said in tokens if kind == "text"]
    place = call.place("subdir")
    return [
        Placed(placed.leaf, place, posixpath.normpath(posixpath.join(folder, string)))
        for string in strings
        if (placed := generated(string)) is not None
    ]
