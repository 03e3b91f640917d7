"""The integrations: each is installed as its tool finds it, has its page, and is in the README's table."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from hardcut.integrations.cli.commands import commands
from hardcut.integrations.cli.sync import command as sync

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = {"flake8": "flake8", "importlinter": "import-linter", "pytest": "pytest", "ruff": "ruff"}
PAGES |= {"pre-commit": "pre-commit"}
PAGES |= {"server": "editors"}


def test_entry_points_lead_to_what_is_there() -> None:
    points = {**METADATA["entry-points"]["flake8.extension"], **METADATA["entry-points"]["pytest11"]}
    assert points == {"CUT": "hardcut.integrations.flake8:Plugin", "hardcut": "hardcut.integrations.pytest"}
    for target in points.values():
        module, _, name = target.partition(":")
        found = import_module(module)
        assert not name or hasattr(found, name)


def test_every_plugin_has_an_extra_of_its_name() -> None:
    for integration in ("flake8", "importlinter", "pytest"):
        assert find_spec(f"hardcut.integrations.{integration}") is not None
        assert integration in METADATA["optional-dependencies"]
        assert f"hardcut[{integration}]" in README


def test_every_integration_has_its_page_and_its_row() -> None:
    section = README[README.index("## Where it runs") :].split("\n## ")[0]
    rows = re.findall(r"^\| \[([\w-]+)\]\(docs/([\w-]+)\.md\)", section, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(page for _, page in rows) == sorted(PAGES.values())


def test_pages_name_the_contract_type_as_it_is() -> None:
    contract = import_module("hardcut.integrations.importlinter").CutoverContract
    named = f"{contract.type_name}: {contract.__module__}.{contract.__name__}"
    for text in (README, (PROJECT / "docs" / "import-linter.md").read_text(encoding="utf-8")):
        assert named in text
    page = (PROJECT / "docs" / "import-linter.md").read_text("utf-8").split("\n## ")[0]
    options = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert set(options) == set(contract._get_field_names())


def test_every_target_of_sync_has_its_page() -> None:
    assert "sync" in commands.list_commands(click.Context(commands))
    assert isinstance(sync, click.Group)
    for name in sync.commands:
        page = PROJECT / "docs" / f"{PAGES.get(name, name)}.md"
        assert f"hardcut sync {name}" in page.read_text(encoding="utf-8")
        assert f"hardcut sync {name}" in README


def test_pages_name_every_option() -> None:
    for name, command in sync.commands.items():
        page = (PROJECT / "docs" / f"{PAGES.get(name, name)}.md").read_text(encoding="utf-8")
        for option in command.params:
            assert f"`{option.opts[0]}" in page
    source = (PROJECT / "plugins" / "hardcut" / "integrations" / "pytest" / "__init__.py").read_text(
        encoding="utf-8"
    )
    pages = (PROJECT / "docs" / "pytest.md").read_text(encoding="utf-8")
    for option in re.findall(r'"(--[\w-]+)"', source):
        assert f"| `{option}" in pages
