"""Loads modules by name: what an import statement's linter cannot see."""

from __future__ import annotations

import importlib
import importlib.util

_PACKAGE = "datafusion_engine"
_TARGETS = (f"{_PACKAGE}.plan.pipeline_runtime", f"{_PACKAGE}.plan.bundle_artifact")


def load(name: str) -> object:
    """This project's own way to import."""
    return importlib.import_module(name)


def probe() -> list[object]:
    """Everything that the plan probe needs."""
    found = [importlib.import_module(target) for target in _TARGETS]
    found.append(load(".".join((_PACKAGE, "schema", "registry"))))
    found.append(importlib.import_module(".classifier", package="datafusion_engine.workload"))
    if importlib.util.find_spec("datafusion_engine.delta.plugin_options") is not None:
        found.append(load("datafusion_engine.delta.protocol"))
    return found
