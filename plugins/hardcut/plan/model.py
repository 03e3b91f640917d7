"""The manifest's model: every table and key of `cutover.toml`, as it is written.

Each struct is one kind of table. Unknown keys are errors. A key's meaning is its docstring's line;
the same text is the description in the JSON Schema and in docs/manifest.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from hardcut.finding import Declared, State

Level = Literal["error", "warning", "off"]
Dotted = Annotated[str, Meta(pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*)*$", description="a dotted Python name")]
Glob = Annotated[str, Meta(min_length=1, description="a path or glob, relative to the root")]
Text = Annotated[str, Meta(min_length=1)]
Names = Annotated[list[Text], Meta(min_length=1)]
Paths = Annotated[list[Glob], Meta(min_length=1)]
Modules = Annotated[list[Dotted], Meta(min_length=1)]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any table of the manifest."""


class Decision(Table):
    """A question the plan leaves to its authors."""

    question: Annotated[Text, Meta(description="what has to be decided")]
    options: Annotated[list[Text], Meta(description="the possible answers")] = []
    chosen: Annotated[Text | None, Meta(description="the answer taken; without it the decision is open")] = None


class Entry(Table):
    """What every gate's table may carry."""

    reason: Annotated[Text | None, Meta(description="why; shown with each finding")] = None
    contested: Annotated[
        Text | None,
        Meta(description="why the authors disagree; findings are shown apart, not as errors"),
    ] = None
    decision: Annotated[Decision | None, Meta(description="the decision this entry rests on")] = None


class Delete(Entry):
    """A module, or a package with all below it, that goes."""

    module: Annotated[Dotted, Meta(description="the deleted module or package, with all below it")]
    to: Annotated[Dotted | None, Meta(description="where its users should go instead")] = None
    submodules_only: Annotated[
        bool, Meta(description="the package becomes a module of the same name: only what is below it goes")
    ] = False
    mentions: Annotated[Level | None, Meta(description="mentions in text, comments and docstrings")] = None


class Remove(Entry):
    """Names that go from a module that stays (or is split)."""

    module: Annotated[Dotted, Meta(description="the home of the names")]
    symbols: Annotated[Names, Meta(description="names, or class members as Class.member")]
    mentions: Annotated[Level | None, Meta(description="mentions in text, comments and docstrings")] = None


class Keep(Entry):
    """What has to survive: names of a module, or files."""

    module: Annotated[Dotted | None, Meta(description="the home of the names")] = None
    symbols: Annotated[list[Text], Meta(description="names that must be defined there")] = []
    files: Annotated[list[Glob], Meta(description="files that must exist")] = []


class Move(Entry):
    """Names (or a whole module, without `symbols`) that get a new home."""

    from_: Annotated[Dotted, Meta(description="the old home")] = msgspec.field(name="from")
    to: Annotated[Dotted | Modules, Meta(description="the new home, or homes of a split module")]
    symbols: Annotated[list[Text], Meta(description="the names that move; without it, every name")] = []


class Surface(Entry):
    """One extension module stays; others may not be reached in any way."""

    only: Annotated[Dotted, Meta(description="the one allowed module")]
    banned: Annotated[Modules, Meta(description="modules that may not be reached")]
    within: Annotated[list[Dotted], Meta(description="only in these modules and all below; without it, everywhere")] = []
    allow: Annotated[list[Glob], Meta(description="paths where the banned modules may be used")] = []
    mentions: Annotated[Level | None, Meta(description="mentions in strings, messages, comments and text")] = None


class FailFast(Entry):
    """Imports and calls whose failure must reach the caller."""

    guard: Annotated[Modules, Meta(description="guarded modules and functions")]
    within: Annotated[list[Dotted], Meta(description="only in these modules and all below")] = []


class Delegate(Entry):
    """A function that only marshals for the native side."""

    function: Annotated[Dotted, Meta(description="the Python function")]
    to: Annotated[Dotted, Meta(description="the native module or function it must reach")]
    through: Annotated[list[Dotted], Meta(description="helpers on the way")] = []


class Ceiling(Entry):
    """How many lines a file or folder may have."""

    path: Glob
    max_lines: Annotated[int | None, Meta(ge=0, description="at most so many lines")] = None
    min_lines: Annotated[int | None, Meta(ge=0, description="at least so many: a split that moved nothing is none")] = None
    max_definitions: Annotated[int | None, Meta(ge=0, description="at most so many top-level definitions")] = None
    count: Annotated[Literal["all", "code"], Meta(description="all lines, or lines that hold code")] = "all"


class Shrink(Entry):
    """Lines removed between two revisions."""

    paths: Paths
    at_least: Annotated[int | None, Meta(ge=0, description="at least so many lines fewer")] = None
    at_most: Annotated[int | None, Meta(ge=0, description="at most so many lines fewer")] = None
    since: Annotated[Text | None, Meta(description="the revision where the wave began")] = None


class Align(Entry):
    """One version in several files."""

    name: Annotated[Text, Meta(description="the distribution or crate")]
    in_: Annotated[Paths, Meta(description="the files that state it")] = msgspec.field(name="in")
    to: Annotated[Literal["major", "minor", "patch"], Meta(description="how closely")] = "patch"
    names: Annotated[dict[str, str], Meta(description="its name in a file, where it differs")] = {}


class NoShims(Entry):
    """Packages whose `__init__` re-exports nothing."""

    packages: Modules


class Native(Entry):
    """Modules that hold no Python implementation of what the native side owns."""

    what: Annotated[Text, Meta(description="what is owned, such as `udf`")]
    within: Modules
    names: Annotated[list[Text], Meta(description="name patterns of an implementation")] = []
    bases: Annotated[list[Text], Meta(description="base classes of an implementation")] = []
    decorators: Annotated[list[Text], Meta(description="decorators of an implementation")] = []
    calls: Annotated[list[Text], Meta(description="registration calls of an implementation")] = []


class Document(Entry):
    """What a module's docstring must state."""

    module: Dotted
    must_mention: Names


class Absent(Entry):
    """Files, folders and leftovers that must be gone."""

    paths: Paths


class EntryPoint(Entry):
    """Names that a native module must export, asked on request only."""

    module: Dotted
    names: Names


class Benchmark(Entry):
    """A result that may not be worse than its baseline."""

    result: Glob
    baseline: Glob
    tolerance: Annotated[str, Meta(pattern=r"^\d+(\.\d+)?%$", description="such as 5%")] = "5%"
    statistic: Annotated[Literal["min", "median", "mean"], Meta(description="which figure")] = "median"
    direction: Annotated[Literal["lower", "higher"], Meta(description="which way is better")] = "lower"


class Snapshot(Entry):
    """A configuration snapshot kept beside a wave's benchmark."""

    file: Glob
    of: Annotated[Text, Meta(description="`datafusion`, or a label of your own")]
    previous: Annotated[Glob | None, Meta(description="the snapshot of the wave before")] = None
    ignore: Annotated[list[Text], Meta(description="keys that may differ")] = []


class Quality(Entry):
    """Commands that must succeed, run on request only."""

    commands: Names


class Wave(Table):
    """One step of the plan."""

    id: Text
    title: Annotated[Text | None, Meta(description="a line for people")] = None
    state: State = "planned"
    requires: Annotated[list[Text], Meta(description="waves that must have landed first")] = []
    delete: list[Delete] = []
    remove: list[Remove] = []
    keep: list[Keep] = []
    move: list[Move] = []
    surface: list[Surface] = []
    fail_fast: list[FailFast] = []
    delegate: list[Delegate] = []
    ceiling: list[Ceiling] = []
    shrink: list[Shrink] = []
    align: list[Align] = []
    no_shims: list[NoShims] = []
    native: list[Native] = []
    document: list[Document] = []
    absent: list[Absent] = []
    entrypoint: list[EntryPoint] = []
    benchmark: list[Benchmark] = []
    snapshot: list[Snapshot] = []
    quality: list[Quality] = []


class Waiver(Table):
    """A finding the team lives with until a wave or a date."""

    rule: Annotated[Text, Meta(description="a rule's code or name")]
    path: Glob
    subject: Annotated[Text | None, Meta(description="only findings about this name")] = None
    reason: Text
    until: Annotated[Text, Meta(description="`wave ID`, or a date as YYYY-MM-DD")]


class Revive(Table):
    """A deleted path that comes back on purpose."""

    module: Dotted
    reason: Text


class Plan(Table):
    """The plan as a whole."""

    name: Text
    source: Annotated[list[Glob], Meta(description="import roots, relative to the root")] = ["."]
    check: Annotated[list[Glob], Meta(description="files and folders to check")] = ["."]
    exclude: Annotated[list[Glob], Meta(description="globs that are never checked")] = []
    mentions: Annotated[Level, Meta(description="mentions in text, comments and docstrings")] = "warning"
    base: Annotated[Text | None, Meta(description="the revision the plan was written against")] = None
    loggers: Annotated[list[Text], Meta(description="further functions whose string argument is a label, not a module")] = []
    importers: Annotated[list[Dotted], Meta(description="further functions that import the module they are given")] = []


class Manifest(Table):
    """A whole `cutover.toml`, or `[tool.hardcut]` of a pyproject.toml."""

    plan: Plan
    wave: list[Wave] = []
    waiver: list[Waiver] = []
    revive: list[Revive] = []


__all__ = [name for name, value in list(globals().items()) if isinstance(value, type) and issubclass(value, Table)]
