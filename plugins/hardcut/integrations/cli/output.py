"""Where output goes: standard output, also one that closes early, or a file that is whole or untouched."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable

import click

from hardcut.api.errors import Unusable, plain, why
from hardcut.api.paths import relative


def emit(text: str, colour: bool = False, err: bool = False) -> None:
    """Write text to standard output or error.

    A reader that goes away early is no error; any other failure to write is unusable output.
    """
    try:
        click.echo(text, nl=False, err=err, color=colour or None)
    except OSError as problem:
        if (failure := failed(problem, err)) is not None:
            raise failure from None


def failed(problem: OSError, err: bool) -> Unusable | None:
    """What to report of output that could not be written; None if its reader went away early."""
    _turn_away(err)
    return None if isinstance(problem, BrokenPipeError) else plain(f"cannot write the output: {why(problem)}")


def write_file(path: str, data: bytes, root: str) -> None:
    """Write a file in one step: its readers see the old content or the new, never a part.

    A device or pipe is written to as it is. `root` is the project's folder. The project and the git
    repository around it are not trusted: a symbolic link in them may not lead the write out of them, or
    into `.git`. Elsewhere links are followed, as the user made them.

    Raises:
        Unusable: such a link is on the way, or the file cannot be written.
    """
    try:
        real = os.path.realpath(path)
        if _is_led_away(path, real, root):
            raise plain(f"cannot write {path}: a symbolic link leads out of the project, to {real}")
        try:
            mode = os.stat(real).st_mode
        except FileNotFoundError:
            _place(real, data, None, os.replace)
            return
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if stat.S_ISREG(mode):
            _place(real, data, stat.S_IMODE(mode), os.replace)
        else:
            with open(path, "wb") as file:
                file.write(data)
    except BrokenPipeError:
        return
    except (OSError, ValueError) as problem:
        said = why(problem) if isinstance(problem, OSError) else str(problem)
        raise plain(f"cannot write {path}: {said}") from None


def _is_led_away(path: str, real: str, root: str) -> bool:
    """Whether a path in the checkout of `root` stands for `real`, which is not in it or is git's own."""
    checkout = repository(root)
    if relative(root, path) is None and relative(checkout, path) is None:
        return False
    inside = relative(os.path.realpath(checkout), real)
    return inside is None or ".git" in inside.lower().split("/")


def repository(root: str) -> str:
    """The top of the git repository that a folder is in, or the folder itself."""
    folder = os.path.realpath(root)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return root
        folder = above
    return folder


def create_file(path: str, data: bytes, replace: bool) -> bool:
    """Write a new file in one step; False, and nothing written, where there is one (or a link) already.

    With `replace`, what is there makes way: a link itself, not what it leads to. Raises Unusable
    where the file cannot be written.
    """
    try:
        _place(path, data, None, os.replace if replace else _link)
    except FileExistsError:
        return False
    except (OSError, ValueError) as problem:
        said = why(problem) if isinstance(problem, OSError) else str(problem)
        raise plain(f"cannot write {path}: {said}") from None
    return True


def _place(path: str, data: bytes, mode: int | None, move: Callable[[str, str], None]) -> None:
    descriptor, temporary = _temporary(os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        if mode is not None:
            os.chmod(temporary, mode)
        move(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _temporary(folder: str) -> tuple[int, str]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = 0
    while True:
        path = os.path.join(folder, f".hardcut-{os.getpid()}-{number}.tmp")
        try:
            return os.open(path, flags, 0o666), path
        except FileExistsError:
            number += 1


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links.
        if os.path.lexists(target):
            raise FileExistsError from None
        os.rename(source, target)


def _turn_away(err: bool) -> None:
    """Send what is still buffered nowhere, or the interpreter fails on it at exit."""
    stream = sys.stderr if err else sys.stdout
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
