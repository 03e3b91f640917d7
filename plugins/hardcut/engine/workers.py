"""Work spread over forked processes; the parent takes a share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from hardcut.source.processes import can_fork, workers

Item = TypeVar("Item")


def dealt(items: Sequence[tuple[str, int]], count: int) -> list[list[str]]:
    """Paths in so many shares of about the same cost; an item is a path and its cost."""
    shares: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for path, cost in sorted(items, key=lambda item: -item[1]):
        least = loads.index(min(loads))
        shares[least].append(path)
        loads[least] += cost
    return shares


def spread(
    shares: Sequence[Sequence[Item]], work: Callable[[Item], bytes], last: Callable[[], bytes] | None = None
) -> Iterator[tuple[Item | None, bytes]]:
    """The results of `work` for each item: of the first share from this process, of the others from workers.

    `last` makes one more result of each worker after its share (with None for the item). A worker that
    dies or stays silent leaves the rest of its share undone: the caller does what is missing itself.
    """
    if not can_fork():
        for item in shares[0]:
            yield item, work(item)
        return

    def task(share: Sequence[Item]) -> Callable[[], Iterator[bytes]]:
        def results() -> Iterator[bytes]:
            for item in share:
                yield work(item)
            if last is not None:
                yield last()

        return results

    with workers([task(share) for share in shares[1:]]) as running:
        for item in shares[0]:
            yield item, work(item)
        for worker, share in zip(running, shares[1:], strict=False):
            yield from zip([*share, None], worker.answers(), strict=False)
