"""The documentation site: its pages, and one strict build of it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from hardcut.plan.load import load_plans
from hardcut.rules.registry import RULES

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", DOCS / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = load()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built where nothing else is."""
    if importlib.util.find_spec("zensical") is None:
        pytest.fail("zensical is not installed: pip install -e '.[test]'")
    folder = tmp_path_factory.mktemp("build")
    ended = subprocess.run(
        [sys.executable, str(DOCS / "build.py"), str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "No issues found" in ended.stdout + ended.stderr
    return folder / "site"


def test_every_page_is_in_the_site_with_its_diagram_and_names_of_files(site: Path) -> None:
    for path in BUILD.sources():
        made = site / path.replace(".md", ".html")
        assert made.is_file(), path
    for rule in RULES:
        page = (site / "rules" / f"{rule.name}.html").read_text(encoding="utf-8")
        assert rule.code in page
        assert "```" not in re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL), rule.name
    page = (site / "rules" / "deleted-module-import.html").read_text(encoding="utf-8")
    assert 'class="filename">cutover.toml' in page
    for name in ("architecture", "planning"):
        assert f'src="{name}.svg"' in (site / f"{name}.html").read_text(encoding="utf-8")
        assert (site / f"{name}.svg").read_bytes() == (DOCS / f"{name}.svg").read_bytes()
    assert json.loads((site / "cutover.schema.json").read_text(encoding="utf-8"))["title"]
    assert (site / "llms.txt").is_file()


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    loading = re.compile(r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*>")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert loading.findall(text) == [], page.name
        # The theme loads a script for these from elsewhere.
        assert 'class="mermaid"' not in text, page.name


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    where = BUILD.sources()
    homes = {source: path for path, source in where.items()}
    with pytest.raises(SystemExit, match=re.escape("no page for gone.md")):
        BUILD.moved("[x](gone.md)", "docs/api.md", "api.md", homes)
    code = "```text\n[x](gone.md)\n```\n"
    assert BUILD.moved(code, "docs/api.md", "api.md", homes) == code
    moved = BUILD.moved("[x](docs/ci.md#gitlab) [y](https://a.b/c)", "README.md", "index.md", homes)
    assert moved == "[x](ci.md#gitlab) [y](https://a.b/c)"
    assert BUILD.moved("[x](ci.md)", "docs/api.md", "rules/api.md", homes) == "[x](../ci.md)"


def test_blocks_inside_blocks_stay_as_they_are() -> None:
    page = "````markdown a.md\n```python x\n```\n````\ntext\n```toml cutover.toml\n```\n"
    expected = '````markdown title="a.md"\n```python x\n```\n````\ntext\n```toml title="cutover.toml"\n```\n'
    assert BUILD.fenced(page) == expected


def test_the_navigation_has_every_page() -> None:
    config = (DOCS / "zensical.toml").read_text(encoding="utf-8").replace('"RULES"', BUILD.nav())
    assert tomllib.loads(config)["project"]["nav"]
    named = set(re.findall(r'"([\w/-]+\.md)"', config))
    pages = {path for path in BUILD.pages() if path.endswith(".md")}
    assert pages - named <= {"examples/tiny.md"}
    assert named <= pages


def test_every_family_has_its_title() -> None:
    assert set(BUILD.FAMILIES) == {rule.family for rule in RULES}


def test_the_migrated_plan_is_one(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", (DOCS / "migrating.md").read_text("utf-8"), re.M | re.S)
    assert len(tomllib.loads(blocks[0])["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]) == 4
    (tmp_path / "cutover.toml").write_text(blocks[1], encoding="utf-8")
    (plan,) = load_plans(tmp_path)
    assert len(plan.gates) == 4
    assert not plan.contradictions
