"""How each kind of gate is broken. A planter raises Unplantable where a gate leaves nothing to plant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hardcut.engine.selftest import files, names, surfaces
from hardcut.engine.selftest.plant import Ground, Plant
from hardcut.plan import model
from hardcut.plan.gates import Gate
from hardcut.plan.model import Entry

PLANTERS: dict[type[Entry], Callable[[Gate[Any], Ground], Iterator[Plant]]] = {
    model.Delete: names.delete,
    model.Remove: names.remove,
    model.Keep: names.keep,
    model.Move: names.move,
    model.Surface: surfaces.surface,
    model.FailFast: surfaces.fail_fast,
    model.Delegate: surfaces.delegate,
    model.NoShims: surfaces.no_shims,
    model.Native: surfaces.native,
    model.Ceiling: files.ceiling,
    model.Shrink: files.shrink,
    model.Document: files.document,
    model.Absent: files.absent,
    model.Align: files.align,
    model.EntryPoint: files.evidence,
    model.Benchmark: files.evidence,
    model.Snapshot: files.evidence,
    model.Quality: files.evidence,
}
"""For each kind of gate, what plants its violations."""
