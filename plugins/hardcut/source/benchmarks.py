"""Benchmark results: of pytest-benchmark, hyperfine and asv, and plain JSON."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.source.jsontext import Unreadable, number, parse, places

MOST = 20_000
"""Benchmarks that are read of one file."""


class Series(msgspec.Struct, frozen=True, array_like=True):
    """One benchmark: its single `values` where the file has them, else what it states of them.

    `count` values stand behind the stated `mean`, `median`, `least`, deviation (`spread`) and
    inter-quartile range (`middle`); `error` is the median's standard error where that is stated.
    """

    name: str
    line: int = 0
    column: int = 0
    values: list[float] = []
    count: int = 0
    mean: float | None = None
    median: float | None = None
    least: float | None = None
    spread: float | None = None
    middle: float | None = None
    error: float | None = None


class Results(msgspec.Struct, frozen=True, array_like=True):
    """A file's benchmarks, the machine where it names one, or the problem with it."""

    series: list[Series] = []
    machine: str = ""
    problem: str = ""


def read_benchmarks(data: bytes) -> Results:
    """The benchmarks in a file, each name once (a second one of a name is numbered)."""
    try:
        value, text = parse(data)
        if not isinstance(value, dict):
            raise Unreadable("is no object of names and numbers")
        found = list(itertools.islice(_series(value), MOST + 1))
        if len(found) > MOST:
            raise Unreadable(f"holds more than {MOST:,} benchmarks")
    except Unreadable as wrong:
        return Results(problem=str(wrong))
    if not found:
        return Results(problem="holds no benchmark")
    spots = places(text, {one.name for one in found})
    taken: dict[str, int] = {}
    placed: list[Series] = []
    for one in found:
        taken[one.name] = taken.get(one.name, 0) + 1
        if taken[one.name] > 1:
            placed.append(msgspec.structs.replace(one, name=f"{one.name} #{taken[one.name]}"))
        else:
            line, column = spots.get(one.name, (0, 0))
            placed.append(msgspec.structs.replace(one, line=line, column=column))
    return Results(placed, _machine(value))


def _series(value: dict[str, Any]) -> Iterator[Series]:
    """The format is told by what only one of the tools writes."""
    if isinstance(value.get("benchmarks"), list):
        return _pytest(value["benchmarks"])
    if isinstance(value.get("results"), list):
        return _hyperfine(value["results"])
    if isinstance(value.get("results"), dict) and ("version" in value or "commit_hash" in value):
        return _asv(value)
    return _plain(value)


def _pytest(benchmarks: list[Any]) -> Iterator[Series]:
    for one in benchmarks:
        stats = one.get("stats") if isinstance(one, dict) else None
        if not isinstance(stats, dict):
            raise Unreadable("has a benchmark without `stats`")
        yield Series(
            str(one.get("fullname") or one.get("name")),
            values=_numbers(stats.get("data")),
            count=int(number(stats.get("rounds")) or 0),
            mean=number(stats.get("mean")),
            median=number(stats.get("median")),
            least=number(stats.get("min")),
            spread=number(stats.get("stddev")),
            middle=number(stats.get("iqr")),
        )


def _hyperfine(results: list[Any]) -> Iterator[Series]:
    for one in results:
        if not isinstance(one, dict) or not isinstance(one.get("command"), str):
            raise Unreadable("has a result without a `command`")
        parameters = one.get("parameters")
        named = parameters if isinstance(parameters, dict) else {}
        shown = ", ".join(f"{key}={value}" for key, value in named.items())
        yield Series(
            f"{one['command']} ({shown})" if shown else one["command"],
            values=_numbers(one.get("times")),
            mean=number(one.get("mean")),
            median=number(one.get("median")),
            least=number(one.get("min")),
            spread=number(one.get("stddev")),
        )


def _asv(value: dict[str, Any]) -> Iterator[Series]:
    """asv's results by `result_columns` (format 2), or as objects and bare numbers (format 1)."""
    columns = value.get("result_columns")
    for name, found in value["results"].items():
        row: dict[str, Any]
        if isinstance(found, list) and isinstance(columns, list):
            row = dict(zip(map(str, columns), found, strict=False))
        elif isinstance(found, dict):
            stats = found.get("stats")
            row = {**found, **{f"stats_{key}": part for key, part in _columns(stats).items()}}
            row |= _interval(row.get("stats_ci_99"))
        else:
            row = {"result": [found]}
        results = row.get("result")
        results = results if isinstance(results, list) else [results]
        params = row.get("params")
        labels = list(
            itertools.islice(
                itertools.product(*(one for one in params if isinstance(one, list)))
                if isinstance(params, list) and params
                else iter([()]),
                len(results),
            )
        )
        for at, result in enumerate(results):
            if isinstance(result, float) and math.isnan(result):
                continue  # asv's word for a benchmark that does not apply; one that failed is null.
            label = f"({', '.join(map(str, labels[at]))})" if at < len(labels) and labels[at] else ""
            low, high = _part(row, "stats_ci_99_a", at), _part(row, "stats_ci_99_b", at)
            first, third = _part(row, "stats_q_25", at), _part(row, "stats_q_75", at)
            samples = row.get("samples")
            inner = samples[at] if isinstance(samples, list) and at < len(samples) else None
            yield Series(
                f"{name}{label}",
                values=_numbers(inner),
                count=int(_part(row, "stats_repeat", at) or _part(row, "repeat", at) or 0),
                median=number(result),
                middle=third - first if first is not None and third is not None else None,
                error=(high - low) / (2 * 2.576) if low is not None and high is not None else None,
            )


def _interval(ends: Any) -> dict[str, list[Any]]:
    """The intervals of format 1, pairs of ends, as the two columns of format 2."""
    pairs = [one if isinstance(one, list) else [] for one in ends] if isinstance(ends, list) else []
    return {f"stats_ci_99_{'ab'[at]}": [(*one, None, None)[at] for one in pairs] for at in (0, 1)}


def _columns(stats: Any) -> dict[str, list[Any]]:
    """A list of objects as an object of lists."""
    rows = [one if isinstance(one, dict) else {} for one in stats] if isinstance(stats, list) else []
    return {key: [row.get(key) for row in rows] for key in {key for row in rows for key in row}}


def _part(row: dict[str, Any], key: str, at: int) -> float | None:
    found = row.get(key)
    return number(found[at]) if isinstance(found, list) and at < len(found) else None


def _plain(value: dict[str, Any]) -> Iterator[Series]:
    for name, found in value.items():
        values = found if isinstance(found, list) else [found]
        if not values or any(number(one) is None and not _is_nan(one) for one in values):
            raise Unreadable(f"is of no known tool, and `{name[:80]}` is neither a number nor a list of them")
        yield Series(name, values=_numbers(values))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _numbers(values: Any) -> list[float]:
    found = [number(one) for one in values] if isinstance(values, list) else []
    return [one for one in found if one is not None]


def _machine(value: dict[str, Any]) -> str:
    for key in ("machine_info", "params"):
        info = value.get(key)
        if isinstance(info, dict):
            node = info.get("node") or info.get("machine")
            return node if isinstance(node, str) else ""
    return ""
