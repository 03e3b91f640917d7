"""What a manifest says that cannot hold together, and the look-alikes that can."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Contradictions = Callable[[str], list[str]]


def waves(*gates: str) -> str:
    """Waves from texts such as `keep module=a symbols=f,g; remove ...`: a gate a `;`, one key a line.

    Wave n of them has the id n, from 0; its header is on line 3 for the first.
    """
    text = ""
    for order, wave in enumerate(gates):
        text += f'[[wave]]\nid = "{order}"\n'
        for gate in filter(None, wave.split("; ")):
            kind, *keys = gate.split(" ")
            text += f"[[wave.{kind}]]\n"
            for key in keys:
                name, _, value = key.partition("=")
                shown = (
                    str(value.split(",")).replace("'", '"') if name in LISTS or "," in value else f'"{value}"'
                )
                text += f"{name} = {value if value.isdigit() or value == 'true' else shown}\n"
    return text


LISTS = {"symbols", "files", "banned", "paths", "must_mention", "names"}

CASES = [
    (
        "a kept name is removed",
        ["keep module=a symbols=e,f", "remove module=a symbols=f"],
        ['7:17: wave.keep.symbols: "f" of a is kept here, but wave "1" removes it (line 12)'],
    ),
    (
        "a member of a removed class is kept",
        ["remove module=a symbols=C; keep module=a symbols=C.run"],
        ['10:12: wave.keep.symbols: "C.run" of a is kept here, but wave "0" removes "C" (line 7)'],
    ),
    (
        "a kept name is removed from where it moves",
        ["keep module=a symbols=f; move from=a to=b", "remove module=b symbols=f"],
        [
            '7:12: wave.keep.symbols: "f" of a is kept here, '
            'but wave "1" removes it from b, where it moves (line 15)'
        ],
    ),
    (
        "a removed name is kept where its module moves",
        ["remove module=a symbols=f; move from=a to=b,c; keep module=c symbols=f"],
        [
            '13:12: wave.keep.symbols: "f" is kept here in c, where a moves, '
            'but wave "0" removes it from a (line 7)'
        ],
    ),
    (
        "a kept name's home is deleted",
        ["keep module=a.b symbols=f,g", "delete module=a"],
        ['6:10: wave.keep.module: "f" and "g" of a.b must stay, but wave "1" deletes a (line 10)'],
    ),
    (
        "only some kept names of a deleted home move on",
        ["keep module=a symbols=f,g; move from=a to=b symbols=g; delete module=a"],
        ['6:10: wave.keep.module: "f" of a must stay, but wave "0" deletes a (line 12)'],
    ),
    (
        "a kept file is in a deleted package",
        ["delete module=a.b; keep files=x.txt,a/b/data/x.json"],
        ['8:19: wave.keep.files: "a/b/data/x.json" is kept here, but wave "0" deletes a.b (line 5)'],
    ),
    (
        "a kept file is the deleted module",
        ["delete module=a.b; keep files=a/b.pyi"],
        ['8:10: wave.keep.files: "a/b.pyi" is kept here, but wave "0" deletes a.b (line 5)'],
    ),
    (
        "a kept file is the package that becomes a module",
        ["delete module=a.b submodules_only=true; keep files=a/b/__init__.py"],
        ['9:10: wave.keep.files: "a/b/__init__.py" is kept here, but wave "0" deletes a.b (line 5)'],
    ),
    (
        "a kept file must be absent",
        ["keep files=a/b.txt", "absent paths=./a/b.txt"],
        ['6:10: wave.keep.files: "a/b.txt" is kept here, but wave "1" wants it absent (line 10)'],
    ),
    (
        "a kept file is in a folder that must be absent",
        ["keep files=a/b/c.txt; absent paths=x,a/"],
        ['6:10: wave.keep.files: "a/b/c.txt" is kept here, but wave "0" wants it absent (line 8)'],
    ),
    (
        "a new home is deleted in the same wave",
        ["move from=a to=b.c symbols=f; delete module=b"],
        ['7:6: wave.move.to: b.c is the new home here, but wave "0" deletes b (line 9)'],
    ),
    (
        "one new home of several is deleted",
        ["move from=a to=b,c; delete module=c"],
        ['7:12: wave.move.to: c is the new home here, but wave "0" deletes c (line 8)'],
    ),
    (
        "a new home is deleted later, and nothing leads on",
        ["move from=a to=b symbols=f", "delete module=b"],
        ['7:6: wave.move.to: b is the new home here, but wave "1" deletes b (line 11)'],
    ),
    (
        "a new home is deleted later, and another name leads on",
        ["move from=a to=b symbols=f", "delete module=b; move from=b to=c symbols=g"],
        ['7:6: wave.move.to: b is the new home here, but wave "1" deletes b (line 11)'],
    ),
    (
        "a deletion's own way out is deleted with it",
        ["delete module=a to=a.new"],
        ['7:6: wave.delete.to: a.new is the new home here, but wave "0" deletes a (line 5)'],
    ),
    ("a move to where it is", ["move from=a to=a"], ["7:6: wave.move.to: a is the old home and a new one"]),
    (
        "a move also to where it is",
        ["move from=a to=b,a"],
        ["7:6: wave.move.to: a is the old home and a new one"],
    ),
    (
        "a move there and back",
        ["move from=a to=b symbols=f", "move from=b to=a symbols=g,f"],
        [
            '14:17: wave.move.symbols: "f" moves from b to a here, '
            'but wave "0" moves it the other way (line 8)'
        ],
    ),
    (
        "one name moves to two homes",
        ["move from=a to=b symbols=f; move from=a to=c symbols=e,f"],
        ['12:17: wave.move.symbols: "f" of a moves to c here, but wave "0" moves it to b (line 8)'],
    ),
    (
        "one module moves to two homes",
        ["move from=a to=b", "move from=a to=c"],
        ['11:8: wave.move.from: a moves to c here, but wave "0" moves it to b (line 6)'],
    ),
    (
        "a name moves and is removed",
        ["move from=a to=b symbols=f", "remove module=a symbols=f"],
        ['8:12: wave.move.symbols: "f" moves from a here, but wave "1" removes it from a (line 13)'],
    ),
    (
        "a name moves to where it is removed",
        ["move from=a to=b symbols=f; remove module=b symbols=f"],
        ['8:12: wave.move.symbols: "f" moves from a here, but wave "0" removes it from b (line 11)'],
    ),
    (
        "the one allowed module is deleted",
        ["surface only=a.b banned=c", "delete module=a"],
        ['6:8: wave.surface.only: a.b is the one allowed module here, but wave "1" deletes a (line 10)'],
    ),
    (
        "the one allowed module lies in a banned one",
        ["surface only=a.b banned=a"],
        ['6:8: wave.surface.only: a.b is the one allowed module here, but wave "0" bans a (line 7)'],
    ),
    (
        "two surfaces ban each other",
        ["surface only=a banned=b", "surface only=b banned=a"],
        [
            '6:8: wave.surface.only: a is the one allowed module here, but wave "1" bans a (line 12)',
            '11:8: wave.surface.only: b is the one allowed module here, but wave "0" bans b (line 7)',
        ],
    ),
    (
        "a ceiling over a deleted file",
        ["delete module=a.b", "ceiling path=a/b.py max_lines=5"],
        ['10:8: wave.ceiling.path: a/b.py has to be there, but wave "0" deletes a.b (line 5)'],
    ),
    (
        "a ceiling over a deleted folder",
        ["delete module=a.b submodules_only=true; ceiling path=a/b max_lines=5"],
        ['9:8: wave.ceiling.path: a/b has to be there, but wave "0" deletes a.b (line 5)'],
    ),
    (
        "a docstring of a deleted module",
        ["delete module=a; document module=a.b must_mention=x"],
        ['8:10: wave.document.module: a.b has to be there, but wave "0" deletes a (line 5)'],
    ),
    (
        "a delegation in a deleted module",
        ["delete module=a; delegate function=a.b.f to=c"],
        ['8:12: wave.delegate.function: a.b.f has to be there, but wave "0" deletes a (line 5)'],
    ),
    (
        "an entry point of a deleted module",
        ["delete module=a; entrypoint module=a names=f"],
        ['8:10: wave.entrypoint.module: a has to be there, but wave "0" deletes a (line 5)'],
    ),
    (
        "two ceilings that exclude each other",
        ["ceiling path=a.py min_lines=50; ceiling path=./a.py max_lines=40"],
        ['7:13: wave.ceiling.min_lines: at least 50 lines here, but wave "0" allows at most 40 (line 8)'],
    ),
]

FINE = [
    ("another module", ["keep module=a symbols=f; remove module=b symbols=f"]),
    ("another name", ["keep module=a symbols=f; remove module=a symbols=g"]),
    ("a member of a kept class", ["keep module=a symbols=C; remove module=a symbols=C.run"]),
    (
        "removed here, kept in a module of its own",
        ["remove module=a symbols=f; move from=a to=b symbols=g; keep module=b symbols=f"],
    ),
    (
        "kept, moved, and its old home deleted",
        ["keep module=a symbols=f; move from=a to=b symbols=f; delete module=a"],
    ),
    (
        "kept, and its whole module moves away",
        ["keep module=a symbols=f", "move from=a to=b,c; delete module=a"],
    ),
    (
        "kept, and its whole package moves away",
        ["keep module=a.x symbols=C.run; move from=a to=b; delete module=a"],
    ),
    (
        "a module with the start of a deleted one's name",
        ["keep module=ab symbols=f; keep files=ab/x.py; delete module=a"],
    ),
    (
        "a package that stays as a module",
        ["keep module=a.b symbols=f; keep files=a/b.py; delete module=a.b submodules_only=true"],
    ),
    ("a file outside of the import roots", ["keep files=docs/a/x.py; delete module=a"]),
    ("a file beside an absent one", ["keep files=a/b.txt; absent paths=a/b"]),
    (
        "a new home that is deleted later, with a move on",
        ["move from=a to=b symbols=f", "delete module=b; move from=b to=c symbols=f"],
    ),
    (
        "a new home that is deleted later, with its module moving on",
        ["move from=a to=b.x symbols=f", "move from=b to=c", "delete module=b"],
    ),
    (
        "a new home that is deleted later, with a way out",
        ["move from=a to=b symbols=f", "delete module=b to=c"],
    ),
    ("two names to two homes", ["move from=a to=b symbols=f; move from=a to=c symbols=g"]),
    ("one name to one home twice", ["move from=a to=b symbols=f", "move from=a to=b symbols=f"]),
    ("a module to many homes and a name to one", ["move from=a to=b,c; move from=a to=b symbols=f"]),
    ("names the other way round", ["move from=a to=b symbols=f; move from=b to=a symbols=g"]),
    ("a module moves, and a dead name of it goes", ["move from=a to=b; remove module=a symbols=f"]),
    ("moved, and removed later at the new home", ["move from=a to=b symbols=f", "remove module=b symbols=f"]),
    ("one surface of two modules", ["surface only=a banned=b", "surface only=a banned=c"]),
    ("a ceiling until the file goes", ["ceiling path=a.py max_lines=5", "delete module=a"]),
    ("a ceiling over another file", ["ceiling path=ab.py max_lines=5; delete module=a"]),
    ("a delegation until the module goes", ["delegate function=a.f to=x", "delete module=a"]),
    ("ceilings of two waves", ["ceiling path=a.py max_lines=40", "ceiling path=a.py min_lines=50"]),
    ("ceilings that agree", ["ceiling path=a.py max_lines=40; ceiling path=a.py min_lines=40"]),
    ("ceilings of two files", ["ceiling path=a.py max_lines=40; ceiling path=b.py min_lines=50"]),
]


@pytest.mark.parametrize(("gates", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_contradictions(contradictions: Contradictions, gates: list[str], expected: list[str]) -> None:
    assert contradictions(waves(*gates)) == expected


@pytest.mark.parametrize("gates", [case[1] for case in FINE], ids=[case[0] for case in FINE])
def test_no_contradictions(contradictions: Contradictions, gates: list[str]) -> None:
    assert contradictions(waves(*gates)) == []


@pytest.mark.parametrize("gates", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_contested_entries_contradict_nothing(contradictions: Contradictions, gates: list[str]) -> None:
    """The authors know: it is an open decision, whichever of the entries says so."""
    assert contradictions(waves(*gates)) != []
    flat = [(order, gate) for order, wave in enumerate(gates) for gate in wave.split("; ")]
    clear = 0
    for chosen in range(len(flat)):
        marked = ["", ""][: len(gates)]
        for index, (order, gate) in enumerate(flat):
            gate = f"{gate} contested=why" if index == chosen else gate
            marked[order] = "; ".join(filter(None, (marked[order], gate)))
        clear += contradictions(waves(*marked)) == []
    assert clear >= min(2, len(flat))


def test_a_revived_module_is_not_deleted(contradictions: Contradictions) -> None:
    text = waves("delete module=a; keep module=a.b symbols=f; keep files=a/b/x.py,a/c.py")
    assert len(contradictions(text)) == 3
    revived = text + '[[revive]]\nmodule = "a.b"\nreason = "asked for"\n'
    (left,) = contradictions(revived)
    assert '"a/c.py" is kept here' in left


@pytest.mark.parametrize("module", ["a.b", "a.b.c", "a"])
def test_revived_from_the_deleted(contradictions: Contradictions, module: str) -> None:
    revive = f'[[revive]]\nmodule = "{module}"\nreason = "r"\n'
    assert contradictions(waves("delete module=a.b") + revive) == []


@pytest.mark.parametrize("module", ["a.bc", "b", "a.b_"])
def test_revived_though_never_deleted(contradictions: Contradictions, module: str) -> None:
    revive = f'[[revive]]\nmodule = "{module}"\nreason = "r"\n'
    expected = f"8:10: revive.module: {module} comes back here, but no wave deletes it"
    assert contradictions(waves("delete module=a.b") + revive) == [expected]


def test_order_is_that_of_requirements_not_of_the_file(contradictions: Contradictions) -> None:
    ceiling, delete = (
        waves("ceiling path=a.py max_lines=5"),
        '[[wave]]\nid = "1"\n[[wave.delete]]\nmodule = "a"\n',
    )
    assert contradictions(ceiling + delete) == []
    required = ceiling.replace('id = "0"', 'id = "0"\nrequires = ["1"]')
    assert len(contradictions(required + delete)) == 1


def test_import_roots_tell_a_files_module(contradictions: Contradictions) -> None:
    text = waves("delete module=a; keep files=src/a/x.py")
    assert contradictions(text) == []
    (found,) = contradictions('source = ["./src/", "lib"]\n' + text)
    assert '"src/a/x.py" is kept here' in found


def test_many_entries_about_the_same_take_no_time(contradictions: Contradictions) -> None:
    names = ",".join(f"f{number}" for number in range(3000))
    homes = ",".join(f"m{number}" for number in range(3000))
    gates = [f"keep module=a symbols={names}", f"remove module=a symbols={names}", f"move from=a to={homes}"]
    gates += [f"keep module=m{number} symbols=f{number}" for number in range(1000)]
    assert len(contradictions(waves("; ".join(gates)))) >= 3000
