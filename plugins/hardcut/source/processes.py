"""The owner of all child processes: every wait is bounded, and a worker inherits no pipe.

Nothing else in the package starts a process or forks, except the language server, whose event loop does it.
A pipe that a forked worker holds open keeps the child at its other end alive: git waits for an end of file
that never comes, and whoever waits for git waits for ever. So a worker closes whatever it inherited.
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import select
import selectors
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

SILENCE = 20.0
"""Seconds that a child may take for one answer."""
GRACE = 3.0
"""Seconds between the end of a child's input, or a signal to end, and its end."""
MOST_OUTPUT = 1 << 30
"""Bytes that are taken from one command: the names of all objects of a large history are a tenth of that."""
WORKER_SILENCE = 300.0
"""Seconds that a worker may take for one answer: a file or a revision that is judged."""
_CHUNK = 1 << 16
_ATOMIC = 512
"""Bytes that a pipe that can be written to takes at once, on every system."""
_LENGTH = 8

Process = subprocess.Popen[bytes]

started: Counter[str] = Counter()
"""How many processes this process has started, by the program's name; forked workers count as "worker"."""


class FloodError(OSError):
    """A command printed more than is taken."""


class Ended(msgspec.Struct, frozen=True):
    """How a command ended: its exit code, and what it wrote."""

    exit: int
    output: bytes
    errors: bytes


def run(
    words: Sequence[str],
    seconds: float = SILENCE,
    folder: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    given: bytes = b"",
) -> Ended:
    """Run a command to its end; `given` is its standard input.

    Raises:
        OSError: the command cannot be started, takes longer than `seconds` (TimeoutError), or prints more
            than `MOST_OUTPUT` (FloodError); it is killed.
    """
    process = start(
        [program(words[0]), *words[1:]],
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=env,
    )
    with process:
        try:
            output, errors = _communicate(process, given, seconds)
        except subprocess.TimeoutExpired as late:
            process.kill()
            raise TimeoutError(f"{words[0]} took longer than {seconds:g} s") from late
        except BaseException:
            process.kill()
            raise
    return Ended(process.returncode, output, errors)


def _communicate(process: Process, given: bytes, seconds: float) -> tuple[bytes, bytes]:
    """What a process writes to its output and errors; on Windows, the size is checked at the end only."""
    if not hasattr(select, "poll"):
        output, errors = process.communicate(given or None, timeout=seconds)
        _check_size(len(output) + len(errors), process)
        return output, errors
    end = time.monotonic() + seconds
    left, size = memoryview(given), 0
    found: dict[int, list[bytes]] = {}
    with selectors.PollSelector() as waiting:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                waiting.register(stream, selectors.EVENT_READ)
                found[stream.fileno()] = []
        numbers = list(found)
        if process.stdin is not None:
            waiting.register(process.stdin, selectors.EVENT_WRITE)
        while waiting.get_map():
            ready = waiting.select(max(0.0, end - time.monotonic()))
            if not ready and time.monotonic() >= end:
                raise subprocess.TimeoutExpired(process.args, seconds)
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    try:
                        left = left[os.write(key.fd, left[:_ATOMIC]) :]
                    except BrokenPipeError:
                        left = left[:0]
                    done = not left
                else:
                    data = os.read(key.fd, _CHUNK)
                    found[key.fd].append(data)
                    size += len(data)
                    _check_size(size, process)
                    done = not data
                if done:
                    waiting.unregister(key.fileobj)
                    process.stdin.close() if key.fileobj is process.stdin else None
    process.wait(max(0.0, end - time.monotonic()))
    output, errors = (b"".join(found[number]) for number in numbers)
    return output, errors


def _check_size(size: int, process: Process) -> None:
    if size > MOST_OUTPUT:
        raise FloodError(errno.EFBIG, f"{os.path.basename(str(process.args))} printed too much")


def program(name: str) -> str:
    """The path of a program that PATH finds; a path stays as it is.

    Only absolute folders of PATH count. Relative ones, and on Windows the working directory itself, may be
    in a checkout that brings a `git` of its own.

    Raises:
        FileNotFoundError: no such folder holds the program.
    """
    if os.path.dirname(name):
        return name
    full = f"{name}.exe" if sys.platform == "win32" else name
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        place = os.path.join(folder, full)
        if os.path.isabs(folder) and os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)


def start(words: Sequence[str], **options: Any) -> Process:
    """Start a process with options of `subprocess.Popen`; its caller bounds every wait.

    Raises:
        OSError: it cannot be started; a word that no system call takes (with a null byte) is such a case.
    """
    try:
        process = subprocess.Popen(words, **options)
    except (ValueError, subprocess.SubprocessError) as problem:
        raise OSError(str(problem)) from problem
    started[os.path.basename(words[0])] += 1
    return process


def merged_output() -> dict[str, int]:
    """Options for `start`: no input, and one pipe for output and errors."""
    return {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}


def ended(process: Process, seconds: float) -> bool:
    """Whether a process ends within some seconds."""
    try:
        process.wait(timeout=max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


class Child:
    """A child process that this process alone writes to and reads from.

    Raises:
        OSError: the child cannot be started. Reading and writing raise it too (TimeoutError after
            `seconds` without progress); the child has then been killed.
    """

    def __init__(
        self,
        words: Sequence[str],
        env: Mapping[str, str] | None = None,
        seconds: float = SILENCE,
    ) -> None:
        self._seconds = seconds
        self._owner = os.getpid()
        self._buffer = bytearray()
        self._process = start(
            [program(words[0]), *words[1:]],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
        )

    @property
    def is_own(self) -> bool:
        """Whether this process started the child: a forked one must start its own."""
        return os.getpid() == self._owner

    def write(self, data: bytes) -> None:
        """Write to the child's standard input."""
        assert self._process.stdin is not None
        with self._bounded():
            for at in range(0, len(data), _ATOMIC):
                self._wait(self._process.stdin.fileno(), writing=True)
                os.write(self._process.stdin.fileno(), data[at : at + _ATOMIC])

    def until(self, end: bytes) -> bytes:
        """What the child prints up to a byte, without it; at the end of its output what is left."""
        with self._bounded():
            begin = 0
            while (at := self._buffer.find(end, begin)) < 0:
                begin = len(self._buffer)
                if not self._fill():
                    return self._take(len(self._buffer))
        return self._take(at + 1)[:-1]

    def exactly(self, size: int) -> bytes:
        """So many bytes of the child's output; less if it ends before."""
        with self._bounded():
            while len(self._buffer) < size and self._fill():
                pass
        return self._take(size)

    def exit(self) -> int:
        """End the child's input, wait a little for its end, kill it if it does not come; its exit code."""
        if not self.is_own:
            return -1
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if not ended(self._process, GRACE):
            self._process.kill()
            ended(self._process, GRACE)
        return self._process.returncode if self._process.returncode is not None else -1

    def _take(self, size: int) -> bytes:
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _fill(self) -> bool:
        assert self._process.stdout is not None
        self._wait(self._process.stdout.fileno(), writing=False)
        data = os.read(self._process.stdout.fileno(), _CHUNK)
        self._buffer += data
        return bool(data)

    def _wait(self, descriptor: int, writing: bool) -> None:
        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT if writing else select.POLLIN)
        if not poll.poll(self._seconds * 1000):
            self._process.kill()
            raise TimeoutError(f"no answer within {self._seconds:g} s")

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        """Kill a child that stays silent, on a system whose pipes cannot be polled (Windows)."""
        if hasattr(select, "poll"):
            yield
            return
        timer = threading.Timer(self._seconds, self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def can_fork() -> bool:
    """Whether workers can be had: a fork beside other threads may copy a lock that nobody releases."""
    return hasattr(os, "fork") and threading.active_count() == 1


class Worker:
    """A forked process that shares what is in memory, and sends packed answers one by one.

    A thread of this process takes each answer as it comes, so that the worker never waits for its reader.
    """

    def __init__(self, work: Callable[[], Iterable[bytes]]) -> None:
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        reader, writer = os.pipe()
        started["worker"] += 1
        try:
            self._pid = os.fork()
        except OSError:
            os.close(reader)
            os.close(writer)
            raise
        if self._pid == 0:
            _work(work, writer)
        os.close(writer)
        self._reader = reader
        self._thread = threading.Thread(target=self._drain, daemon=True)

    def listen(self) -> None:
        """Take answers from now on; all workers are forked before, for a fork and threads do not mix."""
        try:
            self._thread.start()
        except RuntimeError:  # A container may allow one more process, but no thread after it.
            self._answers.put(None)

    def answers(self, seconds: float = WORKER_SILENCE) -> Iterator[bytes]:
        """The answers; they end early if the worker dies, or is silent for longer than `seconds`."""
        while True:
            try:
                answer = self._answers.get(timeout=seconds)
            except queue.Empty:
                return
            if answer is None:
                return
            yield answer

    def end(self) -> None:
        """Kill the worker, if it still runs."""
        import signal

        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self._pid, 0)
        if self._thread.ident is not None:
            self._thread.join(GRACE)
        os.close(self._reader)

    def _drain(self) -> None:
        with contextlib.suppress(OSError):
            while head := self._exactly(_LENGTH):
                size = int.from_bytes(head, "little")
                answer = self._exactly(size)
                if len(answer) < size:
                    break
                self._answers.put(answer)
        self._answers.put(None)

    def _exactly(self, size: int) -> bytes:
        found = bytearray()
        while data := os.read(self._reader, min(size - len(found), 1 << 20)):
            found += data
        return bytes(found)


@contextlib.contextmanager
def workers(works: Sequence[Callable[[], Iterable[bytes]]]) -> Iterator[list[Worker]]:
    """A worker for each piece of work; all of them have ended afterwards. Fewer if no more can be forked."""
    running: list[Worker] = []
    try:
        with contextlib.suppress(OSError):
            for work in works:
                running.append(Worker(work))
        for worker in running:
            worker.listen()
        yield running
    finally:
        for worker in running:
            worker.end()


def _work(work: Callable[[], Iterable[bytes]], writer: int) -> None:
    """A worker's life, which ends here: no exit handler of the parent runs in it."""
    status = 1
    try:
        _detach(writer)
        for answer in work():
            data = memoryview(len(answer).to_bytes(_LENGTH, "little") + answer)
            while data:
                data = data[os.write(writer, data) :]
        status = 0
    finally:
        os._exit(status)


def _detach(kept: int) -> None:
    """Turn every inherited descriptor but one into the null device.

    Their numbers stay taken: an object of the parent that is collected here closes its own number, not a
    file that was opened since.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in _descriptors():
        if descriptor not in (kept, null):
            with contextlib.suppress(OSError):
                os.dup2(null, descriptor, inheritable=descriptor <= 2)


def _descriptors() -> list[int]:
    try:
        found = [int(name) for name in os.listdir("/dev/fd")]  # Linux, macOS and the BSDs have it
    except (OSError, ValueError):
        found = list(range(os.sysconf("SC_OPEN_MAX")))
    # The listing's own descriptor is closed by now: its number must not be taken.
    return [descriptor for descriptor in found if _is_open(descriptor)]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
