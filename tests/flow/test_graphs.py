"""Control-flow graphs as drawings: each example of `graphs/` has the graph that is drawn below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flow_drawing import EXAMPLE, draw
from flow_programs import graph_of

from hardcut.flow import cfg
from hardcut.flow.cfg import GraphTooLargeError

GRAPHS = Path(__file__).parent / "graphs"
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


def examples() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(GRAPHS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        headings = HEADING.findall(text)
        drawn = list(EXAMPLE.finditer(text))
        assert len(headings) == len(drawn), path
        found += [
            (f"{path.stem}: {heading}", example["source"], example["drawing"])
            for heading, example in zip(headings, drawn, strict=True)
        ]
    return found


@pytest.mark.parametrize(("title", "source", "drawing"), examples(), ids=lambda value: value.split("\n")[0])
def test_a_graph_is_as_drawn(title: str, source: str, drawing: str) -> None:
    assert draw(source) == drawing, title


@pytest.mark.parametrize(
    ("head", "body", "tail"),
    [
        ("if a: pass\n", "    elif b(): pass\n", ""),
        ("x = c", " + (d or e)", ""),
        ("x = c", ".d(e or f)", ""),
        ("with a", ", b", ": pass"),
        ("match a:\n", "        case 1: pass\n", ""),
        ("x = a", " or b", ""),
    ],
)
def test_what_is_long_needs_no_deep_stack(head: str, body: str, tail: str) -> None:
    graph = graph_of(f"def run():\n    {head}{body * 2000}{tail}\n")
    assert graph.returned in graph.reachable()


def test_finally_in_finally_is_bounded() -> None:
    """Each level copies the level below it several times."""
    lines = ["def run():", " for a in b:"]
    for depth in range(2, 60):
        inner = "  " * depth
        lines += [f"{inner}try:", f"{inner} if a: break", f"{inner} if b: continue", f"{inner} c()"]
        lines += [f"{inner}finally:", f"{inner} d()"]
    with pytest.raises(GraphTooLargeError):
        graph_of("\n".join(lines) + "\n")
    assert cfg.MOST_BLOCKS < 100_000
