"""The move of a whole module: it asks for what `delete` with `to` asks for, and for the new home."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from folders import commit, git, lay
from plans import load_plan

from hardcut.engine.options import Options
from hardcut.engine.progress import progress
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.engine.selftest.run import selftest
from hardcut.plan.implied import Moved, deletions

HEAD = '[plan]\nname = "test"\nsource = ["src"]\n'
MOVE = '[[wave.move]]\nfrom = "shop.prices"\nto = {}\n'
USERS = """\
import importlib

import shop.prices
from shop.prices import Money

TARGET = "shop.prices.Money"
importlib.import_module("shop.prices")
"""
USED = {("CUT101", 3), ("CUT101", 4), ("CUT103", 6), ("CUT102", 7)}
MONEY = "class Money: ...\n"
NONE = frozenset[tuple[str, str]]()


def wave(gates: str, state: str = "landed", name: str = "0", requires: str = "[]") -> str:
    return f'\n[[wave]]\nid = "{name}"\nstate = "{state}"\nrequires = {requires}\n\n{gates}'


def run(root: Path, tables: str, files: dict[str, str | bytes | None], **options: object) -> Report:
    lay(root, {"cutover.toml": HEAD + tables, "src/shop/__init__.py": "", **files})
    plan = load_plan(root / "cutover.toml", root)
    given = Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False)
    return check(msgspec.structs.replace(given, **options))


def found(report: Report) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.place.path.removeprefix("src/shop/"), one.place.line) for one in report.findings]


@pytest.mark.parametrize("options", [{}, {"waves": frozenset({"0"})}, {"select": frozenset({"CUT101"})}])
def test_only_the_old_home_and_its_users(tmp_path: Path, options: dict[str, object]) -> None:
    """Each place is reported once, in a run that selects something too."""
    files: dict[str, str | bytes | None] = {"src/shop/prices.py": MONEY, "src/shop/use.py": USERS}
    report = run(tmp_path, wave(MOVE.format('"shop.money"')), files, **options)
    every = {("CUT203", "money.py", None), ("CUT104", "prices.py", 1)}
    every |= {(code, "use.py", line) for code, line in USED}
    expected = {one for one in every if "select" not in options or one[0] == "CUT101"}
    assert set(found(report)) == expected and len(found(report)) == len(expected)
    assert report.failed and {one.severity for one in report.findings} == {"error"}
    if not options:
        plan = load_plan(tmp_path / "cutover.toml", tmp_path)
        (gate,) = progress([plan], report).waves[0].gates
        assert (gate.state, gate.remaining) == ("open", 6)
        (tried,) = selftest(Options(root=str(tmp_path), plans=[plan], cache=False, jobs=1), [(plan, "0")])
        assert tried.verdict == "found"


@pytest.mark.parametrize(
    ("to", "files", "left"),
    [
        # done
        ('"shop.money"', {"money.py": MONEY, "use.py": "from shop.money import Money\n"}, NONE),
        # a shim at the old home: its file, and what it re-exports
        (
            '"shop.money"',
            {"money.py": MONEY, "prices.py": "from shop.money import Money\n"},
            {("CUT104", "prices.py"), ("CUT501", "prices.py")},
        ),
        # a split: one home is missing, and the users of a name that stayed behind count as well
        (
            '["shop.money", "shop.taxes"]',
            {
                "money.py": MONEY,
                "prices.py": "def price(): ...\n",
                "use.py": "from shop.prices import price\n",
            },
            {("CUT203", "taxes.py"), ("CUT104", "prices.py"), ("CUT101", "use.py")},
        ),
        # to another project, which cannot be looked up
        ('"money"', {"use.py": "import money\n"}, NONE),
        ('"money"', {"prices.py": MONEY}, {("CUT104", "prices.py")}),
        # the module becomes a package of the same name: the name stays
        ('["shop.prices.money"]', {"prices/__init__.py": "", "prices/money.py": MONEY}, NONE),
        # neither is there
        ('"shop.money"', {"use.py": "x = 1\n"}, {("CUT905", "../../cutover.toml")}),
    ],
)
def test_states_of_a_move(
    tmp_path: Path, to: str, files: dict[str, str], left: frozenset[tuple[str, str]]
) -> None:
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path, {"src/shop/prices.py": MONEY})
    (tmp_path / "src/shop/prices.py").unlink()
    report = run(tmp_path, wave(MOVE.format(to)), {f"src/shop/{path}": text for path, text in files.items()})
    expected = {(code, path.removeprefix("../../")) for code, path in left}
    assert {(code, path) for code, path, _ in found(report)} == expected


def test_states_of_the_wave(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"src/shop/prices.py": MONEY}
    for state, severity in (("planned", "info"), ("active", "error"), ("landed", "error")):
        report = run(tmp_path, wave(MOVE.format('"shop.money"'), state), files)
        assert {(one.code, one.severity) for one in report.findings} == {
            ("CUT104", severity),
            ("CUT203", severity),
        }
    report = run(tmp_path, wave(MOVE.format('"shop.money"') + 'contested = "two teams"\n'), files)
    assert not report.findings and {one.code for one in report.contested} == {"CUT104", "CUT203", "CUT805"}


def test_a_revived_old_home_may_be_there(tmp_path: Path) -> None:
    revive = '\n[[revive]]\nmodule = "shop.prices"\nreason = "one more release"\n'
    files: dict[str, str | bytes | None] = {"src/shop/prices.py": MONEY, "src/shop/money.py": MONEY}
    report = run(tmp_path, wave(MOVE.format('"shop.money"')) + revive, files)
    assert found(report) == []


def test_a_body_that_went_elsewhere_than_the_plan_says(tmp_path: Path) -> None:
    body = (
        "def rate(day):\n"
        + "".join(f"    value_{at} = day * {at}\n" for at in range(12))
        + "    return day\n"
    )
    git(tmp_path, "init", "-qb", "main")
    base = commit(tmp_path, {"src/shop/__init__.py": "", "src/shop/prices.py": body})
    head = HEAD + f'base = "{base}"\n'
    moved = {"src/shop/prices.py": None, "src/shop/money.py": MONEY, "src/shop/secret.py": body}
    lay(tmp_path, {"cutover.toml": head + wave(MOVE.format('"shop.money"')), **moved})
    plan = load_plan(tmp_path / "cutover.toml", tmp_path)
    report = check(Options(root=str(tmp_path), plans=[plan], cache=False, jobs=1, compare=False))
    assert [(one.code, one.place.path) for one in report.findings] == [("CUT205", "src/shop/secret.py")]


@pytest.mark.parametrize(
    ("waves", "implied"),
    [
        (wave(MOVE.format('"shop.money"')), ["shop.prices"]),
        (wave(MOVE.format('["shop.money", "shop.taxes"]')), ["shop.prices"]),
        (wave(MOVE.format('"shop.money"') + 'symbols = ["Money"]\n'), []),
        # said already in the same wave; a planned deletion says less than a landed move
        (wave(MOVE.format('"shop.money"') + '[[wave.delete]]\nmodule = "shop.prices"\n'), []),
        (
            wave(MOVE.format('"shop.money"'))
            + wave('[[wave.delete]]\nmodule = "shop.prices"\n', "planned", "1"),
            ["shop.prices"],
        ),
        # the name is taken again: below it, by the module itself, or by another module
        (wave(MOVE.format('["shop.prices.money", "shop.taxes"]')), []),
        (
            wave(MOVE.format('"shop.money"') + '[[wave.move]]\nfrom = "shop.cash"\nto = "shop.prices"\n'),
            ["shop.cash"],
        ),
        # it will be taken again: not before that wave begins
        (
            wave(MOVE.format('"shop.money"'))
            + wave('[[wave.move]]\nfrom = "shop.cash"\nto = "shop.prices"\n', "planned", "1", '["0"]'),
            ["shop.prices", "shop.cash"],
        ),
        # a chain: the first new home moves on later
        (
            wave(MOVE.format('"shop.money"'))
            + wave('[[wave.move]]\nfrom = "shop.money"\nto = "shop.coins"\n', "planned", "1", '["0"]'),
            ["shop.prices", "shop.money"],
        ),
    ],
)
def test_what_a_move_implies(tmp_path: Path, waves: str, implied: list[str]) -> None:
    lay(tmp_path, {"cutover.toml": HEAD + waves})
    plan = load_plan(tmp_path / "cutover.toml", tmp_path)
    gates = [gate for gate in deletions(plan) if isinstance(gate.entry, Moved)]
    assert [gate.entry.module for gate in gates] == implied
