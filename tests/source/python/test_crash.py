"""No Python file, whole, cut or garbled, makes the reader raise or hang."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from hardcut.source.decode import decode
from hardcut.source.importscan import scan
from hardcut.source.python.namespace import namespace
from hardcut.source.python.read import read_python
from hardcut.source.python.toplevel import binds, top_level
from tests.limits import within

WORDS = frozenset(
    {
        "registry",
        "config",
        "import_module",
        "error",
        "main",
        "__getattr__",
        "__all__",
        "join",
        "getattr",
        "compat",
    }
)
SHARDS = 8
PATHS = sysconfig.get_paths()
FILES = sorted({path for key in ("stdlib", "purelib") for path in Path(PATHS[key]).rglob("*.py")})


def read(data: bytes, fully: bool = True) -> None:
    """What the reader can be asked about one file; `fully` asks it all."""
    with within(20):
        decoded = decode(data)
        facts = read_python("some/file.py", decoded.data, WORDS, "pkg.file", "pkg")
        lines = decoded.data.count(b"\n") + 1
        for one in (*facts.references, *facts.texts, *facts.unreadable):
            assert 1 <= one.span.line <= one.span.end_line <= lines + 1
            assert one.span.column >= 1
        scan(data)
        if fully:
            top_level(decoded.data, "pkg")
            binds(decoded.data, "registry")
            namespace(decoded.data, "pkg.file", "pkg")


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_installed_file(shard: int) -> None:
    mine = FILES[shard::SHARDS]
    assert mine
    for number, path in enumerate(mine):
        if path.is_file():
            read(path.read_bytes(), fully=number % 8 == 0)


@pytest.mark.parametrize("seed", range(SHARDS))
def test_cut_and_garbled_files(seed: int) -> None:
    chance = random.Random(seed)
    for path in chance.sample(FILES, 60):
        data = path.read_bytes()[:60_000] if path.is_file() else b""
        cut = chance.randrange(len(data) + 1)
        read(data[:cut])
        read(data[cut:] + data[: cut // 2])
        read(bytes(chance.randrange(256) if chance.random() < 0.01 else one for one in data[:20_000]))
    for _ in range(60):
        read(chance.randbytes(chance.randrange(3000)))


N = 6000
HOSTILE = {
    "a chain of plus": "x = " + " + ".join(['"registry"'] * N) + "\n",
    "names that double": "\n".join(f"a{i + 1} = a{i} + a{i}" for i in range(60))
    + "\na0 = 'registry'\nimport importlib\nimportlib.import_module(a60)\n",
    "a chain of attributes": "import a\na" + ".b" * N + ".registry\n",
    "a chain of calls": "a" + "()" * N + ".registry\n",
    "parentheses": "x = " + "(" * N + "registry" + ")" * N + "\n",
    "blocks": "".join(" " * i + "if registry:\n" for i in range(95)) + " " * 95 + "import registry\n",
    "elif": "if a:\n  pass\n" + "elif registry:\n  import registry\n" * N,
    "one long list": 'x = ["registry", ' + '"registry.b", ' * 20_000 + "]\n",
    "many uses": "import pkg.registry as r\n" + "r.x\n" * 20_000,
    "aliases of aliases": "\n".join(f"r{i + 1} = r{i}" for i in range(3000))
    + "\nfrom pkg import registry as r0\n",
    "conditions": "x = " + " if c else ".join(["registry"] * 3000) + " if c else b\n",
    "or": "x = " + " or ".join(["registry"] * N) + "\n",
    "one long f-string": 'x = f"' + "{registry}." * N + '"\n',
    "nested f-strings": "x = " + 'f"{' * 100 + "registry" + '}"' * 100 + "\n",
    "nested getattr": "import a\nx = " + "getattr(" * 150 + "a" + ',"registry")' * 150 + "\n",
    "never closed": "x = (" * 3000,
    "quotes": '"""registry' * 4000,
    "a large registry": "T = {" + ",".join(f'"k{i}": ("pkg.registry", "n{i}")' for i in range(6000)) + "}\n",
    "a loop over many": "import importlib\nfor x in ("
    + ",".join(f'"pkg.registry{i}"' for i in range(5000))
    + "):\n  importlib.import_module(x)\n",
    "lambdas": "x = " + "lambda: " * 3000 + "registry\n",
    "a missing name": '__all__ = [\n "a",\n }b",\n "registry",\n ,  "d",\n "e",\n]\n',
    "many imports": "import pkg.registry\n" * 10_000,
    "one import of many": "from pkg import (" + ",".join(f"n{i}" for i in range(30_000)) + ", registry)\n",
    "wrappers of wrappers": "import importlib\ndef f0(n): return importlib.import_module(n)\n"
    + "".join(f"def f{i}(n): return f{i - 1}(n)\n" for i in range(1, 300))
    + 'f299("pkg.registry")\n',
    "handlers in one another": "".join(" " * i + "try:\n" + " " * i + " import registry\n" for i in range(60))
    + "".join(" " * i + "except ImportError:\n" + " " * i + " x = 1\n" for i in range(59, -1, -1)),
    "many handlers": "def f():\n" + "    try: import registry\n    except ImportError: x = 1\n" * 1000,
    "conditions in a handler": "def f():\n  try: import registry\n  except ImportError:\n"
    + "".join(f"    if x[{i}]: y{i} = {i}\n" for i in range(1000))
    + "    raise\n",
    "managers with two values": "from contextlib import suppress\nm0 = suppress(ImportError)\n"
    + "".join(f"m{i + 1} = m{i}\nm{i + 1} = m{i}\n" for i in range(55))
    + "with m55: import registry\n",
    "managers with two bases": "class A0: pass\nclass B0: pass\n"
    + "".join(f"class A{i + 1}(A{i}, B{i}): pass\nclass B{i + 1}(A{i}, B{i}): pass\n" for i in range(55))
    + "@A55()\ndef f():\n    with A55(): import registry\n",
    "managers of two managers": "".join(
        f"def m{i}(x):\n    if x: return m{i + 1}(x)\n    return m{i + 1}(1) if x else m{i + 1}(2)\n"
        for i in range(55)
    )
    + "with m0(1): import registry\n",
    "types with two values": "t0 = (ImportError,)\n"
    + "".join(f"def t{i + 1}():\n    if x: return t{i}()\n    return t{i}()\n" for i in range(55))
    + "try: import registry\nexcept t55(): pass\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_shapes(name: str) -> None:
    read(HOSTILE[name].encode())


def test_quoted_types_in_a_circle() -> None:
    read(b"""
import registry

registry: "config" = None
config: "registry.inner" = None


def start() -> None:
    registry.join(config.join)
""")
