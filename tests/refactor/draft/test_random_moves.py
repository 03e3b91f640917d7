"""Generated packages whose modules are moved, split and deleted at random: a draft finds what was done."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcut.plan.load import load_text
from hardcut.refactor.draft.draft_entries import Confidence, Draft, DraftDelete, DraftMove, DraftRemove
from hardcut.refactor.draft.draft_text import manifest_text
from hardcut.refactor.draft.infer import change_between, draft
from tests.helpers.archives import tree_of

WORDS = ["load", "store", "parse", "query", "render", "merge", "split", "check"]
WORDS += ["index", "count", "price", "stock", "order", "table", "field", "token"]
LEAST_SHARE = 0.9
"""So many of all modules that moved are found; twins and tiny ones may be missed."""


def function(name: str, seed: random.Random) -> str:
    """A function with a body of its own."""
    lines = [f"def {name}({', '.join(seed.sample(WORDS, 2))}):"]
    for _ in range(seed.randint(4, 9)):
        one, two, three = (seed.choice(WORDS) for _ in range(3))
        number = seed.randint(0, 999)
        lines.append(
            seed.choice(
                [
                    f"    {one} = {two}({three}, {number})",
                    f"    if {one} > {number}:\n        {two}.append({three})",
                    f"    for {one} in {two}.{three}[{number}:]:\n        print({one})",
                    f"    {one}[{number!r}] = f'{{{two}}} {three}'",
                ]
            )
        )
    return "\n".join([*lines, f"    return {seed.choice(WORDS)}"]) + "\n"


class Shop:
    """A package and what happens to it: the modules that move with their new homes, and those that go."""

    def __init__(self, number: int) -> None:
        self.seed = random.Random(number)
        self.moved: dict[str, set[str]] = {}
        self.deleted: set[str] = set()
        self.names: dict[str, str] = {}
        self.old: dict[str, list[str]] = {}
        self.new: dict[str, list[str]] = {}
        self._bodies: dict[str, str] = {}
        for module in range(self.seed.randint(4, 9)):
            package = self.seed.choice(["core", "web", "data"])
            names = [f"{self.seed.choice(WORDS)}_{module}_{turn}" for turn in range(self.seed.randint(2, 6))]
            self.old[f"{package}.m{module}"] = list(dict.fromkeys(names))
        for name in (name for names in self.old.values() for name in names):
            self._bodies[name] = function(name, self.seed)
        for number, (module, names) in enumerate(self.old.items()):
            self._change(number, module, names)

    def _change(self, number: int, module: str, names: list[str]) -> None:
        what = self.seed.choice(["keep", "keep", "move", "move", "delete", "split", "name"])
        if what == "move":
            home = f"{self.seed.choice(['core', 'web', 'fresh'])}.n{number}"
            self.new[home] = names
            self.moved[module] = {home}
        elif what == "delete":
            self.deleted.add(module)
        elif what == "split" and len(names) >= 4:
            homes = [f"parts.a{number}", f"parts.b{number}"]
            half = len(names) // 2
            self.new[homes[0]], self.new[homes[1]] = names[:half], names[half:]
            self.moved[module] = set(homes)
        elif what == "name" and len(names) >= 3:
            self.new[module] = names[1:]
            self.new[f"fresh.x{number}"] = names[:1]
            self.names[f"{module}.{names[0]}"] = f"fresh.x{number}"
        else:
            self.new[module] = names

    def files(self, modules: dict[str, list[str]], is_edited: bool = False) -> dict[str, str | bytes]:
        found: dict[str, str | bytes] = {"src/shop/__init__.py": "", "src/shop/base.py": "BASE = 1\n"}
        for module, names in modules.items():
            text = "\n\n".join(self._bodies[name] for name in names)
            header = "import os\n" if is_edited else '"""A module."""\n'
            found[f"src/shop/{module.replace('.', '/')}.py"] = header + text
            found[f"src/shop/{module.partition('.')[0]}/__init__.py"] = ""
        return found


def drafted(shop: Shop) -> Draft:
    with tempfile.TemporaryDirectory() as folder:
        old = tree_of(Path(folder), "old", shop.files(shop.old))
        new = tree_of(Path(folder), "new", shop.files(shop.new, is_edited=True))
        return draft(change_between(old, new))


def moves(found: Draft, shop: Shop) -> dict[str, set[str]]:
    """The drafted moves of modules, those of packages spelled out."""
    answer: dict[str, set[str]] = {}
    for entry in found.entries:
        if isinstance(entry, DraftMove) and not entry.symbols and entry.confidence > Confidence.LOW:
            old = entry.module.removeprefix("shop.")
            for module in shop.old:
                if module == old or module.startswith(f"{old}."):
                    homes = {home.removeprefix("shop.") + module[len(old) :] for home in entry.to}
                    answer.setdefault(module, homes)
    return answer


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_what_is_drafted_was_done(number: int) -> None:
    """Every drafted move and deletion is right, and the manifest is valid."""
    shop = Shop(number)
    found = drafted(shop)
    for module, homes in moves(found, shop).items():
        assert shop.moved.get(module) == homes, module
    for entry in found.entries:
        if isinstance(entry, DraftMove) and entry.symbols and entry.confidence > Confidence.LOW:
            for name in entry.symbols:
                assert shop.names[f"{entry.module}.{name}".removeprefix("shop.")] == entry.to[0][5:]
        if isinstance(entry, DraftDelete):
            below = {
                one for one in shop.old if f"{one}.".startswith(f"{entry.module}.".removeprefix("shop."))
            }
            assert not below & set(shop.new)
        assert not isinstance(entry, DraftRemove)
    text = manifest_text(found, "shop", "two trees", None)
    load_text(Path("/cutover.toml"), Path("/"), text.encode())


def test_nearly_all_that_was_done_is_drafted() -> None:
    done = missed = 0
    for number in range(60):
        shop = Shop(number)
        found = drafted(shop)
        known = moves(found, shop)
        gone = {
            entry.module.removeprefix("shop.") for entry in found.entries if isinstance(entry, DraftDelete)
        }
        done += len(shop.moved) + len(shop.deleted)
        missed += sum(known.get(module) != homes for module, homes in shop.moved.items())
        missed += sum(not {module, module.partition(".")[0]} & gone for module in shop.deleted)
    assert done > 120
    assert missed <= (1 - LEAST_SHARE) * done
