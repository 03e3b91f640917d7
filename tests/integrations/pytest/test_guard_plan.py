"""The guard holds to the plan: what it checks, active waves, waivers, and plans that cannot be used."""

from __future__ import annotations

from pathlib import Path

from folders import commit, git, lay
from guarded_shop import MANIFEST, guarded, outcomes


def test_code_that_the_plan_does_not_check_is_left_alone(shop: Path) -> None:
    text = "import contextlib\nfrom importlib import import_module\n\ndef test_it():\n"
    text += (
        "    for name in ('shop.old', 'native._internal'):\n        with contextlib.suppress(ImportError):\n"
    )
    text += "            import_module(name)\n    import native._internal\n"
    lay(shop, {"tests/unchecked/test_it.py": text})
    lay(shop, {"scripts/test_other.py": text})
    code, said = guarded(shop, "tests/unchecked", "scripts")
    assert code == 0, said


def test_an_active_wave_fails_for_what_is_new(shop: Path) -> None:
    old = "def test_old():\n    import native._internal\n"
    lay(shop, {"tests/test_it.py": old})
    git(shop, "init", "-qb", "main")
    commit(shop)
    new = "def test_new():\n    from native import _internal\n"
    lay(shop, {"tests/test_it.py": f"# moved down\n{old}\n{new}"})
    code, said = guarded(shop, "-v", "-n", "1")
    assert code == 1
    assert outcomes(said) == {"test_old": "PASSED", "test_new": "FAILED"}
    assert "\n1 line of active waves imported what the base revision imports, too\n" in said
    lay(shop, {"cutover.toml": MANIFEST.replace('"active"', '"landed"')})
    assert outcomes(guarded(shop, "-v")[1]) == {"test_old": "FAILED", "test_new": "FAILED"}


def test_a_waiver_holds_until_its_end(shop: Path) -> None:
    lay(shop, {"tests/test_it.py": "def test_it():\n    import native._internal\n"})
    waiver = '[[waiver]]\nrule = "CUT301"\npath = "tests/*"\nreason = "r"\nuntil = "2999-01-01"\n'
    lay(shop, {"cutover.toml": MANIFEST + waiver})
    assert guarded(shop)[0] == 0
    lay(shop, {"cutover.toml": MANIFEST + waiver.replace("2999", "2020")})
    assert guarded(shop)[0] == 1
    lay(shop, {"cutover.toml": MANIFEST + waiver.replace("CUT301", "CUT101")})
    assert guarded(shop)[0] == 1


def test_a_broken_manifest_is_a_usage_error(shop: Path) -> None:
    lay(shop, {"cutover.toml": "[[["})
    code, said = guarded(shop)
    assert code == 4
    assert "cutover.toml:1:" in said
    assert "Traceback" not in said
    (shop / "cutover.toml").unlink()
    code, said = guarded(shop)
    assert code == 4
    assert "hardcut: no cutover.toml in " in said
