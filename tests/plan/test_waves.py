"""Waves among themselves: ids, what they require, their order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Manifest, Plan, Wave
from hardcut.plan.waves import ranks

Problems = Callable[[str], list[str]]


def manifest(*waves: str) -> str:
    """A manifest with waves such as `landed b: a, c`, each on two lines from line 3 on."""
    text = '[plan]\nname = "x"\n'
    for wave in waves:
        name, _, requires = wave.partition(":")
        state, _, name = name.rpartition(" ")
        needs = ", ".join(f'"{need.strip()}"' for need in requires.split(",") if need)
        text += f'[[wave]]\nid = "{name}"; state = "{state or "planned"}"; requires = [{needs}]\n'.replace(
            "; ", "\n"
        )
    return text


def test_waves_in_any_state_that_their_requirements_allow(load: Callable[[str], LoadedPlan]) -> None:
    plan = load(manifest("landed a", "landed b: a", "active c: b", "active d: c", "e: d, a"))
    assert [wave.state for wave in plan.manifest.wave] == ["landed", "landed", "active", "active", "planned"]


@pytest.mark.parametrize(
    ("waves", "expected"),
    [
        (["a", "b", "a"], ['12:6: wave.id: wave "a" is there already, in line 3']),
        (["a: a"], ['6:13: wave.requires: wave "a" requires itself']),
        (["one", "two: ona"], ['10:13: wave.requires: no wave "ona"; did you mean "one"?']),
        (["1", "2: 9"], ['10:13: wave.requires: no wave "9"; the waves are "1" and "2"']),
        (
            ["a: b", "b: a"],
            ['6:12: wave.requires: these waves require each other in a circle: "a" -> "b" -> "a"'],
        ),
        (
            ["x", "a: c", "b: a", "c: b, x"],
            ['10:12: wave.requires: these waves require each other in a circle: "a" -> "c" -> "b" -> "a"'],
        ),
        (
            ["a: b", "b: a", "c: d", "d: c"],
            [
                '6:12: wave.requires: these waves require each other in a circle: "a" -> "b" -> "a"',
                '14:12: wave.requires: these waves require each other in a circle: "c" -> "d" -> "c"',
            ],
        ),
        (
            ["a", "landed b: a"],
            ['9:9: wave.state: wave "b" is landed, but requires wave "a", which is planned (line 3)'],
        ),
        (
            ["landed b: a", "active a"],
            ['5:9: wave.state: wave "b" is landed, but requires wave "a", which is active (line 7)'],
        ),
    ],
)
def test_waves_that_cannot_be(problems: Problems, waves: list[str], expected: list[str]) -> None:
    assert problems(manifest(*waves)) == expected


def test_many_waves_in_one_circle(problems: Problems) -> None:
    waves = [f"w{number}: w{(number + 1) % 3000}" for number in range(3000)]
    (found,) = problems(manifest(*waves))
    assert '"w0" -> "w1" -> ' in found
    assert found.endswith(' -> "w19" -> ... -> "w0"')


def test_ranks_follow_requirements_then_the_file() -> None:
    def of(**requires: str) -> list[int]:
        waves = [Wave(id=name, requires=list(needs)) for name, needs in requires.items()]
        return ranks(Manifest(plan=Plan(name="x"), wave=waves))

    assert of(a="", b="", c="") == [0, 1, 2]
    assert of(a="c", b="", c="") == [2, 0, 1]
    assert of(a="b", b="c", c="") == [2, 1, 0]
    assert of(a="z", b="a") == [0, 1], "an unknown wave is no reason to wait"


def test_many_known_waves_are_not_all_listed(problems: Problems) -> None:
    (found,) = problems(manifest(*(f"{number}" for number in range(10, 22)), "x: zz"))
    assert found.endswith(
        'no wave "zz"; the waves are "10", "11", "12", "13", "14", "15", "16", "17" and 5 more'
    )
