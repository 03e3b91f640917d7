"""CMakeLists.txt: libraries that are Python modules, and subfolders.

Commands and their arguments are read, and variables that are set to words; nothing is evaluated.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise

from hardcut.source.builds.declared import UNKNOWN, Declared, Placed, generated, words_of

_COMMAND = re.compile(r"#\[(?P<comment>=*)\[|#[^\n]*|(?P<name>[A-Za-z_]\w*)[ \t]*\(")
_ARGUMENT = re.compile(
    r'#[^\n]*|"(?P<quoted>(?:[^"\\]|\\.)*+)"?|(?P<sign>[()])|(?P<bare>[^\s()#"]+)', re.DOTALL
)
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_MODULES = frozenset(
    {"pybind11_add_module", "nanobind_add_module", "python_add_library", "python3_add_library"}
    | {"swig_add_library", "swig_add_module", "cython_add_module", "add_cython_target", "boost_python_module"}
    | {"python_extension_module", "add_python_module", "numpy_add_module", "f2py_add_module"}
)
"""Commands whose first argument names a Python module."""
_OPTIONS = frozenset({"MODULE", "SHARED"})


def of_cmake(text: str, path: str) -> Declared:
    """What a CMake file at a path (relative to the root) declares."""
    folder = posixpath.dirname(path)
    modules: list[str] = []
    placed: list[Placed] = []
    included: list[str] = []
    variables: dict[str, list[str]] = {}
    words: set[str] = set()
    for command, arguments in _commands(text):
        words.update(arguments)
        if command in ("set", "foreach") and len(arguments) > 1:
            variables.setdefault(arguments[0], []).extend(arguments[1:])
        elif command == "add_subdirectory" and arguments:
            included.append(posixpath.normpath(posixpath.join(folder, arguments[0], "CMakeLists.txt")))
        elif command == "include" and arguments and arguments[0].endswith(".cmake"):
            included.append(posixpath.normpath(posixpath.join(folder, arguments[0])))
        elif command in ("configure_file", "add_custom_command", "add_custom_target"):
            placed += [found for argument in arguments if (found := generated(argument)) is not None]
        else:
            for name in _targets(command, arguments):
                for value in _values(name, variables):
                    if UNKNOWN in value:
                        modules.append(UNKNOWN)
                    else:
                        placed.append(Placed(value))
    return Declared(modules, placed, words_of(words), included)


def _targets(command: str, arguments: list[str]) -> list[str]:
    """The names of modules that a command makes."""
    if not arguments:
        return []
    if command in _MODULES:
        return arguments[:1]
    if command == "add_library" and len(arguments) > 1 and arguments[1] in _OPTIONS:
        return arguments[:1]
    if command in ("set_target_properties", "set_property"):
        return [value for key, value in pairwise(arguments) if key == "OUTPUT_NAME"]
    return []


def _values(name: str, variables: dict[str, list[str]]) -> list[str]:
    """A name with its variable's values in place of it; `*` for what no command sets."""
    found = _VARIABLE.search(name)
    if found is None:
        return [name]
    if found[0] != name or found[1] not in variables:
        return [UNKNOWN]
    return [value if "$" not in value else UNKNOWN for value in variables[found[1]]]


def _commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a file in lower case, with their arguments; brackets within them are passed over."""
    found: list[tuple[str, list[str]]] = []
    at = 0
    while (match := _COMMAND.search(text, at)) is not None:
        at = match.end()
        if match["comment"] is not None:
            end = text.find(f"]{match['comment']}]", at)
            if end < 0:
                break
            at = end
        if match["name"] is None:
            continue
        depth = 1
        arguments: list[str] = []
        for part in _ARGUMENT.finditer(text, at):
            at = part.end()
            if part["sign"] == "(":
                depth += 1
            elif part["sign"] == ")":
                depth -= 1
                if depth == 0:
                    break
            elif part.lastgroup is not None:
                arguments.append(part[part.lastgroup])
        found.append((match["name"].lower(), arguments))
    return found
