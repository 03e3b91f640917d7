"""Functions put together from pieces whose truth is known: 1,200 of them, no disagreement."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

FUNCTIONS, PROJECTS = 150, 8
HEAD = """import asyncio, importlib, logging
from functools import partial
from pathlib import Path
{imports}

log, _STATE, _SEEN = logging.getLogger(__name__), False, {{}}
class Wrap: ...
class Failed(Exception): ...
def _need(): return importlib.import_module("ext")
def _load(name): return importlib.import_module(name)
def _entry(name): return getattr(_need(), name)
def _text(value): return value.decode() if isinstance(value, bytes) else str(value)
def _check(values):
    for one in values:
        if not isinstance(one, str):
            raise TypeError(one)
def _score(values): return len(values) * 3
def _is_odd(value): return value in ("a", "b")
def _refuse(value):
    if value == "a":
        raise ValueError(value)
def _stop(error): raise Failed(str(error))
"""
REACHES: dict[str, tuple[str, str]] = {
    "module": ("import ext", "ext.run({x})"),
    "alias": ("import ext as native", "native.run({x})"),
    "name": ("from ext import run", "run({x})"),
    "renamed": ("from ext import run as _run", "_run({x}, at)"),
    "getattr": ("import ext", "getattr(ext, 'run')({x})"),
    "import by a string": ("", "importlib.import_module('ext').run({x})"),
    "helper": ("", "_need().run({x})"),
    "helper with a name": ("", "_load('ext').run({x})"),
    "helper of a helper": ("", "_entry('run')({x})"),
    "object": ("import ext\n_client = ext.Client()", "_client.run({x})"),
    "partial": ("import ext", "partial(ext.run, {x})()"),
    "thread": ("import ext", "asyncio.run(asyncio.to_thread(ext.run, {x}))"),
    "class": ("from ext import Client", "Client({x}).run()"),
}
INNOCENT = [
    "if not isinstance(items, list):\n    raise TypeError(f'not {type(items)}')",
    "items = [str(one) for one in items if one is not None]",
    "at = () if at is None else at",
    "if at is None:\n    at = ()\nelif isinstance(at, Path):\n    at = str(at)",
    "log.debug('%s', items)",
    "payload = {**options, 'at': at, 'wait': wait * 1000}",
    "made = []\nfor one in items:\n    made.append(_text(one))",
    "try:\n    at = at.isoformat()\nexcept AttributeError:\n    at = str(at)",
    "if not items:\n    return []",
    "if at is None:\n    return None",
    "assert callable(at)",
    "_check(items)",
    "with Wrap() as span:\n    span.name = 'run'",
    "if 'key' not in options or len(options) == 0:\n    raise KeyError('key')",
    "label = 'a' + name",
    "at = tuple(at) + ()",
    "_SEEN[name] = items",
    "del options",
    "name, at = at, name",
    "if options:\n    name = options.get('name', name)",
    "match at:\n    case str():\n        at = [at]\n    case _:\n        pass",
    "def inner(value):\n    return str(value)",
]
GUILTY = [
    "total = wait + 1  #!",
    "wait *= 0.9  #!",
    "if name == 'big':  #!\n    raise ValueError(name)",
    "if wait > 30:  #!\n    wait = 30",
    "if name not in ('a', 'b'):  #!\n    raise ValueError(name)",
    "missing = set(items) - set(at)  #!",
    "if frozenset(items).issubset(at):  #!\n    raise ValueError(at)",
    "high = max(items)  #!",
    "while at:  #!\n    at = at.parent",
    "if _STATE:\n    return 7  #!",
    "if name:\n    return items[0]  #!",
    "if _STATE:\n    return None  #!",
    "items = _score(items)  #!",
    "if _is_odd(name):  #!\n    raise ValueError(name)",
    "_refuse(name)  #!",
    "match name:\n    case 'a':  #!\n        pass",
    "made = [one for one in items if one != name]  #!",
    "def inner(value):\n    return value - 1  #!",
]
ANSWERS = [
    "return {call}",
    "found = {call}\nreturn Wrap(found)",
    "return [Wrap(one) for one in {call}]",
    "try:\n    return {call}\nexcept RuntimeError as error:\n    raise Failed('no') from error",
    "try:\n    found = {call}\nexcept RuntimeError as error:\n    _stop(error)\nreturn found",
    "if isinstance(at, str):\n    found = {call}\nelse:\n    found = {call}\nreturn found",
    "if at is None:\n    return {call}\nreturn {call}",
    "for one in items:\n    {call}",
    "if {call} != 0:\n    raise Failed(name)",
    "found = {call}\nif found is None:\n    raise Failed(name)\n_SEEN[name] = found\nreturn bool(found)",
    "with Wrap():\n    return {call}",
    "return {call} if items else []",
    "if items:\n    {call}",
    "try:\n    return {call}\nexcept RuntimeError:  #!\n    return None",
    "try:\n    {call}\nexcept (TypeError, ValueError):  #!\n    pass",
    "for one in items:\n    try:\n        return {call}\n    except RuntimeError:  #!\n        continue  #!",
    "return at or {call}  #!",
    "if _STATE:\n    found = {call}\nelse:\n    found = [str(one) for one in items]\nreturn found  #!",
    "return {call} + 1  #!",
    "return sum({call})  #!",
]
NOTHING = [
    "return list(items)",
    "return [_text(one) for one in items]",
    "if not hasattr(_need(), 'run'):\n    raise Failed(name)\nreturn items",
    "run = getattr(_need(), 'run', None)\nif not callable(run):\n    raise Failed(name)\nreturn Wrap()",
]


def indented(piece: str) -> str:
    return "".join(f"    {line}\n" for line in piece.splitlines())


def program(choose: random.Random) -> tuple[str, str, list[int], bool]:
    """A module with `work`: its source, what is found, on which lines; if it names a helper."""
    imports, call = REACHES[choose.choice(list(REACHES))]
    pieces = choose.sample(INNOCENT, choose.randint(0, 4)) + choose.sample(
        GUILTY, choose.choice([0, 0, 1, 2])
    )
    choose.shuffle(pieces)
    call = call.format(x=choose.choice(["items", "list(items)", "str(at)", "[_text(one) for one in items]"]))
    way = choose.choice(["direct", "direct", "direct", "named", "unnamed", "none"])
    text = HEAD.format(imports=imports)
    if way in ("named", "unnamed"):
        text += f"def _way(items, at, name=''):\n    return {call}\n"
        call = "_way(items, at)"
    pieces.append(choose.choice(NOTHING if way == "none" else ANSWERS).format(call=call))
    kind = choose.choice(["def", "def", "async def"])
    doc = "    'Does it.'\n" if choose.random() < 0.3 else ""
    text += f"{kind} work(items, at=None, name='x', wait=30, options=None):\n{doc}"
    text += "".join(indented(piece) for piece in pieces)
    lines = [at for at, line in enumerate(text.splitlines(), 1) if line.endswith("#!")]
    form = {"none": "unreached", "unnamed": "unnamed"}.get(way, "logic" if lines else "")
    return text, form, [] if way == "none" else lines, way == "named"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PROJECTS))
def test_functions_of_known_truth(seed: int, tmp_path: Path) -> None:
    choose = random.Random(seed)
    plan = ['[plan]\nname = "p"\nsource = ["src"]\ncheck = ["src"]\n\n[[wave]]\nid = "0"\nstate = "landed"\n']
    forms: dict[str, str] = {}
    lines: dict[str, list[int]] = {}
    (tmp_path / "src").mkdir()
    for number in range(FUNCTIONS):
        text, form, marked, named = program(choose)
        path = f"src/m{number}.py"
        (tmp_path / path).write_text(text, encoding="utf-8")
        forms[path] = form
        lines[path] = marked
        through = f'through = ["m{number}._way"]\n' if named else ""
        plan.append(f'[[wave.delegate]]\nfunction = "m{number}.work"\nto = "ext"\n{through}')
    (tmp_path / "cutover.toml").write_text("\n".join(plan), encoding="utf-8")
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False, jobs=1))
    hits = [one for one in report.findings if one.code == "CUT601"]
    assert set(forms.values()) == {"", "unreached", "unnamed", "logic"}
    for path, expected in forms.items():
        here = [one for one in hits if one.place.path == path]
        said = f"{[one.message for one in here]}\n{(tmp_path / path).read_text(encoding='utf-8')}"
        assert [one.form for one in here] == ([expected] if expected else []), said
        for one in here:
            if one.form == "logic":
                told = {
                    int(n) for at in re.findall(r"\(lines? ([\d, ]+)\)", one.message) for n in at.split(",")
                }
                assert told == set(lines[path]), said
