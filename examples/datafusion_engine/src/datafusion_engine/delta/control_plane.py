"""Facade of the Delta control plane: arguments in, provider out."""

from __future__ import annotations

from dataclasses import dataclass, field

import datafusion_ext


@dataclass(frozen=True)
class DeltaProviderOptions:
    """What a caller may say about a scan."""

    storage: dict[str, str] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()


def create_delta_provider(ctx: object, uri: str, options: DeltaProviderOptions) -> object:
    """A provider for the table at `uri`."""
    payload = {"storage": options.storage, "overrides": _marshal_scan_overrides(options.overrides)}
    return datafusion_ext.create_delta_table_provider(ctx, uri, payload)


def _marshal_scan_overrides(overrides: tuple[str, ...]) -> list[str]:
    return sorted(overrides)
