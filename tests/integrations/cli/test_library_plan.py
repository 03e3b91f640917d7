"""`hardcut check --plan dist:NAME`: a user of a library that ships its plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PLAN = """\
[plan]
name = "prices"
source = ["src"]

[[wave]]
id = "2.0"
state = "landed"

[[wave.delete]]
module = "prices.legacy"
to = "prices.money"

[[wave.remove]]
module = "prices.money"
symbols = ["to_cents"]

[[wave.move]]
from = "prices.money"
to = "prices.tax"
symbols = ["vat"]

[[wave.quality]]
commands = ["touch ran"]

[[wave]]
id = "3.0"

[[wave.delete]]
module = "prices.tax"
"""
RECORD = "prices/__init__.py,,\nprices/cutover.toml,,\nacme_prices-2.0.dist-info/RECORD,,\n"
USER = """\
import prices.legacy
from prices.money import Money, to_cents, vat
from prices.tax import rate
"""


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an environment beside it; the library raises if it is imported."""
    site = tmp_path / "venv/lib/python3.12/site-packages"
    for path, text in {
        "venv/bin/python": "",
        "venv/lib/python3.12/site-packages/prices/__init__.py": "raise SystemExit('imported')\n",
        "venv/lib/python3.12/site-packages/prices/cutover.toml": PLAN,
        "venv/lib/python3.12/site-packages/acme_prices-2.0.dist-info/RECORD": RECORD,
        "project/pyproject.toml": "[project]\nname = 'shop'\n",
        "project/shop.py": USER,
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert site.is_dir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


def check(run: Run, *more: str) -> tuple[int, list[tuple[int, str]], str]:
    ended = run("check", "--plan", "dist:Acme.Prices", "--python", "../venv/bin/python", *more, "--no-cache")
    shown = json.loads(ended.out) if ended.out.startswith("{") else {"findings": []}
    return (
        ended.code,
        [(found["line"], found["rule"]) for found in shown["findings"] if found["state"] == "landed"],
        ended.err,
    )


def test_uses_of_what_the_library_dropped_are_found(run: Run, user: Path) -> None:
    code, found, _ = check(run, "--format", "json")
    assert (code, found) == (
        1,
        [(1, "deleted-module-import"), (2, "removed-symbol-used"), (2, "moved-symbol-old-home")],
    )
    assert not (user / "project/ran").exists()


def test_the_user_says_which_waves_count(run: Run, user: Path) -> None:
    code, found, _ = check(run, "--format", "json", "--assume-landed", "3.0")
    assert (code, found[-1]) == (1, (3, "deleted-module-import"))


def test_a_project_that_has_upgraded_is_clean(run: Run, user: Path) -> None:
    (user / "project/shop.py").write_text("from prices.money import Money\nfrom prices.tax import vat\n")
    assert check(run, "--format", "json")[:2] == (0, [])


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("acme_prices-2.0.dist-info/RECORD", "prices/__init__.py,,\n", "ships no cutover.toml"),
        ("acme_prices-2.0.dist-info/RECORD", "../../cutover.toml,,\n", "ships no cutover.toml"),
        (
            "acme_prices-2.0.dist-info/RECORD",
            "a/cutover.toml,,\nb/cutover.toml,,\n",
            "several manifests",
        ),
        ("acme_prices-2.0.dist-info/RECORD", "gone/cutover.toml,,\n", "cannot be read"),
        ("prices/cutover.toml", "[plan]\n", "name"),
        ("prices/cutover.toml", '[plan]\nname = "p"\n', "has no delete, remove or move entry"),
    ],
)
def test_what_cannot_be_used_is_said(run: Run, user: Path, path: str, text: str, said: str) -> None:
    (user / "venv/lib/python3.12/site-packages" / path).write_text(text)
    code, _, error = check(run)
    assert (code, said in error) == (2, True), error


def test_wrong_arguments(run: Run, user: Path) -> None:
    for arguments in (
        ("--plan", "dist:other", "--python", "../venv"),
        ("--plan", "dist:acme-prices", "--python", "../nowhere"),
        ("--plan", "dist:acme-prices", "--python", "../project"),
        ("--plan", "dist:acme-prices", "--plan", "cutover.toml", "--python", "../venv"),
        ("--plan", "dist:acme-prices", "--python", "../venv", "--select", "CUT101"),
        ("--python", "../venv"),
    ):
        assert run("check", *arguments).code == 2
