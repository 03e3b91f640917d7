"""Prints, for files named on standard input, a digest of all that their indexes and trees say.

Run by a test with the compiled package and with the pure one: both print the same.
"""

import hashlib
import sys
from pathlib import Path

from hardcut.semantic import binder
from hardcut.semantic.index import ModuleIndex
from hardcut.source.decode import decode
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk


def digest(source: bytes) -> str:
    """Of scopes, bindings, imports, accesses, problems and nodes."""
    index = ModuleIndex(parse(source))
    said = [repr((problem.start, problem.end, problem.message)) for problem in index.module.problems]
    for scope in index.scopes:
        said.append(f"{scope} {scope.start} {scope.end} {scope.globals} {scope.nonlocals}")
        for binding in scope.bindings:
            place = f"{binding.position} {binding.statement_start}"
            said.append(f"{binding} {place} {[*binding.conditions()]} {binding.imported}")
    for name in index.accessed_names:
        said += [
            f"{index.path(access)} {access} {index.referents(access)}" for access in index.accesses(name)
        ]
    said += [f"{type(node).__name__} {node.start} {node.end}" for node in walk(read_module(index.module))]
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{Path(binder.__file__ or '').suffix}\n")
    for line in sys.stdin:
        sys.stdout.write(f"{digest(decode(Path(line.rstrip()).read_bytes()).data)}\n")
