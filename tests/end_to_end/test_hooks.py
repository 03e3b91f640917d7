"""The hooks, installed from this repository by both runners, in real git repositories.

A runner clones the repository and builds an environment of its own, once for all tests of one runner.
The checked project needs a distribution that is nowhere installed and ends any process that imports
it, so a hook that asks for the project's environment, or runs its code, cannot pass.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
RUNNERS = ("pre-commit", "prek")
MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]
exclude = ["src/vendor/**"]

[[wave]]
id = "1"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave.keep]]
files = ["src/shop/api.py"]
"""
START = {
    "cutover.toml": MANIFEST,
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["not-to-be-found"]\n',
    "src/shop/__init__.py": 'import not_to_be_found\n\nraise SystemExit("a checker imported this")\n',
    "src/shop/api.py": "def buy() -> None: ...\n",
    "src/shop/legacy.py": "RATE = 1\n",
    "src/shop/old.py": "def old_buy() -> None: ...\n",
}
VIOLATION = "from shop.old import old_buy\n"


def environment(cache: Path) -> dict[str, str]:
    """The variables for git and the runners: ours only, with their caches in one folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {
        "GIT_AUTHOR_NAME": "author",
        "GIT_AUTHOR_EMAIL": "author@example.com",
        "GIT_COMMITTER_NAME": "author",
        "GIT_COMMITTER_EMAIL": "author@example.com",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PREK_HOME": str(cache / "prek"),
        "PRE_COMMIT_HOME": str(cache / "pre-commit"),
    }
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        inherited.pop(name, None)
    return inherited | own


@dataclass(frozen=True)
class Published:
    """This repository as a runner sees it: committed, at one revision."""

    url: str
    revision: str
    env: dict[str, str]


@dataclass(frozen=True)
class Shop:
    """A checked project under git."""

    root: Path
    runner: str
    published: Published

    def git(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run git there, both outputs in one."""
        return subprocess.run(
            ["git", *argv],
            cwd=self.root,
            env=self.published.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def write(self, files: dict[str, str]) -> None:
        """Write and stage files."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert self.git("add", "--all").returncode == 0

    def config(self, *hooks: str) -> str:
        """A configuration with these hooks of ours."""
        rows = [f"- repo: {self.published.url}", f"  rev: {self.published.revision}", "  hooks:"]
        return "\n".join(["repos:", *rows, *(f"  - id: {hook}" for hook in hooks), ""])

    def hook_up(self, *hooks: str) -> None:
        """Commit a configuration (of these hooks, if any), then let the runner guard every further commit."""
        self.write({".pre-commit-config.yaml": self.config(*hooks)} if hooks else {})
        assert self.git("commit", "-qm", "hooks").returncode == 0
        subprocess.run(
            [self.runner, "install"], cwd=self.root, env=self.published.env, capture_output=True, check=True
        )

    def commit(self) -> tuple[bool, str]:
        """Try to commit what is staged: whether the hooks let it pass, and what they said."""
        run = self.git("commit", "-m", "change")
        return run.returncode == 0, run.stdout


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """This working tree, as it is now, committed to a repository of its own."""
    base = tmp_path_factory.mktemp("published")
    env, clone = environment(base / "cache"), base / "hardcut"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (PROJECT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, clone / name)
    for argv in (["init", "-q"], ["add", "--all", "--force"], ["commit", "-qm", "all"]):
        subprocess.run(["git", *argv], cwd=clone, env=env, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clone, env=env, capture_output=True, text=True, check=True
    )
    return Published(str(clone), head.stdout.strip(), env)


@pytest.fixture(params=RUNNERS)
def shop(request: pytest.FixtureRequest, tmp_path: Path, published: Published) -> Shop:
    """A project whose first wave has landed: `shop.old` was there, and is gone."""
    made = Shop(tmp_path / "shop", request.param, published)
    made.root.mkdir()
    assert made.git("init", "-q").returncode == 0
    made.write(START)
    assert made.git("commit", "-qm", "before").returncode == 0
    (made.root / "src/shop/old.py").unlink()
    made.write({})
    assert made.git("commit", "-qm", "wave 1").returncode == 0
    return made


def test_clean_commit_passes_all_hooks(shop: Shop) -> None:
    shop.hook_up("hardcut", "hardcut-files", "hardcut-manifest")
    shop.write(
        {"src/shop/cart.py": "from shop.api import buy\n", "cutover.toml": MANIFEST + "\n# reviewed\n"}
    )
    passed, said = shop.commit()
    assert passed, said
    assert "a checker imported this" not in said


def test_violation_in_a_staged_file_fails(shop: Shop) -> None:
    shop.hook_up("hardcut")
    shop.write({"src/shop/cart.py": VIOLATION})
    passed, said = shop.commit()
    assert not passed
    assert "src/shop/cart.py:1" in said
    assert "deleted-module-import" in said


def test_deletion_only_commit_is_caught(shop: Shop) -> None:
    shop.hook_up("hardcut", "hardcut-files")
    assert shop.git("rm", "-q", "src/shop/api.py").returncode == 0
    passed, said = shop.commit()
    assert not passed
    assert "src/shop/api.py" in said
    assert "kept-symbol-missing" in said


def test_changed_files_hook_alone_cannot_see_a_deletion(shop: Shop) -> None:
    shop.hook_up("hardcut-files")
    assert shop.git("rm", "-q", "src/shop/api.py").returncode == 0
    passed, said = shop.commit()
    assert passed, said


def test_manifest_only_commit_that_adds_a_gate_is_caught(shop: Shop) -> None:
    shop.hook_up("hardcut")
    shop.write({"cutover.toml": MANIFEST + '\n[[wave.delete]]\nmodule = "shop.legacy"\n'})
    passed, said = shop.commit()
    assert not passed
    assert "src/shop/legacy.py" in said
    assert "deleted-module-present" in said


def test_changed_files_hook_reports_only_what_changed(shop: Shop) -> None:
    shop.write({"src/shop/untouched.py": VIOLATION})
    shop.hook_up("hardcut-files")
    shop.write({"src/shop/cart.py": VIOLATION, "src/vendor/copied.py": VIOLATION})
    passed, said = shop.commit()
    assert not passed
    assert "src/shop/cart.py:1" in said
    assert "untouched.py" not in said
    assert "copied.py" not in said, "an excluded file was handed over, and checked"


def test_changed_files_hook_passes_what_the_manifest_excludes(shop: Shop) -> None:
    shop.hook_up("hardcut-files")
    shop.write({"src/vendor/copied.py": VIOLATION, "setup.py": VIOLATION, "README.md": "Use `shop.old`.\n"})
    passed, said = shop.commit()
    assert passed, said


def test_fixing_hook_mends_what_changed_and_stops_the_commit(shop: Shop) -> None:
    moved = '\n[[wave.move]]\nfrom = "shop.api"\nto = "shop.cart"\nsymbols = ["sell"]\n'
    shop.write({"cutover.toml": MANIFEST + moved, "src/shop/cart.py": "def sell(): ...\n"})
    shop.hook_up("hardcut-fix")
    source = "from shop.api import sell\n"
    shop.write({"src/shop/till.py": source, "src/vendor/copied.py": source})
    passed, said = shop.commit()
    assert not passed, said
    assert (shop.root / "src/shop/till.py").read_text() == "from shop.cart import sell\n"
    assert (shop.root / "src/vendor/copied.py").read_text() == source
    assert shop.git("add", "-A").returncode == 0
    passed, said = shop.commit()
    assert passed, said


def test_broken_manifest_fails_with_its_line(shop: Shop) -> None:
    shop.hook_up("hardcut-manifest")
    shop.write({"cutover.toml": MANIFEST.replace("module =", "modul =")})
    passed, said = shop.commit()
    assert not passed
    line = MANIFEST.splitlines().index('module = "shop.old"') + 1
    assert f"cutover.toml:{line}" in said
    assert "Traceback" not in said


def test_hooks_that_sync_wrote(shop: Shop) -> None:
    shop.write({".pre-commit-config.yaml": "# ours\nfail_fast: false\n"})
    source = ["--repo", shop.published.url, "--rev", shop.published.revision]
    written = subprocess.run(
        [sys.executable, "-m", "hardcut", "sync", "pre-commit", *source],
        cwd=shop.root,
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
        text=True,
    )
    assert written.stdout == ".pre-commit-config.yaml written\n"
    shop.hook_up()
    shop.write({"src/shop/cart.py": VIOLATION})
    passed, said = shop.commit()
    assert not passed
    assert "src/shop/cart.py:1" in said


@pytest.mark.parametrize("shop", ["prek"], indirect=True)
def test_nested_project_finds_the_manifest_upward(shop: Shop) -> None:
    nested = {"src/shop/plugin/.pre-commit-config.yaml": shop.config("hardcut", "hardcut-files")}
    shop.write(nested)
    shop.hook_up("hardcut-manifest")
    shop.write({"src/shop/plugin/__init__.py": "", "src/shop/plugin/run.py": VIOLATION})
    passed, said = shop.commit()
    assert not passed
    assert said.count("run.py:1") >= 2, "both hooks of the nested project say so"
