"""Sees the imports of this process, cached and failing ones too, and leaves each as it is.

Import statements, `__import__` and C code call `builtins.__import__`; `import_module`, under whatever name
it was taken earlier, calls `importlib._bootstrap._gcd_import`. A finder in `sys.meta_path` and the audit
event `import` never see a module that is loaded already, and the event misses `import_module` altogether.
"""

from __future__ import annotations

import builtins
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from opcode import opmap
from types import FrameType, ModuleType
from typing import Any, NamedTuple

_STATEMENT, _EXTENDED = opmap["IMPORT_NAME"], opmap["EXTENDED_ARG"]
_BOOTSTRAP: Any = sys.modules["_frozen_importlib"]
MACHINERY = "<frozen importlib._bootstrap>"
"""The file that our functions claim: warnings and tracebacks pass over frames of the import system."""


class Seen(NamedTuple):
    """An import of a watched module: who asked for it, how it was asked for, and how it ended.

    `written` tells an import statement from a call, whose name may come from somewhere else;
    `compiled` code asked through Python's C interface.
    """

    module: str
    frame: FrameType
    written: bool
    compiled: bool
    failure: BaseException | None


class Watch:
    """Tells of each import of some modules, or of what lies below them, from `start` to `stop`.

    `tell` is called in the importing thread, after the import has ended in whatever way. `trouble` holds
    what went wrong in telling: no import fails for it.
    """

    def __init__(self, modules: Iterable[str], tell: Callable[[Seen], None]) -> None:
        self._modules = frozenset(modules)
        self._above = frozenset(one.rpartition(".")[0] for one in self._modules)
        self._tell = tell
        self._clean = set[str]()
        self._known = set[tuple[str, Any]]()
        self._busy = threading.local()
        self._on = False
        self.trouble: list[Exception] = []
        self._import = _hidden(_statement(builtins.__import__, self._clean, self._asked, self._ended))
        self._gcd_import = _hidden(_call(_BOOTSTRAP._gcd_import, self._asked, self._ended))
        self._kept = builtins.__import__, _BOOTSTRAP._gcd_import

    def start(self) -> None:
        """Watch."""
        self._on = True
        builtins.__import__ = self._import
        _BOOTSTRAP._gcd_import = self._gcd_import

    def stop(self) -> None:
        """Put back what was there; where others have wrapped it since, only fall silent."""
        self._on = False
        if builtins.__import__ is self._import:
            builtins.__import__ = self._kept[0]
        if _BOOTSTRAP._gcd_import is self._gcd_import:
            _BOOTSTRAP._gcd_import = self._kept[1]

    def _asked(self, name: Any, package: Any, names: Any, level: int) -> str | None:
        """The absolute name, if a watched module may be meant; None for all other imports."""
        if not isinstance(name, str):
            return None
        module: str = name
        key = (name, names) if not level and names.__class__ is tuple else None
        if key is not None and key in self._known:
            return None
        if level:
            parts = package.split(".") if isinstance(package, str) else []
            if not 0 < level <= len(parts):
                return None
            module = ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])
        if self._is_watched(module):
            return module
        above = module in self._above
        if above and any(one == "*" or self._is_watched(f"{module}.{one}") for one in names or ()):
            return module
        if not level and not above:
            self._clean.add(module)
        elif key is not None:
            self._known.add(key)
        return None

    def _is_watched(self, module: str) -> bool:
        while module:
            if module in self._modules:
                return True
            module = module.rpartition(".")[0]
        return False

    def _ended(self, name: str, names: Any, frame: FrameType, failure: Any, compiled: bool = False) -> None:
        """Tell of an import of `name` (and of `names` from it), which gave a module or failed."""
        if not self._on or getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            if self._is_watched(name):
                found = [name]
            else:
                found = [] if failure else list(self._submodules(name, names))
            for module in found:
                self._tell(Seen(module, frame, _is_statement(frame), compiled, failure))
        except Exception as problem:
            self.trouble.append(problem)
        finally:
            self._busy.now = False

    def _submodules(self, package: str, names: Sequence[str]) -> Iterable[str]:
        """The watched ones among names imported from a package: loaded submodules, and what is not there."""
        module = sys.modules.get(package)
        bound: dict[str, Any] = getattr(module, "__dict__", {})
        listed = [*names, *bound.get("__all__", ())] if "*" in names else names
        for one in listed:
            path = f"{package}.{one}"
            if not self._is_watched(path):
                continue
            if one in bound:
                value = bound[one]
                if isinstance(value, ModuleType) and value.__name__ == path:
                    yield path
            elif "__getattr__" not in bound:
                yield path


def _statement(original: Any, clean: set[str], asked: Any, ended: Any) -> Any:
    """A stand-in for `builtins.__import__`; `clean` holds names that need no further question."""

    def __import__(
        name: Any, globals: Any = None, locals: Any = None, fromlist: Any = (), level: Any = 0
    ) -> Any:
        found = None
        try:
            if level or name.__class__ is not str or name not in clean:
                found = asked(name, _package(globals) if level else None, fromlist, level)
            module = original(name, globals, locals, fromlist, level)
        except BaseException as problem:
            _forget_frame(problem)
            if found is not None:
                ended(found, fromlist, sys._getframe(1), problem, _is_compiled(globals, locals, fromlist))
            raise
        if found is not None:
            ended(found, fromlist, sys._getframe(1), None, _is_compiled(globals, locals, fromlist))
        return module

    return __import__


def _call(original: Any, asked: Any, ended: Any) -> Any:
    """A stand-in for `_gcd_import`."""

    def _gcd_import(name: Any, package: Any = None, level: Any = 0) -> Any:
        found = None
        try:
            found = asked(name, package, (), level)
            module = original(name, package, level)
        except BaseException as problem:
            _forget_frame(problem)
            if found is not None:
                ended(found, (), sys._getframe(1), problem)
            raise
        if found is not None:
            ended(found, (), sys._getframe(1), None)
        return module

    return _gcd_import


def _hidden(function: Any) -> Any:
    function.__code__ = function.__code__.replace(co_filename=MACHINERY)
    return function


def _forget_frame(problem: BaseException) -> None:
    """Take the caller out of a traceback: a bare `raise` adds no new entry for it."""
    if problem.__traceback__ is not None:
        problem.__traceback__ = problem.__traceback__.tb_next


def _package(namespace: Any) -> Any:
    """Where relative imports of a module start."""
    if not isinstance(namespace, dict):
        return None
    package = namespace.get("__package__")
    if package is None:
        package = getattr(namespace.get("__spec__"), "parent", None)
    if package is None and isinstance(namespace.get("__name__"), str):
        name: str = namespace["__name__"]
        package = name if "__path__" in namespace else name.rpartition(".")[0]
    return package


def _is_compiled(globals: Any, locals: Any, fromlist: Any) -> bool:
    """Whether arguments are those that the function PyImport_Import of Python's C interface makes."""
    return fromlist.__class__ is list and not fromlist and globals is locals and globals is not None


def _is_statement(frame: FrameType) -> bool:
    """Whether a frame is at an import statement."""
    code, at = frame.f_code.co_code, frame.f_lasti
    while code[at] == _EXTENDED:
        at += 2
    return code[at] == _STATEMENT
