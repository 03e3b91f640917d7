"""Which keys of the manifest's tables take dotted names, by the model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_type_hints

from msgspec import Meta

from hardcut.plan.model import DOTTED, Table


def dotted_names(table: Table) -> Iterator[tuple[str, str]]:
    """Each dotted name in a table, with its key as the manifest writes it."""
    for field in dotted_fields(type(table)):
        value: str | list[str] | None = getattr(table, field)
        for name in [value] if isinstance(value, str) else value or ():
            yield field.rstrip("_"), name


@cache
def dotted_fields(kind: type[Table]) -> tuple[str, ...]:
    """The fields of a table that take dotted names."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(field for field in kind.__struct_fields__ if _is_dotted(hints[field]))


def _is_dotted(hint: Any) -> bool:
    """Whether a type is a dotted name, or a union or list of them."""
    if any(isinstance(meta, Meta) and meta.pattern == DOTTED for meta in getattr(hint, "__metadata__", ())):
        return True
    inner = (getattr(hint, "__origin__", None), *getattr(hint, "__args__", ()))
    return any(_is_dotted(part) for part in inner if part is not None)
