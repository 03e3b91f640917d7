"""Nested views."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NestedViewSpec:
    """One nested view."""

    name: str
    path: str


@dataclass(frozen=True)
class NestedSpec:
    """Where a nested dataset lies."""

    path: str


NESTED_DATASET_INDEX = {"spans": NestedSpec("metadata.spans")}


def nested_view_specs() -> list[NestedViewSpec]:
    """All nested views."""
    return [NestedViewSpec(name, spec.path) for name, spec in NESTED_DATASET_INDEX.items()]


def nested_view_spec(name: str) -> NestedViewSpec | None:
    """One nested view."""
    return next((spec for spec in nested_view_specs() if spec.name == name), None)


def nested_path_for(name: str) -> str | None:
    """The path of a nested view."""
    spec = nested_view_spec(name)
    return None if spec is None else spec.path


def validate_nested_types(name: str) -> None:
    """Raise where a nested view is unknown."""
    if nested_path_for(name) is None:
        raise KeyError(name)
