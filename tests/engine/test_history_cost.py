"""What a question to git costs: a constant number of processes, however many entries a plan has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from engine_project import run
from folders import commit, git, lay

from hardcut.source import processes

KINDS = {
    "delete": '[[wave.delete]]\nmodule = "shop.gone{number}"\n',
    "delete-never": '[[wave.delete]]\nmodule = "shop.never{number}"\n',
    "absent": '[[wave.absent]]\npaths = ["src/shop/gone{number}.py"]\n',
    "absent-never": '[[wave.absent]]\npaths = ["src/shop/never{number}/**"]\n',
    "remove": '[[wave.remove]]\nmodule = "shop.names"\nsymbols = ["gone{number}"]\n',
    "remove-never": '[[wave.remove]]\nmodule = "shop.names"\nsymbols = ["never{number}"]\n',
    "remove-modules": '[[wave.remove]]\nmodule = "shop.gone{number}"\nsymbols = ["name"]\n',
    "move": '[[wave.move]]\nfrom = "shop.names"\nto = "shop.new"\nsymbols = ["gone{number}"]\n',
    "keep": '[[wave.keep]]\nmodule = "shop.names"\nsymbols = ["gone{number}"]\n',
    "shrink": '[[wave.shrink]]\npaths = ["src/shop/*.py"]\nat_least = {limit}\n',
    "shrink-since": '[[wave.shrink]]\npaths = ["src/shop/*.py"]\nat_least = {limit}\nsince = "HEAD~1"\n',
}
MANY = 1_000


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names and modules that were there once, each kind a thousand times."""
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "-q")
    files = {f"src/shop/gone{number}.py": f"name = {number}\n" for number in range(MANY)}
    names = "".join(f"gone{number} = {number}\n" for number in range(MANY))
    commit(
        root, files | {"src/shop/__init__.py": "", "src/shop/new.py": "x = 1\n", "src/shop/names.py": names}
    )
    commit(root, dict.fromkeys(files) | {"src/shop/names.py": "y = 1\n"})
    return root


def cost(root: Path, kind: str, count: int, state: str, base: bool) -> tuple[int, float]:
    """How many git processes a run over the whole project starts, and its seconds."""
    plan = '[plan]\nname = "test"\nsource = ["src"]\ncheck = ["src"]\n' + 'base = "HEAD~1"\n' * base
    plan += f'\n[[wave]]\nid = "0"\nstate = "{state}"\n\n'
    plan += "\n".join(KINDS[kind].format(number=number, limit=number + 1) for number in range(count))
    lay(root, {"cutover.toml": plan})
    before, began = processes.started["git"], time.monotonic()
    run(root)
    return processes.started["git"] - before, time.monotonic() - began


@pytest.mark.parametrize("base", [True, False], ids=["base", "no-base"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_git_processes_is_constant(repository: Path, kind: str, base: bool) -> None:
    for state in ("landed", "active"):
        few, _ = cost(repository, kind, 3, state, base)
        many, _ = cost(repository, kind, 30, state, base)
        assert many == few <= 40


def test_a_thousand_entries_end(repository: Path) -> None:
    """Two hundred once took 2,614 processes and 7 seconds, a thousand did not end."""
    for kind in ("delete", "delete-never", "remove"):
        started, seconds = cost(repository, kind, MANY, "landed", False)
        assert started <= 40
        assert seconds < 60
