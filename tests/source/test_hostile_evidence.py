"""Files that gates are judged by come from anyone: whatever they hold, reading them ends in an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcut.rules.evidence.noise import compare, estimate
from hardcut.source.benchmarks import read_benchmarks
from hardcut.source.evidence import read_evidence
from hardcut.source.settings import read_settings
from hardcut.source.versions.read import read_versions

WORDS = """benchmarks stats data mean median min stddev iqr rounds fullname name results command times
parameters version result_columns result params samples stats_ci_99_a stats_ci_99_b machine_info node
settings value dependencies packages node_modules/df df package workspace hardcut steps passed what"""
KEYS = st.sampled_from(WORDS.split())
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | KEYS


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5)


VALUES = st.recursive(SCALARS, nested, max_leaves=25)
SMALL = st.recursive(SCALARS, nested, max_leaves=5)


def table(keys: str, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of a tool's form, with anything behind each of its keys."""
    return st.fixed_dictionaries(fixed, optional=dict.fromkeys(keys.split(), SMALL))


STATS = table("data mean median min stddev iqr rounds")
PYTEST = st.lists(table("name fullname", stats=STATS), min_size=1, max_size=3)
HYPERFINE = st.lists(table("parameters times mean stddev", command=st.text(max_size=3)), max_size=3)
COLUMNS = ["result", "params", "stats_ci_99_a", "stats_ci_99_b", "samples", "stats_repeat"]
ROW = st.lists(SMALL, max_size=6) | table("result params stats samples") | SMALL
ASV = st.dictionaries(st.text(max_size=3), ROW, max_size=3)
TOOLS = (
    table("machine_info", benchmarks=PYTEST)
    | table("version", results=HYPERFINE)
    | table("params", results=ASV, version=st.just(2), result_columns=st.just(COLUMNS))
    | table("version", settings=VALUES)
    | table("name version dependencies devDependencies workspace packages")
)
PATHS = [
    "pyproject.toml",
    "Cargo.toml",
    "Cargo.lock",
    "uv.lock",
    "package.json",
    "package-lock.json",
    "r.txt",
]


def read_all(data: bytes) -> None:
    results = read_benchmarks(data)
    for one in results.series:
        for statistic in ("mean", "median", "min"):
            found = estimate(one, statistic)
            if found is not None:
                compare(found, found, False)
    for path in ("s.json", "s.csv"):
        read_settings(path, data, "df")
    for path in PATHS:
        read_versions(path, data, "df")
    read_evidence(data)


@settings(deadline=None, max_examples=300)
@given(VALUES | TOOLS)
def test_any_json(value: Any) -> None:
    read_all(json.dumps(value).encode())


@settings(deadline=None, max_examples=80)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    read_all(data)


TABLES = st.sampled_from(
    [
        "[project]\n",
        "[tool.poetry.dependencies]\n",
        "[dependencies]\n",
        "[package]\n",
        "[[package]]\n",
        "[workspace.dependencies]\n",
        "[tool.uv.sources]\n",
        "[dependency-groups]\n",
    ]
)
PARTS = st.sampled_from(
    [
        "df", "dependencies", "version", "name", " = ", '"', "'", "[", "]", "{", "}", ",", "\n", "df>=1",
        "^1.2", "~=1", "path", ".", "1.0", "df @ file:///df-1.0-py3-none-any.whl", "\\", "#", " ; os>'3'",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(TABLES, st.lists(PARTS, max_size=12).map("".join)), max_size=4))
def test_any_toml(parts: list[tuple[str, str]]) -> None:
    read_all("".join(f"{table}{text}\n" for table, text in parts).encode())


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf{}", b"\x00" * 1000, b"name,value\r\n\x00,\x00\r\n", b"'" * 50_000]
)
def test_odd_bytes(data: bytes) -> None:
    read_all(data)
