"""Comments that silence linters are read as flake8 reads them."""

from __future__ import annotations

import pytest

from hardcut.source.suppressions import suppressions


@pytest.mark.parametrize(
    ("line", "codes", "whole"),
    [
        ("x = 1  # noqa", [], False),
        ("x = 1  # NoQA", [], False),
        ("x = 1  #noqa:CUT101", ["CUT101"], False),
        ("x = 1  # noqa: CUT101,E501", ["CUT101", "E501"], False),
        ("x = 1  # noqa: E501 CUT101 because", ["E501", "CUT101"], False),
        ("x = 1  # noqa: cut101", ["CUT101"], False),
        ("x = 1  # noqa: CUT", [], False),
        ("x = 1  # noqa: deleted-module-import", [], False),
        ("# flake8: noqa", [], True),
        ("# flake8: noqa: CUT101", ["CUT101"], True),
        ("# ruff: noqa", [], True),
        ("x = 1  # type: ignore # noqa: F401", ["F401"], False),
    ],
)
def test_forms(line: str, codes: list[str], whole: bool) -> None:
    (one,) = suppressions(f"a = 0\n{line}\n".encode())
    assert (one.line, one.codes, one.whole, one.comment) == (2, codes, whole, True)


def test_what_is_none() -> None:
    assert suppressions(b"x = 'noqa'\n# nothing\n# noqaX\n") == []
    assert [one.comment for one in suppressions(b's = "# noqa: CUT101"\n')] == [False]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('a = 1\ntext = """\none\n"""  # noqa\nb = 2\n', (2, 4)),
        ("import a, \\\n    b  # noqa\nc = 1\n", (1, 2)),
        ("import a, \\\n    b\nc = 1  # noqa\n", (3, 3)),
        ("from a import (  # noqa\n    b,\n)\n", (1, 1)),
        ("from a import (\n    b,\n)  # noqa\n", (3, 3)),
        ("'''one\n''' '''two\n'''  # noqa\n", (1, 3)),
        ('f"""{1}\n"""  # noqa\n', (1, 2)),
        ('f("""\n""", """\n# noqa""")\nx = 1\n', (1, 3)),
    ],
)
def test_lines_that_are_one_for_flake8(source: str, lines: tuple[int, int]) -> None:
    (one,) = suppressions(source.encode())
    assert (one.first, one.last) == lines


def test_blanket() -> None:
    source = b"x = 1  # noqa\nx = 1  # noqa: E501\n# flake8: noqa: E501\n"
    source += b"x = 1  # flake8: noqa: E501\n# ruff: noqa: E501\n"
    assert [one.blanket for one in suppressions(source)] == [True, False, True, False, False]


def test_bytes_of_any_kind() -> None:
    for data in (b"\xff # noqa: CUT101", b"", b"# noqa: CUT101\x00\n" * 3, b'"""\n# noqa: CUT101'):
        assert all(one.line >= 1 and one.column >= 1 for one in suppressions(data))
