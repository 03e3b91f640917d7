"""The languages of files, and what their lines say."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcut.source.facts import Span
from hardcut.source.textfiles import BLOCK, LIMIT, LONG_LINE, language_of, text_facts

WORDS = frozenset({"old", "pkg.old", "gone_name"})


@pytest.mark.parametrize(
    ("language", "paths"),
    [
        ("python", "a.py a/b.pyi A.PY dockerfile.py requirements.py x.pyw"),
        ("notebook", "a.ipynb"),
        ("toml", "pyproject.toml Pipfile a/b.toml"),
        ("yaml", "a.yml a.yaml .github/workflows/ci.yml .pre-commit-config.yaml"),
        ("ini", "setup.cfg tox.ini a.conf .flake8 .importlinter .coveragerc .pylintrc"),
        ("json", "a.json a.jsonc"),
        ("markdown", "README.md a.markdown Dockerfile.md README.MD notes-lock.md"),
        ("rst", "a.rst"),
        ("text", "a.txt Procfile MANIFEST.in"),
        ("dockerfile", "Dockerfile a/Dockerfile.dev Dockerfile-prod x.dockerfile Containerfile"),
        ("shell", "a.sh a.bash a.zsh"),
        ("rust", "src/lib.rs"),
        ("make", "Makefile rules.mk justfile GNUmakefile"),
        ("ci", ".gitlab-ci.yml Jenkinsfile"),
        ("codeowners", "CODEOWNERS .github/CODEOWNERS"),
        (
            "requirements",
            "requirements.txt requirements-dev.txt dev-requirements.in requirements/base.txt constraints.txt",
        ),
        ("cython", "a.pyx a.pxd"),
        (
            None,
            "a.png a uv.lock poetry.lock Cargo.lock package-lock.json pnpm-lock.yaml pylock.toml"
            " pylock.dev.toml .py yarn.lock npm-shrinkwrap.json .gitignore LICENSE a.in dockerfile_x.bin",
        ),
    ],
)
def test_languages_by_name(language: str | None, paths: str) -> None:
    assert {path: language_of(path) for path in paths.split()} == dict.fromkeys(paths.split(), language)


@pytest.mark.parametrize(
    ("head", "language"),
    [
        (b"#!/bin/sh\n", "shell"),
        (b"#!/usr/bin/env bash\n", "shell"),
        (b"#! /usr/bin/env -S FOO=1 zsh -e\n", "shell"),
        (b"#!/usr/bin/python3.11 -I\n", "python"),
        (b"#!/usr/bin/env -S uv run --script\n", "python"),
        (b"#!/usr/bin/perl\n", None),
        (b"#!\n", None),
        (b"#!/usr/bin/env", None),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_scripts_without_a_suffix_by_their_first_line(head: bytes, language: str | None) -> None:
    assert language_of("bin/tool", head) == language
    assert language_of("bin/tool.bin", head) is None
    assert language_of(".tool", head) is None


def roles(text: str, language: str, path: str = "a") -> dict[int, str]:
    found, problems = text_facts(path, text, language, WORDS)
    assert problems == []
    lines = text.split("\n")
    for fact in found:
        line = lines[fact.span.line - 1]
        assert (fact.kind, fact.text, fact.span) == (
            "text",
            line,
            Span(fact.span.line, 1, fact.span.line, len(line) + 1),
        )
    return {fact.span.line: fact.role for fact in found}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("old", True),
        ("x.old.y", True),
        ("'pkg:old'", True),
        ("-old-", True),
        ("öold", True),
        ("older", False),
        ("_old", False),
        ("old2", False),
        ("Old", False),
        ("gone_name_2", False),
        ("xpkg.old", True),
        ("pkg.older", False),
    ],
)
def test_words_count_whole(line: str, found: bool) -> None:
    assert bool(roles(line, "text")) is found


def test_each_line_once_with_its_number() -> None:
    text = "\nold pkg.old old\n\nx\r\nold\rold\n"
    found, _ = text_facts("a", text, "text", WORDS)
    assert [(fact.span.line, fact.text) for fact in found] == [(2, "old pkg.old old"), (5, "old"), (6, "old")]


def test_no_words_no_facts() -> None:
    assert text_facts("a", "old", "text", frozenset()) == ([], [])
    assert text_facts("a", "old", "text", frozenset({""})) == ([], [])


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "shell",
            "#!/old\nold # old\n  # old\necho '# old'\necho \"#\" # old\nx#old\n",
            "comment code comment code comment code",
        ),
        ("make", "old:\n# old\n\told # x\n", "code comment code"),
        ("dockerfile", "# old\nRUN old # old\n", "comment code"),
        ("requirements", "old==1  # x\n# old\nx  # old\n", "value comment comment"),
        ("codeowners", "# old\nsrc/old @me\n", "comment value"),
        ("cython", "from pkg.old import x\n# old\n", "code comment"),
        (
            "rust",
            '// old\n/// old\nlet a = "// old";\n/* x\nold */ old\n'
            'import("old") // x\nlet c = \'"\'; // old\n"a\n// old"\n',
            "comment comment code code code comment code",
        ),
        ("ci", '// old\nimport old\n/* old\nold */\n"//" + old\n', "comment code comment comment code"),
        ("text", "old\n# old\n", "prose prose"),
        ("ini", "# old\n; old\n[old]\nold = 1\nx = old ; y\n", "comment comment value key value"),
        ("json", '{"old": 1,\n"a": "old",\n// old\n"x": ["old"], "old" : 1}', "key value comment value"),
        (
            "yaml",
            "# old\nold: 1\na: old # x\nb: x # old\nc: '# old'\n- old\n- old: 1\nd: don't # old\n",
            "comment key value comment value value key comment",
        ),
        (
            "toml",
            '# old\nold = 1\na = "old # x"\nb = 1 # old\nc = """\n# old\n"""\nd = \'#\' # old\n[old]\n',
            "comment key value comment value comment value",
        ),
        (
            "markdown",
            "old\n```sh\nold\n~~~\n````\nold\n> ~~~\n> old\n> ~~~\n<!-- old\nold -->\n"
            "- ```\n  old\n  ```\n    old\n```\nold",
            "prose code prose code comment comment code prose code",
        ),
        ("markdown", "<!-- old\n", "prose"),
        ("markdown", "```a`b\nold\n", "prose"),
        (
            "rst",
            "old::\n\n  old\n\nold\n\n.. old\n   old\n\nold\n\n"
            ".. code-block:: python\n\n   old\n.. note:: old\n   old\n.. _old: x\n",
            "prose code prose comment comment prose code prose prose",
        ),
    ],
)
def test_roles(language: str, text: str, expected: str) -> None:
    assert " ".join(roles(text, language).values()) == expected


def test_the_ci_file_of_gitlab_is_yaml() -> None:
    assert roles("a: '//' # old\nold: 1\n", "ci", ".gitlab-ci.yml") == {1: "comment", 2: "key"}
    assert roles("a // old\n", "ci", "sub/Jenkinsfile") == {1: "comment"}


LOGGERS = {
    "ini": """\
[loggers]
keys=root,old
[logger_pkg.old]
qualname=pkg.old
level=INFO
class=pkg.old.Handler
[handlers]
keys=old
""",
    "yaml": """\
logging:
  loggers:
    # old
    pkg.old:
      class: pkg.old.Handler
      old: 1
    "pkg.old.x": {level: INFO, x: old}
    gone_name: # old
  root: old
  pkg.old: 1
loggers: {pkg.old: {level: old}}
- loggers:
    old: 1
    x: old
x_loggers:
  old: 1
""",
    "json": """\
{"loggers": {
  "pkg.old": {
    "class": "pkg.old.Handler"},
  "x": {"old": 1},
  "old": {}},
 "old": 1,
 "loggers": "old"}
""",
    "toml": """\
[logging.loggers."pkg.old"]
handlers = ["old"]
[a.loggers]
"pkg.old" = { old = 1 }
x = "old"
[b]
loggers."old".level = "old"
loggers = { "old" = { x = 1 } }
x.loggers = { y = "old" }
my-loggers."old".x = 1
[c.my-loggers.old]
old = 1
""",
}
EXPECTED = {
    "ini": {2: "logger", 3: "logger", 4: "logger", 6: "value", 8: "value"},
    "yaml": {
        3: "comment",
        4: "logger",
        5: "value",
        6: "key",
        7: "value",
        8: "logger",
        9: "value",
        10: "key",
        11: "value",
        13: "logger",
        14: "value",
        16: "key",
    },
    "json": {2: "logger", 3: "value", 4: "key", 5: "logger", 6: "key", 7: "value"},
    "toml": {
        1: "logger",
        2: "value",
        4: "value",
        5: "value",
        7: "value",
        8: "logger",
        9: "value",
        10: "key",
        11: "value",
        12: "key",
    },
}


@pytest.mark.parametrize("language", sorted(LOGGERS))
def test_provable_names_of_loggers(language: str) -> None:
    assert roles(LOGGERS[language], language) == EXPECTED[language]


def test_a_long_line_is_cut_around_its_words() -> None:
    gap = "x" * (LONG_LINE // 2)
    line = f"{gap} old and old {gap} gone_name {gap}"
    text = f"a\n{line}\nold"
    found, _ = text_facts("a", text, "text", WORDS)
    assert [fact.span.line for fact in found] == [2, 2, 3]
    for fact in found[:2]:
        assert fact.text == line[fact.span.column - 1 : fact.span.end_column - 1]
        assert len(fact.text) < 500
    assert found[0].text.count("old") == 2
    assert "gone_name" in found[1].text


def test_a_large_text_is_not_read() -> None:
    found, problems = text_facts("a", "old\n" * (LIMIT // 4 + 1), "text", WORDS)
    assert (found, len(problems)) == ([], 1)
    assert "larger" in problems[0].why


@pytest.mark.parametrize("before", [BLOCK - 2, BLOCK - 1, BLOCK, 2 * BLOCK - 4])
def test_words_across_blocks_are_found_once(before: int) -> None:
    found, _ = text_facts("a", "." * before + "pkg.old\n.pkg.old", "text", frozenset({"pkg.old"}))
    assert [(fact.span.line, fact.text[-7:]) for fact in found] == [(1, "pkg.old"), (2, "pkg.old")]


def test_words_before_a_block_are_not_taken_for_words_of_its_first_line() -> None:
    text = "\n" * (BLOCK - 8) + "old\n#old\n"
    found, _ = text_facts("a", text, "shell", frozenset({"old", "longer_name"}))
    assert [fact.role for fact in found] == ["code", "comment"]


HOSTILE = {
    "yaml": ["loggers:\n", "loggers: {", "'old: ", "old # ", "- loggers:\n  ", 'a: "', " "],
    "json": ['{"loggers":', '"old":', '"\\', "// old\n", "/*", "["],
    "toml": ["[loggers]\n", "loggers = {", "a.", '"""', "[[", "'", 'loggers."old" = {'],
    "ini": ["[logger_a]\n", "[", "old", "keys=", "'"],
    "markdown": ["```\n", "<!-- ", "~~~ old\n", "> ", "- ", "`"],
    "rst": ["..\n", ".. old\n", "old::\n", " ::", "  .. a::\n", "::    "],
    "rust": ["/*", '"', "'", "// old\n", "\\"],
    "shell": ['"\\', "'", "# old\n", " #"],
}


@pytest.mark.parametrize(
    ("language", "part"), [(language, part) for language, parts in HOSTILE.items() for part in parts]
)
def test_hostile_texts_take_linear_time(language: str, part: str) -> None:
    text = "old logger\n" + part * (400_000 // len(part)) + "\nold logger\n"
    started = time.perf_counter()
    text_facts("a", text, language, WORDS)
    assert time.perf_counter() - started < 4


def test_many_words_in_a_large_text_are_quick() -> None:
    words = frozenset(f"name_{number}" for number in range(300))
    text = "".join(f"key_{number}: some value {number}  # name_{number}\n" for number in range(25_000))
    text_facts("a", "x", "yaml", words)
    started = time.perf_counter()
    found, _ = text_facts("a", text, "yaml", words)
    assert time.perf_counter() - started < 1
    assert len(found) == 300


texts = st.lists(
    st.sampled_from(
        [
            "old",
            "pkg",
            ".",
            "gone_name",
            "\n",
            "\r",
            " ",
            "#",
            "loggers:",
            "{",
            "}",
            '"',
            "'",
            "```",
            "é",
            "_",
            ":",
            "=",
        ]
    ),
    max_size=40,
).map("".join)


@given(texts, st.sampled_from([*HOSTILE, "make", "text", "dockerfile", "python", "ci"]))
def test_lines_are_those_of_a_naive_search(text: str, language: str) -> None:
    found, problems = text_facts("a", text, language, WORDS)
    plain = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    pattern = re.compile(r"(?<![A-Za-z0-9_])(?:old|pkg\.old|gone_name)(?![A-Za-z0-9_])")
    assert problems == []
    assert [(fact.span.line, fact.text) for fact in found] == [
        (number, line) for number, line in enumerate(plain, 1) if pattern.search(line)
    ]
    assert {fact.role for fact in found} <= {"comment", "logger", "prose", "code", "key", "value"}
