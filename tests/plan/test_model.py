"""The model is complete, and what other files list by hand is in step with it."""

from __future__ import annotations

from typing import Any, get_type_hints

from hardcut.plan import model
from hardcut.plan import value_validation as check
from hardcut.plan.model import KINDS, Entry, Table, Wave

TABLES = [value for value in vars(model).values() if isinstance(value, type) and issubclass(value, Table)]


def holding(alias: str) -> dict[str, set[str]]:
    """The tables whose keys hold values of an alias of the model, by the source of their types."""
    found: dict[str, set[str]] = {}
    for table in TABLES:
        for name, source in table.__annotations__.items():
            if alias in source.replace("[", " ").replace("]", " ").replace(",", " ").split():
                found.setdefault(table.__name__, set()).add(name.rstrip("_"))
    return found


def test_kinds_are_the_gates_of_a_wave() -> None:
    hints = get_type_hints(Wave)
    gates = {name: hints[name].__args__[0] for name in hints if "Entry" in _bases(hints[name])}
    assert gates == KINDS
    assert set(KINDS.values()) == {table for table in TABLES if issubclass(table, Entry)} - {Entry}


def _bases(kind: Any) -> list[str]:
    item = getattr(kind, "__args__", (None,))[0]
    return [base.__name__ for base in item.__mro__] if isinstance(item, type) else []


def test_every_path_of_the_model_is_checked_as_one() -> None:
    paths = holding("Glob")
    for table, keys in holding("Paths").items():
        paths.setdefault(table, set()).update(keys)
    assert paths == {table.__name__: set(keys) for table, keys in check.PATHS.items()}


def test_every_table_rejects_unknown_keys() -> None:
    for table in TABLES:
        assert table.__struct_config__.forbid_unknown_fields, table
        assert table.__struct_config__.frozen, table
