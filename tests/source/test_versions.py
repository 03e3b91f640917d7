"""Versions that files state: what a requirement admits, in every dialect, and where it stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from hardcut.source.versions.ranges import Dialect, padded, pep440, release_of, spans
from hardcut.source.versions.read import read_versions
from hardcut.source.versions.stated import Release, Span

NUMBERS = st.lists(st.integers(0, 4), min_size=1, max_size=3)


def admits(found: list[Span], release: Release) -> bool:
    return any(low <= release and (high is None or release < high) for low, high in found)


@st.composite
def comparators(draw: st.DrawFn) -> list[tuple[str, str]]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        sign = draw(st.sampled_from(["==", "==*", "~=", ">=", ">", "<", "<="]))
        numbers = draw(NUMBERS)
        if sign == "~=" and len(numbers) < 2:
            numbers = [*numbers, 0]
        version = ".".join(map(str, numbers))
        found.append(("==", f"{version}.*") if sign == "==*" else (sign, version))
    return found


@given(comparators(), st.lists(st.integers(0, 5), min_size=3, max_size=3))
def test_python_requirements_admit_what_packaging_says(
    found: list[tuple[str, str]], release: list[int]
) -> None:
    text = ",".join(f"{sign}{version}" for sign, version in found)
    version = Version(".".join(map(str, release)))
    assert admits(pep440(found), padded(release)) == SpecifierSet(text).contains(version), text


@pytest.mark.parametrize(
    ("dialect", "text", "low", "high"),
    [
        # the Cargo book, "Specifying dependencies"
        ("cargo", "1.2.3", (1, 2, 3), (2, 0, 0)),
        ("cargo", "1.2", (1, 2, 0), (2, 0, 0)),
        ("cargo", "1", (1, 0, 0), (2, 0, 0)),
        ("cargo", "0.2.3", (0, 2, 3), (0, 3, 0)),
        ("cargo", "0.0.3", (0, 0, 3), (0, 0, 4)),
        ("cargo", "0.0", (0, 0, 0), (0, 1, 0)),
        ("cargo", "^0", (0, 0, 0), (1, 0, 0)),
        ("cargo", "~1.2.3", (1, 2, 3), (1, 3, 0)),
        ("cargo", "~1", (1, 0, 0), (2, 0, 0)),
        ("cargo", "*", (0, 0, 0), None),
        ("cargo", "1.2.*", (1, 2, 0), (1, 3, 0)),
        ("cargo", "=1.2.3", (1, 2, 3), (1, 2, 3, 1)),
        ("cargo", ">=1.2, <1.5", (1, 2, 0), (1, 5, 0)),
        # node-semver
        ("npm", "1.2.3", (1, 2, 3), (1, 2, 3, 1)),
        ("npm", "^0.2.3", (0, 2, 3), (0, 3, 0)),
        ("npm", "1.2.x", (1, 2, 0), (1, 3, 0)),
        ("npm", "1", (1, 0, 0), (2, 0, 0)),
        ("npm", ">=1.0.0 <2.0.0", (1, 0, 0), (2, 0, 0)),
        ("npm", "1.2.3 - 2.3", (1, 2, 3), (2, 4, 0)),
        ("npm", "1.2.3 - 2.3.4", (1, 2, 3), (2, 3, 4, 1)),
        # Poetry
        ("poetry", "^1.2", (1, 2, 0), (2, 0, 0)),
        ("poetry", "~1.2", (1, 2, 0), (1, 3, 0)),
        ("poetry", "1.2.3", (1, 2, 3), (1, 2, 3, 1)),
        ("poetry", "~=1.2", (1, 2, 0), (2, 0, 0)),
    ],
)
def test_ranges_of_other_tools(dialect: Dialect, text: str, low: Release, high: Release | None) -> None:
    assert spans(text, dialect) == [(low, high)]


def test_alternatives_and_texts_that_are_no_range() -> None:
    assert spans("^1.0.0 || ^2.0.0", "npm") == [((1, 0, 0), (2, 0, 0)), ((2, 0, 0), (3, 0, 0))]
    for text in ("latest", "git+ssh://host/x.git", "", "file:../x", "1.2.3 nonsense", "^" * 300, "9" * 5000):
        assert spans(text, "npm") == []


def test_a_plain_version_and_its_pre_release() -> None:
    assert release_of("51.0.0-rc.1+build") == ((51, 0, 0), "rc1")
    assert release_of("v51") == ((51, 0, 0), "")
    assert release_of("main") is None


def said(path: str, text: str, name: str = "datafusion") -> list[tuple[int, int, str]]:
    found = read_versions(path, text.encode(), name)
    assert not found.problem
    return [(one.line, one.column, one.text) for one in found.stated]


def test_places_in_a_pyproject() -> None:
    text = """\
[project]
name = "x"  # "datafusion>=1"
# "datafusion==2"
dependencies = ["a", "datafusion >= 3"]
[project.optional-dependencies]
fast = [
    'DataFusion[x]==4',
]
[dependency-groups]
dev = [{ include-group = "y" }, "datafusion==5"]
[tool.poetry.group.dev.dependencies]
datafusion = { version = "^6.0", extras = ["x"] }
[tool.poetry.dependencies.datafusion]
version = "^7.0"
[tool.uv.sources]
datafusion = { path = "dist/datafusion-8.0.0-cp310-abi3-any.whl" }
"""
    wanted = {4: "datafusion >= 3", 7: "DataFusion[x]==4", 10: "datafusion==5", 12: "^6.0", 14: "^7.0"}
    found = said("pyproject.toml", text)
    assert {line: shown for line, _, shown in found if line in wanted} == wanted
    assert (16, 24, "dist/datafusion-8.0.0-cp310-abi3-any.whl") in found
    assert len(found) == 6


def test_places_in_other_files() -> None:
    requirements = (
        "-r more.txt\n--hash=x\n datafusion==1.0 ; python_version>'3' \\\n  --hash=sha256:0 # why\n"
    )
    assert said("requirements-dev.txt", requirements) == [(3, 2, "datafusion==1.0 ; python_version>'3'")]
    lock = '[[package]]\nversion = "1.0"\nname = "datafusion"\n[[package]]\nname = "other"\nversion = "2"\n'
    assert said("uv.lock", lock) == [(2, 12, "1.0")]
    assert said("sub/Cargo.lock", lock) == [(2, 12, "1.0")]
    table = '[dependencies]\nx = "1"\n[target."cfg(unix)".dependencies]\n'
    cargo = table + 'df = { package = "datafusion", version = "1" }\n'
    assert said("Cargo.toml", cargo) == [(4, 43, "1")]
    package = json.dumps({"dependencies": {"arrow": "^1"}, "devDependencies": {"arrow": "npm:a@2"}}, indent=1)
    assert [shown for _, _, shown in said("package.json", package, "arrow")] == ["^1", "npm:a@2"]
    npm = json.dumps({"packages": {"node_modules/arrow": {"version": "1.2.3"}, "": {"version": "9"}}})
    assert [shown for _, _, shown in said("package-lock.json", npm, "arrow")] == ["1.2.3"]


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        ("pyproject.toml", b"x = [", "is no TOML"),
        ("pyproject.toml", b"x = " + b"[" * 100_000, "nested too deep"),
        ("pyproject.toml", b"x." * 200_000 + b"y = 1", "too many parts"),
        ("Cargo.toml", b"# " + b"x" * 3_000_000, "larger than 2 MiB"),
        ("package.json", b'{"a": ' + b"[" * 100_000, "nested too deep"),
        ("package.json", b"{", "cannot be read"),
        ("yarn.lock", b"datafusion@^1:", "no file that versions are read from"),
        ("setup.py", b"install_requires=['datafusion']", "no file that versions are read from"),
    ],
)
def test_files_that_cannot_be_read(path: str, data: bytes, problem: str) -> None:
    found = read_versions(path, data, "datafusion")
    assert problem in found.problem and not found.stated


@pytest.mark.parametrize(
    "data",
    [
        b"[project]\ndependencies = 3\n[project.optional-dependencies]\nx = 'y'\n[tool]\npoetry = []\nuv = 1",
        b"[dependencies]\ndatafusion = 3\n[workspace]\ndependencies = []\n[target]\nx = 1",
        b"\xff\xfe\x00",
        b"",
    ],
)
@pytest.mark.parametrize("path", ["pyproject.toml", "Cargo.toml", "uv.lock", "requirements.txt"])
def test_wrong_types_are_passed_over(path: str, data: bytes) -> None:
    found = read_versions(path, data, "datafusion")
    assert not any(one.spans for one in found.stated)


def test_every_one_of_many_statements_is_read() -> None:
    lines = ",\n".join(f'"datafusion=={number}.0"' for number in range(60_000))
    found = read_versions(
        "pyproject.toml", f"[project]\ndependencies = [\n{lines}\n]\n".encode(), "datafusion"
    )
    assert len(found.stated) == 60_000
