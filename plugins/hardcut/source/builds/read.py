"""One build file to what it declares, by its name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from hardcut.source.builds.cmake import of_cmake
from hardcut.source.builds.declared import Declared
from hardcut.source.builds.meson import of_meson
from hardcut.source.builds.tables import of_cargo, of_gitignore, of_gitmodules, of_pyproject, of_setup_cfg

TABLES: dict[str, Callable[[str], Declared]] = {
    "setup.cfg": of_setup_cfg,
    "Cargo.toml": of_cargo,
    ".gitignore": of_gitignore,
    ".gitmodules": of_gitmodules,
}
PLACED: dict[str, Callable[[str, str], Declared]] = {
    "pyproject.toml": of_pyproject,
    "CMakeLists.txt": of_cmake,
}
SCRIPTS = ("setup.py", "setup_package.py", "build.py", "hatch_build.py")
NAMES = (*SCRIPTS, *TABLES, *PLACED, "meson.build")
"""The names of files that are looked for in a module's folder and those above it.

`setup_package.py` is how extension-helpers and numpy.distutils describe one package.
"""


def read_declared(path: str, data: bytes) -> Declared:
    """What a build file declares."""
    name = posixpath.basename(path)
    if name.endswith(".py"):
        from hardcut.source.builds.python_scripts import of_script
        from hardcut.source.decode import decode

        return of_script(decode(data).data, path)
    text = data.decode("utf-8", "replace")
    if name in TABLES:
        return TABLES[name](text)
    if name.endswith(".cmake"):
        return of_cmake(text, path)
    return PLACED.get(name, of_meson)(text, path)
