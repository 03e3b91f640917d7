"""The manifest's model: every table and key of `cutover.toml`, as it is written.

Each struct is one kind of table. Unknown keys are errors. A key's meaning is its docstring's line;
the same text is the description in the JSON Schema and in docs/manifest.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hardcut.finding import State

DOTTED = r"^[^\W\d]\w*(\.[^\W\d]\w*)*\Z"
NOT_BLANK = r"\S"
HERE = {"default": ["."]}
PERCENT = r"^\d{1,9}(\.\d{1,9})?%\Z"

Level = Literal["error", "warning", "off"]
Dotted = Annotated[str, Meta(pattern=DOTTED, max_length=500, description="a dotted Python name")]
Glob = Annotated[
    str, Meta(pattern=NOT_BLANK, max_length=4000, description="a path or glob, relative to the root")
]
Text = Annotated[str, Meta(pattern=NOT_BLANK)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Names = Annotated[list[Text], Meta(min_length=1)]
Paths = Annotated[list[Glob], Meta(min_length=1)]
Modules = Annotated[list[Dotted], Meta(min_length=1)]
TextReferences = Annotated[
    Level | None,
    Meta(
        description="how to report references in text, comments and docstrings; "
        "without it, as `plan.text_references`"
    ),
]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any table of the manifest."""


class Decision(Table, frozen=True, kw_only=True):
    """A question that the authors of the plan have to answer."""

    question: Annotated[Text, Meta(description="what has to be decided")]
    options: Annotated[list[Text], Meta(description="the possible answers")] = []
    chosen: Annotated[
        Text | None, Meta(description="the chosen answer; without it, the decision is open")
    ] = None


class Entry(Table, frozen=True, kw_only=True):
    """Keys that every gate may have."""

    reason: Annotated[
        Text | None, Meta(description="why the plan requires this; shown with each finding")
    ] = None
    contested: Annotated[
        Text | None,
        Meta(description="why the authors disagree; findings are shown apart, not as errors"),
    ] = None
    decision: Annotated[Decision | None, Meta(description="the decision that this entry depends on")] = None
    allow_unmatched: Annotated[
        Text | None,
        Meta(description="why this entry may match nothing, now and in the known history (CUT905)"),
    ] = None


class Delete(Entry, frozen=True, kw_only=True):
    """A module, or a package with everything below it, that is deleted."""

    module: Annotated[Dotted, Meta(description="the deleted module or package, with everything below it")]
    to: Annotated[Dotted | None, Meta(description="the module to use instead")] = None
    submodules_only: Annotated[
        bool,
        Meta(description="the package becomes a module of the same name: only submodules are deleted"),
    ] = False
    text_references: TextReferences = None


class Remove(Entry, frozen=True, kw_only=True):
    """Names that are removed from a module that stays (or is split)."""

    module: Annotated[Dotted, Meta(description="the module that defines the names")]
    symbols: Annotated[Names, Meta(description="names, or class members as Class.member")]
    text_references: TextReferences = None


class Keep(Entry, frozen=True, kw_only=True):
    """What has to survive: names of a module, or files."""

    module: Annotated[Dotted | None, Meta(description="the module that defines the names")] = None
    symbols: Annotated[list[Text], Meta(description="names that must be defined there")] = []
    files: Annotated[list[Glob], Meta(description="files that must exist")] = []


class Move(Entry, frozen=True, kw_only=True):
    """Names that move to another module; without `symbols`, the whole module, which is then deleted."""

    from_: Annotated[Dotted, Meta(description="the old module")] = msgspec.field(name="from")
    to: Annotated[Dotted | Modules, Meta(description="the new module, or the new modules of a split one")]
    symbols: Annotated[list[Text], Meta(description="the names that move; without it, every name")] = []


class Surface(Entry, frozen=True, kw_only=True):
    """One module that may be used, and others that must not be used in any way."""

    only: Annotated[Dotted, Meta(description="the one allowed module")]
    banned: Annotated[Modules, Meta(description="modules that must not be used")]
    within: Annotated[
        list[Dotted], Meta(description="only in these modules and those below them; without it, everywhere")
    ] = []
    allow: Annotated[list[Glob], Meta(description="paths where the banned modules may be used")] = []
    text_references: Annotated[
        Level | None, Meta(description="how to report references in strings, messages, comments and text")
    ] = None


class FailFast(Entry, frozen=True, kw_only=True):
    """Imports and calls whose failure must reach the caller."""

    guard: Annotated[Modules, Meta(description="guarded modules and functions")]
    within: Annotated[
        list[Dotted], Meta(description="only in these modules and those below them; without it, everywhere")
    ] = []


class Delegate(Entry, frozen=True, kw_only=True):
    """A function that only marshals for the native side."""

    function: Annotated[Dotted, Meta(description="the Python function")]
    to: Annotated[Dotted, Meta(description="the native module or function that it must call")]
    through: Annotated[list[Dotted], Meta(description="functions in between, which must delegate too")] = []


class Ceiling(Entry, frozen=True, kw_only=True):
    """How many lines a file or folder may have."""

    path: Annotated[Glob, Meta(description="the file or folder")]
    max_lines: Annotated[Count | None, Meta(description="at most so many lines")] = None
    min_lines: Annotated[
        Count | None, Meta(description="at least so many lines, to detect a split that moved nothing")
    ] = None
    max_definitions: Annotated[Count | None, Meta(description="at most so many top-level definitions")] = None
    count: Annotated[Literal["all", "code"], Meta(description="all lines, or lines with code only")] = "all"


class Shrink(Entry, frozen=True, kw_only=True):
    """Lines removed between two revisions."""

    paths: Annotated[Paths, Meta(description="the files and folders, counted together")]
    at_least: Annotated[Count | None, Meta(description="at least so many lines fewer")] = None
    at_most: Annotated[Count | None, Meta(description="at most so many lines fewer")] = None
    since: Annotated[Text | None, Meta(description="the revision where the wave began")] = None


class Align(Entry, frozen=True, kw_only=True):
    """One version in several files."""

    name: Annotated[Text, Meta(description="the distribution or crate")]
    in_: Annotated[list[Glob], Meta(min_length=2, description="the files that state the version")] = (
        msgspec.field(name="in")
    )
    to: Annotated[Literal["major", "minor", "patch"], Meta(description="the part that must agree")] = "patch"
    names: Annotated[
        dict[str, Text], Meta(description="its name in a file of `in`, where it differs: file = name")
    ] = {}


class NoShims(Entry, frozen=True, kw_only=True):
    """Packages whose `__init__` re-exports nothing."""

    packages: Annotated[Modules, Meta(description="the packages")]


class Native(Entry, frozen=True, kw_only=True):
    """Modules that hold no Python implementation of what the native side owns."""

    what: Annotated[Text, Meta(description="what is owned, such as `udf`")]
    within: Annotated[Modules, Meta(description="the modules to check, with those below them")]
    names: Annotated[list[Text], Meta(description="name patterns of an implementation")] = []
    bases: Annotated[list[Text], Meta(description="base classes of an implementation")] = []
    decorators: Annotated[list[Text], Meta(description="decorators of an implementation")] = []
    calls: Annotated[list[Text], Meta(description="registration calls of an implementation")] = []


class Document(Entry, frozen=True, kw_only=True):
    """What a module's docstring must state."""

    module: Annotated[Dotted, Meta(description="the module")]
    must_mention: Annotated[Names, Meta(description="words that its docstring must contain")]


class Absent(Entry, frozen=True, kw_only=True):
    """Files, folders and leftovers that must not exist."""

    paths: Annotated[Paths, Meta(description="what must not exist")]


class EntryPoint(Entry, frozen=True, kw_only=True):
    """Names that a native module must export; checked on request only."""

    module: Annotated[Dotted, Meta(description="the native module")]
    names: Annotated[Names, Meta(description="names it must export")]


class Benchmark(Entry, frozen=True, kw_only=True):
    """A result that may not be worse than its baseline."""

    result: Annotated[Glob, Meta(description="the file with the wave's result, or files of several runs")]
    baseline: Annotated[Glob, Meta(description="the file to compare with, or files of several runs")]
    tolerance: Annotated[
        str, Meta(pattern=PERCENT, description="how much worse the result may be, such as 5%")
    ] = "5%"
    statistic: Annotated[Literal["min", "median", "mean"], Meta(description="which figure")] = "median"
    direction: Annotated[Literal["lower", "higher"], Meta(description="which way is better")] = "lower"
    run: Annotated[
        Text | None, Meta(description="the command that writes the result, run on request only")
    ] = None


class Snapshot(Entry, frozen=True, kw_only=True):
    """A configuration snapshot kept beside a wave's benchmark."""

    file: Annotated[Glob, Meta(description="the snapshot")]
    of: Annotated[Text, Meta(description="`datafusion`, or a label of your own")]
    previous: Annotated[Glob | None, Meta(description="the snapshot of the wave before")] = None
    ignore: Annotated[list[Text], Meta(description="keys that may differ")] = []
    run: Annotated[
        Text | None, Meta(description="the command that writes the snapshot, run on request only")
    ] = None
    session: Annotated[
        Dotted | None, Meta(description="the function that makes the DataFusion session, without arguments")
    ] = None


class Quality(Entry, frozen=True, kw_only=True):
    """Commands that must succeed, run on request only."""

    commands: Annotated[
        Names, Meta(description="the commands, in order; a command after `!` must find nothing")
    ]


class Wave(Table, frozen=True, kw_only=True):
    """One step of the plan."""

    id: Annotated[Text, Meta(description="the wave's name, such as `0`; unique in the plan")]
    title: Annotated[Text | None, Meta(description="a line for people")] = None
    state: Annotated[
        State,
        Meta(
            description="planned: findings are counted; active: new ones are errors; landed: all are errors"
        ),
    ] = "planned"
    requires: Annotated[list[Text], Meta(description="ids of the waves that must have landed first")] = []
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


class Waiver(Table, frozen=True, kw_only=True):
    """Findings that are suppressed until a wave lands or a day is over."""

    rule: Annotated[Text, Meta(description="a rule's code or name")]
    path: Annotated[Glob, Meta(description="the file, folder or glob that it applies to")]
    subject: Annotated[Text | None, Meta(description="only findings about this name")] = None
    reason: Annotated[Text, Meta(description="why the findings are suppressed")]
    until: Annotated[Text, Meta(description="the end of the waiver: `wave ID`, or a date as YYYY-MM-DD")]


class Revive(Table, frozen=True, kw_only=True):
    """A deleted module that comes back on purpose."""

    module: Annotated[Dotted, Meta(description="the module that exists again")]
    reason: Annotated[Text, Meta(description="why")]


class Weakened(Table, frozen=True, kw_only=True):
    """A record of a change that weakens the plan, added in the same change.

    It covers exactly the change that it names. A later change needs a record of its own.
    """

    plan: Annotated[Text | None, Meta(description="the name of a plan whose manifest was deleted")] = None
    wave: Annotated[
        Text | None, Meta(description="the previous id of the wave; without it, a key of `[plan]`")
    ] = None
    entry: Annotated[
        Text | None,
        Meta(description="the entry of the wave, such as `remove shop.cart`; without it, the wave"),
    ] = None
    key: Annotated[
        Text | None,
        Meta(description="the weakened key; without it, the entry or wave was deleted"),
    ] = None
    was: Annotated[list[Text], Meta(description="the values that were removed")] = []
    now: Annotated[list[Text], Meta(description="the values that were added")] = []
    reason: Annotated[Text, Meta(description="why the plan requires less")]


class Ignore(Table, frozen=True, kw_only=True):
    """Imports that hardcut cannot check, because it cannot know that their module exists; without an end.

    Works only for dangling-import, because no entry of a plan requests its findings. Use waivers for others.
    """

    rule: Annotated[Literal["CUT105", "dangling-import"], Meta(description="the rule")]
    path: Annotated[Glob, Meta(description="the file, folder or glob that it applies to")]
    subject: Annotated[
        Text | None, Meta(description="only findings about this name and what is below it")
    ] = None
    reason: Annotated[Text, Meta(description="why the imports are correct")]


class Plan(Table, frozen=True, kw_only=True):
    """The plan as a whole."""

    name: Annotated[Text, Meta(description="the plan's name; unique among plans that run together")]
    source: Annotated[
        list[Glob],
        Meta(
            description="import roots: folders that hold top-level packages",
            extra_json_schema=HERE,
        ),
    ] = msgspec.field(default_factory=lambda: ["."])
    check: Annotated[list[Glob], Meta(description="files and folders to check", extra_json_schema=HERE)] = (
        msgspec.field(default_factory=lambda: ["."])
    )
    exclude: Annotated[list[Glob], Meta(description="globs that are never checked")] = []
    text_references: Annotated[
        Level, Meta(description="how to report references in text, comments and docstrings")
    ] = "warning"
    base: Annotated[Text | None, Meta(description="the revision the plan was written against")] = None
    loggers: Annotated[
        list[Text], Meta(description="further functions whose string argument is a label, not a module")
    ] = []
    importers: Annotated[
        list[Dotted], Meta(description="further functions that import the module they are given")
    ] = []
    ignore: Annotated[
        list[Ignore], Meta(description="findings of dangling-import that never count, as `[[plan.ignore]]`")
    ] = []


class Manifest(Table, frozen=True, kw_only=True):
    """A whole `cutover.toml`, or `[tool.hardcut]` of a pyproject.toml."""

    plan: Plan
    wave: list[Wave] = []
    waiver: list[Waiver] = []
    revive: list[Revive] = []
    weakened: list[Weakened] = []


KINDS: dict[str, type[Entry]] = {
    "delete": Delete,
    "remove": Remove,
    "keep": Keep,
    "move": Move,
    "surface": Surface,
    "fail_fast": FailFast,
    "delegate": Delegate,
    "ceiling": Ceiling,
    "shrink": Shrink,
    "align": Align,
    "no_shims": NoShims,
    "native": Native,
    "document": Document,
    "absent": Absent,
    "entrypoint": EntryPoint,
    "benchmark": Benchmark,
    "snapshot": Snapshot,
    "quality": Quality,
}
"""Each kind of gate: its key in a wave, and its table."""
