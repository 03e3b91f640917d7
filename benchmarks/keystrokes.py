"""How long diagnostics take while somebody types: a real server, a scripted editor, one keystroke at a time.

After each keystroke the editor tells the server of the edit and asks for diagnostics, with the name of the
answer that it has, as editors do; the time is that from before the edit is sent until the answer is there.
Without arguments, a module of 5,000 lines is made up and typed in. Prints the median, the 95th percentile and
the longest in milliseconds, and the processor time that the server needed for one: on a busy machine, the
other times are mostly spent waiting for a processor.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.legacy.cart"
to = "shop.cart"

[[wave.remove]]
module = "shop.prices"
symbols = ["old_tax", "Basket.old_total"]

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money", "rounded"]

[[wave.surface]]
only = "shop_native"
banned = ["shop_native._internal"]

[[wave.fail_fast]]
guard = ["shop_native", "shop.native.install"]
"""
TYPED = '''
    def merge(self, other: "Store", factor: int = 2) -> dict[str, int]:
        """Merge two stores; the larger count wins."""
        from shop.legacy.cart import total
        found: dict[str, int] = {}
        for name, count in sorted(self.counts.items()):
            found[name] = max(count * factor, other.counts.get(name, 0))
        try:
            import shop_native
        except ImportError:
            return {}
        registry = {"cart": "shop.legacy.cart:Cart", "money": "shop.money:Money"}
        return {name: len(registry) + value + total(name) for name, value in found.items()}
'''
CLASS = '''

class Store{number}(Store):
    """Holds the counts of part {number}."""

    kinds = ("plain", "marked", "sold")

    def add(self, name: str, count: int = 1) -> None:
        """Add to a count, and keep the order of names."""
        if name not in self.counts:
            self.order.append(name)
        self.counts[name] = self.counts.get(name, 0) + count
        LOG.debug("added %s to %s", name, self.__class__.__name__)

    def price(self, name: str, rate: float = 0.{number}) -> Money:
        """The price of a name, with tax."""
        try:
            base = self.table[name]
        except KeyError as problem:
            raise LookupError(f"no price for {{name!r}} in part {number}") from problem
        return rounded(Money(base + tax(base, rate)))

    def total(self, names: Sequence[str] = (), *, strict: bool = False) -> Money:
        """The sum of some prices."""
        found = Money(0)
        for name in names or self.order:
            if strict and name not in self.table:
                raise LookupError(name)
            found = found + self.price(name)
        return found
'''
HEAD = '''"""Stores, a great many of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import shop_native
from shop.money import Money, rounded
from shop.prices import tax

LOG = logging.getLogger("shop.legacy.cart")


class Store:
    """Names with counts."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.order: list[str] = []
        self.table: dict[str, int] = {}
'''
LINES = 5000


def made_up(root: Path) -> tuple[Path, int]:
    """A project with a module of 5,000 lines; its path, and the line (from 0) to type at."""
    package = root / "src" / "shop"
    package.mkdir(parents=True)
    text, number = HEAD, 0
    while text.count("\n") < LINES:
        number += 1
        text += CLASS.format(number=number)
    for name, content in {
        "__init__": "",
        "money": "class Money:\n    pass\n\n\ndef rounded(value):\n    return value\n",
        "prices": "def tax(base, rate):\n    return base * rate\n",
        "cart": "def total(name):\n    return 1\n",
        "stores": text,
    }.items():
        (package / f"{name}.py").write_text(content, encoding="utf-8")
    (root / "cutover.toml").write_text(PLAN, encoding="utf-8")
    at = text[: len(text) // 2].count("\n")
    lines = text.split("\n")
    while not lines[at].startswith("    def total"):
        at += 1
    return package / "stores.py", at - 1


class Typed(NamedTuple):
    """Seconds for each keystroke and until the first answer, and how many diagnostics there were.

    `processor` is the server's processor time for a keystroke, in seconds; nan where it cannot be told.
    """

    times: list[float]
    first: float
    counts: set[int]
    processor: float


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used; nan where the system does not say."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return float("nan")
    fields = said.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def typed(root: Path, file: Path, line: int, pace: float) -> Typed:
    """Type, and take the times."""
    client = LanguageClient("keystrokes", "1")
    client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(lambda params: None)
    await client.start_io(sys.executable, "-m", "hardcut", "server", cwd=str(root))
    server: Any = client._server
    document = types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities())
    await client.initialize_async(
        types.InitializeParams(
            types.ClientCapabilities(text_document=document),
            root_uri=root.as_uri(),
            initialization_options={"wholeProject": False},
        )
    )
    client.initialized(types.InitializedParams())
    uri = file.as_uri()
    item = types.TextDocumentItem(uri, "python", 1, file.read_text(encoding="utf-8"))
    asked = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), "hardcut")
    begun = time.perf_counter()
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    answer = await client.text_document_diagnostic_async(asked)
    asked.previous_result_id, counts = answer.result_id, {len(getattr(answer, "items", ()))}
    first = time.perf_counter() - begun
    await asyncio.sleep(1)
    used = processor_time(server.pid)
    times: list[float] = []
    at = types.Position(line, 0)
    for version, sign in enumerate(TYPED, 2):
        begun = time.perf_counter()
        change = types.TextDocumentContentChangePartial(types.Range(at, at), sign)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), [change])
        )
        answer = await client.text_document_diagnostic_async(asked)
        times.append(time.perf_counter() - begun)
        if isinstance(answer, types.RelatedFullDocumentDiagnosticReport):
            counts.add(len(answer.items))
            asked.previous_result_id = answer.result_id
        at = types.Position(at.line + 1, 0) if sign == "\n" else types.Position(at.line, at.character + 1)
        await asyncio.sleep(max(0.0, pace - times[-1]))
    used = processor_time(server.pid) - used
    await client.shutdown_async(None)
    client.exit(None)
    stop: Any = client.stop
    await stop()
    return Typed(times, first, counts, used / len(times))


def main() -> None:
    """Type, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, help="a file of a project that has a cutover.toml")
    parser.add_argument("--root", type=Path, help="the project's folder")
    parser.add_argument("--line", type=int, default=1, help="the line to type at, from 1")
    parser.add_argument("--pace", type=float, default=0.05, help="seconds from keystroke to keystroke")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.file is None:
            root = Path(folder).resolve()
            file, line = made_up(root)
        else:
            root, file, line = (given.root or Path.cwd()).resolve(), given.file.resolve(), given.line - 1
        length = file.read_text(encoding="utf-8").count("\n")
        found = asyncio.run(typed(root, file, line, given.pace))
    ordered = sorted(1000 * one for one in found.times)
    shown = f"{min(found.counts)} to {max(found.counts)} diagnostics"
    print(f"{file.name}: {length:,} lines, {len(found.times)} keystrokes, {shown}")
    print(f"opened: {1000 * found.first:.0f} ms until the first answer")
    at95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"median {statistics.median(ordered):.1f} ms, 95% {at95:.1f} ms, longest {ordered[-1]:.1f} ms")
    print(f"processor time of the server: {1000 * found.processor:.1f} ms for a keystroke")


if __name__ == "__main__":
    main()
