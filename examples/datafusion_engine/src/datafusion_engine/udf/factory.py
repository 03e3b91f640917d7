"""CREATE FUNCTION support."""

from __future__ import annotations

from typing import Protocol

import datafusion_ext


class FunctionFactory(Protocol):
    """What a session calls for CREATE FUNCTION."""

    def create(self, sql: str) -> object:
        """The function that a statement defines."""


def install_function_factory(ctx: object) -> None:
    """Install the native factory."""
    try:
        datafusion_ext.install_function_factory(ctx)
    except RuntimeError as error:
        # Fails with more context: what a hard cutover asks for.
        raise RuntimeError(f"no function factory for {ctx!r}") from error
