"""The guard disturbs nothing, and is not there unless it is asked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from folders import lay
from guarded_shop import guarded, outcomes
from pytest_session import PACKAGES, session

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


def test_nothing_is_disturbed(shop: Path) -> None:
    warns = "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n"
    counts = "COUNT = globals().get('COUNT', 0) + 1\nif globals().get('OLD'):\n    try:\n"
    counts += "        import shop.old\n    except ImportError:\n        pass\n"
    files = {
        "tests/test_it.py": UNDISTURBED,
        "src/shop/fails.py": "from shop import middle\n",
        "src/shop/middle.py": "import nowhere\n",
        "src/shop/broken.py": "import shop.new\n1 / 0\n",
        "src/shop/syntax.py": "def (\n",
        "src/shop/exits.py": "raise SystemExit(3)\n",
        "src/shop/warns.py": warns,
        "src/shop/first.py": "import shop.second\n",
        "src/shop/second.py": "",
        "src/shop/counts.py": counts,
    }
    lay(shop, files)
    _, said = guarded(shop, "-v")
    names = re.findall(r"^def (test_\w+)", UNDISTURBED, re.M)
    expected = dict.fromkeys(names, "PASSED")
    expected |= {"test_reload_runs_its_imports": "FAILED", "test_thread_that_outlives_its_test_2": "FAILED"}
    assert outcomes(said) == expected, said
    assert "src/shop/counts.py:4: imports `shop.old`" in said


def test_without_the_option_nothing_is_touched(shop: Path) -> None:
    text = "import builtins, sys\n\ndef test_it():\n    assert type(builtins.__import__).__name__ == "
    text += "'builtin_function_or_method'\n"
    text += "    assert 'hardcut.integrations.pytest.import_watch' not in sys.modules\n"
    lay(shop, {"tests/test_it.py": text})
    assert session(shop)[0] == 0


def test_with_the_gates_and_all_is_put_back_at_the_end(shop: Path) -> None:
    text = "import builtins, pytest, sys\nbefore = builtins.__import__\n"
    text += "code = pytest.main(['--cutover', '--cutover-guard', '-q', 'tests'])\n"
    text += "assert builtins.__import__ is before\n"
    text += (
        "from importlib._bootstrap import _gcd_import\nassert _gcd_import.__code__.co_firstlineno > 1000\n"
    )
    text += "sys.exit(code)\n"
    lay(shop, {"go.py": text})
    lay(
        shop,
        {
            "tests/test_it.py": "import importlib\n\ndef test_it():\n    try:\n"
            "        importlib.import_module('shop.' + 'dlo'[::-1])\n    except ImportError:\n        pass\n"
        },
    )
    ended = subprocess.run(
        [sys.executable, "go.py"],
        cwd=shop,
        env=os.environ | {"PYTHONPATH": PACKAGES},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1, ended.stderr
    assert "FAILED tests/test_it.py::test_it" in ended.stdout
    assert "1 failed, 4 passed" in ended.stdout
