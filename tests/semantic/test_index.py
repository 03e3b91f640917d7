"""What a module index answers: lookups, accesses, conditions, imports and exports."""

import random
import time

import pytest

from hardcut.semantic import index as index_module
from hardcut.semantic.exports import AllKind
from hardcut.semantic.index import ModuleIndex, index
from hardcut.syntax.parser import parse


def of(source: str) -> ModuleIndex:
    return index(source.encode())


def described(found: ModuleIndex, name: str) -> list[tuple[str, list[int]]]:
    """Each access of a name: the dotted name that begins there, and the lines of the bindings that it may
    read."""
    return [
        (found.path(access), [found.module.place(binding.start)[0] for binding in found.referents(access)])
        for access in found.accesses(name)
    ]


ACCESSES = [
    ("import a.b\na.b.c(a)", "a", [("a.b.c", [1]), ("a", [1])]),
    ("x = 1\nx\nx = 2\nx", "x", [("x", [1]), ("x", [3])]),
    ("x = 1\nx = x.y\nx", "x", [("x.y", [1]), ("x", [2])]),
    ("if c:\n x = 1\nelse:\n x = 2\nx", "x", [("x", [2, 4])]),
    ("x = 1\nif c: x = 2\nx", "x", [("x", [1, 2])]),
    ("x = 1\ndel x\nx", "x", [("x", [])]),
    ("for i in y:\n x\n x = 1", "x", [("x", [3])]),
    ("def f(): return x\nx = 1\nx = 2", "x", [("x", [2, 3])]),
    ("x = 1\ndef f():\n x\n x = 2", "x", [("x", [])]),
    ("x = 1\ndef f():\n global x\n x = 2\nx", "x", [("x", [1, 4])]),
    ("x = 1\nclass C:\n x = x\n def f(self): return x", "x", [("x", [1]), ("x", [1])]),
    ("x = 1\nclass C:\n x = 2\n y = [x for z in x]", "x", [("x", [1]), ("x", [3])]),
    (
        "def f(x):\n def g():\n  nonlocal x\n  x = 1\n  return x\n return x",
        "x",
        [("x", [1, 4]), ("x", [1, 4])],
    ),
    ("class C[T](list[T]):\n def f(self: T) -> T: ...", "T", [("T", [1])] * 3),
    ("class C:\n x = 1\n def f[T: x](self): ...", "x", [("x", [2])]),
    ("def f(a: x = x): ...\nx = 1", "x", [("x", []), ("x", [])]),
    ("(x).y\n(x\n .y)", "x", [("x.y", []), ("x.y", [])]),
    ("x: 'x' = (x := 1)", "x", []),
    ("a: Annotated[x, f(x.y)]", "x", [("x", []), ("x.y", [])]),
    ("class C(**x): ...", "x", [("x", [])]),
    ("é = 1\né.ü", "é", [("é.ü", [1])]),
    ("with x as y: y", "y", [("y", [1])]),
    ("x += 1\nx", "x", [("x", []), ("x", [1])]),
    ("match x:\n case Point(x=y.z): y", "y", [("y.z", []), ("y", [])]),
]


@pytest.mark.parametrize(("source", "name", "expected"), ACCESSES, ids=[source for source, _, _ in ACCESSES])
def test_accesses(source: str, name: str, expected: list[tuple[str, list[int]]]) -> None:
    assert described(of(source), name) == expected


def test_private_names_are_those_of_their_class() -> None:
    found = of("_C__a = 1\nclass C:\n def f(self): return __a\n__a")
    assert described(found, "_C__a") == [("_C__a", [1])]
    assert [access.start for access in found.accesses("__a")] == [found.module.source.rfind(b"__a")]


NAMES = [
    ("import a.b", "a", "a.b"),
    ("import a.b as c, d", "c", "c"),
    ("import a, d . e", "d", "d . e"),
    ("from a import (b, # c\n  c as d,\n)", "d", "d"),
    ("from a import (b, # c\n  c as d,\n)", "b", "b"),
    ("from . import \\\n a", "a", "a"),
    ("lazy from .x.y import a", "a", "a"),
    ("def f(): ...", "f", "f"),
]


@pytest.mark.parametrize(("source", "name", "expected"), NAMES)
def test_the_range_of_a_bound_name(source: str, name: str, expected: str) -> None:
    found = of(source)
    assert found.module.text(*found.range(found.names[name][0])) == expected


IMPORTS = [
    ("import a.b as c, d.e", ["a.b as c", "d.e"]),
    ("from ..a import b as c", ["..a.b as c"]),
    ("from . import b", [".b"]),
    ("from .a import *", [".a"]),
    ("# ü\nfrom ä.zz import ö as é\nimport zz, ü.ñ", ["ä.zz.ö as é", "zz", "ü.ñ"]),
    ("from ä import *", ["ä"]),
    ("x = 1  # type: int\nfrom ..a import *", ["..a"]),
    ("def f():\n import a", ["a"]),
]


@pytest.mark.parametrize(("source", "expected"), IMPORTS)
def test_imports(source: str, expected: list[str]) -> None:
    found = [f"{one.path} as {one.alias}" if one.alias else one.path for one in of(source).imports]
    assert found == expected


@pytest.mark.parametrize("source", ["from a import *", "# type: int\nfrom é import *"])
def test_star_imports(source: str) -> None:
    found = of(source)
    assert found.star_imports == found.imports
    assert found.top.bindings == []


CHECKING = [
    ("if TYPE_CHECKING: import x", True),
    ("if typing.TYPE_CHECKING: import x", True),
    ("from typing import TYPE_CHECKING as TC\nif TC: import x", True),
    ("if False: import x", True),
    ("if 0: import x", True),
    ("if not TYPE_CHECKING: ...\nelse: import x", True),
    ("if a:\n if TYPE_CHECKING:\n  import x", True),
    ("if TYPE_CHECKING: ...\nelse: import x", False),
    ("if not TYPE_CHECKING: import x", False),
    ("if -TYPE_CHECKING: ...\nelse: import x", False),
    ("if a: import x", False),
    ("if a.b.TYPE: import x", False),
    ("if a() and b: import x", False),
    ("import x", False),
    ("# é\nassert platform\nif t.TYPE_CHECKING: import x", True),
]


@pytest.mark.parametrize(("source", "expected"), CHECKING)
def test_imports_for_type_checkers_only(source: str, expected: bool) -> None:
    found = of(source)
    assert found.is_type_checking(found.names["x"][0]) is expected


CATCHING = [
    ("try: import x\nexcept ImportError: ...", True),
    ("try: import x\nexcept (A, ModuleNotFoundError): ...", True),
    ("try: import x\nexcept: ...", True),
    ("try: import x\nexcept* Exception: ...", True),
    ("try:\n if a: import x\nexcept ImportError: ...", True),
    ("try: import x\nexcept ValueError: ...", False),
    ("try: import x\nfinally: ...", False),
    ("try: ...\nexcept ImportError: import x", False),
]


@pytest.mark.parametrize(("source", "expected"), CATCHING)
def test_imports_whose_failure_is_caught(source: str, expected: bool) -> None:
    found = of(source)
    assert found.catches_import_error(found.names["x"][0].condition) is expected


LISTS = [
    ("__all__ = ['a', \"b\"]", ["a", "b"], [], True),
    ("__all__: list[str] = ['a']", ["a"], [], True),
    ("__all__ = ('a',) + ['b'] + x.__all__", ["a", "b"], ["x"], True),
    ("__all__ = [*x.y.__all__, 'a']", ["a"], ["x.y"], True),
    ("from .x import __all__ as x\n__all__ = x + ['a']", ["a"], ["x"], True),
    ("__all__ = 'a b'.split()", ["a", "b"], [], True),
    ("__all__ = 'a, b'.split(',')", ["a", "b"], [], True),
    ("__all__ = ['a']\n__all__ += ['b']", ["a", "b"], [], True),
    ("__all__ = ['a']\n__all__ = __all__ + ['b']", ["b"], [], True),
    ("__all__ = ['a']\n__all__.extend(('b', 'c'))\n__all__.append('d')", ["a", "b", "c", "d"], [], True),
    ("__all__ = ['b']\n__all__.insert(0, 'a')", ["b", "a"], [], True),
    ("__all__ = ['a', 'b']\n__all__.remove('a')", ["b"], [], True),
    ("__all__ = ['a', 'b']\nif c: __all__.remove('a')", ["a", "b"], [], True),
    ("if c: __all__ = ['a']\nelse: __all__ = ['b']", ["a", "b"], [], True),
    ("_names = ['a']\n__all__ = _names", ["a"], [], True),
    ("_names = ['a']\n__all__ = sorted(_names)", ["a"], [], True),
    ("__all__ = [n for n in dir()]", [], [], False),
    ("__all__ = ['a', f()]", ["a"], [], False),
    ("__all__ = []\n__all__[:] = x", [], [], False),
    ("__all__ = ['a']\n__all__.sort()", ["a"], [], False),
    ("__all__ = ['é', '# type: ignore']", ["é", "# type: ignore"], [], True),
    ("__all__ = x\nx = __all__", [], [], True),
    ("class Cart: ...\n__all__ = [Cart.__name__, 'b']", ["Cart", "b"], [], True),
    ("__all__ = [a.b.__name__]", [], [], False),
]


@pytest.mark.parametrize(("source", "names", "others", "complete"), LISTS, ids=[case[0] for case in LISTS])
def test_what_all_lists(source: str, names: list[str], others: list[str], complete: bool) -> None:
    exports = of(source).exports
    assert [listed.name for listed in exports.listed] == names
    assert [other.module for other in exports.others] == others
    assert exports.is_complete is complete
    assert exports.has_all


def test_a_listed_name_has_its_place() -> None:
    found = of("__all__ = [\n 'é',\n 'b']")
    assert [found.module.text(listed.start, listed.end) for listed in found.exports.listed] == ["'é'", "'b'"]
    assert [operation.kind for operation in found.exports.operations] == [AllKind.SET]


WRITES = [
    ("globals()['a'] = 1", [["a"]]),
    ("globals()[n] = 1", [None]),
    ("for n in x:\n globals()[n] = 1", [None]),
    ("globals().update(a=1, **b)", [None, ["a"]]),
    ("globals().update({'a': 1, 'b': 2})", [["a", "b"]]),
    ("globals().update(x)", [None]),
    ("vars()['a'] = locals()['b'] = 1", [["a"], ["b"]]),
    ("setattr(sys.modules[__name__], 'a', 1)", [["a"]]),
    ("m = sys.modules[__name__]\nsetattr(m, n, 1)\nm.b = 1", [None, ["b"]]),
    ("sys.modules[__name__].__dict__['a'] = 1", [["a"]]),
    ("g = globals()\ng['a'] = 1\ng |= {'b': 1}", [["a"], ["b"]]),
    ("globals().setdefault('a', 1)", [["a"]]),
    ("def f(): globals()['a'] = 1", [["a"]]),
    ("exec('a = 1')", []),
    ("x['a'] = 1\nsetattr(x, 'b', 1)\nx.update(c=1)\nglobals()", []),
    # A function that gets the namespace or the module may put names into it.
    ("define(globals())", [None]),
    ("ns = globals()\nfill(namespace=ns)", [None]),
    ("E._convert_('E', __name__, f)", [None]),
    ("@enum.global_enum\nclass E(Enum):\n A = 1\n B = 2", [["A", "B"]]),
    ("wrap(sys.modules[__name__])", [None]),
    ("import sys as s\nwrap(s.modules.get(__name__))", [None]),
    ("from sys import modules as ms\nwrap(ms[__name__])", [None]),
    ("wrap(importlib.import_module(__name__))", [None]),
    ("def names():\n return globals()", [None]),
    ("for n in x: locals()[n] = 1", [None]),
    # These only read it.
    ("a = globals()['a']\nb = globals().get('b')\nc = 'c' in globals()", []),
    ("a = {**globals(), 'b': 1}\nfor n in globals(): ...\nd = globals() | x", []),
    ("getattr(sys.modules[__name__], 'a')\ninspect.getmembers(sys.modules[__name__])", []),
    ("eval(x, globals())\nexec(x, {'a': 1})\ntimeit(x, globals=globals())\nf(**globals())", []),
    ("def f(a):\n locals()[a] = 1\n return g(locals())", []),
    ("class C:\n vars()['a'] = 1", []),
    ("def f[T](a):\n g(locals())", []),
    ("x = [g(locals()) for y in z]", [None]),
    ("sys.modules[__name__].a", []),
    ("self.modules[__name__].a = 1", []),
]


def test_an_all_of_a_class_or_function_is_none_of_the_module() -> None:
    assert not of("class C:\n __all__ = ['a']\ndef f():\n __all__ = []\n __all__ += ['b']").exports.has_all
    assert of("def f():\n global __all__\n __all__ = ['a']").exports.has_all


def test_what_a_function_does_with_an_alias_of_the_namespace_is_found() -> None:
    source = "def f(n):\n a[n] = 1\ndef g():\n global a\n a = globals()\n"
    assert [write.names for write in of(source).exports.writes] == [None]
    count = 3_000
    lines = [f"def f{n}():\n global a{n + 1}\n a{n + 1} = a{n}" for n in reversed(range(count))]
    start = time.process_time()
    chain = of("\n".join([*lines, "a0 = globals()", f"def f(n):\n a{count}[n] = 1"]))
    assert chain.exports.writes_unknown_names
    assert time.process_time() - start < 10


@pytest.mark.parametrize(("source", "expected"), WRITES)
def test_names_that_code_puts_into_the_module(source: str, expected: list[list[str] | None]) -> None:
    exports = of(source).exports
    found = sorted((write.start, write.names is not None, write.names) for write in exports.writes)
    assert [names for _, _, names in found] == expected
    assert exports.writes_unknown_names is (None in expected or source.startswith("exec"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("__path__ = []", True),
        ("__path__.append('x')", True),
        ("__path__[:0] = x", True),
        ("__import__('pkg_resources').declare_namespace(__name__)", True),
        ("for m in iter_modules(__path__): ...", False),
        ("x.__path__ = []", False),
        ("__path__ = extend_path(__path__, __name__)", True),
        ("globals()['__path__'] = []", True),
        ("setattr(sys.modules[__name__], '__path__', [])", True),
        ("sys.modules[__name__].__path__ = []", True),
        ("sys.modules[__name__].__path__.append('x')", True),
        ("x.__path__.append('x')", False),
    ],
)
def test_whether_submodules_may_lie_elsewhere(source: str, expected: bool) -> None:
    assert of(source).exports.changes_path is expected


def test_a_module_may_replace_itself() -> None:
    exports = of("import sys\nsys.modules[__name__] = Lazy()").exports
    assert exports.replaced == [(11, 32)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sys.modules['shop.moves'] = M()", ["shop.moves"]),
        ("sys.modules[__name__ + '.moves'] = M()", [".moves"]),
        ("sys.modules[f'{__name__}.moves'] = M()", [".moves"]),
        ("sys.modules['%s.moves' % __name__] = M()", [".moves"]),
        ("import sys as s\ns.modules.setdefault('a.b', M())", ["a.b"]),
        ("modules = sys.modules\nmodules['a'] = M()", ["a"]),
        ("sys.modules[name] = M()\nsys.modules.update(x)", [None, None]),
        ("sys.meta_path.insert(0, Finder())", [None]),
        ("sys.modules['a'].b = 1\ndel sys.modules['c']\nself.modules['d'] = 1\nx = sys.modules['e']", []),
    ],
)
def test_modules_that_code_registers(source: str, expected: list[str | None]) -> None:
    assert of(source).exports.registered == expected


def test_the_scope_at_an_offset() -> None:
    source = "x\nclass C:\n def f(self):\n  return [y for y in z]\n"
    found = of(source)
    names = {word: found.scope_at(source.index(word)).qualified_name for word in ("x", "def", "return", "[y")}
    assert names == {"x": "", "def": "C.f", "return": "C.f", "[y": "C.f.listcomp"}


def test_a_content_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    real = index_module.parse
    monkeypatch.setattr(index_module, "parse", lambda source: parsed.append(source) or real(source))
    contents = [b"first_%d = 1" % number for number in range(3)]
    for _ in range(2):
        for content in contents:
            assert index(content) is index(bytes(bytearray(content)))
    assert parsed == contents


def test_indexes_of_more_source_than_is_kept_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "MOST_KEPT", 100)
    first = index(b"first_dropped = 1" + b"#" * 60)
    index(b"second_kept = 1" + b"#" * 60)
    assert index(b"first_dropped = 1" + b"#" * 60) is not first


DAMAGED = [
    b"(: int",
    b"():int\n",
    b"async :",
    b"def f():\n  nonlocal x\n  (x): int\n",
    b"def f():\n  x = 1\n  def g():\n    nonlocal x\n    (x): int\n",
    b"import ( nonlocal x : *",
    b"import as x",
    b"from a import as x, y as",
]
WORDS = [
    *"()[]{}=:,.*|@1\n",
    *[
        "x",
        "int",
        "'",
        "f'",
        "**",
        "->",
        "+=",
        ":=",
        "\n ",
        "\n  ",
        "lambda",
        "in",
        "if",
        "for",
        "async",
        "await",
    ],
    *[
        "import",
        "from",
        "as",
        "class",
        "def",
        "f():",
        "del",
        "with",
        "match",
        "case",
        "type",
        "return",
        "raise",
    ],
    *["try:", "except", "else:", "finally:", "nonlocal x", "global x"],
]


@pytest.mark.parametrize("source", DAMAGED)
def test_a_missing_name_is_no_binding(source: bytes) -> None:
    module = ModuleIndex(parse(source))
    assert all(binding.name for scope in module.scopes for binding in scope.bindings)


def test_any_sequence_of_words_can_be_bound() -> None:
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    for _ in range(3_000):
        source = " ".join(chance.choices(WORDS, k=chance.randrange(40))).encode()
        try:
            ModuleIndex(parse(source))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {source!r}") from error
