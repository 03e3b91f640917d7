"""Notebooks' cells, and IPython's syntax in them."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcut.source.facts import Span
from hardcut.source.notebook import LIMIT, Cell, as_python, cells
from tests.limits import within


def notebook(*given: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"cells": given, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}


def only(data: bytes) -> Cell:
    (cell,) = cells(data)
    return cell


def test_cells_are_numbered_over_all_kinds() -> None:
    found = cells(
        notebook(
            {"cell_type": "markdown", "source": "# Title"},
            code(["import a\n", "import b"]),
            {"cell_type": "raw", "source": "raw"},
            code("x\r\ny\rz"),
        )
    )
    assert found.problems == []
    assert [(cell.number, cell.kind, cell.text, cell.language) for cell in found] == [
        (1, "markdown", "# Title", "markdown"),
        (2, "code", "import a\nimport b", "python"),
        (3, "raw", "raw", "text"),
        (4, "code", "x\ny\nz", "python"),
    ]


def test_format_3_keeps_its_cells_in_worksheets() -> None:
    data = {
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "source": "h"},
                    {"cell_type": "code", "input": ["a\n", "b"]},
                ]
            },
            {"cells": [{"cell_type": "code", "input": "c", "language": "ruby"}]},
        ]
    }
    assert [
        (cell.number, cell.kind, cell.text, cell.language) for cell in cells(json.dumps(data).encode())
    ] == [
        (1, "markdown", "h", "markdown"),
        (2, "code", "a\nb", "python"),
        (3, "code", "c", "text"),
    ]


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({}, "python"),
        ({"kernelspec": {"language": "python"}}, "python"),
        ({"kernelspec": {"language": "Python"}, "language_info": {"name": "ipython"}}, "python"),
        ({"kernelspec": {"name": "python3"}}, "python"),
        ({"kernelspec": {"language": "R"}}, "text"),
        ({"language_info": {"name": "julia"}}, "text"),
        ({"kernelspec": None, "language_info": []}, "python"),
    ],
)
def test_the_kernel_decides_the_language(metadata: dict[str, Any], language: str) -> None:
    assert only(notebook(code("import a"), **metadata)).language == language


@pytest.mark.parametrize(
    ("source", "language", "read"),
    [
        ("%%bash\npython -m a", "shell", "%%bash\npython -m a"),
        ("%%!\nls", "shell", "%%!\nls"),
        ("%%html\n<b>", "text", "%%html\n<b>"),
        ("%%unheard of\nx", "text", "%%unheard of\nx"),
        ("\n%%time\n!ls\nimport a", "python", "\n#%time\n#ls\nimport a"),
        ("%%timeit -n 1\na.b()", "python", "#%timeit -n 1\na.b()"),
        ("x = 1\n%%time\n", "python", "x = 1\n#%time\n"),
    ],
)
def test_cell_magics(source: str, language: str, read: str) -> None:
    cell = only(notebook(code(source)))
    assert (cell.kind, cell.language, cell.text, cell.code) == ("code", language, source, read)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("%load_ext x\nimport a", "#load_ext x\nimport a"),
        ("!echo it's (\nimport a", "#echo it's (\nimport a"),
        ("!a \\\n  b \\\n\nimport a", "#a \\\n# b \\\n\nimport a"),
        ("?a.b\na.b?\na.b??\n*a*?\nx", "#a.b\na.b \na.b  \n#a*?\nx"),
        ("x = !ls *.py\ny = 1", "x = 0#s *.py\ny = 1"),
        ("x, y = %magic it's\ny = 1", "x, y = 0#agic it's\ny = 1"),
        ("if x:\n    !ls\n", "if x:\n    0  \n"),
        ("if x:\n    %foo\n", "if x:\n    pass\n"),
        ("if x:\n    %matplotlib inline\n", "if x:\n    pass#lotlib inline\n"),
        ("%time x = a.b()", "if 1: x = a.b()"),
        ("%time x = a \\\n + b", "if 1: x = a \\\n + b"),
        ("%timeit  a.b()", "if    1: a.b()"),
        ("%timeit -n 10 a.b()", "#timeit -n 10 a.b()"),
        ("%time for x in y: z", "#time for x in y: z"),
        ("x = (a\n % b)\n", "x = (a\n % b)\n"),
        ("x = a \\\n % b\n", "x = a \\\n % b\n"),
        ("'''\n%s\n!x\ny?\n'''\n!z", "'''\n%s\n!x\ny?\n'''\n#z"),
        ("# why?\nx = a % b != c  # so?\n", "# why?\nx = a % b != c  # so?\n"),
    ],
)
def test_line_magics(source: str, read: str) -> None:
    assert as_python(source) == read
    assert [len(line) for line in read.split("\n")] == [len(line) for line in source.split("\n")]
    ast.parse(read)


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"{\n  oops", 2, "no JSON"),
        (b"[]", 1, "no notebook"),
        (b"{}", 1, "no notebook"),
        (b'{"cells": 1}', 1, "no notebook"),
        (b"[" * 200_000, 1, "JSON nested too deeply"),
        (b"1" * 10_000, 1, "a number with too many digits"),
        (b"\xff\xfe", 1, "no JSON"),
    ],
    ids=range(7),
)
def test_what_is_no_notebook_is_a_problem(data: bytes, line: int, why: str) -> None:
    found = cells(data)
    assert found.cells == []
    (problem,) = found.problems
    assert problem.span.line == line
    assert problem.why.startswith(why)


def test_a_huge_notebook_is_not_read() -> None:
    assert "larger" in cells(b" " * (LIMIT + 1)).problems[0].why


def test_an_empty_file_is_an_empty_notebook() -> None:
    assert cells(b" \n") == cells(notebook())


def test_a_cell_without_source_is_a_problem_of_its_own() -> None:
    found = cells(notebook(code("a"), {"cell_type": "code"}, code("b")))
    assert [cell.number for cell in found] == [1, 3]
    assert [problem.span for problem in found.problems] == [Span(1, 1, 1, 1, 2)]


def test_half_a_character_is_replaced() -> None:
    data = b'\xef\xbb\xbf{"cells": [{"cell_type": "code", "source": "x = \'\\ud83d\'"}]}'
    assert only(data).code == "x = '\ufffd'"


@pytest.mark.parametrize("part", ["!a\n", "x = !", "a?", "'''\n%", "(\n!", "%time ", "[\\\n", "%%", " \t"])
def test_long_cells_take_linear_time(part: str) -> None:
    with within(10):
        as_python(part * 100_000)


fragments = st.lists(
    st.sampled_from(
        [
            "%m a",
            "!ls",
            "?x",
            "x?",
            "a = !b",
            "\\",
            "\n",
            "\n    ",
            "'",
            '"""',
            "(",
            ")",
            "%",
            "import a",
            "if x:",
            "%%time",
        ]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(fragments, st.text(max_size=40)))
def test_replacing_keeps_lines_and_columns(text: str) -> None:
    read = as_python(text)
    assert [len(line) for line in read.split("\n")] == [len(line) for line in text.split("\n")]


@pytest.mark.filterwarnings("ignore")
@given(fragments)
def test_python_stays_as_it_is(text: str) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert as_python(text) == text


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "metadata", "source", "input", "cell_type", "kernelspec", "language"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(st.one_of(values.map(lambda value: json.dumps(value).encode()), st.binary(max_size=40)))
def test_no_file_makes_it_fail(data: bytes) -> None:
    found = cells(data)
    assert found.cells or found.problems or b"[" in data or not data.strip()
    assert all(len(cell.text) == len(cell.code) for cell in found)
