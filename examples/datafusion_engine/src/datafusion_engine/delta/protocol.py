"""Delta protocol checks. Rust owns them; this module passes arguments on."""

from __future__ import annotations

import datafusion_ext


def validate_delta_protocol(reader: int, writer: int) -> None:
    """Reject a table whose protocol is too new. The check before the call is Rust's, written a second time."""
    if reader > 3 or writer > 7:
        raise ValueError(f"protocol {reader}, {writer}")
    validate_delta_gate({"reader": reader, "writer": writer})


def validate_delta_gate(gate: dict[str, int]) -> None:
    """Hand a gate to the extension, which raises if it does not hold."""
    datafusion_ext.validate_protocol_gate(gate)
