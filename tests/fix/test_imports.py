"""Import statements of every layout: what they bind stays bound, and comes from the new homes."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.finding import Declared, Finding, Place
from hardcut.fix.edit import applied
from hardcut.fix.planning import edits

OLD = "shop.prices"
NAMES = ["Money", "RATES", "tax", "price", "cost"]
NEW = ["shop.money.Money", "shop.money.RATES", "shop.taxes.vat.tax", "other.price", "shop.money.Renamed"]

spaces = st.sampled_from(["", " ", "  ", "\t"])
breaks = st.sampled_from(["", "", " ", "\n", "\n    ", "  # why\n    ", "\n    # more, from here: x\n\t"])
aliases = st.sampled_from(["", "", " as other", " as  it"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    """`from shop.prices import ...` on one line, with backslashes, or in parentheses."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    items = [name + draw(aliases) for name in names]
    form = draw(st.sampled_from(["plain", "backslash", "parentheses"]))
    head = f"from {draw(spaces)}{OLD} import "
    if form == "plain":
        return head + f"{draw(spaces)},{draw(spaces)}".join(items)
    if form == "backslash":
        return head + ", \\\n  ".join(items)
    inner = "".join(f"{draw(breaks)}{item}{draw(spaces)},{draw(breaks)}" for item in items[:-1])
    last = f"{draw(breaks)}{items[-1]}{draw(st.sampled_from(['', ',', ' ,']))}{draw(breaks)}"
    return f"{head}({inner}{last})"


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A statement in its surroundings."""
    lines = draw(st.lists(statements(), min_size=1, max_size=2))
    before = draw(st.sampled_from(["", "x = 1\n", '"""from shop.prices import x"""\n', "x = '; from a'; "]))
    after = draw(st.sampled_from(["", "\n", "  # noqa: F401\n", " ; y = 2\n", "  # so\nz = 3\n"]))
    text = before + f"{draw(st.sampled_from([';', chr(10)]))} ".rstrip(" ").join(lines) + after
    block = draw(st.sampled_from(["", "if x: ", "def f():\n    ", "class C:\n\tdef f(self):\n\t\t"]))
    if block.endswith(": "):
        return block + text if not before.endswith("\n") and "\n" not in after[:-1] else text
    indent = block.rpartition("\n")[2]
    return block + text.replace("\n", f"\n{indent}").rstrip(" \t") if block else text


def imported(text: str) -> Counter[tuple[str, str]]:
    """What is bound by the imports of a text, and to which path."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    return Counter(
        (name.asname or name.name, f"{node.module}.{name.name}") for node in found for name in node.names
    )


def imported_by(found: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((one.form, one.subject) for one in found)


def comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return Counter(part for comment in found for part in re.split(r" +(?=#)", comment))


def findings(text: str, moves: dict[str, str]) -> list[Finding]:
    """One for each name that has moved, as the rule makes them; its form is the name that is bound."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    names = [
        name for node in found for name in node.names if node.module == OLD and f"{OLD}.{name.name}" in moves
    ]
    return [
        Finding(
            rule="moved-symbol-old-home",
            code="CUT204",
            plan="shop",
            wave="0",
            state="landed",
            severity="error",
            place=Place(
                *("a.py", name.lineno, name.col_offset + 1, name.lineno),
                name.col_offset + 1 + len(name.name),
            ),
            subject=f"{OLD}.{name.name}",
            form=name.asname or name.name,
            message="",
            help="",
            declared=Declared("cutover.toml", 1),
            fix={f"{OLD}.{name.name}": moves[f"{OLD}.{name.name}"]},
        )
        for name in names
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modules(), st.sets(st.integers(0, len(NAMES) - 1), min_size=1))
def test_what_is_bound_stays_bound(text: str, chosen: set[int]) -> None:
    try:
        before = imported(text)
    except SyntaxError:
        return
    moves = {f"{OLD}.{NAMES[index]}": NEW[index] for index in chosen}
    found = findings(text, moves)
    lines = text.split("\n")
    changes = edits(found, lines)
    after = "\n".join(applied(lines, [one for one in changes if one is not None]))
    wanted = before - imported_by(found)
    for one, change in zip(found, changes, strict=True):
        wanted[one.form, one.subject if change is None else moves[one.subject]] += 1
    assert imported(after) == wanted
    left = None in changes
    assert not comments(text) - comments(after)
    again = findings(after, moves)
    assert not any(edits(again, after.split("\n")))
    if not left:
        assert not again
    else:
        assert "#" in text and ("; " in text or ";" in text or "if x" in text)
