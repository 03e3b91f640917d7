"""Templates of extractors. `expand_dataset_templates` was to be kept and went along with the dead names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DatasetTemplateSpec:
    """Listed as dead, but a kept function returns it: contested."""

    name: str


def config(name: str) -> dict[str, str]:
    """The configuration of an extractor."""
    return {"extractor": name}


def template(name: str) -> DatasetTemplateSpec:
    """The template of an extractor."""
    return DatasetTemplateSpec(name)


def dataset_template_specs() -> list[DatasetTemplateSpec]:
    """All templates."""
    return [template("ast"), template("cst")]


def flag_default(name: str) -> bool:
    """Removed in wave 1, still defined."""
    return name != "off"
