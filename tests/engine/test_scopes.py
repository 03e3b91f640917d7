"""Scopes of a plan that match nothing, and Python code that no plan covers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from folders import commit, git, lay
from plans import load_plan

import hardcut
from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.engine.scopes import scope_problems, uncovered
from hardcut.integrations.cli.commands import commands
from hardcut.integrations.plans import Plans
from hardcut.integrations.server.projects import Project
from hardcut.plan.errors import ManifestError

Made = Callable[..., Path]
GATES = """\
[[wave]]
id = "0"
state = "STATE"

[[wave.surface]]
only = "ext"
banned = ["ext._internal"]
within = WITHIN
"""


def manifest(within: str = '["shop"]', state: str = "landed", **settings: str) -> str:
    keys = {"name": '"shop"', "source": '["src"]', "check": '["src"]', **settings}
    head = "[plan]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
    return head + GATES.replace("STATE", state).replace("WITHIN", within)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    lay(
        tmp_path,
        {
            "cutover.toml": manifest(),
            "src/shop/__init__.py": "",
            "src/shop/old.py": "",
            "docs/index.md": "",
            "old/x.py": "",
            "assets/a.png": "",
        },
    )
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path)
    (tmp_path / "src/shop/old.py").unlink()
    (tmp_path / "old/x.py").unlink()
    (tmp_path / "old").rmdir()
    commit(tmp_path, subject="gone")
    return tmp_path


SCOPES: list[tuple[str, str, str | None]] = [
    ("all is there", manifest(), None),
    (
        "a check entry is misspelt",
        manifest(check='["src", "tets"]'),
        '3:4:17: plan.check: "tets" matches no file',
    ),
    ("a check glob", manifest(check='["src", "tets/**/*.py"]'), '"tets/**/*.py" matches no file'),
    ("a check glob that matches", manifest(check='["src/**/*.py"]'), None),
    ("a check entry was there", manifest(check='["src", "old"]'), None),
    ("nothing is checked any more", manifest(check='["old"]'), '"old" matches no file any more'),
    ("a file", manifest(check='["src", "cutover.toml"]'), None),
    ("only other files", manifest(check='["docs"]'), None),
    ("no files that are read", manifest(check='["src", "assets"]'), '"assets" matches no file'),
    ("a glob that matched", manifest(check='["src", "old/*.py"]'), None),
    (
        "a glob that matched other files only",
        manifest(check='["src", "old/*.pyi"]'),
        '"old/*.pyi" matches no file',
    ),
    ("everything is excluded", manifest(exclude='["src/**"]'), "exclude every file"),
    ("everything is excluded anywhere", manifest(exclude='["shop"]'), "exclude every file"),
    ("a part is excluded", manifest(check='["src", "docs"]', exclude='["src/**"]'), None),
    ("an exception is left", manifest(exclude='["src/*", "!src/shop"]'), None),
    (
        "an import root is misspelt",
        manifest(source='["src", "scr"]'),
        'plan.source: "scr" holds no Python module',
    ),
    ("an import root was there", manifest(source='["src", "old"]'), None),
    ("an import root of documents", manifest(source='["src", "docs"]'), '"docs" holds no Python module'),
    ("a module is misspelt", manifest('["shop", "shpo"]'), "wave.surface.within: there is no module shpo"),
    ("an import root in front", manifest('["src.shop"]'), 'known history; did you mean "shop"?'),
    (
        "no import root in front",
        manifest('["shop"]', source='["."]'),
        'known history; did you mean "src.shop"?',
    ),
    ("a module was there", manifest('["shop", "shop.old"]'), None),
    ("a module of an active wave", manifest('["shpo"]', "active"), "there is no module shpo"),
    ("a module that is allowed", manifest('["shpo"]\nallow_unmatched = "it comes"'), None),
    ("a module of a planned wave", manifest('["shpo"]', "planned"), None),
]


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in SCOPES], ids=[row[0] for row in SCOPES])
def test_scopes(shop: Path, text: str, said: str | None) -> None:
    lay(shop, {"cutover.toml": text})
    found = [
        f"{one.line}:{one.column}: {one.key}: {one.message}"
        for one in scope_problems([load_plan(shop / "cutover.toml")])
    ]
    assert len(found) == (said is not None), found
    if said is not None:
        assert said.removeprefix("3:") in found[0]


def test_without_git_nothing_is_known_of_the_past(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {"src/shop/__init__.py": "", "cutover.toml": manifest('["shop.old"]', check='["src", "old"]')},
    )
    found = [one.message for one in scope_problems([load_plan(tmp_path / "cutover.toml")])]
    assert found == [
        '"old" matches no file, now or in the known history',
        "there is no module shop.old, now or in the known history",
    ]


COMMANDS = [
    ["check"],
    ["check", "src/shop/__init__.py"],
    ["check", "--force-exclude", "src/shop/__init__.py"],
    ["fix"],
    ["fix", "--diff", "src/shop/__init__.py"],
    ["status"],
    ["land", "0"],
    ["activate", "0"],
    ["why", "ext"],
    ["selftest"],
    ["burndown"],
    ["sync", "ruff", "--ruff-version", "0.16.8"],
    ["revive", "ext", "--reason", "r"],
]


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_every_command_says_so(shop: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    lay(shop, {"cutover.toml": manifest(check='["scr"]')})
    before = {path: path.read_bytes() for path in shop.rglob("*.toml")}
    monkeypatch.chdir(shop)
    ended = CliRunner().invoke(commands, argv, standalone_mode=False)
    assert isinstance(ended.exception, hardcut.Unusable), ended.output
    assert str(ended.exception).endswith('plan.check: "scr" matches no file, now or in the known history')
    assert {path: path.read_bytes() for path in shop.rglob("*.toml")} == before


def test_every_integration_says_so(shop: Path) -> None:
    lay(shop, {"cutover.toml": manifest(check='["scr"]')})
    with pytest.raises(ManifestError, match="scr"):
        Plans().for_file(str(shop / "src/shop/__init__.py"))
    with pytest.raises(hardcut.Unusable):
        hardcut.check(shop)
    project = Project(str(shop))
    project.load([shop / "cutover.toml"])
    assert [one.line for one in project.problems] == [4] and project.plans == []


def test_paths_that_are_excluded_are_no_error(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(
        shop,
        {"cutover.toml": manifest(exclude='["src/shop/gen"]'), "src/shop/gen/a.py": "import ext._internal\n"},
    )
    monkeypatch.chdir(shop)
    ended = CliRunner().invoke(
        commands, ["check", "--force-exclude", "src/shop/gen/a.py"], standalone_mode=False
    )
    assert (ended.return_value, ended.output) == (0, "no findings (0 files checked)\n")


def covered(root: Path, text: str, exclude: list[str] | None = None) -> list[tuple[str, int]]:
    lay(root, {"cutover.toml": text})
    found = uncovered(root, [load_plan(root / "cutover.toml")], exclude or [])
    return [(one.path, one.files) for one in found]


@pytest.fixture
def tracked(shop: Path) -> Path:
    files = (
        *("tools/a.py", "tools/deep/b.pyi", "setup.py", "src/other/c.py", "scripts/run.sh", "docs/conf.py"),
        *("gen/d.py", "packages/a/src/e.py", "packages/a/tests/f.py", "packages/b/src/g.py"),
    )
    lay(shop, dict.fromkeys(files, ""))
    script = "#!/usr/bin/env python3\n"
    lay(shop, {"notes/a.ipynb": "{}", "bin/run": script, "bin/deploy": "#!/bin/sh\n", "LICENSE": "free\n"})
    commit(shop, subject="more")
    lay(shop, {"untracked/h.py": ""})
    (shop / "docs/conf.py").unlink()
    return shop


@pytest.mark.parametrize(
    ("check", "exclude", "expected"),
    [
        ('["."]', "[]", []),
        (
            '["src", "packages"]',
            '["gen/"]',
            [("bin/", 1), ("notes/", 1), ("setup.py", 1), ("tools/", 2)],
        ),
        (
            '["src/shop", "tools/deep"]',
            '["gen", "packages", "notes", "bin/*"]',
            [("setup.py", 1), ("src/other/", 1), ("tools/a.py", 1)],
        ),
        (
            '["src", "tools", "setup.py", "gen", "packages/a/src", "bin/deploy"]',
            '["*.ipynb"]',
            [("bin/run", 1), ("packages/a/tests/", 1), ("packages/b/", 1)],
        ),
        (
            '["src", "tools", "setup.py", "gen", "packages/*/src"]',
            '["bin", "notes"]',
            [("packages/a/tests/", 1)],
        ),
    ],
)
def test_uncovered_python(tracked: Path, check: str, exclude: str, expected: list[tuple[str, int]]) -> None:
    assert covered(tracked, manifest(check=check, exclude=exclude)) == expected


def test_options_exclude_too_and_without_git_nothing_is_tracked(tracked: Path, tmp_path: Path) -> None:
    text = manifest(check='["src", "packages", "gen", "bin", "notes"]')
    assert covered(tracked, text, ["tools", "setup.py"]) == []
    (tracked / ".git").rename(tmp_path / "unused")
    assert covered(tracked, text) == []


def test_the_summary_names_what_is_not_covered(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tracked, {"cutover.toml": manifest(check='["src", "bin", "notes"]')})
    monkeypatch.chdir(tracked)

    def said(*argv: str) -> str:
        ended = CliRunner().invoke(commands, ["check", *argv], standalone_mode=False)
        assert ended.return_value == 0, ended.output
        return ended.output

    line = "not covered by `plan.check`: gen/ (1 Python file), packages/ (3 Python files), setup.py, tools/ ("
    for form in ("text", "concise", "github", "markdown"):
        assert line in said("--format", form).replace("\\", ""), form
    for _ in range(2):
        found: dict[str, Any] = json.loads(said("--format", "json"))
        assert found["summary"]["uncovered"] == [
            {"path": "gen/", "files": 1},
            {"path": "packages/", "files": 3},
            {"path": "setup.py", "files": 1},
            {"path": "tools/", "files": 2},
        ]
    lay(tracked, {"lib/new.py": ""})
    git(tracked, "add", "lib")
    assert "lib/ (1 Python file)" in said(), "a kept answer does not hide it"
    assert "not covered" not in said("src/shop/__init__.py")


SCRIPT = """\
#!/usr/bin/env python3
import ext
from shop import missing
from shop.old import total  # noqa: CUT101


def load():
    try:
        ext.run()
    except Exception:
        return None

"""
GATE = '[[wave.delete]]\nmodule = "shop.old"\n\n[[wave.fail_fast]]\nguard = ["ext"]\n'


def test_a_script_without_a_suffix_is_read_as_any_python_file(shop: Path) -> None:
    text = (
        '[plan]\nname = "p"\nsource = ["src"]\ncheck = ["src", "bin"]\n[[wave]]\nid = "0"\nstate = "landed"\n'
    )
    lay(shop, {"cutover.toml": text + GATE})
    lay(shop, {"bin/run": SCRIPT, "bin/same.py": SCRIPT})
    plans = [load_plan(shop / "cutover.toml")]
    report = check(Options(root=str(shop), plans=plans, cache=False, jobs=1, compare=False))
    found: dict[str, list[tuple[str, int | None]]] = {}
    for one in report.findings:
        found.setdefault(one.place.path, []).append((one.code, one.place.line))
    assert found["bin/run"] == found["bin/same.py"]
    assert {code for code, _ in found["bin/run"]} >= {"CUT101", "CUT105", "CUT401", "CUT901"}


@pytest.mark.parametrize(
    ("argv", "left"),
    [
        (["--exclude", "**"], False),
        (["--exclude", "src"], False),
        (["--exclude", "*.py"], False),
        (["--exclude", "src/other"], True),
        (["src", "--exclude", "**"], False),
        (["src/shop/__init__.py", "--exclude", "**"], True),  # a file that is named is checked
        (["src/shop/__init__.py", "--exclude", "**", "--force-exclude"], True),  # a hook
    ],
)
@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_option_that_excludes_everything(
    shop: Path, monkeypatch: pytest.MonkeyPatch, command: str, argv: list[str], left: bool
) -> None:
    monkeypatch.chdir(shop)
    ended = CliRunner().invoke(commands, [command, *argv], standalone_mode=False)
    if left:
        assert ended.return_value == 0, ended.output
    else:
        assert isinstance(ended.exception, hardcut.Unusable)
        assert str(ended.exception).startswith("--exclude ") and "leaves no" in str(ended.exception)
