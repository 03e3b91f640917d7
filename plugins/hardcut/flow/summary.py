"""What a function does for its callers, as far as its own file says: its calls and answers.

Which calls never return, reach something that is looked for, or swallow exceptions depends on other files. So
a summary keeps the graph, in a form that can be stored, and answers questions for given sets of calls. Calls
are numbers: places in a list that is kept beside the summary.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from enum import IntEnum
from typing import Final

import msgspec

NO_ANSWER: Final = -1
INNER_ANSWER: Final = -2
"""The answer of a function in the function: it ends there, but not with an answer of the outer one."""


class EdgeRole(IntEnum):
    """What is special about the way from one block to another."""

    PLAIN = 0
    MISSING = 1
    """Taken only if a parameter is missing or empty."""
    SKIPPED = 2
    """Taken only if a loop does not run once."""
    CAUGHT = 3
    """An `except` clause takes the exception; `line` is that of the clause."""
    SWALLOWED = 4
    """A context manager swallows the exception, if one of `managers` does; `line` is that of the `with`."""
    RAISING = 5
    """An exception goes on: to the next clause, or after a `finally` or a context manager."""
    HANDLED = 6
    """Nothing is left of an exception group."""


ORDINARY: Final = frozenset({EdgeRole.PLAIN, EdgeRole.MISSING, EdgeRole.SKIPPED, EdgeRole.HANDLED})
"""Ways that control takes while no exception is on its way."""


class SummaryEdge(msgspec.Struct, frozen=True, array_like=True):
    """A way to a block.

    `managers` are the paths that a context manager may be; `join` is the block in which the branches of
    a condition meet again, or -1.
    """

    target: int
    role: EdgeRole = EdgeRole.PLAIN
    line: int = 0
    managers: list[str] = []
    join: int = -1


class SummaryBlock(msgspec.Struct, frozen=True, array_like=True):
    """Code that runs from its beginning to its end.

    `calls` are made in it, `defines` are calls in functions that are defined in it, `imports` the paths that
    it imports. `raised` is the block to which an exception goes, or -1 if it leaves the function. `answer` is
    the number of the answer with which it ends, and `line` that of the answer.
    """

    calls: list[int] = []
    defines: list[int] = []
    imports: list[str] = []
    edges: list[SummaryEdge] = []
    raised: int = -1
    answer: int = NO_ANSWER
    line: int = 0
    yields: bool = False


class Recovery(msgspec.Struct, frozen=True, order=True):
    """A place where a failure ends; `managers` are set if that depends on a context manager."""

    line: int
    managers: tuple[str, ...] = ()


class FunctionSummary(msgspec.Struct, frozen=True, array_like=True):
    """The graph of a function: `entries` are the first blocks of itself and of the functions in it.

    `never` is, in all questions, the calls that never return.
    """

    blocks: list[SummaryBlock] = []
    entries: list[int] = []

    def _stops(self, block: SummaryBlock, never: Container[int]) -> bool:
        return any(call in never for call in block.calls)

    def _after(self, number: int, never: Container[int]) -> list[int]:
        """The blocks to which control may go from a block, by an exception too."""
        block = self.blocks[number]
        found = [] if self._stops(block, never) else [edge.target for edge in block.edges]
        return [*found, block.raised] if block.raised >= 0 else found

    def _ordinary_after(self, block: SummaryBlock, never: Collection[int]) -> list[int]:
        """The blocks to which control may go from a block without an exception."""
        if self._stops(block, never):
            return []
        return [edge.target for edge in block.edges if edge.role in ORDINARY]

    def _reached(self, start: Iterable[int], never: Collection[int]) -> set[int]:
        seen: set[int] = set()
        waiting = list(start)
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                waiting += self._after(number, never)
        return seen

    def live(self, never: Collection[int]) -> set[int]:
        """The blocks that may run."""
        return self._reached(self.entries, never)

    def _answers(self, number: int, never: Container[int]) -> bool:
        """Whether a block ends with an answer, if it comes to its end."""
        block = self.blocks[number]
        return block.answer != NO_ANSWER and not self._stops(block, never)

    def answered(self, never: Collection[int]) -> list[int]:
        """The answers that the function itself may give."""
        found = {
            self.blocks[number].answer
            for number in self._reached(self.entries[:1], never)
            if self._answers(number, never)
        }
        return sorted(answer for answer in found if answer >= 0)

    def may_return(self, never: Container[int]) -> bool:
        """Whether the function may end without an exception; asks only about calls on the way to one end."""
        seen: set[int] = set()
        waiting = list(self.entries[:1])
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            if self._answers(number, never):
                return True
            waiting += self._after(number, never)
        return False

    def doomed(self, never: Collection[int]) -> set[int]:
        """The blocks that run only after a failure was caught, and from which no answer can be reached."""
        ordinary: set[int] = set()
        waiting = list(self.entries)
        while waiting:
            number = waiting.pop()
            if number not in ordinary:
                ordinary.add(number)
                waiting += self._ordinary_after(self.blocks[number], never)
        recovering = self._recovering(never, True)
        return {
            number
            for number in range(len(self.blocks))
            if number not in ordinary and number not in recovering
        }

    def _recovering(self, never: Collection[int], by_exceptions: bool) -> set[int]:
        """The blocks from which an answer can be reached, `by_exceptions` too or only without one."""
        before: list[list[int]] = [[] for _ in self.blocks]
        for number, block in enumerate(self.blocks):
            for after in self._after(number, never) if by_exceptions else self._ordinary_after(block, never):
                before[after].append(number)
        seen: set[int] = set()
        waiting = [number for number in range(len(self.blocks)) if self._answers(number, never)]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                waiting += before[number]
        return seen

    def answers_without(
        self, wanted: Collection[int], never: Collection[int], idle: Collection[int], empty: Collection[int]
    ) -> list[int]:
        """The answers to which a way leads that makes none of the wanted calls.

        Exceptions are not followed: what a handler answers is for `recoveries`. A loop runs at least once.
        Where a parameter is missing, no call is wanted as long as none but `idle` ones are made: neither for
        an `empty` answer, nor for what follows after the ways have met again.
        """
        usual = self._usual(never)
        found: set[int] = set()
        seen: set[tuple[int, int | None]] = set()
        # Each place with the block where the branches meet again, if a parameter is missing.
        waiting: list[tuple[int, int | None]] = [(number, None) for number in self.entries[:1]]
        while waiting:
            number, join = waiting.pop()
            if join is not None and number in usual:
                continue
            join = None if join == number else join
            if (number, join) in seen:
                continue
            seen.add((number, join))
            block = self.blocks[number]
            calls = {*block.calls, *block.defines}
            if self._stops(block, never) or not calls.isdisjoint(wanted):
                continue
            join = join if calls <= set(idle) else None
            if block.answer >= 0 and (join is None or block.answer not in empty):
                found.add(block.answer)
            waiting += _onward(block, join)
        return sorted(found)

    def _usual(self, never: Collection[int]) -> set[int]:
        """The blocks that run without an exception, after loops that ran, with all parameters."""
        seen: set[tuple[int, int | None]] = set()
        waiting: list[tuple[int, int | None]] = [(number, None) for number in self.entries[:1]]
        while waiting:
            number, join = place = waiting.pop()
            if place not in seen:
                seen.add(place)
                join = None if join == number else join
                if not self._stops(self.blocks[number], never):
                    waiting += _onward(self.blocks[number], join)
        return {number for number, join in seen if join is None}

    def recoveries(self, failing: Collection[int], never: Collection[int]) -> list[Recovery]:
        """Where exceptions of some blocks end such that an answer can be reached without another exception.

        What a handler raises itself is followed further.
        """
        live, recovering = self.live(never), self._recovering(never, False)
        found: set[Recovery] = set()
        seen: set[tuple[int, bool]] = set()
        # Each block, and whether an exception is on its way there or a handler runs.
        waiting = [(self.blocks[number].raised, True) for number in failing if number in live]
        while waiting:
            number, is_raising = place = waiting.pop()
            if number < 0 or place in seen:
                continue
            seen.add(place)
            block = self.blocks[number]
            waiting.append((block.raised, True))
            if self._stops(block, never):
                continue
            if is_raising and self._answers(number, never):
                # A `return` in a `finally` ends the exception.
                found.add(Recovery(block.line))
            for edge in block.edges:
                if not is_raising:
                    waiting.append((edge.target, False))
                elif edge.role in (EdgeRole.CAUGHT, EdgeRole.SWALLOWED):
                    if edge.target in recovering:
                        found.add(Recovery(edge.line, tuple(edge.managers)))
                    else:
                        waiting.append((edge.target, False))
                elif edge.role is not EdgeRole.HANDLED:
                    waiting.append((edge.target, True))
        return sorted(found)


def _onward(block: SummaryBlock, join: int | None) -> list[tuple[int, int | None]]:
    """Where control goes without an exception, each with the block up to which a parameter is missing."""
    found: list[tuple[int, int | None]] = []
    for edge in block.edges:
        if edge.role is EdgeRole.MISSING and join is None:
            found.append((edge.target, edge.join))
        elif edge.role is EdgeRole.PLAIN or edge.role is EdgeRole.MISSING:
            found.append((edge.target, join))
    return found
