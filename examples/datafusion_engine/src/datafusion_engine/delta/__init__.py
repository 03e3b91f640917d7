"""Delta tables."""

from __future__ import annotations

import importlib

_LAZY_REGISTRY: dict[str, tuple[str, str]] = {
    "validate_delta_gate": ("datafusion_engine.delta.protocol", "validate_delta_gate"),
    "delta_plugin_options_json": (
        "datafusion_engine.delta.plugin_options",
        "delta_plugin_options_json",
    ),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY_REGISTRY:
        raise AttributeError(name)
    module_name, attribute = _LAZY_REGISTRY[name]
    return getattr(importlib.import_module(module_name), attribute)
