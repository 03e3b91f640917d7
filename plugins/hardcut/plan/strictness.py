"""What a plan demands, demand by demand, and how the keys of two states of a plan are compared."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.plan import model
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of


class Compared(enum.Enum):
    """How a key is compared: which change of its value makes the plan ask for less."""

    NAME = "a part of what names the demand: with another value it is another demand"
    ITEMS = "each item is a demand of its own"
    MAXIMUM = "a greater number, or none"
    MINIMUM = "a smaller number, or none"
    PERCENT = "a greater percentage"
    SCOPE = "a module that is missing, or a first one where nothing limited the scope"
    EXCEPTIONS = "a value that was added"
    REQUIRED = "a value that is missing"
    FIXED = "any other value than the one before"
    SWITCH = "a value where there was none, or false, before"
    TEXT_REFERENCES = "a lower level, the plan's own where the entry names none"
    PRECISION = "a coarser part of a version"
    DECISION = "an open decision that is gone without an answer"
    STATE = "an earlier state"
    TABLES = "tables that are compared themselves"
    FREE = "nothing: it is for people"


C = Compared
COMMON: dict[str, Compared] = {
    "reason": C.FREE,
    "contested": C.SWITCH,
    "decision": C.DECISION,
    # Its value is a reason: it is reported, and needs no other record.
    "allow_unmatched": C.SWITCH,
}
"""How the keys are compared that every entry may have."""

KEYS: dict[type[model.Entry], dict[str, Compared]] = {
    # Removed code may be there again in the new home alone, so another `to` lets it pass elsewhere.
    model.Delete: {
        "module": C.NAME,
        "to": C.EXCEPTIONS,
        "submodules_only": C.SWITCH,
        "text_references": C.TEXT_REFERENCES,
    },
    model.Remove: {"module": C.NAME, "symbols": C.ITEMS, "text_references": C.TEXT_REFERENCES},
    model.Keep: {"module": C.NAME, "symbols": C.ITEMS, "files": C.ITEMS},
    model.Move: {"from_": C.NAME, "to": C.EXCEPTIONS, "symbols": C.ITEMS},
    model.Surface: {
        "only": C.NAME,
        "banned": C.ITEMS,
        "within": C.SCOPE,
        "allow": C.EXCEPTIONS,
        "text_references": C.TEXT_REFERENCES,
    },
    model.FailFast: {"guard": C.ITEMS, "within": C.SCOPE},
    model.Delegate: {"function": C.NAME, "to": C.NAME, "through": C.EXCEPTIONS},
    model.Ceiling: {
        "path": C.NAME,
        "max_lines": C.MAXIMUM,
        "min_lines": C.MINIMUM,
        "max_definitions": C.MAXIMUM,
        "count": C.NAME,
    },
    model.Shrink: {"paths": C.NAME, "at_least": C.MINIMUM, "at_most": C.MAXIMUM, "since": C.FIXED},
    model.Align: {"name": C.NAME, "in_": C.ITEMS, "to": C.PRECISION, "names": C.FIXED},
    model.NoShims: {"packages": C.ITEMS},
    model.Native: {
        "what": C.NAME,
        "within": C.ITEMS,
        "names": C.REQUIRED,
        "bases": C.REQUIRED,
        "decorators": C.REQUIRED,
        "calls": C.REQUIRED,
    },
    model.Document: {"module": C.NAME, "must_mention": C.ITEMS},
    model.Absent: {"paths": C.ITEMS},
    model.EntryPoint: {"module": C.NAME, "names": C.ITEMS},
    model.Benchmark: {
        "result": C.NAME,
        "baseline": C.FIXED,
        "tolerance": C.PERCENT,
        "statistic": C.NAME,
        "direction": C.FIXED,
        "run": C.FIXED,
    },
    model.Snapshot: {
        "file": C.NAME,
        "of": C.NAME,
        "previous": C.FIXED,
        "ignore": C.EXCEPTIONS,
        "run": C.FIXED,
        "session": C.FIXED,
    },
    model.Quality: {"commands": C.ITEMS},
}
"""How the keys of each kind of entry are compared."""

PLAN: dict[str, Compared] = {
    "name": C.FREE,
    "source": C.REQUIRED,
    "check": C.REQUIRED,
    "exclude": C.EXCEPTIONS,
    "text_references": C.TEXT_REFERENCES,
    "base": C.FIXED,
    "loggers": C.EXCEPTIONS,
    "importers": C.REQUIRED,
    "ignore": C.TABLES,
}
WAVE: dict[str, Compared] = {
    "id": C.NAME,
    "title": C.FREE,
    "state": C.STATE,
    "requires": C.REQUIRED,
    **dict.fromkeys(model.KINDS, C.TABLES),
}
STATES = ("planned", "active", "landed")
LEVELS = ("off", "warning", "error")
PRECISIONS = ("major", "minor", "patch")

Identity = tuple[str, str, str, str]
"""What a demand is known by in another state of the plan: its kind, head, key and item."""


class Demand(msgspec.Struct, frozen=True):
    """One thing that an entry demands.

    `head` are the values that name the entry. `item` is a value of the list `key`; both are empty for
    an entry that is one demand. A move of a whole module has the key `symbols` and no item.
    """

    kind: str
    head: str
    key: str
    item: str
    gate: Gate[model.Entry]

    @property
    def identity(self) -> Identity:
        """What the demand is known by."""
        return self.kind, self.head, self.key, self.item


def demands(plan: LoadedPlan) -> Iterator[Demand]:
    """Every demand of a plan."""
    for gate in plan.gates:
        entry = gate.entry
        kind, keys = kind_of(entry), KEYS[type(entry)]
        head = head_of(entry)
        lists = [key for key, how in keys.items() if how is C.ITEMS]
        if not lists:
            yield Demand(kind, head, "", "", gate)
        for key in lists:
            # The files that have to stay are not those of the module that the same table may name.
            own = "" if key == "files" else head
            for item in getattr(entry, key):
                yield Demand(kind, own, key, item, gate)
        if isinstance(entry, model.Move) and not entry.symbols:
            yield Demand(kind, head, "symbols", "", gate)


def head_of(entry: model.Entry) -> str:
    """The values that name an entry, such as `shop.cart`; empty for a kind that only lists items."""
    values = [getattr(entry, key) for key, how in KEYS[type(entry)].items() if how is C.NAME]
    return " ".join(" ".join(sorted(one)) if isinstance(one, list) else str(one) for one in values if one)


def written(table: type[msgspec.Struct], key: str) -> str:
    """A key's name in the manifest: `from` for `from_`."""
    return next(one.encode_name for one in msgspec.structs.fields(table) if one.name == key)


def strength(state: str) -> int:
    """How strict a wave's state is."""
    return STATES.index(state)


class Change(msgspec.Struct, frozen=True):
    """What is weaker in a key's value: the values that are gone, and those that came."""

    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether one value was replaced by another."""
        return len(self.was) == len(self.now) == 1


def weaker(how: Compared, old: Any, new: Any) -> Change | None:
    """How a key's new value asks for less than the old one, if it does.

    Scopes, levels, states and decisions are compared elsewhere: they depend on more than two values.
    """
    match how:
        case C.MAXIMUM:
            weak = old is not None and (new is None or new > old)
        case C.MINIMUM:
            weak = (old or 0) > (new or 0)
        case C.PERCENT:
            weak = float(new.rstrip("%")) > float(old.rstrip("%"))
        case C.PRECISION:
            weak = PRECISIONS.index(new) < PRECISIONS.index(old)
        case C.SWITCH:
            weak = bool(new) and not old
        case C.FIXED:
            weak = old != new and (bool(old) or isinstance(old, dict))
        case C.EXCEPTIONS:
            return _some(Change(now=_new(values(new), values(old))))
        case C.REQUIRED:
            return _some(Change(was=_new(values(old), values(new))))
        case _:
            weak = False
    return Change(values(old), values(new)) if weak else None


def values(value: Any) -> tuple[str, ...]:
    """A key's value as the texts that a record repeats; none for no value."""
    match value:
        case None | False:
            return ()
        case True:
            return ("true",)
        case list():
            return tuple(map(str, value))
        case dict():
            return tuple(f"{key} = {text}" for key, text in sorted(value.items()))
        case model.Decision():
            return (value.question,)
        case _:
            return (str(value),)


def _new(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = set(others)
    return tuple(one for one in dict.fromkeys(these) if one not in known)


def _some(change: Change) -> Change | None:
    return change if change.was or change.now else None
