"""The laws of the lattice, for all values: a solver relies on them to end, and to give one answer."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hardcut.flow.lattice import UNBOUND, Environment
from hardcut.semantic import values
from hardcut.semantic.values import (
    ANYTHING,
    FALSY,
    NOTHING,
    TRUTHY,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Module,
    Origin,
    Pattern,
    String,
    Symbol,
    Value,
    constant,
    dictionary,
    flat,
    join_all,
    partial,
    sequence,
    value_of,
)

TEXTS = some.text("ab.", max_size=4)
CONSTANTS = some.one_of(
    TEXTS, some.integers(-2, 60), some.booleans(), some.none(), some.just(...), some.binary(max_size=1)
)
ATOMS = some.one_of(
    TEXTS.map(String),
    some.builds(String, TEXTS, some.builds(Origin, some.integers(0, 3), some.just(4))),
    some.builds(Pattern, TEXTS, TEXTS),
    *(TEXTS.map(kind) for kind in (Module, Symbol, Class, Instance, Function)),
)
SIMPLE = some.one_of(
    CONSTANTS.map(constant),
    ATOMS.map(value_of),
    some.lists(TEXTS.map(lambda text: f"shop.{text}_{len(text)}"), max_size=40).map(
        lambda texts: value_of(*map(String, texts))
    ),
    some.sampled_from([UNKNOWN, ANYTHING, NOTHING, TRUTHY, FALSY, UNBOUND]),
)
VALUES: some.SearchStrategy[Value] = some.recursive(
    SIMPLE,
    lambda inner: some.one_of(
        some.builds(sequence, some.sampled_from(["tuple", "list"]), some.lists(inner, max_size=3)),
        some.builds(dictionary, some.lists(some.tuples(inner, inner), max_size=2)),
        some.builds(
            partial, inner, some.lists(inner, max_size=2), some.dictionaries(TEXTS, inner, max_size=1)
        ),
        some.builds(Value.join, inner, inner),
        some.builds(Value.when, inner, some.booleans()),
    ),
    max_leaves=12,
)
ENVIRONMENTS = some.dictionaries(some.sampled_from("xyz"), VALUES, max_size=3).map(Environment)


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that generated values reach."""
    monkeypatch.setattr(values, "MOST_STRINGS", 24)
    monkeypatch.setattr(values, "MOST_ATOMS", 24)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES, VALUES)
def test_joins_do_not_depend_on_their_order(first: Value, second: Value, third: Value) -> None:
    assert first.join(second) == second.join(first)
    assert first.join(second).join(third) == first.join(second.join(third))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES)
def test_a_join_holds_both_and_nothing_changes_it_again(first: Value, second: Value) -> None:
    joined = first.join(second)
    assert first.join(first) == first
    assert joined.join(first) == joined == joined.join(second)
    assert first.join(NOTHING) == first
    assert first.join(ANYTHING) == ANYTHING
    assert first.join(UNKNOWN).atoms() == first.atoms()
    assert join_all([first, second]) == join_all([second, first]) == joined


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES, some.booleans())
def test_narrowing_is_monotone(first: Value, second: Value, holds: bool) -> None:
    joined = first.join(second)
    assert joined.when(holds) == first.when(holds).join(second.when(holds))
    assert first.when(holds).join(first) == first
    assert first.when(True).join(first.when(False)) == first


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES)
def test_what_is_cut_off_at_a_depth_is_monotone(first: Value, second: Value) -> None:
    joined = flat(first.join(second), 1)
    assert joined.join(flat(first, 1)) == joined
    assert flat(joined, 1) == joined


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENVIRONMENTS, ENVIRONMENTS, ENVIRONMENTS)
def test_environments_are_a_lattice_too(first: Environment, second: Environment, third: Environment) -> None:
    assert first.join(second) == second.join(first)
    assert first.join(second).join(third) == first.join(second.join(third))
    joined = first.join(second)
    assert joined.join(second) == joined
    widened = first.widen(joined)
    assert all(widened.get(name).join(joined.get(name)) == widened.get(name) for name in "xyz")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(VALUES, min_size=1, max_size=80))
def test_every_chain_of_joins_ends(found_values: list[Value]) -> None:
    """A value grows a bounded number of times, however many others are joined to it."""
    found, changes = NOTHING, 0
    for value in found_values * 2:
        joined = found.join(value)
        changes += joined != found
        found = joined
    assert changes <= 2 * (values.MOST_ATOMS + values.MOST_STRINGS + 12)


def test_loops_that_build_values_end() -> None:
    text, nested, number = constant("a"), constant(1), constant(0)
    for step in range(40):
        text = text.join(
            value_of(*(String(f"{atom.text}b") for atom in text.atoms() if isinstance(atom, String)))
        )
        nested = nested.join(sequence("tuple", [nested]))
        number = number.join(constant(step))
    assert text == value_of(Pattern("a", "", True))
    assert nested == nested.join(sequence("tuple", [nested]))
    assert number == ANYTHING.when(True).join(constant(0))


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (constant(0), False),
        (constant(""), False),
        (constant("a"), True),
        (constant(None), False),
        (constant(...), True),
        (constant(math.nan), True),
        (sequence("list", []), False),
        (sequence("list", [UNKNOWN]), True),
        (dictionary([]), False),
        (value_of(Pattern("a", "")), True),
        (value_of(Pattern("", "")), None),
        (value_of(Instance("shop.Price")), None),
        (constant(0).join(constant(1)), None),
        (UNKNOWN, None),
        (NOTHING, None),
        (TRUTHY, True),
    ],
)
def test_the_truth_of_a_value(value: Value, truth: bool | None) -> None:
    assert value.truth() is truth


def test_what_python_takes_for_equal_is_kept_apart() -> None:
    assert len({constant(1), constant(1.0), constant(True), constant(b""), constant("")}) == 5


def test_many_strings_are_what_they_have_in_common() -> None:
    many = value_of(*(String(f"shop.part{number}.core") for number in range(values.MOST_STRINGS + 1)))
    assert many == value_of(Pattern("shop.part", ".core", True))
    assert many.join(constant("shop.x.core")) == value_of(Pattern("shop.", ".core", True))
