"""Whatever a manifest is turned into, it loads or says what is wrong, within the file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import load_plan

from hardcut.plan.errors import ManifestError, describe
from hardcut.plan.manifest_source import Places
from hardcut.plan.model import Manifest
from hardcut.plan.source_map import Locations
from hardcut.plan.starter import starter
from hardcut.plan.type_validation import all_problems

VALID = re.sub(r"(?m)^#(?=\S)", "", starter("größe"))
LINES = VALID.split("\n")
KEYS = [match.span(1) for match in re.finditer(r"(?m)^(\w+) = ", VALID)]
VALUES = [match.span(1) for match in re.finditer(r"(?m)^\w+ = (.+)$", VALID)]
OTHERS = [
    "1", "-1", "1.5", "inf", "true", "[]", "{}", '""', '" "', "[1]", '["a"]', "[[]]", "{ a = 1 }",
    "2031-01-01", "07:32:00", "1979-05-27T07:32:00Z", '"a.b"', '"wave 0"', '"/a"', '"../a"',
    "9" * 30, '"\\u0000"', '"x\\ny"',
]  # fmt: skip
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def judge(folder: Path, data: bytes) -> None:
    """Load the bytes: either it works, or every problem is sorted, printable and within the file."""
    path = folder / "cutover.toml"
    path.write_bytes(data)
    try:
        load_plan(path, folder)
    except ManifestError as error:
        assert error.problems == sorted(error.problems)
        assert error.problems
        lines = data.split(b"\n")
        for problem in error.problems:
            assert 1 <= problem.line <= len(lines), describe(problem)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, describe(problem)
            assert problem.path == "cutover.toml"
            assert problem.message.isprintable(), describe(problem)
            assert problem.key.isprintable(), describe(problem)


def replaced(span: tuple[int, int], text: str) -> str:
    """The valid manifest with a part of it replaced."""
    return VALID[: span[0]] + text + VALID[span[1] :]


@RELAXED
@given(
    st.sampled_from(KEYS),
    st.one_of(st.sampled_from(["modul", "a.b", "'x y'", '""', "state"]), st.text(max_size=8)),
)
def test_renamed_keys(tmp_path: Path, span: tuple[int, int], name: str) -> None:
    judge(tmp_path, replaced(span, name).encode())


@RELAXED
@given(st.lists(st.tuples(st.integers(0, len(VALUES) - 1), st.sampled_from(OTHERS)), min_size=1, max_size=6))
def test_swapped_values(tmp_path: Path, swaps: list[tuple[int, str]]) -> None:
    text = VALID
    for at, value in sorted(dict(swaps).items(), reverse=True):
        text = text[: VALUES[at][0]] + value + text[VALUES[at][1] :]
    judge(tmp_path, text.encode())


@RELAXED
@given(st.integers(0, len(VALID.encode())))
def test_truncations(tmp_path: Path, length: int) -> None:
    judge(tmp_path, VALID.encode()[:length])


@RELAXED
@given(
    st.lists(st.tuples(st.integers(0, len(VALID.encode())), st.binary(max_size=4)), min_size=1, max_size=4)
)
def test_spliced_bytes(tmp_path: Path, splices: list[tuple[int, bytes]]) -> None:
    data = VALID.encode()
    for at, piece in splices:
        data = data[:at] + piece + data[at + 1 :]
    judge(tmp_path, data)


@RELAXED
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    judge(tmp_path, data)


@RELAXED
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_shuffled_lines(tmp_path: Path, lines: list[str]) -> None:
    judge(tmp_path, "\n".join(lines).encode())


def _toml() -> st.SearchStrategy[object]:
    names = st.sampled_from(
        ["plan", "name", "wave", "id", "delete", "module", "keep", "symbols", "to", "from", "x"]
    )
    leaves = st.one_of(
        st.text(max_size=5), st.integers(), st.booleans(), st.floats(), st.dates(), st.just("a.b")
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    )


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(["plan", "wave", "waiver", "revive", "x"]), _toml(), max_size=4))
def test_the_walk_finds_what_msgspec_refuses(tables: dict[str, object]) -> None:
    """Whatever msgspec refuses has a problem with a key or a type, and what is left converts."""
    try:
        msgspec.convert(tables, Manifest)
    except msgspec.ValidationError:
        unsaid = "msgspec said no, and the walk did not say why"
        found = all_problems(tables, Places("x", Locations("")), unsaid)
        assert unsaid not in [problem.message for problem in found]
        assert found


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_of_the_starter_is_where_it_is_written(newline: str) -> None:
    """The place of each value is on its key's line, and the value's text starts there."""
    text = VALID.replace("\n", newline)
    locations = Locations(text)
    lines = text.split("\n")

    def walk(value: object, path: tuple[str | int, ...]) -> int:
        if isinstance(value, dict):
            return sum(walk(item, (*path, key)) for key, item in value.items())
        if isinstance(value, list):
            return sum(walk(item, (*path, index)) for index, item in enumerate(value))
        key = next(part for part in reversed(path) if isinstance(part, str))
        spot = locations.value(path)
        line = lines[spot.line - 1]
        assert line.startswith(key), (path, line)
        literal = f'"{value}"' if isinstance(value, str) else str(value)
        assert line[spot.column - 1 :].startswith(literal), (path, line)
        return 1

    assert walk(tomllib.loads(text), ()) > 50
