"""What is installed: every module, page and marker, and every distribution that the code imports."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import hardcut
from hardcut.semantic.index import index

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "plugins" / "hardcut"
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def distributions(requirements: list[str]) -> set[str]:
    """The distributions that requirements name, spelt alike."""
    return {re.split(r"[\s\[<>=!~;]", one, maxsplit=1)[0].lower().replace("_", "-") for one in requirements}


def test_wheel_holds_the_whole_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name == f"hardcut-{hardcut.__version__}-py3-none-any.whl"
    packed = {one for one in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in one}
    sources = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert packed == {f"hardcut/{path.relative_to(PACKAGE).as_posix()}" for path in sources}
    assert "hardcut/py.typed" in packed
    assert any(one.startswith("hardcut/rules/") and one.endswith(".md") for one in packed)


def test_every_import_is_declared() -> None:
    always = distributions(METADATA["dependencies"])
    optional = always.union(*(distributions(extra) for extra in METADATA["optional-dependencies"].values()))
    owners = packages_distributions()
    for path in PACKAGE.rglob("*.py"):
        allowed = optional if path.is_relative_to(PACKAGE / "integrations") else always
        found_index = index(path.read_bytes())
        imported = {
            entry.module.partition(".")[0]
            for entry in found_index.imports
            if not found_index.are_type_checking(entry.condition)
        }
        for module in imported:
            if module != "hardcut" and module not in sys.stdlib_module_names:
                found = {owner.lower().replace("_", "-") for owner in owners.get(module, [])}
                assert found & allowed, f"{path.relative_to(PROJECT)} imports {module}"


def test_changelog_starts_with_this_version() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## ([\w.]+)", changelog, re.MULTILINE)
    assert versions[0] == hardcut.__version__
