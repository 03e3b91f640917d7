"""Two states of a plan compared: everything that the later one no longer asks for, or asks for less."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import cast

import msgspec

from hardcut.finding import Declared
from hardcut.plan import model
from hardcut.plan.followed_moves import with_moves_followed
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.implied import Moved, deletions, new_homes
from hardcut.plan.label import kind_of
from hardcut.plan.strictness import (
    COMMON,
    KEYS,
    LEVELS,
    PLAN,
    Change,
    Compared,
    Demand,
    Identity,
    demands,
    head_of,
    strength,
    values,
    weaker,
    written,
)

FEW = 3
"""How many values a message names."""


class Weakening(msgspec.Struct, frozen=True):
    """One way in which a plan asks for less than before.

    `wave` is the id that the wave had before, empty for the plan's own keys; `entry` names an entry of it,
    and `key` a key. Without a key, the whole entry or wave is gone. `said` is the message, `declared` where
    the manifest is to be looked at now. `landed` tells that it concerns what had landed. A waiver for one
    file, or the revival of one deleted module, is `recorded` by the table that makes it.
    """

    wave: str
    entry: str
    key: str
    change: Change
    said: str
    declared: Declared
    landed: bool
    recorded: bool = False

    @property
    def subject(self) -> str:
        """What is weaker, in a few words."""
        return self.entry or (f"wave {self.wave}" if self.wave else f"plan.{self.key}")


def weakenings(
    before: LoadedPlan,
    now: LoadedPlan,
    deleted: Collection[str] | None = None,
    is_folder: Callable[[str], bool] = lambda path: False,
    others: Sequence[LoadedPlan] = (),
) -> Iterator[Weakening]:
    """All ways in which a plan asks for less than an earlier state of it.

    `deleted` are the modules that landed waves of all plans had deleted; without it, those of this plan
    count. `is_folder` says whether a path, relative to the root, is a folder. `others` are the further
    plans of the project: what one of them asks for is not lost.
    """
    deleted = landed_deletions([before]) if deleted is None else deleted
    yield from _Comparison(with_moves_followed(before, now), now, is_folder, others).all()
    yield from revivals(before, now, deleted)


def is_asked_by(gone: LoadedPlan, plans: Sequence[LoadedPlan]) -> bool:
    """Whether other plans ask for all that a plan asked for which no manifest has any more."""
    nothing = msgspec.structs.replace(
        gone, gates=[], manifest=msgspec.structs.replace(gone.manifest, wave=[]), waves=[]
    )
    compared = _Comparison(gone, nothing, lambda path: False, plans)
    return bool(gone.gates) and next(compared.entries(), None) is None


def _holds_scope(before: LoadedPlan, other: LoadedPlan) -> bool:
    """Whether a plan looks at all that another one looked at, with no further waivers."""
    known = {(one.rule, one.path, one.subject, one.until) for one in before.manifest.waiver}
    waivers = ((one.rule, one.path, one.subject, one.until) for one in other.manifest.waiver)
    changes = _settings(before.manifest.plan, other.manifest.plan)
    return not any(changes.values()) and all(waiver in known for waiver in waivers)


def _settings(old: model.Plan, new: model.Plan) -> dict[str, Change | None]:
    """What is weaker in each key of `[plan]`."""
    found = {key: weaker(how, getattr(old, key), getattr(new, key)) for key, how in PLAN.items()}
    found["check"] = _unchecked(old.check, new.check)
    found["source"] = _moved_roots(old.source, new.source)
    found["exclude"] = _excluded(old.exclude, new.exclude, old.check)
    if LEVELS.index(new.text_references) < LEVELS.index(old.text_references):
        found["text_references"] = Change((old.text_references,), (new.text_references,))
    return found


def landed_deletions(plans: Iterable[LoadedPlan]) -> frozenset[str]:
    """The modules that landed waves of some plans delete."""
    return frozenset(
        gate.entry.module for plan in plans for gate in deletions(plan) if gate.state == "landed"
    )


def revivals(
    before: LoadedPlan | None, now: LoadedPlan, deleted: Collection[str] = ()
) -> Iterator[Weakening]:
    """The modules that may come back; those of a new plan, without an earlier state, too.

    A revival holds for the deletions of all plans. The one of a package also lets all come back that is
    below it: where that is more than the deleted module that it names, a landed wave is weakened.
    """
    known = {one.module for one in before.manifest.revive} if before is not None else set[str]()
    named = {one.module for one in now.manifest.revive}
    for revive, place in zip(now.manifest.revive, now.revives, strict=True):
        module = revive.module
        if module in known:
            continue
        said, change = f"`{module}` may come back", Change(now=(module,))
        more = sorted(one for one in deleted if one.startswith(f"{module}.") and one not in named)
        if more:
            said += f", and with it what landed waves deleted: {_few(more)}"
            yield Weakening("", "", "revive", change, said, place, True)
        else:
            yield Weakening("", module, "revive", change, said, place, False, recorded=True)


class _Lost(msgspec.Struct):
    """What an entry lost: items that are gone by their key, and items whose key is weaker."""

    gate: Gate[model.Entry]
    items: dict[str, list[str]] = {}
    changes: dict[tuple[str, Change], list[Demand]] = {}
    place: Declared | None = None
    states: dict[str, str] = {}


class _Comparison:
    def __init__(
        self,
        before: LoadedPlan,
        now: LoadedPlan,
        is_folder: Callable[[str], bool],
        others: Sequence[LoadedPlan],
    ) -> None:
        self._before, self._now, self._is_folder = before, now, is_folder
        self._places = {wave.id: at for wave, at in zip(now.manifest.wave, now.waves, strict=True)}
        self._waves = {wave.id: wave for wave in now.manifest.wave}
        holding = [now, *(plan for plan in others if plan.name != now.name and _holds_scope(before, plan))]
        self._deletions = [gate for plan in holding for gate in deletions(plan)]
        self._known: dict[Identity, list[Demand]] = {}
        for demand in (demand for plan in holding for demand in demands(plan)):
            self._known.setdefault(demand.identity, []).append(demand)
        for gate in self._deletions:
            if isinstance(gate.entry, Moved):
                moved = Demand("delete", gate.entry.module, "", "", cast("Gate[model.Entry]", gate))
                self._known.setdefault(moved.identity, []).append(moved)
        self._renamed = dict(self._renamed_waves())

    def all(self) -> Iterator[Weakening]:
        yield from self._plan()
        for wave in self._before.manifest.wave:
            yield from self._wave(wave)
        yield from self.entries()
        yield from self._waivers()
        yield from self._ignored()

    def entries(self) -> Iterator[Weakening]:
        """What entries no longer ask for."""
        yield from self._entries()
        yield from self._old_homes()

    def _renamed_waves(self) -> Iterator[tuple[str, str]]:
        """The waves that have another id now: a new wave asks for all that they asked for."""
        before = {wave.id for wave in self._before.manifest.wave}
        asked: dict[str, list[Demand]] = {}
        for demand in demands(self._before):
            asked.setdefault(demand.gate.wave, []).append(demand)
        for wave in before - self._waves.keys():
            new = [
                {
                    one.gate.wave
                    for one in self._known.get(demand.identity, ())
                    if one.gate.plan == self._now.name
                }
                for demand in asked.get(wave, ())
            ]
            common = set.intersection(*new) - before if new else set[str]()
            if len(common) == 1:
                yield wave, common.pop()

    def _plan(self) -> Iterator[Weakening]:
        old, new = self._before.manifest.plan, self._now.manifest.plan
        landed = any(gate.state == "landed" for gate in self._before.gates)
        for key, change in _settings(old, new).items():
            if change is not None:
                said = f"`plan.{key}` {_changed(change)}"
                yield Weakening("", "", key, change, said, self._now.declared, landed)

    def _wave(self, old: model.Wave) -> Iterator[Weakening]:
        new = self._waves.get(self._renamed.get(old.id, old.id))
        if new is None:
            return
        place, landed = self._places[new.id], old.state == "landed"
        # A wave with another id is set back entry by entry.
        if new.id == old.id and strength(new.state) < strength(old.state):
            said = f"wave {old.id} was {old.state}, and is {new.state}"
            yield Weakening(old.id, "", "state", Change((old.state,), (new.state,)), said, place, landed)
        change = self._no_longer_required(old, new)
        if change is not None:
            said = f"wave {old.id} no longer requires {_few(change.was)}"
            yield Weakening(old.id, "", "requires", change, said, place, landed)

    def _no_longer_required(self, old: model.Wave, new: model.Wave) -> Change | None:
        """The waves that one required, that are still there, and that it does not require in any way now."""
        required: set[str] = set()
        waiting = list(new.requires)
        while waiting:
            wave = self._waves.get(waiting.pop())
            if wave is not None and wave.id not in required:
                required.add(wave.id)
                waiting += wave.requires
        left = [
            one
            for one in old.requires
            if (now := self._renamed.get(one, one)) in self._waves and now not in required and now != new.id
        ]
        return Change(was=tuple(left)) if left else None

    def _entries(self) -> Iterator[Weakening]:
        lost: dict[int, _Lost] = {}
        survived: set[str] = set()
        for old in demands(self._before):
            entry = lost.setdefault(id(old.gate), _Lost(old.gate))
            candidates = list(self._candidates(old))
            if not candidates:
                entry.items.setdefault(old.key, []).append(old.item)
                continue
            survived.add(old.gate.wave)
            best, changes = self._best(old, candidates)
            for key, change in changes:
                entry.changes.setdefault((key, change), []).append(old)
                entry.place = entry.place or best.gate.declared
                entry.states[self._wave_of(best.gate)] = best.gate.state
        gone: dict[str, int] = {}
        for entry in lost.values():
            wave = entry.gate.wave
            if wave not in self._waves and wave not in survived:
                gone[wave] = gone.get(wave, 0) + 1
            else:
                yield from self._items(entry)
                yield from self._keys(entry)
        for wave, count in gone.items():
            landed = any(one.id == wave and one.state == "landed" for one in self._before.manifest.wave)
            said = f"wave {wave} is gone, with {count} {'entry' if count == 1 else 'entries'}"
            yield Weakening(wave, "", "", Change(), said, self._now.declared, landed)

    def _items(self, lost: _Lost) -> Iterator[Weakening]:
        gate = lost.gate
        kind, place = kind_of(gate.entry), self._places.get(gate.wave, self._now.declared)
        for key, items in lost.items.items():
            label = f"{kind} {head_of(gate.entry)}".rstrip()
            left = [one.item for one in self._now_listed(gate, key)] if items == [""] else []
            if not key or (items == [""] and not left):
                said = f"wave {gate.wave} no longer has `{label}`"
                yield Weakening(gate.wave, label, "", Change(), said, place, gate.state == "landed")
                continue
            shown = written(type(gate.entry), key)
            change = Change(now=tuple(left)) if items == [""] else Change(was=tuple(items))
            said = f"`{label}` of wave {gate.wave} no longer names {_few(change.was)}"
            if items == [""]:
                said = f"`{label}` of wave {gate.wave} no longer moves every name"
            yield Weakening(gate.wave, label, shown, change, said, place, gate.state == "landed")

    def _old_homes(self) -> Iterator[Weakening]:
        """The moves of whole modules that stay, and whose old home need not be gone any more.

        Another entry can have this effect: a move to the old home, or a weaker deletion of the same wave.
        """
        now = self._deletions
        still = {new.entry.module for new in now if isinstance(new.entry, Moved)}
        for old in deletions(self._before):
            module = old.entry.module
            moves = self._known.get(("move", module, "symbols", ""), ())
            # What is weaker in a move that still implies a deletion is reported by its keys.
            if not isinstance(old.entry, Moved) or not moves or module in still:
                continue
            if not any(self._holds(old, old.entry, new) for new in now):
                label, place = f"move {module}", moves[0].gate.declared
                said = f"`{label}` of wave {old.wave} no longer requires `{module}` to be gone"
                change = Change(was=(module,))
                yield Weakening(old.wave, label, "from", change, said, place, old.state == "landed")

    def _holds(self, old: Gate[model.Delete], moved: Moved, new: Gate[model.Delete]) -> bool:
        """Whether a deletion asks for all that the move of a whole module asked for its old home."""
        entry = new.entry
        above = moved.module.startswith(f"{entry.module}.")
        return (
            (above or (entry.module == moved.module and not entry.submodules_only))
            and (new.wave == old.wave or strength(new.state) >= strength(old.state))
            and (entry.contested is None or moved.contested is not None)
            and (entry.to is None or entry.to in moved.homes)
            and self._text_references(moved, entry) is None
        )

    def _now_listed(self, gate: Gate[model.Entry], key: str) -> Iterator[Demand]:
        kind, head = kind_of(gate.entry), head_of(gate.entry)
        for (known_kind, known_head, known_key, _), found in self._known.items():
            if (known_kind, known_head, known_key) == (kind, head, key):
                yield from found

    def _keys(self, lost: _Lost) -> Iterator[Weakening]:
        gate = lost.gate
        kind, head = kind_of(gate.entry), head_of(gate.entry)
        every = sum(len(getattr(gate.entry, key)) for key in _lists(gate.entry)) or 1
        for (key, change), affected in lost.changes.items():
            names = ", ".join(one.item for one in affected if one.item)
            # An entry without a name of its own, and a part of the items, is known by the items.
            some = names if not head or len(affected) < every else ""
            label = " ".join(filter(None, (kind, head))) + (f": {some}" if some else "")
            place = lost.place or self._now.declared
            shown = key if key == "wave" else written(type(gate.entry), key)
            said = f"`{shown}` of `{label}` in wave {gate.wave} {_changed(change)}"
            if key == "wave":
                said = f"`{label}` moved from {gate.state} wave {gate.wave} to wave {change.now[0]}"
                said += f", which is {lost.states[change.now[0]]}"
            elif key == "decision":
                said = f"the open decision of `{label}` in wave {gate.wave} is gone, and no answer was chosen"
            own = key == "allow_unmatched"  # Its value is the reason, so that it is its own record.
            yield Weakening(gate.wave, label, shown, change, said, place, gate.state == "landed", own)

    def _candidates(self, old: Demand) -> Iterator[Demand]:
        """The demands that ask for the same now, or for more: a package instead of a module in it."""
        kind, head, key, item = old.identity
        yield from self._known.get(old.identity, ())
        match kind:
            case "delete":
                for above in _above(head):
                    yield from self._known.get((kind, above, "", ""), ())
            case "surface" | "native":
                for above in _above(item):
                    yield from self._known.get((kind, head, key, above), ())
            case "remove":
                yield from self._removed_by(head, key, item)
            case "move" if item:
                yield from self._known.get((kind, head, key, ""), ())
            case "move":
                for deleted in self._known.get(("delete", head, "", ""), ()):
                    if self._is_same_move(old.gate, deleted.gate):
                        yield deleted
            case _:
                pass

    def _removed_by(self, head: str, key: str, item: str) -> Iterator[Demand]:
        """The demands that remove a name with its class, or with its module."""
        for above in _above(item):
            yield from self._known.get(("remove", head, key, above), ())
        for module in (head, *_above(head)):
            for wider in self._known.get(("delete", module, "", ""), ()):
                if module != head or not _keeps_itself(wider.gate.entry):
                    yield wider

    def _is_same_move(self, old: Gate[model.Entry], new: Gate[model.Entry]) -> bool:
        """Whether a deletion asks for all that the move of a whole module to one new home asks for."""
        move, entry = old.entry, new.entry
        if not isinstance(move, model.Move) or not isinstance(entry, model.Delete):
            return False
        homes = new_homes(move)
        same = homes == (entry.to,) and not entry.submodules_only
        return same and self._text_references(model.Delete(module=entry.module), entry) is None

    def _wave_of(self, gate: Gate[model.Entry]) -> str:
        """The id of a gate's wave; with the plan's name if that is another one."""
        return gate.wave if gate.plan == self._now.name else f"{gate.wave} of the plan {gate.plan}"

    def _best(self, old: Demand, candidates: list[Demand]) -> tuple[Demand, list[tuple[str, Change]]]:
        """The candidate that asks for the most, and what is weaker in it.

        Scopes add up: a guard that holds in two modules may be written as two entries.
        """
        judged = [(new, list(self._changes(old, new))) for new in candidates]
        equal = [new for new, changes in judged if not changes]
        if equal:
            scoped = [key for key, how in KEYS[type(old.gate.entry)].items() if how is Compared.SCOPE]
            found = [(key, _narrowed(old, equal, key)) for key in scoped]
            return equal[0], [(key, change) for key, change in found if change is not None]
        return min(judged, key=lambda pair: (pair[0].gate.wave != old.gate.wave, len(pair[1])))

    def _changes(self, old: Demand, new: Demand) -> Iterator[tuple[str, Change]]:
        before, now = old.gate, new.gate
        wave = self._wave_of(now)
        if wave != before.wave and strength(now.state) < strength(before.state):
            yield "wave", Change((before.wave,), (wave,))
        if _is_open(before.entry.decision) and now.entry.decision is None:
            yield "decision", Change(was=values(before.entry.decision))
        same = isinstance(now.entry, type(before.entry))
        for key, how in {**COMMON, **(KEYS[type(before.entry)] if same else {})}.items():
            if how is Compared.TEXT_REFERENCES:
                change = self._text_references(before.entry, now.entry)
            elif key == "submodules_only" and new.head != old.head:
                change = None  # All that is below is deleted; the package itself is above the old demand.
            elif key == "to" and isinstance(now.entry, Moved):
                change = weaker(how, getattr(before.entry, key), list(now.entry.homes))
            else:
                change = weaker(how, getattr(before.entry, key), getattr(now.entry, key))
            if change is not None:
                yield key, change

    def _text_references(self, old: model.Entry, new: model.Entry) -> Change | None:
        """How an entry's own level is lower; a change of the plan's level is reported once, for the plan."""
        was: model.Level | None = getattr(old, "text_references", None)
        now: model.Level | None = getattr(new, "text_references", None)
        if was == now:
            return None
        levels = (
            was or self._before.manifest.plan.text_references,
            now or self._now.manifest.plan.text_references,
        )
        less = LEVELS.index(levels[1]) < LEVELS.index(levels[0])
        if isinstance(old, model.Surface):
            # Its own level is about strings, too; without one, these are errors.
            less = less or LEVELS.index(now or "error") < LEVELS.index(was or "error")
        return Change(values(was), values(now)) if less else None

    def _waivers(self) -> Iterator[Weakening]:
        known = {(one.rule, one.path, one.subject): one for one in self._before.manifest.waiver}
        landed = any(gate.state == "landed" for gate in self._before.gates)
        for waiver, place in zip(self._now.manifest.waiver, self._now.waivers, strict=True):
            old = known.get((waiver.rule, waiver.path, waiver.subject))
            subject = f"{waiver.rule} {waiver.path}"
            broad = landed and (_is_wild(waiver.path) or self._is_folder(waiver.path))
            if old is None:
                said = f"a waiver for {waiver.rule} in `{waiver.path}` was added"
                change = Change(now=(subject,))
            elif old.until != waiver.until and not _ends_earlier(waiver.until, old.until):
                said = f"the waiver for {subject} ends with {waiver.until}, not {old.until}"
                ends = (old.until, waiver.until)
                was, now = (f"{subject} {end}" if broad else end for end in ends)
                change = Change((was,), (now,))
            else:
                continue
            if broad:
                said += "; it may hold for more than one file"
                yield Weakening("", "", "waiver", change, said, place, True)
                continue
            yield Weakening("", subject, "waiver", change, said, place, False, recorded=True)

    def _ignored(self) -> Iterator[Weakening]:
        """The entries of `plan.ignore` that were added, or that ignore more than before.

        One for a single file has a reason of its own and is reported for review; what holds for several
        needs a record where a wave has landed.
        """
        landed = any(gate.state == "landed" for gate in self._before.gates)
        for ignore, place in zip(self._now.manifest.plan.ignore, self._now.ignores, strict=True):
            if any(self._ignores_as_much(old, ignore) for old in self._before.manifest.plan.ignore):
                continue
            subject = " ".join(filter(None, (ignore.rule, ignore.path, ignore.subject)))
            about = f" about `{ignore.subject}`" if ignore.subject else ""
            said = f"findings of {ignore.rule} in `{ignore.path}`{about} never count any more"
            change = Change(now=(subject,))
            if landed and (_is_wild(ignore.path) or self._is_folder(ignore.path)):
                yield Weakening("", "", "ignore", change, said, place, True)
            else:
                yield Weakening("", subject, "ignore", change, said, place, False, recorded=True)

    def _ignores_as_much(self, old: model.Ignore, new: model.Ignore) -> bool:
        """Whether an entry ignored all that another one ignores."""
        before, now = _folder(old.path), _folder(new.path)
        about = old.subject is None or f"{new.subject or ''}.".startswith(f"{old.subject}.")
        return about and (before == now or (not _is_wild(before) and _is_in(now, before)))


def _lists(entry: model.Entry) -> list[str]:
    return [key for key, how in KEYS[type(entry)].items() if how is Compared.ITEMS]


def _above(name: str) -> Iterator[str]:
    """The packages above a dotted name, the innermost first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _keeps_itself(entry: model.Entry) -> bool:
    return isinstance(entry, model.Delete) and entry.submodules_only


def _is_open(decision: model.Decision | None) -> bool:
    return decision is not None and decision.chosen is None


def _ends_earlier(new: str, old: str) -> bool:
    return not new.startswith("wave ") and not old.startswith("wave ") and new < old


def _narrowed(old: Demand, equal: Sequence[Demand], key: str) -> Change | None:
    """What a scope reaches no longer; no module in it means everything."""
    before: list[str] = getattr(old.gate.entry, key)
    scopes: list[list[str]] = [getattr(new.gate.entry, key) for new in equal]
    if not all(scopes):
        return None
    now = list(dict.fromkeys(module for scope in scopes for module in scope))
    if not before:
        return Change(now=tuple(now))
    left = [one for one in before if not any(f"{one}.".startswith(f"{other}.") for other in now)]
    return Change(was=tuple(left)) if left else None


def _folder(path: str) -> str:
    """A path of `check` or `source` in one spelling; empty for the root."""
    clean = path.removeprefix("./").removesuffix("/**").rstrip("/")
    return "" if clean == "." else clean


def _is_wild(path: str) -> bool:
    return any(sign in path for sign in "*?[")


def _is_in(path: str, folder: str) -> bool:
    return not folder or f"{path}/".startswith(f"{folder}/")


def _unchecked(old: Sequence[str], new: Sequence[str]) -> Change | None:
    """The entries of `check` that no entry covers now."""
    folders = [_folder(one) for one in new]
    left = [
        one
        for one in old
        if not any(
            _folder(one) == folder or (not _is_wild(folder) and _is_in(_folder(one), folder))
            for folder in folders
        )
    ]
    return Change(was=tuple(left)) if left else None


def _moved_roots(old: Sequence[str], new: Sequence[str]) -> Change | None:
    """The import roots that are gone, and those that came within an old one: modules get other names."""
    before, now = {_folder(one): one for one in old}, {_folder(one): one for one in new}
    gone = [one for folder, one in before.items() if folder not in now]
    came = [
        one
        for folder, one in now.items()
        if folder not in before and any(_may_be_in(folder, other) for other in before)
    ]
    return Change(tuple(gone), tuple(came)) if gone or came else None


def _may_be_in(root: str, other: str) -> bool:
    if not _is_wild(root) and not _is_wild(other):
        return _is_in(root, other)
    heads = [one.split("*")[0].split("?")[0].split("[")[0] for one in (root, other)]
    return heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])


def _excluded(old: Sequence[str], new: Sequence[str], check: Sequence[str]) -> Change | None:
    """The globs that exclude more: added ones, and exceptions (`!glob`) that are gone or come earlier.

    A glob for a folder that was not checked is none: it says that the folder is left out on purpose.
    """
    came = [one for one in new if one not in old and not one.startswith("!") and _may_hide(one, check)]
    gone = [one for one in old if one not in new and one.startswith("!")]
    kept = [one for one in new if one in old]
    if kept != [one for one in old if one in new] and any(one.startswith("!") for one in old):
        # The last glob that matches decides, so that another order, or a glob given again, may exclude more.
        came += [one for one in dict.fromkeys(kept) if not one.startswith("!")]
    return Change(tuple(gone), tuple(came)) if came or gone else None


def _may_hide(glob: str, check: Sequence[str]) -> bool:
    """Whether a glob of `exclude` may match what `check` names; without a `/` it does in any folder."""
    anchored = "/" in glob.removesuffix("/")
    folder = glob.removesuffix("/**").rstrip("/")
    if not anchored or _is_wild(folder) or any(_is_wild(one) for one in check):
        return True
    return any(_is_in(folder, _folder(one)) or _is_in(_folder(one), folder) for one in check)


def _changed(change: Change) -> str:
    """What happened to a key, for a message."""
    if change.single:
        return f"was {change.was[0]}, and is {change.now[0]}"
    said = [f"no longer has {_few(change.was)}"] if change.was else []
    said += [f"now has {_few(change.now)}"] if change.now else []
    return " and ".join(said)


def _few(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - FEW} more" if len(texts) > FEW else ""
    return ", ".join(texts[:FEW]) + more
