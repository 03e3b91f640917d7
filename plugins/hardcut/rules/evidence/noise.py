"""Two measurements compared: how much worse one is, and how sure that is."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardcut.source.benchmarks import Series


FACTOR = 1.2533
"""The median's standard error is that of the mean times sqrt(pi/2), for values spread normally."""
QUARTILES = 1.349
"""So many standard deviations lie between the quartiles of a normal distribution."""
BLOCKS = 5


class Estimate(NamedTuple):
    """A statistic, its standard error (None: not to be told), and the degrees of freedom behind it."""

    value: float
    error: float | None
    freedom: int


class Change(NamedTuple):
    """By which share the new figure is worse (negative: better), and the 95 % interval around it."""

    worse: float
    interval: tuple[float, float] | None


def estimate(series: Series, statistic: str) -> Estimate | None:
    """A statistic of one benchmark; None where the file does not have it."""
    if series.values:
        return of_values(series.values, statistic)
    stated = {"mean": series.mean, "median": series.median, "min": series.least}[statistic]
    if stated is None:
        return None
    many, error = max(series.count, 1), None
    if statistic == "mean" and series.spread is not None and many > 1:
        error = series.spread / math.sqrt(many)
    elif statistic == "median" and series.error is not None:
        error = series.error
    elif statistic == "median" and many > 1 and (series.middle or series.spread) is not None:
        spread = series.middle / QUARTILES if series.middle is not None else series.spread or 0.0
        error = FACTOR * spread / math.sqrt(many)
    return Estimate(stated, error, max(many - 1, 1))


def of_values(values: list[float], statistic: str) -> Estimate:
    """A statistic of single measurements.

    The median's error is that of McKean and Schrader (1984), from the order statistics; the least
    value's is the deviation between the least values of consecutive blocks.
    """
    count = len(values)
    if statistic == "mean":
        error = _deviation(values) / math.sqrt(count) if count > 1 else None
        return Estimate(_mean(values), error, max(count - 1, 1))
    if statistic == "median":
        middle = _median(values)
        if count < 2:
            return Estimate(middle, None, 1)
        ordered = sorted(values)
        rank = max(1, round((count + 1) / 2 - 1.96 * math.sqrt(count / 4)))
        return Estimate(middle, (ordered[count - rank] - ordered[rank - 1]) / (2 * 1.96), count - 1)
    blocks = min(BLOCKS, count // 2)
    if blocks < 2:
        return Estimate(min(values), None, 1)
    edges = [at * count // blocks for at in range(blocks + 1)]
    least = [min(values[start:end]) for start, end in itertools.pairwise(edges)]
    return Estimate(min(values), _deviation(least), blocks - 1)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _median(values: list[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _deviation(values: list[float]) -> float:
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def compare(new: Estimate, old: Estimate, higher_is_better: bool) -> Change | None:
    """How much worse the new figure is, as a share of the old; None where there is no share of it.

    The interval is Welch's, for the ratio of the two figures by the delta method.
    """
    if old.value <= 0 or new.value < 0:
        return None
    ratio = new.value / old.value
    worse = 1 - ratio if higher_is_better else ratio - 1
    if new.error is None or old.error is None or not math.isfinite(ratio):
        return Change(worse, None)
    try:
        half = _half(new, new.error, old, old.error)
    except OverflowError:
        return Change(worse, None)
    return Change(worse, (worse - half, worse + half))


def _half(new: Estimate, error: float, old: Estimate, before: float) -> float:
    first = (error / old.value) ** 2
    second = (new.value / old.value * before / old.value) ** 2
    if first**2 + second**2 == 0:
        return student(1) * math.sqrt(first + second)
    freedom = (first + second) ** 2 / (first**2 / new.freedom + second**2 / old.freedom)
    return student(freedom) * math.sqrt(first + second)


def student(freedom: float) -> float:
    """The 97.5 % quantile of Student's distribution.

    Exact for one and two degrees of freedom, else by the expansion in Abramowitz and Stegun, 26.7.5
    (for three degrees and more off by less than 0.5 %).
    """
    if freedom < 2:
        return 12.706 - (freedom - 1) * (12.706 - 4.303) if freedom > 1 else 12.706
    if freedom < 3:
        return 4.303 - (freedom - 2) * (4.303 - 3.182)
    z = 1.959964
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
