"""Modules, entries that move names out of them, and the texts afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from hardcut.finding import Declared
from hardcut.plan.gates import Gate
from hardcut.plan.model import Move
from hardcut.refactor.comparison import DifferenceKind, Side, compare
from hardcut.refactor.moving import Ground, Moves, moves
from hardcut.refactor.moving_plan import NoteKind
from hardcut.source.definitions import Standing
from hardcut.source.modules import Roots
from hardcut.source.overlay import Overlay
from hardcut.source.tree import DiskTree

PLACE = Declared(path="cutover.toml", line=1)


def gate(old: str, new: str | list[str], *symbols: str, reason: str = "why") -> Gate[Move]:
    entry = Move(from_=old, to=new, symbols=list(symbols), reason=reason)
    return Gate(entry=entry, plan="p", wave="1", state="active", declared=PLACE)


def tree_of(root: Path, files: Mapping[str, str]) -> DiskTree:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return DiskTree(root)


def moved(
    root: Path,
    files: Mapping[str, str],
    *gates: Gate[Move],
    deleted: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
) -> Moves:
    tree = tree_of(root, {"shop/__init__.py": "", **files})
    paths = tree.listing(["."], []).files
    return moves(gates, Ground(tree, ["."], paths, kept, deleted))


def text_of(found: Moves, path: str) -> str:
    data = found.files[path]
    assert data is not None
    return data.decode()


def refused(found: Moves) -> list[str]:
    return [f"{note.subject}: {note.text}" for note in found.notes if note.kind is NoteKind.REFUSED]


def warned(found: Moves) -> list[str]:
    return [f"{note.subject}: {note.text}" for note in found.notes if note.kind is NoteKind.WARNING]


def test_a_definition_goes_with_its_decorators_comments_and_imports(tmp_path: Path) -> None:
    found = moved(
        tmp_path,
        {
            "shop/old.py": '''
            """Old."""

            from __future__ import annotations

            import json
            import os
            from functools import cache as cached
            from typing import TYPE_CHECKING

            from . import rates

            if TYPE_CHECKING:
                from decimal import Decimal

            # This comment is about nothing in particular.

            # What a price is.
            # Two lines.
            @cached
            def price(name: str) -> Decimal:
                # Inside.
                return rates.of(json.loads(name))  # behind
                # At the end.


            def stays() -> str:
                return os.sep
            ''',
            "shop/rates.py": "def of(x): return x\n",
        },
        gate("shop.old", "shop.price", "price", reason="prices have a module"),
    )
    assert not refused(found)
    assert text_of(found, "shop/price.py") == dedent(
        '''
        """Prices have a module."""

        from __future__ import annotations

        import json
        from functools import cache as cached
        from typing import TYPE_CHECKING

        from . import rates

        if TYPE_CHECKING:
            from decimal import Decimal


        # What a price is.
        # Two lines.
        @cached
        def price(name: str) -> Decimal:
            # Inside.
            return rates.of(json.loads(name))  # behind
            # At the end.
        '''
    ).lstrip("\n")
    assert text_of(found, "shop/old.py") == dedent(
        '''
        """Old."""

        from __future__ import annotations

        import os

        # This comment is about nothing in particular.


        def stays() -> str:
            return os.sep
        '''
    ).lstrip("\n")


def test_another_package_gets_absolute_imports(tmp_path: Path) -> None:
    found = moved(
        tmp_path,
        {
            "shop/old.py": """
            from .rates import of
            from . import rates


            def price():
                from .rates import late

                return of(1) + rates.of(2) + late
            """,
            "shop/rates.py": "late = 1\ndef of(x): return x\n",
            "market/__init__.py": "",
        },
        gate("shop.old", "market.deep.price", "price"),
    )
    text = text_of(found, "market/deep/price.py")
    assert "from shop import rates\nfrom shop.rates import of\n" in text
    assert "    from shop.rates import late\n" in text
    assert found.files["market/deep/__init__.py"] == b""


MODULE = """
_A = 1
_B = _A + 1
_SHARED = 5


def _helper():
    return _B


def first():
    return _helper() + _SHARED


def second():
    return _SHARED
"""


def test_private_names_go_along_if_only_moved_code_uses_them(tmp_path: Path) -> None:
    found = moved(tmp_path, {"shop/old.py": MODULE}, gate("shop.old", "shop.new", "first"))
    assert [name.name for name in found.names if name.along] == ["_A", "_B", "_helper"]
    text = text_of(found, "shop/new.py")
    assert text.index("_A = 1") < text.index("_B =") < text.index("def _helper") < text.index("def first")
    assert "from shop.old import _SHARED\n" in text


@pytest.mark.parametrize(
    "user",
    [
        "from shop.old import _helper\n",
        "import shop.old\nshop.old._helper()\n",
        "from shop import old as o\nprint(o._helper)\n",
        'from unittest import mock\nmock.patch("shop.old._helper")\n',
        'import shop.old as o\nsetattr(o, "_helper", 1)\n',
    ],
)
def test_private_names_stay_if_another_module_uses_them(tmp_path: Path, user: str) -> None:
    files = {"shop/old.py": MODULE, "shop/user.py": user}
    found = moved(tmp_path, files, gate("shop.old", "shop.new", "first"))
    assert [name.name for name in found.names if name.along] == []
    assert "import _SHARED, _helper\n" in text_of(found, "shop/new.py")


def test_overloads_and_conditional_definitions_move_whole(tmp_path: Path) -> None:
    source = """
    import sys
    from typing import overload


    @overload
    def get(x: int) -> int: ...
    @overload
    def get(x: str) -> str: ...
    def get(x):
        return x


    if sys.platform == "win32":
        def path(): return 1
    else:
        def path(): return 2

    STEPS = (1,)
    STEPS = (*STEPS, 2)
    TABLE = {}
    TABLE["a"] = 1
    TABLE.update(b=2)
    rest = 1
    """
    found = moved(
        tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "get", "path", "STEPS", "TABLE")
    )
    assert not refused(found)
    assert text_of(found, "shop/old.py") == "rest = 1\n"
    body = dedent(source).partition("@overload")[2].partition("rest")[0]
    assert text_of(found, "shop/new.py").partition("@overload")[2] == body


def test_types_in_strings_are_needed(tmp_path: Path) -> None:
    source = """
    from typing import TYPE_CHECKING, Optional, TypeVar, cast

    if TYPE_CHECKING:
        from decimal import Decimal


    class A:
        pass


    TABLE = {"A": 1, "B": 2}
    T = TypeVar("T", bound="A | Decimal")


    def f(x):
        return cast("list[A]", x), Optional["Decimal"]


    def g():
        return TABLE["A"]
    """
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "f", "g", "T", "TABLE"))
    text = text_of(found, "shop/new.py")
    assert "    from decimal import Decimal\n" in text
    assert "from shop.old import A\n" in text
    assert "Decimal" not in text_of(found, "shop/old.py")
    found = moved(tmp_path / "other", {"shop/old.py": source}, gate("shop.old", "shop.new", "g", "TABLE"))
    assert "import" not in text_of(found, "shop/new.py")


def test_comments_stay_with_what_they_are_about(tmp_path: Path) -> None:
    source = "# Apart.\n\na = 1\n# below a\n\n# Apart too.\n\n# above b\nb = 2\nc = 3\n"
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "a", "b", reason=""))
    assert text_of(found, "shop/new.py") == "a = 1\n# below a\n\n# above b\nb = 2\n"
    assert text_of(found, "shop/old.py") == "# Apart.\n\n# Apart too.\n\nc = 3\n"


def test_conditional_imports_go_with_the_only_code_that_uses_them(tmp_path: Path) -> None:
    source = "try:\n    import fast\nexcept ImportError:\n    fast = None\n\n\ndef f():\n    return fast\n"
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "f", reason=""))
    assert text_of(found, "shop/old.py") == ""
    assert text_of(found, "shop/new.py") == source


def test_all_is_split(tmp_path: Path) -> None:
    source = """
    __all__ = [
        "a",  # first
        "b",
        "c",
    ]
    a = 1
    b = 2
    c = 3
    """
    files = {"shop/old.py": source, "shop/new.py": '__all__ = ["z"]\nz = 0\n'}
    found = moved(tmp_path, files, gate("shop.old", "shop.new", "a", "c"))
    assert text_of(found, "shop/old.py") == '__all__ = [\n    "b",\n]\nb = 2\n'
    assert text_of(found, "shop/new.py") == '__all__ = ["z", "a", "c"]\nz = 0\n\na = 1\n\nc = 3\n'


def test_existing_homes_are_extended(tmp_path: Path) -> None:
    files = {
        "shop/old.py": "import json\nimport os\n\n\ndef f():\n    return json, os\n",
        "shop/new.py": (
            "import os\nfrom shop.old import f\n\nprint(os, f)\n\nif __name__ == '__main__':\n    f()\n"
        ),
    }
    found = moved(tmp_path, files, gate("shop.old", "shop.new", "f"))
    assert text_of(found, "shop/new.py") == (
        "import os\nimport json\n\nprint(os, f)\n\n\ndef f():\n    return json, os\n\n\n"
        "if __name__ == '__main__':\n    f()\n"
    )


def test_a_circle_is_broken_in_functions(tmp_path: Path) -> None:
    source = """
    from __future__ import annotations


    class Base:
        pass


    class Moved(Base):
        pass


    def make() -> Moved:
        return Moved()
    """
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "Moved"))
    assert not refused(found)
    assert "from shop.old import Base\n" in text_of(found, "shop/new.py")
    old = text_of(found, "shop/old.py")
    assert "def make() -> Moved:\n    from shop.new import Moved\n    return Moved()\n" in old
    assert "if TYPE_CHECKING:\n    from shop.new import Moved\n" in old
    assert any("would close a circle" in text for text in warned(found))


REFUSALS = {
    "import-time circle": ("class A: pass\nclass B(A): pass\nclass C(B): pass\n", ["B"], "move these names"),
    "circle by a call": (
        "class A: pass\ndef make():\n    return B()\nclass B(A): pass\nx = make()\n",
        ["B"],
        "when it is imported",
    ),
    "circle by a decorator": (
        "def d(f):\n    return B\nclass A: pass\nclass B(A): pass\n@d\ndef x(): pass\n",
        ["B"],
        "when it is imported",
    ),
    "no room for an import": (
        'class A: pass\nclass B(A): pass\ndef x():\n    """Doc."""; return B\n',
        ["B"],
        "when it is imported",
    ),
    "defined twice": ("def B(): pass\ndef B(): return 1\n", ["B"], "more than once (lines 1, 2)"),
    "read between two steps": ("B = 1\nx = B\nB = B + 1\n", ["B"], "line 2 reads one between"),
    "global elsewhere": ("B = 1\ndef f():\n    global B\n    B = 2\n", ["B"], "rebinds it with `global`"),
    "global of what stays": ("B = 1\ndef f():\n    global B\n    B = 2\n", ["f"], "rebinds `B`"),
    "deleted": ("B = 1\ndel B\n", ["B"], "`del`"),
    "bound by a loop": ("for B in range(3):\n    print(B)\n", ["B"], "`for` statement"),
    "one line": ("A = 1; B = 2\n", ["B"], "shares a line"),
    "one statement": ("A, B = 1, 2\n", ["B"], "also binds `A`"),
    "a block that does more": ("if True:\n    print(1)\n    B = 2\n", ["B"], "does more than define"),
    "star import": ("from os import *\ndef B():\n    return sep\n", ["B"], "star import may give"),
    "written to globals()": (
        "globals().update(os.environ)\ndef B():\n    return sep\n",
        ["B"],
        "writes to `globals()` may",
    ),
    "module getattr": (
        "def __getattr__(n): return n\ndef B():\n    return sep\n",
        ["B"],
        "`__getattr__` may",
    ),
    "not there": ("A = 1\n", ["B"], "neither shop.old nor shop.new defines it"),
    "a member": ("class A:\n    B = 1\n", ["A.B"], "moves with its class"),
    "dunder": ("__version__ = '1'\n", ["__version__"], "defines it"),
    "syntax error": ("B = 1\ndef (:\n", ["B"], "syntax error in line 2"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_move_is_refused(tmp_path: Path, case: str) -> None:
    source, names, reason = REFUSALS[case]
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", *names))
    assert not found.files, case
    (text,) = refused(found)
    assert reason in text


def test_global_moves_with_its_functions(tmp_path: Path) -> None:
    source = "B = 1\n\n\ndef f():\n    global B\n    B = 2\n"
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "B", "f"))
    assert not refused(found)
    assert text_of(found, "shop/new.py").endswith(source)


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    files = {"shop/old.py": "B = 1\n", "shop/new.py": "B = 2\n"}
    found = moved(tmp_path, files, gate("shop.old", "shop.new", "B"))
    assert refused(found) == ["B: shop.old and shop.new both define it"]
    assert not found.files


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("B = connect()\n", "B", "computed by calls"),
        ("@app.route('/')\ndef B(): pass\n", "B", "may register it"),
        ("B = __name__\n", "B", "reads `__name__`"),
        ("def B(): return globals()\n", "B", "calls `globals`"),
        ("class B: pass\nregister(B)\n", "B", "runs only if that is imported"),
    ],
)
def test_what_may_behave_differently_is_a_warning(tmp_path: Path, source: str, name: str, text: str) -> None:
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", name))
    assert not refused(found)
    assert any(text in warning for warning in warned(found))


def test_pure_decorators_and_values_warn_of_nothing(tmp_path: Path) -> None:
    source = "from dataclasses import dataclass\n\nT = frozenset({1})\n\n\n@dataclass\nclass B:\n    x: int\n"
    found = moved(tmp_path, {"shop/old.py": source}, gate("shop.old", "shop.new", "B", "T"))
    assert not found.notes


def test_an_emptied_module_is_deleted_if_the_plan_deletes_it(tmp_path: Path) -> None:
    source = '"""Old."""\nimport os\n\n__all__ = ["a"]\n\n_s = 1\na = os.sep, _s\nb = _s\n'
    entries = gate("shop.old", "shop.new", "a"), gate("shop.old", "shop.other", "b")
    found = moved(tmp_path, {"shop/old.py": source}, *entries, deleted=frozenset({"shop.old"}))
    assert found.files["shop/old.py"] is None
    assert "from shop.new import _s\n" in text_of(found, "shop/other.py")


def test_a_module_with_something_left_is_not_deleted(tmp_path: Path) -> None:
    source = "a = 1\nb = 2\n"
    entries = gate("shop.old", "shop.new", "a")
    found = moved(tmp_path, {"shop/old.py": source}, entries, deleted=frozenset({"shop.old"}))
    assert text_of(found, "shop/old.py") == "b = 2\n"
    assert "1 statements are left without a home: `b`" in refused(found)[0]


def test_several_homes_leave_names_open(tmp_path: Path) -> None:
    found = moved(tmp_path, {"shop/old.py": "a = 1\nb = 2\n"}, gate("shop.old", ["shop.x", "shop.y"]))
    assert "2 names have no home of their own" in refused(found)[0]
    assert not found.files


def test_whole_modules_and_packages_are_renamed(tmp_path: Path) -> None:
    files = {
        "market/__init__.py": "",
        "shop/old.py": "from .rates import x\nfrom . import rates\n",
        "shop/rates.py": "x = 1\n",
        "shop/deep/__init__.py": "from .leaf import y\n",
        "shop/deep/leaf.py": "from ..rates import x\nfrom . import leaf\ny = x\n",
        "shop/deep/data.txt": "data\n",
    }
    found = moved(tmp_path, files, gate("shop.old", "market.new"), gate("shop.deep", "market.deep"))
    assert not refused(found)
    assert text_of(found, "market/new.py") == "from shop.rates import x\nfrom shop import rates\n"
    assert text_of(found, "market/deep/leaf.py") == "from shop.rates import x\nfrom . import leaf\ny = x\n"
    assert found.files["market/deep/data.txt"] == b"data\n"
    assert found.files["market/deep/__init__.py"] == b"from .leaf import y\n"
    assert ("shop/deep/leaf.py", "market/deep/leaf.py") in found.renames
    assert [found.files[path] for path, _ in found.renames] == [None] * 4


def test_line_ends_and_encodings_stay(tmp_path: Path) -> None:
    tree_of(tmp_path, {"shop/__init__.py": ""})
    (tmp_path / "shop/old.py").write_bytes(b"# coding: latin-1\r\na = '\xe9'\r\nb = '\xe9'\r\n")
    tree = DiskTree(tmp_path)
    ground = Ground(tree, ["."], ["shop/old.py"], frozenset(), frozenset())
    found = moves([gate("shop.old", "shop.new", "a", reason="")], ground)
    assert found.files["shop/old.py"] == b"# coding: latin-1\r\nb = '\xe9'\r\n"
    assert found.files["shop/new.py"] == "a = 'é'\r\n".encode()


def test_a_home_in_a_package_that_is_not_the_projects_is_refused(tmp_path: Path) -> None:
    entries = gate("shop.old", "numpy.prices", "a"), gate("shop.rates", "numpy.rates")
    found = moved(tmp_path, {"shop/old.py": "a = 1\n", "shop/rates.py": "b = 1\n"}, *entries)
    assert not found.files
    assert [text.partition(":")[0] for text in refused(found)] == ["numpy.prices", "numpy.rates"]


def test_stubs(tmp_path: Path) -> None:
    files = {f"shop/{name}.py{end}": "a = 1\n" for name in ("old", "rates") for end in ("", "i")}
    found = moved(tmp_path, files, gate("shop.old", "shop.new", "a"), gate("shop.rates", "shop.deep.prices"))
    assert any("the stub is left as it is" in text for text in warned(found))
    assert ("shop/rates.pyi", "shop/deep/prices.pyi") in found.renames


def test_a_re_export_goes_without_a_definition(tmp_path: Path) -> None:
    source = '__all__ = ["NAME", "b"]\nfrom shop.names import NAME, OTHER\nb = OTHER\n'
    files = {
        "shop/old.py": source,
        "shop/names.py": "NAME = 1\nOTHER = 2\n",
        "shop/use.py": "from shop.old import NAME\n",
    }
    found = moved(tmp_path, files, gate("shop.old", "shop.names", "NAME"))
    assert not refused(found)
    assert found.re_exports == ["shop.old.NAME"]
    assert text_of(found, "shop/old.py") == '__all__ = ["b"]\nfrom shop.names import OTHER\nb = OTHER\n'
    found = moved(tmp_path, files, gate("shop.old", "shop.use", "NAME"))
    assert "imports it from shop.names, and does not define it" in refused(found)[0]


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    entries = gate("shop.old", "shop.new", "first")
    found = moved(tmp_path, {"shop/old.py": MODULE}, entries)
    tree = Overlay(DiskTree(tmp_path), found.files)
    again = moves([entries], Ground(tree, ["."], tree.listing(["."], []).files, frozenset(), frozenset()))
    assert not again.files
    assert not again.notes


# What `--verify` reports.

CHANGES = {
    "nothing": ({}, []),
    "a changed value": ({"shop/new.py": "a = 2\n"}, [DifferenceKind.CHANGED]),
    "a lost definition": ({"shop/new.py": ""}, [DifferenceKind.LOST]),
    "a copy": ({"shop/old.py": "a = 1\nb = 2\n"}, [DifferenceKind.DUPLICATE] * 2),
    "a new definition": ({"shop/new.py": "a = 1\nz = 3\n"}, [DifferenceKind.NEW]),
    "not moved": ({"shop/old.py": "a = 1\nb = 2\n", "shop/new.py": ""}, [DifferenceKind.PLACE]),
    "moved without an entry": ({"shop/old.py": "", "shop/new.py": "a = 1\nb = 2\n"}, [DifferenceKind.PLACE]),
    "an unknown name": ({"shop/use.py": "from shop.new import a\nprint(a, q)\n"}, [DifferenceKind.NAME]),
    "an unused import": (
        {"shop/use.py": "import os\nfrom shop.new import a\nprint(a)\n"},
        [DifferenceKind.NAME],
    ),
    "a dangling import": ({"shop/use.py": "from shop.old import a\nprint(a)\n"}, [DifferenceKind.IMPORT]),
    "a syntax error": ({"shop/use.py": "from shop.new import (\n"}, [DifferenceKind.SYNTAX]),
}


@pytest.mark.parametrize("case", CHANGES)
def test_verify_lists_what_differs(tmp_path: Path, case: str) -> None:
    changes, kinds = CHANGES[case]
    before = {"shop/old.py": "a = 1\nb = 2\n", "shop/use.py": "from shop.old import a\nprint(a)\n"}
    after = {
        "shop/old.py": "b = 2\n",
        "shop/new.py": "a = 1\n",
        "shop/use.py": "from shop.new import a\nprint(a)\n",
    }
    sides = []
    for name, files in (("before", before), ("after", {**after, **changes})):
        tree = tree_of(tmp_path / name, {"shop/__init__.py": "", **files})
        sides.append(Side(tree, Roots(tree, ["."]), tree.listing(["."], []).files))
    defined = {"shop.new.a", "shop.old.b"}

    def standing(path: str) -> Standing:
        return Standing.DEFINED if path in defined or not path.startswith("shop.") else Standing.MISSING

    found = compare([gate("shop.old", "shop.new", "a")], frozenset(), sides[0], sides[1], standing)
    assert [difference.kind for difference in found.differences] == kinds
