"""The quick look at imports: it may list too much, and never misses one."""

from __future__ import annotations

import pytest

from hardcut.source.importscan import scan


@pytest.mark.parametrize(
    ("text", "imports", "names"),
    [
        ("import shop.old\n", [("shop.old", [])], ["shop"]),
        ("import shop . old as it, x. y\n", [("shop.old", []), ("x.y", [])], ["it", "x"]),
        ("import shop.old as it, legacy\n", [("shop.old", []), ("legacy", [])], ["it", "legacy"]),
        (
            "from shop import (\n    old,  # import\n    new as n,\n)\n",
            [("shop", ["old", "new"])],
            ["n", "old"],
        ),
        ("from . shop \\\n  import old\n", [(".shop", ["old"])], ["old"]),
        ("def f():\n    lazy from shop import old\n", [("shop", ["old"])], ["f"]),
        ("x = 1; import legacy; from shop import old\n", [("legacy", []), ("shop", ["old"])], ["x"]),
        ("if x: import legacy\n", [("legacy", [])], []),
        (
            "\ufeffimport legacy\r\nfrom shop import old\r",
            [("legacy", []), ("shop", ["old"])],
            ["legacy", "old"],
        ),
        ("important = from_import = imported()\n", [], ["important"]),
    ],
)
def test_imports_and_names(text: str, imports: list[tuple[str, list[str]]], names: list[str]) -> None:
    looked = scan(text.encode())
    assert (looked.imports, looked.names) == (imports, names)


def test_an_open_parenthesis_in_prose_hides_no_import() -> None:
    text = '"""\nfrom here import (what\n"""\nfrom shop import old\nprint(old)\n'
    assert ("shop", ["old"]) in scan(text.encode()).imports


def test_a_name_in_a_string_of_several_lines_is_unsure() -> None:
    source = b'"""Usage:\n\nimport inner\nwrong = make()\ndef wrong_too(): ...\n"""\nright = 1\n'
    assert (scan(source).names, scan(source).unsure) == (["inner", "right", "wrong", "wrong_too"], UNSURE)
    assert scan(source.replace(b'"""', b"'''")).unsure == UNSURE
    assert scan(b'"""One line."""\nright = 1\n').unsure == []
    assert scan(source + b"wrong = 2\n").unsure == ["inner", "wrong_too"]


UNSURE = ["inner", "wrong", "wrong_too"]
