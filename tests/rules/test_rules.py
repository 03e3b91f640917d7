"""Rules and their pages as a whole: nothing undocumented, nothing named twice, no key without a meaning."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.plan.model import KINDS, Entry, Manifest, Plan, Revive, Waiver, Wave
from hardcut.rules.registry import RULES, find
from hardcut.rules.rule import Rule
from tests.rules.pages import Page, read_page

PROJECT = Path(__file__).resolve().parents[2]
SECTIONS = [
    "What it finds",
    "Why",
    "Examples",
    "Innocent",
    "What to do",
    "Manifest keys",
    "Out of reach",
    "Forms seen in the wild",
]
NAMES_ONLY = {"plan.name", "wave.id", "wave.title"}
"""Keys that name something and that no rule has to ask about."""
EVERY_GATE = """\
[plan]
name = "all"

[[wave]]
id = "0"

[[wave.delete]]
module = "a.one"

[[wave.remove]]
module = "a.two"
symbols = ["x"]

[[wave.keep]]
files = ["b.py"]

[[wave.move]]
from = "a.three"
to = "a.four"

[[wave.surface]]
only = "c"
banned = ["d.e"]

[[wave.fail_fast]]
guard = ["c"]

[[wave.delegate]]
function = "a.f"
to = "c"

[[wave.ceiling]]
path = "b.py"
max_lines = 1

[[wave.shrink]]
paths = ["b.py"]
at_least = 1

[[wave.align]]
name = "c"
in = ["x.toml", "y.toml"]

[[wave.no_shims]]
packages = ["a"]

[[wave.native]]
what = "udf"
within = ["a"]

[[wave.document]]
module = "a"
must_mention = ["Rust"]

[[wave.absent]]
paths = ["z.py"]

[[wave.entrypoint]]
module = "c"
names = ["x"]

[[wave.benchmark]]
result = "r.json"
baseline = "b.json"

[[wave.snapshot]]
file = "s.csv"
of = "c"

[[wave.quality]]
commands = ["true"]
"""


def page_of(rule: Rule) -> Page:
    path = PROJECT / "plugins" / "hardcut" / "rules" / rule.family / f"{rule.name_of_files}.md"
    return read_page(path)


PAGES = {rule.code: page_of(rule) for rule in RULES}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_page_has_the_form_of_all_pages(rule: Rule) -> None:
    page = PAGES[rule.code]
    asked = ", ".join(f"`[[wave.{gate}]]`" if gate in KINDS else f"`[{gate}]`" for gate in rule.gates)
    scope = "checks one file" if rule.scope == "file" else "whole project"
    assert page.name == rule.name
    assert page.head == f"{rule.code} · {scope} · asked for by {asked}"
    assert list(page.sections) == SECTIONS
    for title in SECTIONS:
        if title not in ("Examples", "Innocent"):
            assert page.sections[title], title


@each_rule
def test_page_has_a_wrong_and_an_innocent_example_of_its_own(rule: Rule) -> None:
    page = PAGES[rule.code]
    for case in page.cases:
        if case.wrong:
            assert rule.code in {mark.code for mark in case.marks}, case.title
    assert {case.wrong for case in page.cases} == {True, False}


@each_rule
def test_page_is_what_explain_shows(rule: Rule) -> None:
    assert rule.page().startswith(f"# {rule.name}\n\n{rule.code} ")


@each_rule
def test_rule_is_found_by_its_name_and_its_code(rule: Rule) -> None:
    assert find(rule.name) is find(rule.code) is find(rule.code.lower()) is rule


def test_codes_and_names_are_unique_and_well_formed() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"CUT[1-9]\d\d", rule.code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert [rule.file, rule.project, rule.after].count(None) == 2
        assert rule.summary and rule.summary[0].islower() and not rule.summary.endswith(".")


def test_rules_stand_in_the_order_of_their_codes_by_family() -> None:
    families = {rule.family: rule.code[3] for rule in RULES}
    assert len(set(families.values())) == len(families)
    assert all(rule.code[3] == families[rule.family] for rule in RULES)


@each_rule
def test_rule_is_in_the_changelog(rule: Rule) -> None:
    changes = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changes.count(f"- {rule.code} {rule.name}\n") == 1


def test_other_rules_that_a_page_names_exist() -> None:
    for code, page in PAGES.items():
        said = " ".join(page.sections.values())
        for name in re.findall(r"(?:see|said by|\() ?`([a-z]+-[a-z-]+)`", said):
            assert find(name) is not None, f"{code}: {name}"


def told_keys() -> set[str]:
    """Every manifest key that some page explains."""
    rows = "\n".join(page.sections["Manifest keys"] for page in PAGES.values())
    return {key for row in rows.splitlines() for key in re.findall(r"`([\w.]+)`", row.split("|")[1])}


def keys_of(name: str, kind: type[msgspec.Struct]) -> set[str]:
    return {f"{name}.{one.encode_name}" for one in msgspec.structs.fields(kind)}


def test_every_manifest_key_is_used_by_some_rule() -> None:
    ruled = {gate for rule in RULES for gate in rule.gates}
    common = {one.encode_name for one in msgspec.structs.fields(Entry)}
    wanted = keys_of("plan", Plan) | (keys_of("wave", Wave) - {f"wave.{kind}" for kind in KINDS})
    for kind, entry in KINDS.items():
        if kind in ruled:
            wanted |= {key for key in keys_of(f"wave.{kind}", entry) if key.rsplit(".", 1)[1] not in common}
    assert wanted - NAMES_ONLY - told_keys() == set()
    assert "revive.module" in told_keys()


def test_every_key_that_a_page_explains_exists() -> None:
    known = (
        keys_of("plan", Plan) | keys_of("wave", Wave) | keys_of("revive", Revive) | keys_of("waiver", Waiver)
    )
    known |= {"contested"}
    for kind, entry in KINDS.items():
        known |= keys_of(f"wave.{kind}", entry)
    assert told_keys() <= known | {one.encode_name for one in msgspec.structs.fields(Manifest)}


def test_gates_without_a_rule_are_pending_and_never_passed(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text(EVERY_GATE, encoding="utf-8")
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False, jobs=1))
    ruled = {gate for rule in RULES for gate in rule.gates}
    assert ruled - {"plan", "wave", "waiver"} <= set(KINDS)
    assert sorted(one.kind for one in report.pending) == sorted(set(KINDS) - ruled)
