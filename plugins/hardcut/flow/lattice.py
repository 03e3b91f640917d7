"""Environments: the lattice of what names are bound to, over the values of `hardcut.semantic.values`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from hardcut.semantic.values import ANYTHING, Unbound, Value, value_of


@final
class Environment:
    """What names are bound to. A name that is absent is unbound."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Environment) and self.values == other.values

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str) -> Value:
        """What a name is bound to."""
        return self.values.get(name, UNBOUND)

    def bind(self, name: str, value: Value) -> Environment:
        """The environment after a binding."""
        return Environment({**self.values, name: value})

    def join(self, other: Environment) -> Environment:
        """What the names are bound to after one of two ways."""
        if self is other:
            return self
        joined = dict(self.values)
        for name, value in other.values.items():
            joined[name] = self.get(name).join(value)
        for name in self.values.keys() - other.values.keys():
            joined[name] = joined[name].join(UNBOUND)
        return Environment(joined)

    def widen(self, after: Environment) -> Environment:
        """The environment after another round of a loop: what changes again may be anything."""
        return Environment(
            {name: value if self.get(name) == value else ANYTHING for name, value in after.values.items()}
        )


UNBOUND: Final = value_of(Unbound())
