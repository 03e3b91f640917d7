"""Work spread over forked processes; the parent takes a share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec


def spread(
    items: list[tuple[str, int]], work: Callable[[str], bytes], count: int
) -> Iterator[tuple[str, bytes]]:
    """The results of `work` for each item, an item being a path and its cost.

    The largest items are dealt first, so that shares are even. A child that dies leaves its share
    undone: the caller does what is missing itself.
    """
    shares: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for path, cost in sorted(items, key=lambda one: -one[1]):
        least = loads.index(min(loads))
        shares[least].append(path)
        loads[least] += cost
    children: list[tuple[int, int, list[str]]] = []
    for share in shares[1:]:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _child(share, work, reader, writer)
        os.close(writer)
        children.append((child, reader, share))
    for path in shares[0]:
        yield path, work(path)
    for child, reader, share in children:
        with os.fdopen(reader, "rb") as stream:
            packed = stream.read()
        os.waitpid(child, 0)
        try:
            done = msgspec.msgpack.decode(packed, type=list[bytes])
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        yield from zip(share, done, strict=False)


def _child(share: list[str], work: Callable[[str], bytes], reader: int, writer: int) -> None:
    status = 1
    try:
        os.close(reader)
        packed = msgspec.msgpack.encode([work(path) for path in share])
        with os.fdopen(writer, "wb") as stream:
            stream.write(packed)
        status = 0
    finally:
        os._exit(status)
