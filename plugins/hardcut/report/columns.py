"""Rows of text in columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hardcut.report.width import width_of


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[list[str]]:
    """The cells, padded to one width for each column; those of the columns `right` to the right.

    Every row has as many cells; cells hold text that is already harmless.
    """
    sizes = [[sum(map(width_of, cell)) for cell in row] for row in rows]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    return [
        [
            " " * (width - size) + cell if at in right else cell + " " * (width - size)
            for at, (cell, size, width) in enumerate(zip(row, have, widths, strict=True))
        ]
        for row, have in zip(rows, sizes, strict=True)
    ]
