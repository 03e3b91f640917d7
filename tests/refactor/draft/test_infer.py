"""Two small trees, and the entries that the change between them implies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hardcut.plan.load import load_text
from hardcut.refactor.draft.draft_entries import (
    Confidence,
    Draft,
    DraftAbsent,
    DraftDelete,
    DraftEntry,
    DraftKeep,
    DraftMove,
    DraftRemove,
)
from hardcut.refactor.draft.draft_text import manifest_text
from hardcut.refactor.draft.infer import change_between, draft
from tests.helpers.archives import tree_of

FETCH = """\
def fetch(url, retries=3):
    for turn in range(retries):
        answer = open_url(url, timeout=turn + 1)
        if answer.status == 200:
            return answer.read().decode("utf-8")
    raise OSError(f"{url} does not answer")
"""
PARSE = """\
def parse(text):
    rows = []
    for line in text.splitlines():
        key, _, value = line.partition("=")
        rows.append((key.strip(), value.strip()))
    return dict(rows)
"""
STORE = """\
class Store:
    def __init__(self, path):
        self.path = path
        self.rows = {}

    def save(self):
        with open(self.path, "w") as stream:
            for key, value in sorted(self.rows.items()):
                stream.write(f"{key}={value}\\n")
"""
TAX = """\
def tax(amount, rate=19):
    if amount < 0:
        raise ValueError("no tax on a refund")
    return amount * rate / 100
"""
ADD = """
def add(kind):
    from shop import web

    setattr(web, kind.name, kind)
"""
_PARSE = PARSE.replace("parse", "_parse")
SHOP = {"src/shop/__init__.py": ""}


def drafted(folder: Path, old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> Draft:
    return draft(change_between(tree_of(folder, "old", old), tree_of(folder, "new", new)))


def shown(entry: DraftEntry) -> str:
    """An entry in one line."""
    match entry:
        case DraftMove(module=module, to=to, symbols=symbols):
            text = f"move {module} to {', '.join(to)}" + (f": {', '.join(symbols)}" if symbols else "")
        case DraftDelete(module=module, submodules_only=only):
            text = f"delete {'below ' if only else ''}{module}"
        case DraftRemove(module=module, symbols=symbols):
            text = f"remove {module}: {', '.join(symbols)}"
        case DraftKeep(module=module, symbols=symbols):
            text = f"keep {module}: {', '.join(symbols)}"
        case DraftAbsent(paths=paths):
            text = f"absent {', '.join(paths)}"
        case _:
            raise TypeError(entry)
    return f"{entry.confidence.word}: {text}"


CASES: dict[str, tuple[dict[str, str | bytes], dict[str, str | bytes], list[str]]] = {
    "module moved, also with other imports and layout": (
        {"src/shop/web.py": f"import os\n\n\n{FETCH}\n\n{PARSE}"},
        {"src/shop/net/client.py": f"import sys\nfrom shop import x\n{PARSE}\n# comment\n\n{FETCH}"},
        ["high: move shop.web to shop.net.client"],
    ),
    "module split": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}\n\n{STORE}"},
        {"src/shop/client.py": FETCH, "src/shop/rows.py": f"{PARSE}\n\n{STORE}"},
        ["high: move shop.web to shop.rows, shop.client"],
    ),
    "module deleted": (
        {"src/shop/web.py": FETCH, "src/shop/rows.py": PARSE},
        {"src/shop/rows.py": PARSE},
        ["high: delete shop.web"],
    ),
    "modules merged": (
        {"src/shop/web.py": FETCH, "src/shop/rows.py": PARSE + "\n\n" + STORE},
        {"src/shop/all.py": f"{FETCH}\n\n{PARSE}\n\n{STORE}"},
        ["high: move shop.rows to shop.all", "high: move shop.web to shop.all"],
    ),
    "package moved as a whole": (
        {"src/shop/old/__init__.py": "", "src/shop/old/web.py": FETCH, "src/shop/old/rows.py": PARSE},
        {"src/shop/new/__init__.py": "", "src/shop/new/web.py": FETCH, "src/shop/new/rows.py": PARSE},
        ["high: move shop.old to shop.new"],
    ),
    "package deleted, one module of it moved": (
        {"src/shop/old/__init__.py": "", "src/shop/old/web.py": FETCH, "src/shop/old/rows.py": PARSE},
        {"src/shop/web.py": FETCH},
        ["high: delete shop.old", "high: move shop.old.web to shop.web"],
    ),
    "package became a module": (
        {"src/shop/net/__init__.py": "", "src/shop/net/web.py": f"{FETCH}\n\n{PARSE}"},
        {"src/shop/net.py": f"{FETCH}\n\n{PARSE}"},
        ["high: move shop.net.web to shop.net", "high: delete below shop.net"],
    ),
    "module became a package that gives its names": (
        {"src/shop/net.py": f"{FETCH}\n\n{PARSE}"},
        {
            "src/shop/net/__init__.py": "from shop.net.web import fetch, parse\n",
            "src/shop/net/web.py": f"{FETCH}\n\n{PARSE}",
        },
        ["low: move shop.net to shop.net.web"],
    ),
    "module became a package that gives one name less": (
        {"src/shop/net.py": f"{FETCH}\n\n{PARSE}\n\n{STORE}"},
        {"src/shop/net/__init__.py": f"{FETCH}\n\n{STORE}", "src/shop/net/web.py": PARSE},
        ["high: move shop.net to shop.net.web: parse"],
    ),
    "name moved between modules that stay": (
        {
            "src/shop/web.py": f"{FETCH}\n\n{PARSE}",
            "src/shop/rows.py": "",
            "src/main.py": "from shop.web import parse\n",
        },
        {"src/shop/web.py": FETCH, "src/shop/rows.py": PARSE, "src/main.py": ""},
        ["high: move shop.web to shop.rows: parse"],
    ),
    "name that is exported is removed": (
        {"src/shop/web.py": f'__all__ = ["fetch", "parse"]\n{FETCH}\n\n{PARSE}'},
        {"src/shop/web.py": f'__all__ = ["fetch"]\n{FETCH}'},
        ["high: remove shop.web: parse"],
    ),
    "name that is not exported is noise": (
        {"src/shop/web.py": f'__all__ = ["fetch"]\n{FETCH}\n\n{PARSE}'},
        {"src/shop/web.py": f'__all__ = ["fetch"]\n{FETCH}'},
        [],
    ),
    "name of a module without a list of exports": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}\nlogger = 1\n"},
        {"src/shop/web.py": FETCH},
        ["medium: remove shop.web: parse"],
    ),
    "name that only became private is noise": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE.replace('parse', '_parse')}", "src/main.py": ""},
        [],
    ),
    "name renamed": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE.replace('parse', 'read_rows')}", "src/main.py": ""},
        ["high: remove shop.web: parse", "high: keep shop.web: read_rows"],
    ),
    "name that a star import gives is there": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {
            "src/shop/web.py": f"from shop.rows import *\n{FETCH}",
            "src/shop/rows.py": PARSE,
            "src/main.py": "",
        },
        ["low: move shop.web to shop.rows: parse"],
    ),
    "module that may give any name": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {"src/shop/web.py": f"{FETCH}\n\n\ndef __getattr__(name): ...\n", "src/main.py": ""},
        [],
    ),
    "module that answers by a class of its own": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {
            "src/shop/web.py": f"{FETCH}\nimport sys\nsys.modules[__name__].__class__ = Module\n",
            "src/main.py": "",
        },
        [],
    ),
    "module that sets names of its own": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}", "src/main.py": "from shop.web import parse\n"},
        {
            "src/shop/web.py": FETCH + ADD,
            "src/main.py": "",
        },
        [],
    ),
    "twins: two modules are as good a home": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}"},
        {"src/shop/one.py": f"{FETCH}\n\n{PARSE}", "src/shop/two.py": f"{FETCH}\n\n{PARSE}"},
        ["high: delete shop.web", "low: move shop.web to shop.one"],
    ),
    "shim left behind": (
        {"src/shop/web.py": f"{FETCH}\n\n{PARSE}"},
        {
            "src/shop/web.py": "from shop.client import *\nfrom shop.client import fetch, parse\n",
            "src/shop/client.py": f"{FETCH}\n\n{PARSE}",
        },
        ["low: move shop.web to shop.client"],
    ),
    "module that was rewritten, beside others that moved": (
        {
            "src/shop/old/__init__.py": "",
            "src/shop/old/kept.py": "K = 1\n",
            "src/shop/old/a.py": FETCH,
            "src/shop/old/b.py": PARSE,
            "src/shop/old/c.py": STORE,
            "src/shop/old/d.py": TAX,
        },
        {
            "src/shop/old/__init__.py": "",
            "src/shop/old/kept.py": "K = 1\n",
            "src/shop/new/__init__.py": "",
            "src/shop/new/a.py": FETCH,
            "src/shop/new/b.py": PARSE,
            "src/shop/new/c.py": STORE,
            "src/shop/new/d.py": "class Tax:\n    rates = 7, 19\n",
        },
        [
            "high: move shop.old.a to shop.new.a",
            "high: move shop.old.b to shop.new.b",
            "high: move shop.old.c to shop.new.c",
            "medium: move shop.old.d to shop.new.d",
        ],
    ),
    "module that was rewritten under a longer name": (
        {"src/shop/web_client.py": f"{FETCH}\n\n{STORE}\n\n{TAX}\n"},
        {"src/shop/web/client.py": f"{FETCH}\n\n{PARSE}\n\n{PARSE.replace('parse', 'other')}"},
        ["medium: move shop.web_client to shop.web.client"],
    ),
    "module that a build makes": (
        {"src/shop/web.py": FETCH, "src/shop/_version.py": 'version = "1"\n'},
        {"src/shop/web.py": FETCH},
        ["low: delete shop._version"],
    ),
    "module that is an extension now": (
        {"src/shop/web.py": FETCH, "src/shop/fast.py": PARSE},
        {"src/shop/web.py": FETCH, "src/shop/fast.pyx": PARSE},
        ["low: delete shop.fast"],
    ),
    "module whose name its package binds to something else": (
        {"src/shop/web.py": FETCH, "src/shop/mock.py": "from unittest.mock import *\n"},
        {"src/shop/web.py": FETCH, "src/shop/__init__.py": "from unittest import mock\n"},
        ["low: delete shop.mock"],
    ),
    "module that its package still imports": (
        {"src/shop/web.py": FETCH, "src/shop/rows.py": PARSE, "src/shop/__init__.py": "from . import rows\n"},
        {"src/shop/web.py": FETCH, "src/shop/__init__.py": "from . import rows\n"},
        ["high: delete shop.rows"],
    ),
    "module of a build file in its folder": (
        {"src/shop/web.py": FETCH, "src/shop/core/__init__.py": "", "src/shop/core/_fast.py": PARSE},
        {
            "src/shop/web.py": FETCH,
            "src/shop/core/__init__.py": "",
            "src/shop/core/meson.build": "py.extension_module('_fast', 'fast.c')\n",
        },
        ["low: delete shop.core._fast"],
    ),
    "folder of a namespace package that still holds files": (
        {"src/shop/web.py": FETCH, "src/shop/demo/rows.py": PARSE, "src/shop/demo/build.toml": ""},
        {"src/shop/web.py": FETCH, "src/shop/demo/build.toml": ""},
        ["high: delete shop.demo.rows"],
    ),
    "star import gives public names only": (
        {"src/shop/web.py": f"{FETCH}\n\n{_PARSE}", "src/m.py": "from shop.web import _parse\n"},
        {"src/shop/web.py": f"from shop.rows import *\n{FETCH}", "src/shop/rows.py": _PARSE, "src/m.py": ""},
        ["high: move shop.web to shop.rows: _parse"],
    ),
    "copy of another project that is a dependency now": (
        {"src/shop/web.py": FETCH, "src/sixish.py": PARSE},
        {"src/shop/web.py": FETCH, "pyproject.toml": 'dependencies = ["sixish>=1"]'},
        ["medium: delete sixish"],
    ),
    "tests are no code of the plan, but tests of what is gone are named": (
        {
            "src/shop/web.py": FETCH,
            "src/shop/rows.py": PARSE,
            "tests/test_web.py": "from shop.web import fetch\n",
            "tests/test_rows.py": "from shop.rows import parse\n",
            "src/shop/tests/test_old.py": FETCH,
        },
        {"src/shop/rows.py": PARSE},
        ["high: delete shop.web", "medium: absent tests/test_web.py"],
    ),
    "constant that two modules happen to share": (
        {"src/shop/web.py": "SIZE = 1\n"},
        {"src/shop/rows.py": "SIZE = 1\n"},
        ["high: delete shop.web", "low: move shop.web to shop.rows"],
    ),
    "files of a package": (
        {"src/shop/web.py": FETCH, "src/shop/query.toml": "a = 1\n", "src/shop/kept.toml": "a = 2\n"},
        {"src/shop/web.py": FETCH, "src/shop/data/kept.toml": "a = 2\n"},
        ["medium: absent src/shop/query.toml"],
    ),
    "other import roots": (
        {"shop/__init__.py": "", "shop/web.py": FETCH, "shop/rows.py": PARSE},
        {"src/shop/__init__.py": "", "src/shop/client.py": FETCH, "src/shop/rows.py": PARSE},
        ["high: move shop.web to shop.client"],
    ),
    "nothing": ({"src/shop/web.py": FETCH}, {"src/shop/web.py": FETCH, "src/shop/rows.py": PARSE}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_entries_of_a_change(case: str, tmp_path: Path) -> None:
    old, new, entries = CASES[case]
    package = {} if case == "other import roots" else SHOP
    found = drafted(tmp_path, {**package, **old}, {**package, **new})
    assert [shown(entry) for entry in found.entries] == entries


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    old = {"src/shop/web.py": f'__all__ = ["fetch"]\n{FETCH}\n\n{PARSE}\n\n{STORE}\n_X = 1\n', **SHOP}
    new = {"src/shop/web.py": f'__all__ = ["fetch"]\n{FETCH}\n\n{STORE.replace("Store", "_Store")}', **SHOP}
    left = drafted(tmp_path, old, new).left_out
    assert (left.private, left.made_private, left.unexported) == (1, 1, 1)


def test_evidence_names_what_was_compared(tmp_path: Path) -> None:
    old = {"src/shop/web.py": f"{FETCH}\n\n{PARSE}\n\n{STORE}\nA = 1\n", **SHOP}
    new = {"src/shop/client.py": f"{FETCH}\n\n{PARSE}\n\n{STORE}", **SHOP}
    (entry,) = drafted(tmp_path, old, new).entries
    assert entry.evidence == (
        "3 of 4 definitions (98% of the code) are in shop.client",
        "not found again: A",
    )


def many(folder: Path) -> Draft:
    """A change of two packages: what is in `high` now imports what is in `low` now."""
    body = [FETCH.replace("fetch", f"fetch_{number}").replace("200", f"{number}") for number in range(7)]
    old = {f"src/shop/low/m{number}.py": body[number] for number in range(7)}
    old |= {f"src/shop/high/m{number}.py": PARSE.replace("parse", f"parse_{number}") for number in range(7)}
    new = {path.replace("/m", "/n"): text for path, text in old.items()}
    new = {path: f"from shop.low import n1\n{text}" if "high" in path else text for path, text in new.items()}
    packages = {"src/shop/__init__.py": "", "src/shop/low/__init__.py": "", "src/shop/high/__init__.py": ""}
    return drafted(folder, {**packages, **old}, {**packages, **new})


def test_a_wave_comes_after_those_that_it_needs(tmp_path: Path) -> None:
    waves = many(tmp_path).waves
    assert [(wave.title, wave.requires) for wave in waves] == [("shop.low", ()), ("shop.high", (0,))]
    assert all(entry.confidence is Confidence.HIGH for entry in waves[0].entries)


def test_guesses_are_comments_also_where_a_wave_holds_nothing_else(tmp_path: Path) -> None:
    both = f"{FETCH}\n\n{PARSE}"
    shim = "from shop.new.client import fetch, parse\n"
    old = {"src/shop/old/web.py": both, "src/shop/old/__init__.py": "", **SHOP}
    new = {**old, "src/shop/old/web.py": shim, "src/shop/new/client.py": both, "src/shop/new/__init__.py": ""}
    found = drafted(tmp_path, old, new)
    assert [shown(entry) for entry in found.entries] == ["low: move shop.old.web to shop.new.client"]
    text = manifest_text(found, "shop", "two trees", None)
    assert load_text(tmp_path / "cutover.toml", tmp_path, text.encode()).manifest.wave == []
    taken = re.sub(r"(?m)^#(?=[^ ])", "", text)
    (wave,) = load_text(tmp_path / "cutover.toml", tmp_path, taken.encode()).manifest.wave
    assert [(move.from_, move.to) for move in wave.move] == [("shop.old.web", "shop.new.client")]


def test_names_of_files_cannot_leave_their_strings_and_comments(tmp_path: Path) -> None:
    hostile = 'src/shop/a"\n[[wave]]\nid = "x" # \x1b[31m.toml'
    deep = "src/" + "a/" * 300
    quoted = 'src/shop/a" # [[wave]].toml'
    old = {hostile: "a = 1\n", quoted: "a = 1\n", "src/shop/web.py": FETCH, f"{deep}rows.py": PARSE, **SHOP}
    found = drafted(tmp_path, old, {"src/shop/web.py": FETCH, **SHOP})
    text = manifest_text(found, 'shop"\n', "a\n[[wave]]\x1b", None)
    plan = load_text(tmp_path / "cutover.toml", tmp_path, text.encode()).manifest
    assert [wave.absent[0].paths for wave in plan.wave] == [[quoted]]
    assert "\x1b" not in text


def test_the_work_grows_with_the_change_also_where_all_code_is_alike(tmp_path: Path) -> None:
    body = "".join(FETCH.replace("fetch", f"fetch_{number}") + "\n\n" for number in range(1500))
    found = drafted(tmp_path, {"src/shop/web.py": body, **SHOP}, {"src/shop/client.py": body, **SHOP})
    assert [shown(entry) for entry in found.entries] == ["high: move shop.web to shop.client"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00def",
        b"def (:\n" * 50,
        b"\0" * 100,
        ("(" * 5000).encode(),
        b"# coding: nonsense\nx = 1\n",
    ],
)
def test_damaged_files_are_no_crash(content: bytes, tmp_path: Path) -> None:
    old = {"src/shop/web.py": content, "src/shop/rows.py": PARSE, **SHOP}
    found = drafted(tmp_path, old, {"src/shop/rows.py": content, **SHOP})
    assert "high: delete shop.web" in [shown(entry) for entry in found.entries]
