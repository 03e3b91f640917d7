"""Configuration snapshots in CSV and JSON."""

from __future__ import annotations

import json

import pytest

from hardcut.source.settings import read_settings


def test_csv_by_header_in_any_order_and_without_one() -> None:
    for text in (
        'name,value\na.b,1\nc,"x,\ny"\nd,2\n',
        'a.b,1\nc,"x,\ny"\nd,2\n',
        "value\tKey\n1\ta.b\nx\tc\n2\td\n",
    ):
        found = read_settings("s.csv", text.encode(), "df")
        assert found.values.keys() == {"a.b", "c", "d"}
        assert found.values["a.b"] == "1"
    found = read_settings("s.csv", b'name,value\na.b,1\nc,"x,\ny"\nd,2\n', "df")
    assert found.places == {"a.b": (2, 1), "c": (3, 1), "d": (5, 1)}


def test_json_nested_as_rows_and_below_settings() -> None:
    nested = {"df": {"version": "1.0", "batch": 8, "on": True, "none": None, "list": [1, {"x": "y"}]}}
    found = read_settings("s.json", json.dumps(nested).encode(), "df")
    assert found.version == "1.0"
    assert found.values == {
        "df.batch": "8",
        "df.on": "true",
        "df.none": "",
        "df.list.0": "1",
        "df.list.1.x": "y",
    }
    rows = [{"name": "a", "value": "1"}, {"Name": "b", "Value": None, "description": "text"}]
    assert read_settings("s.json", json.dumps(rows).encode(), "df").values == {"a": "1", "b": ""}
    below = {"version": "2", "settings": {"a": "1"}}
    found = read_settings("s.json", json.dumps(below).encode(), "df")
    assert (found.version, found.values) == ("2", {"a": "1"})


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        ("s.csv", b"", "holds no setting"),
        ("s.csv", b"name,value\n", "holds no setting"),
        ("s.csv", b"just text\n", "no name and value in line 1"),
        ("s.csv", b'a,"' + b"x" * 200_000 + b'"', "is no CSV"),
        ("s.json", b"3", "no object of names"),
        ("s.json", b"{", "is no JSON"),
        ("s.json", b"[" * 200_000, "nested too deep"),
        ("s.json", b'{"a": {}}', "holds no setting"),
    ],
)
def test_what_is_no_snapshot(path: str, data: bytes, problem: str) -> None:
    assert problem in read_settings(path, data, "df").problem
