"""What a Python file's code does to its module's namespace, beside the names that its statements bind."""

from __future__ import annotations

import msgspec


class Namespace(msgspec.Struct, frozen=True, array_like=True):
    """The answer for one file.

    `written` are names that code puts into the namespace by a string; `is_open` says that it may put in
    others. `registered` are modules that it puts into `sys.modules`, with None for one that is not written
    out. `listed` is what `__all__` lists in the end, None without an `__all__`; `lists_more` says that it may
    list other names too.

    `frames` are the functions that look at the frame of their caller, and `uses` the paths of what
    module-level code reads of other modules: such a function may put names into the module that calls it.
    `sets` are the paths of attributes of other modules that module-level code assigns.
    """

    written: list[str] = []
    is_open: bool = False
    is_replaced: bool = False
    changes_path: bool = False
    registered: list[str | None] = []
    listed: list[str] | None = None
    lists_more: bool = False
    frames: list[str] = []
    uses: list[str] = []
    sets: list[str] = []
