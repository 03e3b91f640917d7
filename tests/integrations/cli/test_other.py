"""explain, schema, init, manifest, the version and the help."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import hardcut
from hardcut.integrations.cli.commands import commands
from hardcut.rules.registry import RULES
from hardcut.source.layout import import_roots
from hardcut.source.tree import DiskTree

Run = Callable[..., Any]


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"hardcut {hardcut.__version__}\n"
    ended = run("--help")
    assert ended.code == 0
    for name in ("check", "explain", "init", "manifest", "schema"):
        assert f"\n  {name} " in ended.out
        assert run(name, "--help").code == 0


def test_an_unknown_command_is_two(run: Run) -> None:
    ended = run("chek")
    assert ended.code == 2
    assert "No such command 'chek'. (Did you mean 'check'?)" in ended.err
    assert run("qqq").err.endswith("No such command 'qqq'.\n")
    assert run().code == 2


@pytest.mark.parametrize("group", ["sync", "gate"])
def test_what_a_command_does_is_said_whole(run: Run, group: str) -> None:
    assert "..." not in run(group, "--help").out.split("Commands:")[1]


def test_every_option_of_check_is_documented() -> None:
    check = commands.get_command(click.Context(commands), "check")
    assert check is not None
    text = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text(encoding="utf-8")
    options = [name for parameter in check.params for name in parameter.opts if name.startswith("--")]
    assert len(options) > 15
    assert [name for name in options if name not in text] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_explain_prints_the_page_of_each_rule(run: Run, rule: Any) -> None:
    by_name, by_code = run("explain", rule.name), run("explain", rule.code.lower())
    assert by_name.code == 0
    assert by_name.out == by_code.out == rule.page().rstrip("\n") + "\n"


def test_explain_alone_lists_all_rules(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(rule.code for rule in RULES)
    for rule, line in zip(sorted(RULES, key=lambda one: one.code), lines, strict=True):
        assert line.split(maxsplit=2)[1:] == [rule.name, rule.summary]


def test_explain_knows_the_nearest_rule(run: Run) -> None:
    ended = run("explain", "deleted-modul-import")
    assert ended.code == 2
    assert 'did you mean "deleted-module-import"?' in ended.err


def test_explain_on_a_terminal_is_rendered(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import hardcut.integrations.cli.explain as command
    from hardcut.report.terminal import Terminal

    monkeypatch.setattr(command, "detect", lambda *_: Terminal(colour=True, links=True))
    shown = run("explain", RULES[0].code).out
    assert "\x1b[" in shown
    assert "```" in RULES[0].page() and "```" not in shown


def test_schema_is_json(run: Run) -> None:
    ended = run("schema")
    assert ended.code == 0
    assert json.loads(ended.out)["$defs"]


def test_init_writes_a_manifest_that_is_valid(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("init")
    assert ended.code == 0
    assert "hardcut check --assume-landed 0\n" in ended.out
    assert [path.name for path in tmp_path.iterdir()] == ["cutover.toml"]
    ended = run("manifest")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("cutover.toml: valid: plan ")


def test_a_plan_without_a_gate_does_not_pass_for_a_clean_project(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text("X = 1\n")
    assert run("init").code == 0
    ended = run("check", "--assume-landed", "0")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("note: ")
    assert "the plan has no gates yet" in ended.out
    plan = tmp_path / "cutover.toml"
    plan.write_text(plan.read_text().replace("#[[wave.absent]]\n#", "[[wave.absent]]\n"))
    assert "note" not in run("check").out


CHANGELOGS = [
    "CHANGELOG.md",
    "newsfragments",
    "docs/news.rst",
    "docs/releases",
    "docs/whatsnew-5.2.rst",
    "docs/source/whatsnew",
]
CHECKED = ["README.md", "docs/deprecated.md", "docs/source/api/shop/changes/a.md", "history/a.md", "news.py"]


def test_init_leaves_changelogs_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    excluded = [name if name.endswith((".md", ".rst")) else f"{name}/2.0.md" for name in CHANGELOGS]
    for name in (*excluded, *CHECKED):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("`shop.old` was there\n")
    # Code is never left out for the name of its folder.
    (tmp_path / "history/log.py").write_text("")
    ended = run("init")
    assert f"not checked: {', '.join(CHANGELOGS)}\n" in ended.out
    plan = tmp_path / "cutover.toml"
    assert f"\nexclude = {json.dumps(CHANGELOGS)}\n" in plan.read_text()
    plan.write_text(plan.read_text() + '[[wave.delete]]\nmodule = "shop.old"\n')
    ended = run("check", "--wave", "0", "--select", "CUT103", "--format", "concise")
    assert [line.split(":")[0] for line in ended.out.splitlines()] == CHECKED


def test_init_keeps_what_is_there_unless_forced(run: Run, project: Path) -> None:
    before = (project / "cutover.toml").read_text()
    ended = run("init")
    assert ended.code == 2
    assert "--force" in ended.err
    assert (project / "cutover.toml").read_text() == before
    assert run("init", "--force").code == 0
    text = (project / "cutover.toml").read_text()
    assert text != before
    assert 'source = ["src"]' in text
    assert 'name = "project"' in text
    assert sorted(path.name for path in project.iterdir()) == ["cutover.toml", "src"]


def test_init_never_writes_through_a_link(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    outside = tmp_path / "outside.toml"
    (tmp_path / "inside/cutover.toml").symlink_to(outside)
    assert run("init").code == 2
    assert not outside.exists()
    outside.write_text("mine")
    assert run("init", "--force").code == 0
    assert outside.read_text() == "mine"
    assert not (tmp_path / "inside/cutover.toml").is_symlink()


def test_init_in_a_folder_that_cannot_be_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    os.rmdir(tmp_path / "gone")
    ended = run("init")
    assert ended.code == 2
    assert ended.err.startswith("hardcut: ")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["src/shop/__init__.py"], ["src"]),
        (["src/shop.py"], ["src"]),
        (["src/space/shop/__init__.py"], ["src"]),
        (["src/__init__.py", "src/shop.py"], ["."]),
        (["src/main.rs"], ["."]),
        (["src/some-data/a.py"], ["."]),
        (["shop/__init__.py"], ["."]),
        ([], ["."]),
    ],
)
def test_import_roots(tmp_path: Path, files: list[str], expected: list[str]) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert import_roots(DiskTree(tmp_path)) == expected


def test_manifest_counts_what_it_found(run: Run, project: Path) -> None:
    for argv in ([], ["cutover.toml"], [str(project / "cutover.toml")], ["cutover.toml", "./cutover.toml"]):
        ended = run("manifest", *argv)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out == "cutover.toml: valid: plan shop with 2 waves and 1 gate\n"


def test_manifest_tells_all_errors_of_all_files(run: Run, project: Path) -> None:
    (project / "one.toml").write_text("[plan\n")
    (project / "two.cutover.toml").write_text("[plan]\nname = 3\nsorce = []\n")
    ended = run("manifest", "one.toml", "cutover.toml", "two.cutover.toml", "none.toml")
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "none.toml",
        "one.toml",
        "two.cutover.toml",
        "two.cutover.toml",
    ]
    assert any(line.startswith("two.cutover.toml:3:1: ") and '"source"' in line for line in lines)


def test_manifest_passes_over_a_pyproject_without_a_plan(run: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["hardcut"]\n')
    ended = run("manifest", "pyproject.toml")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    (project / "pyproject.toml").write_text('[tool.hardcut.plan]\nname = "other"\nsorce = ["src"]\n')
    ended = run("manifest", "pyproject.toml")
    assert ended.code == 2
    assert ended.err.startswith("pyproject.toml:3:1: ")


def test_manifest_that_contradicts_itself_is_one(run: Run, project: Path) -> None:
    with open(project / "cutover.toml", "a") as file:
        file.write('\n[[wave.move]]\nfrom = "shop.new"\nto = "shop.old"\n')
    ended = run("manifest")
    assert ended.code == 1, ended.err
    assert ended.err.startswith("cutover.toml:")
    assert "shop.old" in ended.err
    assert ended.out == ""
