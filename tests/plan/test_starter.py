"""The starter loads as it is, and so does every example in it once it is taken in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import KINDS
from hardcut.plan.starter import starter

Load = Callable[[str], LoadedPlan]
TEXT = starter("my-cutover", ["src", "lib"])
EXAMPLE = re.compile(r"(?m)^#(?=\S)")
EXAMPLES = [part for part in re.split(r"\n(?=#\[\[)", TEXT) if part.startswith("#[[")]


def test_it_loads_as_it_is(load: Load) -> None:
    plan = load(TEXT)
    assert plan.name == "my-cutover"
    assert plan.manifest.plan.source == ["src", "lib"]
    assert [wave.id for wave in plan.manifest.wave] == ["0"]
    assert plan.gates == []


def test_what_is_left_out_is_quoted(load: Load) -> None:
    plan = load(starter("x", ["."], ["NEWS", 'a"b.md']))
    assert plan.manifest.plan.exclude == ["NEWS", 'a"b.md']


def test_it_loads_with_all_its_examples(load: Load) -> None:
    plan = load(EXAMPLE.sub("", TEXT))
    assert {type(gate.entry) for gate in plan.gates} == set(KINDS.values())
    assert plan.contradictions == []
    assert plan.manifest.waiver
    assert plan.manifest.revive
    assert plan.manifest.weakened
    assert plan.manifest.plan.exclude


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("\n")[0][1:])
def test_each_example_loads_by_itself(load: Load, example: str) -> None:
    taken_in = EXAMPLE.sub("", example)
    assert taken_in != example
    plan = load(TEXT.replace(example, taken_in))
    manifest = plan.manifest
    others = (manifest.waiver, manifest.revive, manifest.weakened, manifest.wave)
    assert len(plan.gates) + sum(map(len, others)) == 2


def test_every_line_is_prose_example_or_toml() -> None:
    prose = [line for line in TEXT.split("\n") if line.startswith("#") and not EXAMPLE.match(line)]
    assert all(re.match(r"#( \S|   \w)", line) for line in prose)
    assert all(len(line) <= 100 for line in TEXT.split("\n"))


@pytest.mark.parametrize("name", ['a"b', "a\\b", "größe", "a\nb", "\x7f", "a@source@b", "a\udc80b"])
def test_any_name_can_be_written(load: Load, name: str) -> None:
    plan = load(starter(name, ["src"]))
    assert plan.name == name.encode("utf-8", "replace").decode()
