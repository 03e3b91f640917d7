"""What the parser is given, and that nothing of the code is lost on the way."""

import pytest

from hardcut.syntax import tags
from hardcut.syntax.parser import ParsedModule, parse
from hardcut.syntax.stream import StreamError, StreamReader


def first_names(source: str) -> list[tuple[str, int, int]]:
    """The name and range of each statement that is one name."""
    module = parse(source.encode())
    reader = module.reader()
    found = []
    for _ in range(reader.integer()):
        reader.expect(tags.EXPRESSION)
        reader.expect(tags.NAME)
        name = reader.string()
        reader.location()
        reader.expect(tags.END)
        reader.expect(tags.END)
        found.append((module.identifier(name, reader.start), reader.start, reader.end))
    return found


def statements(module: ParsedModule) -> int:
    return module.reader().integer()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", []),
        ("a", [("a", 0, 1)]),
        ("a\nbc; d", [("a", 0, 1), ("bc", 2, 4), ("d", 6, 7)]),
        ("é; b", [("é", 0, 2), ("b", 4, 5)]),
        ("日本; b; 日", [("日本", 0, 6), ("b", 8, 9), ("日", 11, 14)]),
        ("puzzle; é", [("puzzle", 0, 6), ("é", 8, 10)]),
        ("# type: ignore\na", [("a", 15, 16)]),
        ("#type:ignore[x]\na # type: int\n", [("a", 16, 17)]),
        ("# mypy: ignore-errors, always-true=A\na", [("a", 37, 38)]),
        ("\f\na\n\fb", [("a", 2, 3), ("b", 5, 6)]),
        ("a\n\\\nb", [("a", 0, 1), ("b", 4, 5)]),
    ],
)
def test_names_have_the_bytes_of_the_source(source: str, names: list[tuple[str, int, int]]) -> None:
    assert first_names(source) == names


@pytest.mark.parametrize(
    "condition",
    [
        "sys.platform == 'zork'",
        "sys.version_info < (3,)",
        "not TYPE_CHECKING",
        "not typing.TYPE_CHECKING, 'message'",
        "PY2",
        "not PY3",
        "(MYPY and PY2)",
        "sys.platform.startswith('zork')",
        "not (sys.version_info[0] == 3)",
    ],
)
@pytest.mark.parametrize("before", ["", "x = 1; ", "é = '# type: ignore'\n", "# type: ignore\n"])
def test_nothing_behind_a_false_assertion_is_dropped(condition: str, before: str) -> None:
    source = f"{before}assert {condition}\ny = 1\nz = 2\n"
    assert statements(parse(source.encode())) == 3 + ("=" in before)


@pytest.mark.parametrize(
    ("source", "start", "end", "message"),
    [
        ("x = (\n", 6, 6, "unexpected EOF"),
        ("a\nb c\nd", 4, 6, "newlines or semicolons"),
        ("é é\n", 3, 6, "newlines or semicolons"),
    ],
)
def test_a_syntax_error_has_a_place(source: str, start: int, end: int, message: str) -> None:
    (problem,) = parse(source.encode()).problems
    assert (problem.start, problem.end) == (start, end)
    assert message in problem.message


@pytest.mark.parametrize(
    "source",
    [
        "try: ...\nexcept A, B: ...",
        "t'{a}'",
        "type X[T] = T",
        "lazy import a",
        "[*x for x in y]",
        "f'{x!r:>{y}}'",
    ],
)
def test_syntax_of_every_version_is_read(source: str) -> None:
    assert parse(source.encode()).problems == []


INTEGERS = [
    (b"\x14", 0),
    (b"\x00", -10),
    (b"\xfe", 117),
    (b"\x01\x00", -100),
    (b"\xfd\xff", 16283),
    (b"\x03\x00\x00\x00", -10000),
    (b"\xfb\xff\xff\xff", 536860911),
]


@pytest.mark.parametrize(("stream", "value"), INTEGERS)
def test_integers_of_every_size(stream: bytes, value: int) -> None:
    reader = StreamReader(stream, [0])
    assert reader.bare_integer() == value
    assert reader.position == len(stream)


def test_a_large_integer() -> None:
    for value in (2**62, -(2**40), 2**31):
        module = parse(f"{value}".encode())
        reader = module.reader()
        assert reader.integer() == 1
        reader.expect(tags.EXPRESSION)
        if value < 0:
            reader.expect(tags.UNARY)
            reader.integer()
        reader.expect(tags.INTEGER_LITERAL)
        assert reader.integer() == abs(value)


def test_another_stream_is_an_error_with_its_place() -> None:
    with pytest.raises(StreamError, match="expected tag 152 at 0 of the syntax tree, found 1"):
        StreamReader(b"\x01", [0]).location()
