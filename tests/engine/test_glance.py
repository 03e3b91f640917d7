"""Reading around an edit says what a full reading says, for edits that change nothing elsewhere."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from engine_project import PLAN, write
from plans import load_plan

from hardcut.engine.glance import Change, Known, change, excerpt, lines_of, merged
from hardcut.engine.session import Session
from hardcut.finding import Finding
from hardcut.source.python.frame import frame

PATH = "src/shop/big.py"
HEAD = """\
import shop
from shop.prices import Money

LAZY = {'a': 'legacy.mod:A'}
"""
NEEDED = """\
import importlib as loader
import operator; from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import shop.old.cart as sold
    from shop import old as olden
ROOT = "lega" "cy"
WHERE = f"{ROOT}.mod"
class Names:
    where = WHERE

    def load(self):
        return bring
bring = brought = loader.import_module
try:
    import legacy as late
except ImportError:
    late = None
for gone in [olden]:
    pass
"""
"""What functions need of their module, some of it by way of something else."""
CLASS = '''

class Part{0}:
    kinds = ("a", "b")

    @property
    def first(self):
        return Money(1)

    def second(self, name, *, more=None):
        """Names legacy.part{0}."""
        try:
            return self.kinds.index(name)
        except ValueError as problem:
            raise LookupError(name) from problem


def free_{0}(value):
    def inner():
        return value
    return inner
'''
TEXT = HEAD + "".join(CLASS.format(number) for number in range(8))
EDITS = [
    ("        return Money(1)\n", "        import legacy\n        return Money(1)\n"),
    ("            raise LookupError(name) from problem\n", "            return shop.old.cart.buy\n"),
    ("    return inner\n", "    return 'shop.old.cart'\n"),
    ('    kinds = ("a", "b")\n', "    kinds = ('legacy.a', 'b')\n"),
    ("\n\ndef free_4", "\n\nfrom shop.old import cart\n\n\ndef free_4"),
    ("        return Money(1)\n", "        return 1\n"),
    ("LAZY = {'a': 'legacy.mod:A'}\n", ""),
    ("def free_3(value):\n", "def free_3(value=__import__('legacy')):\n"),
]


TYPED = [
    "\nimport legacy, os\nlegacy.go((1, [2]))",
    "\ntry:\n    import legacy.mod as one\nexcept (ImportError, KeyError):\n    one = None",
    "\nfor kind in ('a', \"b\"):\n    name = f'legacy.{kind}'\n    __import__(name)",
    '\n"""Says legacy.mod, and more."""\nreturn {"legacy.mod": [shop.old.cart, "}"]}',
    "\n# legacy.mod was here\nif (one := shop.old.cart.buy) is not None:\n    return one",
    "\ngone = loader.import_module(WHERE)\nreturn gone.tax, late",
    "\nreturn sold.buy, brought(Names.where), operator.add",
    "\nreturn olden.cart, gone.cart.buy",
    "\nclass Inner:\n    import legacy.other\n\n    def work(self, *names):\n        return shop.old.cart",
]


def place(one: Finding) -> tuple[str, int | None, int | None, str]:
    return one.code, one.place.line, one.place.column, one.subject


def around(found: list[Finding], held: list[range]) -> list[tuple[str, int | None, int | None, str]]:
    return [place(one) for one in found if any(one.place.line in lines for lines in held)]


@pytest.fixture
def sessions(tmp_path: Path) -> tuple[Session, Session]:
    write(tmp_path, {"src/shop/__init__.py": "", "src/shop/prices.py": "", "src/shop/money.py": ""}, PLAN)
    plans = [load_plan(tmp_path / "cutover.toml", tmp_path)]
    return Session(plans, str(tmp_path), cache=False), Session(plans, str(tmp_path), cache=False)


@pytest.mark.parametrize("where", [0, 3, -1])
def test_an_excerpt_says_what_the_whole_file_says(sessions: tuple[Session, Session], where: int) -> None:
    quick, full = sessions
    known = Known(lines_of(TEXT), full.check(PATH, TEXT.encode()), frame(TEXT.encode()))
    assert len(known.findings) == 10 and known.frame is not None and len(known.frame.functions) == 24
    for old, new in EDITS:
        pieces = TEXT.split(old)
        at = where % (len(pieces) - 1)
        text = old.join(pieces[: at + 1]) + new + old.join(pieces[at + 1 :])
        differs = change(known.lines, lines_of(text))
        part = excerpt(known, lines_of(text), differs)
        assert part is not None
        lines, held = part
        assert len(lines) == len(lines_of(text))
        assert sum(map(len, lines)) < len(text) / 2
        fresh = quick.excerpt(PATH, "\n".join(lines).encode(), text.encode())
        found = [place(one) for one in merged(known, differs, fresh, held)]
        assert found == [place(one) for one in full.check(PATH, text.encode())], (old, at)


@pytest.mark.parametrize("seed", range(4))
def test_typing_sign_by_sign_says_what_a_full_reading_says(
    sessions: tuple[Session, Session], seed: int
) -> None:
    """What is typed is half of something most of the time, and some of it is taken back again.

    Wherever the text can be read, what is said around the edit is what a full reading says there.
    """
    quick, full = sessions
    chance = random.Random(seed)
    text, compared = NEEDED + TEXT, 0
    parts = frame(text.encode())
    known = Known(lines_of(text), full.check(PATH, text.encode()), parts)
    for _ in range(4):
        body = chance.choice(parts.functions)
        at = len("\n".join(known.lines[: body.last])) + 1
        typed = chance.choice(TYPED).replace("\n", "\n" + " " * (body.indent + 4))
        keys = [typed[:end] for end in range(1, len(typed) + 1)]
        undone = chance.randrange(len(keys))
        for written in [*keys[:undone], *reversed(keys[:undone]), *keys]:
            now = text[: at - 1] + written + text[at - 1 :]
            lines = lines_of(now)
            differs = change(known.lines, lines)
            part = excerpt(known, lines, differs)
            assert part is not None
            fresh = quick.excerpt(PATH, "\n".join(part[0]).encode(), now.encode())
            if written != typed and chance.random() > 0.2:
                continue
            whole = full.check(PATH, now.encode())
            if not any(one.code == "CUT907" for one in whole):
                found = around(merged(known, differs, fresh, part[1]), part[1])
                assert found == around(whole, part[1]), (seed, written)
                compared += 1
    assert compared > 20


def test_a_file_that_was_read_in_part_is_whole_for_others(
    sessions: tuple[Session, Session], tmp_path: Path
) -> None:
    quick, _ = sessions
    (tmp_path / PATH).write_text("", encoding="utf-8")
    quick.changed()
    user, source = "src/shop/user.py", b"from shop.big import late\n"
    assert [one.code for one in quick.check(user, source)] == ["CUT105"]
    text = "def helper():\n    global late\n    late = 1\n" + TEXT
    known = Known(lines_of(text), [], frame(text.encode()))
    now = lines_of(text + "x = 1\n")
    part = excerpt(known, now, change(known.lines, now))
    assert part is not None and "late" not in "\n".join(part[0])
    quick.excerpt(PATH, "\n".join(part[0]).encode(), "\n".join(now).encode())
    assert quick.check(user, source) == []


def test_only_what_is_needed_is_read_around_an_edit() -> None:
    text = NEEDED + TEXT
    parts = frame(text.encode())
    known = Known(lines_of(text), [], parts)
    body = next(one for one in parts.functions if one.name == "free_4")
    lines = [*known.lines[: body.last], "    return Names.where", *known.lines[body.last :]]
    part = excerpt(known, lines, change(known.lines, lines))
    assert part is not None and len(part[0]) == len(lines)
    kept = [line.strip() for line in part[0] if line.strip() not in ("", "pass")]
    assert kept == [
        "import operator; from typing import TYPE_CHECKING",
        "if TYPE_CHECKING:",
        'ROOT = "lega" "cy"',
        'WHERE = f"{ROOT}.mod"',
        "class Names:",
        "where = WHERE",
        "def load(): ...",
        "def free_4(value):",
        "def inner():",
        "return value",
        "return inner",
        "return Names.where",
    ]


def test_changes_are_found_as_lines() -> None:
    assert change(["a", "b", "c"], ["a", "c"]) == Change(2, 3, 2)
    assert change(["a", "c"], ["a", "b", "b", "c"]) == Change(2, 2, 4)
    assert change(["a"], ["a"]) == Change(2, 2, 2)
    assert change(["a", "a"], ["a", "a", "a"]) == Change(3, 3, 4)
    assert lines_of("\ufeffa\r\nb\rc\x0c\n") == ["a", "b", "c\x0c", ""]


def test_a_change_of_half_a_file_is_read_as_a_whole() -> None:
    lines = [f"x{number} = 1" for number in range(4000)]
    known = Known(lines, [], frame("\n".join(lines).encode()))
    assert excerpt(known, ["", *lines[:-1], "y = 1"], Change(1, 4001, 4002)) is None
