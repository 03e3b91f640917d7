"""What programs do when they run, against their control-flow graphs.

Random programs are run by the interpreter. Each path that one takes has to be in its graph, to its very end.
So no code that the graph calls unreachable may run. `DEAD` holds the other direction: code that cannot run.
"""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from flow_programs import Paths, Writer, graph_of, runs

from hardcut.flow.cfg import EdgeKind, StepKind

FIRST_SEED = 20261130
PROGRAMS = 250
RUNS = 8


def valid(seed: int) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(Writer(seed).program(), "program", "exec", dont_inherit=True)
    except SyntaxError:
        # A `yield` in a generator expression, or a jump out of `except*`.
        return False
    return True


def test_every_path_that_is_taken_is_in_the_graph() -> None:
    steps: Counter[StepKind] = Counter()
    edges: Counter[EdgeKind] = Counter()
    events = endings = 0
    for seed in range(FIRST_SEED, FIRST_SEED + PROGRAMS):
        if not valid(seed):
            continue
        graph = graph_of(Writer(seed).program())
        paths = Paths(graph)
        for source, run in runs(seed, RUNS):
            followed = paths.follow(run.events, run.ending)
            assert followed == len(run.events) + 1, f"seed {seed}\n{source}\n{run.events[: followed + 1]}"
            events += len(run.events)
            endings += run.ending != "stopped"
        for block in graph.reachable():
            steps.update(step.kind for step in block.steps)
            edges.update(edge.kind for edge in block.edges)
    assert events > 5_000 and endings > PROGRAMS
    # `import`, `del` and `+=` are steps without branches: the drawings have them.
    assert set(StepKind) - set(steps) == {StepKind.AUGMENT, StepKind.DELETE, StepKind.IMPORT}
    assert set(edges) == set(EdgeKind)


DEAD = [
    ("return 1\nhit(1)", {1}),
    ("raise First\nhit(1)", {1}),
    ("while True:\n  hit(1)\n  return\nhit(2)", {2}),
    ("while True:\n  if cond(1): break\nelse: hit(2)\nhit(3)", {2}),
    ("for x in items(1):\n  continue\n  hit(2)\nelse:\n  hit(3)", {2}),
    ("try:\n  return\nfinally:\n  hit(1)\nhit(2)", {2}),
    ("try:\n  hit(1)\nfinally:\n  return\nhit(2)", {2}),
    ("try:\n  raise First\n  hit(1)\nexcept First:\n  hit(2)\nelse:\n  hit(3)", {1, 3}),
    ("try:\n  pass\nexcept First:\n  hit(1)", {1}),
    ("if cond(1):\n  return\nelse:\n  raise First\nhit(2)", {2}),
    ("assert False, hit(1)\nhit(2)", {2}),
    ("assert 1, hit(1)\nhit(2)", {1}),
    ("if 0: hit(1)\nif 1: hit(2)\nelse: hit(3)", {1, 3}),
    ("match number(1):\n  case 1: return\n  case _: return\nhit(2)", {2}),
    ("with manager(1):\n  return hit(2)\nhit(3)", set()),
    ("x = 1 or hit(1)\ny = 0 and hit(2)", {1, 2}),
    ("for x in items(1):\n  try: break\n  finally: continue\n  hit(2)\nhit(3)", {2}),
]


@pytest.mark.parametrize(("body", "dead"), DEAD)
def test_code_that_cannot_run_is_unreachable(body: str, dead: set[int]) -> None:
    source = "def run():\n" + "".join(f"  {line}\n" for line in body.splitlines())
    graph = graph_of(source)
    paths = Paths(graph)
    written = {number for block in graph.blocks for step in block.steps for _, number in paths.calls[step]}
    alive = {number for block in graph.reachable() for step in block.steps for _, number in paths.calls[step]}
    assert written - alive == dead
