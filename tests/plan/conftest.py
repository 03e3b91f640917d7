"""Manifests for the tests of the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from plans import load_plan

from hardcut.plan.errors import ManifestError, describe
from hardcut.plan.gates import LoadedPlan

HEAD = '[plan]\nname = "x"\n'
"""The least that a manifest needs: two lines."""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], LoadedPlan]:
    """Load a manifest's text from `cutover.toml` in an empty folder."""

    def run(text: str) -> LoadedPlan:
        path = tmp_path / "cutover.toml"
        path.write_bytes(text.encode())
        return load_plan(path)

    return run


@pytest.fixture
def problems(load: Callable[[str], LoadedPlan]) -> Callable[[str], list[str]]:
    """All that is wrong with a manifest's text, each as `line:column: key: message`."""

    def run(text: str) -> list[str]:
        with pytest.raises(ManifestError) as caught:
            load(text)
        return [describe(problem).removeprefix("cutover.toml:") for problem in caught.value.problems]

    return run


@pytest.fixture
def contradictions(load: Callable[[str], LoadedPlan]) -> Callable[[str], list[str]]:
    """The contradictions of waves' text, each as `line:column: key: message`; line 3 is its first."""

    def run(text: str) -> list[str]:
        found = load(HEAD + text).contradictions
        return [describe(problem).removeprefix("cutover.toml:") for problem in found]

    return run
