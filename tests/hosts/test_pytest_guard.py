"""The runtime guard in real pytest processes: what it sees, whom it blames, and that it disturbs nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from folders import commit, git, lay

import hardcut

PACKAGES = str(Path(hardcut.__file__).parents[1])
INSTALLED = any(point.value == "hardcut.hosts.pytest" for point in entry_points(group="pytest11"))
MANIFEST = """\
[plan]
name = "shop"
source = ["src", "tests"]
check = ["src", "tests"]
exclude = ["tests/unchecked"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"
to = "shop.new"
reason = "two carts disagreed"

[[wave.delete]]
module = "shop.doubtful"
contested = "two teams need it"

[[wave]]
id = "1"
state = "active"

[[wave.surface]]
only = "engine"
banned = ["native._internal"]
within = ["shop", "test_it"]
allow = ["src/shop/allowed.py"]

[[wave]]
id = "2"

[[wave.delete]]
module = "shop.later"
"""
FILES = {
    "cutover.toml": MANIFEST,
    "pyproject.toml": """\
[tool.pytest.ini_options]
addopts = ["--strict-markers", "--strict-config", "-p", "no:cacheprovider"]
pythonpath = ["src", "lib/site-packages", "tests"]
""",
    "src/shop/__init__.py": "",
    "src/shop/new.py": "",
    "src/shop/later.py": "",
    "src/shop/allowed.py": "import native._internal\n",
    "src/shop/loading.py": "from importlib import import_module\n\n"
    "def load(name):\n    try:\n        return import_module(f'shop.{name}')\n    except ImportError:\n"
    "        return None\n",
    "lib/site-packages/native/__init__.py": "from native import _internal\nfrom . import lazy\n"
    "def load(name):\n    return __import__(name, fromlist=['x'])\n",
    "lib/site-packages/native/lazy.py": "from importlib import import_module\n"
    "def engine():\n    return import_module('native._internal')\n",
    "lib/site-packages/native/_internal.py": "X = 1\n",
    "lib/site-packages/other.py": "import native._internal\nfrom importlib import import_module\n"
    "import_module('native._internal')\n",
    "lib/site-packages/helper.py": "import importlib\n\ndef string(name):\n"
    "    return importlib.import_module(name)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)


def write(root: Path, name: str, text: str) -> None:
    lay(root, {name: text})


def run(root: Path, *argv: str, guard: bool = True) -> tuple[int, str]:
    """What pytest says, without what it was told in this process."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COLUMNS"))}
    plugin = [] if INSTALLED else ["-p", "hardcut.hosts.pytest"]
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:hypothesispytest",
            *plugin,
            *(["--cutover-guard"] if guard else []),
            *argv,
        ],
        cwd=root,
        env=own | {"PYTHONPATH": PACKAGES, "COLUMNS": "300", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "INTERNALERROR" not in ended.stdout + ended.stderr, ended.stdout
    assert "internal error" not in ended.stdout + ended.stderr, ended.stdout
    return ended.returncode, ended.stdout + ended.stderr


def outcomes(said: str) -> dict[str, str]:
    """The outcome of each test (of its last phase that has one), by its name."""
    shapes = (r"^tests/\w+\.py::(\S+) (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS)",)
    found = dict(re.findall(shapes[0], said, re.M))
    worker = r"^\[gw\d\] \[ *\d+%\] (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS) tests/\w+\.py::(\S+) *$"
    return found | {name: outcome for outcome, name in re.findall(worker, said, re.M)}


FORMS = """\
import builtins
import contextlib
import importlib
import pickle
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

taken = importlib.import_module
NAME = "".join(reversed("dlo"))


@contextlib.contextmanager
def there(name="shop.old", **names):
    module = types.ModuleType(name)
    module.__dict__.update(names)
    with mock.patch.dict(sys.modules, {name: module}):
        yield


def test_statement():
    with contextlib.suppress(ImportError):
        import shop.old

def test_below():
    with contextlib.suppress(ImportError):
        import shop.old.deep.deeper as x

def test_from():
    with contextlib.suppress(ImportError):
        from shop.old import (
            Cart,
            total,
        )

def test_from_parent():
    with contextlib.suppress(ImportError):
        from shop import new, old

def test_loaded_already():
    with there():
        import shop.old

def test_loaded_already_from():
    with there(Cart=1):
        from shop.old import Cart

def test_computed():
    with contextlib.suppress(ImportError):
        importlib.import_module(f"shop.{NAME}")

def test_computed_and_loaded_already():
    with there():
        importlib.import_module(f"shop.{NAME}")

def test_function_taken_before():
    with contextlib.suppress(ImportError):
        taken("shop." + NAME)

def test_relative():
    with contextlib.suppress(ImportError):
        taken("." + NAME, package="shop")

def test_dunder():
    with contextlib.suppress(ImportError):
        __import__("shop." + NAME)

def test_exec():
    with contextlib.suppress(ImportError):
        exec("import shop." + NAME)

def test_exec_in_namespace():
    with contextlib.suppress(ImportError):
        exec("import shop." + NAME, {})

def test_pickle():
    with there(f=None), contextlib.suppress(AttributeError):
        pickle.loads(b"cshop.old\\nCart\\n.")

def test_pickle_in_python():
    with there(f=None), contextlib.suppress(AttributeError):
        pickle._loads(b"cshop.old\\nCart\\n.")

def test_patch():
    with contextlib.suppress(ImportError), mock.patch("shop.old.Cart"):
        pass

def test_monkeypatch(monkeypatch):
    with contextlib.suppress(ImportError):
        monkeypatch.setattr("shop.old.Cart", 1)

def test_resolve_name():
    import pkgutil
    with contextlib.suppress(ImportError):
        pkgutil.resolve_name("shop.old:Cart")

def test_library_that_is_told():
    import helper
    with contextlib.suppress(ImportError):
        helper.string("shop.old")

def test_skipped():
    pytest.importorskip("shop.old")

def test_thread():
    def work():
        with contextlib.suppress(ImportError):
            import shop.old
    one = threading.Thread(target=work)
    one.start()
    one.join()

def test_thread_of_a_library():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(taken, "shop.old").exception() is not None

def test_banned():
    import native._internal

def test_banned_from():
    from native import _internal

def test_banned_name_of():
    from native._internal import X

def test_banned_computed():
    import helper
    helper.string("native." + "_internal")

@pytest.mark.xfail
def test_expected_to_fail():
    import shop.old

def test_fails_anyway():
    import shop.old

@pytest.fixture
def cart():
    with contextlib.suppress(ImportError):
        import shop.old
    yield

def test_set_up(cart):
    pass

@pytest.fixture
def emptied():
    yield
    with contextlib.suppress(ImportError):
        import shop.old

def test_tear_down(emptied):
    pass


# innocent from here on

def test_ok_nothing():
    import shop.new
    from shop import new

def test_ok_library_of_its_own():
    sys.modules.pop("native", None)
    import native
    native.lazy.engine()
    native.load("native._internal")
    sys.modules.pop("other", None)
    import other

def test_ok_allowed_path():
    sys.modules.pop("shop.allowed", None)
    import shop.allowed

def test_ok_planned():
    import shop.later

def test_ok_contested():
    with contextlib.suppress(ImportError):
        import shop.doubtful

def test_ok_alike():
    with there("shop.older"):
        import shop.older

def test_ok_something_else_of_that_name(monkeypatch):
    import shop
    monkeypatch.setattr(shop, "old", lambda: 1, raising=False)
    from shop import old
    assert old() == 1

def test_ok_asserted():
    with pytest.raises(ImportError):
        import shop.old
    with pytest.raises(ImportError):
        from shop import old
    with pytest.raises(ModuleNotFoundError):
        taken(f"shop.{NAME}")
    pytest.raises(ImportError, taken, "shop.old")
    try:
        __import__("shop.old")
    except ImportError:
        pass
    else:
        pytest.fail("it is there")

def test_ok_probe():
    assert importlib.util.find_spec("shop.old") is None
"""


@pytest.fixture(scope="module", params=[[], ["-n", "2"]], ids=["alone", "xdist"])
def forms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one run over all forms says."""
    root = tmp_path_factory.mktemp("forms")
    for name, text in FILES.items():
        write(root, name, text)
    write(root, "tests/test_it.py", FORMS)
    return run(root, "-v", *request.param)[1]


def test_every_form_fails_its_test_and_no_other(forms: str) -> None:
    names = re.findall(r"^def (test_\w+)", FORMS, re.M)
    expected = {name: "PASSED" if name.startswith("test_ok_") else "FAILED" for name in names}
    assert outcomes(forms) == expected | {"test_set_up": "ERROR", "test_tear_down": "ERROR"}


def message(forms: str, name: str) -> list[str]:
    """The lines that a failure of one test shows after the guard's name."""
    start = re.search(rf"^_+ (?:ERROR at \w+ of )?{name} _+$", forms, re.M)
    assert start is not None
    text = re.split(r"^_{4,} |^={4,} ", forms[start.end() :], maxsplit=1, flags=re.M)[0]
    return [line.strip() for line in text[text.index("cutover guard") :].splitlines()]


def line_of(text: str) -> int:
    (number,) = (at for at, line in enumerate(FORMS.splitlines(), 1) if line.strip() == text)
    return number


def test_message_names_line_statement_reason_way_out_and_plan(forms: str) -> None:
    at = line_of("import shop.old.deep.deeper as x")
    assert message(forms, "test_below")[:4] == [
        f"cutover guard: tests/test_it.py:{at}: imports `shop.old.deep.deeper`, but `shop.old` is deleted "
        "(two carts disagreed)",
        "import shop.old.deep.deeper as x",
        "help: import `shop.new` instead",
        "plan: cutover.toml:11, wave 0",
    ]
    assert message(forms, "test_from")[1] == "from shop.old import ( Cart, total, )"
    assert "imports `native._internal`, but `engine` is the only allowed surface" in forms


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("test_library_that_is_told", 'helper.string("shop.old")'),
        ("test_pickle_in_python", 'pickle._loads(b"cshop.old\\nCart\\n.")'),
        ("test_exec_in_namespace", 'exec("import shop." + NAME, {})'),
        ("test_skipped", 'pytest.importorskip("shop.old")'),
        ("test_monkeypatch", 'monkeypatch.setattr("shop.old.Cart", 1)'),
    ],
)
def test_the_line_is_the_one_that_told_a_library_what_to_import(forms: str, name: str, line: str) -> None:
    first, second, *_ = message(forms, name)
    assert f"tests/test_it.py:{line_of(line)}: " in first
    assert second == line


def test_a_computed_name_shows_who_called(project: Path) -> None:
    text = "import shop.loading\n\n\ndef test_it():\n    assert shop.loading.load('old') is None\n"
    write(project, "tests/test_it.py", text)
    code, said = run(project)
    assert code == 1
    assert message(said, "test_it")[:3] == [
        "cutover guard: src/shop/loading.py:5: imports `shop.old`, but `shop.old` is deleted "
        "(two carts disagreed)",
        "return import_module(f'shop.{name}')",
        "called from tests/test_it.py:5: assert shop.loading.load('old') is None",
    ]


def test_a_lazy_attribute(project: Path) -> None:
    lazy = "import importlib\n\ndef __getattr__(name):\n    if name == 'Cart':\n"
    lazy += "        return getattr(importlib.import_module('.old', __name__), name)\n"
    lazy += "    raise AttributeError(name)\n"
    write(project, "src/shop/__init__.py", lazy)
    write(
        project, "tests/test_it.py", "import shop\n\ndef test_it():\n    hasattr(shop, 'x')\n    shop.Cart\n"
    )
    code, said = run(project)
    assert code == 1
    assert "\nE   ModuleNotFoundError: No module named 'shop.old'" in said
    assert "cutover guard -----" in said
    assert "\nsrc/shop/__init__.py:5: imports `shop.old`, but `shop.old` is deleted" in said
    assert "\n  called from tests/test_it.py:5: shop.Cart\n" in said


def test_an_entry_point(project: Path) -> None:
    write(
        project,
        "lib/site-packages/addon-1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: addon\nVersion: 1\n",
    )
    write(
        project, "lib/site-packages/addon-1.dist-info/entry_points.txt", "[shop.addons]\na = shop.old:Cart\n"
    )
    text = "from importlib.metadata import entry_points\n\ndef test_it():\n"
    text += "    for point in entry_points(group='shop.addons'):\n        try:\n            point.load()\n"
    text += "        except ImportError:\n            pass\n"
    write(project, "tests/test_it.py", text)
    code, said = run(project)
    assert code == 1
    assert message(said, "test_it")[0].startswith("cutover guard: tests/test_it.py:6: imports `shop.old`")


def test_a_doctest(project: Path) -> None:
    write(project, "src/shop/tools.py", '"""\n>>> import native._internal\n>>> 1\n1\n"""\n')
    code, said = run(project, "--doctest-modules", "src/shop/tools.py")
    assert code == 1
    assert "src/shop/tools.py: <doctest shop.tools[0]>:1: imports `native._internal`" in said


def test_collection_names_the_module_that_was_collected(project: Path) -> None:
    write(
        project, "src/shop/basket.py", "try:\n    from shop import old\nexcept ImportError:\n    old = None\n"
    )
    write(project, "tests/test_a.py", "def test_a(): pass\n")
    write(project, "tests/test_b.py", "import shop.basket\n\ndef test_b(): pass\n")
    write(
        project, "tests/test_c.py", "import pytest\npytest.importorskip('shop.old')\n\ndef test_c(): pass\n"
    )
    write(project, "tests/test_d.py", "from shop.old import Cart\n\ndef test_d(): pass\n")
    code, said = run(project, "-v", "--continue-on-collection-errors")
    assert code == 1
    assert outcomes(said) == {"test_a": "PASSED"}
    assert "3 errors" in said
    assert (
        "\ncutover guard: while tests/test_b.py was collected:\nsrc/shop/basket.py:2: imports `shop.old`"
        in said
    )
    assert (
        "\ncutover guard: while tests/test_c.py was collected:\ntests/test_c.py:2: imports `shop.old`" in said
    )
    assert (
        "\ncutover guard: while tests/test_d.py was collected:\ntests/test_d.py:1: imports `shop.old`" in said
    )
    assert "No module named 'shop.old'" in said


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_what_no_test_caused_fails_the_session(project: Path, workers: list[str]) -> None:
    text = "try:\n    import shop.old\nexcept ImportError:\n    pass\n\ndef pytest_collection_finish():\n"
    text += "    try:\n        __import__('shop.old.x')\n    except ImportError:\n        pass\n"
    write(project, "conftest.py", text)
    write(project, "tests/test_a.py", "def test_a(): pass\n")
    write(project, "cutover.toml", MANIFEST.replace('"tests"]\nexclude', '"tests", "conftest.py"]\nexclude'))
    code, said = run(project, "-v", *workers)
    assert code == 1
    summary = said[said.index("= cutover guard =") :]
    assert summary.count("\nwhile pytest started:\nconftest.py:2: imports `shop.old`") == 1
    assert summary.count("conftest.py:8: imports `shop.old.x`") == 1


def test_code_that_the_plan_does_not_check_is_left_alone(project: Path) -> None:
    text = "import contextlib\nfrom importlib import import_module\n\ndef test_it():\n"
    text += (
        "    for name in ('shop.old', 'native._internal'):\n        with contextlib.suppress(ImportError):\n"
    )
    text += "            import_module(name)\n    import native._internal\n"
    write(project, "tests/unchecked/test_it.py", text)
    write(project, "scripts/test_other.py", text)
    code, said = run(project, "tests/unchecked", "scripts")
    assert code == 0, said


def test_an_active_wave_fails_for_what_is_new(project: Path) -> None:
    old = "def test_old():\n    import native._internal\n"
    write(project, "tests/test_it.py", old)
    git(project, "init", "-qb", "main")
    commit(project)
    write(
        project,
        "tests/test_it.py",
        f"# moved down\n{old}\ndef test_new():\n    from native import _internal\n",
    )
    code, said = run(project, "-v", "-n", "1")
    assert code == 1
    assert outcomes(said) == {"test_old": "PASSED", "test_new": "FAILED"}
    assert "\n1 line of active waves imported what the base revision imports, too\n" in said
    write(project, "cutover.toml", MANIFEST.replace('"active"', '"landed"'))
    assert outcomes(run(project, "-v")[1]) == {"test_old": "FAILED", "test_new": "FAILED"}


def test_a_waiver_holds_until_its_end(project: Path) -> None:
    write(project, "tests/test_it.py", "def test_it():\n    import native._internal\n")
    waiver = '[[waiver]]\nrule = "CUT301"\npath = "tests/*"\nreason = "r"\nuntil = "2999-01-01"\n'
    write(project, "cutover.toml", MANIFEST + waiver)
    assert run(project)[0] == 0
    write(project, "cutover.toml", MANIFEST + waiver.replace("2999", "2020"))
    assert run(project)[0] == 1
    write(project, "cutover.toml", MANIFEST + waiver.replace("CUT301", "CUT101"))
    assert run(project)[0] == 1


def test_an_installed_copy_of_a_checked_module_is_that_module(project: Path) -> None:
    write(project, "elsewhere/site-packages/shop/__init__.py", "")
    write(project, "elsewhere/site-packages/shop/new.py", "def f():\n    import native._internal\n")
    text = (project / "pyproject.toml").read_text().replace('["src", ', '["elsewhere/site-packages", ')
    write(project, "pyproject.toml", text)
    write(project, "tests/test_it.py", "from shop.new import f\n\ndef test_it():\n    f()\n")
    code, said = run(project)
    assert code == 1
    assert "cutover guard: src/shop/new.py:2: imports `native._internal`" in said


UNDISTURBED = '''\
import builtins
import importlib
import sys
import traceback
import types
import warnings

import pytest


def ways():
    """Imports that fail, each in its own way."""
    def missing():
        import nowhere
    def deleted():
        import shop.old
    def from_parent():
        from shop import old
    def computed():
        importlib.import_module("shop.old")
    def within():
        import shop.fails
    def within_computed():
        importlib.import_module("shop.fails")
    def broken():
        import shop.broken
    def syntax():
        import shop.syntax
    def exits():
        import shop.exits
    def dots():
        exec("from ... import x", {"__package__": "shop", "__name__": "shop.x"})
    def nameless():
        __import__("")
    def number():
        __import__(3)
    def listed():
        __import__([])
    def level():
        __import__("x", level=-1)
    def relative():
        importlib.import_module(".x")
    return [one for name, one in locals().items()]


def told(way):
    for name in [one for one in sys.modules if one.startswith("shop.")]:
        del sys.modules[name]
    try:
        way()
    except BaseException as problem:
        return [
            type(problem), str(problem), getattr(problem, "name", None), getattr(problem, "path", None),
            type(problem.__context__), problem.__cause__, problem.__suppress_context__,
            [(*map(one.f_code.__getattribute__, ("co_name", "co_filename")), at)
             for one, at in traceback.walk_tb(problem.__traceback__)],
        ]
    raise AssertionError


def test_ok_failures(request):
    guard = request.config.pluginmanager.get_plugin("hardcut-guard")
    watched = [told(way) for way in ways()]
    assert len(watched) == 15
    guard._watch.stop()
    try:
        bare = [told(way) for way in ways()]
    finally:
        guard._watch.start()
    assert watched == bare
    guard._found.clear()


def test_ok_warning_is_the_importer_s():
    sys.modules.pop("shop.warns", None)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        import shop.warns
        del sys.modules["shop.warns"]
        importlib.import_module("shop.warns")
    assert [one.filename for one in found] == [__file__, importlib.__file__]


def test_ok_order_and_finders():
    assert not [one for one in sys.meta_path if "hardcut" in type(one).__module__ or "hardcut" in repr(one)]
    asked = []
    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            asked.append(name)
    sys.meta_path.insert(0, Finder)
    try:
        with pytest.raises(ImportError):
            import shop.old.deep
        with pytest.raises(ImportError):
            importlib.import_module("shop.nothing.deep")
    finally:
        sys.meta_path.remove(Finder)
    assert asked == ["shop.old", "shop.nothing"]
    before = list(sys.modules)
    sys.modules.pop("shop.first", None)
    import shop.first
    assert [one for one in sys.modules if one not in before] == ["shop.second", "shop.first"]


def test_ok_reload():
    import shop.counts
    first = shop.counts
    first.kept = 1
    assert importlib.reload(first) is first
    assert first.kept == 1
    assert first.COUNT == 2


def test_reload_runs_its_imports():
    import shop.counts
    shop.counts.OLD = True
    importlib.reload(shop.counts)


def test_ok_subinterpreter():
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            interpreters = importlib.import_module(name)
        except ImportError:
            continue
        one = interpreters.create()
        code = "import builtins, importlib, types, json\\n"
        code += "assert isinstance(builtins.__import__, types.BuiltinFunctionType)\\n"
        code += "assert importlib._bootstrap._gcd_import.__code__.co_firstlineno > 1000\\n"
        code += "try:\\n    import shop.old\\nexcept ImportError:\\n    pass\\n"
        assert interpreters.run_string(one, code) is None
        interpreters.destroy(one)
        return
    pytest.skip("no subinterpreters")


def test_ok_another_wrapper():
    ours = builtins.__import__
    seen = []
    def wrapper(name, *rest, **more):
        seen.append(name)
        return ours(name, *rest, **more)
    builtins.__import__ = wrapper
    try:
        import shop.new
        assert __import__(name="shop.new", fromlist=("x",), level=0).__name__ == "shop.new"
    finally:
        builtins.__import__ = ours
    assert seen[0] == "shop.new"


def test_thread_that_outlives_its_test_1():
    import threading, time
    def work():
        go.wait()
        try:
            import shop.old
        except ImportError:
            pass
    globals()["go"] = threading.Event()
    globals()["one"] = threading.Thread(target=work)
    one.start()


def test_thread_that_outlives_its_test_2():
    go.set()
    one.join()
'''


def test_nothing_is_disturbed(project: Path) -> None:
    write(project, "tests/test_it.py", UNDISTURBED)
    write(project, "src/shop/fails.py", "from shop import middle\n")
    write(project, "src/shop/middle.py", "import nowhere\n")
    write(project, "src/shop/broken.py", "import shop.new\n1 / 0\n")
    write(project, "src/shop/syntax.py", "def (\n")
    write(project, "src/shop/exits.py", "raise SystemExit(3)\n")
    write(
        project,
        "src/shop/warns.py",
        "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n",
    )
    write(project, "src/shop/first.py", "import shop.second\n")
    write(project, "src/shop/second.py", "")
    counts = "COUNT = globals().get('COUNT', 0) + 1\nif globals().get('OLD'):\n    try:\n"
    counts += "        import shop.old\n    except ImportError:\n        pass\n"
    write(project, "src/shop/counts.py", counts)
    _, said = run(project, "-v")
    names = re.findall(r"^def (test_\w+)", UNDISTURBED, re.M)
    expected = dict.fromkeys(names, "PASSED")
    expected |= {"test_reload_runs_its_imports": "FAILED", "test_thread_that_outlives_its_test_2": "FAILED"}
    assert outcomes(said) == expected, said
    assert "src/shop/counts.py:4: imports `shop.old`" in said


def test_without_the_option_nothing_is_touched(project: Path) -> None:
    text = "import builtins, sys\n\ndef test_it():\n    assert type(builtins.__import__).__name__ == "
    text += "'builtin_function_or_method'\n"
    text += "    assert 'hardcut.hosts.pytest.import_watch' not in sys.modules\n"
    write(project, "tests/test_it.py", text)
    assert run(project, guard=False)[0] == 0


def test_with_the_gates_and_all_is_put_back_at_the_end(project: Path) -> None:
    text = "import builtins, pytest, sys\nbefore = builtins.__import__\n"
    text += "code = pytest.main(['--cutover', '--cutover-guard', '-q', 'tests'])\n"
    text += "assert builtins.__import__ is before\n"
    text += (
        "from importlib._bootstrap import _gcd_import\nassert _gcd_import.__code__.co_firstlineno > 1000\n"
    )
    text += "sys.exit(code)\n"
    write(project, "go.py", text)
    write(
        project,
        "tests/test_it.py",
        "import importlib\n\ndef test_it():\n    try:\n"
        "        importlib.import_module('shop.' + 'dlo'[::-1])\n    except ImportError:\n        pass\n",
    )
    ended = subprocess.run(
        [sys.executable, "go.py"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": PACKAGES},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1, ended.stderr
    assert "FAILED tests/test_it.py::test_it" in ended.stdout
    assert "1 failed, 4 passed" in ended.stdout


def test_a_broken_manifest_is_a_usage_error(project: Path) -> None:
    write(project, "cutover.toml", "[[[")
    code, said = run(project)
    assert code == 4
    assert "cutover.toml:1:" in said
    assert "Traceback" not in said
    (project / "cutover.toml").unlink()
    code, said = run(project)
    assert code == 4
    assert "hardcut: no cutover.toml in " in said
