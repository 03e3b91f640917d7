"""What build files declare."""

from __future__ import annotations

import time

import pytest

from hardcut.source.builds.declared import Declared
from hardcut.source.builds.read import read_declared

YES, NO = True, False


def declares(path: str, text: str, module: str, files: tuple[str, ...] = ()) -> bool:
    return read_declared(path, text.encode()).declares(module, lambda file: file in files)


CASES = [
    # setup.py
    ("setup.py", 'Extension("shop.fast", ["fast.c"])', "shop.fast", YES),
    ("setup.py", 'Extension("shop.fast", ["fast.c"])', "shop.faster", NO),
    ("setup.py", 'Extension(name="shop.sub.fast", sources=[])', "shop.sub.fast", YES),
    ("setup.py", 'Extension("shop/fast", [])', "shop.fast", YES),
    ("setup.py", 'CMakeExtension("_core")', "shop._core", YES),
    ("setup.py", 'P = "shop"\nExtension(P + ".fast", [])', "shop.fast", YES),
    ("setup.py", 'for n in ["a", "b"]: Extension("shop.%s" % n, [])', "shop.b", YES),
    ("setup.py", 'for n in ["a", "b"]: Extension(f"shop.{n}", [])', "shop.b", YES),
    ("setup.py", 'for n in ["a", "b"]: Extension(f"shop.{n}", [])', "shop.c", NO),
    ("setup.py", 'for n, s in {"a": 1, "b": 2}.items(): Extension(n, s)', "shop.b", YES),
    ("setup.py", 'for n, s in [("shop.a", 1)]: Extension(n, s)', "shop.a", YES),
    ("setup.py", "def make(n): return Extension(n, [])\nmake('shop.fast')", "shop.fast", YES),
    ("setup.py", "def make(n): return Extension(n, [])\nmake('shop.fast')", "shop.slow", NO),
    ("setup.py", "RustExtension({'one': 'shop._one', 'two': 'shop._two'})", "shop._two", YES),
    ("setup.py", 'write(os.path.join("shop", "_built.py"))', "shop._built", YES),
    ("setup.py", 'write("src/shop/tables.py")', "shop.tables", YES),
    ("setup.py", 'write("src/other/tables.py")', "shop.tables", NO),
    ("setup.py", 'setup(packages=["shop", "shop.old"], py_modules=["old"])', "shop.old", NO),
    ("build_native.py", 'ffibuilder.set_source("shop._native", "")', "shop._native", YES),
    ("shop/setup_package.py", 'config.add_extension("fast", [])', "shop.fast", YES),
    ("shop/setup_package.py", 'config.add_extension("fast", [])', "other.fast", NO),
    # pyproject.toml
    ("pyproject.toml", '[[tool.setuptools.ext-modules]]\nname = "shop.fast"', "shop.fast", YES),
    ("pyproject.toml", '[tool.maturin]\nmodule-name = "shop._native"', "shop._native", YES),
    ("pyproject.toml", '[tool.setuptools_scm]\nversion_file = "src/shop/_v.py"', "shop._v", YES),
    ("pyproject.toml", '[tool.hatch.build.hooks.vcs]\nversion-file = "shop/_v.py"', "shop._v", YES),
    ("pyproject.toml", '[tool.versioneer]\nversionfile_source = "shop/_v.py"', "shop._v", YES),
    ("pyproject.toml", '[tool.ruff]\nexclude = ["shop/old.py"]', "shop.old", NO),
    ("pyproject.toml", "not = toml = at all", "shop.old", NO),
    # setup.cfg
    ("setup.cfg", "[versioneer]\nversionfile_source = src/shop/_v.py", "shop._v", YES),
    ("setup.cfg", "[flake8]\nexclude = shop/old.py", "shop.old", NO),
    ("setup.cfg", "no section", "shop.old", NO),
    # Cargo.toml
    ("Cargo.toml", '[package]\nname = "a-b"\n[lib]\ncrate-type = ["cdylib"]', "shop.a_b", YES),
    ("Cargo.toml", '[lib]\nname = "_core"\ncrate-type = ["cdylib", "rlib"]', "shop._core", YES),
    ("Cargo.toml", '[lib]\nname = "_core"', "shop._core", NO),
    # .gitignore
    (".gitignore", "/src/shop/_built.py\n", "shop._built", YES),
    (".gitignore", "_built.py", "shop._built", YES),
    (".gitignore", "!_built.py\n# old.py\n*.py\nshop/", "shop.old", NO),
    # meson.build
    ("meson.build", "py.extension_module('fast', ['a.c', 'b.c'], subdir: 'shop')", "shop.fast", YES),
    ("meson.build", "py3.extension_module('fast', 'a.c', subdir: 'shop/sub')", "shop.fast", NO),
    ("meson.build", "py.extension_module('fast', 'a.c', subdir: p / 'sub')", "shop.sub.fast", YES),
    ("meson.build", "py.extension_module('fast', 'a.c')", "shop.fast", YES),
    ("meson.build", "# py.extension_module('fast')", "shop.fast", NO),
    ("meson.build", "foreach n, s : {'a': 'x.c'}\npy.extension_module(n, s)\nendforeach", "shop.a", YES),
    ("meson.build", "foreach n, s : {'a': 'x.c'}\npy.extension_module(n, s)\nendforeach", "shop.b", NO),
    ("meson.build", "configure_file(input: 'v.py.in', output: 'v.py')", "shop.v", YES),
    ("meson.build", "custom_target('t', output: ['one.py', 'two.py'], install_dir: 'shop')", "shop.two", YES),
    ("meson.build", "executable('fast', 'a.c')", "shop.fast", NO),
    # CMakeLists.txt
    ("CMakeLists.txt", "pybind11_add_module(fast MODULE a.cpp)", "shop.fast", YES),
    ("CMakeLists.txt", "nanobind_add_module(\n  fast # the name\n  STABLE_ABI a.cpp)", "shop.fast", YES),
    ("CMakeLists.txt", "Python3_add_library(fast MODULE a.c)", "shop.fast", YES),
    ("CMakeLists.txt", "set(N fast)\nPython_add_library(${N} MODULE a.c)", "shop.fast", YES),
    ("CMakeLists.txt", "set(N ${P}_x)\nPython_add_library(${N} MODULE fast.c)", "shop.fast", YES),
    ("CMakeLists.txt", "foreach(n IN ITEMS a b)\npybind11_add_module(${n} x.c)\nendforeach()", "shop.b", YES),
    ("CMakeLists.txt", "set_target_properties(t PROPERTIES OUTPUT_NAME fast)", "shop.fast", YES),
    ("CMakeLists.txt", "add_library(fast STATIC a.c)", "shop.fast", NO),
    ("CMakeLists.txt", "#[[ pybind11_add_module(fast) ]]\n# pybind11_add_module(fast)", "shop.fast", NO),
    ("CMakeLists.txt", "configure_file(v.py.in ${OUT}/shop/v.py)", "shop.v", YES),
]


@pytest.mark.parametrize(("path", "text", "module", "expected"), CASES)
def test_what_a_build_file_declares(path: str, text: str, module: str, expected: bool) -> None:
    assert declares(path, text, module) is expected


def test_an_installed_source_is_a_module_where_it_is_installed_as_long_as_it_is_there() -> None:
    text = "py.install_sources(['one.py'], subdir: 'shop')"
    assert declares("native/meson.build", text, "shop.one", ("native/one.py",))
    assert not declares("native/meson.build", text, "shop.one")


@pytest.mark.parametrize(
    ("path", "text", "included"),
    [
        ("setup.py", "import setup_build\nfrom tools import x", ["setup_build.py", "tools.py"]),
        ("setup.py", 'setup(cffi_modules=["native/build.py:ffi"])', ["native/build.py"]),
        ("pyproject.toml", '[tool.maturin]\nmanifest-path = "rust/Cargo.toml"', ["rust/Cargo.toml"]),
        ("pyproject.toml", '[tool.scikit-build]\ncmake.source-dir = "cpp"', ["cpp/CMakeLists.txt"]),
        ("pyproject.toml", '[tool.poetry.build]\nscript = "make.py"', ["make.py"]),
        ("sub/meson.build", "subdir('native')", ["sub/native/meson.build"]),
        ("CMakeLists.txt", "add_subdirectory(a)\ninclude(b.cmake)", ["a/CMakeLists.txt", "b.cmake"]),
    ],
)
def test_the_build_files_that_one_includes(path: str, text: str, included: list[str]) -> None:
    assert read_declared(path, text.encode()).included == included


def test_submodules() -> None:
    text = '[submodule "a"]\n\tpath = src/a\n\turl = https://example.org/a\n[submodule "b"]\n\tpath = "b"\n'
    assert read_declared(".gitmodules", text.encode()) == Declared(folders=["src/a", "b"])


def _chain(count: int) -> str:
    """Names that each have two values, which are the one before."""
    lines = ["a0 = 'x'", *(f"a{n + 1} = a{n} + a{n}; a{n + 1} = a{n}" for n in range(count))]
    return "\n".join([*lines, f"Extension(a{count})"])


HOSTILE = [
    ("CMakeLists.txt", "#[[" * 100_000),
    ("CMakeLists.txt", "set(a " + '"' + '\\"' * 200_000),
    ("CMakeLists.txt", "f(" * 100_000),
    ("meson.build", "[" * 100_000 + "'a'," * 100_000),
    ("meson.build", "f(" * 100_000 + "'a'," * 100_000),
    ("meson.build", "'" + "\\'" * 200_000),
    ("meson.build", "'''" * 100_001),
    ("meson.build", ")]}" * 100_000),
    ("setup.py", _chain(500)),
    ("setup.py", "Extension(" * 150 + ")" * 150),
    ("setup.py", "Extension(" + "'a' + " * 50_000 + "'b')"),
    ("setup.cfg", "[a]\n" + "b = c\n" * 50_000),
    ("pyproject.toml", "a = " + "[" * 50_000),
    (".gitignore", "a.py\n" * 50_000),
]


@pytest.mark.parametrize(("path", "text"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_files_are_read_in_linear_time(path: str, text: str) -> None:
    start = time.process_time()
    read_declared(path, text.encode())
    assert time.process_time() - start < 10
