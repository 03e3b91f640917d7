"""Contexts for the extension, with three ways to reach what is banned."""

from __future__ import annotations

import importlib

import datafusion
from datafusion_engine.extensions.native import SessionConfig

_MODULES = ("datafusion._internal", "datafusion_ext")


def extension() -> object:
    """The first module that can be loaded: two surfaces at once."""
    for name in _MODULES:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError("neither datafusion._internal nor datafusion_ext can be loaded")


def encoder() -> object | None:
    """The dotted name never appears, and yet it is the same module."""
    return getattr(datafusion, "_internal", None)


def session_config() -> SessionConfig:
    """A default configuration."""
    return SessionConfig()
