"""Bytes to text, as Python reads them."""

from __future__ import annotations

import ast
import io
import tokenize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardcut.source.decode import LIMIT, MAX_BRACKETS, MAX_INDENTS, MAX_REPORTED, TOKENS, decode
from hardcut.source.facts import Span
from tests.limits import within

COOKIES = [
    "latin-1",
    "cp1252",
    "utf-8",
    "UTF8",
    "koi8-r",
    "shift_jis",
    "gbk",
    "ascii",
    "nothing",
    "utf-16",
    "hex",
]


def lines(data: bytes) -> int:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1


def whys(data: bytes) -> list[str]:
    return [problem.why for problem in decode(data).problems]


def test_plain_source_is_given_as_it_is() -> None:
    data = "x = 'é'\n".encode()
    decoded = decode(data)
    assert decoded.text == "x = 'é'\n"
    assert decoded.data is data
    assert (decoded.encoding, decoded.problems) == ("utf-8", [])


@pytest.mark.parametrize(
    ("head", "encoding", "byte", "character"),
    [
        (b"# -*- coding: latin-1 -*-\n", "iso8859-1", b"\xe9", "é"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n", "cp1252", b"\x80", "€"),
        (b"\n# coding=koi8-r\n", "koi8-r", b"\xc1", "а"),  # noqa: RUF001
        (b"# coding: utf-8-sig\n", "utf-8", "é".encode(), "é"),
        (b"# coding: iso-8859-15\n", "iso8859-15", b"\xa4", "€"),
        (b"# coding: Latin_1-mac\r\n", "iso8859-1", b"\xe9", "é"),
        (b"\xef\xbb\xbf# coding: utf-8\n", "utf-8", "é".encode(), "é"),
    ],
)
def test_the_cookie_decides(head: bytes, encoding: str, byte: bytes, character: str) -> None:
    decoded = decode(head + b"x = '" + byte + b"'\n")
    assert decoded.text.endswith(f"x = '{character}'\n")
    assert not decoded.text.startswith("\ufeff")
    assert decoded.data == decoded.text.encode()
    assert decoded.problems == []
    assert decoded.encoding == encoding


def test_a_cookie_after_code_or_on_the_third_line_is_none() -> None:
    for head in (b"x = 1\n# coding: latin-1\n", b"\n\n# coding: latin-1\n"):
        decoded = decode(head + b"y = '\xe9'\n")
        assert decoded.encoding == "utf-8"
        assert [problem.span.line for problem in decoded.problems] == [head.count(b"\n") + 1]


@pytest.mark.parametrize("name", ["nothing", "hex", "utf-16", "punycode", "undefined", "x" * 500])
def test_an_unknown_cookie_is_told_and_names_are_still_read(name: str) -> None:
    decoded = decode(b"\n# coding: " + name.encode() + b"\nimport a  # \xe9\n")
    assert "import a" in decoded.text
    (problem,) = decoded.problems
    assert (problem.span.line, problem.why.split(" ")[0]) == (2, "unknown")


def test_a_cookie_against_the_byte_order_mark_is_told() -> None:
    decoded = decode(b"\xef\xbb\xbf# coding: latin-1\nx = '\xc3\xa9'\n")
    assert decoded.text.endswith("'é'\n")
    assert "byte order mark" in decoded.problems[0].why


def test_escapes_of_a_cookie_are_read_as_python_reads_them() -> None:
    assert decode(b"# coding: unicode_escape\n# \\nimport os").text.endswith("\nimport os")


def test_undecodable_bytes_are_replaced_line_by_line() -> None:
    decoded = decode(b"ok\nx = '\xff\xfe'\n\n\xff\n")
    assert decoded.text == "ok\nx = '\ufffd\ufffd'\n\n\ufffd\n"
    assert [problem.span for problem in decoded.problems] == [Span(2, 6, 2, 9), Span(4, 1, 4, 2)]


def test_replacement_characters_of_the_author_are_no_problem() -> None:
    decoded = decode("# \ufffd\n".encode() + b"\xff\n")
    assert [problem.span.line for problem in decoded.problems] == [2]


def test_only_so_many_lines_are_reported() -> None:
    assert len(decode(b"\xff\n" * 100).problems) == MAX_REPORTED


def test_nul_bytes_are_blanked() -> None:
    decoded = decode(b"a\nimport\0b\n")
    assert decoded.text == "a\nimport b\n"
    assert [(problem.span.line, problem.why) for problem in decoded.problems] == [(2, "NUL bytes")]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_are_python_s(end: str) -> None:
    decoded = decode(f"a{end}b\x0c\x0b\x1c\x85\u2028c{end}d".encode())
    assert decoded.text == "a\nb\x0c\x0b\x1c\x85\u2028c\nd"
    assert decoded.data == decoded.text.encode()


def test_large_files_are_not_read() -> None:
    decoded = decode(b"#" * (LIMIT + 1))
    assert (decoded.text, decoded.data, len(decoded.problems)) == ("", b"", 1)
    assert decode(b"#" * LIMIT).problems == []


def nested(depth: int) -> bytes:
    return b"x = " + b"(" * depth + b"1" + b")" * depth + b"\nimport a\n"


def test_brackets_beyond_python_s_limit_are_blanked() -> None:
    assert decode(nested(MAX_BRACKETS)).problems == []
    decoded = decode(nested(MAX_BRACKETS + 50))
    assert [(one.span, one.why) for one in decoded.problems] == [
        (Span(1, 205, 1, 306), "brackets nested too deeply")
    ]
    first, rest = decoded.text.split("\n", 1)
    assert first == "x = " + "(" * MAX_BRACKETS + " " * 101 + ")" * MAX_BRACKETS
    assert rest == "import a\n"


def test_brackets_that_never_close_take_the_rest() -> None:
    decoded = decode(b"x = " + b"[\n" * 300 + b"import a\n")
    assert decoded.text.count("[") == MAX_BRACKETS
    assert "import" not in decoded.text
    assert decoded.problems[0].span == Span(201, 1, 302, 1)


def test_brackets_of_all_kinds_nest_together() -> None:
    assert whys(b"([{" * 66 + b"}])" * 66) == []
    assert whys(b"([{" * 70 + b"}])" * 70) == ["brackets nested too deeply"]
    assert whys(b"(" * 180 + b"([{" * 30 + b"}])" * 30) == ["brackets nested too deeply"]


def test_stray_closing_brackets_lend_no_depth() -> None:
    assert whys(b")" * 100 + nested(MAX_BRACKETS + 1)) == ["brackets nested too deeply"]
    assert whys(b")" * 100 + nested(MAX_BRACKETS)) == []


def test_several_deep_places() -> None:
    assert len(decode(nested(300) * 2).problems) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"'((((((((((((((((((((',\n",
        b"'" + b"(" * 300 + b"'\n",
        b'"""[[[[\n[[[["""\n',
        b"# {{{{{{{{{{{\n",
        b"'\\'(((('\n",
        b"f'(((( {x}'\n",
    ],
)
def test_brackets_in_strings_and_comments_are_no_nesting(line: bytes) -> None:
    data = line * 400
    assert decode(data).problems == []
    assert decode(data).data is data


def test_an_f_string_s_fields_are_code() -> None:
    assert whys(b"f'{" + b"(" * 300 + b"}'\n") == ["brackets nested too deeply"]


def staircase(levels: int, step: bytes = b" ") -> bytes:
    return b"".join(step * level + b"if x:\n" for level in range(levels)) + step * levels + b"y\nimport a\n"


@pytest.mark.parametrize("step", [b" ", b"\t", b"  "])
def test_indentation_beyond_python_s_limit_is_blanked(step: bytes) -> None:
    assert decode(staircase(MAX_INDENTS, step)).problems == []
    decoded = decode(staircase(MAX_INDENTS + 20, step))
    (problem,) = decoded.problems
    assert problem.why == "indented too deeply"
    assert (problem.span.line, problem.span.end_line) == (MAX_INDENTS + 2, MAX_INDENTS + 21)
    assert decoded.text.count("if x:") == MAX_INDENTS + 1
    assert decoded.text.endswith("\nimport a\n")


def test_wide_indentation_is_no_deep_one() -> None:
    steps = b"".join(b" " * step + b"1,\n" for step in range(150))
    data = b"x = (\n" + steps + b")\ny = (1,\n" + b" " * 150 + b"2)\nif x:\n" + b" " * 150 + b"y\n"
    assert decode(data).data is data


@pytest.mark.parametrize(
    "data",
    [
        b"(" * 2_000_000,
        b"(" * 300 + b"()" * 500_000,
        b'\\"' * 1_000_000,
        b"f'{'" * 500_000,
        b"\0\n" * 1_000_000,
        b"\xff\n" * 1_000_000,
        b"# coding: " + b"x" * 2_000_000,
        b"#" + b"coding" * 500_000,
        b"(" * 201 + (b"\n" + b" " * 120) * 20_000,
        b'("""' * 500_000,
    ],
    ids=range(10),
)
def test_hostile_files_take_linear_time(data: bytes) -> None:
    with within(10):
        decoded = decode(data)
    assert lines(data) == decoded.text.count("\n") + 1


pieces = st.sampled_from(
    [
        b"\r",
        b"\n",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xc3\xa9",
        b"(" * 201,
        b")" * 150,
        b"'",
        b'"""',
        b"\\",
        b" " * 110,
        b"x",
    ]
)
heads = st.builds(
    lambda bom, name: bom + b"# coding: " + name.encode() + b"\n",
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from(COOKIES),
)
sources = st.builds(
    lambda head, body: head + b"".join(body),
    st.one_of(st.just(b""), heads),
    st.lists(st.one_of(pieces, st.binary(max_size=8)), max_size=30),
)


@given(sources)
@example(b"\xff\xfei\0m\0")
def test_any_bytes_give_text_with_the_same_lines(data: bytes) -> None:
    decoded = decode(data)
    assert decoded.text.count("\n") + 1 == lines(data)
    assert decoded.data == decoded.text.encode()
    assert "\0" not in decoded.text and "\r" not in decoded.text
    count = decoded.text.count("\n") + 1
    assert all(1 <= one.span.line <= one.span.end_line <= count for one in decoded.problems)


@given(st.binary(max_size=60))
def test_any_bytes_at_all_are_read(data: bytes) -> None:
    assert decode(data).text.count("\n") + 1 == lines(data)


@pytest.mark.filterwarnings("ignore")
@given(sources)
def test_what_python_reads_is_read_without_problems(data: bytes) -> None:
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        data.decode(encoding)  # a comment may hold any bytes where a cookie says UTF-8
        tree = ast.parse(data)
    except (SyntaxError, ValueError, LookupError):
        return
    decoded = decode(data)
    assert decoded.problems == []
    assert ast.dump(ast.parse(decoded.text)) == ast.dump(tree)


@pytest.mark.filterwarnings("ignore")
@given(st.text(alphabet="()[]{}\"'#\\\nfa ", max_size=80))
def test_tokens_never_overlap_and_cover_every_bracket_python_sees(text: str) -> None:
    try:
        compile(text, "x", "exec")
        seen = [
            token.start
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.OP and token.string in tuple("()[]{}")
        ]
    except (SyntaxError, tokenize.TokenError, ValueError):
        return
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = {
        token.start() + offset
        for token in TOKENS.finditer(text)
        if token.lastgroup in ("open", "close")
        for offset in range(len(token[0]))
    }
    assert {starts[row - 1] + column for row, column in seen} == found
