"""The pytest plugin: with `--cutover`, each gate of each active or landed wave is a test item.

pytest loads this module at every start, so nothing else of hardcut is imported before it is asked for.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare our two options."""
    group = parser.getgroup("cutover", "hold the code to its cutover plan (hardcut)")
    group.addoption("--cutover", action="store_true", help="Make each gate of the plan's waves a test item.")
    group.addoption(
        "--cutover-plan",
        action="append",
        default=[],
        metavar="FILE",
        help="A manifest, instead of those found upward from the root directory; may be repeated.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the plans, if they are asked for.

    Raises:
        UsageError: a manifest is broken, or there is none.
    """
    if config.getoption("cutover"):
        from hardcut.hosts.pytest_gates import Gates

        config.pluginmanager.register(Gates(config), "hardcut-gates")
