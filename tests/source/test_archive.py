"""Archives as trees: what is in them, and what nobody may make of them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from hardcut.source import archive as archives
from hardcut.source.archive import ArchiveError, ArchiveTree
from hardcut.source.decode import LIMIT
from tests.helpers.archives import pack

DATA = b"x = 1\n"


def member(
    name: str, data: bytes = b"x = 1\n", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(DATA) if kind == tarfile.REGTYPE else 0
    return info


def tar(path: Path, members: list[tarfile.TarInfo], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info in members:
            archive.addfile(info, io.BytesIO(DATA) if info.isreg() else None)
    return path


def files(tree: ArchiveTree) -> list[str]:
    return tree.listing(["."], []).files


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_source_distribution_is_read_without_its_top_folder(mode: str, tmp_path: Path) -> None:
    names = ["shop-1.0/PKG-INFO", "shop-1.0/src/shop/__init__.py", "shop-1.0/src/shop/logo.png"]
    tree = ArchiveTree(tar(tmp_path / "shop.tar", [member(name) for name in names], mode=mode))
    assert files(tree) == ["src/shop/__init__.py"]
    assert tree.read("src/shop/__init__.py") == b"x = 1\n"
    assert (tree.kind("src/shop"), tree.kind("."), tree.kind("src/other")) == ("folder", "folder", None)
    assert tree.entries("src") == {"shop": "folder"}


def test_a_wheel_keeps_its_packages_and_names_its_compiled_modules(tmp_path: Path) -> None:
    held = {"shop/__init__.py": "", "shop/fast.cpython-311-x86_64-linux-gnu.so": b"\x7fELF"}
    tree = ArchiveTree(pack(tmp_path / "shop-1.0-py3-none-any.whl", held))
    assert files(tree) == ["shop/__init__.py"]
    assert sorted(tree.entries("shop")) == ["__init__.py", "fast.cpython-311-x86_64-linux-gnu.so"]


@pytest.mark.parametrize(
    "name",
    ["../out.py", "/etc/out.py", "a/../../out.py", "C:/out.py", "a\\..\\out.py", "a/" * 600 + "out.py"],
)
def test_names_that_lead_out_are_passed_over(name: str, tmp_path: Path) -> None:
    packed = ArchiveTree(pack(tmp_path / "a.zip", {name: "x = 1\n", "shop.py": ""}))
    tarred = ArchiveTree(tar(tmp_path / "a.tar.gz", [member(name), member("shop.py")]))
    assert files(packed) == files(tarred) == ["shop.py"]
    assert packed.skipped == tarred.skipped == [name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz", "a.zip"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_passed_over(kind: bytes, tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", [member("passwd.py", kind=kind, link="/etc/passwd"), member("shop.py")])
    tree = ArchiveTree(path)
    assert (files(tree), tree.skipped) == (["shop.py"], ["passwd.py"])


def test_a_symbolic_link_of_a_zip_is_passed_over(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("passwd.py")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
        archive.writestr("shop.py", "")
    tree = ArchiveTree(tmp_path / "a.zip")
    assert (files(tree), tree.skipped) == (["shop.py"], ["passwd.py"])


def test_a_file_that_is_too_large_is_passed_over_also_with_a_lying_header(tmp_path: Path) -> None:
    large = b"#" * (LIMIT + 1)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.py", large)
        archive.writestr("shop.py", "")
    assert ArchiveTree(tmp_path / "a.zip").skipped == ["large.py"]
    data = (tmp_path / "a.zip").read_bytes()
    honest, lying = (LIMIT + 1).to_bytes(4, "little"), (10).to_bytes(4, "little")
    (tmp_path / "b.zip").write_bytes(data.replace(honest, lying))
    try:
        tree = ArchiveTree(tmp_path / "b.zip")
    except ArchiveError:
        return
    assert len(tree.read("large.py")) <= LIMIT


def test_bounds_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = pack(tmp_path / "many.zip", {f"m{number}.py": "x = 1\n" for number in range(20)})
    bomb = tmp_path / "bomb.tar.gz"
    with gzip.open(bomb, "wb") as stream:
        header = tarfile.TarInfo("x")
        header.type, header.size = tarfile.XHDTYPE, 1 << 40
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        stream.write(b"\0" * 100_000)
    with pytest.raises(ArchiveError, match="MiB is not read"):
        ArchiveTree(bomb)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    with pytest.raises(ArchiveError, match="more than 10 files"):
        ArchiveTree(many)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 100)
    monkeypatch.setattr(archives, "MOST_BYTES", 50)
    with pytest.raises(ArchiveError, match="text files is not read"):
        ArchiveTree(many)
    large = tar(tmp_path / "large.tar.gz", [member(f"m{number}.bin") for number in range(100)])
    monkeypatch.setattr(archives, "MOST_UNPACKED", 5000)
    with pytest.raises(ArchiveError, match="MiB is not read"):
        ArchiveTree(large)


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 50, b"\x1f\x8b" + b"\0" * 20])
def test_what_is_no_archive_is_an_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(data)
    with pytest.raises(ArchiveError, match=r"a\.whl"):
        ArchiveTree(tmp_path / "a.whl")


def test_damage_anywhere_is_an_error_or_other_content(tmp_path: Path) -> None:
    packed = pack(tmp_path / "a.zip", {"shop/web.py": "x = 1\n" * 20, "shop/rows.py": ""}).read_bytes()
    tarred = tar(tmp_path / "a.tar.gz", [member("shop/web.py"), member("shop/rows.py")]).read_bytes()
    for data in (packed, tarred):
        for at in range(0, len(data), 3):
            (tmp_path / "b").write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
            try:
                ArchiveTree(tmp_path / "b")
            except ArchiveError:
                continue
