"""Questions to git; nothing that a repository's configuration names is run, and nothing is fetched."""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

from hardcut.source.processes import MOST_OUTPUT, Child, FloodError, run

SECONDS = 20
unanswered: dict[str, str] = {}
"""The git commands that were ended before they had answered, and why; who reports them clears them first."""
_KEPT = (
    "GIT_EXEC_PATH",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
)
"""How git itself is set up: all other GIT_ variables are about one repository, or change the output."""


def git(root: Path | str, *arguments: str, seconds: float = SECONDS, given: bytes = b"") -> bytes | None:
    """What a git command prints in a folder, None where it fails, is missing or takes too long.

    `given` is its standard input.
    """
    try:
        answer = run(_command(root, arguments), seconds, env=_environment(), given=given)
    except TimeoutError:
        unanswered[_name_of(arguments)] = f"took longer than {seconds:g} s"
        return None
    except FloodError:
        unanswered[_name_of(arguments)] = f"printed more than {MOST_OUTPUT:,} bytes"
        return None
    except OSError:
        return None
    return answer.output if answer.exit == 0 else None


def _name_of(arguments: tuple[str, ...]) -> str:
    """The git command among the arguments of a call, which may begin with settings."""
    words = iter(arguments)
    for word in words:
        if word == "-c":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def head(root: Path | str) -> bytes:
    """The commit that is checked out, empty where there is none."""
    return git(root, "rev-parse", "-q", "--verify", "HEAD") or b""


def state(root: Path | str) -> bytes:
    """What answers about history rest on: the commit that is checked out, and where a shallow clone ends.

    Empty where there is no commit.
    """
    answer = git(root, "rev-parse", "--git-path", "shallow", "HEAD")
    if answer is None:
        return b""
    place, _, name = answer.rstrip(b"\n").rpartition(b"\n")
    try:
        with open(os.path.join(root, os.fsdecode(place)), "rb") as stream:
            boundary = stream.read()
    except OSError:
        return name
    return name + hashlib.blake2b(boundary, digest_size=16).digest()


def top(root: Path | str) -> str | None:
    """The nearest folder, from a folder upwards, that holds a `.git`; git may still refuse to read it."""
    return next((folder for folder in _upwards(root) if os.path.lexists(os.path.join(folder, ".git"))), None)


def bare_below_top(root: Path | str) -> str | None:
    """A folder from `root` up to its repository that looks like a bare repository.

    Files of a bare repository can be committed: git would then read the history in there, or none, instead
    of that of the checkout.
    """
    end = top(root)
    if end is None:
        return None
    for folder in _upwards(root):
        if folder == end:
            return None
        if os.path.lexists(os.path.join(folder, "HEAD")) and (
            os.path.lexists(os.path.join(folder, "commondir"))
            or all(os.path.lexists(os.path.join(folder, name)) for name in ("objects", "refs"))
        ):
            return folder
    return None


def _upwards(folder: Path | str) -> Iterator[str]:
    place = os.path.realpath(folder)
    yield place
    while (parent := os.path.dirname(place)) != place:
        place = parent
        yield place


def commit(root: Path | str, revision: str) -> str | None:
    """The full name of the commit that a revision names; None where git knows no such commit."""
    if revision.startswith("-") or "\0" in revision:
        return None
    found = git(root, "rev-parse", "-q", "--verify", f"{revision}^{{commit}}")
    return found.decode("ascii", "replace").strip() if found else None


class Objects:
    """Contents of a repository's objects by name, from one process that is started when it is needed."""

    def __init__(self, root: Path | str) -> None:
        self._root = root
        self._child: Child | None = None
        self._is_silent = False

    def read(self, name: str) -> bytes | None:
        """An object's content; None where the repository does not hold it."""
        if "\n" in name or self._is_silent:
            return None
        try:
            child = self._started()
            child.write(f"{name}\n".encode("utf-8", "surrogateescape"))
            header = child.until(b"\n").split()
            if not header:
                self._child = None
            if len(header) != 3 or not header[2].isdigit():
                return None
            data = child.exactly(int(header[2]))
            child.exactly(1)
        except TimeoutError:
            unanswered["cat-file"] = "gave no answer"
            self._is_silent = True  # Each of thousands of objects would take as long.
            self._child = None
            return None
        except OSError:
            self._child = None
            return None
        return data

    def _started(self) -> Child:
        if self._child is None or not self._child.is_own:
            self._child = Child(_command(self._root, ("cat-file", "--batch")), _environment())
            weakref.finalize(self, self._child.exit)
        return self._child


def _command(root: Path | str, arguments: tuple[str, ...]) -> list[str]:
    settings = (
        "core.fsmonitor=false",
        f"core.hooksPath={os.devnull}",
        "log.showSignature=false",
        "safe.bareRepository=explicit",  # A bare repository can be part of a commit.
    )
    given = [word for one in settings for word in ("-c", one)]
    return ["git", "-C", str(root), *given, "--literal-pathspecs", *arguments]


def _environment() -> dict[str, str]:
    """A hook's own GIT_DIR and the like speak of another repository, maybe: the folder decides."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    # A partial clone fetches what it lacks; versions from before May 2024 know only the second setting.
    offline = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    return kept | quiet | offline
