"""The control-flow graph of one body of code: a module, a function or a lambda.

A block holds steps that run one after the other. Every step that may raise leads to the block's
`on_exception`, with the state from before the step. What happens to an exception on its way (an `except` that
fits, a context manager that swallows it) is an edge of the graph; which of these edges are taken for which
exception is for an analysis to say, because it depends on types.

The body of a `finally` is copied for each way that leads into it (its end, an exception, `return`, `break`,
`continue`), as compilers do, so that a path through the graph is a path through the program. Copies multiply
only if `finally` is nested in `finally`; `MOST_BLOCKS` bounds that.

The body of a class is part of the graph that it is in. The bodies of functions and lambdas have their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, TypeAlias, final

from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression, Node, Statement

MOST_BLOCKS: Final = 20_000
"""Blocks of one graph. The largest function of the standard library has about 700."""

Body: TypeAlias = "nodes.Module | nodes.FunctionDef | nodes.Lambda"


class GraphTooLargeError(Exception):
    """A body has more than `MOST_BLOCKS` blocks. Nothing is known of it, and a caller has to say so."""


class StepKind(Enum):
    """What a step does; `Step.node` and `Step.value` say with what."""

    EVALUATE = auto()
    """Evaluates an expression with all that it holds."""
    APPLY = auto()
    """Does the operation of an expression whose parts have been evaluated by earlier steps."""
    BIND = auto()
    """Assigns `value` to a target."""
    BIND_ITEM = auto()
    """Assigns an item of the iterable `value` to a target."""
    BIND_ENTERED = auto()
    """Assigns what entering the context manager `value` gave to a target."""
    BIND_CAUGHT = auto()
    """Binds the name of an `except` clause."""
    UNBIND_CAUGHT = auto()
    """Deletes the name of an `except` clause at its end."""
    AUGMENT = auto()
    """Does an augmented assignment."""
    DELETE = auto()
    """Deletes a target."""
    IMPORT = auto()
    """Imports modules and binds names."""
    DEFINE = auto()
    """Binds the name of a function, a class or a type alias."""
    ENTER = auto()
    """Enters the context manager of a `WithItem`."""
    LEAVE = auto()
    """Leaves the context manager of a `WithItem`."""
    NEXT = auto()
    """Asks an iterator for the next item."""
    MATCH = auto()
    """Compares the subject (`value`) with the pattern of a `MatchCase`, and binds its captures."""
    RAISE = auto()
    """Raises: a `Raise`, or an `Assert` that failed."""
    RETURN = auto()
    """Returns `value` from the function; it has been evaluated."""
    OPEN_SCOPE = auto()
    """Begins the body of a class or a comprehension: names are bound there until `CLOSE_SCOPE`."""
    CLOSE_SCOPE = auto()
    """Ends what `OPEN_SCOPE` began."""
    SUSPEND = auto()
    """Begins the `finally` of a `Try` while an exception is on its way, which then waits for its end."""


class EdgeKind(Enum):
    """When control takes an edge."""

    ALWAYS = auto()
    TRUE = auto()
    """The condition holds."""
    FALSE = auto()
    """The condition does not hold."""
    ITEM = auto()
    """The iterator has another item."""
    EXHAUSTED = auto()
    """The iterator has none left."""
    MATCHED = auto()
    UNMATCHED = auto()
    CAUGHT = auto()
    """The `except` clause catches the exception."""
    NOT_CAUGHT = auto()
    """The `except` clause does not catch the exception, which goes on."""
    HANDLED = auto()
    """The `except*` clauses have taken every exception of the group."""
    SWALLOWED = auto()
    """The context manager swallows the exception."""
    RERAISED = auto()
    """The exception goes on after a `finally` or a context manager."""
    RETURNED = auto()
    """To the end of the function, by `return`."""
    END = auto()
    """To the end of the function, by its last line."""


@final
class Step:
    """Something that a block does."""

    __slots__ = ("kind", "node", "value")

    def __init__(self, kind: StepKind, node: Node, value: Expression | None = None) -> None:
        self.kind = kind
        self.node = node
        self.value = value

    def operations(self) -> Iterator[Expression]:
        """The expressions that the step evaluates, in the order in which they have their values."""
        if self.kind is StepKind.APPLY and isinstance(self.node, Expression):
            yield self.node
        elif self.kind is StepKind.EVALUATE and isinstance(self.node, Expression):
            yield from _evaluation(self.node)

    def may_raise(self) -> bool:
        """Whether the step can raise anything."""
        if self.kind in _NEVER_RAISE:
            return False
        if self.kind in _BINDINGS:
            return not isinstance(self.node, (nodes.Name, nodes.ExceptHandler))
        if self.kind is StepKind.DEFINE:
            return _definition_may_raise(self.node)
        if isinstance(self.node, nodes.Lambda):
            return bool(self.node.args.defaults or self.node.args.kw_defaults)
        return not isinstance(self.node, nodes.Constant)


_NEVER_RAISE: Final = frozenset(
    {StepKind.RETURN, StepKind.OPEN_SCOPE, StepKind.CLOSE_SCOPE, StepKind.UNBIND_CAUGHT, StepKind.SUSPEND}
)
_BINDINGS: Final = frozenset({StepKind.BIND, StepKind.BIND_ITEM, StepKind.BIND_ENTERED, StepKind.BIND_CAUGHT})


def _definition_may_raise(node: Node) -> bool:
    """Whether a definition calls or evaluates something: decorators, a metaclass, annotations."""
    if isinstance(node, nodes.FunctionDef):
        args = node.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        return (
            bool(node.decorator_list)
            or node.returns is not None
            or any(arg is not None and arg.annotation is not None for arg in every)
        )
    return isinstance(node, nodes.ClassDef)


@final
class Edge:
    """A way from one block to another; `node` is the condition, `except` clause or manager that decides."""

    __slots__ = ("join", "kind", "node", "source", "target")

    def __init__(
        self, kind: EdgeKind, source: Block, target: Block, node: Node | None, join: Block | None = None
    ) -> None:
        # Where the branches of a condition meet again.
        self.join = join
        self.kind = kind
        self.source = source
        self.target = target
        self.node = node


@final
class Block:
    """Steps that run one after the other.

    `edges` lead to where control goes after the last step, `on_exception` is where it goes if a step raises.
    """

    __slots__ = ("edges", "index", "on_exception", "steps")

    def __init__(self, index: int, on_exception: Block | None) -> None:
        self.index = index
        self.on_exception = on_exception
        self.steps: list[Step] = []
        self.edges: list[Edge] = []

    def successors(self) -> Iterator[Block]:
        """Every block to which control may go."""
        for edge in self.edges:
            yield edge.target
        if self.on_exception is not None and any(step.may_raise() for step in self.steps):
            yield self.on_exception


@final
class ControlFlowGraph:
    """The graph of one body: it starts in `entry` and ends in `returned` or `raised`."""

    __slots__ = ("attempts", "blocks", "bodies", "body", "entry", "exits", "loops", "raised", "returned")

    def __init__(self, body: Body) -> None:
        self.body = body
        self.raised = Block(0, None)
        self.returned = Block(1, None)
        self.entry = Block(2, self.raised)
        self.blocks: list[Block] = [self.raised, self.returned, self.entry]
        # The first block of each round of a loop, with its statement or clause.
        self.loops: dict[Block, Node] = {}
        # The blocks to which the loop of a block leads: its `else`, and what follows it.
        self.exits: dict[Block, tuple[Block, Block]] = {}
        self.bodies: dict[Block, Block] = {}
        """The first block in the body of each `while` loop, by the loop's head."""
        # Each `try` with the blocks in which its `else` and its handlers meet, one for each copy of it.
        self.attempts: dict[nodes.Try, list[Block]] = {}

    def is_back(self, edge: Edge) -> bool:
        """Whether an edge leads to another round of a loop: blocks of the loop are made after its head."""
        return edge.target in self.loops and edge.source.index >= edge.target.index

    def reachable(self) -> list[Block]:
        """The blocks to which a way leads from the entry, each after those that lead to it (loops aside)."""
        seen = {self.entry}
        order: list[Block] = []
        waiting: list[tuple[Block, Iterator[Block]]] = [(self.entry, self.entry.successors())]
        while waiting:
            block, successors = waiting[-1]
            for successor in successors:
                if successor not in seen:
                    seen.add(successor)
                    waiting.append((successor, successor.successors()))
                    break
            else:
                order.append(block)
                waiting.pop()
        order.reverse()
        return order


def build(body: Body) -> ControlFlowGraph:
    """The graph of a module, a function or a lambda.

    Raises `GraphTooLargeError` if it would have more than `MOST_BLOCKS` blocks.
    """
    return _Builder(body).build()


@final
class _Loop:
    """A loop around the current statement."""

    def __init__(self, after: Block, head: Block) -> None:
        self.after = after
        self.head = head


@final
class _Cleanup:
    """A `finally` or a context manager around the current statement: jumps out of it pass through.

    `copies` holds the block that begins it for each place to which a jump leads.
    """

    def __init__(self, body: list[Statement], item: nodes.WithItem | None, handler: Block) -> None:
        self.body = body
        self.item = item
        self.handler = handler
        self.copies: dict[tuple[Block, EdgeKind], Block] = {}


_Frame: TypeAlias = "_Loop | _Cleanup"


@final
class _Builder:
    """Builds one graph. `current` is the block that is being filled, `handler` where its exceptions go."""

    def __init__(self, body: Body) -> None:
        self.graph = ControlFlowGraph(body)
        self.handler = self.graph.raised
        self.current = self.graph.entry
        self.frames: list[_Frame] = []
        self.branching: set[Node] = set()
        # Where the branches meet again, while a condition is built.
        self.join: Block | None = None
        # Annotations of variables are evaluated in modules and classes, not in functions.
        self.evaluates_annotations = isinstance(body, nodes.Module)

    def build(self) -> ControlFlowGraph:
        body = self.graph.body
        if isinstance(body, nodes.Lambda):
            self._mark(body.body)
            self._return_value(body, body.body)
        else:
            for statement in body.body:
                self._mark(statement)
            self._statements(body.body)
            self._edge(EdgeKind.END, self.graph.returned)
        return self.graph

    def _mark(self, root: Node) -> None:
        """Note the expressions with branches or bindings inside: they are built part by part."""
        stack: list[tuple[Node, int]] = [(root, 0)]
        above: list[Node] = []
        while stack:
            node, depth = stack.pop()
            del above[depth:]
            if isinstance(node, _SPLIT) or (isinstance(node, nodes.Compare) and len(node.ops) > 1):
                self.branching.add(node)
                for holder in reversed(above):
                    if holder in self.branching:
                        break
                    self.branching.add(holder)
            above.append(node)
            if not isinstance(node, (nodes.FunctionDef, nodes.Lambda)):
                stack.extend([(child, depth + 1) for child in reversed(node.children())])
            else:
                stack.extend([(child, depth + 1) for child in _outside(node)])

    # Blocks and edges

    def _new(self, handler: Block | None = None) -> Block:
        if len(self.graph.blocks) >= MOST_BLOCKS:
            raise GraphTooLargeError
        block = Block(len(self.graph.blocks), self.handler if handler is None else handler)
        self.graph.blocks.append(block)
        return block

    def _edge(self, kind: EdgeKind, target: Block, node: Node | None = None) -> None:
        self.current.edges.append(Edge(kind, self.current, target, node, self.join))

    def _step(self, kind: StepKind, node: Node, value: Expression | None = None) -> None:
        self.current.steps.append(Step(kind, node, value))

    def _go(self, target: Block) -> None:
        """Control goes from the current block to another one, which becomes the current one."""
        self._edge(EdgeKind.ALWAYS, target)
        self.current = target

    def _dead_end(self) -> None:
        """Nothing follows the current block; what is written after it is unreachable."""
        self.current = self._new()

    # Statements

    def _statements(self, body: list[Statement]) -> None:
        for statement in body:
            _STATEMENTS[type(statement)](self, statement)

    def _nothing(self, node: Statement) -> None:
        """`pass`, `global` and `nonlocal` do nothing."""

    def _expression_statement(self, node: Statement) -> None:
        assert isinstance(node, nodes.Expr)
        if not isinstance(node.value, nodes.Constant):
            self._evaluate(node.value)

    def _assign(self, node: Statement) -> None:
        assert isinstance(node, nodes.Assign)
        self._evaluate(node.value)
        for target in node.targets:
            self._target(target)
            self._step(StepKind.BIND, target, node.value)

    def _annotated(self, node: Statement) -> None:
        assert isinstance(node, nodes.AnnAssign)
        if node.value is not None:
            self._evaluate(node.value)
        if self.evaluates_annotations:
            self._annotation(node.annotation)
        if node.value is not None:
            self._target(node.target)
            self._step(StepKind.BIND, node.target, node.value)

    def _annotation(self, node: Expression) -> None:
        """An annotation may be evaluated or not: that depends on the version and on `from __future__`."""
        if isinstance(node, (nodes.Name, nodes.Constant)):
            self._step(StepKind.EVALUATE, node)
            return
        after = self._new()
        self._edge(EdgeKind.ALWAYS, after)
        self._go(self._new())
        self._evaluate(node)
        self._go(after)

    def _augmented(self, node: Statement) -> None:
        assert isinstance(node, nodes.AugAssign)
        self._target(node.target)
        self._evaluate(node.value)
        self._step(StepKind.AUGMENT, node, node.value)

    def _delete(self, node: Statement) -> None:
        assert isinstance(node, nodes.Delete)
        for target in node.targets:
            self._target(target)
            self._step(StepKind.DELETE, target)

    def _import(self, node: Statement) -> None:
        self._step(StepKind.IMPORT, node)

    def _type_alias(self, node: Statement) -> None:
        self._step(StepKind.DEFINE, node)

    def _function(self, node: Statement) -> None:
        assert isinstance(node, nodes.FunctionDef)
        for decorator in node.decorator_list:
            self._evaluate(decorator)
        self._defaults(node.args)
        self._step(StepKind.DEFINE, node)

    def _defaults(self, args: nodes.Arguments) -> None:
        for default in [*args.defaults, *args.kw_defaults]:
            if default is not None:
                self._evaluate(default)

    def _class(self, node: Statement) -> None:
        assert isinstance(node, nodes.ClassDef)
        for decorator in node.decorator_list:
            self._evaluate(decorator)
        for base in node.bases:
            self._evaluate(base)
        for keyword in node.keywords:
            self._evaluate(keyword.value)
        self._step(StepKind.OPEN_SCOPE, node)
        before, self.evaluates_annotations = self.evaluates_annotations, True
        self._statements(node.body)
        self.evaluates_annotations = before
        self._step(StepKind.CLOSE_SCOPE, node)
        self._step(StepKind.DEFINE, node)

    def _return(self, node: Statement) -> None:
        assert isinstance(node, nodes.Return)
        self._return_value(node, node.value)

    def _return_value(self, node: Node, value: Expression | None) -> None:
        """Return a value; each branch of a conditional expression for itself, as if it were a statement."""
        if isinstance(value, nodes.IfExp):
            then, otherwise = self._new(), self._new()
            self._branch(value.test, then, otherwise, self.graph.returned)
            for block, branch in ((then, value.body), (otherwise, value.orelse)):
                self.current = block
                self._return_value(node, branch)
            return
        if value is not None:
            self._evaluate(value)
        self._step(StepKind.RETURN, node, value)
        self._jump(len(self.frames), 0, self.graph.returned, EdgeKind.RETURNED)

    def _raise(self, node: Statement) -> None:
        assert isinstance(node, nodes.Raise)
        for part in (node.exc, node.cause):
            if part is not None:
                self._evaluate(part)
        self._step(StepKind.RAISE, node, node.exc)
        self._dead_end()

    def _assert(self, node: Statement) -> None:
        assert isinstance(node, nodes.Assert)
        fails, after = self._new(), self._new()
        self._condition(node.test, after, fails)
        self.current = fails
        if node.msg is not None:
            self._evaluate(node.msg)
        self._step(StepKind.RAISE, node)
        self.current = after

    def _if(self, node: Statement) -> None:
        """An `if` with its `elif` clauses, in a loop: there may be thousands of them."""
        after = self._new()
        branch: Statement | None = node
        while isinstance(branch, nodes.If):
            then, otherwise = self._new(), self._new()
            self._branch(branch.test, then, otherwise, after)
            self.current = then
            self._statements(branch.body)
            self._go(after)
            self.current = otherwise
            rest = branch.orelse
            branch = rest[0] if len(rest) == 1 and isinstance(rest[0], nodes.If) else None
            if branch is None:
                self._statements(rest)
        self._go(after)

    def _break(self, node: Statement) -> None:
        self._jump_loop(True)

    def _continue(self, node: Statement) -> None:
        self._jump_loop(False)

    def _jump_loop(self, is_break: bool) -> None:
        depth = len(self.frames) - 1
        while depth >= 0:
            frame = self.frames[depth]
            if isinstance(frame, _Loop):
                target = frame.after if is_break else frame.head
                self._jump(len(self.frames), depth + 1, target, EdgeKind.ALWAYS)
                return
            depth -= 1
        # Outside of a loop this is a syntax error, which has been reported.
        self._dead_end()

    def _jump(self, start: int, stop: int, target: Block, kind: EdgeKind) -> None:
        """Control leaves the frames from `start` down to `stop`, through all cleanup on the way."""
        frames, handler = self.frames, self.handler
        for depth in range(start - 1, stop - 1, -1):
            frame = frames[depth]
            if isinstance(frame, _Loop):
                continue
            copy = frame.copies.get((target, kind))
            if copy is not None:
                self._edge(EdgeKind.ALWAYS, copy)
                break
            copy = frame.copies[(target, kind)] = self._new(frame.handler)
            self._edge(EdgeKind.ALWAYS, copy)
            self.current, self.frames, self.handler = copy, frames[:depth], frame.handler
            self._clean(frame)
        else:
            self._edge(kind, target)
        self.frames, self.handler = frames, handler
        self._dead_end()

    def _clean(self, frame: _Cleanup) -> None:
        if frame.item is not None:
            self._step(StepKind.LEAVE, frame.item)
        else:
            self._statements(frame.body)

    # Loops

    def _for(self, node: Statement) -> None:
        assert isinstance(node, nodes.For)
        self._evaluate(node.iter)
        head, body, otherwise, after = self._new(), self._new(), self._new(), self._new()
        self.graph.loops[head] = node
        self._go(head)
        self._step(StepKind.NEXT, node, node.iter)
        self._edge(EdgeKind.ITEM, body, node)
        self._edge(EdgeKind.EXHAUSTED, otherwise, node)
        self.current = body
        self._target(node.target)
        self._step(StepKind.BIND_ITEM, node.target, node.iter)
        self._loop(node.body, node.orelse, head, otherwise, after)

    def _while(self, node: Statement) -> None:
        assert isinstance(node, nodes.While)
        head, body, otherwise, after = self._new(), self._new(), self._new(), self._new()
        self.graph.loops[head] = node
        self.graph.bodies[head] = body
        self._go(head)
        self._condition(node.test, body, otherwise)
        self.current = body
        self._loop(node.body, node.orelse, head, otherwise, after)

    def _loop(
        self, body: list[Statement], orelse: list[Statement], head: Block, otherwise: Block, after: Block
    ) -> None:
        self.graph.exits[head] = (otherwise, after)
        self.frames.append(_Loop(after, head))
        self._statements(body)
        self._edge(EdgeKind.ALWAYS, head)
        self.frames.pop()
        self.current = otherwise
        self._statements(orelse)
        self._go(after)

    # Exceptions and context managers

    def _try(self, node: Statement) -> None:
        assert isinstance(node, nodes.Try)
        outer = self.handler
        frame = _Cleanup(node.finalbody, None, outer)
        if node.finalbody:
            self.handler = self._final_copy(node)
            self.frames.append(frame)
        inner = self.handler
        join = self._new()
        self.graph.attempts.setdefault(node, []).append(join)
        first = self._new() if node.handlers else inner
        self.handler = first
        self._go(self._new())
        self._statements(node.body)
        self.handler = inner
        self._go(self._new())
        self._statements(node.orelse)
        self._edge(EdgeKind.ALWAYS, join)
        if node.is_star:
            self._group_handlers(node.handlers, first, join)
        else:
            self._handlers(node.handlers, first, join)
        self.current = join
        if node.finalbody:
            self.frames.pop()
            self.handler = outer
            self._go(self._new())
            self._statements(node.finalbody)
        self._go(self._new(outer))
        self.handler = outer

    def _final_copy(self, node: nodes.Try) -> Block:
        """The first block of the copy of a `finally` that runs while an exception is on its way."""
        before, outer = self.current, self.handler
        first = self.current = self._new()
        self._step(StepKind.SUSPEND, node)
        self._statements(node.finalbody)
        self._edge(EdgeKind.RERAISED, outer, node)
        self.current = before
        return first

    def _handlers(self, handlers: list[nodes.ExceptHandler], first: Block, join: Block) -> None:
        """`except` clauses, each of which takes an exception or leaves it to the next one."""
        dispatch = first
        for handler in handlers:
            self.current = dispatch
            if handler.type is not None:
                self._evaluate(handler.type)
            body = self._new()
            self._edge(EdgeKind.CAUGHT, body, handler)
            is_last = handler is handlers[-1]
            if handler.type is not None:
                dispatch = self.handler if is_last else self._new()
                self._edge(EdgeKind.NOT_CAUGHT, dispatch, handler)
            else:
                # A bare `except` is the last one.
                dispatch = self._new()
            self.current = body
            self._handler_body(handler)
            self._edge(EdgeKind.ALWAYS, join)

    def _handler_body(self, handler: nodes.ExceptHandler) -> None:
        if handler.name is not None:
            self._step(StepKind.BIND_CAUGHT, handler)
        self._statements(handler.body)
        if handler.name is not None:
            self._step(StepKind.UNBIND_CAUGHT, handler)

    def _group_handlers(self, handlers: list[nodes.ExceptHandler], first: Block, join: Block) -> None:
        """`except*` clauses: each takes its part of the group, and what it raises waits for the end."""
        outer = self.handler
        dispatch = first
        for handler in handlers:
            self.current = dispatch
            if handler.type is not None:
                self._evaluate(handler.type)
            following = self._new()
            self.handler = following
            body = self._new()
            self._edge(EdgeKind.CAUGHT, body, handler)
            self._edge(EdgeKind.NOT_CAUGHT, following, handler)
            self.current = body
            self._handler_body(handler)
            self._edge(EdgeKind.ALWAYS, following)
            self.handler = outer
            dispatch = following
        self.current = dispatch
        self._edge(EdgeKind.HANDLED, join)
        self._edge(EdgeKind.RERAISED, outer)

    def _with(self, node: Statement) -> None:
        assert isinstance(node, nodes.With)
        afters: list[tuple[Block, Block]] = []
        for item in node.items:
            outer = self.handler
            self._evaluate(item.context_expr)
            self._step(StepKind.ENTER, item, item.context_expr)
            after, failed = self._new(), self._new()
            afters.append((after, outer))
            failed.steps.append(Step(StepKind.LEAVE, item, item.context_expr))
            failed.edges.append(Edge(EdgeKind.SWALLOWED, failed, after, item))
            failed.edges.append(Edge(EdgeKind.RERAISED, failed, outer, item))
            self.frames.append(_Cleanup([], item, outer))
            self.handler = failed
            self._go(self._new())
            if item.optional_vars is not None:
                self._target(item.optional_vars)
                self._step(StepKind.BIND_ENTERED, item.optional_vars, item.context_expr)
        self._statements(node.body)
        for item in reversed(node.items):
            after, self.handler = afters.pop()
            self.frames.pop()
            self._go(self._new())
            self._step(StepKind.LEAVE, item, item.context_expr)
            self._go(after)

    def _match(self, node: Statement) -> None:
        assert isinstance(node, nodes.Match)
        self._evaluate(node.subject)
        after = self._new()
        for case in node.cases:
            body, following = self._new(), self._new()
            self._step(StepKind.MATCH, case, node.subject)
            bound = body if case.guard is None else self._new()
            self._edge(EdgeKind.MATCHED, bound, case)
            if not _always_matches(case.pattern):
                self._edge(EdgeKind.UNMATCHED, following, case)
            if case.guard is not None:
                self.current = bound
                self._condition(case.guard, body, following)
            self.current = body
            self._statements(case.body)
            self._edge(EdgeKind.ALWAYS, after)
            self.current = following
        self._go(after)

    # Conditions and expressions

    def _branch(self, node: Expression, then: Block, otherwise: Block, join: Block) -> None:
        """A condition whose branches meet again in a block."""
        before, self.join = self.join, join
        self._condition(node, then, otherwise)
        self.join = before

    def _condition(self, node: Expression, then: Block, otherwise: Block) -> None:
        """Control goes to one of two blocks, as a condition says."""
        while isinstance(node, nodes.UnaryOp) and node.op == "not":
            node, then, otherwise = node.operand, otherwise, then
        if isinstance(node, nodes.BoolOp):
            for value in node.values[:-1]:
                following = self._new()
                if node.op == "and":
                    self._condition(value, following, otherwise)
                else:
                    self._condition(value, then, following)
                self.current = following
            self._condition(node.values[-1], then, otherwise)
            return
        if isinstance(node, nodes.IfExp):
            first, second = self._new(), self._new()
            self._condition(node.test, first, second)
            self.current = first
            self._condition(node.body, then, otherwise)
            self.current = second
            self._condition(node.orelse, then, otherwise)
            return
        known = _truth(node)
        self._evaluate(node)
        if known is not False:
            self._edge(EdgeKind.TRUE, then, node)
        if known is not True:
            self._edge(EdgeKind.FALSE, otherwise, node)

    def _target(self, node: Expression) -> None:
        """What is evaluated before something is assigned to a target."""
        if node not in self.branching:
            return
        if isinstance(node, (nodes.Tuple, nodes.List)):
            for element in node.elts:
                self._target(element)
        elif isinstance(node, (nodes.Starred, nodes.Attribute)):
            self._evaluate(node.value)
        elif isinstance(node, nodes.Subscript):
            self._evaluate(node.value)
            self._evaluate(node.slice)

    def _evaluate(self, node: Expression) -> None:
        """Evaluate an expression; part by part if there are branches or bindings in it."""
        spine: list[Expression] = []
        while node in self.branching:
            first = _first(node)
            if first is None:
                break
            spine.append(node)
            node = first
        if node not in self.branching:
            self._step(StepKind.EVALUATE, node)
        else:
            _EXPRESSIONS.get(type(node), _Builder._parts)(self, node)
        while spine:
            node = spine.pop()
            for child in node.children()[1:]:
                self._part(child)
            self._step(StepKind.APPLY, node)

    def _parts(self, node: Expression) -> None:
        for child in node.children():
            self._part(child)
        self._step(StepKind.APPLY, node)

    def _part(self, node: Node) -> None:
        if isinstance(node, nodes.Keyword):
            self._evaluate(node.value)
        elif isinstance(node, Expression):
            self._evaluate(node)

    def _dict(self, node: Expression) -> None:
        assert isinstance(node, nodes.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self._evaluate(key)
            self._evaluate(value)
        self._step(StepKind.APPLY, node)

    def _lambda(self, node: Expression) -> None:
        assert isinstance(node, nodes.Lambda)
        self._defaults(node.args)
        self._step(StepKind.APPLY, node)

    def _named(self, node: Expression) -> None:
        assert isinstance(node, nodes.NamedExpr)
        self._evaluate(node.value)
        self._step(StepKind.BIND, node.target, node.value)

    def _boolean(self, node: Expression) -> None:
        assert isinstance(node, nodes.BoolOp)
        after = self._new()
        for value in node.values[:-1]:
            following = self._new()
            self._evaluate(value)
            before, self.join = self.join, after
            is_and = node.op == "and"
            known = _truth(value)
            if known is not is_and:
                self._edge(EdgeKind.FALSE if is_and else EdgeKind.TRUE, after, value)
            if known is not (not is_and):
                self._edge(EdgeKind.TRUE if is_and else EdgeKind.FALSE, following, value)
            self.join = before
            self.current = following
        self._evaluate(node.values[-1])
        self._go(after)

    def _conditional(self, node: Expression) -> None:
        assert isinstance(node, nodes.IfExp)
        then, otherwise, after = self._new(), self._new(), self._new()
        self._branch(node.test, then, otherwise, after)
        self.current = then
        self._evaluate(node.body)
        self._edge(EdgeKind.ALWAYS, after)
        self.current = otherwise
        self._evaluate(node.orelse)
        self._go(after)

    def _comparison(self, node: Expression) -> None:
        """`a < b < c`: what follows is evaluated only if the comparisons before hold."""
        assert isinstance(node, nodes.Compare)
        after = self._new()
        self._evaluate(node.left)
        for comparator in node.comparators[:-1]:
            self._evaluate(comparator)
            self._step(StepKind.APPLY, node)
            following = self._new()
            self._edge(EdgeKind.FALSE, after)
            self._edge(EdgeKind.TRUE, following)
            self.current = following
        self._evaluate(node.comparators[-1])
        self._step(StepKind.APPLY, node)
        self._go(after)

    def _comprehension(self, node: Expression) -> None:
        """A comprehension is a loop; a generator too, although it runs when somebody asks for its items."""
        assert isinstance(node, (nodes.ListComp, nodes.SetComp, nodes.GeneratorExp, nodes.DictComp))
        self._evaluate(node.generators[0].iter)
        self._step(StepKind.OPEN_SCOPE, node)
        after = outer = self._new()
        for generator in node.generators:
            if generator is not node.generators[0]:
                self._evaluate(generator.iter)
            head, body = self._new(), self._new()
            self.graph.loops[head] = generator
            self._go(head)
            self._step(StepKind.NEXT, generator, generator.iter)
            self._edge(EdgeKind.ITEM, body, generator)
            self._edge(EdgeKind.EXHAUSTED, outer, generator)
            self.current = body
            self._target(generator.target)
            self._step(StepKind.BIND_ITEM, generator.target, generator.iter)
            for test in generator.ifs:
                passed = self._new()
                self._condition(test, passed, head)
                self.current = passed
            outer = head
        if isinstance(node, nodes.DictComp):
            if node.key is not None:
                self._evaluate(node.key)
            self._evaluate(node.value)
        else:
            self._evaluate(node.elt)
        self._edge(EdgeKind.ALWAYS, outer)
        self.current = after
        self._step(StepKind.CLOSE_SCOPE, node)


_SPLIT: Final = (
    nodes.BoolOp,
    nodes.IfExp,
    nodes.NamedExpr,
    nodes.ListComp,
    nodes.SetComp,
    nodes.DictComp,
    nodes.GeneratorExp,
)


def _outside(node: Node) -> list[Node]:
    """What a function or lambda evaluates where it is defined."""
    if isinstance(node, nodes.FunctionDef):
        return [*node.decorator_list, node.args]
    return [node.args] if isinstance(node, nodes.Lambda) else []


def _evaluation(root: Expression) -> Iterator[Expression]:
    """An expression without branches and its parts, each after its own parts."""
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, is_ready = waiting.pop()
        if is_ready:
            if isinstance(node, Expression):
                yield node
            continue
        waiting.append((node, True))
        parts = _outside(node) if isinstance(node, nodes.Lambda) else _operands(node)
        waiting.extend([(part, False) for part in reversed(parts)])


def _operands(node: Node) -> list[Node]:
    """The parts of an expression, in the order in which they are evaluated."""
    if not isinstance(node, nodes.Dict):
        return node.children()
    found: list[Node] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is not None:
            found.append(key)
        found.append(value)
    return found


def _first(node: Expression) -> Expression | None:
    """What an expression evaluates first, if that may be a long chain: `a.b(c).d`, `a + b + c`."""
    if isinstance(node, (nodes.Attribute, nodes.Subscript)):
        return node.value
    if isinstance(node, nodes.Call):
        return node.func
    return node.left if isinstance(node, nodes.BinOp) else None


def _truth(node: Expression) -> bool | None:
    """Whether a literal is true; None for everything else."""
    if isinstance(node, nodes.Constant):
        return bool(node.value)
    if isinstance(node, (nodes.Lambda, nodes.GeneratorExp)):
        return True
    return None


def _always_matches(pattern: nodes.Pattern) -> bool:
    """Whether a pattern matches everything."""
    while isinstance(pattern, nodes.MatchAs) and pattern.pattern is not None:
        pattern = pattern.pattern
    if isinstance(pattern, nodes.MatchOr):
        return any(_always_matches(part) for part in pattern.patterns)
    return isinstance(pattern, nodes.MatchAs)


_STATEMENTS: Final = {
    nodes.AnnAssign: _Builder._annotated,
    nodes.Assert: _Builder._assert,
    nodes.Assign: _Builder._assign,
    nodes.AugAssign: _Builder._augmented,
    nodes.Break: _Builder._break,
    nodes.ClassDef: _Builder._class,
    nodes.Continue: _Builder._continue,
    nodes.Delete: _Builder._delete,
    nodes.Expr: _Builder._expression_statement,
    nodes.For: _Builder._for,
    nodes.FunctionDef: _Builder._function,
    nodes.Global: _Builder._nothing,
    nodes.If: _Builder._if,
    nodes.Import: _Builder._import,
    nodes.ImportFrom: _Builder._import,
    nodes.Match: _Builder._match,
    nodes.Nonlocal: _Builder._nothing,
    nodes.Pass: _Builder._nothing,
    nodes.Raise: _Builder._raise,
    nodes.Return: _Builder._return,
    nodes.Try: _Builder._try,
    nodes.TypeAlias: _Builder._type_alias,
    nodes.While: _Builder._while,
    nodes.With: _Builder._with,
}

_EXPRESSIONS: Final = {
    nodes.BoolOp: _Builder._boolean,
    nodes.Compare: _Builder._comparison,
    nodes.Dict: _Builder._dict,
    nodes.DictComp: _Builder._comprehension,
    nodes.GeneratorExp: _Builder._comprehension,
    nodes.IfExp: _Builder._conditional,
    nodes.Lambda: _Builder._lambda,
    nodes.ListComp: _Builder._comprehension,
    nodes.NamedExpr: _Builder._named,
    nodes.SetComp: _Builder._comprehension,
}
