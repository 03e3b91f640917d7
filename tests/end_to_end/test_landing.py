"""A plan walked from planned to landed in a real git repository, with every refusal on the way."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from folders import commit, git, lay

QUALITY = f"{shlex.quote(sys.executable)} checks/quality.py"
MANIFEST = f"""\
# The cutover of a shop: two carts become one.

[plan]
name = "shop"              # the only plan
source = ["src"]
check = ["src", "tests"]

[[wave]]
id = "carts"
title = "One cart"         # no state yet: planned

# Two carts disagreed about discounts.
[[wave.delete]]
module = "shop.old"
to = "shop.cart"
decision = {{ question = "delete or wire in?", options = ["delete", "wire in"] }}

[[wave.keep]]
module = "shop.cart"
symbols = ["Cart"]

[[wave.remove]]
module = "shop.cart"
symbols = ["old_total"]

[[wave.quality]]
commands = [{QUALITY!r}]

[[wave]]
id = "native"
requires = ["carts"]
state = 'planned'   # by and by

[[wave.surface]]
only = "shop_native"
banned = ["shop_internal"]
within = ["shop.kernels"]
"""
START = {
    "cutover.toml": MANIFEST,
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "class Cart: ...\n\n\ndef old_total(): ...\n",
    "src/shop/old.py": "class OldCart: ...\n",
    "src/shop/main.py": "from shop.old import OldCart\n",
    "tests/test_cart.py": 'import shop.cart\n\nTARGET = "shop.old.OldCart"\n',
    "checks/quality.py": "import pathlib, sys\nsys.exit(pathlib.Path('checks/bad').exists())\n",
}


class Shop:
    """A repository, and the command in it."""

    def __init__(self, root: Path) -> None:
        self.starts: list[str] = []
        self.root = root
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment |= {"NO_COLOR": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        lay(root, START)
        self.git("init", "-q", "-b", "main")
        self.commit("begin")

    def write(self, path: str, text: str) -> None:
        lay(self.root, {path: text})

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_bytes().decode()
        assert old in text
        self.write(path, text.replace(old, new))

    def git(self, *words: str) -> None:
        git(self.root, *words)

    def commit(self, text: str) -> None:
        commit(self.root, subject=text)

    def run(self, *words: str) -> tuple[int, str]:
        ran = subprocess.run(
            [*self.starts, sys.executable, "-m", "hardcut", *words],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    def manifest(self) -> str:
        return (self.root / "cutover.toml").read_bytes().decode()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def numbered(said: str) -> list[str]:
    """The things that are missing: the numbered lines, without their numbers."""
    lines = [line.strip().partition(". ") for line in said.splitlines()]
    found = [(number, rest) for number, dot, rest in lines if dot and number.isdigit()]
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [rest for _, rest in found]


def test_plan_walks_from_planned_to_landed(shop: Shop) -> None:
    untouched = shop.manifest()

    # the second wave waits for the first
    code, said = shop.run("activate", "native")
    assert (code, said) == (
        1,
        "wave native cannot begin: wave carts has to land first; it is planned  cutover.toml:8\n",
    )
    code, said = shop.run("land", "native")
    assert code == 1
    assert numbered(said) == [
        "wave carts has to land first; it is planned  cutover.toml:8",
        "surface shop_native: 1 finding  cutover.toml:34",
        "surface shop_native: a planted violation was not found  cutover.toml:34",
    ]
    assert "`shop.kernels` does not exist" in said
    assert shop.manifest() == untouched

    # the first one begins, open question or not
    code, said = shop.run("activate", "carts")
    assert code == 0
    assert 'not decided: "delete or wire in?" ("delete" or "wire in")' in said
    expected = untouched.replace(
        'title = "One cart"         # no state yet: planned\n',
        'title = "One cart"         # no state yet: planned\nstate = "active"\n',
    )
    assert shop.manifest() == expected
    assert shop.run("activate", "carts") == (0, "wave carts is active already\n")

    # everything is missing at once, in order
    code, said = shop.run("land", "carts")
    assert code == 1
    assert said.startswith("wave carts cannot land yet: 4 things are missing\n")
    assert numbered(said) == [
        'not decided: "delete or wire in?" ("delete" or "wire in")  cutover.toml:14',
        "delete shop.old: 3 findings  cutover.toml:14",
        "remove shop.cart.old_total: 1 finding  cutover.toml:23",
        f"quality {QUALITY}: 1 finding  cutover.toml:27",
    ]
    assert "src/shop/main.py:1:6: CUT101 imports `shop.old`" in said
    assert "tests/test_cart.py:3:11: CUT103" in said
    assert "src/shop/old.py:1:1: CUT104" in said
    assert "nothing was run for it yet" in said
    assert shop.manifest() == expected

    # the question is answered, the code fixed, a waiver suppresses one textual reference for a while
    shop.replace("cutover.toml", '"wire in"] }', '"wire in"], chosen = "delete" }')
    (shop.root / "src/shop/old.py").unlink()
    shop.write("src/shop/main.py", "from shop.cart import Cart\n\nCart()\n")
    shop.write("src/shop/cart.py", "class Cart: ...\n")
    waiver = '\n[[waiver]]\nrule = "CUT103"\npath = "tests/**"\nreason = "soon"\nuntil = "wave native"\n'
    shop.write("cutover.toml", shop.manifest() + waiver)
    shop.commit("mend")

    # a command fails, then passes, then the files change
    shop.write("checks/bad", "")
    code, said = shop.run("land", "carts", "--run")
    assert code == 1
    (missing,) = numbered(said)
    assert missing == f"quality {QUALITY}: 1 finding  cutover.toml:27"
    assert "failed" in said and "exit code 1" in said
    (shop.root / "checks/bad").unlink()
    before = shop.manifest()
    code, said = shop.run("land", "carts", "--run", "--dry-run")
    assert (code, said.splitlines()[-1]) == (0, "nothing is missing: wave carts can land (cutover.toml:8)")
    assert shop.manifest() == before
    shop.write("src/shop/more.py", "MORE = 1\n")
    code, said = shop.run("land", "carts", "--check")
    assert code == 1
    assert "is stale: the checked files have changed since" in said

    # nothing is missing any more
    code, said = shop.run("land", "carts", "--run")
    assert (code, said.splitlines()[-1]) == (0, "wave carts has landed (cutover.toml:8)")
    assert shop.manifest() == before.replace('state = "active"\n', 'state = "landed"\n')
    assert shop.run("land", "carts") == (0, "wave carts has landed already (cutover.toml:8)\n")
    assert shop.run("activate", "carts") == (
        1,
        "wave carts has landed, for good; only an edit by hand sets it back  cutover.toml:8\n",
    )
    assert shop.run("check")[0] == 0

    # the second wave's gate needs something to look at, and the waiver ends with it
    shop.write("src/shop/kernels.py", "import shop_internal\n")
    assert shop.run("activate", "native")[0] == 0
    code, said = shop.run("land", "native")
    assert code == 1
    assert numbered(said) == [
        "the plan as a whole: 1 finding  cutover.toml:3",
        "surface shop_native: 1 finding  cutover.toml:35",
    ]
    assert "CUT902" in said and "CUT301" in said
    shop.write("src/shop/kernels.py", "import shop_native\n")
    shop.write("tests/test_cart.py", "import shop.cart\n")
    shop.replace("cutover.toml", waiver, "")
    before = shop.manifest()
    code, said = shop.run("land", "native")
    assert (code, said) == (0, "wave native has landed (cutover.toml:30)\n")
    assert shop.manifest() == before.replace("state = 'active'   #", "state = 'landed'   #")
    shop.commit("landed")

    # what is gone stays gone
    assert shop.run("check")[0] == 0
    shop.write("src/shop/old.py", "class OldCart: ...\n")
    assert shop.run("check")[0] == 1

    # unless the plan says that it comes back
    code, said = shop.run("revive", "shop.old", "--reason", "the kiosk needs it")
    assert (code, said) == (0, "shop.old is revived in cutover.toml\n")
    assert shop.run("check")[0] == 0
    assert shop.run("revive", "shop.old", "--reason", "again") == (
        0,
        "shop.old is revived already in cutover.toml\n",
    )


def test_selftest_tells_each_gate_and_writes_nothing(shop: Shop) -> None:
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    code, said = shop.run("selftest", "--no-cache")
    assert code == 1
    assert "MISSED  surface shop_native  cutover.toml:34" in said
    assert said.endswith("5 gates: 4 found, 1 MISSED, 0 not plantable (7 violations planted)\n"), said
    code, said = shop.run("selftest", "--wave", "carts", "--format", "json", "--no-cache")
    assert code == 0
    assert '"missed": 0' in said
    after = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    assert after == before


def test_every_gate_of_the_founding_plan_is_seen_broken() -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "datafusion_engine"
    ran = subprocess.run(
        [sys.executable, "-m", "hardcut", "selftest", "--format", "json", "--no-cache"],
        cwd=example,
        capture_output=True,
        check=False,
    )
    report = json.loads(ran.stdout)
    assert len(report["gates"]) > 100
    # gates about shrinking look into git's history, which this copy may not have
    unseen = [one for one in report["gates"] if one["verdict"] != "found" and one["kind"] != "shrink"]
    assert unseen == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["land", "cart"], 'hardcut: unknown wave "cart"; did you mean "carts"?'),
        (["activate", "x"], 'hardcut: unknown wave "x"; there are "carts" and "native"'),
        (["revive", "shop.cart", "--reason", "r"], 'hardcut: no wave deletes "shop.cart"'),
        (
            ["revive", "shop.odl", "--reason", "r"],
            'hardcut: no wave deletes "shop.odl"; did you mean "shop.old"?',
        ),
        (["revive", "shop old", "--reason", "r"], 'hardcut: "shop old" is no dotted name of a module'),
        (["revive", "shop.old", "--reason", " "], "hardcut: --reason is blank: say why it comes back"),
        (["selftest", "--wave", "x"], 'hardcut: unknown wave "x"; there are "carts" and "native"'),
        (["land", "carts", "--plan", "no.toml"], "no.toml:1:1: no such file"),
    ],
)
def test_unusable_input(shop: Shop, words: list[str], said: str) -> None:
    before = shop.manifest()
    code, printed = shop.run(*words)
    assert (code, printed.strip()) == (2, said)
    assert shop.manifest() == before


def test_wave_of_two_plans_is_named_by_its_manifest(shop: Shop) -> None:
    shop.write("other.toml", MANIFEST.replace('name = "shop" ', 'name = "other" '))
    shop.write("pyproject.toml", '[tool.hardcut]\nplans = ["cutover.toml", "other.toml"]\n')
    code, said = shop.run("activate", "carts")
    assert code == 2
    assert (
        said == 'hardcut: wave "carts" is in "cutover.toml" and "other.toml"; name its manifest with --plan\n'
    )
    code, _ = shop.run("activate", "carts", "--plan", "other.toml")
    assert code == 0
    assert shop.manifest() == MANIFEST
    assert 'state = "active"' in (shop.root / "other.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_links_marks_and_line_ends_stay(shop: Shop) -> None:
    text = "\ufeff" + MANIFEST.replace("\n", "\r\n")
    shop.write("plans/real.toml", text)
    (shop.root / "cutover.toml").unlink()
    os.symlink("plans/real.toml", shop.root / "cutover.toml")
    code, _ = shop.run("activate", "carts")
    assert code == 0
    assert (shop.root / "cutover.toml").is_symlink()
    expected = text.replace("no state yet: planned\r\n", 'no state yet: planned\r\nstate = "active"\r\n')
    assert (shop.root / "plans/real.toml").read_bytes().decode() == expected


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_link_out_of_the_project_is_not_written(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text(MANIFEST, encoding="utf-8")
    (shop.root / "cutover.toml").unlink()
    os.symlink("../elsewhere.toml", shop.root / "cutover.toml")
    code, said = shop.run("activate", "carts")
    assert (code, said) == (
        2,
        "hardcut: cannot write cutover.toml: a symbolic link leads out of the project; edit it by hand\n",
    )
    assert elsewhere.read_text(encoding="utf-8") == MANIFEST
    code, _ = shop.run("activate", "carts", "--plan", str(elsewhere), "--root", str(shop.root))
    assert code == 0


def test_plan_in_a_pyproject(shop: Shop) -> None:
    text = MANIFEST.replace("[plan]", "[tool.hardcut.plan]").replace("[[wave", "[[tool.hardcut.wave")
    text = '[project]\nname = "shop"\n\n' + text + "\n[tool.other]\nkey = [1,2]  # kept\n"
    (shop.root / "cutover.toml").unlink()
    shop.write("pyproject.toml", text)
    assert shop.run("activate", "carts")[0] == 0
    changed = (shop.root / "pyproject.toml").read_text(encoding="utf-8")
    assert changed == text.replace("no state yet: planned\n", 'no state yet: planned\nstate = "active"\n')
    assert shop.run("revive", "shop.old", "--reason", "r")[0] == 0
    changed = (shop.root / "pyproject.toml").read_text(encoding="utf-8")
    assert changed.endswith('\n[[tool.hardcut.revive]]\nmodule = "shop.old"\nreason = "r"\n')


HELD = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""What starts a command whom the modes of files bind, though the superuser starts it."""


@pytest.fixture
def bound(shop: Shop) -> Shop:
    """A shop for a user whom the modes of files bind."""
    if os.name != "posix":
        pytest.skip("files have no modes here")
    if os.geteuid() == 0:
        shop.starts = HELD
        if shutil.which(HELD[0]) is None or subprocess.run([*HELD, "true"], check=False).returncode:
            pytest.skip("modes do not bind the superuser here")
    return shop


def test_read_only_manifest(bound: Shop) -> None:
    (bound.root / "cutover.toml").chmod(0o444)
    for words in (["activate", "carts"], ["land", "carts", "--run"]):
        assert bound.run(*words) == (2, "hardcut: cannot write cutover.toml: it is read-only\n")
    assert bound.manifest() == MANIFEST


def test_file_that_nobody_may_read_is_no_clean_file(bound: Shop) -> None:
    (bound.root / "src/shop/cart.py").chmod(0)
    for _ in range(2):
        code, said = bound.run("check", "--format", "concise", "--select", "CUT907")
        assert code == 1
        assert said.startswith("src/shop/cart.py:1:1: CUT907 unreadable-source: cannot be read: permission")
    (bound.root / "src/shop/cart.py").chmod(0o644)
    assert bound.run("check", "--format", "concise", "--select", "CUT907")[0] == 0


def test_evidence_that_cannot_be_kept_is_not_taken(bound: Shop) -> None:
    bound.write("cutover.toml", MANIFEST + '\n[[wave.quality]]\ncommands = ["touch src/ran"]\n')
    bound.write("cutover.evidence", "a file")
    code, said = bound.run("gate", "run", "quality:native")
    assert code == 2
    wrong = "cannot make the folder of cutover.evidence/native-quality.json: cutover.evidence is no folder\n"
    assert said.endswith(f"hardcut: {wrong}")
    assert not (bound.root / "src/ran").exists()


def test_manifest_that_cannot_be_written(bound: Shop) -> None:
    bound.root.chmod(0o500)
    try:
        code, said = bound.run("activate", "carts")
    finally:
        bound.root.chmod(0o700)
    assert code == 2
    assert said.startswith("hardcut: cannot write ")
