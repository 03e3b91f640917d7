"""Work that is put off for a moment, and put off again by what comes in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

LOG = logging.getLogger(__name__)


class Later:
    """Work by name: of each name the latest only."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def put(self, name: str, delay: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work after so many seconds; older work of this name is given up, begun or not."""
        self.drop(name)
        self._tasks[name] = asyncio.get_running_loop().create_task(self._do(name, delay, work))

    def drop(self, name: str) -> None:
        """Give up work."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def drop_all(self) -> None:
        """Give up all work."""
        for name in list(self._tasks):
            self.drop(name)

    async def done(self, name: str) -> None:
        """Wait until no work of this name is left."""
        while (task := self._tasks.get(name)) is not None:
            await asyncio.wait([task])

    async def _do(self, name: str, delay: float, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await asyncio.sleep(delay)
            await work()
        except Exception:
            LOG.exception("could not do: %s", name)
        finally:
            if self._tasks.get(name) is asyncio.current_task():
                del self._tasks[name]
