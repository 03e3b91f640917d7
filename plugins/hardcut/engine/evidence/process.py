"""Runs one program without a shell: bounded in time and output, and ended as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from hardcut.source.processes import GRACE, Process, ended, merged_output, start

TAIL = 4_000
"""Characters of the output's end that are kept."""
HELD = 1 << 20
"""Bytes of output that are held while a program runs."""

Watch = Callable[[bytes], None]
Tick = Callable[[float], None]


class Ran(msgspec.Struct, frozen=True):
    """How a program ended: its exit code (None: `said` tells why there is none), and all that was held."""

    exit: int | None
    seconds: float
    output: str
    said: str = ""

    @property
    def tail(self) -> str:
        """The end of the output, from a line's beginning on."""
        if len(self.output) <= TAIL:
            return self.output
        end = self.output[-TAIL:]
        return "[...]\n" + end[end.find("\n") + 1 :]


def run(
    words: Sequence[str], folder: Path, seconds: float, watch: Watch | None = None, tick: Tick | None = None
) -> Ran:
    """Run a program in a folder, for so many seconds at most.

    `watch` is given its output as it comes, `tick` about every second the time that it has taken. An
    interrupt ends the program and what it started, and is raised again.
    """
    began = time.monotonic()
    try:
        process = start(words, cwd=folder, start_new_session=os.name == "posix", **merged_output())
    except OSError as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        return Ran(None, 0.0, "", f"{words[0]} cannot be started: {why}")
    held = bytearray()
    reader = threading.Thread(target=_drain, args=(process, held, watch), daemon=True)
    reader.start()
    said = ""
    try:
        while not ended(process, min(1.0, began + seconds - time.monotonic())):
            spent = time.monotonic() - began
            if spent >= seconds:
                said = f"took longer than {seconds:g} s"
                _end(process)
                break
            if tick is not None:
                tick(spent)
    except BaseException:
        _end(process)
        raise
    reader.join(GRACE)
    spent = round(time.monotonic() - began, 3)
    return Ran(None if said else process.returncode, spent, bytes(held).decode("utf-8", "replace"), said)


def _drain(process: Process, held: bytearray, watch: Watch | None) -> None:
    if process.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            held += chunk
            if len(held) > 2 * HELD:
                del held[:-HELD]
            if watch is not None:
                watch(chunk)


def _end(process: Process) -> None:
    """Ask the program and all it started to end, and after a while see to it."""
    for sign in ("SIGTERM", "SIGKILL"):
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, getattr(signal, sign))
            else:
                process.kill()
        if ended(process, GRACE) and (sign == "SIGKILL" or os.name != "posix"):
            return
