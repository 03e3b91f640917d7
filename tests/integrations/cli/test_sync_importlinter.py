"""`hardcut sync importlinter`: what is written, held against real lint-imports of several versions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[revive]]
module = "shop.back"
reason = "needed after all"

[[wave]]
id = "0"
state = "landed"
delete = [
    { module = "shop.gone" },
    { module = "oldshop", reason = "100% moved" },
    { module = "shop.back" },
    { module = "shop.flat", submodules_only = true },
    { module = "shop.doubtful", contested = "two teams need it" },
]
keep = [{ module = "shop.new", symbols = ["x"] }]

[[wave]]
id = "1"
state = "active"
delete = [{ module = "shop.old", to = "shop.new" }]
[[wave.move]]
from = "shop.wide"
to = ["shop.one", "shop.two"]
[[wave.move]]
from = "shop.prices"
to = "shop.new"
symbols = ["Money"]
[[wave.surface]]
only = "engine"
banned = ["shop.native", "native", "other._internal"]
allow = ["src/shop/bridge.py"]
[[wave.surface]]
only = "engine"
banned = ["shop.scoped"]
within = ["shop.ui"]
allow = ["src/shop/ui/bridge.py"]

[[wave]]
id = "2"
[[wave.delete]]
module = "shop.later"
"""
INI = """\
# ours
[importlinter]
root_package = shop
include_external_packages = True

[importlinter:contract:other]
name = Pages know no storage
type = forbidden
source_modules = shop.new
forbidden_modules = shop.later
"""
TOML = """\
[project]
name = "shop"

[tool.importlinter]
root_packages = ["shop"]
include_external_packages = true

[[tool.importlinter.contracts]]
name = "Pages know no storage"
type = "forbidden"
source_modules = ["shop.new"]
forbidden_modules = ["shop.later"]

[tool.other]
x = 1
"""
MODULES = [
    *(
        "back",
        "bridge",
        "doubtful",
        "flat",
        "later",
        "native",
        "new",
        "old",
        "one",
        "prices",
        "scoped",
        "two",
    ),
    *("wide", "main"),
]
CARRIED = {
    "hardcut-delete-oldshop": "forbidden",
    "hardcut-delete-shop.old": "protected",
    "hardcut-move-shop.wide": "layers",
    "hardcut-surface-native": "forbidden",
    "hardcut-surface-shop.native": "protected",
    "hardcut-surface-shop.scoped": "forbidden",
}
FORBIDDEN = [
    ("main", "import shop.old", "shop.old is deleted"),
    ("main", "import oldshop.cart", "oldshop is deleted"),
    ("main", "from shop import native", "shop.native is banned"),
    ("main", "import native", "native is banned"),
    ("ui/page", "import shop.scoped", "shop.scoped is banned"),
    ("two", "import shop.wide", "shop.wide moves"),
]
INNOCENT = [
    ("bridge", "import shop.native, native"),
    ("ui/bridge", "import shop.scoped"),
    ("main", "import shop.scoped, shop.wide, shop.back, shop.doubtful, shop.flat, shop.prices, shop.later"),
    ("wide", "import shop.one, shop.two"),
    ("one", "import shop.two"),
]


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "cutover.toml").write_text(MANIFEST)
    for name in [*MODULES, "ui/__init__", "ui/page", "ui/bridge"]:
        path = project / f"src/shop/{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    (project / ".importlinter").write_text(INI)
    return project


@pytest.fixture(scope="session", params=["2.12", "2.15", version("import-linter")])
def linter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder to import one version of import-linter from; empty for the installed one."""
    if request.param == version("import-linter"):
        return ""
    folder = tmp_path_factory.mktemp("importlinter")
    name = f"import-linter=={request.param}"
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), name]
    if subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode:
        pytest.skip(f"{name} cannot be installed here")
    return str(folder)


def verdicts(root: Path, linter: str = "") -> dict[str, str]:
    """The verdict of lint-imports on each contract, by its name."""
    ended = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [linter, "src"])), "COLUMNS": "300"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", ended.stdout, re.M))
    assert found, ended.stdout + ended.stderr
    return found


def plant(root: Path, name: str, text: str) -> None:
    (root / f"src/shop/{name}.py").write_text(f"{text}\n")


def test_real_runs_of_every_version(shop: Path, run: Run, linter: str) -> None:
    done = run("sync", "importlinter")
    assert (done.code, done.out) == (0, ".importlinter written with 6 contracts; not carried: 6, see there\n")
    for name, text in INNOCENT:
        plant(shop, name, text)
    found = verdicts(shop, linter)
    assert len(found) == 7
    assert set(found.values()) == {"KEPT"}
    for name, text, _ in FORBIDDEN:
        plant(shop, name, text)
    plant(shop, "main", "\n".join(text for name, text, _ in FORBIDDEN if name == "main"))
    broken = [name for name, verdict in verdicts(shop, linter).items() if verdict == "BROKEN"]
    for _, _, said in FORBIDDEN:
        assert sum(f"hardcut: {said}" in name for name in broken) == 1, said
    assert len(broken) == 6


@pytest.mark.parametrize(("name", "text", "said"), FORBIDDEN, ids=[said for *_, said in FORBIDDEN])
def test_each_contract_alone(shop: Path, run: Run, name: str, text: str, said: str) -> None:
    run("sync", "importlinter")
    plant(shop, name, text)
    (broken,) = (name for name, verdict in verdicts(shop).items() if verdict == "BROKEN")
    assert f"hardcut: {said}" in broken


def test_what_is_written_and_what_is_not_carried(shop: Path, run: Run) -> None:
    run("sync", "importlinter")
    text = (shop / ".importlinter").read_text()
    assert text.startswith(INI)
    assert (
        dict(re.findall(r"^\[importlinter:contract:(hardcut-.*)\]\nname = .*\ntype = (.*)$", text, re.M))
        == CARRIED
    )
    left = [
        line.removeprefix("# Not carried: ") for line in text.splitlines() if line.startswith("# Not carried")
    ]
    assert [one.split(":")[0] for one in left] == [
        "delete shop.gone",
        "delete shop.flat",
        "delete shop.doubtful",
        "move shop.prices",
        "surface other._internal",
        "1 keep gate",
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "config"), [(".importlinter", INI), ("pyproject.toml", TOML), ("setup.cfg", INI)]
)
def test_all_else_stays_byte_for_byte(shop: Path, run: Run, name: str, config: str, ends: str) -> None:
    (shop / ".importlinter").unlink()
    own = config.rstrip("\n").replace("\n", ends).encode()
    (shop / name).write_bytes(own)
    assert run("sync", "importlinter").code == 0
    once = (shop / name).read_bytes()
    assert once.startswith(own + ends.encode())
    assert once.count(b"\n") == once.count(ends.encode())
    assert run("sync", "importlinter").code == 0
    assert (shop / name).read_bytes() == once
    more = f"{ends}# after{ends}".encode()
    (shop / name).write_bytes(once + more)
    (shop / "cutover.toml").write_text(MANIFEST.replace('"1"\nstate = "active"', '"1"'))
    assert run("sync", "importlinter").code == 0
    less = (shop / name).read_bytes()
    assert less.startswith(own)
    assert less.endswith(b"# <<< hardcut" + ends.encode() + more)
    assert b"shop.old" not in less
    assert verdicts(shop)["Pages know no storage"] == "KEPT"
    assert list(shop.glob(".hardcut-*")) == []


def test_pyproject_carries_the_same(shop: Path, run: Run) -> None:
    (shop / ".importlinter").unlink()
    (shop / "pyproject.toml").write_text(TOML)
    assert run("sync", "importlinter").out.startswith("pyproject.toml written with 6 contracts")
    assert set(verdicts(shop).values()) == {"KEPT"}
    plant(shop, "main", "import shop.old, native")
    assert sorted(verdicts(shop).values()).count("BROKEN") == 2


def test_check_tells_a_stale_block(shop: Path, run: Run) -> None:
    done = run("sync", "importlinter", "--check")
    told = ".importlinter is not what the plan says; `hardcut sync importlinter` writes it again\n"
    assert (done.code, done.out) == (1, told)
    assert (shop / ".importlinter").read_text() == INI
    run("sync", "importlinter")
    done = run("sync", "importlinter", "--check")
    assert (done.code, done.out) == (0, "")
    (shop / "src/shop/old.py").unlink()
    assert run("sync", "importlinter", "--check").code == 1
    run("sync", "importlinter")
    assert "shop.old: no module that import-linter reads" in (shop / ".importlinter").read_text()
    assert set(verdicts(shop).values()) == {"KEPT"}


def test_without_a_configuration_one_is_made(shop: Path, run: Run) -> None:
    (shop / ".importlinter").unlink()
    done = run("sync", "importlinter", "--check")
    assert (done.code, done.out) == (1, ".importlinter is not there; `hardcut sync importlinter` writes it\n")
    assert run("sync", "importlinter").code == 0
    assert run("sync", "importlinter", "--check").code == 0
    assert len(verdicts(shop)) == 6


def test_external_packages_have_to_be_known(shop: Path, run: Run) -> None:
    (shop / ".importlinter").write_text(INI.replace("include_external_packages = True\n", ""))
    assert run("sync", "importlinter").code == 0
    text = (shop / ".importlinter").read_text()
    assert text.count("lies outside, and include_external_packages is not set") == 2
    assert set(verdicts(shop).values()) == {"KEPT"}


def test_waves_and_files_that_are_named(shop: Path, run: Run) -> None:
    run("sync", "importlinter", "--wave", "2", "--output", "other.ini")
    assert run("sync", "importlinter", "--wave", "7").code == 2
    text = (shop / "other.ini").read_text()
    assert "[importlinter:contract:hardcut-delete-shop.later]" in text
    assert "shop.old" not in text
    done = run("sync", "importlinter", "--wave", "2", "--output", "other.ini", "--check")
    assert (done.code, done.out) == (1, "other.ini is not in force: import-linter reads .importlinter\n")


@pytest.mark.parametrize(
    ("name", "config", "told"),
    [
        (".importlinter", "[importlinter]\nx = 1\n", ".importlinter: no root_package"),
        (".importlinter", "[importlinter\n", ".importlinter: File contains no section headers"),
        (".importlinter", INI + "# <<< hardcut\n", "have to enclose one block"),
        ("pyproject.toml", "[tool.importlinter", "pyproject.toml: "),
        (
            "pyproject.toml",
            '[tool.importlinter]\nroot_package = "shop"\ncontracts = []\n',
            "its contracts have to be tables, [[tool.importlinter.contracts]]",
        ),
    ],
)
def test_what_cannot_be_used(shop: Path, run: Run, name: str, config: str, told: str) -> None:
    (shop / ".importlinter").unlink()
    (shop / name).write_text(config)
    done = run("sync", "importlinter")
    assert done.code == 2
    assert told in done.err
    assert (shop / name).read_text() == config
