"""The plugin in real pytest processes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from folders import commit, git
from pytest_session import session

from hardcut.engine.cachefolder import CacheFolder

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave.delete]]
module = "shop.gone"

[[wave.delete]]
module = "shop.doubtful"
contested = "two teams need it"

[[wave.remove]]
module = "shop.tools"
symbols = ["helper"]

[[wave]]
id = "1"
state = "active"

[[wave.surface]]
only = "engine"
banned = ["native._internal"]

[[wave.shrink]]
paths = ["src/shop/main.py"]
at_least = 0

[[wave]]
id = "2"

[[wave.delete]]
module = "shop.later"
"""
FILES = {
    "cutover.toml": MANIFEST,
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n',
    "src/shop/__init__.py": "",
    "src/shop/later.py": "",
    "src/shop/tools.py": "# shop.gone is gone\n",
    "src/shop/main.py": "from shop import old, doubtful, later\nLAZY = ['shop.old:buy']\n",
    "tests/test_it.py": "def test_it() -> None:\n    pass\n",
}
WAVE = "cutover::shop::wave "
OUTCOMES = {
    "cutover::shop::plan": "PASSED",
    f"{WAVE}0::delete shop.old": "FAILED",
    f"{WAVE}0::delete shop.gone": "PASSED",
    f"{WAVE}0::delete shop.doubtful": "PASSED",
    f"{WAVE}0::remove shop.tools.helper": "PASSED",
    f"{WAVE}1::surface engine": "PASSED",
    f"{WAVE}1::shrink src/shop/main.py": "PASSED",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    commit(tmp_path, FILES)
    return tmp_path


def outcomes(said: str) -> dict[str, str]:
    shapes = (
        r"^(cutover::.*?) (PASSED|FAILED|SKIPPED)",
        r"^\[gw\d\] \[ *\d+%\] (PASSED|FAILED|SKIPPED) (cutover::.*?) *$",
    )
    found = dict(re.findall(shapes[0], said, re.M))
    return found | {name: outcome for outcome, name in re.findall(shapes[1], said, re.M)}


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_each_gate_is_an_item(project: Path, workers: list[str]) -> None:
    code, said = session(project, "--cutover", "-v", "-rs", *workers)
    assert code == 1
    assert outcomes(said) == OUTCOMES
    assert "1 failed, 7 passed" in said
    assert "\nsrc/shop/main.py:1:18: CUT101 deleted-module-import: imports `shop.old`, " in said
    assert re.search(r"^src/shop/main\.py:2:\d+: CUT103 deleted-module-in-text: ", said, re.M)
    assert f"_ {WAVE}0::delete shop.old (cutover.toml:10) _" in said
    for other in ("shop.later`", "shop.doubtful`"):
        assert other not in said
    assert said.count("the deleted module `shop.gone`") == 1
    summary = said[said.index("= cutover =") :]
    assert "the deleted module `shop.gone`" in summary, "a warning that fails no item"
    assert re.search(r"^2 errors, 1 warning in 2 files .*; 2 contested; wave 2: \d planned$", summary, re.M)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_summary_has_a_line_for_each_gate(
    project: Path, workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    said = session(project, "--cutover", *workers)[1]
    assert said.count("main.py:2:") == 1, "pytest repeats whole messages on a runner"
    first = "src/shop/main.py:1:18: CUT101 deleted-module-import: "
    assert re.search(rf"^FAILED {WAVE}0::delete shop\.old - {first}.* \(and 1 more\)$", said, re.M)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_what_remains_of_an_active_wave_is_counted(project: Path, workers: list[str]) -> None:
    main = project / "src/shop/main.py"
    commit(project, {"src/shop/main.py": "import native._internal\n"})
    code, said = session(project, "--cutover", "-v", *workers)
    assert code == 0, said
    assert outcomes(said)[f"{WAVE}1::surface engine"] == "PASSED"
    assert "; wave 1: 1 remaining" in said[said.index("= cutover =") :]
    if not workers:
        main.write_text("import native._internal\nfrom native import _internal\n")
        code, said = session(project, "--cutover", "-v")
        assert code == 1
        assert outcomes(said)[f"{WAVE}1::surface engine"] == "FAILED"
        assert "; wave 1: 1 remaining" in said[said.index("= cutover =") :]


def test_nothing_is_loaded_unless_it_is_asked_for(project: Path) -> None:
    (project / "cutover.toml").write_text("[[[")
    text = "import sys\n\ndef test_it() -> None:\n"
    text += "    assert not [one for one in sys.modules if one.startswith(('hardcut.', 'msgspec'))\n"
    text += "                and one not in ('hardcut.integrations', 'hardcut.integrations.pytest')]\n"
    (project / "tests/test_it.py").write_text(text)
    # pytest-lsp fails on every item that is no function, of other tests than this one
    code, said = session(project, plugins={})
    assert code == 0, said
    assert "1 passed" in said
    assert "cutover" not in said.split("collected")[1]


def test_gates_are_chosen_like_tests(project: Path) -> None:
    code, said = session(project, "--cutover", "--collect-only", "-q")
    assert code == 0
    assert set(OUTCOMES) <= set(said.splitlines())
    kept = CacheFolder(project, "").path
    assert kept is not None and not kept.exists()
    code, said = session(project, "--cutover", "-v", "-k", "cutover and gone")
    assert code == 0
    assert outcomes(said) == {f"{WAVE}0::delete shop.gone": "PASSED"}


def test_what_no_gate_asks_for_fails_the_plan(project: Path) -> None:
    (project / "src/shop/main.py").write_text("import shop.nowhere\n")
    code, said = session(project, "--cutover", "-v", "tests")
    assert code == 1
    assert outcomes(said) == OUTCOMES | {
        "cutover::shop::plan": "FAILED",
        f"{WAVE}0::delete shop.old": outcomes(said)[f"{WAVE}0::delete shop.old"],
    }
    assert "src/shop/main.py:1:8: CUT105 dangling-import: " in said


def test_manifests_that_are_named(project: Path) -> None:
    (project / "plans").mkdir()
    two = MANIFEST.replace('name = "shop"', 'name = "two::three()"').replace(
        "source =", 'exclude = ["a"]\nsource ='
    )
    (project / "plans/two.toml").write_text(two)
    (project / "pyproject.toml").write_text('[tool.hardcut]\nplans = ["plans/*.toml"]\n')
    code, said = session(project, "--cutover", "--cutover-plan", "plans/two.toml", "--collect-only", "-q")
    assert code == 0, said
    assert "cutover::two:three( )::wave 0::delete shop.old" in said
    assert "cutover::shop::" not in said


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "cutover.toml:1:"),
        (["--cutover-plan", "none.toml"], "none.toml"),
        (["-n", "1"], "cutover.toml:1:"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(project: Path, argv: list[str], told: str) -> None:
    (project / "cutover.toml").write_text("[[[")
    code, said = session(project, "--cutover", *argv)
    assert code == 4
    assert told in said
    assert "Traceback" not in said


def test_without_a_manifest(project: Path) -> None:
    (project / "cutover.toml").unlink()
    code, said = session(project, "--cutover")
    assert code == 4
    assert "hardcut: no cutover.toml in " in said


def test_labels_tell_gates_apart(project: Path) -> None:
    more = """\
[[wave]]
id = "3"
state = "active"
remove = [{ module = "shop.tools", symbols = ["a", "b", "c"] }, { module = "shop.tools", symbols = ["d"] }]
absent = [{ paths = ["x", "y"] }, { paths = ["x", "z"] }]
move = [{ from = "shop.a", to = "shop.b" }]
keep = [{ files = ["src/shop/tools.py"] }]
"""
    (project / "cutover.toml").write_text(MANIFEST + more)
    _, said = session(project, "--cutover", "--collect-only", "-q")
    labels = [line.removeprefix(f"{WAVE}3::") for line in said.splitlines() if line.startswith(f"{WAVE}3")]
    assert sorted(labels) == [
        "absent x and 1 more",
        "absent x and 1 more #2",
        "keep src/shop/tools.py",
        "move shop.a",
        "remove shop.tools (a and 2 more)",
        "remove shop.tools.d",
    ]


def test_a_gate_fails_although_another_gate_reports_the_same_use(tmp_path: Path) -> None:
    """Wave 1 removes a function of a module that wave 4 deletes: its callers fail both."""
    manifest = (
        '[plan]\nname = "app"\nsource = ["src"]\ncheck = ["src"]\n'
        '[[wave]]\nid = "1"\nstate = "landed"\n[[wave.remove]]\nmodule = "app.old"\nsymbols = ["f"]\n'
        '[[wave]]\nid = "4"\nstate = "landed"\n[[wave.delete]]\nmodule = "app.old"\n'
    )
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"src/app/__init__.py": "", "src/app/old.py": "def f(): ...\n"})
    commit(
        tmp_path,
        {"cutover.toml": manifest, "src/app/old.py": None, "src/app/use.py": "from app.old import f\nf()\n"},
    )
    _, said = session(tmp_path, "--cutover", "-v")
    assert outcomes(said) == {
        "cutover::app::plan": "PASSED",
        "cutover::app::wave 1::remove app.old.f": "FAILED",
        "cutover::app::wave 4::delete app.old": "FAILED",
    }
