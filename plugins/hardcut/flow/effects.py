"""What an analysis of failures asks about names: which exceptions are raised and caught, and by what.

The control-flow graph knows how control goes. What a name stands for is answered by a client, which
implements `Effects` for one file. Types are names, as in `hardcut.flow.exceptions`.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from hardcut.flow.exceptions import EXIT, TEST_FAILURE, Hierarchy
from hardcut.syntax import nodes

EXPECTING: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex", "RaisesExc", "raises_group"})
"""Last names of context managers that assert that their block fails.

docs.pytest.org (`raises`, `RaisesExc`), docs.python.org/library/unittest (`assertRaises` and
`assertRaisesRegex`).
"""


NEVER_RETURN: Final = {
    # docs.python.org: "This is implemented by raising the SystemExit exception", and the process ends.
    "sys.exit": EXIT,
    "os._exit": EXIT,
    "os.abort": EXIT,
    "builtins.exit": EXIT,
    "builtins.quit": EXIT,
    # docs.python.org: raises an AssertionError when it is called.
    "typing.assert_never": "AssertionError",
    "typing_extensions.assert_never": "AssertionError",
    # docs.pytest.org: each raises an outcome exception; all but that of `fail` end a test as `skip` does.
    "pytest.exit": EXIT,
    "pytest.fail": TEST_FAILURE,
    "pytest.skip": EXIT,
    "pytest.xfail": EXIT,
}
"""Functions that end with an exception, or not at all, with what they raise."""
TEST_METHODS: Final = {"fail": "AssertionError", "skipTest": EXIT}
"""Methods of a test case (docs.python.org/library/unittest) that never return, with what they raise."""


class Leave(NamedTuple):
    """What a context manager does with an exception: whether it may swallow it, and which types go on.

    `through` are names of other files: if one of them is a manager that swallows, the exception ends too.
    """

    ends: bool
    on: frozenset[str]
    through: tuple[str, ...] = ()


class Effects(Protocol):
    """Answers about the expressions of one file."""

    @property
    def hierarchy(self) -> Hierarchy:
        """The exception types of the file."""

    def never_returns(self, call: nodes.Call) -> tuple[str, ...]:
        """The types that a call raises if it never returns; nothing if it may return."""

    def types(self, expression: nodes.Expression) -> list[str]:
        """The exception types that an expression (of an `except`, `isinstance`, `case`) stands for.

        A name with a dot is a path of another file, which may stand for further types.
        """

    def raised(self, expression: nodes.Expression) -> str:
        """The type of the exception that `raise expression` raises; `ANY` if that is unknown."""

    def leave(self, manager: nodes.Expression, raised: str) -> Leave:
        """What a context manager does with an exception of a type."""


def expects_failure(manager: nodes.Expression) -> bool:
    """Whether a context manager asserts that its block fails."""
    if not isinstance(manager, nodes.Call):
        return False
    function = manager.func
    if isinstance(function, nodes.Attribute):
        return function.attr in EXPECTING
    return isinstance(function, nodes.Name) and function.id in EXPECTING
