"""Python build scripts, such as setup.py: calls that make extensions, and names of files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final, final

from hardcut.source.builds.declared import UNKNOWN, Declared, Placed, generated, words_of
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk

_NAME_PARAMETERS: Final = ("name", "target", "module_name", "fullname")
_DEEPEST: Final = 10
_MOST_STEPS: Final = 2000
_MOST_VALUES: Final = 200
"""How many values of one expression are told apart; with more it counts as computed."""


def of_script(source: bytes, path: str) -> Declared:
    """What a Python build script declares; `source` is UTF-8, `path` is relative to the root."""
    return _Script(source, path).read()


@final
class _Script:
    """Reads one script."""

    def __init__(self, source: bytes, path: str) -> None:
        self.nodes = list(walk(read_module(parse(source))))
        self.folder = posixpath.dirname(path)
        self.constants: dict[str, list[nodes.Expression]] = {}
        self.modules: list[str] = []
        self.placed: list[Placed] = []
        self.included: list[str] = []
        self.steps = 0
        """How many expressions were looked at for the present name."""

    def read(self) -> Declared:
        """All of it."""
        strings: list[str] = []
        for node in self.nodes:
            if isinstance(node, nodes.Assign):
                for target in node.targets:
                    self._assign(target, [node.value])
            elif isinstance(node, nodes.For | nodes.Comprehension):
                self._assign(node.target, _elements(node.iter))
            elif isinstance(node, nodes.Constant) and isinstance(node.value, str):
                strings.append(node.value)
        for node in self.nodes:
            if isinstance(node, nodes.Call):
                self._called(node)
            elif isinstance(node, nodes.Import):
                self._include(alias.name for alias in node.names)
            elif isinstance(node, nodes.ImportFrom) and node.module:
                self._include([node.module])
        self.placed += [placed for string in strings if (placed := generated(string)) is not None]
        return Declared(self.modules, self.placed, words_of(strings), self.included)

    def _assign(self, target: nodes.Expression, values: list[nodes.Expression]) -> None:
        if isinstance(target, nodes.Name):
            self.constants.setdefault(target.id, []).extend(values)
        elif isinstance(target, nodes.Tuple):
            # `for name, sources in [("a", [...]), ...]`
            for number, element in enumerate(target.elts):
                inner = [_elements(value) for value in values]
                self._assign(element, [found[number] for found in inner if number < len(found)])

    def _called(self, node: nodes.Call) -> None:
        func = node.func
        name = func.attr if isinstance(func, nodes.Attribute) else ""
        name = func.id if isinstance(func, nodes.Name) else name
        if name == "add_extension":
            # numpy.distutils: the module is in the package that the script describes.
            self.placed += [Placed(value, self.folder or None) for value in self._names(node)]
        elif name.endswith("Extension") or name in ("set_source", "CFFI"):
            self._declare(self._names(node))
        elif name == "setup":
            self._cffi(node)

    def _names(self, node: nodes.Call) -> list[str]:
        """What the name of an extension may be."""
        given = [keyword.value for keyword in node.keywords if keyword.arg in _NAME_PARAMETERS]
        given = given or node.args[:1]
        if not given:
            return [UNKNOWN]
        # setuptools-rust takes a table of modules for one crate too.
        values = given[0].values if isinstance(given[0], nodes.Dict) else given[:1]
        self.steps = 0
        return [text for value in values for text in self._texts(value)]

    def _declare(self, names: list[str]) -> None:
        for name in names:
            dotted = name.replace("/", ".")
            if "." in dotted or UNKNOWN in dotted:
                self.modules.append(dotted)
            else:
                self.placed.append(Placed(dotted))

    def _cffi(self, node: nodes.Call) -> None:
        """The scripts that `cffi_modules=["build_native.py:ffi"]` names."""
        for keyword in node.keywords:
            if keyword.arg == "cffi_modules":
                for element in _elements(keyword.value):
                    if isinstance(element, nodes.Constant) and isinstance(element.value, str):
                        self.included.append(posixpath.join(self.folder, element.value.partition(":")[0]))

    def _include(self, modules: Iterable[str]) -> None:
        """Scripts beside this one that it imports."""
        for module in modules:
            self.included.append(posixpath.join(self.folder, f"{module.partition('.')[0]}.py"))

    def _texts(self, node: nodes.Expression, depth: int = 0) -> list[str]:
        """The texts that an expression may be, with `*` for what is not written out."""
        if isinstance(node, nodes.Constant) and isinstance(node.value, str):
            return [node.value]
        found: list[str] = []
        self.steps += 1
        if depth > _DEEPEST or self.steps > _MOST_STEPS:
            return [UNKNOWN]
        if isinstance(node, nodes.Name):
            for value in self.constants.get(node.id, ())[:_MOST_VALUES]:
                found += self._texts(value, depth + 1)
        elif isinstance(node, nodes.BinOp) and node.op == "+":
            found = _joined(self._texts(node.left, depth + 1), self._texts(node.right, depth + 1))
        elif isinstance(node, nodes.JoinedStr):
            found = [""]
            for part in node.values:
                inner = part.value if isinstance(part, nodes.FormattedValue) else part
                found = _joined(found, self._texts(inner, depth + 1))
        elif isinstance(node, nodes.BinOp) and node.op == "%":
            found = [_without_fields(text) for text in self._texts(node.left, depth + 1)]
        return found if found and len(found) <= _MOST_VALUES else [UNKNOWN]


def _elements(node: nodes.Expression) -> list[nodes.Expression]:
    """The elements of a list, tuple or set, or the rows of a dictionary; none for anything else."""
    if isinstance(node, nodes.List | nodes.Tuple | nodes.Set):
        return node.elts
    if isinstance(node, nodes.Dict):
        return [key for key in node.keys if key is not None]
    if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute) and node.func.attr == "items":
        table = node.func.value
        if isinstance(table, nodes.Dict):
            return [
                nodes.Tuple(key.line, key.start, value.end, [key, value])
                for key, value in zip(table.keys, table.values, strict=False)
                if key is not None
            ]
    return []


def _joined(left: list[str], right: list[str]) -> list[str]:
    if len(left) * len(right) > _MOST_VALUES:
        return [UNKNOWN]
    return [first + second for first in left for second in right]


def _without_fields(text: str) -> str:
    """A format with `*` for its first `%` and all behind it."""
    return text.partition("%")[0] + UNKNOWN if "%" in text else text
