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


def test_bytes_of_any_kind() -> None:
    for data in (b"\xff # noqa: CUT101", b"", b"# noqa: CUT101\x00\n" * 3, b'"""\n# noqa: CUT101'):
        assert all(one.line >= 1 and one.column >= 1 for one in suppressions(data))
