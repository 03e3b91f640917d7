"""Contradictions about names: kept, removed, moved."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.entries import FEW, Book, first_said, homes_of, settled
from hardcut.plan.errors import quoted
from hardcut.plan.gates import Problem
from hardcut.plan.model import Move


def kept_and_removed(book: Book) -> Iterator[Problem]:
    """A kept name, or its class, is removed from its home or from where it moves."""
    for (home, symbol), kept in book.kept.items():
        moves = [new for move, _ in book.moves(home, symbol) for new in homes_of(move)]
        for found, at in kept:
            for name in dict.fromkeys((symbol, symbol.partition(".")[0])):
                for module in dict.fromkeys((home, *moves[:FEW])):
                    for other, place in first_said(found, book.removed.get((module, name), [])):
                        text = f"{quoted(symbol)} of {home} is kept here"
                        what = "it" if name == symbol else quoted(name)
                        where = "" if module == home else f" from {module}, where it moves"
                        yield book.against(at, text, f"removes {what}{where}", other, place)


def kept_where_removed_moves(book: Book) -> Iterator[Problem]:
    """A removed name is kept in the home that it moves to, by itself or with its module."""
    for (old, symbol), removed in book.removed.items():
        for move, _ in book.moves(old, symbol):
            for home in homes_of(move):
                for found, at in book.kept.get((home, symbol), ())[:1] if home != old else ():
                    for other, place in first_said(found, removed):
                        text = f"{quoted(symbol)} is kept here in {home}, where {old} moves"
                        yield book.against(at, text, f"removes it from {old}", other, place)


def moved_nowhere(book: Book) -> Iterator[Problem]:
    """Something moves to where it is, or there and back."""
    for found, move in book.of(Move):
        if not move.contested and move.from_ in homes_of(found):
            text = f"{move.from_} is the old home and a new one"
            yield book.problem((*found.path, "to"), text)
    for (old, symbol), moves in book.moved.items():
        for found, at in moves:
            for home in homes_of(found):
                for other, place in first_said(found, book.moved.get((home, symbol), [])):
                    if old in homes_of(other) and home != old and at > place:
                        what = quoted(symbol) if symbol else "everything"
                        text = f"{what} moves from {old} to {home} here"
                        yield book.against(at, text, "moves it the other way", other, place)


def moved_twice(book: Book) -> Iterator[Problem]:
    """One name of one module gets two different single homes."""
    for (module, symbol), moves in book.moved.items():
        single = [(found, at) for found, at in moves if len(homes_of(found)) == 1]
        for found, at in single[1:]:
            first, place = single[0]
            if homes_of(found) != homes_of(first) and settled(found, first):
                what = f"{quoted(symbol)} of {module}" if symbol else module
                text = f"{what} moves to {homes_of(found)[0]} here"
                yield book.against(at, text, f"moves it to {homes_of(first)[0]}", first, place)


def moved_and_removed(book: Book) -> Iterator[Problem]:
    """A name that moves is removed: at its old home, or, not in a later wave, at its new one."""
    for (module, symbol), moves in book.moved.items():
        for found, at in moves if symbol else ():
            for home in dict.fromkeys((module, *homes_of(found))):
                for other, place in first_said(found, book.removed.get((home, symbol), [])):
                    if home == module or not book.later(other, found):
                        text = f"{quoted(symbol)} moves from {module} here"
                        yield book.against(at, text, f"removes it from {home}", other, place)
