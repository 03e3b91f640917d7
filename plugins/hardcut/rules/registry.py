"""All rules, and finding one by its name or code."""

from __future__ import annotations

from hardcut.rules.deleted import (
    dangling_import,
    module_dynamic_import,
    module_import,
    module_in_text,
    module_present,
)
from hardcut.rules.evidence import (
    benchmark_regression,
    missing_entrypoint,
    open_decision,
    quality_gate,
    snapshot_drift,
    version_drift,
)
from hardcut.rules.fail_fast import (
    availability_probe,
    registration_retry,
    soft_fail,
    swallowed_import_error,
)
from hardcut.rules.manifest import (
    contradiction,
    expired_waiver,
    stale_waiver,
    unjustified_suppression,
    unmatched_entry,
    unreadable_source,
    wave_order,
    weakened_plan,
)
from hardcut.rules.ownership import docstring, missing_delegation, native_owned
from hardcut.rules.removed import (
    kept_missing,
    moved_symbol,
    renamed_survivor,
    symbol_defined,
    symbol_used,
)
from hardcut.rules.rule import Rule
from hardcut.rules.shims import (
    deprecation_period,
    forwarding_wrapper,
    lazy_re_export,
    module_alias,
    static_re_export,
)
from hardcut.rules.structure import hollow_split, not_shrunk, over_ceiling
from hardcut.rules.surface import (
    banned_import,
    banned_in_text,
    banned_probe,
    dual_surface,
    re_exported_surface,
)

RULES: tuple[Rule, ...] = (
    module_import.RULE,
    module_dynamic_import.RULE,
    module_in_text.RULE,
    module_present.RULE,
    dangling_import.RULE,
    symbol_defined.RULE,
    symbol_used.RULE,
    kept_missing.RULE,
    moved_symbol.RULE,
    renamed_survivor.RULE,
    banned_import.RULE,
    banned_probe.RULE,
    dual_surface.RULE,
    banned_in_text.RULE,
    re_exported_surface.RULE,
    swallowed_import_error.RULE,
    registration_retry.RULE,
    availability_probe.RULE,
    soft_fail.RULE,
    static_re_export.RULE,
    lazy_re_export.RULE,
    module_alias.RULE,
    forwarding_wrapper.RULE,
    deprecation_period.RULE,
    missing_delegation.RULE,
    native_owned.RULE,
    docstring.RULE,
    over_ceiling.RULE,
    not_shrunk.RULE,
    hollow_split.RULE,
    version_drift.RULE,
    benchmark_regression.RULE,
    snapshot_drift.RULE,
    quality_gate.RULE,
    open_decision.RULE,
    missing_entrypoint.RULE,
    unjustified_suppression.RULE,
    expired_waiver.RULE,
    stale_waiver.RULE,
    wave_order.RULE,
    unmatched_entry.RULE,
    contradiction.RULE,
    unreadable_source.RULE,
    weakened_plan.RULE,
)


def find(name: str) -> Rule | None:
    """The rule of a name or code, in any case."""
    wanted = name.strip().lower()
    return next((rule for rule in RULES if wanted in (rule.name, rule.code.lower())), None)
