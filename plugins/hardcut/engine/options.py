"""What a run is asked to do."""

from __future__ import annotations

import datetime

import msgspec

from hardcut.plan.gates import LoadedPlan


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one run.

    `root` is the project's folder; `paths` (relative to it) limits the run to some files and so to
    the rules that one file can answer; `select` and `ignore` hold codes; `assume_landed` holds ids
    of waves to treat as landed; `exclude` adds to the plans' own. `stdin` is a path and its source,
    which stands for the file's content. `jobs` is the number of processes, None for as many as pay.
    Findings of waves that have not landed are compared with the revision `base`, or with one that is
    found, unless `compare` is False. `today` decides about waivers; None for the day that it is.
    `omit` are codes of rules that are not asked; other than `ignore`, it does not count as a selection.
    `every_gate` asks for the findings of each gate, also where another gate's finding replaces one.
    """

    root: str
    plans: list[LoadedPlan]
    paths: list[str] = []
    waves: frozenset[str] | None = None
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    assume_landed: frozenset[str] = frozenset()
    omit: frozenset[str] = frozenset()
    exclude: list[str] = []
    force_exclude: bool = False
    cache: bool = True
    jobs: int | None = None
    stdin: tuple[str, bytes] | None = None
    base: str | None = None
    compare: bool = True
    today: datetime.date | None = None
    every_gate: bool = False

    @property
    def replaces(self) -> bool:
        """Whether one gate's finding may replace another's: only where no wave or rule was selected."""
        return not (self.every_gate or self.waves is not None or self.select or self.ignore)
