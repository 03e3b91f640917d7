"""The matrix of weakened plans: every key of the model, every state of a wave, and what a record covers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from plans import load_plan

from hardcut.plan import model
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.records import Records, lines_of
from hardcut.plan.strictness import COMMON, KEYS, PLAN, WAVE, Change, written
from hardcut.plan.weakening import Weakening, is_asked_by, weakenings

Load = Callable[[dict[str, Any]], LoadedPlan]
PROJECT = Path(__file__).resolve().parents[2]
STATES = ("planned", "active", "landed")
FULL: dict[str, dict[str, Any]] = {
    "delete": {"module": "shop.old.inner"},
    "remove": {"module": "shop.cart", "symbols": ["tax", "Cart.total"]},
    "keep": {"module": "shop.cart", "symbols": ["price", "total"], "files": ["LICENSE", "NOTICE"]},
    "move": {"from": "shop.cart", "to": ["shop.a", "shop.b"], "symbols": ["one", "two"]},
    "surface": {"only": "ext", "banned": ["ext._a", "ext._b"]},
    "fail_fast": {"guard": ["ext", "shop.load"]},
    "delegate": {"function": "shop.run", "to": "ext.run"},
    "ceiling": {"path": "shop.py", "max_lines": 100, "min_lines": 10, "max_definitions": 5},
    "shrink": {"paths": ["src", "lib"], "at_least": 10, "at_most": 100},
    "align": {"name": "x", "in": ["a.toml", "b.toml", "c.toml"]},
    "no_shims": {"packages": ["shop", "shop.api"]},
    "native": {"what": "udf", "within": ["shop.a", "shop.b"]},
    "document": {"module": "shop", "must_mention": ["udf", "native"]},
    "absent": {"paths": ["build", "old.sh"]},
    "entrypoint": {"module": "ext", "names": ["run", "stop"]},
    "benchmark": {"result": "r.json", "baseline": "b.json"},
    "snapshot": {"file": "new.csv", "of": "datafusion"},
    "quality": {"commands": ["a", "b"]},
}
"""An entry of each kind, without the keys that rows set."""

GONE = Change()
Row = tuple[str, str, Any, Any, Change | None]
"""A kind, a key, its value before and now (None: it is not there), and the change to report, if any.

`GONE` stands for the whole entry.
"""


def lost(*was: str) -> Change:
    return Change(was=was)


def came(*now: str) -> Change:
    return Change(now=now)


def changed(was: str, now: str) -> Change:
    return Change((was,), (now,))


EVERY: list[tuple[str, Any, Any, Change | None]] = [
    ("reason", "because", None, None),
    ("reason", "because", "so", None),
    ("contested", None, "who knows", came("who knows")),
    ("contested", "who knows", "nobody", None),
    ("contested", "who knows", None, None),
    ("decision", {"question": "which?"}, None, lost("which?")),
    ("decision", {"question": "which?"}, {"question": "what?"}, None),
    ("decision", {"question": "which?"}, {"question": "which?", "chosen": "a"}, None),
    ("decision", {"question": "which?", "chosen": "a"}, None, None),
    ("decision", None, {"question": "which?"}, None),
    ("allow_unmatched", None, "never committed", came("never committed")),
    ("allow_unmatched", "never committed", None, None),
]
"""What holds for entries of every kind."""

ROWS: list[Row] = [
    *((kind, *row) for kind in ("delete", "fail_fast") for row in EVERY),
    ("delete", "module", "shop.old.inner", "shop.other", GONE),
    ("delete", "module", "shop.old.inner", "shop.old", None),
    ("delete", "to", None, "shop.new", came("shop.new")),
    ("delete", "to", "shop.new", "shop.other", came("shop.other")),
    ("delete", "to", "shop.new", None, None),
    ("delete", "submodules_only", None, True, came("true")),
    ("delete", "submodules_only", True, None, None),
    ("delete", "text_references", None, "off", came("off")),
    ("delete", "text_references", "error", "warning", changed("error", "warning")),
    ("delete", "text_references", "error", None, lost("error")),
    ("delete", "text_references", "off", None, None),
    ("delete", "text_references", None, "error", None),
    ("remove", "module", "shop.cart", "shop.other", lost("tax", "Cart.total")),
    ("remove", "symbols", ["tax", "Cart.total"], ["tax"], lost("Cart.total")),
    ("remove", "symbols", ["tax", "Cart.total"], ["tax", "Cart"], None),
    ("remove", "symbols", ["tax"], ["vat", "tax"], None),
    ("remove", "text_references", "error", "off", changed("error", "off")),
    ("keep", "module", "shop.cart", "shop.basket", lost("price", "total")),
    ("keep", "symbols", ["price", "total"], ["total"], lost("price")),
    ("keep", "files", ["LICENSE", "NOTICE"], ["LICENSE"], lost("NOTICE")),
    ("keep", "files", ["LICENSE"], ["LICENSE", "README.md"], None),
    ("move", "from", "shop.cart", "shop.basket", lost("one", "two")),
    ("move", "to", "shop.a", "shop.b", came("shop.b")),
    ("move", "to", "shop.a", ["shop.a", "shop.b"], came("shop.b")),
    ("move", "to", ["shop.a", "shop.b"], "shop.a", None),
    ("move", "symbols", ["one", "two"], ["two"], lost("one")),
    ("move", "symbols", None, ["one"], came("one")),
    ("move", "symbols", ["one", "two"], None, None),
    ("surface", "only", "ext", "other", lost("ext._a", "ext._b")),
    ("surface", "banned", ["ext._a", "ext._b"], ["ext._b"], lost("ext._a")),
    ("surface", "banned", ["ext._a.b", "ext._b"], ["ext._a", "ext._b"], None),
    ("surface", "within", None, ["shop"], came("shop")),
    ("surface", "within", ["shop", "app"], ["shop.cart", "app"], lost("shop")),
    ("surface", "within", ["shop.cart"], ["shop"], None),
    ("surface", "within", ["shop"], None, None),
    ("surface", "allow", None, ["tests/**"], came("tests/**")),
    ("surface", "allow", ["tests/**", "docs"], ["docs"], None),
    ("surface", "text_references", None, "off", came("off")),
    # Without a level of its own, a banned module in a string is an error.
    ("surface", "text_references", None, "warning", came("warning")),
    ("surface", "text_references", None, "error", None),
    ("surface", "text_references", "off", "warning", None),
    ("fail_fast", "guard", ["ext", "shop.load"], ["ext"], lost("shop.load")),
    ("fail_fast", "within", None, ["shop"], came("shop")),
    ("fail_fast", "within", ["shop"], ["shop.cart"], lost("shop")),
    ("fail_fast", "within", ["shop.cart"], ["shop"], None),
    ("delegate", "function", "shop.run", "shop.go", GONE),
    ("delegate", "to", "ext.run", "ext.go", GONE),
    ("delegate", "through", None, ["shop.helper"], came("shop.helper")),
    ("delegate", "through", ["shop.helper"], None, None),
    ("ceiling", "path", "shop.py", "cart.py", GONE),
    ("ceiling", "count", "all", "code", GONE),
    ("ceiling", "max_lines", 100, 200, changed("100", "200")),
    ("ceiling", "max_lines", 100, None, lost("100")),
    ("ceiling", "max_lines", 100, 50, None),
    ("ceiling", "max_lines", None, 50, None),
    ("ceiling", "min_lines", 10, 5, changed("10", "5")),
    ("ceiling", "min_lines", 10, None, lost("10")),
    ("ceiling", "min_lines", None, 20, None),
    ("ceiling", "max_definitions", 5, 6, changed("5", "6")),
    ("ceiling", "max_definitions", 5, None, lost("5")),
    ("ceiling", "max_definitions", 5, 4, None),
    ("shrink", "paths", ["src", "lib"], ["src"], GONE),
    ("shrink", "paths", ["src", "lib"], ["lib", "src"], None),
    ("shrink", "at_least", 10, 5, changed("10", "5")),
    ("shrink", "at_least", 10, None, lost("10")),
    ("shrink", "at_most", 100, 200, changed("100", "200")),
    ("shrink", "at_most", 100, None, lost("100")),
    ("shrink", "since", "v1", "v0", changed("v1", "v0")),
    ("shrink", "since", "v1", None, lost("v1")),
    ("shrink", "since", None, "v1", None),
    ("align", "name", "x", "y", lost("a.toml", "b.toml", "c.toml")),
    ("align", "in", ["a.toml", "b.toml", "c.toml"], ["a.toml", "b.toml"], lost("c.toml")),
    ("align", "to", "patch", "major", changed("patch", "major")),
    ("align", "to", None, "minor", changed("patch", "minor")),
    ("align", "to", "minor", None, None),
    ("align", "names", None, {"a.toml": "y"}, came("a.toml = y")),
    ("align", "names", {"a.toml": "y"}, {"a.toml": "z"}, changed("a.toml = y", "a.toml = z")),
    ("no_shims", "packages", ["shop", "shop.api"], ["shop"], lost("shop.api")),
    ("native", "what", "udf", "udaf", lost("shop.a", "shop.b")),
    ("native", "within", ["shop.a", "shop.b"], ["shop.a"], lost("shop.b")),
    ("native", "within", ["shop.a", "shop.b"], ["shop"], None),
    *(
        ("native", key, ["*_a", "*_b"], ["*_b"], lost("*_a"))
        for key in ("names", "bases", "decorators", "calls")
    ),
    *(("native", key, None, ["*_b"], None) for key in ("names", "bases", "decorators", "calls")),
    ("document", "module", "shop", "shop.cart", lost("udf", "native")),
    ("document", "must_mention", ["udf", "native"], ["udf"], lost("native")),
    ("absent", "paths", ["build", "old.sh"], ["build"], lost("old.sh")),
    ("entrypoint", "module", "ext", "other", lost("run", "stop")),
    ("entrypoint", "names", ["run", "stop"], ["run"], lost("stop")),
    ("benchmark", "result", "r.json", "q.json", GONE),
    ("benchmark", "statistic", "median", "min", GONE),
    ("benchmark", "baseline", "b.json", "c.json", changed("b.json", "c.json")),
    ("benchmark", "tolerance", "5%", "20%", changed("5%", "20%")),
    ("benchmark", "tolerance", "5%", "1%", None),
    ("benchmark", "direction", "lower", "higher", changed("lower", "higher")),
    ("benchmark", "run", "make bench", None, lost("make bench")),
    ("benchmark", "run", "make bench", "true", changed("make bench", "true")),
    ("benchmark", "run", None, "make bench", None),
    ("snapshot", "file", "new.csv", "other.csv", GONE),
    ("snapshot", "of", "datafusion", "spark", GONE),
    ("snapshot", "previous", "old.csv", None, lost("old.csv")),
    ("snapshot", "previous", None, "old.csv", None),
    ("snapshot", "ignore", ["a"], ["a", "b"], came("b")),
    ("snapshot", "ignore", ["a", "b"], ["a"], None),
    ("snapshot", "run", "make", "true", changed("make", "true")),
    ("snapshot", "session", "shop.new", "shop.other", changed("shop.new", "shop.other")),
    ("snapshot", "session", "shop.new", None, lost("shop.new")),
    ("quality", "commands", ["a", "b"], ["b"], lost("a")),
    ("quality", "commands", ["a", "b"], ["b", "c", "a"], None),
]


def ignored(path: str, subject: str | None = None) -> dict[str, Any]:
    """An entry of `plan.ignore`."""
    entry = {"rule": "CUT105", "path": path, "reason": "built"}
    return entry if subject is None else {**entry, "subject": subject}


SETTINGS: list[tuple[str, Any, Any, Change | None]] = [
    ("name", "shop", "store", None),
    ("source", ["src", "lib"], ["src"], lost("lib")),
    ("source", ["src"], ["src", "src/shop"], came("src/shop")),
    ("source", ["src"], ["src", "lib"], None),
    ("source", ["src"], ["./src/"], None),
    ("source", ["packages/*/src"], ["packages/*/src", "packages/a/src/b"], came("packages/a/src/b")),
    ("source", None, ["src"], Change((".",), ("src",))),
    ("check", ["src", "tests"], ["src"], lost("tests")),
    ("check", ["src/shop", "src/app"], ["src"], None),
    ("check", ["src/**"], ["./src/"], None),
    ("check", ["src"], ["src/*"], lost("src")),
    ("check", None, ["src"], lost(".")),
    ("check", ["src"], None, None),
    ("exclude", None, ["vendor"], came("vendor")),
    ("exclude", ["a"], ["b", "a"], came("b")),
    ("exclude", ["a", "b"], ["b"], None),
    ("exclude", None, ["tools/**"], came("tools/**")),
    ("exclude", ["a", "!a/b"], ["a"], lost("!a/b")),
    ("exclude", ["a"], ["a", "!a/b"], None),
    ("exclude", ["a", "!a/b"], ["!a/b", "a"], came("a")),
    ("exclude", ["a", "!a/b"], ["a", "!a/b", "a"], came("a")),
    ("text_references", "error", "warning", changed("error", "warning")),
    ("text_references", None, "off", changed("warning", "off")),
    ("text_references", None, "error", None),
    ("base", "v1", "v2", changed("v1", "v2")),
    ("base", "v1", None, lost("v1")),
    ("base", None, "v1", None),
    ("loggers", None, ["log"], came("log")),
    ("loggers", ["log"], None, None),
    ("importers", ["shop.load"], None, lost("shop.load")),
    ("importers", None, ["shop.load"], None),
    ("ignore", None, [ignored("gen/**")], came("CUT105 gen/**")),
    ("ignore", [ignored("gen/a*")], [ignored("gen/**")], came("CUT105 gen/**")),
    ("ignore", [ignored("gen")], [ignored("gen/**")], None),
    ("ignore", [ignored("gen")], [ignored("gen/*/a")], None),
    ("ignore", [ignored("gen/**")], None, None),
    ("ignore", [ignored("a*")], [{**ignored("a*"), "reason": "other", "rule": "dangling-import"}], None),
    ("ignore", [ignored("a*", "shop")], [ignored("a*", "shop.b")], None),
    ("ignore", [ignored("a*")], [ignored("a*", "shop.b")], None),
    ("ignore", [ignored("a*", "shop.b")], [ignored("a*", "shop")], came("CUT105 a* shop")),
    ("ignore", [ignored("a*", "shop.b")], [ignored("a*")], came("CUT105 a*")),
]


def toml(tables: dict[str, Any]) -> str:
    """Tables as a manifest: JSON's values are TOML's, inline tables have `=`."""
    lines: list[str] = []

    def value(found: Any) -> str:
        if isinstance(found, dict):
            return "{" + ", ".join(f"{json.dumps(key)} = {value(item)}" for key, item in found.items()) + "}"
        return json.dumps(found)

    def table(name: str, found: dict[str, Any], several: bool) -> None:
        lines.append(f"[[{name}]]" if several else f"[{name}]")
        inner = {key: item for key, item in found.items() if item and _is_tables(item)}
        lines.extend(f"{key} = {value(item)}" for key, item in found.items() if key not in inner)
        for key, items in inner.items():
            for item in items:
                table(f"{name}.{key}", item, True)

    for name, found in tables.items():
        for item in found if isinstance(found, list) else [found]:
            table(name, item, isinstance(found, list))
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and isinstance(value[0], dict)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    file = tmp_path / "cutover.toml"

    def loaded(tables: dict[str, Any]) -> LoadedPlan:
        file.write_text(toml(tables), encoding="utf-8")
        return load_plan(file, tmp_path)

    return loaded


def plan(*waves: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"plan": {"name": "shop", **others.pop("plan", {})}, "wave": list(waves), **others}


def wave(id: str = "0", state: str = "landed", **entries: Any) -> dict[str, Any]:
    return {"id": id, "state": state, **entries}


def with_key(kind: str, key: str, value: Any) -> dict[str, Any]:
    entry = {**FULL[kind], key: value}
    return {name: item for name, item in entry.items() if item is not None}


@pytest.mark.parametrize(("kind", "key", "old", "new", "change"), ROWS)
def test_entries(load: Load, kind: str, key: str, old: Any, new: Any, change: Change | None) -> None:
    for state in STATES:
        before = load(plan(wave(state=state, **{kind: [with_key(kind, key, old)]})))
        later = plan(wave(state=state, **{kind: [with_key(kind, key, new)]}))
        found = list(weakenings(before, load(later)))
        assert [one.change for one in found] == ([] if change is None else [change]), found
        assert [one.landed for one in found] == [state == "landed"] * len(found)
    assert list(weakenings(before, before)) == []
    if change is not None:
        assert_recorded(load, before, later, found[0])


def assert_recorded(load: Load, before: LoadedPlan, now: dict[str, Any], weakening: Weakening) -> None:
    """The printed lines cover the change, are valid, and are no longer new afterwards."""
    lines = lines_of(weakening, weakening.change, False).replace('"..."', '"we must"')
    root = Path(before.root)
    (root / "cutover.toml").write_text(toml(now) + lines + "\n", encoding="utf-8")
    recorded = load_plan(root / "cutover.toml", root)
    records = Records(before, recorded)
    covered = records.cover(weakening)
    assert (covered.reasons, covered.left) == (["we must"], None), lines
    assert records.stale() == []
    later = Records(recorded, recorded)
    assert later.cover(weakening).left == weakening.change, "history covers nothing that is done again"
    assert later.stale() == [], "history is harmless"


@pytest.mark.parametrize(("key", "old", "new", "change"), SETTINGS)
def test_settings(load: Load, key: str, old: Any, new: Any, change: Change | None) -> None:
    def of(value: Any, state: str) -> dict[str, Any]:
        setting = {} if value is None else {key: value}
        return plan(wave(state=state, delete=[{"module": "shop.old"}]), plan=setting)

    for state in STATES:
        before = load(of(old, state))
        found = list(weakenings(before, load(of(new, state))))
        assert [(one.key, one.change) for one in found] == ([] if change is None else [(key, change)])
        assert [one.landed for one in found] == [state == "landed"] * len(found)
    if change is not None:
        assert_recorded(load, before, of(new, "landed"), found[0])


@pytest.mark.parametrize(
    ("glob", "weaker"),
    [
        ("tools/**", False),
        ("tools/gen/", False),
        # Without a slash, a glob matches in every folder.
        ("tools", True),
        ("tools/", True),
        ("*/gen", True),
        ("src/gen", True),
        ("src/**", True),
        ("src/shop/**", True),
    ],
)
def test_an_excluded_folder_that_was_not_checked_is_no_weaker_plan(
    load: Load, glob: str, weaker: bool
) -> None:
    check = {"check": ["src/shop", "tests"]}
    before = load(plan(wave(delete=OLD), plan=check))
    now = load(plan(wave(delete=OLD), plan={**check, "exclude": [glob]}))
    assert [one.key for one in weakenings(before, now)] == ["exclude"] * (weaker and glob != "src/gen")


def test_every_key_of_the_model_is_compared_and_has_a_row() -> None:
    rows = {(kind, key) for kind, key, *_ in ROWS}
    for kind, table in model.KINDS.items():
        own = [name for name in table.__struct_fields__ if name not in model.Entry.__struct_fields__]
        assert list(KEYS[table]) == own, kind
        missing = {(kind, written(table, key)) for key in own} - rows
        assert not missing
    assert tuple(COMMON) == model.Entry.__struct_fields__
    assert {key for key, *_ in EVERY} == set(COMMON)
    assert set(PLAN) == {one.encode_name for one in msgspec.structs.fields(model.Plan)}
    assert {key for key, *_ in SETTINGS} == set(PLAN)
    assert set(WAVE) == {one.encode_name for one in msgspec.structs.fields(model.Wave)}


OLD = [{"module": "shop.old"}]
WAVES: list[
    tuple[str, list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, str, str, Change, bool]]]
] = [
    (
        "set back",
        [wave(delete=OLD)],
        [wave(state="planned", delete=OLD)],
        [("0", "", "state", changed("landed", "planned"), True)],
    ),
    (
        "set back before it landed",
        [wave(state="active", delete=OLD)],
        [wave(state="planned", delete=OLD)],
        [("0", "", "state", changed("active", "planned"), False)],
    ),
    ("set on", [wave(state="active", delete=OLD)], [wave(state="landed", delete=OLD)], []),
    ("another title", [wave(title="a", delete=OLD)], [wave(delete=OLD)], []),
    ("another id", [wave(delete=OLD)], [wave("zero", delete=OLD)], []),
    (
        "another id and set back",
        [wave(delete=OLD)],
        [wave("zero", "active", delete=OLD)],
        [("0", "delete shop.old", "wave", changed("0", "zero"), True)],
    ),
    (
        "an entry moves to a planned wave",
        [wave(delete=OLD, quality=[{"commands": ["a"]}])],
        [wave(quality=[{"commands": ["a"]}]), wave("1", "planned", delete=OLD)],
        [("0", "delete shop.old", "wave", changed("0", "1"), True)],
    ),
    ("an entry moves to a landed wave", [wave(delete=OLD)], [wave(), wave("1", delete=OLD)], []),
    (
        "an entry is wider, and planned",
        [wave(delete=[{"module": "shop.old.inner"}])],
        [wave(), wave("1", "planned", delete=OLD)],
        [("0", "delete shop.old.inner", "wave", changed("0", "1"), True)],
    ),
    (
        "a removed wave",
        [wave(delete=OLD, quality=[{"commands": ["a"]}]), wave("1", "active", delete=[{"module": "a"}])],
        [wave("2", "planned", delete=[{"module": "b"}])],
        [("0", "", "", GONE, True), ("1", "", "", GONE, False)],
    ),
    (
        "a removed wave of which a part survives",
        [wave(delete=OLD, quality=[{"commands": ["a"]}])],
        [wave("1", "landed", delete=OLD)],
        [("0", "quality", "commands", lost("a"), True)],
    ),
    (
        "requires",
        [wave(delete=OLD), wave("1", requires=["0"])],
        [wave(delete=OLD), wave("1")],
        [("1", "", "requires", lost("0"), True)],
    ),
    (
        "a wave gets another id, with the waves that require it",
        [wave(delete=OLD), wave("1", delete=[{"module": "a"}], requires=["0"])],
        [wave("zero", delete=OLD), wave("1", delete=[{"module": "a"}], requires=["zero"])],
        [],
    ),
    (
        "a wave gets another id, and is required no longer",
        [wave(delete=OLD), wave("1", delete=[{"module": "a"}], requires=["0"])],
        [wave("zero", delete=OLD), wave("1", delete=[{"module": "a"}])],
        [("1", "", "requires", lost("0"), True)],
    ),
    (
        "a wave that requires another gets another id, and requires it no longer",
        [wave(delete=OLD), wave("1", delete=[{"module": "a"}], requires=["0"])],
        [wave(delete=OLD), wave("one", delete=[{"module": "a"}])],
        [("1", "", "requires", lost("0"), True)],
    ),
    (
        "a wave is merged into the one that requires it",
        [wave(delete=OLD), wave("1", delete=[{"module": "a"}], requires=["0"])],
        [wave("1", delete=[*OLD, {"module": "a"}])],
        [],
    ),
    (
        "a wave between two others",
        [wave(delete=OLD), wave("1", delete=[{"module": "a"}], requires=["0"])],
        [wave(delete=OLD), wave("2", requires=["0"]), wave("1", delete=[{"module": "a"}], requires=["2"])],
        [],
    ),
    (
        "a deletion becomes a move to the same new home",
        [wave(delete=[{"module": "shop.old", "to": "shop.new"}])],
        [wave(move=[{"from": "shop.old", "to": "shop.new"}])],
        [],
    ),
    (
        "a deletion becomes a move to another home",
        [wave(delete=[{"module": "shop.old", "to": "shop.new"}])],
        [wave(move=[{"from": "shop.old", "to": "shop.other"}])],
        [("0", "delete shop.old", "to", came("shop.other"), True)],
    ),
    (
        "a deletion becomes a move of a wave that has not landed",
        [wave(delete=[{"module": "shop.old", "to": "shop.new"}])],
        [wave(), wave("1", "active", move=[{"from": "shop.old", "to": "shop.new"}])],
        [("0", "delete shop.old", "wave", changed("0", "1"), True)],
    ),
    (
        "a deletion becomes the move of some names",
        [wave(delete=[{"module": "shop.old", "to": "shop.new"}])],
        [wave(move=[{"from": "shop.old", "to": "shop.new", "symbols": ["a"]}])],
        [("0", "delete shop.old", "", GONE, True)],
    ),
    (
        "a move becomes a deletion with the same new home",
        [wave(move=[{"from": "shop.old", "to": "shop.new"}])],
        [wave(delete=[{"module": "shop.old", "to": "shop.new"}])],
        [],
    ),
    (
        "the same ceiling in two waves, the stricter one goes",
        [
            wave(ceiling=[{"path": "a", "max_lines": 300}]),
            wave("1", "planned", ceiling=[{"path": "a", "max_lines": 100}]),
        ],
        [wave(ceiling=[{"path": "a", "max_lines": 300}]), wave("1", "planned")],
        [("1", "ceiling a all", "max_lines", changed("100", "300"), False)],
    ),
    (
        "the same ceiling in two waves, the landed one goes",
        [
            wave(ceiling=[{"path": "a", "max_lines": 300}]),
            wave("1", "planned", ceiling=[{"path": "a", "max_lines": 100}]),
        ],
        [wave(), wave("1", "planned", ceiling=[{"path": "a", "max_lines": 100}])],
        [("0", "ceiling a all", "wave", changed("0", "1"), True)],
    ),
    (
        "a guard in two modules becomes two guards, or one",
        [wave(fail_fast=[{"guard": ["ext"], "within": ["a", "b"]}])],
        [wave(fail_fast=[{"guard": ["ext"], "within": ["b"]}, {"guard": ["ext"], "within": ["a"]}])],
        [],
    ),
    (
        "one of two guards is narrowed",
        [wave(fail_fast=[{"guard": ["ext", "lib"], "within": ["a", "b"]}])],
        [wave(fail_fast=[{"guard": ["ext"], "within": ["a"]}, {"guard": ["lib"], "within": ["a", "b"]}])],
        [("0", "fail_fast: ext", "within", lost("b"), True)],
    ),
    (
        "removed names of a module that is deleted as a whole",
        [wave(remove=[{"module": "shop.old", "symbols": ["a"]}])],
        [wave(delete=OLD)],
        [],
    ),
    (
        "removed names of a package of which only the modules are deleted",
        [
            wave(
                remove=[
                    {"module": "shop.old", "symbols": ["a"]},
                    {"module": "shop.old.inner", "symbols": ["b"]},
                ]
            )
        ],
        [wave(delete=[{"module": "shop.old", "submodules_only": True}])],
        [("0", "remove shop.old", "symbols", lost("a"), True)],
    ),
]


@pytest.mark.parametrize(
    ("before", "now", "expected"), [row[1:] for row in WAVES], ids=[row[0] for row in WAVES]
)
def test_waves(load: Load, before: Any, now: Any, expected: Any) -> None:
    old, new = load(plan(*before)), load(plan(*now))
    found = list(weakenings(old, new))
    assert [(one.wave, one.entry, one.key, one.change, one.landed) for one in found] == expected
    for one in found:
        assert_recorded(load, old, plan(*now), one)


TWO = [wave(delete=OLD), wave("1", remove=[{"module": "a", "symbols": ["f"]}], requires=["0"])]
HALF = wave("1", remove=[{"module": "a", "symbols": ["f"]}])


@pytest.mark.parametrize(
    ("other", "reported"),
    [
        (plan(wave(delete=OLD)), []),
        (plan(wave("a", delete=OLD)), []),
        (
            plan(wave("a", "active", delete=OLD)),
            [("delete shop.old", "wave", changed("0", "a of the plan two"))],
        ),
        # The other plan must look at as much, and suppress no more.
        (plan(wave(delete=OLD), plan={"check": ["src"]}), [("", "", GONE)]),
        (plan(wave(delete=OLD), plan={"exclude": ["lib"]}), [("", "", GONE)]),
        (
            plan(
                wave(delete=OLD),
                waiver=[{"rule": "CUT101", "path": "a", "reason": "r", "until": "2030-12-31"}],
            ),
            [("", "", GONE)],
        ),
        (plan(wave(remove=[{"module": "shop", "symbols": ["b"]}])), [("", "", GONE)]),
    ],
)
def test_a_plan_is_split_into_two(load: Load, other: dict[str, Any], reported: Any) -> None:
    before, now = load(plan(*TWO)), load(plan(HALF))
    second = {**other, "plan": {**other["plan"], "name": "two"}}
    found = list(weakenings(before, now, others=[load(second)]))
    assert [(one.entry, one.key, one.change) for one in found] == reported
    third = {**plan(HALF), "plan": {"name": "three"}}
    assert is_asked_by(before, [load(second), load(third)]) == (not reported)
    assert not is_asked_by(before, [load(second)])


WAIVER = {"rule": "CUT101", "path": "a.py", "reason": "r", "until": "2030-12-31"}


@pytest.mark.parametrize(
    ("before", "now", "reported"),
    [
        ([], [WAIVER], True),
        ([WAIVER], [], False),
        ([WAIVER], [{**WAIVER, "until": "2031-12-31"}], True),
        ([WAIVER], [{**WAIVER, "until": "2029-12-31"}], False),
        ([WAIVER], [{**WAIVER, "until": "wave 0"}], True),
        ([{**WAIVER, "subject": "shop.old"}], [WAIVER], True),
        ([WAIVER], [{**WAIVER, "reason": "other"}], False),
    ],
)
def test_waivers_are_their_own_records(load: Load, before: Any, now: Any, reported: bool) -> None:
    waves = wave(delete=OLD)
    found = list(weakenings(load(plan(waves, waiver=before)), load(plan(waves, waiver=now))))
    assert [(one.key, one.recorded, one.landed) for one in found] == [("waiver", True, False)] * reported


def test_a_revival_is_its_own_record(load: Load) -> None:
    revive = [{"module": "shop.old", "reason": "r"}]
    waves = wave(delete=OLD)
    before, now = load(plan(waves)), load(plan(waves, revive=revive))
    assert [(one.key, one.recorded) for one in weakenings(before, now)] == [("revive", True)]
    assert list(weakenings(now, before)) == []


@pytest.mark.parametrize(
    ("deleted", "revived", "broad"),
    [
        (["shop.old"], ["shop.old"], False),
        (["shop.old"], ["shop.old.part"], False),
        (["shop.old"], ["shop"], True),
        (["shop.old", "shop.old.part"], ["shop.old"], True),
        (["shop.old.a", "shop.old.b"], ["shop.old"], True),
        (["shop.old.a", "shop.old.b"], ["shop.old", "shop.old.a", "shop.old.b"], False),
        (["shop.old"], ["shop.o"], False),
    ],
)
def test_the_revival_of_a_package_weakens_what_landed_below_it(
    load: Load, deleted: list[str], revived: list[str], broad: bool
) -> None:
    for state in STATES:
        waves = wave("0", state, delete=[{"module": one} for one in deleted])
        later = plan(waves, revive=[{"module": one, "reason": "r"} for one in revived])
        before, now = load(plan(waves)), load(later)
        found = [one for one in weakenings(before, now) if one.change.now == (revived[0],)]
        expected = broad and state == "landed"
        assert [(one.landed, one.recorded) for one in found] == [(expected, not expected)], state
        if expected:
            assert_recorded(load, before, later, found[0])


@pytest.mark.parametrize(
    ("path", "broad"), [("src/a.py", False), ("src/*.py", True), ("**", True), ("src", True), ("gone", False)]
)
def test_a_waiver_for_several_files_weakens_what_has_landed(load: Load, path: str, broad: bool) -> None:
    waiver = {**WAIVER, "path": path}
    for state in STATES:
        waves = wave("0", state, delete=[{"module": "shop.old"}])
        for old, new in (([], [waiver]), ([waiver], [{**waiver, "until": "2031-12-31"}])):
            earlier, later = plan(waves, waiver=old), plan(waves, waiver=new)
            before, now = load(earlier), load(later)
            (found,) = weakenings(before, now, is_folder=lambda one: one == "src")
            expected = broad and state == "landed"
            assert (found.landed, found.recorded) == (expected, not expected), state
            if expected:
                records = [{"key": "waiver", "was": list(found.change.was), "now": list(found.change.now)}]
                covered = load({**later, "weakened": [{**one, "reason": "r"} for one in records]})
                assert Records(before, covered).cover(found).left is None


MOVE = {"from": "shop.util", "to": "shop.tools"}
PRICE = {"from": "shop.prices", "symbols": ["tax"]}


@pytest.mark.parametrize(
    "instead",
    [
        {},
        {"delete": [{"module": "shop.util"}]},
        {"delete": [{"module": "shop.util", "to": "shop.other"}]},
        {"delete": [{"module": "shop.util", "to": "shop.tools", "submodules_only": True}]},
        {"delete": [{"module": "shop.util", "to": "shop.tools", "text_references": "off"}]},
    ],
)
def test_the_move_of_a_whole_module_is_gone(load: Load, instead: dict[str, Any]) -> None:
    before, later = load(plan(wave(move=[MOVE]))), plan(wave(**instead, keep=[{"files": ["LICENSE"]}]))
    (found,) = weakenings(load(plan(wave(move=[MOVE]))), load(later))
    assert (found.entry, found.key, found.change, found.landed) == ("move shop.util", "", GONE, True)
    assert Records(before, load(later)).cover(found).left is not None, "no record covers it"
    assert_recorded(load, before, later, found)


@pytest.mark.parametrize(
    ("waves", "reported"),
    [
        ([wave(move=[MOVE])], False),
        ([wave(move=[MOVE]), wave("1", "planned", move=[{**PRICE, "to": "shop.util"}])], False),
        ([wave(move=[MOVE]), wave("1", "active", move=[{**PRICE, "to": "shop.util"}])], True),
        ([wave(move=[MOVE]), wave("1", "active", move=[{**PRICE, "to": "shop.util.price"}])], True),
        ([wave(move=[MOVE]), wave("1", "planned", move=[{**PRICE, "to": "shop.tools"}])], False),
        ([wave(move=[MOVE], delete=[{"module": "shop.util", "contested": "perhaps"}])], True),
        ([wave(move=[MOVE], delete=[{"module": "shop.util", "submodules_only": True}])], True),
        ([wave(move=[MOVE], delete=[{"module": "shop.util", "to": "shop.kept"}])], True),
        ([wave(move=[MOVE], delete=[{"module": "shop.util", "text_references": "off"}])], True),
        ([wave(move=[MOVE], delete=[{"module": "shop.util"}])], False),
        ([wave(move=[MOVE], delete=[{"module": "shop.util", "to": "shop.tools"}])], False),
    ],
)
def test_another_entry_lifts_the_deletion_that_a_move_implies(
    load: Load, waves: list[dict[str, Any]], reported: bool
) -> None:
    before, later = load(plan(wave(move=[MOVE]))), plan(*waves)
    found = list(weakenings(before, load(later)))
    shown = [(one.entry, one.key, one.change, one.landed) for one in found]
    assert shown == [("move shop.util", "from", lost("shop.util"), True)] * reported
    for weakening in found:
        assert_recorded(load, before, later, weakening)


RENAMED = {"from": "shop", "to": "store"}
WHOLE = ("keep", "surface", "fail_fast", "delegate", "ceiling", "shrink", "no_shims", "native", "document")


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("move", [None, "active", "landed", "contested"])
def test_entries_with_the_new_name_of_what_moves_are_not_weaker(
    load: Load, kind: str, move: str | None
) -> None:
    entry = {
        **FULL,
        "keep": {"module": "shop.cart", "symbols": ["price"], "files": ["shop/data.json"]},
        "surface": {**FULL["surface"], "within": ["shop.a"], "allow": ["shop/legacy.py"]},
        "fail_fast": {"guard": ["shop.load"], "within": ["shop.b"]},
        "ceiling": {"path": "shop.py", "max_lines": 100},
        "shrink": {"paths": ["shop", "lib"], "at_least": 10},
    }[kind]
    text = json.dumps(entry)
    renamed = json.loads(text.replace("shop", "store"))
    before = load(plan(wave("0", **{kind: [entry]})))
    if move is None:
        assert list(weakenings(before, load(plan(wave("0", **{kind: [renamed]})))))
        return
    other = {**RENAMED, **({"contested": "perhaps"} if move == "contested" else {})}
    state = "active" if move == "active" else "landed"
    for new, weak in ((renamed, move != "landed"), (entry, False)):
        now = load(plan(wave("0", **{kind: [new]}), wave("1", state, move=[other])))
        assert bool(list(weakenings(before, now))) == weak


def test_kept_names_follow_the_moves_of_names(load: Load) -> None:
    moves = [{"from": "shop.cart", "symbols": [name], "to": f"shop.{name}s"} for name in ("price", "rate")]
    names = ["price", "rate", "total"]
    before = load(plan(wave("0", keep=[{"module": "shop.cart", "symbols": names, "files": ["LICENSE"]}])))
    kept = [
        {"module": "shop.prices", "symbols": ["price"]},
        {"module": "shop.rates", "symbols": ["rate"]},
        {"module": "shop.cart", "symbols": ["total"]},
        {"files": ["LICENSE"]},
    ]
    assert not list(weakenings(before, load(plan(wave("0", keep=kept, move=moves)))))
    for at in range(len(kept)):
        (found,) = weakenings(before, load(plan(wave("0", keep=kept[:at] + kept[at + 1 :], move=moves))))
        assert found.entry.startswith("keep")


def ceiling(lines: int, *records: dict[str, Any]) -> dict[str, Any]:
    return plan(wave(ceiling=[{"path": "a", "max_lines": lines}]), weakened=list(records))


def record(was: int, now: int, **other: Any) -> dict[str, Any]:
    entry = {"wave": "0", "entry": "ceiling a all", "key": "max_lines"}
    return {**entry, "was": [str(was)], "now": [str(now)], "reason": f"from {was}", **other}


@pytest.mark.parametrize(
    ("before", "now", "reasons", "stale"),
    [
        (ceiling(100), ceiling(200, record(100, 200)), ["from 100"], 0),
        (ceiling(100), ceiling(300, record(100, 200)), None, 1),
        (ceiling(100), ceiling(200, record(100, 200, wave="1")), None, 1),
        (ceiling(100), ceiling(200, record(100, 200, entry="ceiling b all")), None, 1),
        (ceiling(100), ceiling(200, record(100, 200, key="min_lines")), None, 1),
        # Two merged changes, each with its record, compared with where both began.
        (ceiling(100), ceiling(300, record(100, 200), record(200, 300)), ["from 100", "from 200"], 0),
        (ceiling(100), ceiling(200, record(200, 100), record(100, 200)), ["from 100"], 1),
        # The base has the record: the same change again needs another.
        (ceiling(100, record(100, 200)), ceiling(200, record(100, 200)), None, 0),
        (ceiling(100, record(100, 200)), ceiling(200, record(100, 200), record(100, 200)), ["from 100"], 0),
        (ceiling(100, record(100, 200)), ceiling(200, record(100, 200, reason="new words")), None, 0),
        (ceiling(100, record(100, 200)), ceiling(100, record(100, 200)), None, 0),
        (ceiling(100, record(100, 200)), ceiling(100), None, 0),
        (ceiling(100), ceiling(100, record(100, 200)), None, 1),
    ],
)
def test_a_record_covers_one_change(load: Load, before: Any, now: Any, reasons: Any, stale: int) -> None:
    old, new = load(before), load(now)
    records = Records(old, new)
    for weakening in weakenings(old, new):
        covered = records.cover(weakening)
        assert covered.reasons == (reasons or [])
        assert (covered.left is None) == bool(reasons)
    assert len(records.stale()) == stale


def test_a_record_of_lists_covers_value_by_value(load: Load) -> None:
    def of(*symbols: str, **others: Any) -> LoadedPlan:
        return load(plan(wave(remove=[{"module": "shop", "symbols": list(symbols)}]), **others))

    entry = {"wave": "0", "entry": "remove shop", "key": "symbols", "reason": "r"}
    before = of("a", "b", "c")
    now = of("c", weakened=[{**entry, "was": ["a", "x"]}])
    (weakening,) = weakenings(before, now)
    records = Records(before, now)
    assert records.cover(weakening).left == lost("b")
    ((place, said),) = records.stale()
    assert said.endswith("did not change: x") and place == now.weakened[0]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"plan": "other", "wave": "0"}, 'a plan that is gone is named by "plan" and "reason" alone'),
        ({"entry": "delete a", "key": "to", "now": ["b"]}, 'an entry without its wave: give "wave"'),
        ({}, 'names no change: give "plan", "wave" or "key"'),
        ({"wave": "0", "was": ["a"]}, 'values without their key: give "key"'),
        ({"key": "check"}, 'names no value: give "was" or "now"'),
        ({"plan": "other", "reason": "..."}, '"..." is no reason'),
    ],
)
def test_a_record_that_says_too_little(load: Load, keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ManifestError) as caught:
        load(plan(wave(delete=OLD), weakened=[{"reason": "r", **keys}]))
    assert [problem.message for problem in caught.value.problems] == [said]


def test_lines_in_a_pyproject(load: Load) -> None:
    (weakening,) = weakenings(load(ceiling(100)), load(ceiling(200)))
    assert lines_of(weakening, weakening.change, True).splitlines() == [
        "[[tool.hardcut.weakened]]",
        'wave = "0"',
        'entry = "ceiling a all"',
        'key = "max_lines"',
        'was = ["100"]',
        'now = ["200"]',
        'reason = "..."',
    ]


@pytest.mark.parametrize("path", ["examples/datafusion_engine/cutover.toml", "cutover.toml"])
def test_shipped_plans_are_not_weaker_than_themselves(path: str) -> None:
    found = load_plan(PROJECT / path)
    assert list(weakenings(found, found)) == []


def test_an_ignored_file_is_its_own_record(load: Load) -> None:
    waves = wave(state="landed", delete=OLD)
    found = list(weakenings(load(plan(waves)), load(plan(waves, plan={"ignore": [ignored("src/a.py")]}))))
    assert [(one.key, one.recorded, one.landed) for one in found] == [("ignore", True, False)]
    assert found[0].said == "findings of CUT105 in `src/a.py` never count any more"
