"""The plans of a test session, for the pytest plugin."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from hardcut.api.errors import Unusable, plain, unusable
from hardcut.integrations.plans import Plans
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan


def plans_of(config: pytest.Config) -> list[LoadedPlan]:
    """The plans that the options name, or those found upward from pytest's root directory.

    Raises:
        UsageError: a manifest is broken, or there is none.
    """
    named: list[str] = config.known_args_namespace.cutover_plan
    start = config.invocation_params.dir if named else config.rootpath
    try:
        return _plans(str(start), named)
    except Unusable as problem:
        raise pytest.UsageError(problem.message) from None


def _plans(start: str, named: Sequence[str]) -> list[LoadedPlan]:
    try:
        plans = Plans().for_file(str(Path(start) / "conftest.py"), [_full(start, name) for name in named])
    except (ManifestError, OSError) as problem:
        raise unusable(problem) from None
    if not plans:
        raise plain(f"no cutover.toml in {start} or above")
    return plans


def _full(start: str, name: str) -> str:
    """A path with a folder in it from where pytest was started; a bare name is looked for upward."""
    return os.path.join(start, name) if os.path.dirname(name) else name
