"""Where manifests are found, and which root they get."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folders import lay
from plans import load_plan

from hardcut.plan.discover import find_manifests
from hardcut.plan.errors import ManifestError
from hardcut.plan.load import load_plans, load_text


def plan(name: str) -> str:
    """The least manifest."""
    return f'[plan]\nname = "{name}"\n'


def inline(name: str, plans: str = "") -> str:
    """A pyproject.toml with a plan of its own."""
    listed = f"plans = {plans}\n" if plans else ""
    return f'[project]\nname = "p"\n[tool.hardcut]\n{listed}[tool.hardcut.plan]\nname = "{name}"\n'


def found(start: Path) -> tuple[Path, list[str]]:
    """The root, and the files relative to it."""
    root, files = find_manifests(start)
    return root, [file.relative_to(root).as_posix() for file in files]


def complaints(start: Path, *files: Path, root: Path | None = None) -> list[str]:
    """What is wrong, as people see it."""
    with pytest.raises(ManifestError) as caught:
        load_plans(start, root, files)
    return str(caught.value).split("\n")


def test_upward_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"cutover.toml": plan("top"), "a/b/x.py": ""})
    assert found(tmp_path / "a" / "b") == (tmp_path, ["cutover.toml"])
    assert found(tmp_path / "a" / "b" / "x.py") == (tmp_path, ["cutover.toml"])
    assert found(tmp_path / "a" / "not there") == (tmp_path, ["cutover.toml"])
    monkeypatch.chdir(tmp_path / "a")
    assert found(Path()) == (tmp_path, ["cutover.toml"])
    assert [(one.name, one.path, one.root) for one in load_plans(Path("b"))] == [
        ("top", "cutover.toml", str(tmp_path))
    ]


def test_the_nearest_folder_wins(tmp_path: Path) -> None:
    lay(tmp_path, {"cutover.toml": plan("top"), "a/cutover.toml": plan("a"), "b/pyproject.toml": inline("b")})
    assert found(tmp_path / "a") == (tmp_path / "a", ["cutover.toml"])
    assert found(tmp_path / "b") == (tmp_path / "b", ["pyproject.toml"])


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "cutover.toml": plan("top"),
            "a/pyproject.toml": '[project]\nname = "a"\n',
            "a/b/pyproject.toml": '[project]\ndependencies = ["hardcut"]\n[tool]\nx = 1\n',
            "a/b/c/pyproject.toml": "this is [[no toml, and not ours",
            "a/b/c/d/pyproject.toml/x": "",
        },
    )
    assert found(tmp_path / "a" / "b" / "c" / "d") == (tmp_path, ["cutover.toml"])


def test_nothing_is_found(tmp_path: Path) -> None:
    root, files = find_manifests(tmp_path)
    assert (root, files) == (tmp_path, [])
    assert load_plans(tmp_path) == []


def test_both_in_one_folder_run_together(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "cutover.toml": plan("first"),
            "pyproject.toml": inline("second", '["plans/*.toml", "cutover.toml"]'),
            "plans/b.toml": plan("b"),
            "plans/a.toml": plan("a"),
            "plans/a.txt": "",
        },
    )
    assert found(tmp_path)[1] == ["cutover.toml", "pyproject.toml", "plans/a.toml", "plans/b.toml"]
    plans = load_plans(tmp_path)
    assert [one.name for one in plans] == ["first", "second", "a", "b"]
    assert {one.root for one in plans} == {str(tmp_path)}
    assert [one.path for one in plans] == ["cutover.toml", "pyproject.toml", "plans/a.toml", "plans/b.toml"]


def test_globs_reach_below_folders_and_no_folders(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "pyproject.toml": '[tool.hardcut]\nplans = ["**/x.toml"]\n',
            "a/b/x.toml": plan("x"),
            "c/x.toml/y": "",
        },
    )
    assert found(tmp_path)[1] == ["a/b/x.toml"]


def test_a_plan_in_a_pyproject_is_placed_there(tmp_path: Path) -> None:
    text = inline("x") + '[[tool.hardcut.wave]]\nid = "0"\n[[tool.hardcut.wave.delete]]\nmodule = "a"\n'
    lay(tmp_path, {"pyproject.toml": text})
    (one,) = load_plans(tmp_path)
    assert [(gate.declared.path, gate.declared.line) for gate in one.gates] == [("pyproject.toml", 8)]
    assert (one.declared.line, one.waves[0].line) == (4, 6)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "[tool.hardcut]\n",
            '1:1: tool.hardcut: empty: list manifests in "plans", '
            "or write the plan here, from [tool.hardcut.plan] on",
        ),
        ("[tool]\nhardcut = 3\n", "2:11: tool.hardcut: expected a table"),
        (
            "[tool.hardcut]\nplans = []\n",
            '2:9: tool.hardcut.plans: expected an array of globs, such as ["plans/*.toml"]',
        ),
        (
            "[tool.hardcut]\nplans = 'a'\n",
            '2:9: tool.hardcut.plans: expected an array of globs, such as ["plans/*.toml"]',
        ),
        ("[tool.hardcut]\nplans = [3]\n", "2:10: tool.hardcut.plans: expected a glob"),
        ("[tool.hardcut]\nplans = ['']\n", "2:10: tool.hardcut.plans: expected a glob"),
        (
            "[tool.hardcut]\nplans = [\n 'none/*.toml']\n",
            '3:2: tool.hardcut.plans: no file matches "none/*.toml"',
        ),
        ("[tool.hardcut]\nplans = ['../*.toml']\n", '2:10: tool.hardcut.plans: "../*.toml" leaves the root'),
        (
            "[tool.hardcut]\nplans = ['/*.toml']\n",
            '2:10: tool.hardcut.plans: "/*.toml" is absolute; paths here are relative to the root',
        ),
        ("[tool.hardcut]\nplans = ['**/a/**']\n", '2:10: tool.hardcut.plans: "**/a/**" has more than one **'),
        ("[tool.hardcut]\nplans = ['.']\n", '2:10: tool.hardcut.plans: "." is no glob'),
        ("[tool.hardcut]\nplanz = ['a']\n", '2:1: tool.hardcut: unknown key "planz"; did you mean "plan"?'),
        ("[tool.hardcut]\nwave = []\n", '1:1: tool.hardcut: missing key "plan"'),
        (
            "[tool.hardcut.plan]\nnam = 'x'\n",
            '2:1: tool.hardcut.plan: unknown key "nam"; did you mean "name"?',
        ),
        (inline("x") + "[[tool.hardcut.wave]]\n", '6:1: tool.hardcut.wave: missing key "id"'),
        ("tool.hardcut = [", "1:17: not valid TOML: "),
    ],
)
def test_problems_of_a_pyproject(tmp_path: Path, table: str, expected: str) -> None:
    lay(tmp_path, {"pyproject.toml": table, "sub/x": ""})
    (complaint,) = complaints(tmp_path / "sub")
    assert complaint.startswith(f"pyproject.toml:{expected}")
    assert complaint.endswith(expected) or expected.endswith(": ")


def test_a_hostile_glob(tmp_path: Path) -> None:
    for glob in ("*/" * 5000, "[" * 500, "a" * 5000):
        lay(tmp_path, {"pyproject.toml": f"[tool.hardcut]\nplans = ['{glob}']\n"})
        (complaint,) = complaints(tmp_path)
        assert complaint.startswith("pyproject.toml:2:10: tool.hardcut.plans: ")


def test_links_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": '[tool.hardcut]\nplans = ["**/x.toml"]\n', "a/x.toml": plan("x")})
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert found(tmp_path)[1] == ["a/x.toml"]


def test_a_dead_link_is_no_missing_manifest(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").symlink_to("nowhere.toml")
    assert complaints(tmp_path) == ["cutover.toml:1:1: this is a symbolic link to a file that is not there"]


def test_all_problems_of_all_files(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "pyproject.toml": '[tool.hardcut]\nplans = ["*.plan"]\n',
            "a.plan": "x = 1",
            "b.plan": "= 1",
            "c.plan": plan("c"),
        },
    )
    assert [complaint[:10] for complaint in complaints(tmp_path)] == [
        "a.plan:1:1",
        "a.plan:1:1",
        "b.plan:1:1",
    ]


def test_two_plans_with_one_name(tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": inline("x", '["a.toml"]'), "a.toml": "\n" + plan("x")})
    assert complaints(tmp_path) == [
        'a.toml:3:8: plan.name: there is a plan "x" already, in pyproject.toml, line 6'
    ]


class TestNamedFiles:
    def test_the_root_is_the_files_folder(self, tmp_path: Path) -> None:
        lay(tmp_path, {"cutover.toml": plan("top"), "plans/a.toml": plan("a")})
        one = load_plan(tmp_path / "plans" / "a.toml")
        assert (one.root, one.path) == (str(tmp_path / "plans"), "a.toml")

    def test_the_root_is_that_of_the_pyproject_that_lists_it(self, tmp_path: Path) -> None:
        lay(
            tmp_path,
            {"pyproject.toml": '[tool.hardcut]\nplans = ["plans/*.toml"]\n', "plans/a.toml": plan("a")},
        )
        one = load_plan(tmp_path / "plans" / "a.toml")
        assert (one.root, one.path) == (str(tmp_path), "plans/a.toml")
        assert load_plans(tmp_path / "plans") == [one]

    def test_a_given_root_overrides(self, tmp_path: Path) -> None:
        lay(tmp_path, {"plans/a.toml": plan("a"), "other/x": ""})
        one = load_plan(tmp_path / "plans" / "a.toml", tmp_path / "other")
        assert (one.root, one.path) == (str(tmp_path / "other"), (tmp_path / "plans" / "a.toml").as_posix())
        one = load_plan(tmp_path / "plans" / "a.toml", tmp_path)
        assert (one.root, one.path) == (str(tmp_path), "plans/a.toml")

    def test_a_given_root_is_for_found_manifests_too(self, tmp_path: Path) -> None:
        lay(tmp_path, {"a/cutover.toml": plan("a"), "b/x": ""})
        (one,) = load_plans(tmp_path / "a", tmp_path / "b")
        assert one.root == str(tmp_path / "b")

    def test_a_root_that_is_no_folder(self, tmp_path: Path) -> None:
        lay(tmp_path, {"a.toml": plan("a")})
        root = tmp_path / "none"
        assert complaints(tmp_path, tmp_path / "a.toml", root=root) == [
            f"{root.as_posix()}:1:1: the root is not a folder"
        ]

    def test_a_pyproject_stands_for_all_its_plans(self, tmp_path: Path) -> None:
        lay(
            tmp_path,
            {"pyproject.toml": inline("x", '["*.plan"]'), "a.plan": plan("a"), "b/c.toml": plan("c")},
        )
        plans = load_plans(tmp_path / "b", None, [tmp_path / "pyproject.toml", tmp_path / "a.plan"])
        assert [one.name for one in plans] == ["x", "a"]

    def test_a_pyproject_that_only_lists_is_no_plan(self, tmp_path: Path) -> None:
        lay(tmp_path, {"pyproject.toml": '[tool.hardcut]\nplans = ["a.plan"]\n', "a.plan": plan("a")})
        with pytest.raises(ManifestError, match="it only lists others"):
            load_text(tmp_path / "pyproject.toml", tmp_path, (tmp_path / "pyproject.toml").read_bytes())
        assert [one.name for one in load_plans(tmp_path, None, [tmp_path / "pyproject.toml"])] == ["a"]

    def test_a_pyproject_without_our_table(self, tmp_path: Path) -> None:
        lay(tmp_path, {"pyproject.toml": "[tool.other]\n"})
        assert complaints(tmp_path, tmp_path / "pyproject.toml") == [
            "pyproject.toml:1:1: no [tool.hardcut] in this file"
        ]

    def test_files_under_two_roots(self, tmp_path: Path) -> None:
        lay(tmp_path, {"a/x.toml": plan("x"), "b/y.toml": plan("y")})
        files = [tmp_path / "a" / "x.toml", tmp_path / "b" / "y.toml"]
        (complaint,) = complaints(tmp_path, *files)
        assert "give one root for both" in complaint
        assert [one.path for one in load_plans(tmp_path, tmp_path, files)] == ["a/x.toml", "b/y.toml"]

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, tmp_path / "none.toml") == ["none.toml:1:1: no such file"]


def test_the_digest_changes_with_every_byte(tmp_path: Path) -> None:
    digests = set[str]()
    for text in (plan("a"), plan("b"), plan("a") + " ", plan("a") + "#", plan("a").replace("\n", "\r\n")):
        (tmp_path / "cutover.toml").write_bytes(text.encode())
        digests.add(load_plan(tmp_path / "cutover.toml").digest)
    assert len(digests) == 5


def test_an_unreadable_pyproject_on_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.hardcut]\nplans = ['\xff']\n")
    assert complaints(tmp_path) == ["pyproject.toml:2:11: not UTF-8, as TOML must be: byte 0xff"]
    assert os.listdir(tmp_path) == ["pyproject.toml"], "nothing is written"
