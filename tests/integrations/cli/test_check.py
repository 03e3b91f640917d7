from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Make = Callable[..., Any]


def test_clean_is_zero_and_says_so(engine: Any, run: Run) -> None:
    ended = run("check")
    assert (ended.code, ended.out, ended.err) == (0, "no findings (7 files checked)\n", "")
    assert engine.asked[0].paths == []
    assert engine.asked[0].waves is None


def test_errors_are_one_and_the_reason_comes_from_the_manifest(engine: Any, run: Run, finding: Make) -> None:
    engine.findings = [finding()]
    ended = run("check")
    assert ended.code == 1
    assert ended.out == (
        "src/shop/main.py:1:8  deleted-module-import  CUT101  [wave 0, landed]\n"
        "  1 | import shop.old\n"
        "    |        ^^^^^^^^ shop.old is deleted\n"
        "    = why: nobody uses it\n"
        "    = help: import shop.new\n"
        "    = plan: cutover.toml:10\n"
        "\n"
        "1 error in 1 file (7 checked)\n"
    )


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_other_severities_and_contested_findings_are_zero(
    engine: Any, run: Run, finding: Make, severity: str
) -> None:
    engine.findings = [finding(severity=severity)]
    engine.contested = [finding(contested="why")]
    assert run("check").code == 0


def test_exit_zero_masks_findings_and_nothing_else(
    engine: Any, run: Run, finding: Make, project: Path
) -> None:
    engine.findings = [finding()]
    ended = run("check", "--exit-zero")
    assert ended.code == 0
    assert "1 error" in ended.out
    assert run("check", "--exit-zero", "not-there").code == 2
    (project / "cutover.toml").write_text("[plan\n")
    assert run("check", "--exit-zero").code == 2


def test_every_option_reaches_the_engine(engine: Any, run: Run, project: Path) -> None:
    ended = run(
        *("check", "src", "src/shop/main.py", "--wave", "0,later", "--assume-landed", "later"),
        *(
            "--select",
            "CUT1,removed-symbol-defined",
            "--ignore",
            "cut103",
            "--exclude",
            "a",
            "--exclude",
            "b{c,d}",
        ),
        *("--force-exclude", "--no-cache", "--jobs", "3"),
    )
    assert ended.code == 0, ended.err
    (asked,) = engine.asked
    assert asked.root == str(project)
    assert asked.paths == ["src/shop/__init__.py", "src/shop/main.py"]
    assert asked.waves == {"0", "later"}
    assert asked.assume_landed == {"later"}
    assert {"CUT101", "CUT102", "CUT103", "CUT104", "CUT201"} <= asked.select
    assert not any(code.startswith(("CUT3", "CUT202")) for code in asked.select)
    assert asked.ignore == {"CUT103"}
    assert asked.exclude == ["a", "b{c,d}"]
    assert (asked.force_exclude, asked.cache, asked.jobs, asked.stdin) == (True, False, 3, None)
    assert [plan.name for plan in asked.plans] == ["shop"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ["--select", "deleted-module-imports"],
            'unknown rule "deleted-module-imports"; did you mean "deleted-module-import"?',
        ),
        (["--ignore", "CUT109"], 'unknown rule "CUT109"; did you mean "CUT10'),
        (["--select", "C"], 'unknown rule "C"'),
        (["--wave", "latr"], 'unknown wave "latr"; did you mean "later"?'),
        (["--assume-landed", "0,9"], 'unknown wave "9"; there are "0" and "later"'),
        (["not-there.py"], "no such file or folder: not-there.py"),
        ([".."], "outside the root "),
        (["--root", "not-there"], "no such folder: not-there"),
        (["--plan", "not-there.toml"], "not-there.toml:1:1: no such file"),
        (["-", "src"], "standard input (-) is checked by itself"),
        (["--jobs", "0"], "--jobs"),
        (["--format", "xml"], "'xml'"),
        (["--selct", "x"], "--select"),
        (["a\x1b[2Jb"], "no such file or folder: a\\x1b[2Jb"),
    ],
)
def test_unusable_input_is_two_with_a_way_out(engine: Any, run: Run, argv: list[str], said: str) -> None:
    ended = run("check", *argv)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
    assert engine.asked == []
    assert "\x1b" not in ended.err


def test_every_error_of_a_manifest_is_told_a_line_each(engine: Any, run: Run, project: Path) -> None:
    text = (project / "cutover.toml").read_text()
    (project / "cutover.toml").write_text(text.replace("module =", "modul =").replace('"landed"', '"lnded"'))
    ended = run("check")
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("cutover.toml:") for line in lines)
    assert any(line.startswith("cutover.toml:8:") and "landed" in line for line in lines)
    assert any(line.startswith("cutover.toml:11:") and "module" in line for line in lines)


def test_without_a_manifest_it_says_what_to_do(
    engine: Any, run: Run, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    ended = run("check")
    assert ended.code == 2
    assert "hardcut init" in ended.err


def test_paths_start_at_the_working_directory_and_the_root_is_the_whole(
    engine: Any, run: Run, project: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(project / "src")
    assert run("check", "shop/main.py").code == 0
    assert run("check", "..").code == 0
    assert [asked.paths for asked in engine.asked] == [["src/shop/main.py"], []]


def test_a_hook_may_hand_over_anything(engine: Any, run: Run, project: Path) -> None:
    ended = run("check", "--force-exclude", "gone.py", "../outside.py")
    assert ended.code == 0
    assert engine.asked == [], "nothing to check is not the whole project"
    assert ended.out == "no findings (0 files checked)\n"
    assert run("check", "--force-exclude", "gone.py", "src").code == 0
    assert [asked.paths for asked in engine.asked] == [["src/shop/__init__.py", "src/shop/main.py"]]


def test_a_plan_kept_elsewhere_checks_any_tree(engine: Any, run: Run, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "src").mkdir(parents=True)
    (other / "src" / "main.py").write_text("")
    os.chdir(other)
    ended = run("check", "--plan", "../project/cutover.toml", "--root", ".")
    assert ended.code == 0, ended.err
    assert engine.asked[0].root == str(other)


def test_standard_input_is_checked_and_shown_under_its_name(
    engine: Any, run: Run, finding: Make, monkeypatch: Any
) -> None:
    engine.findings = [finding()]
    for argv in (["-", "--stdin-filename", "src/shop/main.py"], ["--stdin-filename", "src/shop/main.py"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"import shop.old  # unsaved\n")))
        ended = run("check", *argv)
        assert ended.code == 1
        assert "1 | import shop.old  # unsaved\n" in ended.out
    asked = engine.asked[0]
    assert asked.stdin == ("src/shop/main.py", b"import shop.old  # unsaved\n")
    assert asked.paths == ["src/shop/main.py"]


def test_standard_input_without_a_name(engine: Any, run: Run, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\n")))
    assert run("check", "-").code == 0
    assert engine.asked[0].stdin == ("stdin.py", b"x\n")
    monkeypatch.setattr(sys, "stdin", None)
    ended = run("check", "-")
    assert (ended.code, ended.err) == (2, "hardcut: cannot read standard input\n")


def test_concise_findings_to_output_and_the_summary_beside(engine: Any, run: Run, finding: Make) -> None:
    engine.findings = [finding()]
    ended = run("check", "--format", "concise")
    assert (
        ended.out
        == "src/shop/main.py:1:8: CUT101 deleted-module-import: shop.old is deleted; import shop.new\n"
    )
    assert ended.err == "1 error in 1 file (7 checked)\n"


def test_json_is_one_object_and_nothing_else(engine: Any, run: Run, finding: Make) -> None:
    engine.findings = [finding()]
    ended = run("check", "--format", "json", "--statistics")
    assert ended.code == 1
    assert json.loads(ended.out)["findings"][0]["code"] == "CUT101"
    assert ended.err == ""


def test_planned_findings_are_listed_for_named_waves_or_on_request(
    engine: Any, run: Run, finding: Make
) -> None:
    engine.findings = [finding(state="planned", severity="info", wave="later")]
    assert "CUT101" not in run("check").out
    assert "wave later: 1 planned" in run("check").out
    assert "CUT101" in run("check", "--show-planned").out
    assert "CUT101" in run("check", "--wave", "later").out


def test_the_report_goes_to_a_file(engine: Any, run: Run, finding: Make, project: Path) -> None:
    engine.findings = [finding(message="caf\udce9 é")]
    (project / "report.txt").write_text("old")
    (project / "report.txt").chmod(0o604)
    ended = run("check", "--output-file", "report.txt")
    assert (ended.code, ended.out, ended.err) == (1, "", "")
    written = (project / "report.txt").read_text(encoding="utf-8")
    assert "caf\\xe9 é" in written
    assert (project / "report.txt").stat().st_mode & 0o777 == 0o604
    assert sorted(path.name for path in project.iterdir()) == ["cutover.toml", "report.txt", "src"]


def test_a_file_for_the_report_gets_no_colours(
    engine: Any, run: Run, finding: Make, project: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.findings = [finding()]
    assert "\x1b[" in run("check").out
    run("check", "--output-file", "report.txt")
    assert "\x1b" not in (project / "report.txt").read_text()
    assert "\x1b" not in run("check", "--format", "concise").out


def test_an_output_file_that_cannot_be_written_is_two(engine: Any, run: Run, project: Path) -> None:
    for name, said in (
        ("no/folder/r.txt", "No such file or directory"),
        ("src", "Is a directory"),
        ("a\0b", "null"),
    ):
        ended = run("check", "--output-file", name)
        assert ended.code == 2
        assert said in ended.err
    assert run("check", "--output-file", os.devnull).code == 0
    ended = run("check", "--output-file", "/dev/full")
    assert ended.code == 2
    assert "No space left" in ended.err


@pytest.mark.parametrize(
    ("link", "target", "output", "written"),
    [
        ("report.txt", "../outside.txt", "report.txt", None),
        ("report.txt", "../missing.txt", "report.txt", None),
        ("folder", "..", "folder/outside.txt", None),
        ("report.txt", ".git/config", "report.txt", None),
        ("folder", ".git/hooks", "folder/pre-commit", None),
        ("report.txt", "src/real.txt", "report.txt", "src/real.txt"),
        ("folder", "src", "folder/report.txt", "src/report.txt"),
        ("../user.txt", "outside.txt", "../user.txt", "../outside.txt"),
    ],
)
def test_an_output_file_never_follows_a_link_of_the_project_out_of_it(
    engine: Any,
    run: Run,
    finding: Make,
    project: Path,
    link: str,
    target: str,
    output: str,
    written: str | None,
) -> None:
    (project / ".git" / "hooks").mkdir(parents=True)
    for name in ("../outside.txt", ".git/config", "src/real.txt"):
        (project / name).write_text("before")
    (project / link).symlink_to(target)
    engine.findings = [finding()]
    ended = run("check", "--output-file", output)
    if written is None:
        assert ended.code == 2
        assert f"cannot write {output}: a symbolic link leads out of the project" in ended.err
        assert {(project / name).read_text() for name in ("../outside.txt", ".git/config")} == {"before"}
        assert not (project / "../missing.txt").exists() and not list((project / ".git/hooks").iterdir())
    else:
        assert ended.code == 1, ended.err
        assert (project / link).is_symlink()
        assert "CUT101" in (project / written).read_text()


def test_an_error_of_our_own_is_one_line(engine: Any, run: Run, monkeypatch: Any) -> None:
    engine.fails = TypeError("one\ntwo\x1b")
    ended = run("check")
    assert ended.code == 2
    assert ended.err == "hardcut: internal error: TypeError: one\\ntwo\\x1b (HARDCUT_DEBUG=1 shows where)\n"
    monkeypatch.setenv("HARDCUT_DEBUG", "1")
    with pytest.raises(TypeError):
        run("check")


def test_interrupted(engine: Any, run: Run) -> None:
    engine.fails = KeyboardInterrupt()
    ended = run("check")
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_github_gets_commands_and_the_summary_beside(engine: Any, run: Run, finding: Make) -> None:
    engine.findings = [finding()]
    ended = run("check", "--format", "github")
    assert (ended.code, ended.err) == (1, "1 error in 1 file (7 checked)\n")
    assert ended.out.startswith("::error file=src/shop/main.py,line=1,col=8,")


def test_junit_tells_which_rules_held(engine: Any, run: Run) -> None:
    ended = run("check", "--format", "junit")
    assert ended.code == 0
    assert '<testcase classname="shop: wave 0" name="CUT101 deleted-module-import" />' in ended.out
    assert 'failures="0"' in ended.out
