"""Packages of random definitions, and random moves out of one module of each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

LIB = """\
import functools

def twice(function):
    @functools.wraps(function)
    def wrapper(n):
        return ("twice", function(n))
    return wrapper

def helper(n):
    return n + 1

LIMIT = 7
"""


@dataclass
class Program:
    """A package: its files by path, and the names of `old.py` with the homes that some of them move to."""

    name: str
    files: dict[str, str]
    public: list[str]
    moves: dict[str, list[str]] = field(default_factory=dict)


class Generator:
    """Writes one module whose definitions use each other."""

    def __init__(self, chance: random.Random, package: str) -> None:
        self.chance = chance
        self.package = package
        self.future = chance.random() < 0.7
        self.values: list[str] = []
        self.classes: list[str] = []
        self.functions: list[str] = []
        self.counters: list[str] = []
        self.count = 0
        self.blocks: list[str] = []
        self.planned: list[str] = []

    def name(self, kind: str) -> str:
        self.count += 1
        private = "_" if self.chance.random() < 0.35 else ""
        return f"{private}{kind}{self.count}"

    def some(self, names: list[str], most: int = 2) -> list[str]:
        return self.chance.sample(names, min(len(names), self.chance.randint(0, most)))

    def value(self) -> str:
        """An expression that the module computes when it is imported."""
        parts = [str(self.chance.randint(0, 9)), *self.some(self.values)]
        parts += [f"{name}.size" for name in self.some(self.classes, 1)]
        parts += self.chance.sample(["lib.LIMIT", "json.dumps(1)", "os.sep", "LIMIT", "helper(2)"], 1)
        if self.chance.random() < 0.3:
            # Without `n` left a function calls no other, so that all that it needs is defined.
            parts += [f"{name}(0)" for name in self.some(sorted({*self.functions} - {*self.counters}), 1)]
        return f"({', '.join(parts)},)"

    def body(self, known: list[str]) -> str:
        """An expression that a function computes; functions call each other to a depth of `n`."""
        parts = [
            "n",
            *self.some(self.values),
            *self.some(["LIMIT", "lib.helper(n)", "os.sep", "bool(Fraction)"], 1),
        ]
        parts += [f"{name}().show(0)" for name in self.some(self.classes, 1)]
        calls = [f"{name}(n - 1)" for name in self.some(known)]
        if calls:
            parts.append(f"({', '.join(calls)},) if n > 0 else 0")
        return f"({', '.join(parts)},)"

    def annotation(self) -> str:
        if not self.classes or not self.chance.random() < 0.5:
            return ""
        name = self.chance.choice(self.classes)
        text = name if self.future else f'"{name}"'
        return f" -> {text} | Decimal" if self.future else f" -> {text}"

    def comment(self) -> str:
        kinds = ["", "", "# About the next one.\n", "# Apart.\n\n", "# ---- section\n"]
        return self.chance.choice(kinds)

    def constant(self) -> None:
        name = self.name("C")
        text = f"{name} = {self.value()}  # of a kind\n"
        if self.chance.random() < 0.2:
            text += f"{name} = (*{name}, 'more')\n"
        self.values.append(name)
        self.blocks.append(text)

    def table(self) -> None:
        name = self.name("T")
        text = f"{name}: dict = {{}}\n{name}['a'] = {self.value()}\n{name}.update(b={self.value()})\n"
        self.values.append(name)
        self.blocks.append(text)

    def function(self) -> None:
        name = self.planned.pop(0) if self.planned else self.name("f")
        known = [*self.functions, *self.planned]
        decorator = self.chance.choice(["", "", "@cache\n", "@lib.twice\n"])
        docstring = '    """It does."""\n' if self.chance.random() < 0.4 else ""
        late = (
            "    from .lib import LIMIT as most\n\n    n = min(n, most)\n"
            if self.chance.random() < 0.2
            else ""
        )
        self.blocks.append(
            f"{decorator}def {name}(n){self.annotation()}:\n{docstring}{late}    return {self.body(known)}\n"
        )
        self.functions.append(name)

    def overloaded(self) -> None:
        name = self.name("f")
        head = "".join(f"@overload\ndef {name}(n: {kind}) -> {kind}: ...\n" for kind in ("int", "str"))
        self.blocks.append(f"{head}def {name}(n):\n    return {self.body(self.functions)}\n")
        self.functions.append(name)

    def conditional(self) -> None:
        name = self.name("f")
        self.blocks.append(
            f"if sys.maxsize > 5:\n    def {name}(n):\n        return {self.body(self.functions)}\n"
            f"else:\n    def {name}(n):\n        return 'small'\n"
        )
        self.functions.append(name)

    def counter(self) -> None:
        value, name = self.name("N"), self.name("f")
        self.counters.append(name)
        self.blocks.append(f"{value} = 0\n")
        self.blocks.append(f"def {name}(n):\n    global {value}\n    {value} += 1\n    return {value}\n")
        self.functions.append(name)

    def class_(self) -> None:
        name = self.name("K")
        bases = f"({self.chance.choice(self.classes)})" if self.classes and self.chance.random() < 0.6 else ""
        self.blocks.append(
            f"class {name}{bases}:\n    size = {self.value()}\n\n    def show(self, n){self.annotation()}:\n"
            f"        return {self.body(self.functions)}\n"
        )
        self.classes.append(name)

    def module(self, size: int) -> str:
        """The module's text."""
        self.planned = [self.name("f") for _ in range(2)]
        kinds = [self.constant, self.constant, self.table, self.function, self.function, self.function]
        kinds += [self.overloaded, self.conditional, self.counter, self.class_, self.class_]
        for _ in range(size):
            self.chance.choice(kinds)()
        while self.planned:
            self.function()
        head = '"""The old module."""\n\n'
        head += "from __future__ import annotations\n\n" if self.future else ""
        head += "import json\nimport os\nimport sys\nfrom functools import cache\n"
        head += "from typing import TYPE_CHECKING, overload\n\n"
        head += "from . import lib\nfrom .lib import LIMIT, helper\n\n"
        head += "if TYPE_CHECKING:\n    from decimal import Decimal\n\n"
        head += "try:\n    from fractions import Fraction\nexcept ImportError:\n    Fraction = None\n\n"
        names = [name for name in (*self.values, *self.classes, *self.functions) if not name.startswith("_")]
        if self.chance.random() < 0.5:
            head += "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n\n"
        text = head
        for block in self.blocks:
            definition = block.startswith(("def", "class", "@"))
            text += ("\n\n" if definition else "\n") + self.comment() + block
        return text


def program(seed: int) -> Program:
    """A package whose `show` gives what everything public in it is worth."""
    chance = random.Random(seed)
    package = f"p{seed}"
    generator = Generator(chance, package)
    old = generator.module(chance.randint(4, 14))
    public = [
        name for name in (*generator.values, *generator.classes, *generator.functions) if name[0] != "_"
    ]
    every = [*generator.values, *generator.classes, *generator.functions]
    shown = [name if name in generator.values else f"{name}.size, {name}().show(2)" for name in public]
    shown = [
        f"{name}(2)" if name in generator.functions else text
        for name, text in zip(public, shown, strict=True)
    ]
    half = len(public) // 2
    imports = f"from {package}.old import {', '.join(public[:half])}\n" if half else ""
    late = f"    from {package}.old import {', '.join(public[half:])}\n" if public[half:] else ""
    show = f"{imports}\n\ndef show():\n{late}    return [{', '.join(shown)}]\n"
    files = {"__init__.py": "", "lib.py": LIB, "old.py": old, "show.py": show}
    moves: dict[str, list[str]] = {}
    homes = [f"{package}.new", f"{package}.other", f"{package}.deep.far"][: chance.randint(1, 3)]
    if chance.random() < 0.3:
        files["new.py"] = "import json\n\nOWN = json.dumps(3)\n"
    for name in chance.sample(every, chance.randint(1, max(1, len(every) // 2))) if every else []:
        moves.setdefault(chance.choice(homes), []).append(name)
    return Program(package, {f"{package}/{path}": text for path, text in files.items()}, public, moves)
