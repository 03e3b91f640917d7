"""The stored answer of a whole run: what it printed, given again while nothing has changed.

A run that is answered from here imports nothing else of hardcut, so this module imports only what Python has
loaded at its start. `engine/answer_inputs.py` finds out what a run depends on.
"""

import os
import sys
import time
from marshal import dumps, loads

from hardcut.engine.cachefolder import CacheFolder, blake2b

FORMAT = "stored answer 1"
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that is stored."""
MOST = 8
"""Answers that are kept of one working directory: several formats or options, the latest first."""
TICK = 20_000_000
"""Nanoseconds in which two edits may leave the same time: two ticks of the slowest usual kernel clock."""
COARSE = 2_100_000_000
"""The same on a file system that keeps whole seconds, or every second one."""
SKEW = 10_000_000
"""Nanoseconds by which the system's clock may differ from another one: half of `TICK`."""
VARIABLES = frozenset(
    (
        *("CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GITHUB_BASE_REF"),
        *("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TERM"),
        *("HOME", "PATH", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
        *("LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8", "TZ"),
    )
)
"""Environment variables that change what a run finds or prints; those of git and hardcut count too."""
Stamps = list[int | None]
"""Four numbers for each path: times of modification and change, size, inode; None where nothing is."""
Printed = tuple[str, str, int]
"""Standard output, standard error, and the exit code."""
_BEGINNING = "printed"
_PATHS = ("--root", "--plan")


class Answer:
    """What a run printed, and what that depends on.

    `day` is the date of the run where that matters, as (year, month, day). `paths` are files and folders,
    separated by null bytes, and `stamps` a digest of their stamps; `contents` are files by what is in them,
    as (path, digest). Paths are absolute or relative to the working directory.
    """

    __slots__ = ("contents", "day", "paths", "printed", "stamps")

    def __init__(
        self,
        printed: Printed,
        day: tuple[int, ...] | None,
        paths: str,
        stamps: bytes,
        contents: list[tuple[str, bytes]],
    ) -> None:
        self.printed = printed
        self.day = day
        self.paths = paths
        self.stamps = stamps
        self.contents = contents

    def is_current(self) -> bool:
        """Whether everything that it depends on is as it was."""
        if self.day is not None and self.day != tuple(time.localtime()[:3]):
            return False
        if any(content_of(path) != digest for path, digest in self.contents):
            return False
        return digest_of(stamps_of(self.paths.split("\0"))) == self.stamps


class Request:
    """A run that the command line asks for: its arguments, working directory, interpreter and output.

    `begun` is the system's time in nanoseconds when it was made, `steady` that of a clock that nobody sets.
    """

    __slots__ = ("arguments", "begun", "folder", "name", "steady")

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.begun = time.time_ns()
        self.steady = time.monotonic_ns()
        self.folder = os.path.realpath(os.getcwd())
        settings = (
            (arguments, self.folder, sys.version, sys.path, sys.flags.utf8_mode),
            sorted((name, os.environ[name]) for name in os.environ if _matters(name)),
            [_description(stream) for stream in (sys.stdout, sys.stderr)],
        )
        # Other versions of marshal's format keep references, so that equal values may differ.
        self.name = _BEGINNING + blake2b(dumps(settings, 2), digest_size=12).hexdigest()

    def stored(self) -> Answer | None:
        """The answer of the same run, if it is still right."""
        folder = self.cache_folder()
        data = folder.read(self.name, LARGEST) if folder is not None else None
        if data is None:
            return None
        answer = Answer(*loads(data))
        return answer if answer.is_current() else None

    def store(self, answer: Answer) -> None:
        """Keep an answer, if there is a place for it."""
        folder = self.cache_folder()
        rows = answer.printed, answer.day, answer.paths, answer.stamps, answer.contents
        data = dumps(rows, 2)
        if folder is not None and len(data) <= LARGEST and folder.write(self.name, data):
            folder.thin(_BEGINNING, MOST)

    def cache_folder(self) -> CacheFolder | None:
        """The folder of what is kept for the working directory; None where none can be trusted.

        No checkout that the arguments name may have brought it either.
        """
        for at, argument in enumerate(self.arguments):
            name, _, value = argument.partition("=")
            if name in _PATHS:
                place = value or "".join(self.arguments[at + 1 : at + 2])
                given = place if name == "--root" else os.path.dirname(place)
                if CacheFolder(given or ".", FORMAT).is_refused:
                    return None
        folder = CacheFolder(self.folder, FORMAT)
        return None if folder.is_refused else folder


def request_of(arguments: list[str]) -> Request | None:
    """The request for a whole run that may be answered; None for all other commands and runs.

    On Windows no stamp tells that a file's time was put back, so that every run looks at the contents there.
    """
    if arguments[:1] != ["check"] or os.name != "posix" or sys.stdout is None or sys.stderr is None:
        return None
    try:
        return Request(arguments)
    except (OSError, ValueError, UnicodeError):  # No working directory, or text that is no text.
        return None


def stamps_of(paths: list[str]) -> Stamps:
    """The stamps of some paths; of a link, that of what it leads to."""
    stamps: Stamps = []
    add = stamps.append
    stat = os.stat
    for path in paths:
        try:
            state = stat(path)
        except (OSError, ValueError):
            add(None)
        else:
            add(state.st_mtime_ns)
            add(state.st_ctime_ns)
            add(state.st_size)
            add(state.st_ino)
    return stamps


def digest_of(stamps: Stamps) -> bytes:
    """A digest of stamps."""
    return blake2b(dumps(stamps, 2), digest_size=16).digest()


def content_of(path: str) -> bytes:
    """A digest of a file's content; empty where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as stream:
            return blake2b(stream.read(), digest_size=16).digest()
    except (OSError, ValueError):
        return b""


def is_settled(changed: int, begun: int) -> bool:
    """Whether an edit after `begun` gives a file another time than `changed`, both in nanoseconds."""
    return changed < begun - (TICK if changed % 1_000_000_000 else COARSE)


def _matters(name: str) -> bool:
    return name in VARIABLES or name.startswith(("GIT_", "HARDCUT_"))


def _description(stream: object) -> tuple[object, ...]:
    """What the output depends on: the encoding, and the width of a terminal."""
    encoding = getattr(stream, "encoding", None)
    try:
        columns = os.get_terminal_size(stream.fileno()).columns  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        columns = 0
    try:
        return str(encoding), columns, bool(stream.isatty())  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return str(encoding), columns, False
