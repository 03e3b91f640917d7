"""Every wrong key and type of a file is said at once, at its place, in words that help."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardcut.plan.type_validation import MOST

Problems = Callable[[str], list[str]]
HEAD = '[plan]\nname = "x"\n'
WAVE = HEAD + '[[wave]]\nid = "0"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '1:1: missing key "plan"'),
        ("[plan]\n", '1:1: plan: missing key "name"'),
        ("plan = 3\n", "1:8: plan: expected a table, got an integer"),
        ('[[plan]]\nname = "x"\n', "1:1: plan: expected a table, got an array"),
        ("[plan]\nname = 3\n", "2:8: plan.name: expected a string, got an integer"),
        ('plan.name = ""\n', "1:13: plan.name: is blank"),
        ('plan = { name = " \\t" }\n', "1:17: plan.name: is blank"),
        (HEAD + "wav = []\n", '3:1: plan: unknown key "wav"'),
        ("wav = []\n" + HEAD, '1:1: unknown key "wav"; did you mean "wave"?'),
        (HEAD + "Exclude = []\n", '3:1: plan: unknown key "Exclude"; did you mean "exclude"?'),
        (
            HEAD + 'source = "src"\n',
            "3:10: plan.source: expected an array of strings, got a string; put it in brackets",
        ),
        (HEAD + 'source = ["a",\n  7]\n', "4:3: plan.source: expected a string, got an integer"),
        (HEAD + "source = 2031-01-01\n", "3:10: plan.source: expected an array of strings, got a date"),
        (
            HEAD + 'text_references = "warn"\n',
            '3:19: plan.text_references: expected "error", "off" or "warning", got "warn"; '
            'did you mean "warning"?',
        ),
        (
            HEAD + "text_references = true\n",
            '3:19: plan.text_references: expected "error", "off" or "warning", got a boolean',
        ),
        (HEAD + "[[waves]]\n", '3:3: unknown key "waves"; did you mean "wave"?'),
        (
            HEAD + "[wave]\nid = '0'\n",
            "3:1: wave: expected an array of tables, got a table; write [[wave]] for each",
        ),
        (HEAD + "[[wave]]\n", '3:1: wave: missing key "id"'),
        (HEAD + "[[wave]]\nid = 0\n", "4:6: wave.id: expected a string, got an integer"),
        (
            WAVE + 'state = "done"\n',
            '5:9: wave.state: expected "active", "landed" or "planned", got "done"',
        ),
        (WAVE + "[[wave.delte]]\n", '5:8: wave: unknown key "delte"; did you mean "delete"?'),
        (WAVE + "[[wave.fail-fast]]\n", '5:8: wave: unknown key "fail-fast"; did you mean "fail_fast"?'),
        (HEAD + "[[delete]]\n", '3:3: unknown key "delete"; a gate belongs to a wave: write [[wave.delete]]'),
        (
            WAVE + "[[wave.waiver]]\n",
            '5:8: wave: unknown key "waiver"; it belongs to no wave: write [[waiver]]',
        ),
        (WAVE + "[[wave.delete]]\n", '5:1: wave.delete: missing key "module"'),
        (
            WAVE + "[[wave.delete]]\nmodul = 'a'\n",
            '6:1: wave.delete: unknown key "modul"; did you mean "module"?',
        ),
        (
            WAVE + "[[wave.delete]]\nmodule = 'a'\nsubmodules_only = 'yes'\n",
            "7:19: wave.delete.submodules_only: expected true or false, got a string",
        ),
        (
            WAVE + "[wave.delete]\nmodule = 'a'\n",
            "5:1: wave.delete: expected an array of tables, got a table; write [[wave.delete]] for each",
        ),
        (WAVE + "delete = ['a']\n", "5:11: wave.delete: expected a table, got a string"),
        (
            HEAD
            + 'source = ["lib/py"]\n[[wave]]\nid = "0"\n[[wave.delete]]\nmodule = "lib/py/shop/old.py"\n',
            '7:10: wave.delete.module: expected a dotted Python name such as "package.module", '
            'got "lib/py/shop/old.py"; did you mean "shop.old"?',
        ),
        (
            WAVE + "[[wave.delete]]\nmodule = '.\\src\\shop\\old\\__init__.py'\n",
            '6:10: wave.delete.module: expected a dotted Python name such as "package.module", '
            'got ".\\src\\shop\\old\\__init__.py"; did you mean "shop.old"?',
        ),
        (
            WAVE + "[[wave.delete]]\nmodule = 'src/shop/old.py'\n",
            '6:10: wave.delete.module: expected a dotted Python name such as "package.module", '
            'got "src/shop/old.py"; did you mean "shop.old"?',
        ),
        (
            WAVE + '[[wave.delete]]\nmodule = "a.b\\n"\n',
            '6:10: wave.delete.module: expected a dotted Python name such as "package.module", '
            'got "a.b\\u000a"; did you mean "a.b"?',
        ),
        (
            WAVE + '[[wave.delete]]\nmodule = "a..b"\n',
            '6:10: wave.delete.module: expected a dotted Python name such as "package.module", got "a..b"',
        ),
        (
            WAVE + f"[[wave.delete]]\nmodule = '{'a.' * 250}bc'\n",
            "6:10: wave.delete.module: longer than 500 characters",
        ),
        (
            WAVE + "[[wave.move]]\nfrom = 'a'\nto = 3\n",
            "7:6: wave.move.to: expected a string or an array of strings, got an integer",
        ),
        (
            WAVE + "[[wave.move]]\nfrom = 'a'\nto = ['b', 3]\n",
            "7:12: wave.move.to: expected a string, got an integer",
        ),
        (WAVE + "[[wave.move]]\nfrom = 'a'\nto = []\n", "7:6: wave.move.to: expected at least one entry"),
        (
            WAVE + "[[wave.align]]\nname = 'a'\nin = ['b']\n",
            "7:6: wave.align.in: expected at least 2 entries",
        ),
        (
            WAVE + "[[wave.align]]\nname = 'a'\nin = ['b', 'c']\n[wave.align.names]\n'b' = 3\n",
            "9:7: wave.align.names.b: expected a string, got an integer",
        ),
        (
            WAVE + "[[wave.align]]\nname = 'a'\nin = ['b/c.toml', 'c']\nnames = { 'b/c.toml' = '' }\n",
            '8:24: wave.align.names."b/c.toml": is blank',
        ),
        (
            WAVE + "[[wave.ceiling]]\npath = 'a'\nmax_lines = -1\n",
            "7:13: wave.ceiling.max_lines: expected a number of at least 0",
        ),
        (
            WAVE + "[[wave.ceiling]]\npath = 'a'\nmax_lines = true\n",
            "7:13: wave.ceiling.max_lines: expected an integer, got a boolean",
        ),
        (
            WAVE + "[[wave.ceiling]]\npath = 'a'\nmax_lines = 1e3\n",
            "7:13: wave.ceiling.max_lines: expected an integer, got a float",
        ),
        (
            WAVE + f"[[wave.ceiling]]\npath = 'a'\nmax_lines = {'9' * 4000}\n",
            "7:13: wave.ceiling.max_lines: a number that is too large",
        ),
        (
            WAVE + "[[wave.benchmark]]\nresult = 'a'\nbaseline = 'b'\ntolerance = '5'\n",
            '8:13: wave.benchmark.tolerance: expected a percentage such as "5%", got "5"',
        ),
        (
            WAVE + "[[wave.delete]]\nmodule = 'a'\ndecision = { chosen = 'b', 'quest ion' = 'c' }\n",
            '7:28: wave.delete.decision: unknown key "quest ion"; did you mean "question"?',
        ),
        (
            HEAD + "[[waiver]]\nrule = 'a'\npath = 'b'\nreason = 'c'\nuntil = 2031-01-01T00:00:00\n",
            "7:9: waiver.until: expected a string, got a date-time",
        ),
        (HEAD + '"a\\nb" = 1\n', '3:1: plan: unknown key "a\\u000ab"'),
        (HEAD + f"{'k' * 3000} = 1\n", f'3:1: plan: unknown key "{"k" * 77}..."'),
    ],
)
def test_one_problem(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [expected]


def test_all_problems_of_a_file_at_once(problems: Problems) -> None:
    """Wrong keys and types, and what does not fit together in all the rest."""
    text = """\
[plan]
nam = "x"
text_references = "none"

[[wave]]
id = "0"
state = "landed"
requires = ["1", "7"]

[[wave.delete]]
reason = " "

[[wave.delete]]
module = "a"

[[wave.delete]]
module = "a"

[[wave.remove]]
module = "b"
symbols = ["f", 3, "g()"]

[[wave]]
id = "1"

[[wave.ceiling]]
path = "/c"
max_lines = "many"

[[wave.ceiling]]
path = "d"

[[waiver]]
rule = "r"
"""
    assert problems(text) == [
        '2:1: plan: unknown key "nam"; did you mean "name"?',
        '3:19: plan.text_references: expected "error", "off" or "warning", got "none"',
        '7:9: wave.state: wave "0" is landed, but requires wave "1", which is planned (line 23)',
        '8:18: wave.requires: no wave "7"; the waves are "0" and "1"',
        '10:1: wave.delete: missing key "module"',
        "11:10: wave.delete.reason: is blank",
        "17:10: wave.delete.module: a is deleted already, in line 13",
        "21:17: wave.remove.symbols: expected a string, got an integer",
        '21:20: wave.remove.symbols: "g()" is not a name; did you mean "g"?',
        '27:8: wave.ceiling.path: "/c" is absolute; paths here are relative to the root',
        "28:13: wave.ceiling.max_lines: expected an integer, got a string",
        '30:1: wave.ceiling: limits nothing: give "max_lines", "min_lines" or "max_definitions"',
        '33:1: waiver: missing key "path"',
        '33:1: waiver: missing key "reason"',
        '33:1: waiver: missing key "until"',
    ]


def test_a_wave_without_a_name_hides_what_names_it_may_have(problems: Problems) -> None:
    text = HEAD + '[[wave]]\nid = 1\n[[wave]]\nid = "2"\nrequires = ["1"]\n'
    assert problems(text) == ["4:6: wave.id: expected a string, got an integer"]


def test_more_problems_than_anyone_reads(problems: Problems) -> None:
    found = problems(HEAD + "source = [" + "1, " * 5000 + "]\n")
    assert len(found) == MOST + 1
    assert found[0] == "3:11: plan.source: expected a string, got an integer"
    assert found[-1].endswith(f"plan.source: more than {MOST} problems; the rest are not listed")


def test_a_message_is_one_line_of_what_can_be_printed(problems: Problems) -> None:
    (found,) = problems(HEAD + '"\\u001b[31m\\u202e\\u0085" = 1\n')
    assert found == '3:1: plan: unknown key "\\u001b[31m\\u202e\\u0085"'
