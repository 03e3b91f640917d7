"""The tests run the same on a developer's machine and on a runner: what describes a runner is taken away."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

RUNNERS = ("CI_", "GITHUB_", "GITLAB_", "RUNNER_")
# without its bytecode, each of a thousand started commands compiles hardcut anew
ALONE = (
    "CI",
    "BUILD_NUMBER",
    "FORCE_COLOR",
    "NO_COLOR",
    "COLUMNS",
    "PYTEST_ADDOPTS",
    "PYTHONDONTWRITEBYTECODE",
)
SHARED = re.compile(
    r"(.*/test_(?:comparison|guard_forms|hooks|same_findings|site|sync)\.py)::[^\[]*(\[(?:pre-commit|prek)\])?"
)
"""Tests whose set-up is dear: those of one file, or of one runner of hooks, share it."""

if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker shares the folder of the process that started it
    own_cache = tempfile.mkdtemp(prefix="hardcut-tests-")
    os.environ["HARDCUT_CACHE_DIR"] = own_cache
    atexit.register(shutil.rmtree, own_cache, ignore_errors=True)

for name in list(os.environ):
    if name in ALONE or name.startswith(RUNNERS):
        del os.environ[name]

# how long an example takes is no property of the code
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# pytest-xdist 3.8 does not see the groups of tests under pytest 9.2
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Any worker takes any test, but those that share a set-up go to one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            shared = SHARED.match(nodeid)
            return "".join(shared.groups("")) if shared else nodeid

    return Scheduling(config, log)
