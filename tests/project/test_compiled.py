"""The compiled package gives the same answers as the pure one; it is built only if there is a C compiler."""

import os
import random
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
COMPILER = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])


def digests(package: Path, files: list[Path]) -> list[str]:
    run = subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "helpers" / "index_digest.py")],
        input="".join(f"{path}\n" for path in files),
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def report(package: Path) -> str:
    """What `hardcut check` reports of the example whose plan has landed, as JSON."""
    root = PROJECT / "examples" / "datafusion_engine"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "hardcut", "check", "--root", str(root)),
            *("--assume-landed", "0,1,2,3,4", "--format", "json", "--no-cache", "--exit-zero"),
        ],
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.mark.slow
@pytest.mark.skipif(COMPILER is None, reason="no C compiler: only the pure package is tested")
def test_compiled_and_pure_answers_are_the_same(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("plugins", "pyproject.toml", "README.md", "LICENSE", "THIRD-PARTY-NOTICES.md"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=source,
        env=os.environ | {"HATCH_BUILD_HOOK_ENABLE_MYPYC": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "compiled")
    seed = random.randrange(1_000_000)
    paths = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    files = random.Random(seed).sample(paths, min(300, len(paths)))
    compiled = digests(tmp_path / "compiled", files)
    pure = digests(PROJECT / "plugins", files)
    assert compiled[0] in (".so", ".pyd")
    assert pure[0] == ".py"
    assert compiled[1:] == pure[1:], f"seed {seed}"
    findings = report(PROJECT / "plugins")
    assert '"CUT101"' in findings
    assert report(tmp_path / "compiled") == findings
