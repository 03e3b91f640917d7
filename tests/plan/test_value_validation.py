"""Well-formed manifests whose names and numbers do not fit together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.value_validation import path_complaint, symbol_complaint

Problems = Callable[[str], list[str]]
Load = Callable[[str], LoadedPlan]
HEAD = '[plan]\nname = "x"\n[[wave]]\nid = "0"\n'
WAIVER = HEAD + '[[waiver]]\nrule = "CUT101"\npath = "a"\nreason = "b"\n'


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("[[wave.keep]]\nreason = 'r'\n", '5:1: wave.keep: keeps nothing: give "symbols" or "files"'),
        (
            "[[wave.keep]]\nmodule = 'a'\nfiles = ['b']\n",
            '6:10: wave.keep.module: a home without names: give "symbols"',
        ),
        (
            "[[wave.keep]]\nsymbols = ['a']\n",
            '6:11: wave.keep.symbols: names without their home: give "module"',
        ),
        ("[[wave.keep]]\nfiles = ['../a']\n", '6:10: wave.keep.files: "../a" leaves the root'),
        (
            "[[wave.remove]]\nmodule = 'a'\nsymbols = ['b', 'f()']\n",
            '7:17: wave.remove.symbols: "f()" is not a name; did you mean "f"?',
        ),
        (
            "[[wave.move]]\nfrom = 'a'\nto = 'b'\nsymbols = ['1']\n",
            '8:12: wave.move.symbols: "1" is not a name; expected a name of the module, or Class.member',
        ),
        (
            "[[wave.entrypoint]]\nmodule = 'a'\nnames = ['b-c']\n",
            '7:10: wave.entrypoint.names: "b-c" is not a name; '
            "expected a name of the module, or Class.member",
        ),
        (
            "[[wave.ceiling]]\npath = 'a'\n",
            '5:1: wave.ceiling: limits nothing: give "max_lines", "min_lines" or "max_definitions"',
        ),
        (
            "[[wave.ceiling]]\npath = 'a'\nmin_lines = 5\nmax_lines = 4\n",
            "7:13: wave.ceiling.min_lines: 5 is more than max_lines, 4",
        ),
        (
            "[[wave.ceiling]]\npath = 'a'\nmin_lines = 1\nmax_lines = 0\n",
            "7:13: wave.ceiling.min_lines: 1 is more than max_lines, 0",
        ),
        (
            "[[wave.shrink]]\npaths = ['a']\n",
            '5:1: wave.shrink: asks for nothing: give "at_least" or "at_most"',
        ),
        (
            "[[wave.shrink]]\npaths = ['a']\nat_least = 2\nat_most = 1\n",
            "7:12: wave.shrink.at_least: 2 is more than at_most, 1",
        ),
        (
            "[[wave.shrink]]\npaths = ['a', 'C:\\b']\nat_least = 2\n",
            '6:15: wave.shrink.paths: "C:\\b" is absolute; paths here are relative to the root',
        ),
        (
            "[[wave.align]]\nname = 'a'\nin = ['b', 'b']\n",
            "7:6: wave.align.in: one file only: a version is aligned between two or more",
        ),
        (
            "[[wave.align]]\nname = 'a'\nin = ['b', '/c']\n",
            '7:12: wave.align.in: "/c" is absolute; paths here are relative to the root',
        ),
        (
            "[[wave.align]]\nname = 'a'\nin = ['a.toml', 'b']\nnames = { 'a.tml' = 'c' }\n",
            '8:21: wave.align.names."a.tml": "a.tml" is not in "in"; did you mean "a.toml"?',
        ),
        (
            "[[wave.surface]]\nonly = 'a'\nbanned = ['b', 'a']\n",
            "7:16: wave.surface.banned: a is the one allowed module",
        ),
        (
            "[[wave.surface]]\nonly = 'a'\nbanned = ['b']\nallow = ['x/../..']\n",
            '8:10: wave.surface.allow: "x/../.." leaves the root',
        ),
        (
            "[[wave.absent]]\npaths = ['~/a']\n",
            '6:10: wave.absent.paths: "~/a" is absolute; paths here are relative to the root',
        ),
        (
            "[[wave.benchmark]]\nresult = 'a'\nbaseline = 'a'\n",
            "6:10: wave.benchmark.result: the result is its own baseline",
        ),
        (
            "[[wave.snapshot]]\nfile = 'a'\nof = 'x'\nprevious = 'a'\n",
            "8:12: wave.snapshot.previous: the snapshot is its own predecessor",
        ),
        (
            "[[wave.quality]]\ncommands = ['a']\n"
            "decision = { question = 'q', options = ['keep', 'drop'], chosen = 'dropp' }\n",
            '7:67: wave.quality.decision.chosen: "dropp" is none of the options; did you mean "drop"?',
        ),
        (
            "[[wave.delete]]\nmodule = 'a'\n[[wave]]\nid = '1'\n"
            "[[wave.delete]]\nmodule = 'a'\nsubmodules_only = true\n",
            "10:10: wave.delete.module: a is deleted already, in line 5",
        ),
    ],
)
def test_gates(problems: Problems, gate: str, expected: str) -> None:
    assert problems(HEAD + gate) == [expected]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ('source = ["src", "../lib"]', '3:18: plan.source: "../lib" leaves the root'),
        ('check = ["/src"]', '3:10: plan.check: "/src" is absolute; paths here are relative to the root'),
        ('exclude = ["a\\\\b"]', '3:12: plan.exclude: "a\\b" has a backslash; write / between folders'),
        (
            'exclude = ["a\\u0000b"]',
            '3:12: plan.exclude: "a\\u0000b" holds a character that no path should have',
        ),
    ],
)
def test_paths_of_the_plan(problems: Problems, key: str, expected: str) -> None:
    assert problems(f'[plan]\nname = "x"\n{key}\n') == [expected]


@pytest.mark.parametrize(
    "path", [".", "src", "./a", "a/../b", "**/*.py", "a b/ä", "!a", "[ab]/?.py", "a/...", "~a"]
)
def test_good_paths(path: str) -> None:
    assert path_complaint(path) is None


@pytest.mark.parametrize(
    "path", ["/", "..", "a/../..", "a//../..", "./..", "~/a", "c:/a", "\\\\host\\a", "a\tb"]
)
def test_bad_paths(path: str) -> None:
    assert path_complaint(path)


@pytest.mark.parametrize("name", ["f", "_F", "Class.member", "__all__", "größe"])
def test_good_symbols(name: str) -> None:
    assert symbol_complaint(name) is None


@pytest.mark.parametrize("name", ["f()", "a.b.c", ".f", "f.", "a b", "a-b", "1a", "f(x)", " f", "*"])
def test_bad_symbols(name: str) -> None:
    assert symbol_complaint(name)


@pytest.mark.parametrize("until", ['"wave 0"', '"2031-02-28"', "2031-02-28"])
def test_ends_of_a_waiver(load: Load, until: str) -> None:
    plan = load(WAIVER + f"until = {until}\n")
    assert plan.manifest.waiver[0].until == until.strip('"')


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("wave 1", 'no wave "1"; the waves are "0"'),
        ("wave", 'expected "wave ID" or a date such as 2030-12-31, got "wave"'),
        ("Wave 0", 'expected "wave ID" or a date such as 2030-12-31, got "Wave 0"'),
        ("0", 'expected "wave ID" or a date such as 2030-12-31, got "0"'),
        ("2031-02-29", '"2031-02-29" is no day of the calendar'),
        ("31.12.2031", 'expected "wave ID" or a date such as 2030-12-31, got "31.12.2031"'),
        ("20311231", 'expected "wave ID" or a date such as 2030-12-31, got "20311231"'),
    ],
)
def test_wrong_ends_of_a_waiver(problems: Problems, until: str, expected: str) -> None:
    assert problems(WAIVER + f'until = "{until}"\n') == [f"9:9: waiver.until: {expected}"]


def test_a_waiver_names_the_nearest_wave(problems: Problems) -> None:
    text = WAIVER.replace('id = "0"', 'id = "delete-dead-paths"') + 'until = "wave delete-dead-path"\n'
    (found,) = problems(text)
    assert found.endswith('no wave "delete-dead-path"; did you mean "delete-dead-paths"?')


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            'rule = "CUT101"\npath = "a"\nreason = "b"',
            '4:8: plan.ignore.rule: expected "CUT105" or "dangling-import", got "CUT101"',
        ),
        (
            'rule = "CUT105"\npath = "../a"\nreason = "b"',
            '5:8: plan.ignore.path: "../a" leaves the root',
        ),
        ('rule = "CUT105"\npath = "a"\nreason = "-"', '6:10: plan.ignore.reason: "-" is no reason'),
        ('rule = "CUT105"\npath = "a"', '3:1: plan.ignore: missing key "reason"'),
    ],
)
def test_ignored_paths(problems: Problems, entry: str, expected: str) -> None:
    manifest = f'[plan]\nname = "x"\n[[plan.ignore]]\n{entry}\n[[wave]]\nid = "0"\n'
    assert problems(manifest) == [expected]
