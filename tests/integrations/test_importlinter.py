"""The contract type in real lint-imports processes, of several versions of import-linter."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from folders import lay

import hardcut

PACKAGES = str(Path(hardcut.__file__).parents[1])
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

[[wave]]
id = "1"
state = "active"

[[wave.surface]]
only = "engine"
banned = ["native._internal"]

[[wave]]
id = "2"

[[wave.delete]]
module = "shop.later"

[[wave.shrink]]
paths = ["src/shop/main.py"]
at_least = 3
"""
CONFIG = """\
[importlinter]
root_package = shop
contract_types =
    cutover: hardcut.integrations.importlinter.CutoverContract

[importlinter:contract:cutover]
name = The cutover
type = cutover
{options}

[importlinter:contract:other]
name = Pages know no storage
type = forbidden
source_modules = shop.pages
forbidden_modules = shop.storage
"""
FILES = {
    "cutover.toml": MANIFEST,
    ".importlinter": CONFIG.format(options=""),
    "src/shop/__init__.py": "",
    "src/shop/storage.py": "",
    "src/shop/later.py": "",
    "src/shop/pages.py": "import shop.storage\nimport shop.later\n",
    "src/shop/main.py": "LAZY = ['shop.api']\n",
}
OLD_IMPORT = (
    "src/shop/main.py:1:8: CUT101 deleted-module-import: imports `shop.old`, but `shop.old` is deleted"
    "; remove the use; if the module has to come back, add a `[[revive]]` entry with a reason"
)
RUN = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
VERSIONS = ["2.12", "2.15", version("import-linter")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path


@pytest.fixture(scope="session", params=VERSIONS)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder to import one version of import-linter from; empty for the installed one."""
    wanted: str = request.param
    if wanted == version("import-linter"):
        return ""
    folder = tmp_path_factory.mktemp("importlinter")
    name = f"import-linter=={wanted}"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), name],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"import-linter {wanted} cannot be installed here")
    return str(folder)


def write(root: Path, name: str, text: str) -> None:
    lay(root, {name: text})


def configure(root: Path, *options: str) -> None:
    write(root, ".importlinter", CONFIG.format(options="\n".join(options)))


def lint(root: Path, *argv: str, folder: str = "") -> tuple[int, str]:
    """What lint-imports says, in lines as wide as they are written."""
    own = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "COLUMNS")}
    paths = filter(None, [folder, PACKAGES, "src"])
    ended = subprocess.run(
        [sys.executable, "-c", RUN, *argv],
        cwd=root,
        env=own | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stdout + ended.stderr
    return ended.returncode, ended.stdout + ended.stderr


def test_every_version_shows_findings_beside_other_contracts(project: Path, installed: str) -> None:
    write(
        project, ".importlinter", CONFIG.format(options="broken_contract_guidance = [read] docs/cutover.md")
    )
    code, said = lint(project, folder=installed)
    assert code == 1
    assert "The cutover KEPT" in said
    assert "Pages know no storage BROKEN" in said
    write(project, "src/shop/main.py", "import shop.old\nimport shop.old as again\n")
    code, said = lint(project, folder=installed)
    assert code == 1
    assert "The cutover BROKEN" in said
    assert "Pages know no storage BROKEN" in said
    assert f"\n{OLD_IMPORT}\nsrc/shop/main.py:2:8: CUT101 " in said
    assert "\n[read] docs/cutover.md\n" in said


def test_no_number_becomes_a_picture_and_no_name_a_tag(project: Path) -> None:
    write(project, "src/shop/main.py", "\n" * 99 + "import shop.old; X = 'shop.old[bold]x[/bold]'\n")
    _, said = lint(project)
    assert "\nsrc/shop/main.py:100:8: CUT101 " in said


def test_a_module_that_goes_and_comes_back_warm_and_cold(project: Path) -> None:
    write(project, "src/shop/old.py", "")
    write(project, "src/shop/main.py", "import shop.old\n")
    present = "src/shop/old.py:1:1: CUT104 deleted-module-present"
    for argv in ([], [], ["--no-cache"]):
        code, said = lint(project, *argv)
        assert code == 1
        assert present in said
        assert OLD_IMPORT in said
    (project / "src/shop/old.py").unlink()
    for argv in ([], ["--no-cache"]):
        _, said = lint(project, *argv)
        assert present not in said
        assert OLD_IMPORT in said
    write(project, "src/shop/old.py", "")
    for argv in ([], ["--no-cache"]):
        assert present in lint(project, *argv)[1]
    (project / "src/shop/old.py").unlink()
    write(project, "src/shop/main.py", "")
    for argv in ([], ["--no-cache"]):
        assert "The cutover KEPT" in lint(project, *argv)[1]


def test_single_surface_also_where_it_is_reached_dynamically(project: Path) -> None:
    text = "import importlib\nfrom native import _internal\nimportlib.import_module('native._internal')\n"
    write(project, "src/shop/main.py", text)
    _, said = lint(project)
    assert "src/shop/main.py:2:20: CUT301 banned-surface-import: " in said
    assert re.search(r"src/shop/main\.py:3:\d+: CUT302 banned-surface-probe: ", said)


def test_shims_of_a_moved_module(project: Path) -> None:
    move = '[[wave.move]]\nfrom = "shop.rates"\nto = "shop.prices"\nsymbols = ["tax"]\n'
    write(project, "cutover.toml", MANIFEST.replace("[[wave.surface]]", f"{move}[[wave.surface]]"))
    write(project, "src/shop/prices.py", "def tax(): ...\n")
    write(project, "src/shop/rates.py", "from shop.prices import tax\n\n__all__ = ['tax']\n")
    code, said = lint(project)
    assert code == 1
    assert "The cutover BROKEN" in said
    assert re.search(r"^src/shop/rates\.py:1:\d+: CUT501 static-re-export: ", said, re.M)
    write(
        project,
        "src/shop/rates.py",
        "def __getattr__(name):\n    import shop.prices\n    return getattr(shop.prices, name)\n",
    )
    assert re.search(r"^src/shop/rates\.py:1:\d+: CUT502 lazy-re-export: ", lint(project)[1], re.M)
    write(project, "src/shop/rates.py", "RATE = 1\n")
    assert "The cutover KEPT" in lint(project)[1]


def test_waves_and_gates_limit_the_contract(project: Path) -> None:
    write(project, "src/shop/main.py", "import shop.old\nimport native._internal\n")
    configure(project, "waves = 0")
    _, said = lint(project)
    assert "CUT101" in said
    assert "CUT301" not in said
    configure(project, "gates =", "    surface", "    shrink")
    _, said = lint(project)
    assert "CUT301" in said
    assert "CUT101" not in said
    configure(project, "gates = shrink", "ignore_imports = shop.main -> shop.old")
    _, said = lint(project)
    assert "The cutover KEPT (1 warning)" in said
    assert "ignore_imports has no effect here" in said.replace("\n", " ")


@pytest.mark.parametrize(
    ("options", "manifest", "told"),
    [
        ("", MANIFEST + "[[wave.delete]]\nmodul = 'x'\n", 'wave.delete: unknown key "modul"'),
        ("", MANIFEST + "[[[", "cutover.toml:"),
        ("manifest = plans/none.toml", MANIFEST, "none.toml"),
        ("manifest =\n    cutover.toml\n    none.toml", MANIFEST, "none.toml"),
        ("waves = 7", MANIFEST, 'unknown wave "7"'),
        ("gates = deleted", MANIFEST, 'unknown kind of gate "deleted"; did you mean "delete"?'),
        ("", None, "hardcut: no cutover.toml here or above"),
    ],
)
def test_what_cannot_be_used_breaks_this_contract_only(
    project: Path, options: str, manifest: str | None, told: str
) -> None:
    configure(project, options)
    if manifest is None:
        (project / "cutover.toml").unlink()
    else:
        write(project, "cutover.toml", manifest)
    code, said = lint(project)
    assert code == 1
    assert "The cutover BROKEN" in said
    assert "Pages know no storage BROKEN" in said
    assert "shop.pages is not allowed to import shop.storage" in said
    assert told in said


def test_options_in_pyproject_may_be_numbers_and_booleans(project: Path) -> None:
    (project / ".importlinter").unlink()
    write(project, "src/shop/main.py", "import shop.old\n")
    text = """\
[tool.importlinter]
root_package = "shop"
contract_types = ["cutover: hardcut.integrations.importlinter.CutoverContract"]
[[tool.importlinter.contracts]]
name = "The cutover"
type = "cutover"
manifest = ["plans/one.toml"]
waves = [0, 1]
ignore_imports = true
broken_contract_guidance = "ask\\nus"
"""
    write(project, "pyproject.toml", text)
    write(project, "plans/one.toml", MANIFEST)
    (project / "cutover.toml").unlink()
    write(project, "pyproject.toml", text + '[tool.hardcut]\nplans = ["plans/*.toml"]\n')
    code, said = lint(project)
    assert code == 1
    assert OLD_IMPORT in said
    assert "\nask\nus\n" in said


def test_warnings_keep_the_contract(project: Path) -> None:
    write(project, "src/shop/main.py", "\n" * 99 + "# shop.old is gone\n")
    code, said = lint(project)
    assert code == 1
    assert "The cutover KEPT (1 warning)" in said
    assert "src/shop/main.py:100:3: CUT103" in said.replace("\n", " ")


def test_an_error_of_our_own_does_not_get_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hardcut.integrations import importlinter

    def fails(options: object) -> None:
        raise RuntimeError("no [bold] idea")

    monkeypatch.chdir(project)
    monkeypatch.setattr(importlinter, "outcome", fails)
    contract = importlinter.CutoverContract("The cutover", {}, {})
    outcome = contract.check(object(), False)
    assert not outcome.kept
    assert outcome.metadata["lines"] == ["hardcut: internal error: RuntimeError: no [bold] idea"]
