"""The languages of files, and what their lines say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcut.source.facts import Span
from hardcut.source.textfiles import BLOCK, LIMIT, LONG_LINE, language_of, text_facts
from tests.limits import within

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
    with within(10):
        text_facts("a", text, language, WORDS)


def test_many_words_in_a_large_text_are_quick() -> None:
    words = frozenset(f"name_{number}" for number in range(300))
    text = "".join(f"key_{number}: some value {number}  # name_{number}\n" for number in range(25_000))
    text_facts("a", "x", "yaml", words)
    with within(5):
        found, _ = text_facts("a", text, "yaml", words)
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
