"""The flake8 plugin: the per-file rules, for the files that a plan checks."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from flake8.exceptions import ExecutionError

from hardcut import __version__
from hardcut.api.paths import relative
from hardcut.api.written import as_written
from hardcut.integrations.plans import Plans
from hardcut.plan.errors import ManifestError, describe
from hardcut.report.escape import clean

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

    from hardcut.engine.session import Sessions

_PLANS = Plans()


class Plugin:
    """One checked file, as flake8 makes plugins; the syntax tree it hands over is not looked at."""

    name: ClassVar[str] = "hardcut"
    version: ClassVar[str] = __version__
    _named: ClassVar[list[str]] = []
    _root: ClassVar[str | None] = None
    _stdin: ClassVar[str | None] = None

    def __init__(self, tree: object, filename: str, lines: list[str]) -> None:
        self._filename = filename
        self._lines = lines

    @classmethod
    def add_options(cls, parser: OptionManager) -> None:
        """Declare our two options."""
        parser.add_option(
            "--hardcut-plan",
            default="",
            parse_from_config=True,
            comma_separated_list=True,
            normalize_paths=True,
            help="Cutover manifests, instead of those found upward from each file.",
        )
        parser.add_option(
            "--hardcut-root",
            default="",
            parse_from_config=True,
            normalize_paths=True,
            help="The folder that the paths in the manifests are relative to.",
        )

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Keep the options; runs again in each worker process."""
        cls._named = list(filter(None, options.hardcut_plan or []))
        cls._root = options.hardcut_root or None
        cls._stdin = (options.stdin_display_name or "stdin") if "-" in options.filenames else None

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """The findings of this file that have a line: line from 1, column from 0, text, and the plugin.

        Raises:
            ExecutionError: a manifest is broken; flake8 ends with its one line.
        """
        try:
            plans = _PLANS.for_file(self._filename, self._named, self._root)
        except ManifestError as problem:
            first, more = problem.problems[0], len(problem.problems) - 1
            rest = f" (and {more} more: see `hardcut manifest`)" if more else ""
            raise ExecutionError(f"hardcut: {clean(describe(first))}{rest}") from None
        path = relative(plans[0].root, self._filename) if plans else None
        if path is None:
            return
        for finding in _sessions().of(plans).check(path, self._source()):
            place = finding.place
            if place.line is not None and finding.contested is None and finding.severity != "info":
                text = clean(f"{finding.code} {finding.rule}: {finding.sentence}")
                yield place.line, (place.column or 1) - 1, text, type(self)

    def _source(self) -> bytes:
        """The bytes of the file; of standard input, what flake8 read, in the encoding that it declares."""
        if self._filename != self._stdin:
            try:
                with open(self._filename, "rb") as file:
                    return file.read()
            except OSError:
                pass
        return as_written("".join(self._lines))


@cache
def _sessions() -> Sessions:
    """What this process knows of the projects, loaded with the first file that a plan checks."""
    from hardcut.engine.session import Sessions

    return Sessions()
