"""`hardcut status` and `hardcut why`, over real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "docs"]

[[wave]]
id = "0"
title = "Carts"
state = "landed"

[[wave.delete]]
module = "shop.old"
to = "shop.cart"
reason = "two carts disagreed"

[[wave.delete]]
module = "shop.gone"

[[wave]]
id = "1"
requires = ["0", "later"]

[[wave.remove]]
module = "shop.cart"
symbols = ["Cart.flush_twice", "open_legacy"]
decision = { question = "keep open_legacy for the importer?", options = ["yes", "no"] }

[[wave.remove]]
module = "shop.cart"
symbols = ["maybe"]
contested = "the importer needs it"

[[wave.quality]]
commands = ["make test"]

[[wave]]
id = "later"
requires = ["0"]

[[wave.move]]
from = "shop.cart"
to = "shop.prices"
symbols = ["total"]
"""


def test_a_wave_without_a_gate_says_so(project: Path, run: Run) -> None:
    plan = (
        '[plan]\nname = "x"\nsource = ["src"]\n\n[[wave]]\nid = "a"\n\n[[wave]]\nid = "b"\nrequires = ["a"]\n'
    )
    (project / "cutover.toml").write_text(plan, encoding="utf-8")
    said = run("status").out
    assert "no gate yet, wave a" in said and said.count("no gate yet") == 2


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "cutover.toml").write_text(MANIFEST)
    src = project / "src/shop"
    (src / "main.py").write_text(
        "import shop.old\nfrom shop.cart import open_legacy, total\n\nNAME = 'shop.old.Cart'\n"
    )
    (src / "cart.py").write_text(
        "class Cart:\n    def flush_twice(self): ...\n\n\ndef maybe(): ...\n\n\ndef open_legacy(): ...\n"
    )
    (src / "prices.py").write_text("def total(): ...\n")
    (project / "docs").mkdir()
    (project / "docs" / "index.md").write_text("")
    return project


def wave(shown: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in shown["waves"] if one["id"] == name]
    return found


def test_status_counts_what_is_left_of_each_gate(run: Run, shop: Path) -> None:
    ended = run("status", "--format", "json")
    assert ended.code == 0
    shown = json.loads(ended.out)
    zero, one, later = wave(shown, "0"), wave(shown, "1"), wave(shown, "later")
    assert (zero["gates"][0]["subject"], zero["gates"][0]["remaining"]) == ("shop.old", 2)
    assert zero["gates"][0]["state"] == "open"
    assert zero["gates"][0]["declared"] == {"path": "cutover.toml", "line": 11}
    assert (zero["blocked_by"], one["blocked_by"], later["blocked_by"]) == ([], ["later"], [])
    assert one["decisions"] == 1
    removed, maybe, quality = one["gates"]
    assert (removed["state"], removed["remaining"], removed["files"]) == ("open", 3, 2)
    assert removed["decision"] == "keep open_legacy for the importer?"
    assert (maybe["state"], maybe["remaining"], maybe["disputed"]) == ("contested", 0, 1)
    assert quality["state"] in ("unchecked", "done", "open")
    assert one["remaining"] == sum(gate["remaining"] for gate in one["gates"])
    assert later["gates"][0]["remaining"] == 1


def test_status_tells_done_from_left(run: Run, shop: Path) -> None:
    (shop / "src/shop/main.py").write_text("")
    shown = json.loads(run("status", "--format", "json").out)
    assert wave(shown, "0")["gates"][0]["state"] == "done"
    assert wave(shown, "later")["done"] == 1
    text = run("status").out
    assert "move shop.cart.total" not in text
    assert "move shop.cart.total" in run("status", "--all").out
    assert "wave later, 1 decision" in text


def test_status_of_one_wave_as_markdown(run: Run, shop: Path) -> None:
    text = run("status", "--wave", "1", "--format", "markdown").out
    assert "### wave 1" in text
    assert "### wave 0" not in text
    assert "| remove shop.cart.maybe | contested | 0 | 1 | 1 |" in text.replace("\\", "")


def test_status_writes_a_file_and_obeys_no_control_characters(run: Run, shop: Path) -> None:
    hostile = MANIFEST.replace('title = "Carts"', 'title = "a\\u001b[31m|b"')
    (shop / "cutover.toml").write_text(hostile)
    for form in ("text", "markdown", "json"):
        assert run("status", "--format", form, "--output-file", "out.txt").out == ""
        assert "\x1b" not in (shop / "out.txt").read_text()
    assert run("status", "--wave", "nine").code == 2


def test_why_tells_the_wave_the_reason_and_every_place(run: Run, shop: Path) -> None:
    text = run("why", "shop.old").out
    assert "shop.old  deleted in wave 0, Carts [landed]" in text
    assert "two carts disagreed" in text
    assert "new home   shop.cart" in text
    assert "2 places in 1 file" in text
    assert "src/shop/main.py\n      1:8  deleted-module-import   import shop.old\n" in text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("shop.old.Cart.total", "shop.old"),
        ("src/shop/old.py", "shop.old"),
        ("./src/shop/old/deep.py", "shop.old"),
        ("shop.cart:open_legacy", "shop.cart.open_legacy"),
        ("Cart.flush_twice", "shop.cart.Cart.flush_twice"),
        ("maybe", "shop.cart.maybe"),
    ],
)
def test_why_understands_the_forms_of_a_name(run: Run, shop: Path, query: str, name: str) -> None:
    (shown,) = json.loads(run("why", query, "--format", "json").out)["names"]
    assert [one["name"] for one in shown["entries"]] == [name]


def test_why_keeps_the_names_of_one_entry_apart(run: Run, shop: Path) -> None:
    (entry,) = json.loads(run("why", "open_legacy", "--format", "json").out)["names"][0]["entries"]
    assert (entry["remaining"], entry["remaining_others"]) == (2, 1)
    assert [(file["path"], [place["line"] for place in file["places"]]) for file in entry["files"]] == [
        ("src/shop/cart.py", [8]),
        ("src/shop/main.py", [2]),
    ]
    assert entry["decision"] == {
        "question": "keep open_legacy for the importer?",
        "options": ["yes", "no"],
        "chosen": None,
    }


def test_why_lists_what_lies_below_a_package(run: Run, shop: Path) -> None:
    (shown,) = json.loads(run("why", "shop", "--format", "json").out)["names"]
    assert shown["entries"] == []
    assert [one["name"] for one in shown["below"]][:3] == [
        "shop.old",
        "shop.gone",
        "shop.cart.Cart.flush_twice",
    ]
    assert "the plan speaks of" in run("why", "shop").out


def test_why_names_the_nearest(run: Run, shop: Path) -> None:
    ended = run("why", "shop.oldd")
    assert ended.code == 2
    assert 'the plan does not speak of "shop.oldd"; did you mean "shop.old"' in ended.err
    assert run("why", "\x1b[31m").code == 2


def test_why_tells_dead_names_from_living_ones(run: Run, shop: Path) -> None:
    (shop / "src/shop/used.py").write_text("def a(): ...\ndef b(): ...\ndef c(): b()\nprint(a())\n")
    shown = json.loads(run("why", "shop.used:a", "shop.used.b", "c", "--format", "json").out)["names"]
    usages = [name["usages"][0] for name in shown]
    assert [usage["verdict"] for usage in usages] == ["alive", "dead with others", "dead"]
    assert usages[0]["keepers"] == ["src/shop/used.py:4"]
    assert usages[1]["others"] == ["shop.used.c"]
    table = run("why", "shop.used.a", "shop.used.b").out
    assert "2 names: 1 alive, 1 dead with others" in table
    assert "shop.used.b dead with others 1 shop.used.c" in " ".join(table.split())
    assert "kept by    src/shop/used.py:4\n" in run("why", "shop.used.a").out


def test_why_knows_the_names_of_a_wave(run: Run, shop: Path) -> None:
    shown = json.loads(run("why", "--wave", "1", "--format", "json").out)["names"]
    assert [name["query"] for name in shown][-1] == "shop.cart.maybe"
    assert run("why").code == 2


def test_why_needs_no_plan(run: Run, shop: Path) -> None:
    (shop / "cutover.toml").unlink()
    (shop / "src/shop/used.py").write_text("def a(): ...\n")
    (usage,) = json.loads(run("why", "shop.used.a", "--format", "json").out)["names"][0]["usages"]
    assert usage["verdict"] == "dead"
    ended = run("why", "shop.used.missing")
    assert (ended.code, "there is no plan" in ended.err) == (2, True)


def test_status_draws_the_waves(run: Run, shop: Path) -> None:
    lines = run("status", "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert lines[1].startswith('  p0w0["0: Carts<br/>landed, ')
    assert lines[1].endswith('"]:::landed')
    assert [line for line in lines if "-->" in line] == [
        "  p0w0 --> p0w1",
        "  p0w2 --> p0w1",
        "  p0w0 --> p0w2",
    ]
    some = run("status", "--format", "mermaid", "--wave", "1").out
    assert "-->" not in some


def test_status_makes_a_checklist(run: Run, shop: Path) -> None:
    lines = run("status", "--format", "checklist").out.splitlines()
    assert lines[0] == "## Wave 0: Carts (landed)"
    marked = {line[6:].split(" (")[0]: line[:5] for line in lines if line.startswith("- [")}
    assert marked["delete shop.gone"] == "- [x]"
    assert marked["delete shop.old"] == "- [ ]"
    assert any("to decide: keep open\\_legacy for the importer?" in line for line in lines)
    assert any("contested: the importer needs it" in line for line in lines)


def test_status_escapes_what_a_manifest_says(run: Run, shop: Path) -> None:
    manifest = shop / "cutover.toml"
    hostile = 'title = "C\\"arts<script>`#\\n- [x] fake"'
    manifest.write_text(manifest.read_text().replace('title = "Carts"', hostile))
    drawn = run("status", "--format", "mermaid").out
    assert "C#quot;arts#lt;script#gt;#96;#35; - [x] fake" in drawn
    assert "\n- [x] fake" not in run("status", "--format", "checklist").out
