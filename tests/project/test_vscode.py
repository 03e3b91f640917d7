"""The extension for Visual Studio Code: type check, bundle, its own tests in Node, and the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
EXTENSION = PROJECT / "editors" / "vscode"
LOCK_DIFFERS = "EUSAGE"


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("npm") or "npm", *arguments],
        cwd=EXTENSION,
        env=os.environ | {"HARDCUT": str(Path(sys.executable).with_name("hardcut"))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(shutil.which("npm") is None, reason="no Node: the extension for VS Code is not tested")
def test_the_extension_is_built_tested_and_packaged() -> None:
    installed = npm("ci", "--no-audit", "--no-fund")
    assert LOCK_DIFFERS not in installed.stderr, installed.stderr
    if installed.returncode:
        pytest.skip(f"npm cannot install, the extension for VS Code is not tested: {installed.stderr[:300]}")
    tested = npm("test")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    packaged = npm("run", "package")
    assert packaged.returncode == 0, packaged.stdout + packaged.stderr
    with zipfile.ZipFile(EXTENSION / "dist" / "hardcut.vsix") as archive:
        names = set(archive.namelist())
    assert {"extension/package.json", "extension/dist/extension.js", "extension/readme.md"} <= names
    assert not any("node_modules" in name for name in names)


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert not any("resolved" in package for package in lock["packages"].values())


def test_extension_and_package_have_one_version() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    version = (PROJECT / "plugins" / "hardcut" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{manifest["version"]}"' in version
    assert (
        "version"
        in tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"]
    )
