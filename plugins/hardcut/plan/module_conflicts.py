"""Contradictions about modules and files: deleted, absent, banned, limited."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from hardcut.plan import model
from hardcut.plan.deletions import above, taken
from hardcut.plan.entries import Book, first_settled, settled
from hardcut.plan.errors import listing, quoted
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Located
from hardcut.plan.source_map import Path


def kept_and_deleted(book: Book) -> Iterator[Problem]:
    """A kept file is deleted, or the home of a kept name that does not move on."""
    for found, keep in book.of(model.Keep):
        home = keep.module or ""
        left = [symbol for symbol in keep.symbols if not _moves(book, home, symbol)]
        if left and (gone := first_settled(found, book.deleted.over(home))):
            text = f"{listing(left, limit=3)} of {home} must stay"
            yield book.against((*found.path, "module"), text, f"deletes {taken(gone)}", gone)
        for index, file in enumerate(keep.files):
            if gone := first_settled(found, book.deleted.over_file(file)):
                at = (*found.path, "files", index)
                yield book.against(at, f"{quoted(file)} is kept here", f"deletes {taken(gone)}", gone)


def _moves(book: Book, home: str, symbol: str) -> bool:
    """Whether a kept name moves on, by itself, with its class, or with its module or package."""
    names = (symbol, symbol.partition(".")[0])
    return any(book.moves(home, name) for name in names) or any(
        book.moves(module, "") for module in above(home)
    )


def kept_and_absent(book: Book) -> Iterator[Problem]:
    """A kept file has to be absent, by itself or with its folder."""
    absent: dict[str, tuple[Located, Path]] = {}
    for found, gone in book.of(model.Absent):
        for index, path in enumerate(gone.paths):
            absent.setdefault(posixpath.normpath(path), (found, (*found.path, "paths", index)))
    for found, keep in book.of(model.Keep) if absent else ():
        for index, file in enumerate(keep.files):
            parts = posixpath.normpath(file).split("/")
            for depth in range(len(parts), 0, -1):
                other, place = absent.get("/".join(parts[:depth]), (found, ()))
                if other is not found and settled(found, other):
                    at = (*found.path, "files", index)
                    yield book.against(at, f"{quoted(file)} is kept here", "wants it absent", other, place)
                    break


def moved_to_deleted(book: Book) -> Iterator[Problem]:
    """A new home is deleted, and nothing leads on from there."""
    for found in book.entries:
        match found.entry:
            case model.Move(to=str() as to) | model.Delete(to=str() as to):
                homes: list[tuple[str, Path]] = [(to, (*found.path, "to"))]
            case model.Move(to=list() as split):
                homes = [(home, (*found.path, "to", index)) for index, home in enumerate(split)]
            case _:
                continue
        for home, at in homes:
            gone = first_settled(found, book.deleted.over(home))
            if gone and not _leads_on(book, found, home, gone):
                yield book.against(at, f"{home} is the new home here", f"deletes {taken(gone)}", gone)


def _leads_on(book: Book, found: Located, home: str, gone: Located) -> bool:
    """Whether what came to `home` has left it before `gone` deletes it."""
    if not book.later(gone, found):
        return False
    if isinstance(gone.entry, model.Delete) and gone.entry.to:
        return True
    for module in above(home):
        if any(not book.later(found, step) for step, _ in book.moves(module, "")):
            return True
    symbols = found.entry.symbols if isinstance(found.entry, model.Move) else []
    return bool(symbols) and all(
        any(not book.later(found, step) for step, _ in book.moves(home, symbol)) for symbol in symbols
    )


def surface_gone(book: Book) -> Iterator[Problem]:
    """The one allowed module is deleted, or lies in a banned one."""
    banned: dict[str, tuple[Located, Path]] = {}
    for found, surface in book.of(model.Surface):
        for index, module in enumerate(surface.banned):
            banned.setdefault(module, (found, (*found.path, "banned", index)))
    for found, surface in book.of(model.Surface):
        at, text = (*found.path, "only"), f"{surface.only} is the one allowed module here"
        if gone := first_settled(found, book.deleted.over(surface.only)):
            yield book.against(at, text, f"deletes {taken(gone)}", gone)
        for module in above(surface.only):
            if module in banned and settled(found, banned[module][0]):
                yield book.against(at, text, f"bans {module}", *banned[module])


def about_deleted(book: Book) -> Iterator[Problem]:
    """A demand on a module that is gone by then: deleted in the same wave or an earlier one."""
    for found in book.entries:
        match found.entry:
            case model.Ceiling(path=subject):
                key, over = "path", book.deleted.over_file(subject)
            case model.Document(module=subject) | model.EntryPoint(module=subject):
                key, over = "module", book.deleted.over(subject)
            case model.Delegate(function=subject):
                key, over = "function", book.deleted.over(subject)
            case _:
                continue
        if gone := first_settled(found, (one for one in over if not book.later(one, found))):
            text = f"{subject} has to be there"
            yield book.against((*found.path, key), text, f"deletes {taken(gone)}", gone)


def ceilings(book: Book) -> Iterator[Problem]:
    """Two ceilings of one wave on one path that no size meets."""
    groups: dict[tuple[int, str, str], list[tuple[Located, model.Ceiling]]] = {}
    for found, ceiling in book.of(model.Ceiling):
        if not ceiling.contested:
            key = (found.order, posixpath.normpath(ceiling.path), ceiling.count)
            groups.setdefault(key, []).append((found, ceiling))
    for group in groups.values():
        lows = [(one.min_lines, found) for found, one in group if one.min_lines is not None]
        highs = [(one.max_lines, found) for found, one in group if one.max_lines is not None]
        if lows and highs:
            low, found = max(lows, key=lambda pair: pair[0])
            high, other = min(highs, key=lambda pair: pair[0])
            if low > high:
                text = f"at least {low} lines here"
                yield book.against((*found.path, "min_lines"), text, f"allows at most {high}", other)


def revived_alive(book: Book) -> Iterator[Problem]:
    """A revived module that no wave deletes."""
    for index, revive in enumerate(book.manifest.revive):
        if not book.deleted.under(revive.module):
            text = f"{revive.module} comes back here, but no wave deletes it"
            yield book.problem(("revive", index, "module"), text)
