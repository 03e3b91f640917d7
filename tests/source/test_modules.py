"""Files and module names."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree

ABI = "cpython-311-x86_64-linux-gnu.so"


def tree(root: Path, *paths: str) -> None:
    """Files at these paths; a path that ends in `/` is an empty folder."""
    for path in paths:
        whole = root / path
        if path.endswith("/"):
            whole.mkdir(parents=True, exist_ok=True)
        else:
            whole.parent.mkdir(parents=True, exist_ok=True)
            whole.write_text("")


def roots(root: Path, *given: str) -> Roots:
    return Roots(DiskTree(root), given or (".",))


@pytest.mark.parametrize(
    ("path", "name", "package"),
    [
        ("src/a/b.py", "a.b", False),
        ("src/a/__init__.py", "a", True),
        ("src/a/__init__.pyi", "a", True),
        ("src/a/b.pyi", "a.b", False),
        ("src/a/__main__.py", "a.__main__", False),
        (f"src/a/b.{ABI}", "a.b", False),
        ("src/a/b.abi3.so", "a.b", False),
        ("src/top.py", "top", False),
        ("src/a/my-script.py", None, False),
        ("src/my-folder/b.py", None, False),
        ("src/a/b.c.py", None, False),
        ("src/__init__.py", None, True),
        ("src/a/data.json", None, False),
        ("tests/x.py", "tests.x", False),
        ("lib/vendored/y.py", "y", False),
        ("scripts/tool.py", "tool", False),
        ("scripts/other.py", "scripts.other", False),
    ],
)
def test_the_deepest_root_names_a_file(tmp_path: Path, path: str, name: str | None, package: bool) -> None:
    tree(tmp_path, "src/", "lib/vendored/", "scripts/tool.py")
    found = roots(tmp_path, ".", "src", "lib/vendored/", "./scripts/tool.py")
    assert found.missing == []
    assert found.module_of(path) == (name, package)


def test_files_outside_every_root_have_no_name(tmp_path: Path) -> None:
    tree(tmp_path, "src/a.py")
    assert roots(tmp_path, "src").module_of("tests/a.py") == (None, False)
    assert roots(tmp_path, "src").module_of("src2/a.py") == (None, False)


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("src/a/b.py", "a"),
        ("src/a/__init__.py", "a"),
        ("src/a/my-script.py", "a"),
        ("src/top.py", None),
        ("src/ns/deep/c.py", "ns.deep"),
        ("tests/unit/test_x.py", "tests.unit"),
        ("tests/unit/__init__.py", "tests.unit"),
        ("tests/plain/test_x.py", None),
        ("tests/plain/inner/test_x.py", "inner"),
        ("tests/plain/a/test_x.py", "tests.plain.a"),
        ("scripts/tool.py", None),
        ("setup.py", None),
    ],
)
def test_packages_for_relative_imports(tmp_path: Path, path: str, package: str | None) -> None:
    tree(
        tmp_path,
        "src/a/__init__.py",
        "src/ns/deep/c.py",
        "tests/__init__.py",
        "tests/unit/__init__.py",
        "setup.py",
        "tests/plain/inner/__init__.py",
        "tests/plain/a/__init__.py",
        "scripts/tool.py",
        "scripts/__init__.py",
    )
    assert roots(tmp_path, "src", "scripts/tool.py").package_of(path) == package


def test_finding(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "src/a/__init__.py",
        "src/a/b.py",
        f"src/a/c.{ABI}",
        "src/a/c.pyi",
        "src/a/d.pyd",
        "src/a/e.pyi",
        "src/ns/inner/f.py",
        "src/stubs/__init__.pyi",
        "src/stubs/g.pyi",
        "src/old.pyc",
        "lib/ns/h.py",
        "tool.py",
        f"src/a/b.{ABI}",
    )
    found = roots(tmp_path, "src", "lib", "tool.py")
    expected = {
        "a": ("package", "src/a/__init__.py"),
        "a.b": ("module", "src/a/b.py"),
        "a.c": ("compiled", f"src/a/c.{ABI}"),
        "a.d": ("compiled", "src/a/d.pyd"),
        "a.e": ("stub", "src/a/e.pyi"),
        "ns": ("namespace", "src/ns"),
        "ns.inner": ("namespace", "src/ns/inner"),
        "ns.inner.f": ("module", "src/ns/inner/f.py"),
        "ns.h": ("module", "lib/ns/h.py"),
        "stubs": ("stub", "src/stubs/__init__.pyi"),
        "stubs.g": ("stub", "src/stubs/g.pyi"),
        "old": ("compiled", "src/old.pyc"),
        "tool": ("module", "tool.py"),
    }
    assert {name: (found.kind(name), found.find(name)) for name in expected} == expected
    assert all(found.exists(name) for name in expected)
    for name in (
        "a.z",
        "a.b.c",
        "z",
        "",
        "a.",
        ".a",
        "a..b",
        "tool.x",
        "src.a",
        "ns.h.i",
        "a/b",
        "..",
        "a.__init__.b",
    ):
        assert (found.kind(name), found.find(name), found.exists(name)) == (None, None, False), name


def test_a_module_hides_what_lies_in_a_folder_of_its_name(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "a/old.py", "b/__init__.py", "b.py", "c.pyi", "c/d.py", "e.py", "e/__init__.pyi")
    found = roots(tmp_path)
    assert (found.find("a"), found.find("a.old")) == ("a.py", None)
    assert found.find("b") == "b/__init__.py"
    assert (found.find("c"), found.find("c.d")) == ("c", "c/d.py")
    assert found.find("e") == "e.py"


def test_a_package_may_lie_in_several_roots(tmp_path: Path) -> None:
    tree(tmp_path, "one/p/__init__.py", "one/p/a.py", "two/p/__init__.py", "two/p/b.py", "two/p/a.py")
    found = roots(tmp_path, "one", "two")
    assert (found.find("p.a"), found.find("p.b")) == ("one/p/a.py", "two/p/b.py")


@pytest.mark.parametrize(
    "held", ["p/", "p/__pycache__/x.pyc", "p/data.json", "p/not-a-name/x.py", "p/my-x.py"]
)
def test_folders_without_python_are_no_modules(tmp_path: Path, held: str) -> None:
    tree(tmp_path, held)
    assert roots(tmp_path).kind("p") is None
    assert not roots(tmp_path).is_first_party("p.x")


def test_first_party(tmp_path: Path) -> None:
    tree(tmp_path, "src/a/__init__.py", "top.py")
    found = roots(tmp_path, "src", "top.py")
    assert [
        found.is_first_party(name) for name in ("a", "a.gone.deep", "top", "top.x", "os", "src.a", "")
    ] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_case_counts_on_every_file_system(tmp_path: Path) -> None:
    tree(tmp_path, "Pkg/Mod.py")
    found = roots(tmp_path)
    assert (found.find("Pkg.Mod"), found.find("pkg.mod"), found.find("Pkg.mod")) == ("Pkg/Mod.py", None, None)


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        (("src/p/old.py",), ["src/p/old.py"]),
        (("src/p/old.pyi",), ["src/p/old.pyi"]),
        ((f"src/p/old.{ABI}",), [f"src/p/old.{ABI}"]),
        (("src/p/old.pyc",), ["src/p/old.pyc"]),
        (
            ("src/p/old/__init__.py", "src/p/old/sub/x.py"),
            ["src/p/old", "src/p/old/__init__.py", "src/p/old/sub/x.py"],
        ),
        (("src/p/old/data.json",), ["src/p/old", "src/p/old/data.json"]),
        (("src/p/old/__pycache__/x.pyc", "src/p/old/empty/"), []),
        (("src/p/__pycache__/old.pyc", "src/p/older.py", "src/p/old.txt"), []),
        (("src/p/old.py", "src/p.py"), ["src/p/old.py"]),
        (("src/p-stubs/old.pyi",), ["src/p-stubs/old.pyi"]),
    ],
)
def test_leftovers(tmp_path: Path, paths: tuple[str, ...], left: list[str]) -> None:
    tree(tmp_path, "src/p/__init__.py", *paths)
    assert roots(tmp_path, "src").leftover("p.old") == left


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        (("src/p/old/__pycache__/x.pyc", "src/p/old/sub/"), ["src/p/old"]),
        (("src/p/old/", "lib/p/old/"), ["lib/p/old", "src/p/old"]),
        (("src/p/old/.gitkeep", "lib/p/older/"), []),
        (("src/p/old/sub/__pycache__/x.pyc", "src/p/old/sub/data.json"), []),
        (("src/p/__pycache__/old.pyc", "src/p/old.py"), []),
    ],
)
def test_hollow_folders(tmp_path: Path, paths: tuple[str, ...], left: list[str]) -> None:
    tree(tmp_path, "src/p/__init__.py", *paths)
    assert roots(tmp_path, "src", "lib").hollow("p.old") == left


def test_leftovers_of_a_single_file_root_and_of_bad_names(tmp_path: Path) -> None:
    tree(tmp_path, "scripts/tool.py")
    found = roots(tmp_path, "scripts/tool.py")
    assert found.leftover("tool") == ["scripts/tool.py"]
    assert found.leftover("..") == found.leftover("a/b") == found.leftover("") == []


def test_roots_by_glob(tmp_path: Path) -> None:
    tree(tmp_path, "packages/one/src/a.py", "packages/two/src/b.py", "packages/x.py", "deep/er/lib/c.py")
    found = roots(tmp_path, "packages/*/src", "deep/**/lib", "none/*", "../out", "/abs", "gone")
    assert [found.find(name) for name in "abc"] == [
        "packages/one/src/a.py",
        "packages/two/src/b.py",
        "deep/er/lib/c.py",
    ]
    assert found.missing == ["none/*", "../out", "/abs", "gone"]


def test_links_stay_inside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    tree(outside, "secret/__init__.py", "mod.py")
    tree(root, "real/__init__.py", "real/m.py")
    os.symlink(outside / "secret", root / "secret")
    os.symlink(outside / "mod.py", root / "mod.py")
    os.symlink(outside, root / "out")
    os.symlink("real", root / "near")
    os.symlink("..", root / "real" / "up")
    os.symlink("loop", root / "loop")
    found = roots(root, ".", "out")
    assert found.missing == ["out"]
    assert [found.find(name) for name in ("secret", "mod", "out", "out.secret", "loop")] == [None] * 5
    assert found.find("near.m") == "near/m.py"
    assert found.find("real.up.real.m") == "real/up/real/m.py"
    assert found.leftover("real") == ["real", "real/__init__.py", "real/m.py"]


def test_long_dotted_names_are_answered(tmp_path: Path) -> None:
    tree(tmp_path, "a/__init__.py")
    assert roots(tmp_path).find("a" + ".a" * 100_000) is None


NAMES = ("a", "b", "c")
endings = st.sampled_from([".py", "/__init__.py", "/x.txt", ".pyi", "/a.py", "/b/c.py"])
places = st.builds(
    lambda parts, ending: "/".join(parts) + ending,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3),
    endings,
)


def imported(root: Path, dotted: str) -> str | None:
    """Where Python's own finder finds a module, relative to the root; a namespace's first folder."""
    path = [str(root)]
    where = None
    for name in dotted.split("."):
        PathFinder.invalidate_caches()
        sys.path_importer_cache.clear()
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or [])
        where = spec.origin if spec.origin not in (None, "namespace") else next(iter(path), None)
        if spec.submodule_search_locations is None:
            path = ["/nowhere"]
    return None if where is None else os.path.relpath(where, root)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.lists(places, max_size=6), dotted=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_python_s_own_finder_agrees(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str], dotted: list[str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path in paths:
        tree(root, path)
    name = ".".join(dotted)
    found = roots(root)
    theirs = imported(root, name)
    if found.kind(name) == "stub":
        assert theirs is None or (root / theirs).is_dir()
    elif theirs is not None and (root / theirs).is_dir():
        assert found.find(name) in (theirs, None)
        assert (found.find(name) is not None) == any(
            one.suffix in (".py", ".pyi") for one in (root / theirs).rglob("*") if one.is_file()
        )
    else:
        assert found.find(name) == theirs
    if theirs is not None and theirs.endswith(".py"):
        assert found.module_of(theirs)[0] == name
