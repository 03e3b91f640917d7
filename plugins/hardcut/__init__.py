"""hardcut: hold a Python codebase to a hard-cutover plan.

`check` is the whole of it; `Unusable` is what it raises, and the other names are what a `Report` is made
of. They are loaded when they are first used, so that importing the package costs next to nothing. It
imports no module, not even `__future__`: with `python -m hardcut`, the working directory still comes first.
"""

TYPE_CHECKING = False  # type checkers know the name, and `typing` is slow to import

if TYPE_CHECKING:
    from hardcut.api.check import check
    from hardcut.api.errors import Unusable
    from hardcut.engine.report_data import Pending, Report, Uncovered
    from hardcut.finding import Declared, Finding, Place
    from hardcut.plan.gates import Problem

__version__ = "0.1.0"

__all__ = [
    "Declared",
    "Finding",
    "Pending",
    "Place",
    "Problem",
    "Report",
    "Uncovered",
    "Unusable",
    "check",
]

_HOMES = {
    "Declared": "hardcut.finding",
    "Finding": "hardcut.finding",
    "Pending": "hardcut.engine.report_data",
    "Place": "hardcut.finding",
    "Problem": "hardcut.plan.gates",
    "Report": "hardcut.engine.report_data",
    "Uncovered": "hardcut.engine.report_data",
    "Unusable": "hardcut.api.errors",
    "check": "hardcut.api.check",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
