"""An edit is made only if every rewritten name leads to a definition in the new text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from folders import lay

from hardcut.api.inputs import plans_of
from hardcut.engine.session import Session
from hardcut.finding import Unfixed
from hardcut.fix.edit import Claim, ClaimKind, Edit, PlannedEdit, applied, new_places, overlapping
from hardcut.fix.verification import broken
from hardcut.integrations.cli.main import main
from hardcut.source.facts import Facts
from hardcut.source.python.read import read_python

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.core"
to = "shop._core"

[[wave.delete]]
module = "shop.old"
to = "elsewhere.new"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money", "Circle", "Checked"]
"""
PACKAGE = "def __getattr__(name): ...\n"
FILES = {
    "cutover.toml": MANIFEST,
    "src/shop/__init__.py": f"from .core import generic\n{PACKAGE}",
    "src/shop/_core/__init__.py": (
        "from .numeric import *\nfrom ._compiled import *\nfrom . import numeric\n"
        '__all__ = ["listed"]\n'
        '_LAZY = {"lazy": "shop._core.numeric:ones", "dangling": "shop._core.numeric:nothing"}\n'
        "def __getattr__(name): return getattr(import_module(_LAZY[name]), name)\n"
        "generic = 1\nwith open('x') as handle: ...\n"
    ),
    "src/shop/_core/numeric.py": "ones = 1\n_hidden = 2\n",
    "src/shop/_core/starred.py": "from .numeric import *\n",
    "src/shop/_core/named.py": '__all__ = ["a"]\na = b = 1\n',
    "src/shop/_core/limited.py": "from .named import *\n",
    "src/shop/_core/extended.py": "__all__ = []\ndef extend(module): __all__.append(1)\nc = _d = 1\n",
    "src/shop/_core/open.py": "from .extended import *\n",
    "src/shop/prices.py": "",
    "src/shop/money.py": (
        "from typing import TYPE_CHECKING\n"
        "from shop.circle import Circle\n"
        "class Money: ...\n"
        "if TYPE_CHECKING:\n    from shop._core.numeric import ones as Checked\n"
    ),
    "src/shop/circle.py": "from shop.prices import Circle\n",
}
CASES: dict[str, tuple[str, str | Unfixed]] = {
    "a name": ("from shop.core import generic", "from shop._core import generic"),
    "a name bound by `with`": ("from shop.core import handle", "from shop._core import handle"),
    "a submodule": ("from shop.core import numeric", "from shop._core import numeric"),
    "a name of a submodule": ("from shop.core.numeric import ones", "from shop._core.numeric import ones"),
    "an import of a submodule": ("import shop.core.numeric as n", "import shop._core.numeric as n"),
    "the package's own name": ("from shop import core", "from shop import _core as core"),
    "a star import": ("from shop.core.starred import ones", "from shop._core.starred import ones"),
    "a name in `__all__`": ("from shop.core import listed", "from shop._core import listed"),
    "a row of a lazy table": ("from shop.core import lazy", "from shop._core import lazy"),
    "an attribute that is there": (
        "import shop.core.numeric as n\nn.ones",
        "import shop._core.numeric as n\nn.ones",
    ),
    "a package of somebody else": ("from shop.old import x", "from elsewhere.new import x"),
    "any name of `__getattr__`": ("from shop.core import anything", Unfixed.UNCERTAIN),
    "a row that leads nowhere": ("from shop.core import dangling", Unfixed.NOT_DEFINED),
    "an attribute of `__getattr__`": ("import shop.core as c\nc.anything", Unfixed.UNCERTAIN),
    "an attribute that is not there": ("import shop.core.numeric as n\nn.twos", Unfixed.NOT_DEFINED),
    "a name that is not there": ("from shop.core.numeric import twos", Unfixed.NOT_DEFINED),
    "a name that `__all__` may have": ("from shop.core.open import c", "from shop._core.open import c"),
    "a private name that `__all__` may have": ("from shop.core.open import _d", Unfixed.NOT_DEFINED),
    "a private name of a star import": ("from shop.core.starred import _hidden", Unfixed.NOT_DEFINED),
    "a name that `__all__` leaves out": ("from shop.core.limited import b", Unfixed.NOT_DEFINED),
    "one of two that is not there": ("from shop.core.numeric import ones, twos", Unfixed.NOT_DEFINED),
    "a module that is not there": ("from shop.core.gone import x", Unfixed.UNCERTAIN),
    "a name for type checkers alone": ("from shop.prices import Checked", Unfixed.NOT_DEFINED),
    "a string, though `__getattr__` may know the old name": (
        'x = "shop.core.generic"',
        'x = "shop._core.generic"',
    ),
    "a string that names what only `__getattr__` knows": ('x = "shop.core.anything"', Unfixed.UNCERTAIN),
    "a caught import": (
        "try:\n    from shop.core import generic\nexcept ImportError: ...",
        Unfixed.CAUGHT_IMPORT,
    ),
    "a whole name": ("import shop.core\nshop.core.generic", Unfixed.PLAIN_IMPORT),
    "a star": ("from shop.core import *", Unfixed.STAR_IMPORT),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[Unfixed]]]:
    """The folder after one run over all cases, and why findings of each file were left."""
    root = lay(tmp_path_factory.mktemp("verified"), FILES)
    lay(root, {f"src/case_{number}.py": f"{source}\n" for number, (source, _) in enumerate(CASES.values())})
    main(["fix", "--root", str(root)])
    run = root / "report.json"
    main(["check", "--root", str(root), "--format", "json", "--output-file", str(run)])
    reasons: dict[str, set[Unfixed]] = {}
    for finding in json.loads(run.read_text())["findings"]:
        reasons.setdefault(finding["path"], set()).add(Unfixed(finding["unfixed"]))
    return root, reasons


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)))
def test_a_name_leads_to_a_definition(
    outcome: tuple[Path, dict[str, set[Unfixed]]], number: int, case: str
) -> None:
    root, reasons = outcome
    source, wanted = CASES[case]
    name = f"src/case_{number}.py"
    text = (root / name).read_text()
    if isinstance(wanted, Unfixed):
        assert text == f"{source}\n"
        assert wanted in reasons[name]
    else:
        assert text == f"{wanted}\n"
        assert name not in reasons


def test_the_re_export_is_fixed_and_its_users_stay(tmp_path: Path) -> None:
    use = "from shop import generic\nfrom shop import generic as other\n"
    root = lay(tmp_path, {**FILES, "src/use.py": use})
    main(["fix", "--root", str(root)])
    assert (root / "src/use.py").read_text() == use
    assert (root / "src/shop/__init__.py").read_text() == f"from ._core import generic\n{PACKAGE}"


def test_no_edit_makes_a_name_lead_to_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new home imports the name from a module that imports it from the old home."""
    root = lay(tmp_path, {**FILES, "src/shop/prices.py": "class Circle: ...\n"})
    main(["fix", "--root", str(root)])
    assert (root / "src/shop/circle.py").read_text() == FILES["src/shop/circle.py"]
    line = "src/shop/circle.py:1:25: CUT204 left: shop.prices.Circle: "
    assert f"{line}{Unfixed.CIRCULAR.sentence}\n" in capsys.readouterr().out


def test_edits_that_need_each_other_are_made_together(tmp_path: Path) -> None:
    """The new home imports the name by an old path too, which the same run fixes."""
    files = {
        **FILES,
        "src/shop/_core/facade.py": "from shop.core.numeric import ones\n",
        "src/use.py": "from shop.core.facade import ones\n",
    }
    root = lay(tmp_path, files)
    main(["fix", "--root", str(root)])
    assert (root / "src/shop/_core/facade.py").read_text() == "from shop._core.numeric import ones\n"
    assert (root / "src/use.py").read_text() == "from shop._core.facade import ones\n"


PACKAGE_IMPORTS = {
    "from . import old as _o": "from . import _core as _o",
    "import shop.old as _o": "import shop._core as _o",
    "def f():\n    from . import old": "def f():\n    from . import _core as old",
    # The old path would be back, as an attribute of the package.
    "from . import old": Unfixed.DECISION,
    "import shop.old as old": Unfixed.DECISION,
}


@pytest.mark.parametrize("source", PACKAGE_IMPORTS)
def test_a_package_imports_its_own_submodule(tmp_path: Path, source: str) -> None:
    wanted = PACKAGE_IMPORTS[source]
    manifest = MANIFEST.replace("elsewhere.new", "shop._core")
    root = lay(tmp_path, {**FILES, "cutover.toml": manifest, "src/shop/__init__.py": f"{source}\n"})
    main(["fix", "--root", str(root), "--format", "json"])
    text = (root / "src/shop/__init__.py").read_text()
    assert text == f"{source if isinstance(wanted, Unfixed) else wanted}\n"
    if isinstance(wanted, Unfixed):
        assert reasons_of(root, "src/shop/__init__.py") == {wanted}


def reasons_of(root: Path, name: str) -> set[Unfixed]:
    """Why the findings of a file are left."""
    session = Session(plans_of((), str(root)), str(root), cache=False)
    return {finding.unfixed for finding in session.check(name) if finding.unfixed is not None}


CONTRADICTING = """\
[plan]
name = "other"
source = ["src"]
check = ["src"]

[[wave]]
id = "1"
state = "landed"

[[wave.delete]]
module = "shop.core"
to = "shop.money"

[[wave.move]]
from = "shop.prices"
to = "shop._core"
symbols = ["Money"]
"""


def test_plans_that_name_different_homes(tmp_path: Path) -> None:
    use = 'import shop.core as c\nfrom shop.prices import Money\nX = "shop.core"\nY = "shop.prices.Money"\n'
    core = "class Money: ...\n"
    root = lay(tmp_path, {**FILES, "src/shop/_core/__init__.py": core, "src/use.py": use})
    (root / "other.toml").write_text(CONTRADICTING)
    plans = [part for name in ("cutover.toml", "other.toml") for part in ("--plan", str(root / name))]
    run = root / "report.json"
    main(["fix", "--root", str(root), *plans])
    assert (root / "src/use.py").read_text() == use
    main(["check", "--root", str(root), *plans, "--format", "json", "--output-file", str(run)])
    findings = [
        finding for finding in json.loads(run.read_text())["findings"] if finding["path"] == "src/use.py"
    ]
    assert {finding["line"] for finding in findings} == {1, 2, 3, 4}
    assert {finding["unfixed"] for finding in findings} == {Unfixed.SEVERAL_HOMES.value}


def facts(lines: Sequence[str]) -> Facts:
    return read_python("a.py", "\n".join(lines).encode(), frozenset({"new", "x"}))


def planned(line: int, start: int, end: int, text: str, *claims: Claim) -> PlannedEdit:
    return PlannedEdit(Edit(line, start, line, end, text, "title"), claims)


IMPORT = Claim(ClaimKind.IMPORT, 1, 17, "old.x", "new.x", "new.x")
STRING = Claim(ClaimKind.STRING, 2, 6, "old.x", "new.x", "new.x")
LINES = ["from old import x", 'f = "old.x"', "import other"]


@pytest.mark.parametrize(
    ("plans", "wanted"),
    [
        ([planned(1, 6, 9, "new", IMPORT), planned(2, 6, 11, "new.x", STRING)], {}),
        # Each edit whose text is not what it claims is dropped; the others stay.
        ([planned(1, 6, 9, "newer", IMPORT), planned(2, 6, 11, "new.x", STRING)], {0: Unfixed.UNRESOLVED}),
        ([planned(1, 6, 9, "new", IMPORT), planned(2, 6, 11, "new.y", STRING)], {1: Unfixed.UNRESOLVED}),
        # A claim about a place at which no such name is imported.
        ([planned(3, 8, 13, "new", IMPORT)], {0: Unfixed.UNRESOLVED}),
        # An edit that claims nothing, and changes an import.
        ([planned(3, 8, 13, "another")], {0: Unfixed.UNRESOLVED}),
        # A text that is no Python any more.
        ([planned(1, 6, 9, "new (", IMPORT)], {0: Unfixed.UNRESOLVED}),
    ],
)
def test_the_new_text_does_what_edits_claim(plans: list[PlannedEdit], wanted: dict[int, Unfixed]) -> None:
    found = broken(plans, LINES, facts(LINES), facts)
    assert found == {plans[number]: reason for number, reason in wanted.items()}


def test_failing_edits_are_found_in_few_readings() -> None:
    lines = [f"from old import x as x{number}" for number in range(300)]
    plans = [
        planned(at, 6, 9, "gone" if at in (17, 230) else "new", msgspec.structs.replace(IMPORT, line=at))
        for at in range(1, 301)
    ]
    read: list[int] = []

    def counted(new: Sequence[str]) -> Facts:
        read.append(len(new))
        return facts(new)

    found = broken(plans, lines, facts(lines), counted)
    assert found == {plans[16]: Unfixed.UNRESOLVED, plans[229]: Unfixed.UNRESOLVED}
    assert len(read) < 40
    # Where nearly all fail, the file is left rather than read over and over.
    every = [planned(at, 6, 9, "gone", plan.claims[0]) for at, plan in enumerate(plans, 1)]
    read.clear()
    assert set(broken(every, lines, facts(lines), counted)) == set(every)
    assert len(read) < 80


def test_two_edits_that_are_right_alone_may_be_wrong_together() -> None:
    lines = ["from old import x", "y = 1", "z = 2"]
    opened, closed = planned(2, 1, 1, "a = 1 # "), planned(3, 1, 1, "b = 1 # ")

    def read(new: Sequence[str]) -> Facts:
        both = new[1].startswith("a") and new[2].startswith("b")
        return facts(["import other"] if both else lines)

    assert broken([opened, closed], lines, facts(lines), read) == {
        opened: Unfixed.CONFLICT,
        closed: Unfixed.CONFLICT,
    }


def test_an_editor_is_offered_no_edit_that_is_dropped(tmp_path: Path) -> None:
    root = lay(tmp_path, {**FILES, "src/shop/prices.py": "class Circle: ...\n"})
    session = Session(plans_of((), str(root)), str(root), cache=False)
    source = FILES["src/shop/circle.py"].encode()
    for findings in (
        session.check("src/shop/circle.py"),
        session.excerpt("src/shop/circle.py", source, source),
    ):
        (moved,) = [finding for finding in findings if finding.code == "CUT204"]
        assert (moved.fix, moved.unfixed) == (None, Unfixed.CIRCULAR)
    source = b"from shop.core import generic\n"
    for findings in (session.check("src/use.py", source), session.excerpt("src/use.py", source, source)):
        (finding,) = findings
        assert (finding.fix, finding.unfixed) == ({"shop.core.generic": "shop._core.generic"}, None)


def test_places_after_edits() -> None:
    lines = ["aa bb cc", "dd ee", "ff"]
    edits = [
        Edit(1, 1, 1, 3, "x", ""),
        Edit(1, 4, 1, 6, "long\nlines", ""),
        Edit(1, 7, 1, 9, "y", ""),
        Edit(2, 4, 3, 1, "z", ""),
        Edit(3, 2, 3, 3, "w", ""),
    ]
    new = applied(lines, edits)
    assert new == ["x long", "lines y", "dd zfw"]
    for edit, (line, column) in new_places(edits).items():
        assert "\n".join([new[line - 1][column - 1 :], *new[line:]]).startswith(edit.text)


def test_the_later_of_two_overlapping_edits_is_dropped() -> None:
    first, inside, after = (Edit(1, 1, 1, 9, "", ""), Edit(1, 4, 1, 6, "", ""), Edit(1, 9, 1, 9, "", ""))
    assert overlapping([after, inside, first, first]) == {inside}
