"""A project with a manifest, an engine that answers what a test says, and the command in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.finding import Declared, Finding, Place
from hardcut.integrations.cli.main import main

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"
reason = "nobody uses it"

[[wave]]
id = "later"
"""


@dataclass
class Engine:
    """What a run answers, and what it was asked."""

    findings: list[Finding] = field(default_factory=list)
    contested: list[Finding] = field(default_factory=list)
    asked: list[Options] = field(default_factory=list)
    fails: BaseException | None = None

    def check(self, options: Options) -> tuple[Report, None]:
        self.asked.append(options)
        if self.fails:
            raise self.fails
        report = Report(
            findings=self.findings,
            contested=self.contested,
            pending=[],
            files=7,
            read=1,
            whole=not options.paths,
            notes=[],
        )
        return report, None


def make_finding(**other: Any) -> Finding:
    values: dict[str, Any] = {
        "rule": "deleted-module-import",
        "code": "CUT101",
        "plan": "shop",
        "wave": "0",
        "state": "landed",
        "severity": "error",
        "place": Place("src/shop/main.py", 1, 8, 1, 16),
        "subject": "shop.old",
        "form": "import",
        "message": "shop.old is deleted",
        "help": "import shop.new",
        "declared": Declared("cutover.toml", 10),
    }
    return Finding(**(values | other))


@dataclass
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checked project, and the working directory of the test."""
    root = tmp_path / "project"
    (root / "src/shop").mkdir(parents=True)
    (root / "cutover.toml").write_text(MANIFEST)
    (root / "src/shop/__init__.py").write_text("")
    (root / "src/shop/main.py").write_text("import shop.old\n")
    monkeypatch.chdir(root)
    for name in ("NO_COLOR", "FORCE_COLOR", "HARDCUT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return root


@pytest.fixture
def engine(project: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    import hardcut.api.check as api

    made = Engine()
    monkeypatch.setattr(api, "run", made.check)
    return made


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def ran(*argv: str) -> Ran:
        capfd.readouterr()
        code = main(argv)
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    return ran
