"""The waves among themselves: their names, what they require, their order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import islice

from hardcut.plan.errors import listing, quoted, suggestion
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Places
from hardcut.plan.model import Manifest
from hardcut.plan.source_map import Path

SHOWN = 20
"""Circles shown, and waves of each."""


def check_waves(manifest: Manifest, places: Places, named: bool = True) -> Iterator[Problem]:
    """Ids given twice, unknown and circular `requires`, and waves landed too early.

    Not `named`: some waves' ids are unknown, so an unknown name may be one of them.
    """
    first: dict[str, int] = {}
    for order, wave in enumerate(manifest.wave):
        if wave.id in first:
            line = places.line(("wave", first[wave.id]))
            yield places.problem(
                ("wave", order, "id"), f"wave {quoted(wave.id)} is there already, in line {line}"
            )
        first.setdefault(wave.id, order)
    for order, wave in enumerate(manifest.wave):
        for index, needed in enumerate(wave.requires):
            at: Path = ("wave", order, "requires", index)
            if needed not in first:
                if named:
                    known = suggestion(needed, first) or known_waves(list(first))
                    yield places.problem(at, f"no wave {quoted(needed)}{known}")
            elif needed == wave.id:
                yield places.problem(at, f"wave {quoted(needed)} requires itself")
            elif wave.state == "landed" and (other := manifest.wave[first[needed]]).state != "landed":
                line = places.line(("wave", first[needed]))
                yield places.problem(
                    ("wave", order, "state"),
                    f"wave {quoted(wave.id)} is landed, but requires wave {quoted(needed)}, "
                    f"which is {other.state} (line {line})",
                )
    for circle in islice(_circles(manifest), SHOWN):
        shown = [quoted(name) for name in circle]
        if len(shown) > SHOWN:
            shown[SHOWN:] = ["..."]
        names = " -> ".join([*shown, shown[0]])
        yield places.problem(
            ("wave", first[circle[0]], "requires"), f"these waves require each other in a circle: {names}"
        )


def known_waves(ids: list[str]) -> str:
    """`; the waves are "0" and "1"`, or nothing."""
    return f"; the waves are {listing(ids)}" if ids else ""


def required(manifest: Manifest, wave: str) -> list[str]:
    """The ids of all waves that have to land before one, those that require nothing first."""
    needs = {one.id: one.requires for one in manifest.wave}
    found: dict[str, None] = {}
    waiting = [(name, False) for name in needs.get(wave, ())]
    while waiting:
        name, done = waiting.pop()
        if done:
            found[name] = None
        elif name not in found and name in needs:
            waiting += [(name, True), *((one, False) for one in needs[name])]
    return list(found)


def ranks(manifest: Manifest) -> list[int]:
    """Each wave's turn: after all that it requires, otherwise in the manifest's order."""
    position = {wave.id: order for order, wave in enumerate(manifest.wave)}
    waits = [{position[name] for name in wave.requires if name in position} for wave in manifest.wave]
    followers: dict[int, list[int]] = {}
    for order, needed in enumerate(waits):
        for other in needed:
            followers.setdefault(other, []).append(order)
    ready = [order for order, needed in enumerate(waits) if not needed]
    turns = [len(waits)] * len(waits)
    turn = 0
    while ready:
        order = heapq.heappop(ready)
        turns[order] = turn
        turn += 1
        for follower in followers.get(order, ()):
            waits[follower].discard(order)
            if not waits[follower]:
                heapq.heappush(ready, follower)
    return turns


def _circles(manifest: Manifest) -> Iterator[list[str]]:
    """Circles of two waves and more, each once, from its first wave in the manifest's order."""
    needs: dict[str, list[str]] = {}
    for wave in manifest.wave:
        needs.setdefault(wave.id, []).extend(name for name in wave.requires if name != wave.id)
    state: dict[str, int] = {}
    for start in needs:
        trail: list[str] = []
        todo = [(start, iter(needs[start]))] if start not in state else []
        while todo:
            name, others = todo[-1]
            if name not in state:
                state[name] = len(trail)
                trail.append(name)
            for other in others:
                if other in needs and other not in state:
                    todo.append((other, iter(needs[other])))
                    break
                if state.get(other, -1) >= 0:
                    yield trail[state[other] :]
            else:
                state[name] = -1
                trail.pop()
                todo.pop()
