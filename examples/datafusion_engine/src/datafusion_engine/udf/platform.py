"""UDF platform on datafusion_ext, a hard requirement."""

from __future__ import annotations

from dataclasses import dataclass

from datafusion_engine.udf.factory import install_function_factory
from datafusion_engine.udf.runtime import register_rust_udfs

# Removed in wave 2, and a message below still depends on it.
_SOFT_FAIL_LOGGED: dict[str, bool] = {"function_factory": False}


@dataclass(frozen=True)
class RustUdfPlatformOptions:
    """What to install beside the functions."""

    function_factory: bool = False
    expr_planners: bool = False


@dataclass(frozen=True)
class RustUdfPlatform:
    """What was installed."""

    snapshot: object


def install_rust_udf_platform(ctx: object, options: RustUdfPlatformOptions) -> RustUdfPlatform:
    """Install the extension's functions into a session."""
    snapshot = register_rust_udfs(ctx)
    if options.function_factory:
        _install_function_factory(ctx)
    if options.expr_planners:
        _install_expr_planners(ctx)
    return RustUdfPlatform(snapshot)


def _install_function_factory(ctx: object) -> None:
    try:
        install_function_factory(ctx)
    except ImportError:
        _SOFT_FAIL_LOGGED["function_factory"] = True


def _install_expr_planners(ctx: object) -> None:
    del ctx
