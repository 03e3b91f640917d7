"""Forms in which code keeps a failure to itself, or does not: each row with the lines that CUT401 reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import lay

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

MANIFEST = """\
[plan]
name = "one-engine"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.fail_fast]]
guard = ["engine_ext"]
"""
GUARDS = """\
import contextlib
from contextlib import ContextDecorator, contextmanager, nullcontext, suppress
from functools import partial

MISSING = (ImportError, KeyError)


def kinds():
    return (ImportError, OSError)


class Errors:
    MISSING = (ImportError,)
    OTHER = (OSError,)


@contextmanager
def quiet():
    try:
        yield
    except ImportError:
        pass


class Base:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True


class Silent(Base):
    pass


class Loud(Base):
    def __exit__(self, kind, error, trace):
        return None


class Ignored(suppress):
    pass


class NoImports(suppress):
    def __init__(self):
        super().__init__(ImportError)


class Calm(ContextDecorator):
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return issubclass(kind, ImportError)


class Watch(Calm):
    def __exit__(self, kind, error, trace):
        print(kind)


def allowing():
    return suppress(ImportError)


ignoring = partial(suppress, ImportError)
tolerant = suppress(ImportError)
"""
TABLE = {
    "suppress under an alias": """\
from contextlib import suppress as quietly

with quietly(ImportError):  # finds
    import engine_ext
""",
    "suppress through a name": """\
import contextlib

hush = contextlib.suppress
with hush(ImportError):  # finds
    import engine_ext
""",
    "a manager as a decorator": """\
@quiet()  # finds
def start():
    import engine_ext
""",
    "a manager class as a decorator": """\
@Calm()  # finds
def start():
    import engine_ext
""",
    "a manager class that lets go on, as a decorator": """\
@Watch()
def start():
    import engine_ext
""",
    "a function that makes a manager": """\
with allowing():  # finds
    import engine_ext
""",
    "suppress of types in a name": """\
with suppress(*MISSING):  # finds
    import engine_ext
""",
    "suppress of other types in a name": """\
with suppress(*Errors.OTHER):
    import engine_ext
""",
    "__exit__ of a base class": """\
with Silent():  # finds
    import engine_ext
""",
    "__exit__ that replaces it": """\
with Loud():
    import engine_ext
""",
    "a subclass of suppress": """\
with Ignored(ImportError):  # finds
    import engine_ext
""",
    "a subclass of suppress, for other failures": """\
with Ignored(OSError):
    import engine_ext
""",
    "a subclass of suppress with its own types": """\
with NoImports():  # finds
    import engine_ext
""",
    "a partial of suppress": """\
with ignoring():  # finds
    import engine_ext
""",
    "a manager in a name": """\
with tolerant:  # finds
    import engine_ext
""",
    "a conditional manager": """\
def start(strict):
    with nullcontext() if strict else suppress(ImportError):  # finds
        import engine_ext
""",
    "a conditional manager of neither": """\
def start(strict):
    with nullcontext() if strict else suppress(OSError):
        import engine_ext
""",
    "a manager from a method of a stack": """\
def start():
    with contextlib.ExitStack() as stack:
        stack.push(suppress(ImportError))  # finds
        import engine_ext
""",
    "functions that never return": """\
from typing_extensions import assert_never


def start(strict):
    try:
        import engine_ext
    except ImportError as error:
        if strict:
            exit(1)
        assert_never(error)
""",
    "types in a name": """\
try:
    import engine_ext
except MISSING:  # finds
    pass
""",
    "types in an attribute": """\
try:
    import engine_ext
except Errors.MISSING:  # finds
    pass
""",
    "other types in an attribute": """\
try:
    import engine_ext
except Errors.OTHER:
    pass
""",
    "types from a call": """\
try:
    import engine_ext
except kinds():  # finds
    pass
""",
}
"""Programs; the lines with `# finds` are reported."""
DEFINED = frozenset(
    name for line in GUARDS.split("\n") for name in re.findall(r"^(?:def |class )?(\w+)(?= = |[(:])", line)
)
LIBRARY = "import contextlib\nfrom contextlib import nullcontext, suppress\n"
WORDS = re.compile(rf"(?<![\w.])({'|'.join(sorted(DEFINED))})\b")


def one_file(body: str) -> dict[str, str]:
    """The definitions and their use in one file."""
    return {"src/shop/cart.py": f"{GUARDS}\n\n{body}"}


def imported(body: str) -> dict[str, str]:
    """The definitions in another file, imported by name."""
    names = sorted(set(WORDS.findall(body)))
    line = f"from shop.guards import {', '.join(names)}\n" if names else ""
    return {"src/shop/guards.py": GUARDS, "src/shop/cart.py": f"{LIBRARY}{line}\n{body}"}


def attributes(body: str) -> dict[str, str]:
    """The definitions in another file, which is imported as a whole."""
    text = WORDS.sub(r"guards.\1", body)
    return {
        "src/shop/guards.py": GUARDS,
        "src/shop/cart.py": f"{LIBRARY}import shop.guards as guards\n\n{text}",
    }


@pytest.mark.parametrize("files", [one_file, imported, attributes])
@pytest.mark.parametrize("title", TABLE)
def test_a_failure_is_kept_or_not(title: str, files: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    laid = files(TABLE[title])
    lay(tmp_path, {"cutover.toml": MANIFEST, "src/shop/__init__.py": "", **laid})
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False, jobs=1))
    found = {
        (finding.place.path, finding.place.line) for finding in report.findings if finding.code == "CUT401"
    }
    expected = {
        (path, number)
        for path, text in laid.items()
        for number, line in enumerate(text.split("\n"), 1)
        if line.endswith("# finds")
    }
    assert found == expected
