"""The guard sees every form of an import, and blames the line that asked for it."""

from __future__ import annotations

import re

import pytest
from folders import lay
from guarded_shop import FILES, guarded, message, outcomes

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
    lay(root, FILES | {"tests/test_it.py": FORMS})
    return guarded(root, "-v", *request.param)[1]


def test_every_form_fails_its_test_and_no_other(forms: str) -> None:
    names = re.findall(r"^def (test_\w+)", FORMS, re.M)
    expected = {name: "PASSED" if name.startswith("test_ok_") else "FAILED" for name in names}
    assert outcomes(forms) == expected | {"test_set_up": "ERROR", "test_tear_down": "ERROR"}


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
