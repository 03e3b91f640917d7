"""The tests run the same on a developer's machine and on a runner: what describes a runner is taken away."""

from __future__ import annotations

import os

RUNNERS = ("CI_", "GITHUB_", "GITLAB_", "RUNNER_")
ALONE = ("CI", "BUILD_NUMBER", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "PYTEST_ADDOPTS")

for name in list(os.environ):
    if name in ALONE or name.startswith(RUNNERS):
        del os.environ[name]
