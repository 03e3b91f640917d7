"""The pytest plugin: with `--cutover`, each gate of each active or landed wave is a test item; with
`--cutover-guard`, an import that the plan forbids fails the test that caused it.

pytest loads this module at every start, so nothing else of hardcut is imported before it is asked for.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare our options."""
    group = parser.getgroup("cutover", "hold the code to its cutover plan (hardcut)")
    group.addoption("--cutover", action="store_true", help="Make each gate of the plan's waves a test item.")
    group.addoption(
        "--cutover-guard",
        action="store_true",
        help="Fail each test that causes the import of a deleted or banned module.",
    )
    group.addoption(
        "--cutover-plan",
        action="append",
        default=[],
        metavar="FILE",
        help="A manifest, instead of those found upward from the root directory; may be repeated.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Watch imports, if that is asked for, before anything of the project is imported.

    Raises:
        UsageError: a manifest is broken, or there is none.
    """
    if early_config.known_args_namespace.cutover_guard:
        from hardcut.integrations.pytest.guard import Guard
        from hardcut.integrations.pytest.plans import plans_of

        early_config.pluginmanager.register(Guard(plans_of(early_config)), "hardcut-guard")


def pytest_configure(config: pytest.Config) -> None:
    """Load the plans, if they are asked for.

    Raises:
        UsageError: a manifest is broken, or there is none.
    """
    if config.getoption("cutover"):
        from hardcut.integrations.pytest.gates import Gates

        config.pluginmanager.register(Gates(config), "hardcut-gates")
