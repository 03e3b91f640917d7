"""Benchmark results of four tools, and of nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardcut.source.benchmarks import Series, read_benchmarks


def read(value: Any) -> list[Series]:
    found = read_benchmarks(json.dumps(value).encode())
    assert not found.problem, found.problem
    return found.series


def test_pytest_benchmark_takes_single_rounds_where_it_has_them() -> None:
    stats = {"data": [1.0, 2.0], "rounds": 2, "mean": 1.5, "stddev": 0.7, "median": 1.5, "iqr": 1, "min": 1.0}
    (one,) = read({"benchmarks": [{"name": "t", "fullname": "f.py::t", "stats": stats}]})
    assert (one.name, one.values, one.count, one.least, one.middle) == ("f.py::t", [1.0, 2.0], 2, 1.0, 1.0)


def test_hyperfine_names_a_command_with_its_parameters() -> None:
    results = [
        {"command": "a", "times": [1, 2], "mean": 1.5, "stddev": None},
        {"command": "a", "parameters": {"n": "2"}, "times": [3]},
        {"command": "a", "times": [9]},
    ]
    found = read({"results": results})
    assert [(one.name, one.values) for one in found] == [("a", [1, 2]), ("a (n=2)", [3]), ("a #2", [9])]


def test_asv_by_columns_by_objects_and_as_bare_numbers() -> None:
    columns = [
        "result",
        "params",
        "version",
        "started_at",
        "duration",
        "stats_ci_99_a",
        "stats_ci_99_b",
        "samples",
    ]
    rows = {
        "time_x": [
            [0.5, float("nan"), None],
            [["1", "2", "3"]],
            "v",
            0,
            0,
            [0.4, None, None],
            [0.6, None, None],
        ],
        "track_y": [[7], []],
    }
    found = read({"version": 2, "result_columns": columns, "results": rows, "params": {"machine": "m"}})
    assert [(one.name, one.median) for one in found] == [
        ("time_x(1)", 0.5),
        ("time_x(3)", None),
        ("track_y", 7.0),
    ]
    assert found[0].error == pytest.approx(0.2 / 5.152)
    stats = [{"ci_99": [1, 3], "q_25": 1, "q_75": 2}]
    first = {
        "a": 1.5,
        "b": {"result": [2], "params": [], "stats": stats},
        "c": {"result": 1, "stats_ci_99": 3},
    }
    old = read({"version": 1, "results": first})[:2]
    assert [(one.name, one.median, one.middle) for one in old] == [("a", 1.5, None), ("b", 2.0, 1.0)]
    assert old[1].error == pytest.approx(2 / 5.152)


def test_plain_json_with_places() -> None:
    found = read_benchmarks(b'{\n "a": 1,\n  "caf\\u00e9": [1, 2.5]}').series
    assert [(one.name, one.line, one.column, one.values) for one in found] == [
        ("a", 2, 2, [1]),
        ("café", 3, 3, [1, 2.5]),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is no JSON"),
        (b"[1]", "no object of names"),
        (b"{}", "holds no benchmark"),
        (b'{"a": "fast"}', "`a` is neither a number"),
        (b'{"a": [true]}', "`a` is neither a number"),
        (b'{"a": []}', "`a` is neither a number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is no JSON"),
        (b'{"a": ' + b"[" * 200_000, "nested too deep"),
        (b'{"benchmarks": [3]}', "without `stats`"),
        (b'{"results": [{"command": 3}]}', "without a `command`"),
    ],
)
def test_what_is_no_result(data: bytes, problem: str) -> None:
    assert problem in read_benchmarks(data).problem


def test_numbers_that_are_none_are_left_out() -> None:
    (one,) = read_benchmarks(b'{"a": [1, NaN, Infinity, 1e999]}').series
    assert one.values == [1]


def test_hostile_asv_costs_little() -> None:
    params = [[str(number) for number in range(200)]] * 8
    found = read({"version": 2, "result_columns": ["result", "params"], "results": {"a": [[1.0], params]}})
    assert len(found) == 1
