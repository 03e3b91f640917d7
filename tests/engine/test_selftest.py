"""A selftest sees each gate's violation found, and says so where a gate finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_project import write
from plans import load_plan

from hardcut.engine import runner as judge
from hardcut.engine.options import Options
from hardcut.engine.selftest.run import Tried, selftest
from hardcut.plan.label import kind_of
from hardcut.plan.model import KINDS
from hardcut.rules.removed import symbol_used

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def tax():\n    return 1\n\n\nclass Basket:\n    def total(self): ...\n",
    "src/shop/money.py": "class Money: ...\n",
    "src/shop/kernels/__init__.py": '"""Kernels, in Rust."""\n',
    "src/shop/kernels/one.py": "def run():\n    return 1\n",
    "tests/test_prices.py": "def test_tax(): ...\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["engine==1.2.3"]\n',
    "requirements.txt": "engine==1.2.3\n",
}
HEAD = """\
[plan]
name = "test"
source = ["src"]
check = ["src", "tests", "pyproject.toml", "requirements.txt"]

[[wave]]
id = "0"
"""


def tried(root: Path, gates: str, files: dict[str, str] | None = None, head: str = HEAD) -> list[Tried]:
    write(root, FILES | (files or {}), head + gates)
    plan = load_plan(root / "cutover.toml", root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    found = selftest(Options(root=str(root), plans=[plan], cache=False), [(plan, "0")])
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    return found


def gate(table: str, **keys: object) -> str:
    import json

    return f"\n[[wave.{table}]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())


GATES = {
    "delete": (gate("delete", module="shop.old"), ["CUT101", "CUT104"], 2),
    "delete only below": (
        gate("delete", module="shop.kernels", submodules_only=True),
        ["CUT101", "CUT104"],
        2,
    ),
    "remove": (gate("remove", module="shop.prices", symbols=["old", "Basket.sum"]), ["CUT201", "CUT202"], 4),
    "keep": (gate("keep", module="shop.prices", symbols=["tax", "Basket.total"]), ["CUT203"], 2),
    "keep files": (gate("keep", files=["pyproject.toml", "tests/**/*.py"]), ["CUT203"], 2),
    "move": (
        gate("move", **{"from": "shop.prices", "to": "shop.money", "symbols": ["Money"]}),
        ["CUT204", "CUT501"],
        2,
    ),
    "move all": (
        gate("move", **{"from": "shop.cash", "to": "shop.money"}),
        ["CUT101", "CUT104", "CUT203"],
        4,
    ),
    "surface": (gate("surface", only="engine", banned=["engine_old", "engine._internal"]), ["CUT301"], 2),
    "surface within": (
        gate("surface", only="e", banned=["e_old"], within=["shop.kernels", "shop.prices"]),
        ["CUT301"],
        2,
    ),
    "fail_fast": (gate("fail_fast", guard=["engine", "shop.prices.tax"]), ["CUT401"], 2),
    "ceiling": (
        gate("ceiling", path="src/shop/prices.py", max_lines=20, min_lines=2, max_definitions=3),
        ["CUT701", "CUT703"],
        3,
    ),
    "ceiling of a folder": (
        gate("ceiling", path="src/shop/kernels", max_lines=20, min_lines=2, count="code"),
        ["CUT701", "CUT703"],
        2,
    ),
    "ceiling of what is to come": (gate("ceiling", path="src/shop/new.py", max_lines=9), ["CUT701"], 1),
    "align": (gate("align", name="engine", **{"in": ["pyproject.toml", "requirements.txt"]}), ["CUT801"], 2),
    "no_shims": (gate("no_shims", packages=["shop", "shop.kernels"]), ["CUT501"], 2),
    "native": (
        gate(
            "native",
            what="udf",
            within=["shop.kernels.one", "shop.kernels"],
            names=["make_*"],
            bases=["engine.Udf"],
            decorators=["udf"],
            calls=["engine.register_*"],
        ),
        ["CUT602"],
        8,
    ),
    "document": (gate("document", module="shop.kernels", must_mention=["Rust"]), ["CUT603"], 1),
    "absent": (gate("absent", paths=["tests/old", "tests/**/test_old_*.py"]), ["CUT104"], 2),
    "quality": (gate("quality", commands=["false"]), ["CUT804"], 1),
    "entrypoint": (gate("entrypoint", module="engine", names=["run"]), ["CUT806"], 1),
    "benchmark": (gate("benchmark", result="a.json", baseline="b.json"), ["CUT802"], 1),
    "snapshot": (gate("snapshot", file="a.csv", of="engine"), ["CUT803"], 1),
}


@pytest.mark.parametrize("name", GATES)
def test_violation_of_each_kind_is_found(tmp_path: Path, name: str) -> None:
    table, codes, count = GATES[name]
    (found,) = tried(tmp_path, table)
    assert (found.verdict, found.said) == ("found", [])
    assert (found.codes, found.planted) == (codes, count)


def test_all_kinds_together_are_told_apart(tmp_path: Path) -> None:
    left = {"delete only below", "document"}
    tables = "".join(table for name, (table, _, _) in GATES.items() if name not in left)
    found = tried(tmp_path, tables)
    assert [one.gate.declared.line for one in found if one.verdict != "found"] == []


def test_every_kind_of_gate_is_tried() -> None:
    from hardcut.engine.selftest.table import PLANTERS
    from hardcut.rules.registry import RULES

    ruled = {kind for rule in RULES for kind in rule.gates}
    assert {kind for kind, table in KINDS.items() if table not in PLANTERS} & ruled <= {"shrink"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (gate("surface", only="e", banned=["e_old"], within=["shop.gone"]), "`shop.gone` does not exist"),
        (gate("document", module="shop.gone", must_mention=["x"]), "`shop.gone` does not exist"),
        (gate("no_shims", packages=["shop.prices"]), "`shop.prices` is no package with an `__init__`"),
    ],
)
def test_gate_that_looks_at_nothing_is_missed(tmp_path: Path, table: str, said: str) -> None:
    (found,) = tried(tmp_path, table)
    assert found.verdict == "missed"
    assert found.said == [said]


def test_exclude_that_hides_everything_is_missed(tmp_path: Path) -> None:
    head = HEAD.replace("\n[[wave]]", 'exclude = ["src/shop/kernels/**"]\n\n[[wave]]', 1)
    table = gate("surface", only="e", banned=["e_old"], within=["shop.kernels"])
    (found,) = tried(tmp_path, table, head=head)
    assert found.said == ["no file of `shop.kernels` that the plan checks"]
    head = HEAD.replace("\n[[wave]]", 'exclude = ["**/*.py"]\n\n[[wave]]', 1)
    (found,) = tried(tmp_path, gate("delete", module="shop.old"), head=head)
    assert (found.verdict, found.codes) == ("missed", ["CUT104"])
    assert found.said == ["no Python file that the plan checks"]


def test_excluded_part_is_passed_over(tmp_path: Path) -> None:
    head = HEAD.replace("\n[[wave]]", 'exclude = ["src/a_generated/**"]\n\n[[wave]]', 1)
    files = {"src/a_generated/__init__.py": ""}
    (found,) = tried(tmp_path, gate("delete", module="shop.old"), files, head)
    assert found.verdict == "found"


def test_only_named_files_are_checked(tmp_path: Path) -> None:
    head = HEAD.replace('check = ["src", "tests"', 'check = ["src/shop/prices.py"')
    (found,) = tried(tmp_path, gate("delete", module="shop.old"), head=head)
    assert found.verdict == "found"


def test_rule_at_fault_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "RULES", tuple(rule for rule in judge.RULES if rule.code != "CUT202"))
    (found,) = tried(tmp_path, gate("remove", module="shop.prices", symbols=["old"]))
    assert found.verdict == "missed"
    assert [said.partition(" in ")[0] for said in found.said] == ["a use of `shop.prices.old`"]


def test_gate_that_is_violated_already_is_found(tmp_path: Path) -> None:
    tables = gate("keep", module="shop.prices", symbols=["gone"]) + gate(
        "ceiling", path="src/shop/prices.py", max_lines=1
    )
    tables += gate("align", name="engine", **{"in": ["pyproject.toml", "uv.lock"]})
    assert [one.verdict for one in tried(tmp_path, tables)] == ["found"] * 3


def test_contested_gate_is_found_apart(tmp_path: Path) -> None:
    (found,) = tried(tmp_path, gate("delete", module="shop.old", contested="two teams disagree"))
    assert found.verdict == "found"


def test_revived_module_is_not_plantable(tmp_path: Path) -> None:
    table = gate("delete", module="shop.old") + '\n[[revive]]\nmodule = "shop.old"\nreason = "r"\n'
    (found,) = tried(tmp_path, table)
    assert (found.verdict, found.said) == ("unplantable", ["it is revived"])


def test_later_deletion_does_not_speak_for_an_earlier_removal(tmp_path: Path) -> None:
    later = '\n[[wave]]\nid = "1"\nrequires = ["0"]\n' + gate("delete", module="shop.prices")
    (found,) = tried(tmp_path, gate("remove", module="shop.prices", symbols=["old"]) + later)
    assert (found.verdict, found.codes) == ("found", ["CUT201", "CUT202"])


def test_what_is_told_as_less_than_an_error_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(symbol_used, "reached", lambda *_: iter(()))
    later = '\n[[wave]]\nid = "1"\nrequires = ["0"]\n' + gate("delete", module="shop.prices")
    (found,) = tried(tmp_path, gate("remove", module="shop.prices", symbols=["old"]) + later)
    assert (found.verdict, found.codes) == ("missed", ["CUT201"])
    assert found.said[0].endswith("only CUT101 (info)")


def test_gate_is_tested_by_its_own_findings_where_another_one_overlaps(tmp_path: Path) -> None:
    tables = gate("delete", module="shop.prices") + gate("remove", module="shop.prices", symbols=["old"])
    deleted, removed = tried(tmp_path, tables)
    assert kind_of(removed.gate.entry) == "remove"
    assert (deleted.verdict, removed.verdict) == ("found", "found")
    assert (removed.codes, removed.said) == (["CUT201", "CUT202"], [])


def test_waiver_that_hides_everything_is_missed(tmp_path: Path) -> None:
    waiver = '\n[[waiver]]\nrule = "CUT101"\npath = "**"\nreason = "r"\nuntil = "9999-12-31"\n'
    (found,) = tried(tmp_path, gate("delete", module="shop.old") + waiver)
    assert (found.verdict, found.codes) == ("missed", ["CUT104"])
    assert found.said[0].endswith("only CUT101 (waived)")


OVERLAPPING = {
    "remove": gate("remove", module="shop.prices", symbols=["old"]),
    "move": gate("move", **{"from": "shop.prices", "to": "shop.money", "symbols": ["Money"]}),
    "surface": gate("surface", only="e", banned=["e_old"]),
    "surface, one within the other": gate("surface", only="e", banned=["e_old"], within=["shop.kernels"]),
    "fail_fast": gate("fail_fast", guard=["engine"]),
    "no_shims": gate("no_shims", packages=["shop"]),
    "native": gate("native", what="udf", within=["shop.kernels"], names=["make_*"]),
    "document": gate("document", module="shop.kernels", must_mention=["Rust"]),
    "ceiling": gate("ceiling", path="src/shop/prices.py", max_lines=20),
    "keep": gate("keep", module="shop.prices", symbols=["tax"]),
    "absent": gate("absent", paths=["tests/old"]),
}


@pytest.mark.parametrize("name", OVERLAPPING)
@pytest.mark.parametrize("softer", ['id = "later"\n', 'id = "later"\nstate = "landed"\n'])
def test_no_softer_gate_speaks_for_a_wave_that_lands(tmp_path: Path, name: str, softer: str) -> None:
    """The same gate stands in a wave before, which is planned; or has landed, and is contested."""
    first = OVERLAPPING[name]
    first = first.replace('within = ["shop.kernels"]\n', "") if "surface" in name else first
    contested = "" if softer.count("=") == 1 else 'contested = "why"\n'
    before = HEAD.replace('id = "0"\n', f'{softer}{first}{contested}\n[[wave]]\nid = "0"\n')
    (found,) = tried(tmp_path, OVERLAPPING[name], head=before)
    assert (found.verdict, found.said) == ("found", [])


def test_hostile_names_end_in_a_verdict(tmp_path: Path) -> None:
    tables = gate("delete", module="größe.ünter") + gate("absent", paths=["a/[b-/x", "tests/**/**/?"])
    tables += gate("ceiling", path="src/*", max_lines=9_000_000_000)
    tables += gate("keep", files=["**"])
    verdicts = [one.verdict for one in tried(tmp_path, tables)]
    assert verdicts[0] == "found"
    assert verdicts[2] == "unplantable"
