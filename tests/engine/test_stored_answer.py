"""The stored answer of a whole run: right after any event, and used while nothing has changed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from folders import commit, git, lay

import hardcut
from hardcut.engine import answer_inputs, stored_answer
from hardcut.engine.report_data import Report
from hardcut.engine.stored_answer import COARSE, TICK, is_settled, request_of
from hardcut.integrations.cli.main import main
from hardcut.report import formats
from hardcut.report.view import View

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "docs"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave]]
id = "1"
state = "active"

[[wave.remove]]
module = "shop.prices"
symbols = ["old_tax"]
"""
CLEAN, DIRTY = "import shop.new\n", "import shop.old\n"
"""Two contents of one size, of which the second is a finding."""
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/main.py": CLEAN,
    "src/shop/new.py": "from shop.prices import tax\n",
    "src/shop/prices.py": "def tax(): ...\n",
    "docs/index.md": "See `shop.prices`.\n",
}
SETTLE = TICK / 1e9 + 0.015
CHECK = ["check", "--format", "json"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="no answer is stored elsewhere")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(tmp_path / "caches"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    project = lay(tmp_path / "above" / "project", FILES)
    monkeypatch.chdir(project)
    return project


def said(*words: str) -> tuple[int, str, str]:
    """What a command in this process prints, with its exit code first."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words or CHECK)
    return code, out.getvalue(), err.getvalue()


def cold() -> tuple[int, str, str]:
    return said(*CHECK, "--no-cache")


def is_stored(*words: str) -> bool:
    """Whether a request would be answered; asked with the streams that `said` has."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        request = request_of(list(words or CHECK))
        return request is not None and request.stored() is not None


def warmed(*words: str) -> tuple[int, str, str]:
    """What a run prints whose answer is stored from then on."""
    time.sleep(SETTLE)
    answer = said(*words)
    assert is_stored(*words), answer
    return answer


def repository(root: Path) -> Path:
    git(root, "init", "-qb", "main")
    lay(root, {".gitignore": "*.tmp\n"})
    commit(root)
    return root


def restored(path: Path, text: str) -> None:
    """Edit a file and put its time back."""
    was = path.stat()
    path.write_text(text)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def replaced(path: Path, text: str) -> None:
    """Put another file of the same time in the place of one."""
    was = path.stat()
    other = path.with_suffix(".new")
    other.write_text(text)
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)


def linked(path: Path, text: str) -> None:
    target = path.parent / "target.txt"
    target.write_text(text)
    path.unlink()
    path.symlink_to(target)


def branched(root: Path) -> None:
    """A branch of the same sizes, checked out."""
    git(root, "checkout", "-qb", "other")
    commit(root, {"src/shop/main.py": DIRTY})


def rebased(root: Path) -> None:
    """The same work on another start: the base changes, and the findings of active waves with it."""
    git(root, "checkout", "-qb", "topic")
    commit(root, {"src/shop/use.py": "from shop.prices import old_tax\n"})
    git(root, "checkout", "-q", "main")
    commit(root, {"src/shop/more.py": ""})
    git(root, "checkout", "-q", "topic")
    git(root, "rebase", "-q", "main")


EVENTS: dict[str, Callable[[Path], object]] = {
    "an edit of the same size": lambda root: (root / "src/shop/main.py").write_text(DIRTY),
    "an edit with its time put back": lambda root: restored(root / "src/shop/main.py", DIRTY),
    "another file of the same size and time": lambda root: replaced(root / "src/shop/main.py", DIRTY),
    "a link to another file": lambda root: linked(root / "src/shop/main.py", DIRTY),
    "a file that is new": lambda root: (root / "src/shop/late.py").write_text(DIRTY),
    "a folder that is new": lambda root: lay(root, {"src/shop/sub/deep/late.py": DIRTY}),
    "a deleted file": lambda root: (root / "src/shop/new.py").unlink(),
    "a module that comes back": lambda root: (root / "src/shop/old.py").write_text(""),
    "another plan": lambda root: (root / "cutover.toml").write_text(PLAN.replace("landed", "planned")),
    "a plan that is gone": lambda root: (root / "cutover.toml").unlink(),
    "a second plan": lambda root: lay(root, {"pyproject.toml": '[tool.hardcut]\nplans = ["none.toml"]\n'}),
    "a checkout": branched,
    "a rebase": rebased,
    "a commit": lambda root: commit(root, {"src/shop/use.py": "from shop.prices import old_tax\n"}),
    "a rule to ignore": lambda root: (root / ".gitignore").write_text("main.py\n"),
    "a rule to ignore in the repository's own list": lambda root: lay(
        root, {".git/info/exclude": "late.py\n", "src/shop/late.py": DIRTY}
    ),
    "a rule to ignore of the user": lambda root: lay(
        root.parent.parent, {"home/.config/git/ignore": "shop/\n"}
    ),
    "a file that is taken out of the index": lambda root: git(root, "rm", "-q", "--cached", "-r", "src/shop"),
}


@pytest.mark.parametrize("event", EVENTS)
def test_the_answer_after_an_event_is_that_of_a_cold_run(root: Path, event: str) -> None:
    repository(root)
    before = warmed()
    assert before == said() == cold()
    EVENTS[event](root)
    assert said() == cold()


@pytest.mark.parametrize("name", ["cutover.toml", "project/src/cutover.toml", ".gitignore", ".git/HEAD"])
def test_files_outside_of_the_root_count(
    root: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest between the working directory and the root, a repository that is made above, its ignores."""
    monkeypatch.chdir(root / "src")
    monkeypatch.setattr(sys, "path", sys.path[1:])
    (root / "src/shop/main.py").write_text(DIRTY)
    if name == ".gitignore":
        git(root.parent, "init", "-qb", "main")
        commit(root.parent)
        git(root.parent, "rm", "-rq", "--cached", ".")
    before = warmed()
    assert before[0] == 1
    if name == ".git/HEAD":
        git(root.parent, "init", "-q")
        lay(root.parent, {".gitignore": "main.py\n"})
    else:
        lay(root.parent, {name: "main.py\n" if name == ".gitignore" else "no plan"})
    assert said() == cold()
    assert (said() != before) == (name != "cutover.toml")


def random_events(root: Path, rng: random.Random) -> Iterator[str]:
    """Events without end, each done when it is given."""
    python = [*(f"src/shop/{name}.py" for name in ("main", "new", "old", "prices", "late")), "src/extra/a.py"]
    texts = [
        CLEAN,
        DIRTY,
        "from shop.prices import old_tax\n",
        "from shop import new\n",
        "def old_tax(): ...\n",
    ]
    while True:
        path = root / rng.choice(python)
        text = rng.choice(texts)
        kind = rng.choice(
            ["write", "write", "restore", "replace", "delete", "nothing", "ignore", "git", "wait"]
        )
        if kind == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif kind in ("restore", "replace") and path.exists():
            (restored if kind == "restore" else replaced)(path, text)
        elif kind == "delete":
            path.unlink(missing_ok=True)
        elif kind == "ignore":
            (root / rng.choice([".gitignore", "src/.gitignore", ".git/info/exclude"])).write_text(
                rng.choice(["", "main.py\n", "late.py\n!main.py\n", "extra/\n"])
            )
        elif kind == "git":
            rng.choice(
                [
                    lambda: commit(root, {"count.txt": str(rng.random())}),
                    lambda: git(root, "stash", "-q"),
                    lambda: git(root, "checkout", "-qB", rng.choice("ab")),
                    lambda: git(root, "reset", "-q", rng.choice(["--hard", "--soft"]), "HEAD~1"),
                    lambda: git(root, "status"),
                    lambda: git(root, "add", "-A"),
                    lambda: git(root, "update-ref", "refs/heads/main", "HEAD"),
                ]
            )()
        elif kind == "wait":
            time.sleep(SETTLE)
        yield f"{kind} {path.name} {text!r}"


@pytest.mark.parametrize("seed", range(4))
def test_random_events_keep_warm_and_cold_answers_equal(root: Path, seed: int) -> None:
    rng = random.Random(seed)
    repository(root)
    for step in range(3):
        commit(root, {"count.txt": str(step)})
    answered = 0
    done: list[str] = []
    events = random_events(root, rng)
    for _ in range(25):
        with contextlib.suppress(AssertionError):  # git refuses some of what it is asked
            done.append(next(events))
        if rng.random() < 0.5:
            answered += is_stored()
        assert said() == cold(), done
    time.sleep(SETTLE)
    said()
    assert is_stored() and answered + 1


def test_an_edit_while_the_run_goes_on_is_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file was read before it was edited, and its stamp is taken after that."""
    path = root / "src/shop/main.py"
    real = formats.render

    def edited(form: str, report: Report, view: View) -> tuple[str, str]:
        restored(path, DIRTY)
        return real(form, report, view)

    time.sleep(SETTLE)
    with monkeypatch.context() as patch:
        patch.setattr(formats, "render", edited)
        assert said()[0] == 0
    assert not is_stored()
    assert said() == cold() and said()[0] == 1


@pytest.mark.parametrize(
    ("changed", "settled"),
    [
        (-1, False),
        (1, False),
        (TICK - 1, False),
        (TICK + 1, True),
        (-3_600_000_000_000, False),
    ],
)
def test_a_time_is_settled_once_no_edit_can_leave_it_again(changed: int, settled: bool) -> None:
    begun = 1_800_000_000_500_000_000
    assert is_settled(begun - changed, begun) is settled


def test_whole_seconds_settle_later() -> None:
    begun = 1_800_000_000_500_000_000
    whole = begun - begun % 1_000_000_000
    assert not is_settled(whole, begun) and not is_settled(whole - 1_000_000_000, begun)
    assert is_settled(whole - 3_000_000_000, begun)
    assert COARSE > 2_000_000_000  # FAT keeps every second second.


@pytest.mark.parametrize("change", ["clock", "device", "version", "library", "python", "variable", "day"])
def test_what_is_not_in_the_project_counts(
    root: Path, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = lay(tmp_path / "site", {"hardcut/__init__.py": "", "msgspec-1.dist-info/RECORD": ""})
    monkeypatch.setattr(hardcut, "__file__", str(package / "hardcut/__init__.py"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(package)])
    waiver = '\n[[waiver]]\nrule = "CUT101"\npath = "src/shop/main.py"\nreason = "r"\nuntil = "2999-01-01"\n'
    lay(root, {"cutover.toml": PLAN + waiver, "src/shop/main.py": DIRTY})
    warmed()
    if change == "clock":  # Set back to before the last edit: its time is in the future then.
        (root / "src/shop/main.py").write_text(CLEAN)
        now = time.time_ns()
        monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
        assert said() == cold()
        assert not is_stored()
    elif change == "device":
        monkeypatch.setattr(answer_inputs, "_local_devices", set)
        monkeypatch.setattr(answer_inputs, "_device_of_cache", lambda _: set())
        (root / "src/shop/main.py").write_text(CLEAN)
        time.sleep(SETTLE)
        assert said() == cold()
        assert not is_stored()
    else:
        if change == "version":
            (package / "hardcut/__init__.py").write_text("# another\n")
        elif change == "library":
            (package / "msgspec-1.dist-info").rename(package / "msgspec-2.dist-info")
        elif change == "python":
            monkeypatch.setattr(sys, "version", "4.0")
        elif change == "variable":
            monkeypatch.setenv("GITHUB_BASE_REF", "other")
        else:
            monkeypatch.setattr(time, "localtime", lambda: time.struct_time((2999, 2, 1, 0, 0, 0, 0, 0, 0)))
        assert not is_stored()


def test_each_format_and_exit_code_is_stored(root: Path) -> None:
    (root / "src/shop/main.py").write_text(DIRTY)
    wanted = [CHECK, ["check"], ["check", "--format", "concise"], [*CHECK, "--exit-zero"]]
    first = [warmed(*words) for words in wanted]
    assert all(is_stored(*words) for words in wanted)
    assert first == [said(*words) for words in wanted]
    assert [answer[0] for answer in first] == [1, 1, 1, 0]
    assert json.loads(first[0][1]) == json.loads(first[3][1])
    for words in (["check", "src"], [*CHECK, "--no-cache"], [*CHECK, "--output-file", "x.json"]):
        time.sleep(SETTLE)
        said(*words)
        assert not is_stored(*words)


def test_no_answer_comes_from_the_checked_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(root)
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(root / "caches"))
    (root / "caches").mkdir(mode=0o700)
    time.sleep(SETTLE)
    said()
    assert not is_stored() and not any((root / "caches").iterdir())
    monkeypatch.chdir(root.parent)
    words = [*CHECK, "--root", "project", "--plan", "project/cutover.toml"]
    time.sleep(SETTLE)
    said(*words)
    assert not is_stored(*words)


def test_spoilt_answers_are_not_given(root: Path, tmp_path: Path) -> None:
    right = warmed()
    (path,) = (tmp_path / "caches").glob("*/printed*")
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not is_stored()
    assert said() == right


def test_a_stored_answer_imports_nothing_else_and_starts_no_process(root: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "hardcut", "check"]
    environment = {**os.environ, "PYTHONPATH": str(Path(hardcut.__file__).parents[1])}
    repository(root)
    for _ in range(2):
        time.sleep(SETTLE)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if "|" in line}
    own = {name for name in loaded if name.partition(".")[0] == "hardcut"}
    assert own == {
        "hardcut",
        "hardcut.engine",
        "hardcut.engine.cachefolder",
        "hardcut.engine.stored_answer",
        "hardcut.integrations",
        "hardcut.integrations.cli",
        "hardcut.integrations.cli.main",
    }
    assert loaded.isdisjoint(
        {"hashlib", "re", "subprocess", "typing", "click", "msgspec", "pathlib"} - site()
    )


def site() -> set[str]:
    """What Python imports in this environment before it runs anything."""
    command = [sys.executable, "-X", "importtime", "-m", "this"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if "|" in line}


def test_few_answers_are_kept(root: Path, tmp_path: Path) -> None:
    for number in range(stored_answer.MOST + 3):
        warmed(*CHECK, "--exclude", f"{number}.py")
    assert len(list((tmp_path / "caches").glob("*/printed*"))) == stored_answer.MOST
