"""Entries that match nothing: now, in the known history, and where no history can tell."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from folders import commit, git, lay
from plans import load_plan

from hardcut.engine.landing import Lack, lacks
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.plan import model
from hardcut.plan.dotted import dotted_fields
from hardcut.plan.value_validation import PATHS, SYMBOLS
from hardcut.rules.manifest.import_roots import PATTERNS
from hardcut.source.git import Objects
from hardcut.source.processes import Ended
from hardcut.source.processes import run as run_process
from hardcut.source.tree import DiskTree

HEAD = """\
[plan]
name = "test"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "{}"

"""
BEFORE = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "class Money:\n    def old(self): ...\n\n\ndef tax(): ...\n",
    "src/shop/legacy.py": "def total(): ...\n",
    "src/shop/lazy.py": "_TABLE = {'Late': '.prices'}\n\n\ndef __getattr__(name): ...\n",
    "src/shop/stars.py": "from shop.legacy import *\n",
    "src/shop/made.py": "globals()['Made'] = 1\n",
    "src/shop/fast.pyx": "",
    "src/shop/ui/__init__.py": "",
    "src/shop/ui/table.py": "",
    "src/shop/bases.py": "class Base:\n    def make(self): ...\n\n\ndef register(): ...\n",
    "tests/unit/test_legacy.py": "",
}
AFTER: dict[str, str | bytes | None] = {
    **dict.fromkeys(BEFORE),
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "class Coin: ...\n",
    "src/shop/ui.py": "",
    "src/shop/kit/__init__.py": "",
}
REAL = [
    '[[wave.delete]]\nmodule = "shop.legacy"\n',
    '[[wave.delete]]\nmodule = "shop.fast"\n',
    '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["Money", "Money.old", "tax"]\n',
    '[[wave.remove]]\nmodule = "shop.lazy"\nsymbols = ["Late"]\n',
    '[[wave.remove]]\nmodule = "shop.stars"\nsymbols = ["total"]\n',
    '[[wave.remove]]\nmodule = "shop.made"\nsymbols = ["Made"]\n',
    '[[wave.move]]\nfrom = "shop.prices"\nto = "elsewhere.money"\nsymbols = ["Money"]\n',
    '[[wave.move]]\nfrom = "shop.legacy"\nto = "elsewhere.legacy"\n',
    '[[wave.move]]\nfrom = "shop.legacy"\nto = "shop.prices"\n',
    '[[wave.move]]\nfrom = "shop.legacy"\nto = "shop.prices"\nsymbols = ["Coin"]\n',
    '[[wave.absent]]\npaths = ["tests/unit", "tests/unit/test_l*.py", "tests/**/test_legacy.py"]\n',
    '[[wave.shrink]]\npaths = ["src/shop/legacy.py"]\nat_most = 9\n',
    '[[wave.surface]]\nonly = "native"\nbanned = ["shop.legacy"]\nallow = ["tests/unit"]\n',
    '[[wave.surface]]\nonly = "shop.legacy"\nbanned = ["b"]\n',
    '[[wave.delete]]\nmodule = "shop.lazy"\nto = "shop.made"\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\n'
    'bases = ["shop.bases.Base", "shop.bases.B*", "B*", "b.B"]\n'
    'decorators = ["shop.bases.register"]\ncalls = ["shop.bases.Base.make", "shop.b*.register"]\n',
    '[[wave.snapshot]]\nfile = "cutover.toml"\nof = "datafusion"\nsession = "shop.bases.register"\n',
    '[[wave.delete]]\nmodule = "shop.ui"\nsubmodules_only = true\n',
    '[[wave.no_shims]]\npackages = ["shop.ui"]\n',
]
"""Entries about what the first commit has and the second has not."""
TYPOS = [
    '[[wave.delete]]\nmodule = "shop.legcy"\n',
    '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["Mony"]\n',
    '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["Money.odl"]\n',
    '[[wave.remove]]\nmodule = "shop.price"\nsymbols = ["Money"]\n',
    '[[wave.remove]]\nmodule = "shop.stars"\nsymbols = ["totl"]\n',
    '[[wave.move]]\nfrom = "shop.prices"\nto = "shop.money"\nsymbols = ["Mony"]\n',
    '[[wave.move]]\nfrom = "shop.prices"\nto = "elsewhere.money"\nsymbols = ["Mony"]\n',
    '[[wave.move]]\nfrom = "shop.legcy"\nto = "elsewhere.legacy"\n',
    '[[wave.move]]\nfrom = "shop.legcy"\nto = "shop.old"\n',
    # The new home is there already: only the history knows the old one.
    '[[wave.move]]\nfrom = "shop.legcy"\nto = "shop.prices"\n',
    '[[wave.move]]\nfrom = "shop.legcy"\nto = "shop.prices"\nsymbols = ["Coin"]\n',
    '[[wave.absent]]\npaths = ["tests/unti"]\n',
    '[[wave.absent]]\npaths = ["tests/unit/tset_*.py"]\n',
    '[[wave.shrink]]\npaths = ["src/shop/legcy.py"]\nat_most = 9\n',
    '[[wave.surface]]\nonly = "native"\nbanned = ["shop.legcy"]\n',
    '[[wave.surface]]\nonly = "native"\nbanned = ["b"]\nwithin = ["shop.price"]\n',
    '[[wave.fail_fast]]\nguard = ["shop.prices.instal"]\n',
    '[[wave.fail_fast]]\nguard = ["native"]\nwithin = ["shop.price"]\n',
    '[[wave.delegate]]\nfunction = "shop.prices.taxx"\nto = "native"\n',
    '[[wave.delegate]]\nfunction = "shop.prices.Coin"\nto = "native"\nthrough = ["shop.prices.taxx"]\n',
    '[[wave.ceiling]]\npath = "src/shop/price.py"\nmax_lines = 9\n',
    '[[wave.no_shims]]\npackages = ["shop.uii"]\n',
    # A plain module is no package.
    '[[wave.no_shims]]\npackages = ["shop.prices"]\n',
    '[[wave.delete]]\nmodule = "shop.prices"\nsubmodules_only = true\n',
    '[[wave.delete]]\nmodule = "shop.bases"\nsubmodules_only = true\n',
    # Nor does a package with an `__init__` alone hold modules.
    '[[wave.delete]]\nmodule = "shop.kit"\nsubmodules_only = true\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop.price"]\n',
    '[[wave.document]]\nmodule = "shop.price"\nmust_mention = ["x"]\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\nbases = ["shop.bases.Bas"]\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\nbases = ["shop.base.*"]\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\ndecorators = ["shop.bases.registr"]\n',
    '[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\ncalls = ["shop.bases.Base.mke"]\n',
    '[[wave.surface]]\nonly = "native"\nbanned = ["b"]\nallow = ["tests/unti"]\n',
    '[[wave.keep]]\nmodule = "shop.prices"\nsymbols = ["Mony"]\n',
    '[[wave.keep]]\nfiles = ["src/shop/price.py"]\n',
]
"""Entries about what no commit has; some also ask for what has to be there today."""
NEW_TYPOS = [
    '[[wave.delete]]\nmodule = "shop.legacy"\nto = "shop.price"\n',
    '[[wave.surface]]\nonly = "shop.natve"\nbanned = ["b"]\n',
    '[[wave.entrypoint]]\nmodule = "shop.natve"\nnames = ["x"]\n',
    '[[wave.snapshot]]\nfile = "cutover.toml"\nof = "datafusion"\nsession = "shop.bases.sesion"\n',
]
"""Entries that name what a wave may bring along: it has to be there once the wave has landed."""
ELSEWHERE = {
    # Other rules report these, or the manifest is unusable.
    ("plan", "source"): "CUT905, a scope",
    ("plan", "check"): "CUT905, a scope",
    ("plan", "exclude"): "a scope, if nothing is left; else it hides nothing",
    ("plan", "loggers"): "a misspelt name hides nothing",
    ("delegate", "to"): "CUT601: the function does not reach it",
    ("align", "in"): "CUT803: the file states no version",
    ("benchmark", "result"): "CUT801: there is no result",
    ("benchmark", "baseline"): "CUT801: there is no baseline",
    ("snapshot", "file"): "CUT802: there is no snapshot",
    ("snapshot", "previous"): "CUT802: there is no snapshot",
    ("waiver", "path"): "CUT903: the waiver matches no finding",
    ("waiver", "subject"): "CUT903: the waiver matches no finding",
    ("revive", "module"): "CUT906: no wave deletes it",
    ("native", "names"): "a pattern of what is not there",
    ("entrypoint", "names"): "CUT806: the module does not export it",
}
"""Keys that name modules, symbols, paths or patterns, and that these tables have no typo for."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two commits: all of it, then with the cutover done."""
    root = tmp_path_factory.mktemp("matching") / "shop"
    root.mkdir()
    git(root, "init", "-qb", "main")
    commit(root, BEFORE, "before")
    commit(root, AFTER, "after")
    return root


def run(root: Path, gates: str, state: str = "landed", assume: bool = False, base: str = "") -> Report:
    head = HEAD.format(state).replace("[[wave]]", f'base = "{base}"\n\n[[wave]]' if base else "[[wave]]", 1)
    lay(root, {"cutover.toml": head + gates})
    plan = load_plan(root / "cutover.toml", root)
    landed = frozenset({"0"}) if assume else frozenset[str]()
    return check(
        Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False, assume_landed=landed)
    )


def missing(root: Path) -> list[Lack]:
    plan = load_plan(root / "cutover.toml", root)
    return lacks(
        Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False),
        plan,
        "0",
    )


def unmatched(report: Report) -> list[str]:
    """The errors about entries that match nothing, by their subjects."""
    wrong = ("CUT905", "CUT203")
    return [one.subject for one in report.findings if one.code in wrong and one.severity == "error"]


@pytest.mark.parametrize("base", ["", "HEAD~1"])
def test_what_was_there_once_is_matched(shop: Path, base: str) -> None:
    report = run(shop, "\n".join(REAL), base=base)
    assert unmatched(report) == [] and report.notes == []


@pytest.mark.parametrize("gate", TYPOS)
def test_what_never_was_there_is_reported_in_every_state(shop: Path, gate: str) -> None:
    for state, assume in (("active", False), ("active", True), ("landed", False)):
        report = run(shop, gate, state, assume)
        assert len(unmatched(report)) == 1, (state, assume)
    run(shop, gate, "active")
    assert "finding" in {lack.step for lack in missing(shop)}


@pytest.mark.parametrize("gate", NEW_TYPOS)
def test_what_a_wave_brings_along_is_looked_up_once_it_has_landed(shop: Path, gate: str) -> None:
    assert [unmatched(run(shop, gate, state)) for state in ("planned", "active")] == [[], []]
    for state, assume in (("active", True), ("landed", False)):
        assert len(unmatched(run(shop, gate, state, assume))) == 1, (state, assume)
    run(shop, gate, "active")
    assert any("CUT905" in {one.code for one in lack.findings} for lack in missing(shop))


def test_every_key_that_names_something_is_judged() -> None:
    """Each key of the model that takes a name, path or pattern has a typo here, or a rule of its own."""
    gates = [tomllib.loads(gate.replace("[[wave.", "[[")) for gate in [*TYPOS, *NEW_TYPOS]]
    typos = {(kind, key) for gate in gates for kind, (entry,) in gate.items() for key in entry}
    named: set[tuple[str, str]] = set()
    tables = {**model.KINDS, "plan": model.Plan, "waiver": model.Waiver, "revive": model.Revive}
    for kind, table in tables.items():
        keys = {key for keys in (PATHS, SYMBOLS, PATTERNS) for key in keys.get(table, ())}
        keys |= {field.rstrip("_") for field in dotted_fields(table)}
        named |= {(kind, key) for key in keys}
    named |= {("native", "names"), ("plan", "loggers"), ("waiver", "subject")}
    assert named - typos - ELSEWHERE.keys() == {("plan", "importers")}  # below
    assert ELSEWHERE.keys() <= named


def test_a_setting_that_names_no_function(shop: Path) -> None:
    lay(shop, {"cutover.toml": HEAD.format("active").replace("\n[[", 'importers = ["shop.prices.{}"]\n[[')})
    text = (shop / "cutover.toml").read_text()
    for name, count in (("Coin", 0), ("Coyn", 1)):
        lay(shop, {"cutover.toml": text.format(name)})
        plan = load_plan(shop / "cutover.toml", shop)
        report = check(Options(root=str(shop), plans=[plan], cache=False, jobs=1, compare=False))
        assert len(unmatched(report)) == count


def test_a_base_revision_and_what_came_after_it_count_and_what_was_before_it_does_not(shop: Path) -> None:
    gate = '[[wave.delete]]\nmodule = "shop.legacy"\n'
    assert unmatched(run(shop, gate, base="HEAD~1")) == []
    assert unmatched(run(shop, gate, base="HEAD")) == ["shop.legacy"]
    (found,) = [one for one in run(shop, gate, base="HEAD").findings if one.code == "CUT905"]
    assert "not at the base revision HEAD, and not since" in found.message


def test_what_came_and_went_on_a_branch_or_in_a_merge(tmp_path: Path) -> None:
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path, {"src/shop/__init__.py": ""})
    git(tmp_path, "checkout", "-qb", "side")
    commit(tmp_path, {"src/shop/branch.py": "def f(): ...\n"})
    commit(tmp_path, {"src/shop/branch.py": None})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"README.md": "x"})
    git(tmp_path, "merge", "-q", "--no-commit", "side")
    commit(tmp_path, {"src/shop/merged.py": "def g(): ...\n"})
    commit(tmp_path, {"src/shop/merged.py": None})
    gates = '[[wave.delete]]\nmodule = "shop.branch"\n[[wave.delete]]\nmodule = "shop.merged"\n'
    gates += '[[wave.remove]]\nmodule = "shop.branch"\nsymbols = ["f"]\n'
    gates += '[[wave.remove]]\nmodule = "shop.merged"\nsymbols = ["g"]\n'
    assert unmatched(run(tmp_path, gates)) == []


def test_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    root = tmp_path / "sub"
    root.mkdir()
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path, {f"sub/{path}": text for path, text in BEFORE.items()})
    commit(tmp_path, {f"sub/{path}": text for path, text in AFTER.items()})
    assert unmatched(run(root, "\n".join(REAL))) == []
    assert unmatched(run(root, TYPOS[0])) == ["shop.legcy"]


@pytest.mark.parametrize("known", ["no git", "no commit", "shallow", "partial", "born landed"])
def test_where_the_history_cannot_tell(shop: Path, tmp_path: Path, known: str) -> None:
    """`check` notes it and does not fail; `land` refuses and says what it needs."""
    root = tmp_path / "copy"
    gate = REAL[2] if known == "partial" else REAL[0]
    if known in ("shallow", "partial"):
        git(shop, "config", "uploadpack.allowFilter", "true")
        less = "--depth=1" if known == "shallow" else "--filter=blob:none"
        git(tmp_path, "clone", "-q", less, shop.as_uri(), str(root))
    else:
        lay(root, {path: text for path, text in AFTER.items() if text is not None})
    if known in ("no commit", "born landed"):
        git(root, "init", "-qb", "main")
    if known == "born landed":
        commit(root, {"cutover.toml": HEAD.format("landed") + gate})
    report = run(root, gate)
    assert not report.failed and not report.findings
    (note,) = report.notes
    assert "cannot be verified" in note and "cutover.toml:10" in note
    report = run(root, gate, "active")
    told = {one.severity for one in report.findings if one.code == "CUT905"}
    assert not report.failed and told <= {"warning"} and (told or known == "born landed")
    if known != "born landed":
        assert len(report.notes) == 1
        found = [lack for lack in missing(root) if lack.step == "history"]
        assert len(found) == 1 and "fetch-depth: 0" in found[0].more[-1]


def test_a_shallow_clone_that_is_deep_enough(shop: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    git(tmp_path, "clone", "-q", "--depth=1", shop.as_uri(), str(root))
    assert "shallow" in run(root, REAL[0]).notes[0]
    git(root, "fetch", "-q", "--deepen=1")
    report = run(root, "\n".join(REAL))
    assert unmatched(report) == [] and report.notes == []
    (shop / "cutover.toml").unlink(missing_ok=True)
    commit(shop, {"README.md": "x"})
    git(root, "fetch", "-q", "--depth=2")
    git(root, "checkout", "-qf", "origin/main")
    # The boundary is now the commit that deletes: what it deletes is not in this clone.
    assert "shallow" in run(root, REAL[0]).notes[0]
    # After a base revision that is here, the history is complete.
    base = git(root, "rev-parse", "HEAD~1")
    assert unmatched(run(root, REAL[0], base=base)) == ["shop.legacy"]
    git(root, "fetch", "-q", "--unshallow")
    assert run(root, REAL[0]).notes == []


def cached(root: Path) -> list[str]:
    plan = load_plan(root / "cutover.toml", root)
    return unmatched(check(Options(root=str(root), plans=[plan], jobs=1, compare=False)))


@pytest.mark.parametrize("lacks", ["commits", "repository"])
def test_a_kept_outcome_is_not_used_once_the_history_is_there(shop: Path, tmp_path: Path, lacks: str) -> None:
    origin, root = tmp_path / "origin", tmp_path / "copy"
    git(tmp_path, "clone", "-q", shop.as_uri(), str(origin))
    commit(origin, {"cutover.toml": HEAD.format("landed") + TYPOS[0]})
    commit(origin, {"later.md": "x"})
    git(tmp_path, "clone", "-q", "--depth=1", origin.as_uri(), str(root))
    if lacks == "repository":
        (root / ".git").rename(tmp_path / "away")
    assert cached(root) == cached(root) == []
    if lacks == "repository":
        (tmp_path / "away").rename(root / ".git")
    git(root, "fetch", "-q", "--unshallow")
    assert cached(root) == ["shop.legcy"]


def test_a_shrink_gate_in_a_shallow_clone(shop: Path, tmp_path: Path) -> None:
    """It cannot be measured there: a warning for `check`, and no landing."""
    root = tmp_path / "copy"
    git(tmp_path, "clone", "-q", "--depth=1", shop.as_uri(), str(root))
    since = git(shop, "rev-list", "--max-parents=0", "HEAD")
    gate = f'[[wave.shrink]]\npaths = ["src/shop"]\nat_least = 1\nsince = "{since}"\n'
    for state in ("active", "landed"):
        report = run(root, gate, state)
        assert [(one.code, one.severity) for one in report.findings] == [("CUT702", "warning")]
        assert not report.failed
    run(root, gate, "active")
    (found,) = [lack for lack in missing(root) if lack.step == "history"]
    assert "fetch-depth: 0" in found.more[0]
    git(root, "fetch", "-q", "--unshallow")
    assert run(root, gate).findings == [] and missing(root) == []
    report = run(root, gate.replace(since, "nowhere"))
    assert [(one.code, one.severity) for one in report.findings] == [("CUT702", "error")]


def test_allow_unmatched(shop: Path) -> None:
    allowed = 'allow_unmatched = "the history was cut before 2020"\n'
    for gate in TYPOS:
        if "keep" not in gate and "through" not in gate:
            report = run(shop, gate + allowed)
            assert not [one for one in report.findings if one.code == "CUT905"], gate
    report = run(shop, REAL[0] + allowed)
    (found,) = [one for one in report.findings if one.code == "CUT905"]
    assert found.severity == "warning" and found.form == "allow-unmatched" and "shop.legacy" in found.message
    # It is no blanket: what an entry names beside something that matches is still reported.
    report = run(shop, '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["tax", "Mony"]\n' + allowed)
    assert [(one.severity, one.form) for one in report.findings if one.code == "CUT905"] == [
        ("error", "symbol"),
        ("warning", "allow-unmatched"),
    ]
    report = run(shop, '[[wave.keep]]\nfiles = ["src"]\n' + allowed)
    (found,) = [one for one in report.findings if one.code == "CUT905"]
    assert found.severity == "warning" and "no effect" in found.message


def test_allow_unmatched_answers_for_a_history_that_cannot_tell(tmp_path: Path) -> None:
    lay(tmp_path, {"src/shop/__init__.py": ""})
    report = run(tmp_path, REAL[0] + 'allow_unmatched = "the import had no history"\n', "active")
    assert report.notes == [] and not report.findings
    assert missing(tmp_path) == []


def test_a_move_that_the_plan_takes_on_is_looked_up_in_the_history(shop: Path) -> None:
    gates = '[[wave.move]]\nfrom = "shop.prices"\nto = "shop.money"\nsymbols = ["{}"]\n'
    gates += '[[wave.delete]]\nmodule = "shop.money"\nallow_unmatched = "never committed"\n'
    assert unmatched(run(shop, gates.format("Money"))) == []
    assert unmatched(run(shop, gates.format("Mony"))) == ["shop.prices.Mony"]


def test_the_number_of_git_processes_does_not_grow(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = 0

    def counted(words: Sequence[str], seconds: float, **options: Any) -> Ended:
        nonlocal started
        started += 1
        return run_process(words, seconds, **options)

    monkeypatch.setattr("hardcut.source.git.run", counted)
    counts: list[int] = []
    for many in (2, 400):
        gates = "".join(f'[[wave.delete]]\nmodule = "shop.gone{at}"\n' for at in range(many))
        gates += "".join(
            f'[[wave.remove]]\nmodule = "shop.home{at}"\nsymbols = ["f"]\n' for at in range(many)
        )
        started = 0
        assert len(unmatched(run(shop, gates))) == 2 * many
        counts.append(started)
    assert counts[0] == counts[1] < 20


def test_looking_for_import_roots_costs_no_glob_for_each_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    matching = DiskTree.matching

    def counted(self: DiskTree, pattern: str) -> list[str]:
        asked.append(pattern)
        return matching(self, pattern)

    monkeypatch.setattr(DiskTree, "matching", counted)
    counts: list[int] = []
    for many in (2, 200):
        asked.clear()
        gates = "".join(f'[[wave.delete]]\nmodule = "gone{at}.cart"\n' for at in range(many))
        lay(tmp_path, {"src/shop/__init__.py": ""})
        assert len(run(tmp_path, gates).undetermined) == many
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_version_of_a_module_is_read_once_for_the_same_names(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(tmp_path / "cache"))
    read: list[str] = []
    content = Objects.read

    def counted(self: Objects, name: str) -> bytes | None:
        read.append(name)
        return content(self, name)

    monkeypatch.setattr(Objects, "read", counted)
    gates = REAL[2] + REAL[3] + REAL[4]
    lay(shop, {"cutover.toml": HEAD.format("landed") + gates})
    counts: list[int] = []
    for text in ("class Coin: ...\n", "class Coin: ...\n\n\nclass More: ...\n"):
        lay(shop, {"src/shop/prices.py": text})
        read.clear()
        plans = [load_plan(shop / "cutover.toml", shop)]
        report = check(Options(root=str(shop), plans=plans, jobs=1, compare=False))
        assert unmatched(report) == []
        counts.append(len(read))
    lay(shop, AFTER_PRICES)
    assert counts[0] > 0 and counts[1] == 0


AFTER_PRICES: dict[str, str | bytes | None] = {"src/shop/prices.py": "class Coin: ...\n"}
MISPLACED = [
    ('[[wave.delete]]\nmodule = "lib.py.shop.prices"\n', "shop.prices"),
    ('[[wave.delete]]\nmodule = "py.shop.prices"\n', "shop.prices"),
    ('[[wave.delete]]\nmodule = "lib.py.gone"\n', "gone"),
    ('[[wave.delete]]\nmodule = "shop.prices"\nto = "lib.py.shop.money"\n', "shop.money"),
    ('[[wave.remove]]\nmodule = "lib.py.shop.prices"\nsymbols = ["Coin"]\n', "shop.prices"),
    ('[[wave.keep]]\nmodule = "lib.py.shop.prices"\nsymbols = ["Coin"]\n', "shop.prices"),
    ('[[wave.keep]]\nfiles = ["shop/prices.py"]\n', "lib/py/shop/prices.py"),
    ('[[wave.move]]\nfrom = "lib.py.shop.prices"\nto = "shop.prices"\nsymbols = ["Coin"]\n', "shop.prices"),
    ('[[wave.move]]\nfrom = "shop.prices"\nto = ["lib.py.shop.coins"]\nsymbols = ["Coin"]\n', "shop.coins"),
    ('[[wave.surface]]\nonly = "lib.py.shop.prices"\nbanned = ["b"]\n', "shop.prices"),
    ('[[wave.surface]]\nonly = "a"\nbanned = ["lib.py.shop.prices"]\n', "shop.prices"),
    ('[[wave.surface]]\nonly = "a"\nbanned = ["b"]\nwithin = ["py.shop"]\n', "shop"),
    ('[[wave.surface]]\nonly = "a"\nbanned = ["b"]\nallow = ["shop/*.py"]\n', "lib/py/shop/*.py"),
    ('[[wave.fail_fast]]\nguard = ["lib.py.shop.prices.install"]\n', "shop.prices.install"),
    ('[[wave.fail_fast]]\nguard = ["shop.prices.py"]\n', "shop.prices"),
    ('[[wave.delegate]]\nfunction = "py.shop.prices.tax"\nto = "native"\n', "shop.prices.tax"),
    ('[[wave.delegate]]\nfunction = "shop.prices.tax"\nto = "py.shop.prices"\n', "shop.prices"),
    ('[[wave.ceiling]]\npath = "shop/prices.py"\nmax_lines = 9\n', "lib/py/shop/prices.py"),
    ('[[wave.shrink]]\npaths = ["shop"]\nat_most = 9\n', "lib/py/shop"),
    ('[[wave.absent]]\npaths = ["shop.prices"]\n', "lib/py/shop/prices.py"),
    ('[[wave.no_shims]]\npackages = ["py.shop"]\n', "shop"),
    ('[[wave.native]]\nwhat = "x"\nwithin = ["py.shop"]\n', "shop"),
    ('[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\nbases = ["py.shop.prices.Coin"]\n', "shop.prices.Coin"),
    ('[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\ndecorators = ["py.shop.prices.*"]\n', "shop.prices.*"),
    ('[[wave.native]]\nwhat = "x"\nwithin = ["shop"]\ncalls = ["lib.py.shop.tax"]\n', "shop.tax"),
    (
        '[[wave.snapshot]]\nfile = "cutover.toml"\nof = "datafusion"\nsession = "py.shop.prices.tax"\n',
        "shop.prices.tax",
    ),
    ('[[wave.document]]\nmodule = "py.shop.prices"\nmust_mention = ["x"]\n', "shop.prices"),
    ('[[wave.entrypoint]]\nmodule = "py.shop.prices"\nnames = ["x"]\n', "shop.prices"),
]
"""Names and paths with an import root too many or too few (the roots are `lib/py` and `app`)."""


def roots(root: Path, gates: str, source: str = '["lib/py", "app"]', state: str = "planned") -> list[str]:
    """The import-root findings of a project without git; each is an error, whatever the wave's state is."""
    head = f'[plan]\nname = "test"\nsource = {source}\ncheck = ["lib", "app"]\n\n[[wave]]\nid = "0"\n'
    files = {"lib/py/shop/__init__.py": "", "lib/py/shop/prices.py": "class Coin: ...\ndef tax(): ...\n"}
    lay(root, {"cutover.toml": f'{head}state = "{state}"\n\n{gates}', "app/app/models.py": "", **files})
    plan = load_plan(root / "cutover.toml", root)
    report = check(Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False))
    found = [one for one in report.findings if one.form == "import-root"]
    assert {one.severity for one in found} <= {"error"}
    assert not [one for one in report.findings if one.code == "CUT905" and one not in found]
    return [one.message for one in found]


@pytest.mark.parametrize(("gate", "meant"), MISPLACED)
def test_a_name_with_an_import_root_in_front(tmp_path: Path, gate: str, meant: str) -> None:
    for state in ("planned", "landed"):
        (message,) = roots(tmp_path, gate, state=state)
        assert f"did you mean `{meant}`?" in message or f"did you mean the module `{meant}`?" in message


@pytest.mark.parametrize(
    "gate",
    [
        '[[wave.delete]]\nmodule = "app.models"\n',  # `app/app`: a package named as its import root
        '[[wave.fail_fast]]\nguard = ["py.path", "lib.py.other"]\n',  # other projects may have such names
        '[[wave.keep]]\nfiles = ["lib/py/shop/prices.py"]\n',
    ],
)
def test_a_name_that_resolves_or_may_be_foreign(tmp_path: Path, gate: str) -> None:
    assert roots(tmp_path, gate) == []


def test_an_import_root_that_the_plan_does_not_name(tmp_path: Path) -> None:
    (message,) = roots(tmp_path, '[[wave.delete]]\nmodule = "shop.prices"\n', '["."]')
    assert "did you mean `lib.py.shop.prices`, or `lib/py` in `plan.source`?" in message
    assert roots(tmp_path, '[[wave.delete]]\nmodule = "lib.py.shop.prices"\n', '["."]') == []


def test_settings_and_revived_modules_too(tmp_path: Path) -> None:
    gates = '[[wave.delete]]\nmodule = "shop.prices"\n\n[[revive]]\nmodule = "py.shop.prices"\nreason = "r"\n'
    (message,) = roots(tmp_path, gates)
    assert "`py.shop.prices` (`module`) starts with the import root `lib/py`" in message


MOVED = '[[wave.move]]\nfrom = "shop.prices"\nto = "shop.mony"\nsymbols = ["Money"]\n'


def test_a_symbol_has_to_have_arrived_at_its_new_home(tmp_path: Path) -> None:
    """The old home's history does not answer for a typo in the new one; a shallow clone cannot tell."""
    root = lay(tmp_path / "full", {"cutover.toml": HEAD.format("landed") + MOVED, "src/shop/__init__.py": ""})
    git(root, "init", "-q", "-b", "main")
    commit(root, {"src/shop/prices.py": "class Money: ...\n"})
    commit(root, {"src/shop/prices.py": "P = 1\n", "src/shop/money.py": "class Money: ...\n"})
    (problem,) = messages(root)
    assert "neither `shop.prices` nor `shop.mony` defines `Money`" in problem
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), "shallow")
    assert messages(tmp_path / "shallow") == []
    commit(root, {"cutover.toml": HEAD.format("landed") + MOVED.replace("mony", "money")})
    assert messages(root) == []


def messages(root: Path) -> list[str]:
    plans = [load_plan(root / "cutover.toml", root)]
    report = check(Options(root=str(root), plans=plans, cache=False, jobs=1, compare=False))
    return [finding.message for finding in report.findings if finding.code == "CUT905"]
