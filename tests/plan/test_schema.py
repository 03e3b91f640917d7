"""The JSON Schema says of a manifest what the loader says, as far as a schema can."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import KINDS, Manifest
from hardcut.plan.schema import schema
from hardcut.plan.starter import starter

PROJECT = Path(__file__).resolve().parents[2]
HEAD = '[plan]\nname = "x"\n[[wave]]\nid = "0"\n'


def complaints(text: str) -> list[jsonschema.ValidationError]:
    """What an editor would underline. Editors hand dates over as texts."""
    values: Any = json.loads(json.dumps(tomllib.loads(text), default=str))
    return list(jsonschema.Draft202012Validator(schema()).iter_errors(values))


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$schema"].endswith("2020-12/schema")
    assert "$id" not in schema()
    json.dumps(schema())


def test_every_table_and_key_is_described() -> None:
    tables = schema()["$defs"]
    assert {table.__name__ for table in KINDS.values()} <= set(tables)
    for name, table in [*tables.items(), ("Manifest", schema())]:
        assert table["title"], name
        assert table["description"], name
        assert table["additionalProperties"] is False, name
        for key, value in table["properties"].items():
            assert value.get("description"), f"{name}.{key}"


def test_no_null_and_no_pattern_of_python_alone() -> None:
    text = json.dumps(schema())
    assert "null" not in text
    assert "\\\\Z" not in text
    assert text.count("\\\\w*)*$") > 10


def test_keys_are_named_as_in_toml() -> None:
    tables = schema()["$defs"]
    assert {"from", "to", "symbols"} <= set(tables["Move"]["properties"])
    assert tables["Move"]["required"] == ["from", "to"]
    assert "in" in tables["Align"]["required"]


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("examples/*/cutover.toml")), ids=lambda path: path.parent.name
)
def test_the_examples_are_valid(path: Path) -> None:
    assert complaints(path.read_text()) == []


def test_the_starter_is_valid_with_and_without_its_examples() -> None:
    text = starter("x")
    assert complaints(text) == []
    assert complaints(re.sub(r"(?m)^#(?=\S)", "", text)) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", []),
        ("[plan]\n", ["plan"]),
        (HEAD + "[[wave.delete]]\nmodul = 'a'\n", ["wave", 0, "delete", 0]),
        (HEAD + "[[wave.delete]]\nmodule = 'a/b.py'\n", ["wave", 0, "delete", 0, "module"]),
        (HEAD + "[[wave.delete]]\nmodule = 'a'\nreason = ' '\n", ["wave", 0, "delete", 0, "reason"]),
        (HEAD + "state = 'done'\n", ["wave", 0, "state"]),
        (HEAD + "[[wave.keep]]\nreason = 'a'\n", ["wave", 0, "keep", 0]),
        (HEAD + "[[wave.keep]]\nsymbols = ['a']\n", ["wave", 0, "keep", 0]),
        (HEAD + "[[wave.keep]]\nmodule = 'a'\nfiles = ['b']\n", ["wave", 0, "keep", 0]),
        (HEAD + "[[wave.ceiling]]\npath = 'a'\n", ["wave", 0, "ceiling", 0]),
        (HEAD + "[[wave.ceiling]]\npath = 'a'\nmax_lines = -1\n", ["wave", 0, "ceiling", 0, "max_lines"]),
        (HEAD + "[[wave.shrink]]\npaths = ['a']\n", ["wave", 0, "shrink", 0]),
        (HEAD + "[[wave.align]]\nname = 'a'\nin = ['b']\n", ["wave", 0, "align", 0, "in"]),
        (
            HEAD + "[[wave.benchmark]]\nresult='a'\nbaseline='b'\ntolerance='5'\n",
            ["wave", 0, "benchmark", 0, "tolerance"],
        ),
        (HEAD + "[[wave.move]]\nfrom = 'a'\nto = []\n", ["wave", 0, "move", 0, "to"]),
    ],
)
def test_what_is_broken_is_underlined(
    problems: Callable[[str], list[str]], text: str, path: list[str | int]
) -> None:
    assert problems(text)
    assert path in [list(error.absolute_path) for error in complaints(text)]


def test_what_loads_is_valid(load: Callable[[str], LoadedPlan]) -> None:
    """A date without quotes, both shapes of `to`, every optional key left out."""
    text = HEAD + "[[wave.move]]\nfrom = 'a'\nto = 'b'\n[[wave.move]]\nfrom = 'c'\nto = ['b', 'd']\n"
    text += "[[waiver]]\nrule = 'CUT101'\npath = 'a'\nreason = 'b'\nuntil = 2031-01-01\n"
    load(text)
    assert complaints(text) == []


def test_defaults_are_those_of_the_model() -> None:
    plan = msgspec.to_builtins(msgspec.convert({"plan": {"name": "x"}}, Manifest))["plan"]
    for key, value in schema()["$defs"]["Plan"]["properties"].items():
        if "default" in value:
            assert value["default"] == plan[key], key
