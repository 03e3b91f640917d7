"""Where answers are kept between runs: files in a folder of the user, which no checkout can reach.

A run trusts what it reads back, so whoever can write there decides what the run reports. A folder that
came with the checked project, or that another user can write to, is never used.

A stored answer is looked for before anything else is imported, so this module imports only what Python has
loaded at its start: `hashlib`, which loads OpenSSL, takes as long as all that a stored answer needs.
"""

import os
import stat
import sys
import time

try:
    from _blake2 import blake2b as blake2b
except ImportError:  # Another Python than CPython.
    from hashlib import blake2b as blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "HARDCUT_CACHE_DIR"
"""The environment variable that names the folder of all projects' files."""
_MARK = b"hardcut cache "
MAGIC = _MARK + b"1\n"
_DIGEST = 16
MONTH = 30 * 86_400
"""Seconds after which the files of a project that is not checked any more are removed."""
DAY = 86_400
HOUR = 3_600
ROOM = 2 << 30
"""Bytes of all projects together; beyond that, the files of those that were checked long ago are removed."""
JOURNAL = "journal"
"""A file that is no cache: by it an interrupted change is undone. It is removed by nobody else."""
_HEXADECIMAL = frozenset("0123456789abcdef")
_TEMPORARY = ".tmp"
_METADATA = (".git", ".hg", ".jj", ".svn")


class CacheFolder:
    """The kept files of one project: a folder named after the real path of the project's root.

    `version` names the program that reads and writes; files of other versions are ignored. `note` says why
    an existing or configured folder is not used; it is empty if there is nothing to report.
    """

    def __init__(self, root: "Path | str", version: str) -> None:
        self._real = os.path.realpath(root)
        self._version = version
        self.note = ""
        self._key = blake2b(os.fsencode(self._real), digest_size=16).hexdigest()
        self._base = self._usable_base()
        self._seen: dict[str, tuple[int, int] | None] = {}

    @property
    def path(self) -> "Path | None":
        """The project's folder, whether it is there or not; None where there can be none."""
        from pathlib import Path

        return Path(self._base, self._key) if self._base is not None else None

    @property
    def is_refused(self) -> bool:
        """Whether there is no folder that can be trusted."""
        return self._base is None

    def read(self, name: str, most: int) -> memoryview | None:
        """What was written under a name, if it has at most `most` bytes and its digest is right."""
        if self._base is None:
            return None
        folder = os.path.join(self._base, self._key)
        self._seen[name] = self._stamp(name)
        try:
            if not self._is_ours(os.lstat(folder), 0o077):
                return None
            data = _contents(os.path.join(folder, name), most + len(MAGIC) + _DIGEST)
            self._touch(folder)
        except OSError:
            return None
        head = len(MAGIC)
        payload = memoryview(data)[head + _DIGEST :]
        if data[:head] != MAGIC or data[head : head + _DIGEST] != self._digest(name, payload):
            return None
        return payload

    def write(self, name: str, data: bytes) -> bool:
        """Keep data under a name, all of it or nothing; whether that was possible."""
        if self._base is None:
            return False
        folder = os.path.join(self._base, self._key)
        temporary = os.path.join(folder, f"{name}.{os.getpid()}.{os.urandom(4).hex()}{_TEMPORARY}")
        try:
            os.makedirs(os.path.dirname(self._base), exist_ok=True)
            for made in (self._base, folder):
                if not os.path.isdir(made):
                    os.mkdir(made, 0o700)
            if not self._is_ours(os.lstat(self._base), 0o022) or not self._is_ours(os.lstat(folder), 0o077):
                return False
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        except OSError:
            return False
        try:
            with open(descriptor, "wb", buffering=0) as stream:
                for part in (MAGIC + self._digest(name, data), data):
                    _write_all(stream.fileno(), part)
            os.replace(temporary, os.path.join(folder, name))
        except BaseException as problem:
            _remove(temporary)
            if isinstance(problem, OSError):
                return False
            raise
        self._seen[name] = self._stamp(name)
        return True

    def clock(self) -> tuple[int, int] | None:
        """The time in nanoseconds by the clock of the folder's file system, and its device."""
        if self._base is None:
            return None
        path = os.path.join(self._base, self._key, f"clock.{os.getpid()}.{os.urandom(4).hex()}{_TEMPORARY}")
        try:
            os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            state = os.lstat(path)
        except OSError:
            return None
        _remove(path)
        return state.st_mtime_ns, state.st_dev

    def thin(self, beginning: str, most: int) -> None:
        """Keep only the latest `most` of the files whose names begin alike."""
        if self._base is None:
            return
        folder = os.path.join(self._base, self._key)
        found = [
            path
            for path in _files(folder)
            if os.path.basename(path).startswith(beginning) and not path.endswith(_TEMPORARY)
        ]
        for path in sorted(found, key=_changed, reverse=True)[most:]:
            _remove(path)

    def is_replaced(self, name: str) -> bool:
        """Whether another process has written under a name since this one read or wrote there."""
        return self._seen.get(name) != self._stamp(name)

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            state = os.lstat(os.path.join(self._base or "", self._key, name))
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns

    def sweep(self, now: float | None = None) -> None:
        """Remove what other projects have left long ago, or beyond the room for all, and abandoned files."""
        if self._base is None:
            return
        now = time.time() if now is None else now
        known: list[tuple[float, int, str]] = []
        try:
            with os.scandir(self._base) as entries:
                for entry in entries:
                    if _is_hexadecimal(entry.name, 32) and entry.is_dir(follow_symlinks=False):
                        known.append((*_age_and_size(entry.path), entry.path))
        except OSError:
            return
        total = 0
        for used, size, folder in sorted(known, reverse=True):
            total += size
            own = os.path.basename(folder) == self._key
            if not own and (now - used > MONTH or total > ROOM):
                total -= size
                _remove_folder(folder)
            elif own:
                for path in _files(folder):
                    if path.endswith(_TEMPORARY) and now - _changed(path) > HOUR:
                        _remove(path)

    def _usable_base(self) -> str | None:
        base = _base()
        if base is None:
            return None
        base = os.path.realpath(base)
        checkout = _checkout(self._real)
        if _is_inside(base, checkout):
            self.note = (
                f"no cache is used: {base} is inside the checked project, which could bring forged answers; "
                f"let {VARIABLE} name a folder outside of it"
            )
            return None
        try:
            state = os.lstat(base)
        except OSError:
            return base
        if not self._is_ours(state, 0o022):
            self.note = (
                f"no cache is used: {base} is not a folder that the current user alone can write to; "
                f"correct its owner and mode, or let {VARIABLE} name another folder"
            )
            return None
        own = os.path.join(base, self._key)
        if os.path.lexists(own) and not self._is_ours(os.lstat(own), 0o077):
            self.note = (
                f"no cache is used: {own} is not a folder that the current user alone can read and write "
                "(mode 0700); remove it"
            )
            return None
        return base

    @staticmethod
    def _is_ours(state: os.stat_result, forbidden: int) -> bool:
        """Whether a state is that of a folder of this user without the permissions in `forbidden`."""
        if not stat.S_ISDIR(state.st_mode):
            return False
        return _is_owned(state, forbidden)

    def _digest(self, name: str, data: bytes | memoryview) -> bytes:
        found = blake2b(digest_size=_DIGEST)
        found.update("\0".join((self._version, self._key, name, "")).encode())
        found.update(data)
        return found.digest()

    @staticmethod
    def _touch(folder: str) -> None:
        """Note that a project is still checked, once a day."""
        if time.time() - _changed(folder) > DAY:
            os.utime(folder)


_BINARY = getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _base() -> str | None:
    """The folder of all projects, by the system's conventions; None if the user has no home.

    platformdirs knows these conventions too, but takes 20 ms to load, in runs that take 350 ms as a whole.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return os.path.abspath(given)
    home = "" if os.environ.get("HOME") == "" else os.path.expanduser("~")
    if sys.platform == "win32":
        parent = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        parent = os.path.join(home, "Library", "Caches")
    else:
        parent = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(parent):  # The standard says that a relative path is to be ignored.
            parent = os.path.join(home, ".cache")
    return os.path.join(parent, "hardcut") if os.path.isabs(parent) else None


def _checkout(real: str) -> str:
    """The folder whose contents came with the project: its repository, or that of which it is a submodule."""
    found = folder = real
    while True:
        for name in _METADATA:
            place = os.path.join(folder, name)
            if os.path.lexists(place):
                found = folder
                # No commit of git can hold a `.git`; the folders of the others it can.
                if name == ".git" and os.path.isdir(place):
                    return found
        parent = os.path.dirname(folder)
        if parent == folder:
            return found
        folder = parent


def _is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it, however its name is spelt."""
    try:
        wanted = os.stat(folder)
    except OSError:
        return True
    while True:
        try:
            if os.path.samestat(os.stat(path), wanted):
                return True
        except OSError:
            pass
        parent = os.path.dirname(path)
        if parent == path:
            return False
        path = parent


def _is_owned(state: os.stat_result, forbidden: int) -> bool:
    """Whether this user owns something, without the permissions in `forbidden` (Windows: not asked)."""
    if sys.platform == "win32":
        return True
    return state.st_uid == os.geteuid() and not state.st_mode & forbidden


def _contents(path: str, most: int) -> bytes:
    """The bytes of a regular file of this user.

    Raises:
        OSError: it cannot be read, is too large, or is another kind of file or another user's.
    """
    with open(os.open(path, _READ), "rb", buffering=0) as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode) or not _is_owned(state, 0o022) or state.st_size > most:
            raise OSError(f"{path} is not a file of the cache")
        return stream.read()


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _files(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _changed(path: str) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return time.time()


def _age_and_size(folder: str) -> tuple[float, int]:
    """When a project was last checked, and how many bytes are kept of it."""
    size = 0
    for path in _files(folder):
        try:
            size += os.lstat(path).st_size
        except OSError:
            continue
    return _changed(folder), size


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _is_hexadecimal(text: str, length: int) -> bool:
    return len(text) == length and _HEXADECIMAL.issuperset(text)


def _is_kept(path: str) -> bool:
    """Whether a file is one that this module writes: other programs name their folders by digests, too."""
    name, *rest = os.path.basename(path).split(".")
    if name.isalnum() and len(rest) == 3 and rest[0].isdigit() and _is_hexadecimal(rest[1], 8):
        return rest[2] == _TEMPORARY[1:]
    try:
        with open(os.open(path, _READ), "rb", buffering=0) as stream:
            return stream.read(len(_MARK)) == _MARK
    except OSError:
        return False


def _remove_folder(folder: str) -> None:
    files = _files(folder)
    if not all(_is_kept(path) and os.path.basename(path) != JOURNAL for path in files):
        return
    for path in files:
        _remove(path)
    try:
        os.rmdir(folder)
    except OSError:
        return
