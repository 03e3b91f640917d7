"""One Python file to facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardcut.source.facts import Definition, Facts, Fallback, Sink
from hardcut.source.python.constants import Constants
from hardcut.source.python.fallbacks import Fallbacks, Touch
from hardcut.source.python.handlers import Handlers
from hardcut.source.python.importers import Importers
from hardcut.source.python.names import Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.references import References
from hardcut.source.python.texts import Texts
from hardcut.source.python.tree import Tree, climb, field, same
from hardcut.source.told import Known

if TYPE_CHECKING:
    from tree_sitter import Node


def read_python(
    path: str,
    data: bytes,
    words: frozenset[str],
    module: str | None = None,
    package: str | None = None,
    is_package: bool = False,
    cells: Sequence[tuple[int, int]] = (),
    guarded: frozenset[str] | None = None,
    known: Known | None = None,
) -> Facts:
    """What a Python file says about words.

    `data` is its source as UTF-8; `module` its dotted name (None outside the import roots);
    `package` the package that relative imports start from; `words` are identifiers, each a
    segment of a dotted path or a symbol. `cells` are a notebook's code cells, as `Tree` takes them.
    `guarded` are the words whose failures are followed, all of them without it; `known` is what other
    files have told about them, with which fallbacks and offered names are left out. Never raises for any
    input.
    """
    tree = Tree(data, cells)
    names = Names(tree, package)
    constants = Constants(tree, names, module, package)
    importers = Importers(tree, names, constants, package)
    paths = Paths(tree, names, module, importers.modules, constants)
    texts = Texts(tree, constants, paths, importers.sinks())
    references = References(tree, names, paths, words)
    for word in sorted(words):
        for node in tree.nodes(word):
            _note(node, references, texts)
    references.members()
    references.chase(words)
    for call in importers.calls:
        _note_call(call.node, importers, words, references)
        for value in call.values:
            whole = value.origin is not None and value.way not in ("relative", "fromlist")
            if not whole and words.intersection(value.text.replace(":", ".").split(".")):
                sink = Sink(call.function, value.way, tree.span(call.node))
                texts.compute(value.origin or call.argument, value, sink)
    definitions = list(references.definitions.values())
    definitions += [
        Definition(key, "lazy", span, _below(target, module))
        for key, target, span, node in texts.lazy
        if key.isidentifier()
        and not any(one.type in ("function_definition", "lambda") for one in climb(node))
    ]
    followed = words if guarded is None else guarded if known is not None else words & guarded
    handlers = Handlers(tree, names, paths, importers, references, followed, module, known or Known())
    guards = handlers.read()
    fallbacks: list[Fallback] = []
    if known is None:
        touches = [Touch(statement, [entry.path]) for entry, statement in names.imports if entry.module]
        touches += [
            Touch(one.node, [value.text for value in one.values if value.exact]) for one in importers.calls
        ]
        touches += [Touch(node, [reference.path]) for node, reference in references.nodes]
        fallbacks = Fallbacks(tree, names, touches, words).read()
    return Facts(
        path,
        module,
        is_package,
        "python",
        [entry for entry, _ in names.imports],
        sorted(set(definitions), key=lambda one: (one.span, one.name)),
        sorted(references.references.values(), key=lambda one: (one.span, one.path)),
        sorted(texts.texts.values(), key=lambda one: one.span),
        sorted(texts.computed.values(), key=lambda one: (one.span, one.value)),
        fallbacks,
        tree.unreadable(),
        importers.wrappers,
        guards,
        handlers.told,
    )


def _note(node: Node, references: References, texts: Texts) -> None:
    if node.type == "identifier":
        references.word(node)
        home = _keyed_string(node)
        if home is not None:
            texts.keyed(home)
        return
    if node.type == "comment":
        texts.comment(node)
        return
    string = (
        node if node.type == "string" else next((one for one in climb(node) if one.type == "string"), None)
    )
    if string is None:
        return
    if not references.member(string):
        texts.string(string)
        fact = texts.texts.get(string.id)
        if fact is not None and (fact.role == "annotation" or (fact.callee or "").endswith("cast")):
            references.annotation(string)


def _keyed_string(name: Node) -> Node | None:
    """The string that a keyword gives: `dict(Money="shop.prices")` pairs a name with its home."""
    parent = name.parent
    if parent is None or parent.type != "keyword_argument" or not same(field(parent, "name"), name):
        return None
    value = field(parent, "value")
    return value if value is not None and value.type == "string" else None


def _note_call(node: Node, importers: Importers, words: frozenset[str], references: References) -> None:
    """Follow the name that an import call is bound to, when it imports something of the plan."""
    if any(words.intersection(module.split(".")) for module in importers.modules(node)):
        references.follow_value(node)


def _below(target: str, module: str | None) -> str:
    return f"{module}{target}" if target.startswith(".") and module else target.lstrip(".")
