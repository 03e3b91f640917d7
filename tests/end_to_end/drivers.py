"""One process for many projects: `drivers.py INTEGRATION FOLDER...` runs an integration in each.

The integrations are the real ones, entered as their commands enter them; the interpreter is shared.
"""

from __future__ import annotations

import os
import sys

BEGINS = "== in "
CONTRACT = """\
[importlinter]
root_package = empty_package
contract_types =
    cutover: hardcut.integrations.importlinter.CutoverContract

[importlinter:contract:cutover]
name = The cutover
type = cutover
"""


def command_line() -> None:
    """`hardcut check --format concise`."""
    from hardcut.integrations.cli.main import main

    main(["check", "--format", "concise", "--no-cache", "--jobs", "1"])


def by_file() -> None:
    """The same for all files by name, so that it is no run over the whole project."""
    from hardcut.integrations.cli.main import main

    files = [os.path.join(folder, name) for folder, _, names in os.walk(".") for name in names]
    main(["check", "--format", "concise", "--no-cache", "--jobs", "1", *files])


def every_gate() -> None:
    """The same over the whole project for every gate: a finding of one replaces none of another."""
    from hardcut.integrations.cli.main import main

    main(["check", "--format", "concise", "--no-cache", "--jobs", "1", "--select", "CUT"])


def import_linter() -> None:
    """`lint-imports`, with the plan as its only contract, over a package beside the project."""
    from importlinter.cli import lint_imports

    with open("importlinter.ini", "w", encoding="utf-8") as file:
        file.write(CONTRACT)
    lint_imports(config_filename="importlinter.ini", no_cache=True)
    os.unlink("importlinter.ini")


def pytest() -> None:
    """`pytest --cutover`, with no other tests than the gates."""
    import pytest

    folder = os.path.join(os.getcwd(), os.pardir, "no_tests")
    os.makedirs(folder, exist_ok=True)
    own = ["--cutover", "--rootdir=.", "-c", os.devnull, "-pno:cacheprovider", "--color=no"]
    pytest.main([*own, "-phardcut.integrations.pytest", folder])


INTEGRATIONS = {
    "command line": command_line,
    "command line, by file": by_file,
    "command line, every gate": every_gate,
    "import-linter": import_linter,
    "pytest": pytest,
}


if __name__ == "__main__":
    for project in sys.argv[2:]:
        sys.stdout.write(f"{BEGINS}{project}\n")
        sys.stdout.flush()
        os.chdir(project)
        INTEGRATIONS[sys.argv[1]]()
        sys.stdout.flush()
