"""Two measurements compared, held against known figures and against what really is the same."""

from __future__ import annotations

import random
import statistics

import pytest

from hardcut.rules.evidence.noise import Estimate, compare, estimate, of_values, student
from hardcut.source.benchmarks import Series


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)],
)
def test_student_is_that_of_the_tables(freedom: float, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, rel=0.005)


def test_the_mean_of_raw_values_and_of_what_is_stated_agree() -> None:
    values = [1.0, 1.2, 0.9, 1.1, 1.3]
    raw = of_values(values, "mean")
    stated = Series(
        "x", count=5, mean=statistics.fmean(values), spread=statistics.stdev(values), median=1.1, least=0.9
    )
    found = estimate(stated, "mean")
    assert found is not None and found.error is not None and raw.error is not None
    assert found == pytest.approx(raw)
    assert estimate(stated, "min") == Estimate(0.9, None, 4)


@pytest.mark.parametrize("statistic", ["mean", "median", "min"])
@pytest.mark.parametrize("count", [6, 25, 80])
def test_of_equal_programs_the_interval_holds_zero_nineteen_times_in_twenty(
    statistic: str, count: int
) -> None:
    chance = random.Random(count)
    held = 0
    for _ in range(400):
        one, other = (
            of_values([chance.lognormvariate(0, 0.1) for _ in range(count)], statistic) for _ in range(2)
        )
        change = compare(one, other, False)
        assert change is not None and change.interval is not None
        held += change.interval[0] <= 0 <= change.interval[1]
    assert held >= 0.91 * 400


def test_a_tenth_slower_is_seen_and_the_direction_counts() -> None:
    chance = random.Random(1)
    old = of_values([chance.gauss(1, 0.02) for _ in range(40)], "median")
    new = of_values([chance.gauss(1.1, 0.02) for _ in range(40)], "median")
    slower, faster = compare(new, old, False), compare(new, old, True)
    assert slower is not None and slower.interval is not None and slower.interval[0] > 0.05
    assert faster is not None and faster.interval is not None and faster.interval[1] < -0.05


def test_what_cannot_be_told() -> None:
    sure, alone = Estimate(1.0, 0.01, 9), of_values([1.0], "median")
    assert compare(sure, alone, False) == (0.0, None)
    assert compare(sure, Estimate(0.0, 0.1, 9), False) is None
    assert compare(Estimate(2.0, 0.0, 1), Estimate(1.0, 0.0, 1), False) == (1.0, (1.0, 1.0))
    assert of_values([1.0, 2.0], "min").error is None


@pytest.mark.parametrize("values", [[1e74, 1.0], [5e-324, 1e-323], [1e-300, 1e74], [0.0, 0.0], [-1.0, 2.0]])
@pytest.mark.parametrize("statistic", ["mean", "median", "min"])
def test_hostile_figures_end_in_no_error(values: list[float], statistic: str) -> None:
    sane = of_values([1.0, 1.1, 0.9], statistic)
    odd = of_values(values * 2, statistic)
    for one, other in ((sane, odd), (odd, sane), (odd, odd)):
        compare(one, other, True)
