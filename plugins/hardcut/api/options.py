"""A run's options from names, as people and scripts give them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from pathlib import Path as FilePath
from typing import TypeVar

from hardcut.api import names
from hardcut.api.errors import Unusable, plain, raise_all
from hardcut.api.inputs import below, inside
from hardcut.api.names import Names
from hardcut.engine.options import Options
from hardcut.plan.errors import quoted
from hardcut.plan.gates import LoadedPlan
from hardcut.source.files import any_file
from hardcut.source.git import bare_below_top, commit

Path = str | os.PathLike[str]
T = TypeVar("T")


def options_of(
    plans: list[LoadedPlan],
    *,
    paths: Sequence[str] = (),
    waves: Names = (),
    assume_landed: Names = (),
    select: Names = (),
    ignore: Names = (),
    exclude: Names = (),
    force_exclude: bool = False,
    cache: bool = True,
    jobs: int | None = None,
    source: tuple[Path, bytes] | None = None,
    base: str | None = None,
    compare: bool = True,
    today: str | datetime.date | None = None,
) -> Options | None:
    """The options of a run by their names: those of `hardcut.check`.

    None where paths were given and none of them is the plans' to check: there is nothing to run.

    Raises:
        Unusable: with all names and paths that do not exist.
    """
    root = plans[0].root
    globs = names.several(exclude)
    wrong: list[Unusable] = []
    none = frozenset[str]()
    selected = _kept(wrong, none, lambda: names.codes(select))
    ignored = _kept(wrong, none, lambda: names.codes(ignore))
    looked_at = _kept(wrong, none, lambda: names.waves(waves, plans))
    landed = _kept(wrong, none, lambda: names.waves(assume_landed, plans))
    if jobs is not None and jobs < 1:
        wrong.append(plain(f"a run has at least one process, not {jobs}"))
    day = _kept(wrong, None, lambda: _day(today))
    if (bare := bare_below_top(root)) is not None:
        wrong.append(
            plain(
                f"{bare} is a bare repository, which git would read instead of the project's: remove its HEAD"
            )
        )
    if base is not None and commit(root, base) is None:
        wrong.append(plain(f"git knows no revision {quoted(base)}"))
    stdin: tuple[str, bytes] | None = None
    files: list[str] | None = None
    if source is None:
        files = _kept(wrong, None, lambda: below(plans, paths, globs, force_exclude))
    elif paths:
        wrong.append(plain("a source is checked by itself, without paths"))
    else:
        stdin = _kept(wrong, "", lambda: inside(root, os.fspath(source[0]))), source[1]
        files = [stdin[0]]
    if globs and not wrong and stdin is None:
        nothing = _nothing_left(plans, paths, globs, files, force_exclude)
        wrong += [plain(nothing)] if nothing is not None else []
    raise_all(wrong)
    if files is None:
        return None
    return Options(
        root=root,
        plans=plans,
        paths=files,
        waves=looked_at or None,
        select=selected,
        ignore=ignored,
        assume_landed=landed,
        exclude=globs,
        force_exclude=force_exclude,
        cache=cache,
        jobs=jobs,
        stdin=stdin,
        base=base,
        compare=compare,
        today=day,
    )


def _nothing_left(
    plans: list[LoadedPlan],
    paths: Sequence[str],
    globs: Sequence[str],
    files: list[str] | None,
    force_exclude: bool,
) -> str | None:
    """What to say if the globs of `exclude` hide all that a run is about.

    Hooks name single files and have them passed over (`force_exclude`): no file is left, and that is right.
    """
    shown = ", ".join(map(quoted, globs))
    if files is None and not force_exclude and below(plans, paths, (), force_exclude):
        return f"--exclude {shown} leaves nothing of the given paths"
    for plan in plans if files == [] else ():
        settings = plan.manifest.plan
        every = [*settings.exclude, *globs]
        if not any(any_file(FilePath(plan.root), entry, every) for entry in settings.check):
            return f'--exclude {shown} leaves no file of what "check" of {plan.path} names'
    return None


def _day(given: str | datetime.date | None) -> datetime.date | None:
    if not isinstance(given, str):
        return given
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise plain(f"{quoted(given)} is no day; expected a date such as 2030-12-31") from None


def _kept(wrong: list[Unusable], otherwise: T, ask: Callable[[], T]) -> T:
    """What `ask` gives; where that cannot be used, its problems are kept for later."""
    try:
        return ask()
    except Unusable as problem:
        wrong.append(problem)
        return otherwise
