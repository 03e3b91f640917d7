"""Records of weakened plans: which change each covers, and the lines that would record one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from hardcut.finding import Declared
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Weakened
from hardcut.plan.starter import toml_string, toml_strings
from hardcut.plan.strictness import Change
from hardcut.plan.weakening import Weakening


class Covered(msgspec.Struct, frozen=True):
    """What records say of one change: `left` is what none covers, None where all is covered."""

    reasons: list[str]
    left: Change | None


class Records:
    """The records that are new in a change.

    A record that the base has already is history: the change that it covers was made before. The same
    change made again needs another record, so equal records are counted.
    """

    def __init__(self, before: LoadedPlan | None, now: LoadedPlan) -> None:
        old = Counter(map(_identity, before.manifest.weakened if before is not None else ()))
        self._new: list[tuple[Weakened, Declared]] = []
        self._used: dict[int, set[str]] = {}
        for record, place in zip(now.manifest.weakened, now.weakened, strict=True):
            identity = _identity(record)
            if old[identity]:
                old[identity] -= 1
            else:
                self._new.append((record, place))

    def gone(self, plan: str) -> str | None:
        """The reason for which a plan is gone, if it is recorded."""
        for number, (record, _) in enumerate(self._new):
            if record.plan == plan:
                self._used[number] = set()
                return record.reason
        return None

    def cover(self, weakening: Weakening) -> Covered:
        """What the records say of a change, value by value."""
        wanted = (weakening.wave or None, weakening.entry or None, weakening.key or None)
        found = [
            (number, record)
            for number, (record, _) in enumerate(self._new)
            if record.plan is None and (record.wave, record.entry, record.key) == wanted
        ]
        change = weakening.change
        if not weakening.key:
            for number, _ in found:
                self._used[number] = set()
            return Covered([record.reason for _, record in found], None if found else change)
        if change.single:
            return self._chain(found, change)
        left = Change(
            self._uncovered(change.was, [(number, record.was) for number, record in found]),
            self._uncovered(change.now, [(number, record.now) for number, record in found]),
        )
        reasons = [record.reason for number, record in found if number in self._used]
        return Covered(reasons, left if left.was or left.now else None)

    def stale(self) -> list[tuple[Declared, str]]:
        """The new records that cover no change, or name values that did not change: where, and what."""
        found: list[tuple[Declared, str]] = []
        for number, (record, place) in enumerate(self._new):
            used = self._used.get(number)
            if used is None:
                found.append(
                    (place, "this record covers nothing: this change does not make the plan ask for less so")
                )
                continue
            more = [one for one in (*record.was, *record.now) if one not in used]
            if more:
                found.append((place, f"this record also names what did not change: {', '.join(more)}"))
        return found

    def _uncovered(self, wanted: Sequence[str], offers: Iterable[tuple[int, list[str]]]) -> tuple[str, ...]:
        known: set[str] = set()
        for number, offered in offers:
            covered = set(offered) & set(wanted)
            if covered:
                self._used.setdefault(number, set()).update(covered)
                known |= covered
        return tuple(one for one in wanted if one not in known)

    def _chain(self, found: list[tuple[int, Weakened]], change: Change) -> Covered:
        """Follow records from the old value to the new: a change may hold several that were merged."""
        came: dict[str, tuple[int, Weakened] | None] = {change.was[0]: None}
        waiting = [change.was[0]]
        while waiting and change.now[0] not in came:
            value = waiting.pop()
            for number, record in found:
                if record.was == [value] and len(record.now) == 1 and record.now[0] not in came:
                    came[record.now[0]] = number, record
                    waiting.append(record.now[0])
        reasons: list[str] = []
        step = came.get(change.now[0])
        while step is not None:
            number, record = step
            self._used[number] = {*record.was, *record.now}
            reasons.insert(0, record.reason)
            step = came[record.was[0]]
        return Covered(reasons, None if reasons else change)


def lines_of(weakening: Weakening, left: Change, nested: bool) -> str:
    """The lines of the manifest that record what is `left` of a change; `nested` in a pyproject.toml."""
    keys = [("wave", weakening.wave), ("entry", weakening.entry), ("key", weakening.key)]
    lines = [f"{key} = {toml_string(value)}" for key, value in keys if value]
    lines += [
        f"{key} = {toml_strings(value)}" for key, value in (("was", left.was), ("now", left.now)) if value
    ]
    return _table(lines, nested)


def lines_of_gone(plan: str, nested: bool) -> str:
    """The lines of a manifest that record that another plan is gone."""
    return _table([f"plan = {toml_string(plan)}"], nested)


def _table(lines: list[str], nested: bool) -> str:
    return "\n".join(["[[tool.hardcut.weakened]]" if nested else "[[weakened]]", *lines, 'reason = "..."'])


def _identity(record: Weakened) -> tuple[object, ...]:
    return record.plan, record.wave, record.entry, record.key, *record.was, None, *record.now
