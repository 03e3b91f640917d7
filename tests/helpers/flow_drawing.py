"""Draws control-flow graphs as text, and keeps the drawings in Markdown files.

`python tests/helpers/flow_drawing.py FILE...` draws the graphs of the files anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hardcut.flow.cfg import Block, ControlFlowGraph, EdgeKind, Step, build
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk

EXAMPLE = re.compile(r"```python\n(?P<source>.*?)```\n\n```text\n(?P<drawing>.*?)```\n", re.DOTALL)


def draw(source: str) -> str:
    """The graph of a source: of its first statement, if that is a function, or of the module.

    A block is its steps and the edges to other blocks. One without steps is left out if one edge leads on.
    """
    module = read_module(parse(source.encode()))
    first = module.body[0]
    return Drawing(source, build(first if isinstance(first, nodes.FunctionDef) else module)).text()


class Drawing:
    """One graph as text."""

    def __init__(self, source: str, graph: ControlFlowGraph) -> None:
        self.source = source.encode()
        self.graph = graph
        shown = [block for block in graph.reachable() if self.is_shown(block)]
        self.names = {block: str(number + 1) for number, block in enumerate(shown)}
        self.names |= {graph.returned: "returned", graph.raised: "raised"}
        self.shown = shown

    def is_shown(self, block: Block) -> bool:
        if block in (self.graph.returned, self.graph.raised):
            return False
        return bool(block.steps) or len(block.edges) != 1 or block.edges[0].kind is not EdgeKind.ALWAYS

    def text(self) -> str:
        lines = [f"start -> {self.name(self.graph.entry)}"]
        for block in self.shown:
            lines.append(f"{self.names[block]}: {'; '.join(map(self.step, block.steps))}".rstrip())
            for edge in block.edges:
                lines.append(f"   {edge.kind.name.lower()} -> {self.name(edge.target)}")
            if block.on_exception is not None and any(step.may_raise() for step in block.steps):
                lines.append(f"   exception -> {self.name(block.on_exception)}")
        dead = self.unreachable()
        if dead:
            lines.append(f"unreachable: {', '.join(f'line {line}' for line in dead)}")
        return "\n".join(lines) + "\n"

    def name(self, block: Block) -> str:
        while block not in self.names:
            block = block.edges[0].target
        return self.names[block]

    def step(self, step: Step) -> str:
        kind, text = step.kind.name.lower(), self.excerpt(step.node)
        return text if text.split(" ", 1)[0] == kind else f"{kind} {text}"

    def excerpt(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.ExceptHandler):
            return node.name or "_"
        if isinstance(node, nodes.MatchCase):
            return self.excerpt(node.pattern)
        if isinstance(node, (nodes.For, nodes.Comprehension)):
            return f"of {self.excerpt(node.iter)}"
        text = self.source[node.start : node.end].decode()
        return text.split("\n", 1)[0].rstrip(" :")

    def unreachable(self) -> list[int]:
        reachable = set(self.graph.reachable())
        alive = {id(node) for block in reachable for step in block.steps for node in walk(step.node)}
        return sorted(
            {
                step.node.line
                for block in self.graph.blocks
                if block not in reachable
                for step in block.steps
                if id(step.node) not in alive
            }
        )


def redraw(text: str) -> str:
    """A Markdown file with its drawings made anew."""
    return EXAMPLE.sub(
        lambda found: f"```python\n{found['source']}```\n\n```text\n{draw(found['source'])}```\n", text
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(redraw(path.read_text(encoding="utf-8")), encoding="utf-8")
