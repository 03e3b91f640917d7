"""Globs, held against git itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import git
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.source.globs import Globs, globs
from tests.limits import within


@pytest.mark.parametrize(
    ("pattern", "covered", "free"),
    [
        ("*.md", ["a.md", "x/y/a.md", ".md"], ["a.mdx", "md"]),
        ("/*.md", ["a.md"], ["x/a.md"]),
        ("docs/", ["docs/a", "x/docs/a/b"], ["docs", "docs2/a"]),
        ("docs", ["docs", "docs/a", "x/docs"], ["docs2"]),
        ("docs/*", ["docs/a", "docs/a/b"], ["x/docs/a"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("docs/**/*.md", ["docs/a.md", "docs/x/y/a.md"], ["docs/a.txt", "a.md"]),
        ("**/b/c", ["b/c", "a/b/c", "a/b/c/d"], ["b/x/c"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c"], ["a/c", "b/c"]),
        ("***/a", ["a", "x/a"], ["b"]),
        ("a**b", ["ab", "axxb", "x/ab"], ["a/b"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("[a-c]x", ["ax", "cx"], ["dx"]),
        ("[!a-c]x", ["dx"], ["ax", "/x", "a/x"]),
        ("[]]x", ["]x"], ["x"]),
        ("[[:digit:]]x", ["1x"], ["ax"]),
        (r"\#a\*", ["#a*"], ["#ab"]),
        (r"\!a", ["!a"], ["a"]),
        ("a ", ["a"], ["a "]),
        ("a\\ ", ["a "], ["a"]),
        ("a\r\n", ["a"], []),
    ],
)
def test_one_pattern(pattern: str, covered: list[str], free: list[str]) -> None:
    found = Globs([pattern])
    assert [path for path in covered if not found.covers(path)] == []
    assert [path for path in free if found.covers(path)] == []


@pytest.mark.parametrize(
    "pattern", ["", "#a", "/", "//a", "//**", "[a", "a\\", "[z-a]", "[[:none:]]", "!a", "a" * 5000]
)
def test_patterns_that_match_nothing(pattern: str) -> None:
    assert not any(Globs([pattern]).covers(path) for path in ("a", "[a", "#a", "a\\", "a" * 5000))


def test_the_last_match_decides_but_never_inside_a_covered_folder() -> None:
    found = Globs(["*.md", "!keep.md", "/out/", "!/out/a"])
    assert [found.covers(path) for path in ("a.md", "x/keep.md", "out/a")] == [True, False, True]


def test_globs_are_made_once() -> None:
    assert globs(("a", "b")) is globs(("a", "b"))


@pytest.mark.parametrize("pattern", ["*" + "a*" * 40 + "b", "**/a/" * 40 + "b", "/".join(["*", "**"] * 40)])
def test_hostile_patterns_take_no_time(pattern: str) -> None:
    with within(10):
        for path in ("a" * 250, "a/" * 500 + "c", "a" * 250 + "/" + "a" * 250):
            Globs([pattern]).covers(path)


patterns = st.lists(
    st.sampled_from(["a", "b", "*", "**", "?", "/", "[ab]", "[!a]", "!", "a*", ".", " "]), max_size=6
).map("".join)
paths = st.lists(st.sampled_from(["a", "b", "ab", "ba", ".a", "b.a"]), min_size=1, max_size=4).map("/".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(patterns.filter(lambda one: "//" not in one), max_size=4),
    st.lists(paths, min_size=1, max_size=8),
)
def test_git_agrees(tmp_path_factory: pytest.TempPathFactory, given: list[str], listed: list[str]) -> None:
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "-q")
    files = made(root, listed)
    (root / ".gitignore").write_text("\n".join(given) + "\n")
    answer = git(root, "ls-files", "-z", "--others", "--exclude-standard")
    seen = {path for path in answer.split("\0") if path in files}
    assert {path for path in files if not Globs(given).covers(path)} == seen


def made(root: Path, listed: list[str]) -> set[str]:
    """The files that could be made: none where a folder has its name, or a file its folder's."""
    files: set[str] = set()
    for path in listed:
        whole = root / path
        try:
            whole.parent.mkdir(parents=True, exist_ok=True)
            whole.write_text("")
        except OSError:
            continue
        files.add(path)
    return files
