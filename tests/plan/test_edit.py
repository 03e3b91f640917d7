"""An edit of a manifest changes what it is to change, and no other byte."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import load_plan

from hardcut.finding import State
from hardcut.plan.edit import with_revive, with_state
from hardcut.plan.errors import ManifestError, describe
from hardcut.plan.starter import toml_string

RELAXED = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "datafusion_engine" / "cutover.toml"
HEAD = '[plan]\nname = "x"\n\n'
STATES: tuple[State, ...] = ("planned", "active", "landed")


def edited(folder: Path, text: str, wave: str, state: State = "active", name: str = "cutover.toml") -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return with_state(load_plan(path), wave, state).decode()


def refused(folder: Path, text: str, wave: str, state: State = "active") -> str:
    with pytest.raises(ManifestError) as caught:
        edited(folder, text, wave, state)
    return describe(caught.value.problems[0])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[[wave]]\nid = "0"  # the first\nstate = "planned"   # so far\n',
            '[[wave]]\nid = "0"  # the first\nstate = "active"   # so far\n',
        ),
        ("[[wave]]\nid = '0'\nstate = 'planned'", "[[wave]]\nid = '0'\nstate = 'active'"),
        ('[[wave]]\nstate="""planned"""\nid="0"\n', '[[wave]]\nstate="active"\nid="0"\n'),
        (
            '[[wave]]\n"st\\u0061te" = "pl\\u0061nned"\nid="0"\n',
            '[[wave]]\n"st\\u0061te" = "active"\nid="0"\n',
        ),
        ('[[wave]]\nid = "0"\n# about it\n', '[[wave]]\nid = "0"\nstate = "active"\n# about it\n'),
        ('[[wave]]\nid = "0"', '[[wave]]\nid = "0"\nstate = "active"\n'),
        (
            '[[wave]]\n  id = "0"\n  title = "t"\n\n# it\n[[wave.delete]]\nmodule = "a.b"\n',
            '[[wave]]\n  id = "0"\n  title = "t"\n  state = "active"\n\n# it\n[[wave.delete]]\n'
            'module = "a.b"\n',
        ),
        (
            '[[wave]]\nid = "0"\ntitle = """two\nlines"""\n',
            '[[wave]]\nid = "0"\nstate = "active"\ntitle = """two\nlines"""\n',
        ),
        ('wave = [{ id = "0" }, { id = "1" }]\n', 'wave = [{ state = "active", id = "0" }, { id = "1" }]\n'),
        (
            'wave = [\n  { id = "1" }, # one\n  { state = "planned", id = "0" },\n]\n',
            'wave = [\n  { id = "1" }, # one\n  { state = "active", id = "0" },\n]\n',
        ),
    ],
)
def test_state_is_put_where_it_belongs(tmp_path: Path, before: str, after: str) -> None:
    front, back = ("", "\n" + HEAD) if before.startswith("wave") else (HEAD, "")
    assert edited(tmp_path, front + before + back, "0") == front + after + back


def test_windows_lines_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    text = '\ufeff[plan]\r\nname = "x"\r\n[[wave]]\r\nid = "ö"\r\n\r\n[[wave.keep]]\r\nfiles = ["a"]\r\n'
    assert edited(tmp_path, text, "ö") == text.replace('"ö"\r\n', '"ö"\r\nstate = "active"\r\n')


def test_plan_in_pyproject(tmp_path: Path) -> None:
    text = (
        '[project]\nname = "p"\n[tool.hardcut.plan]\nname = "x"\n[[tool.hardcut.wave]]\nid = "0"\n'
        '[tool.ruff]\nx = 99\n[[tool.hardcut.wave]]\nid = "1"\nstate = "planned"\n[other]\nx = nan\n'
    )
    assert edited(tmp_path, text, "1", name="pyproject.toml") == text.replace('"planned"', '"active"')
    assert edited(tmp_path, text, "0", name="pyproject.toml") == text.replace(
        'id = "0"\n', 'id = "0"\nstate = "active"\n'
    )


def test_dates_without_quotes_are_no_difference(tmp_path: Path) -> None:
    text = (
        f'{HEAD}[[waiver]]\nrule = "CUT101"\npath = "a"\nreason = "r"\nuntil = 2030-01-01\n[[wave]]\nid="0"\n'
    )
    assert edited(tmp_path, text, "0") == text + 'state = "active"\n'


def test_tables_that_take_turns_keep_their_order() -> None:
    plan = load_plan(EXAMPLE)
    before = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for wave in plan.manifest.wave:
        after = with_state(plan, wave.id, "active").decode().splitlines()
        added = [line for line in after if line == 'state = "active"']
        assert len(added) == 1
        assert [line for line in after if line != 'state = "active"'] == before


def test_invalid_result_is_refused(tmp_path: Path) -> None:
    text = HEAD + '[[wave]]\nid = "0"\n[[wave]]\nid = "1"\nrequires = ["0"]\n'
    assert 'wave "1" is landed, but requires wave "0"' in refused(tmp_path, text, "1", "landed")


def test_changed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cutover.toml"
    path.write_text(HEAD + '[[wave]]\nid = "0"\n', encoding="utf-8")
    plan = load_plan(path)
    path.write_text(HEAD + '[[wave]]\nid = "0"\n# more\n', encoding="utf-8")
    for edit in (lambda: with_state(plan, "0", "landed"), lambda: with_revive(plan, "a", "b")):
        with pytest.raises(ManifestError, match="run it again"):
            edit()


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
def test_revive_is_added_at_the_end(tmp_path: Path, end: str) -> None:
    path = tmp_path / "cutover.toml"
    text = HEAD.replace("\n", "\r\n" if end == "\r\n" else "\n") + '[[wave]]\nid = "0"'
    path.write_bytes((text + end).encode())
    data = with_revive(load_plan(path), "a.b", 'a "quoted"\nreason \x7f')
    assert data.startswith((text + end).encode())
    loaded = tomllib.loads(data.decode())
    assert loaded["revive"] == [{"module": "a.b", "reason": 'a "quoted"\nreason \x7f'}]
    assert b"\n\n[[revive]]\n" in data.replace(b"\r\n", b"\n")


def test_revives_in_braces_are_left_to_people(tmp_path: Path) -> None:
    path = tmp_path / "cutover.toml"
    path.write_text('revive = [{ module = "a", reason = "b" }]\n' + HEAD, encoding="utf-8")
    with pytest.raises(ManifestError, match="by hand"):
        with_revive(load_plan(path), "c", "d")


WAYS = st.sampled_from(["planned", "active", None])
COMMENTS = st.sampled_from(["", "# a comment\n", "\n\n", '# é 💥 "x" = [\n', "\t\n"])
TITLES = st.one_of(
    st.none(), st.text(max_size=6).map("t{}".format), st.just("[[wave]]"), st.just('state = "planned"')
)
TABLES = st.sampled_from(
    [
        '[[wave.delete]]\nmodule = "a.b{0}"\n',
        '[[wave.keep]]\nfiles = ["x",\n  "y", # two\n]\n',
        "[[wave.absent]]\npaths = ['z']\nreason = '''\nstate = \"planned\"\n'''\n",
    ]
)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[str, int]:
    """A manifest's text with some waves, and how many; tables take turns, lines end either way."""
    count = draw(st.integers(1, 4))
    parts = [draw(COMMENTS) + HEAD]
    for order in range(count):
        state, title = draw(WAYS), draw(TITLES)
        keys = [f'id = "{order}"{draw(st.sampled_from(["", "  # id"]))}\n']
        if title is not None:
            clean = title.encode("utf-8", "replace").decode()
            keys.append(f"title = {toml_string(clean)}\n")
        if state is not None:
            quote = draw(st.sampled_from("'\""))
            keys.append(f"state = {quote}{state}{quote}{draw(st.sampled_from(['', ' # why']))}\n")
        parts += [draw(COMMENTS), "[[wave]]\n", *draw(st.permutations(keys)), draw(COMMENTS)]
        for at, table in enumerate(draw(st.lists(TABLES, max_size=3))):
            parts += [table.replace("{0}", f"{order}{at}"), draw(COMMENTS)]
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "\ufeff"])) + text, count


@RELAXED
@given(manifests(), st.data())
def test_edit_changes_only_the_state(tmp_path: Path, manifest: tuple[str, int], data: st.DataObject) -> None:
    text, count = manifest
    index, state = data.draw(st.integers(0, count - 1)), data.draw(st.sampled_from(STATES))
    result = edited(tmp_path, text, str(index), state)
    wanted: dict[str, Any] = copy.deepcopy(tomllib.loads(text.removeprefix("\ufeff")))
    wanted["wave"][index]["state"] = state
    assert tomllib.loads(result.removeprefix("\ufeff")) == wanted
    before, after = text.split("\n"), result.split("\n")
    if len(after) == len(before):
        assert sum(old != new for old, new in zip(before, after, strict=True)) <= 1
    else:
        at = next(at for at, line in enumerate(after) if at >= len(before) or line != before[at])
        assert after[at].rstrip("\r") == f'state = "{state}"'
        assert after[:at] + after[at + 1 :] == before
